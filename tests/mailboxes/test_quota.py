"""The provider's quota: one count a mailbox, used whole by all processes together, the most urgent first."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.mailboxes.quota import COST, SLICE_SECONDS, UNITS_A_MINUTE, Count, InMemory, Quota, outlook
from hearback.model.budget import Urgency
from hearback.model.errors import Conflict, QuotaSpent, Transient
from hearback.simulators import google_quota


@dataclass
class Clock:
    """Time that passes where somebody sleeps, and what was spent when."""

    now: float = 1_000_000.25
    spent: list[tuple[float, int]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def peak(self) -> int:
        """The most units of any 60 seconds."""
        most = held = first = 0
        for when, units in self.spent:
            held += units
            while self.spent[first][0] <= when - 60:
                held -= self.spent[first][1]
                first += 1
            most = max(most, held)
        return most


def process(clock: Clock, record: InMemory) -> Callable[..., bool]:
    """One process on the shared count: spends if it can at once."""
    quota = Quota(record, clock, clock.sleep)

    def spend(call: str, urgency: Urgency = Urgency.LIVE) -> bool:
        try:
            quota.spend(call, urgency, patience_seconds=0)
        except QuotaSpent:
            return False
        clock.spent.append((clock.now, COST[call]))
        return True

    return spend


def state(record: InMemory) -> bytes | None:
    """The count as it is stored."""
    held = record.load()
    return held[0] if held is not None else None


def drained(clock: Clock, urgency: Urgency, record: InMemory | None = None) -> int:
    """Units that one process gets at once."""
    spend = process(clock, record or InMemory())
    while spend("history.list", urgency):
        pass
    return sum(units for _, units in clock.spent)


@pytest.mark.parametrize(("urgency", "units"), [(Urgency.LIVE, 6000), (Urgency.SWEEP, 5250), (Urgency.BACKFILL, 4500)])
def test_each_urgency_has_its_part(urgency: Urgency, units: int) -> None:
    """Live work may use the quota whole; a quarter is kept from backfills, half of that from sweeps."""
    assert drained(Clock(), urgency) == units


def test_live_work_finds_its_quarter_whatever_a_backfill_took() -> None:
    """And a backfill finds nothing while live work has used more than its part."""
    clock, record = Clock(), InMemory()
    assert drained(clock, Urgency.BACKFILL, record) == 4500
    assert drained(clock, Urgency.LIVE, record) == 6000
    assert not process(clock, record)("history.list", Urgency.BACKFILL)


def test_units_come_back_after_a_minute() -> None:
    """What was spent at one moment is there again 61 whole seconds later, and not before a minute is over."""
    clock, record = Clock(), InMemory()
    drained(clock, Urgency.LIVE, record)
    clock.now += 60
    assert not process(clock, record)("messages.get")
    clock.now += 1 + SLICE_SECONDS + 1
    clock.spent.clear()
    assert drained(clock, Urgency.LIVE, record) == 6000


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), processes=st.integers(1, 12))
def test_no_minute_sees_more_than_the_quota(seed: int, processes: int) -> None:
    """However many processes spend at whatever moments: not 6,000 units in all, and not 4,500 by backfills."""
    dice, clock, record = random.Random(seed), Clock(), InMemory()
    everybody = [process(clock, record) for _ in range(processes)]
    mixed = dice.random() < 0.7
    for _ in range(250):
        urgency = dice.choice(list(Urgency)) if mixed else Urgency.BACKFILL
        for _ in range(dice.randint(1, 8)):
            dice.choice(everybody)(dice.choice(list(COST)), urgency)
        clock.now += dice.choice((0, 0.01, 0.3, dice.uniform(0, 4), 20 * (dice.random() < 0.05)))
    assert clock.peak() <= (UNITS_A_MINUTE if mixed else 4500)


@pytest.mark.parametrize("processes", [1, 10])
def test_a_backfill_uses_its_part_whole(processes: int) -> None:
    """Over five minutes, at a request in 20 ms: nine tenths of 4,500 units a minute and more, however many processes."""
    clock, record = Clock(), InMemory()
    everybody = [process(clock, record) for _ in range(processes)]
    began = clock.now
    while clock.now < began + 300:
        for each in everybody:
            each("messages.get", Urgency.BACKFILL)
        clock.now += 0.02 * processes
    assert sum(units for _, units in clock.spent) > 0.9 * 5 * 4500


def test_whoever_has_no_patience_hears_when_to_come_back() -> None:
    """Nobody slept meanwhile, and coming back at that time is early enough."""
    clock, record = Clock(), InMemory()
    drained(clock, Urgency.BACKFILL, record)
    quota = Quota(record, clock, lambda _: pytest.fail("it waited"))
    with pytest.raises(QuotaSpent) as refused:
        quota.spend("messages.get", Urgency.BACKFILL)
    assert refused.value.retry_after_seconds is not None
    assert 50 < refused.value.retry_after_seconds < 66
    clock.now += refused.value.retry_after_seconds
    quota.spend("messages.get", Urgency.BACKFILL)


@pytest.mark.parametrize(("units", "low", "high"), [(4500, 0, 0), (4501, 61, 61), (20_000, 244, 244)])
def test_the_outlook_of_a_backfill_is_what_it_takes(units: int, low: float, high: float) -> None:
    """From a full count: its part at once, then its part each time it comes back."""
    assert low <= outlook(None, Urgency.BACKFILL, Clock().now, units) <= high


def test_live_work_waits_as_long_as_it_has_time() -> None:
    """A person looks at the page: better late than not at all."""
    clock, record = Clock(), InMemory()
    drained(clock, Urgency.LIVE, record)
    began = clock.now
    Quota(record, clock, clock.sleep).spend("threads.get", patience_seconds=70)
    assert 60 < clock.now - began <= 66


@pytest.mark.parametrize(("told", "rest"), [(7.0, 7.0), (1e9, 3600.0)])
def test_a_refusal_drains_the_count_for_everybody(told: float, rest: float) -> None:
    """Until Retry-After is over, which is believed up to an hour."""
    clock, record = Clock(), InMemory()
    one, other = Quota(record, clock, clock.sleep), process(clock, record)
    one.spend("messages.get")
    one.refused(told)
    clock.now += rest - 0.1
    assert not other("history.list")
    with pytest.raises(QuotaSpent):
        one.spend("history.list", patience_seconds=0)
    clock.now += 0.2
    assert other("history.list")


def test_refusals_that_say_nothing_make_the_rest_longer() -> None:
    """Doubled each time, up to about a minute; and short again after a while without one."""
    clock, record = Clock(), InMemory()
    quota = Quota(record, clock, clock.sleep)
    rests = []
    for _ in range(8):
        quota.refused(None)
        rests.append(outlook(state(record), Urgency.LIVE, clock.now))
        clock.now += rests[-1]
    assert rests[0] < 3
    assert 40 < rests[-1] <= 80
    assert all(later > 1.15 * earlier for earlier, later in itertools.pairwise(rests[:5]))
    clock.now += 300
    quota.refused(None)
    assert outlook(state(record), Urgency.LIVE, clock.now) < 3


def test_another_process_that_counts_first_is_counted() -> None:
    """A condition that fails is read again; one that fails for ever is Transient, and nothing was spent."""

    class Busy(InMemory):
        fails = 3

        def save(self, state: bytes, expected: int) -> int:
            self.fails -= 1
            if self.fails >= 0:
                raise Conflict("first")
            return super().save(state, expected)

    clock, record = Clock(), Busy()
    Quota(record, clock, clock.sleep).spend("messages.get")
    assert record.fails < 0
    record.fails = 1000
    with pytest.raises(Transient):
        Quota(record, clock, clock.sleep).spend("messages.get")


@given(st.dictionaries(st.integers(1_000_000, 1_000_064), st.integers(1, 6000)), st.floats(0, 2e6), st.integers(0, 10))
def test_a_count_is_read_as_it_was_written(spent: dict[int, int], closed: float, refusals: int) -> None:
    """And is small: DynamoDB bills a write by the kilobyte."""
    count = Count(spent, closed, refusals)
    assert Count.read(count.written()) == count
    assert len(count.written()) < 600


def test_a_clock_that_ran_ahead_blocks_nothing_once_it_is_right() -> None:
    """A laptop wakes three days ahead and is put right: nothing was spent in the future, and the record stays small."""
    clock, record = Clock(), InMemory()
    clock.now += 3 * 86400
    Quota(record, clock, clock.sleep).refused(None)
    clock.now += 70
    drained(clock, Urgency.LIVE, record)
    clock.now -= 3 * 86400
    assert process(clock, record)("messages.get")
    assert len(state(record) or b"") < 600


def test_what_calls_cost_is_what_google_counts() -> None:
    """The table here and the simulator's are written apart."""
    assert google_quota.COST == COST
    assert google_quota.Meter().person_a_minute == UNITS_A_MINUTE
