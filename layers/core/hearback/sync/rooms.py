"""What every use case works with: a store, a queue, doors to mailboxes and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from hearback.mailboxes.protocols import MailboxDoor
from hearback.model.budget import Budget
from hearback.model.mailbox import Mailbox
from hearback.queues.protocols import Queue
from hearback.storage.protocols import Store


class Doors(Protocol):
    """Opens the door of any connected mailbox."""

    def open(self, mailbox: Mailbox, budget: Budget) -> MailboxDoor:
        """The door of `mailbox`; nothing is asked of the provider yet, and nothing will be once `budget` is spent.
        Permanent: this installation has no client for it; NeedsPerson: there is no token any more.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """One installation as the use cases see it."""

    store: Store
    queue: Queue
    doors: Doors
    clock: Callable[[], datetime]
    """Aware UTC."""
    authserv_ids: frozenset[str] = frozenset({"mx.google.com"})
    """Whose Authentication-Results count: the receiving providers', never a sender's."""
    budget: Budget = Budget()
    """The time there is for what is being done."""

    def within(self, budget: Budget) -> Rooms:
        """The same rooms for a piece of work that must be done by then."""
        return replace(self, budget=budget)

    def door(self, mailbox: Mailbox) -> MailboxDoor:
        """See Doors.open; under this work's budget."""
        return self.doors.open(mailbox, self.budget)
