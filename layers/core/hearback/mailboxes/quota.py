"""Gmail's quota, 6,000 units a minute and mailbox: one count a mailbox, kept in the store and used whole.

Units come back 60 seconds after they were spent, as Gmail counts them. Whoever needs some takes a slice of the count, under
its version condition, and spends it within SLICE_SECONDS without asking again; until then a slice counts as spent at its
very end, so that all processes together stay within the quota whatever they do (docs/decisions: one count a mailbox).
Of what is left, live work may take everything, sweeps less, backfills three quarters of the quota.
"""

from __future__ import annotations

import json
import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, Self

from hearback.model.budget import Urgency
from hearback.model.errors import Conflict, QuotaSpent, Transient

UNITS_A_MINUTE: Final = 6000
COST: Final = {
    "messages.get": 20,
    "messages.list": 5,
    "threads.get": 40,
    "threads.list": 10,
    "history.list": 2,
    "watch": 100,
    "stop": 50,
    "getProfile": 1,
    "labels.list": 1,
}
CEILING: Final = {
    Urgency.LIVE: UNITS_A_MINUTE,
    Urgency.SWEEP: UNITS_A_MINUTE * 7 // 8,
    Urgency.BACKFILL: UNITS_A_MINUTE * 3 // 4,
}
"""Up to where each may fill a minute: a quarter of it is live work's alone, half of that quarter not even a sweep's."""
SLICE: Final = {Urgency.LIVE: 60, Urgency.SWEEP: 100, Urgency.BACKFILL: 200}
"""Units taken at once; LIVE: what one new mail costs."""
SLICE_SECONDS: Final = 2.0
RETURN_SECONDS: Final = 61
"""After so many whole seconds units are there again: a minute, and one for clocks and lines that differ."""
PATIENCE_SECONDS: Final = 2.0
"""Whatever nobody waits for gives its place back instead of waiting longer."""
REFUSED_SECONDS: Final = 2.0
"""How long nothing is asked after a refusal that does not say how long; doubled at each that follows, up to the longest."""
REFUSED_MOST_SECONDS: Final = 64.0
TOLD_MOST_SECONDS: Final = 3600.0
_TRIES: Final = 20


class QuotaRecord(Protocol):
    """Where a mailbox's count lies: bytes under a version condition."""

    def load(self) -> tuple[bytes, int] | None:
        """The count and its version; None: nothing was counted yet."""
        ...

    def save(self, state: bytes, expected: int) -> int:
        """Store it if `expected` (0: none) is still the version; answers the new one. Conflict: somebody was first."""
        ...


class InMemory:
    """A count of this process alone."""

    def __init__(self) -> None:
        self._held: tuple[bytes, int] | None = None
        self._lock = threading.Lock()

    def load(self) -> tuple[bytes, int] | None:
        """See QuotaRecord.load."""
        return self._held

    def save(self, state: bytes, expected: int) -> int:
        """See QuotaRecord.save."""
        with self._lock:
            version = self._held[1] if self._held is not None else 0
            if version != expected:
                raise Conflict("Another thread counted first.")
            self._held = (state, version + 1)
            return version + 1


@dataclass(frozen=True, slots=True)
class Count:
    """What was spent of a mailbox's quota. Times are seconds since 1970."""

    spent: dict[int, int] = field(default_factory=dict)
    """Whole second → units spent by its end."""
    closed_until: float = 0.0
    """The provider wants to hear nothing before."""
    refusals: int = 0
    """In a row that did not say for how long."""

    @classmethod
    def read(cls, state: bytes) -> Self:
        """What `written` has made."""
        told = json.loads(state)
        spent = {told["from"] + place: units for place, units in enumerate(told["units"]) if units}
        return cls(spent, float(told["closed"]), int(told["refusals"]))

    def written(self) -> bytes:
        """Under half a kilobyte."""
        first = min(self.spent, default=0)
        units = [self.spent.get(second, 0) for second in range(first, max(self.spent, default=first - 1) + 1)]
        said = {"from": first, "units": units, "closed": self.closed_until, "refusals": self.refusals}
        return json.dumps(said, separators=(",", ":")).encode()

    def at(self, now: float) -> Self:
        """Without what has come back by now, nor what a clock that ran ahead has written: nobody spends in the future."""
        spent = {each: n for each, n in self.spent.items() if n and abs(each - now) < RETURN_SECONDS}
        ahead = self.closed_until > now + TOLD_MOST_SECONDS + RETURN_SECONDS
        return replace(self, spent=spent, closed_until=0.0 if ahead else self.closed_until)

    def plus(self, second: int, units: int) -> Self:
        """With this much more (or less) spent."""
        return replace(self, spent={**self.spent, second: max(self.spent.get(second, 0) + units, 0)})

    def left(self, urgency: Urgency) -> int:
        """Units that may be taken now."""
        return CEILING[urgency] - sum(self.spent.values())

    def wait(self, units: int, urgency: Urgency, now: float) -> float:
        """Seconds until so many units may be taken, if nobody else takes any."""
        missing, until = units - self.left(urgency), max(self.closed_until, now)
        for second in sorted(self.spent):
            if missing <= 0:
                break
            missing -= self.spent[second]
            until = max(until, second + RETURN_SECONDS)
        return until - now


