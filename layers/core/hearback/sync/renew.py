"""Watches are renewed daily, long before they lapse; a mailbox without push is covered by the sweep alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hearback.mailboxes.protocols import MailboxDoor
from hearback.model.errors import Transient
from hearback.model.mailbox import Frequency, Lease, Mailbox, MailboxStatus
from hearback.model.plan import allowance
from hearback.model.task import CatchUp
from hearback.storage.protocols import DUE_SHARDS
from hearback.sync.rooms import Rooms

RENEW_BEFORE: Final = timedelta(days=6)
"""A Gmail watch lives seven days: less than this left means that it was registered a day ago."""


def wants_push(rooms: Rooms, mailbox: Mailbox) -> bool:
    """Whether plan and preferences ask for real-time notifications."""
    plan = allowance(rooms.store.people.get(mailbox.person_id).plan)
    return plan.real_time and mailbox.preferences.frequency is Frequency.REAL_TIME


def renew_watch(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease) -> Mailbox:
    """Register or renew the watch when it is due. A provider that is slow now is asked again at the next catch-up."""
    if not wants_push(rooms, mailbox):
        return mailbox
    if mailbox.watch is not None and mailbox.watch.expires_at - rooms.clock() > RENEW_BEFORE:
        return mailbox
    try:
        watch = door.watch()
    except Transient:
        return mailbox
    if watch is None:
        return mailbox
    rooms.store.directory.add(mailbox.provider.value, mailbox.address, mailbox.person_id, mailbox.id)
    return rooms.store.mailboxes.put(replace(mailbox, watch=watch), fence=lease)


def renew(rooms: Rooms) -> int:
    """The daily round: queue a CatchUp (which renews) for every mailbox with push; answers how many."""
    return sum(_renew_shard(rooms, shard) for shard in range(DUE_SHARDS))


def _renew_shard(rooms: Rooms, shard: int) -> int:
    horizon = rooms.clock() + timedelta(days=1)
    tasks = []
    for person, mailbox_id in rooms.store.mailboxes.due(horizon, shard, limit=1_000):
        mailbox = rooms.store.mailboxes.get(person, mailbox_id)
        if mailbox.status is MailboxStatus.ACTIVE and wants_push(rooms, mailbox):
            tasks.append(CatchUp(person_id=person, mailbox_id=mailbox_id, reason="renew"))
    if tasks:
        rooms.queue.send(tasks)
    return len(tasks)
