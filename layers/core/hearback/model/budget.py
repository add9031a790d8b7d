"""How much time a piece of work has: a function of a cloud is cut off at its timeout, whatever it is waiting for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hearback.model.errors import Transient

WORTH_STARTING_SECONDS: Final = 0.5
"""No request is begun with less than this left."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time until `ends` of a monotonic clock; without one there is no end."""

    ends: float = math.inf
    clock: Callable[[], float] = time.monotonic

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
