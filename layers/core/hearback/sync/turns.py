"""When a mailbox's turn comes: the sweep looks at it again at the latest then, push or not."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.model.mailbox import Frequency, Mailbox, MailboxStatus
from hearback.model.plan import allowance
from hearback.sync.rooms import Rooms


def next_due(rooms: Rooms, mailbox: Mailbox) -> datetime | None:
    """When the sweep should look again; None: never by itself ("Manual only", or there is nothing to look at)."""
    if mailbox.preferences.frequency is Frequency.MANUAL or mailbox.status is not MailboxStatus.ACTIVE:
        return None
    plan = allowance(rooms.store.people.get(mailbox.person_id).plan)
    return rooms.clock() + timedelta(seconds=plan.poll_seconds)
