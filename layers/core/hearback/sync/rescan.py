"""A wider choice: what an earlier one left out of a mailbox is looked at again, under the one that holds now.

The ledger says which messages those were; they are queued on the backfill lane, the newest so many, no older than a first
sync goes. Mail of a folder that is read only now was never looked at: for that the mailbox is listed once more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from hearback.model.errors import NeedsPerson
from hearback.model.ids import MailboxId, PersonId
from hearback.model.ledger import UNDATED, LedgerEntry
from hearback.model.mailbox import Backfill, Mailbox, MailboxStatus, Provider
from hearback.model.plan import limits
from hearback.model.task import CatchUp, MessageRef, Task
from hearback.sync import backfill as backfilling
from hearback.sync import plans, status
from hearback.sync.rooms import Rooms

AT_MOST: Final = 2000
"""Messages of one rescan."""
BUSY: Final = "Earlier mail of this mailbox is still being read. Ask again when its sync has ended."
ASLEEP: Final = (
    "This mailbox cannot be read just now. Reconnect it in settings, or see what your plan includes; then ask again."
)
IMPORTED: Final = (
    "An imported mailbox cannot be asked again. Import the export once more: what was left out is read then."
)


def left_out(rooms: Rooms, person: PersonId, mailbox: MailboxId) -> list[LedgerEntry]:
    """Lines of the messages a rescan would look at, newest first."""
    since = _since(rooms, person)
    lines = rooms.store.ledger.entries(person, mailbox)
    return [each for each in lines if each.left_out and (each.at >= since or each.at == UNDATED)][:AT_MOST]


def rescan(rooms: Rooms, person: PersonId, mailbox_id: MailboxId, *, folders: bool = False) -> int:
    """Queue what an earlier choice left out; answers how many messages. `folders`: list the mailbox, too.

    NeedsPerson: it cannot be read now, or is being read; NotFound; Transient: ask again.
    """
    mailbox = rooms.store.mailboxes.get(person, mailbox_id)
    if mailbox.provider is Provider.IMPORT:
        raise NeedsPerson(IMPORTED)
    if mailbox.status is not MailboxStatus.ACTIVE or plans.is_paused(rooms, mailbox):
        raise NeedsPerson(ASLEEP)
    lines = left_out(rooms, person, mailbox_id)
    begins = Backfill(
        since=_since(rooms, person),
        started_at=rooms.clock(),
        found=len(lines),
        waiting=len(lines),
        listed=not folders,
        reason="rescan",
    )

    def begun(each: Mailbox) -> Mailbox:
        if each.backfill is not None:
            raise NeedsPerson(BUSY)
        return replace(each, backfill=begins)

    if not lines and not folders:
        return 0
    status.change(rooms, person, mailbox_id, begun)
    tasks: list[Task] = [
        MessageRef(
            person_id=person,
            mailbox_id=mailbox_id,
            message_id=each.provider_message_id,
            backfill=True,
            awaited=True,
            anew=True,
        )
        for each in lines
    ]
    backfilling.send(rooms, mailbox, tasks)
    rooms.queue.send([CatchUp(person_id=person, mailbox_id=mailbox_id, reason="rescan")])
    return len(lines)


def _since(rooms: Rooms, person: PersonId) -> datetime:
    return rooms.clock() - timedelta(days=limits(rooms.store.people.get(person).plan).first_sync_days)
