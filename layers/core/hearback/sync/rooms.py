"""What every use case works with: a store, a queue, doors to mailboxes and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hearback.mailboxes.protocols import MailboxDoor
from hearback.model.mailbox import Mailbox
from hearback.queues.protocols import Queue
from hearback.storage.protocols import Store


class Doors(Protocol):
    """Opens the door of any connected mailbox."""

    def open(self, mailbox: Mailbox) -> MailboxDoor:
        """The door of `mailbox`; nothing is asked of the provider yet. Permanent: this installation has no client for it."""
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
