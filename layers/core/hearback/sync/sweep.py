"""The safety net: mailboxes whose turn has come are queued for catching up, push or not."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from hearback.model.errors import Conflict, NotFound
from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.model.task import CatchUp, Task
from hearback.storage.protocols import DUE_SHARDS
from hearback.sync import plans
from hearback.sync.rooms import Rooms
from hearback.sync.turns import next_due

PAGE: Final = 500


def sweep(rooms: Rooms) -> int:
    """Queue a CatchUp for every due mailbox; answers how many. Reading a mailbox sets its next turn."""
    return sum(_shard(rooms, shard) for shard in range(DUE_SHARDS))


def _shard(rooms: Rooms, shard: int) -> int:
    mailboxes: list[Mailbox] = []
    for person, mailbox_id in rooms.store.mailboxes.due(rooms.clock(), shard, limit=PAGE):
        with suppress(NotFound):  # erased
            mailboxes.append(rooms.store.mailboxes.get(person, mailbox_id))
    tasks: list[Task] = [
        CatchUp(person_id=each.person_id, mailbox_id=each.id, reason="sweep")
        for each in mailboxes
        if each.status is MailboxStatus.ACTIVE and not plans.is_paused(rooms, each)  # looked at again each turn
    ]
    if tasks:  # before their next turn is set: a queue that is out of reach costs no turn
        rooms.queue.send(tasks)
    for each in mailboxes:
        with suppress(NotFound, Conflict):  # erased, or just being read: whoever wrote it has set the next turn
            rooms.store.mailboxes.put(each, due_at=next_due(rooms, each))
    return len(tasks)
