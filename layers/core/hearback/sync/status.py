"""A mailbox's connection status: Active, Authentication Required, Disconnected. A grant that died is told once."""

from __future__ import annotations

from dataclasses import replace

from hearback.model.errors import Conflict, NeedsPerson
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.sync.announce import mailbox_changed
from hearback.sync.rooms import Rooms

_TRIES = 5


def require_person(rooms: Rooms, person: PersonId, mailbox_id: MailboxId, error: NeedsPerson) -> None:
    """Mark the mailbox "Authentication Required" with the cause. The cursor stays, so reconnecting catches up."""
    for _ in range(_TRIES):
        mailbox = rooms.store.mailboxes.get(person, mailbox_id)
        if mailbox.status is not MailboxStatus.ACTIVE:
            return
        try:
            changed = rooms.store.mailboxes.put(
                replace(mailbox, status=MailboxStatus.AUTHENTICATION_REQUIRED, cause=str(error))
            )
        except Conflict:
            continue
        mailbox_changed(rooms, changed, event="mailbox.authentication_required")
        return


def recovered(rooms: Rooms, mailbox: Mailbox) -> None:
    """Queue again what was parked on a mailbox that works again."""
    parked = rooms.store.outbox.parked(mailbox.person_id, mailbox.id)
    if parked:
        tasks = [each.task for each in parked]
        rooms.queue.send(tasks)
        rooms.store.outbox.unpark(mailbox.person_id, mailbox.id, tasks)
