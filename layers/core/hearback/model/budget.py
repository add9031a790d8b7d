"""How much time a piece of work has, and how urgent it is: a function of a cloud is cut off at its timeout, and a mailbox's
quota goes to what somebody waits for first.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from hearback.model.errors import Transient

WORTH_STARTING_SECONDS: Final = 0.5
"""No request is begun with less than this left."""


class Urgency(IntEnum):
    """Whose turn it is at the provider, the first first."""

    LIVE = 0
    """Somebody waits: new mail, a push, a page."""
    SWEEP = 1
    """A look whether a push was missed."""
    BACKFILL = 2
    """Earlier mail, and mail that is read again."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time until `ends` of a monotonic clock; without one there is no end."""

    ends: float = math.inf
    clock: Callable[[], float] = time.monotonic
    urgency: Urgency = Urgency.LIVE

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """A budget that begins now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left; may be negative."""
        return self.ends - self.clock()

    def within(self, seconds: float) -> float:
        """`seconds`, or what is left where that is less. Transient: too little is left to begin anything."""
        left = self.left()
        if left < WORTH_STARTING_SECONDS:
            raise Transient("There was no time left for this; it is tried again.")
        return min(seconds, left)

    def at(self, urgency: Urgency) -> Budget:
        """The same time for work that is so urgent."""
        return replace(self, urgency=urgency)
