"""A sender is blocked no more: what the ledger says was left out because of its sender is looked at again.

An imported mailbox cannot be asked again, nor one that is not connected.
"""

from __future__ import annotations

from typing import Final

from hearback.model.ids import MailboxId, PersonId
from hearback.model.ledger import LeftOut, Looked
from hearback.model.mailbox import MailboxStatus, Provider
from hearback.model.task import MessageRef, Task
from hearback.sync.rooms import Rooms

AT_MOST: Final = 500
"""Messages of a mailbox, the newest."""


def look_again(rooms: Rooms, person: PersonId) -> int:
    """Queue what was left out because of its sender; who is blocked still stays so. Answers how many messages."""
    count = 0
    for mailbox in rooms.store.mailboxes.of_person(person):
        if mailbox.provider is Provider.IMPORT or mailbox.status is not MailboxStatus.ACTIVE:
            continue
        tasks = _left_out(rooms, person, mailbox.id)
        if tasks:
            rooms.queue.send(tasks)
        count += len(tasks)
    return count


def _left_out(rooms: Rooms, person: PersonId, mailbox: MailboxId) -> list[Task]:
    lines = rooms.store.ledger.entries(person, mailbox)
    found: list[Task] = [
        MessageRef(person_id=person, mailbox_id=mailbox, message_id=each.provider_message_id, anew=True)
        for each in lines
        if each.reason == LeftOut.BLOCKED and each.looked in {Looked.SEEN, Looked.OPENED}
    ]
    return found[:AT_MOST]
