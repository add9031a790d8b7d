"""A queue of tasks with visibility timeout, retries, dead letters and fairness between mailboxes.

At least once, unordered. A task that is neither deleted nor retried comes back when its visibility ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hearback.model.task import Lane, Task

#: An unknown error is tried this often before it is a dead letter. What is received once more was cut off at every try, before
#: anybody could say why: then it is settled without another (sync.classify), so that a process killed five times loses no mail.
MAX_RECEIVES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One received task."""

    receipt: str
    """Names this receive; worthless once its visibility has ended."""
    id: str
    lane: Lane
    body: str
    """JSON of a task (queues.codec)."""
    group: str
    """The mailbox id: fairness is between groups."""
    receives: int
    """1 at the first receive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A task given up, with its reason."""

    id: str
    lane: Lane
    body: str
    reason: str


class Queue(Protocol):
    """Raises Transient when the queue is out of reach: the caller must not acknowledge what it could not queue."""

    def send(self, tasks: Sequence[Task], *, lane: Lane = Lane.LIVE, delay_seconds: float = 0) -> None:
        """Durable when it returns. All or an error; after an error some may be there (they are idempotent)."""
        ...

    def receive(self, *, lane: Lane, limit: int = 10, visibility_seconds: float) -> Sequence[Delivery]:
        """Up to `limit` tasks, oldest of each group first, groups taken in turn. Empty if there are none."""
        ...

    def delete(self, delivery: Delivery) -> None:
        """Done. A receipt whose visibility has ended deletes nothing."""
        ...

    def retry(self, delivery: Delivery, *, delay_seconds: float) -> None:
        """Give back, visible again after the delay; one more than MAX_RECEIVES receives make it a dead letter."""
        ...

    def give_back(self, delivery: Delivery) -> None:
        """Untouched: visible again at once. Where the queue can, this receive does not count (on SQS it does)."""
        ...

    def dead_letter(self, body: str, *, lane: Lane, reason: str) -> None:
        """Keep a task that can never work, with its reason."""
        ...

    def dead_letters(self, *, limit: int = 100) -> Sequence[DeadLetter]:
        """What was given up."""
        ...

    def depth(self, lane: Lane) -> int:
        """How many wait or are in flight (approximate on SQS)."""
        ...
