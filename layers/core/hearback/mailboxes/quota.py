"""Gmail's quota, 6,000 units a minute and mailbox, kept on our side by each process for itself.

One process spends no more than its share on a mailbox; the share is the quota divided by the processes that may read one
mailbox at a time (Settings.workers), so together they stay below it. Embedded that is one process. Deployed it is what
template.yaml lets the classify function run at once; the few units of a push or a page come on top, and where they are
one too many Gmail says so, which is Transient like any other 429.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

from hearback.model.errors import Throttled

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
_LIVE_SHARE: Final = 0.25
MOST_WORKERS: Final = 20
"""With more, a share would not hold what the dearest call costs."""


class Quota:
    """One process's share for one mailbox: a bucket that fills evenly; whoever finds it empty waits."""

    def __init__(
        self,
        units_a_minute: int = UNITS_A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = units_a_minute / 60
        # half a minute's units at once: with what fills up meanwhile no minute sees more than its share
        self._most = units_a_minute / 2
        self._rate /= 2
        self._units = self._most
        self._clock, self._sleep = clock, sleep
        self._at = clock()
        self._lock = threading.Lock()

    @classmethod
    def share(cls, workers: int) -> Quota:
        """What each of `workers` processes may spend."""
        return cls(UNITS_A_MINUTE // min(max(workers, 1), MOST_WORKERS))

    def spend(self, call: str, *, background: bool = False, patience_seconds: float = math.inf) -> None:
        """Wait until `call` may be made. Background work leaves a quarter of the bucket for live work.

        Throttled: that would take longer than `patience_seconds`.
        """
        cost = COST[call]
        floor = self._most * _LIVE_SHARE if background else 0.0
        while True:
            with self._lock:
                now = self._clock()
                self._units = min(self._most, self._units + (now - self._at) * self._rate)
                self._at = now
                missing = cost + floor - self._units
                if missing <= 0:
                    self._units -= cost
                    return
            wait = max(missing / self._rate, 0.01)
            if wait > patience_seconds:
                raise Throttled("Gmail's quota for this mailbox is used up for now.", retry_after_seconds=wait)
            patience_seconds -= wait
            self._sleep(wait)
