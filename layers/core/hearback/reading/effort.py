"""How much processor time one message may take. Asked between the steps of reading: it needs no signal and no second
thread, counts what this thread computed and not what it waited for, and so holds in a function of a cloud as well.

The caps and linear patterns bound each step by themselves; this is for what nobody thought of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LIMIT_SECONDS: Final = 2.0
"""Eight times what the slowest known hostile message takes on one of two shared cores."""


class Spent(Exception):
    """The message has used up its time: its remaining steps are left out, and it waits for the person."""


class Effort:
    """The time of one message, begun now."""

    def __init__(self, limit_seconds: float = LIMIT_SECONDS, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._ends = clock() + limit_seconds

    def check(self) -> None:
        """Go on only while there is time. Spent: there is none."""
        if self._clock() > self._ends:
            raise Spent

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """What is loaded once for all messages is not this one's."""
        began = self._clock()
        yield
        self._ends += self._clock() - began