@dataclass(slots=True)
class _Slice:
    """Units in hand."""

    units: int
    """Not spent yet."""
    taken: int
    second: int
    """Where the count has them."""
    ends: float
    used_at: float

    def good(self, units: int, now: float) -> bool:
        return self.units >= units and now <= self.ends


class Quota:
    """One mailbox's quota as one process sees it; for several threads."""

    def __init__(
        self,
        record: QuotaRecord | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._record = record or InMemory()
        self._clock, self._sleep = clock, sleep
        self._slices: dict[Urgency, _Slice] = {}
        self._lock = threading.Lock()

    def spend(self, call: str, urgency: Urgency = Urgency.LIVE, *, patience_seconds: float = math.inf) -> None:
        """Wait until `call` may be made. QuotaSpent: that would take longer than there is patience; Transient: the store."""
        cost = COST[call]
        patience = patience_seconds if urgency is Urgency.LIVE else min(patience_seconds, PATIENCE_SECONDS)
        while True:
            with self._lock:
                now = self._clock()
                if self._in_hand(cost, urgency, now):
                    return
                wait = self._take(cost, urgency, now)
            if wait is None:
                continue
            if wait > patience:
                raise QuotaSpent("Gmail's quota for this mailbox is used up for now.", retry_after_seconds=wait)
            patience -= wait
            self._sleep(max(wait, 0.01))

    def _in_hand(self, cost: int, urgency: Urgency, now: float) -> bool:
        """Spend what was taken for this, or for something that can wait longer."""
        for each in sorted(self._slices):
            if each >= urgency and self._slices[each].good(cost, now):
                self._slices[each].units -= cost
                self._slices[each].used_at = now
                return True
        return False

    def _take(self, cost: int, urgency: Urgency, now: float) -> float | None:
        """Take a slice; None: it is in hand, else for how long there will be none."""
        old, ends = self._slices.get(urgency), now + SLICE_SECONDS

        def taken(count: Count) -> tuple[Count | None, int]:
            if old is not None:  # by now it is known how much of it was spent, and when at the latest
                count = count.plus(old.second, -old.taken).plus(math.ceil(old.used_at), old.taken - old.units).at(now)
            some = min(max(SLICE[urgency], cost), count.left(urgency))
            if some < cost or count.closed_until > now:
                return None, -math.ceil(1000 * max(count.wait(cost, urgency, now), 0.01))
            return count.plus(math.ceil(ends), some), some

        units = self._changed(taken, now)
        if units < 0:
            return -units / 1000
        self._slices[urgency] = _Slice(units, units, math.ceil(ends), ends, now)
        return None

    def refused(self, seconds: float | None) -> None:
        """The provider wants fewer requests (429, 403): nothing is left, for anybody, until `seconds` are over.
        None: it did not say how many. Transient: the store.
        """
        with self._lock:
            now = self._clock()
            self._slices.clear()  # they stay counted: what the provider has counted is not known

            def closed(count: Count) -> tuple[Count, int]:
                if seconds is not None:
                    until = now + min(max(seconds, 0.0), TOLD_MOST_SECONDS)
                    return replace(count, closed_until=max(count.closed_until, until)), 0
                again = count.refusals if now < count.closed_until + REFUSED_MOST_SECONDS else 0
                rest = min(REFUSED_SECONDS * 2**again, REFUSED_MOST_SECONDS) * random.uniform(0.75, 1.25)  # noqa: S311  no secret
                return replace(count, closed_until=max(count.closed_until, now + rest), refusals=min(again + 1, 10)), 0

            self._changed(closed, now)

    def _changed(self, change: Callable[[Count], tuple[Count | None, int]], now: float) -> int:
        """Change the count under its version condition (None: leave it); answers what `change` says beside it."""
        for _ in range(_TRIES):
            held = self._record.load()
            state, version = held if held is not None else (None, 0)
            after, said = change((Count.read(state) if state is not None else Count()).at(now))
            if after is None:
                return said
            try:
                self._record.save(after.written(), version)
            except Conflict:
                continue  # another process took some
            return said
        raise Transient("Others are counting this mailbox's quota right now.", retry_after_seconds=1)


def outlook(state: bytes | None, urgency: Urgency, now: float, units: int = COST["messages.get"]) -> float:
    """Seconds until so many units can be spent, if nobody else spends any; `state` is a count as stored. 0: at once."""
    count = (Count.read(state) if state is not None else Count()).at(now)
    whole, rest = divmod(max(units, 1) - 1, CEILING[urgency])
    return max(count.wait(rest + 1, urgency, now), 0.0) + whole * RETURN_SECONDS
