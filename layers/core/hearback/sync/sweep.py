"""The safety net: mailboxes whose turn has come are queued for catching up, push or not."""

from __future__ import annotations

from typing import Final

from hearback.model.errors import Conflict, NotFound
from hearback.model.mailbox import MailboxStatus
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
    tasks: list[Task] = []
    for person, mailbox_id in rooms.store.mailboxes.due(rooms.clock(), shard, limit=PAGE):
        try:
            mailbox = rooms.store.mailboxes.get(person, mailbox_id)
            rooms.store.mailboxes.put(mailbox, due_at=next_due(rooms, mailbox))
        except (NotFound, Conflict):
            continue  # erased, or just being read: whoever wrote it has set the next turn
        if mailbox.status is MailboxStatus.ACTIVE and not plans.is_paused(rooms, mailbox):  # looked at again each turn
            tasks.append(CatchUp(person_id=person, mailbox_id=mailbox_id, reason="sweep"))
    if tasks:
        rooms.queue.send(tasks)
    return len(tasks)
