"""Watches are renewed a day after they were made, long before they lapse, and not all of one hour at once; where the provider grants
less than two days, after half of that. A mailbox without push is covered by the sweep alone.

The round goes by when watches end, not by when a sweep is due: a mailbox that no sweep finds is renewed all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from hearback.mailboxes.protocols import MailboxDoor
from hearback.model.errors import NotFound, PushRefused, Transient
from hearback.model.mailbox import Lease, Mailbox, MailboxStatus, Watch
from hearback.model.task import CatchUp
from hearback.storage.protocols import DUE_SHARDS
from hearback.sync import hearing, plans
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

RENEW_BEFORE: Final = timedelta(days=6)
"""A Gmail watch lives seven days: less than this left means that it was registered a day ago."""
RENEW_AFTER: Final = timedelta(days=1)
SPREAD: Final = timedelta(hours=2)
"""Mailboxes connected in one hour are renewed up to so much earlier, each by its own part of it."""
LAPSING: Final = timedelta(hours=48)
"""With less than this left, a day of renewals has failed: somebody must look."""


def wants_push(rooms: Rooms, mailbox: Mailbox) -> bool:
    """Whether plan and preferences ask for real-time notifications of a mailbox that is read."""
    return plans.real_time(rooms, mailbox) and not plans.is_paused(rooms, mailbox)


def renew_watch(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease) -> Mailbox:
    """Register or renew the watch when it is due. A provider that is slow now is asked again at the next catch-up; one that
    refuses to tell us says so on the mailbox, whose mail is found by looking again.
    """
    if not plans.real_time(rooms, mailbox):
        return mailbox
    if mailbox.watch is not None and not _due(mailbox, mailbox.watch, rooms.clock()):
        return mailbox
    try:
        watch = door.watch()
    except Transient:
        return mailbox
    except PushRefused as error:
        hearing.trouble(rooms, mailbox.person_id, str(error), mailbox.id)
        return mailbox
    hearing.trouble(rooms, mailbox.person_id, None, mailbox.id)
    if watch is None:
        return mailbox
    rooms.store.directory.add(mailbox.provider.value, mailbox.address, mailbox.person_id, mailbox.id)
    made = replace(watch, made_at=rooms.clock())
    return rooms.store.mailboxes.put(replace(mailbox, watch=made), fence=lease)


def _due(mailbox: Mailbox, watch: Watch, now: datetime) -> bool:
    """Whether a watch is to be renewed. Of one that is older than this rule only its end is known."""
    if watch.made_at is None:
        return watch.expires_at - now <= RENEW_BEFORE
    early = SPREAD * (crc32(mailbox.id.encode()) / 2**32)
    return now - watch.made_at >= min(RENEW_AFTER - early, (watch.expires_at - watch.made_at) / 2)


def renew(rooms: Rooms) -> int:
    """Queue a CatchUp (which renews) for every watch that is due for renewal; answers how many."""
    return sum(_renew_shard(rooms, shard) for shard in range(DUE_SHARDS))


def _renew_shard(rooms: Rooms, shard: int) -> int:
    tasks = [
        CatchUp(person_id=mailbox.person_id, mailbox_id=mailbox.id, reason="renew")
        for mailbox in _ending(rooms, RENEW_BEFORE + SPREAD, shard)
        if mailbox.watch is None or _due(mailbox, mailbox.watch, rooms.clock())
    ]
    if tasks:
        rooms.queue.send(tasks)
    return len(tasks)


def lapsing(rooms: Rooms) -> int:
    """How many watches that are still wanted end soon or have ended: what the alarm goes by."""
    found = [mailbox for shard in range(DUE_SHARDS) for mailbox in _ending(rooms, LAPSING, shard)]
    for mailbox in found:
        log.warning("the watch of mailbox %s was not renewed; the sweep alone finds its mail", mailbox.id)
    return len(found)


def _ending(rooms: Rooms, within: timedelta, shard: int) -> Iterator[Mailbox]:
    for person, mailbox_id in rooms.store.mailboxes.lapsing(rooms.clock() + within, shard):
        try:
            mailbox = rooms.store.mailboxes.get(person, mailbox_id)
        except NotFound:
            continue  # erased meanwhile
        if mailbox.status is MailboxStatus.ACTIVE and wants_push(rooms, mailbox):
            yield mailbox
