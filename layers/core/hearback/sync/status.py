"""A mailbox's connection status: Active, Authentication Required, Disconnected. A grant that died is told once.

Invariant: the status and what tells of it are one write, so a crash leaves neither or both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hearback.model.errors import Conflict, NeedsPerson, Transient
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.model.task import Lane, Task, lane_of
from hearback.sync.announce import change_of
from hearback.sync.rooms import Rooms
from hearback.sync.turns import next_due

_TRIES = 5


def change(
    rooms: Rooms,
    person: PersonId,
    mailbox_id: MailboxId,
    to: Callable[[Mailbox], Mailbox | None],
    *,
    event: str | None = None,
) -> Mailbox:
    """Store what `to` makes of the mailbox (None: leave it), and tell. Whoever wrote meanwhile is read again.

    NotFound; Transient: others keep writing.
    """
    for _ in range(_TRIES):
        mailbox = rooms.store.mailboxes.get(person, mailbox_id)
        wanted = to(mailbox)
        if wanted is None:
            return mailbox
        try:
            return rooms.store.mailboxes.put(
                wanted, due_at=next_due(rooms, wanted), tells=change_of(rooms, mailbox, event=event)
            )
        except Conflict:
            continue
    raise Transient("The mailbox is being changed from elsewhere; try again.", retry_after_seconds=1)


def require_person(rooms: Rooms, person: PersonId, mailbox_id: MailboxId, error: NeedsPerson) -> None:
    """Mark the mailbox "Authentication Required" with the cause. The cursor stays, so reconnecting catches up.

    A refusal of a token that was replaced meanwhile says nothing of the new one: the person has reconnected.
    """

    def refused(mailbox: Mailbox) -> Mailbox | None:
        held = rooms.store.mailboxes.secret(person, mailbox_id)
        version = held[1] if held is not None else 0
        if mailbox.status is not MailboxStatus.ACTIVE or error.token_version not in {None, version}:
            return None
        return replace(mailbox, status=MailboxStatus.AUTHENTICATION_REQUIRED, cause=str(error), trouble=error.cause)

    change(rooms, person, mailbox_id, refused, event="mailbox.authentication_required")


def recovered(rooms: Rooms, mailbox: Mailbox) -> None:
    """Queue again what was parked on a mailbox that works again."""
    parked = rooms.store.outbox.parked(mailbox.person_id, mailbox.id)
    by_lane: dict[Lane, list[Task]] = {}
    for each in parked:
        by_lane.setdefault(lane_of(each.task), []).append(each.task)
    for lane, tasks in by_lane.items():
        rooms.queue.send(tasks, lane=lane)
    if parked:
        rooms.store.outbox.unpark(mailbox.person_id, mailbox.id, [each.task for each in parked])
