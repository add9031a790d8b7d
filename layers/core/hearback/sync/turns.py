"""When a mailbox's turn comes: the sweep looks at it again at the latest then, push or not."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.model.plan import poll_seconds
from hearback.sync.rooms import Rooms


def next_due(rooms: Rooms, mailbox: Mailbox) -> datetime | None:
    """When the sweep should look again; None: never by itself ("Manual only", or there is nothing to look at)."""
    if mailbox.status is not MailboxStatus.ACTIVE:
        return None
    seconds = poll_seconds(rooms.store.people.get(mailbox.person_id).plan, mailbox.preferences.frequency)
    return None if seconds is None else rooms.clock() + timedelta(seconds=seconds)
