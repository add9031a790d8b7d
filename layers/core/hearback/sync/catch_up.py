"""Bring one mailbox up to date: what is new since the cursor is queued, then the cursor moves.

    lease ─► first time: note the provider's cursor, plan the backfill
          ─► changes since the cursor, page by page: queue references, then put the cursor one generation on
          ─► cursor expired: a new cursor and a resync are stored in one write, never a jump
          ─► nothing to backfill: some mail that an older model has read is queued (sync.rereading)
          ─► backfill pages, a bounded number each time; the rest is queued as another CatchUp

Invariants: the cursor moves only after what it covers is in the queue; one worker a mailbox, by lease; every write of
the mailbox carries the fence, so a worker that lost its lease writes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hearback.mailboxes.protocols import MailboxDoor
from hearback.model.errors import CursorExpired, HearbackError, NeedsPerson, Transient
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Backfill, Cursor, Lease, Mailbox, MailboxStatus, SyncRun
from hearback.model.plan import limits
from hearback.model.task import CatchUp, MessageRef
from hearback.sync import backfill as backfilling
from hearback.sync import plans, renew, status
from hearback.sync.announce import mailbox_changed
from hearback.sync.rooms import Rooms
from hearback.sync.turns import next_due

LEASE_SECONDS: Final = 60
RESYNC_MARGIN: Final = timedelta(days=1)
"""How much before the last success a resync begins: clocks differ, and mail is sometimes dated late."""
PAGES_A_RUN: Final = 8
PAGE_SECONDS: Final = 4.0
"""No further page is begun with less time left than this; another CatchUp reads it."""
LAG_DELAYS_SECONDS: Final = (1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
"""A push may come before the history shows it: look again this often, a minute in all; the sweep covers the rest."""
TAIL_DELAY_SECONDS: Final = 2


def catch_up(
    rooms: Rooms,
    person_id: PersonId,
    mailbox_id: MailboxId,
    *,
    reason: str,
    hint: str | None = None,
    attempt: int = 0,
    pages: int = PAGES_A_RUN,
) -> SyncRun:
    """Queue everything new in the mailbox. Transient: the lease is taken or the provider is slow; NotFound; NeedsPerson.

    `hint` is the cursor a push named; `pages` bounds this run, the rest is queued as another CatchUp.
    """
    started = rooms.clock()
    run = SyncRun(mailbox_id=mailbox_id, started_at=started, reason=reason)
    lease = rooms.store.mailboxes.lease(person_id, mailbox_id, seconds=LEASE_SECONDS, now=started)
    if lease is None:
        raise Transient("Another worker is reading this mailbox.", retry_after_seconds=3)
    try:
        mailbox = rooms.store.mailboxes.get(person_id, mailbox_id)
        if mailbox.status is not MailboxStatus.ACTIVE or plans.is_paused(rooms, mailbox):
            return run
        if reason == "push" and not plans.real_time(rooms, mailbox):
            return run  # a watch from before a smaller plan; the next turn finds the mail
        door = rooms.door(mailbox)
        seen = _work(rooms, door, mailbox, lease, reason=reason, hint=hint, attempt=attempt, pages=pages)
        run = replace(run, seen=seen, duration_seconds=(rooms.clock() - started).total_seconds())
    except NeedsPerson as error:
        rooms.store.ledger.add_run(person_id, replace(run, error=str(error)))
        status.require_person(rooms, person_id, mailbox_id, error)
        return replace(run, error=str(error))
    except HearbackError as error:
        rooms.store.ledger.add_run(person_id, replace(run, error=str(error)))
        raise
    finally:
        rooms.store.mailboxes.release(lease)
    if run.seen or reason == "sync_now":  # a look that found nothing is told by Last Successful Sync
        rooms.store.ledger.add_run(person_id, run)
    return run


def _work(
    rooms: Rooms,
    door: MailboxDoor,
    mailbox: Mailbox,
    lease: Lease,
    *,
    reason: str,
    hint: str | None,
    attempt: int,
    pages: int,
) -> int:
    mailbox = _start(rooms, door, mailbox, lease)
    mailbox = renew.renew_watch(rooms, door, mailbox, lease)
    seen = 0
    more, behind = True, False
    while more and pages > 0 and rooms.budget.left() > PAGE_SECONDS:
        pages -= 1
        try:
            mailbox, found, more, behind = _changes(rooms, door, mailbox, lease, hint)
        except CursorExpired:
            mailbox, found, more = _resync(rooms, door, mailbox, lease), 0, True
            reason = "resync"
        seen += found
    while mailbox.backfill is not None and not mailbox.backfill.listed and pages > 0:
        if rooms.budget.left() < PAGE_SECONDS:
            break
        pages -= 1
        advanced, found = backfilling.advance(rooms, door, mailbox)
        mailbox = _put(rooms, advanced, lease)
        mailbox_changed(rooms, mailbox)
        seen += found
    mailbox = _success(rooms, mailbox, lease)
    if reason == "sweep" and mailbox.backfill is None:
        from hearback.sync import learning, rereading  # a push function that only catches up reads no mail

        rereading.queue_some(rooms, mailbox)
        learning.spread(rooms, mailbox.person_id)  # what an interrupted correction has left
    _continue(rooms, mailbox, more=more, behind=behind and seen == 0, hint=hint, attempt=attempt, reason=reason)
    return seen


def _start(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease) -> Mailbox:
    if mailbox.cursor is not None:
        return mailbox
    now = rooms.clock()
    days = limits(rooms.store.people.get(mailbox.person_id).plan).first_sync_days
    first = Backfill(since=now - timedelta(days=days), started_at=now)
    return _put(
        rooms,
        replace(mailbox, cursor=Cursor(generation=1, value=door.cursor_now()), backfill=mailbox.backfill or first),
        lease,
    )


def _changes(
    rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease, hint: str | None
) -> tuple[Mailbox, int, bool, bool]:
    cursor = _cursor(mailbox)
    changes = door.changes(cursor.value, plans.preferences(rooms, mailbox), hint=hint)
    if changes.ids:
        looked_at = rooms.store.ledger.looked_at(mailbox.person_id, mailbox.id, changes.ids)
        rooms.queue.send(
            [
                MessageRef(person_id=mailbox.person_id, mailbox_id=mailbox.id, message_id=each)
                for each in dict.fromkeys(changes.ids)
                if each not in looked_at
            ]
        )
    if changes.cursor != cursor.value:
        mailbox = _put(
            rooms, replace(mailbox, cursor=Cursor(generation=cursor.generation + 1, value=changes.cursor)), lease
        )
    return mailbox, len(changes.ids), changes.more, changes.behind


def _resync(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease) -> Mailbox:
    """The provider forgot our cursor: list since the last success and fetch only what is missing."""
    now = rooms.clock()
    since = (mailbox.last_success_at or mailbox.connected_at or now - timedelta(days=90)) - RESYNC_MARGIN
    pending = mailbox.backfill
    if pending is None:
        resync = Backfill(since=since, started_at=now, reason="resync", lost_since=since)
    else:  # one was still running: it starts over from its own beginning, what was lost meanwhile first
        lost = min(since, pending.lost_since or since)
        resync = replace(pending, since=min(since, pending.since), step=0, page=None, listed=False, lost_since=lost)
    cursor = Cursor(generation=_cursor(mailbox).generation + 1, value=door.cursor_now())
    return _put(rooms, replace(mailbox, cursor=cursor, backfill=resync), lease)


def _success(rooms: Rooms, mailbox: Mailbox, lease: Lease) -> Mailbox:
    was_running = mailbox.backfill is not None
    mailbox = backfilling.looked(rooms, mailbox)
    mailbox = _put(rooms, replace(mailbox, last_success_at=rooms.clock(), cause=None), lease)
    if was_running:
        mailbox_changed(rooms, mailbox)
    status.recovered(rooms, mailbox)
    return mailbox


def _continue(
    rooms: Rooms, mailbox: Mailbox, *, more: bool, behind: bool, hint: str | None, attempt: int, reason: str
) -> None:
    again = CatchUp(person_id=mailbox.person_id, mailbox_id=mailbox.id, reason=reason)
    if more:
        rooms.queue.send([again])
    if mailbox.backfill is not None and reason in {
        "first_sync",
        "resync",
        "rescan",
    }:  # the one chain that carries it on
        delay = TAIL_DELAY_SECONDS if mailbox.backfill.listed else 0
        rooms.queue.send([replace(again, reason=mailbox.backfill.reason)], delay_seconds=delay)
    if behind and attempt < len(LAG_DELAYS_SECONDS):
        rooms.queue.send([replace(again, hint=hint, attempt=attempt + 1)], delay_seconds=LAG_DELAYS_SECONDS[attempt])


def _put(rooms: Rooms, mailbox: Mailbox, lease: Lease) -> Mailbox:
    return rooms.store.mailboxes.put(mailbox, due_at=next_due(rooms, mailbox), fence=lease)


def _cursor(mailbox: Mailbox) -> Cursor:
    if mailbox.cursor is None:  # _start has set it
        raise CursorExpired("This mailbox has no cursor yet.")
    return mailbox.cursor
