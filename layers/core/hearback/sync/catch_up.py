"""Bring one mailbox up to date: what is new since the cursor is queued, then the cursor moves.

    lease ─► first time: note the provider's cursor, plan the backfill
          ─► changes since the cursor, page by page: queue references, then put the cursor one generation on
          ─► cursor expired: a new cursor and a resync are stored in one write, never a jump
          ─► nothing to backfill: some mail that an older model has read is queued (sync.rereading)
          ─► a cursor that was taken anew a minute ago: what came just before it is listed once more
          ─► backfill pages, a bounded number each time; the rest is queued as another CatchUp

Invariants: the cursor moves only after what it covers is in the queue; one worker a mailbox, by lease; every write of
the mailbox carries the fence, so a worker that lost its lease writes nothing.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hearback.mailboxes.protocols import MailboxDoor, Wanted
from hearback.model.errors import CursorExpired, HearbackError, NeedsPerson, QuotaSpent, Transient
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Backfill, Cursor, Lease, Mailbox, MailboxStatus, SyncRun
from hearback.model.plan import limits
from hearback.model.task import CatchUp, MessageRef
from hearback.sync import backfill as backfilling
from hearback.sync import history, plans, renew, status
from hearback.sync.announce import mailbox_changed
from hearback.sync.rooms import Rooms
from hearback.sync.turns import next_due

LEASE_SECONDS: Final = 60
RESYNC_MARGIN: Final = timedelta(days=1)
"""How much before the last success a resync begins: clocks differ, and mail is sometimes dated late."""
LISTED_AFTER: Final = timedelta(minutes=1)
"""Mail that is here is in the provider's lists after so long."""
JUST_BEFORE: Final = timedelta(minutes=10)
"""How much before a cursor was taken what lists may have lacked is looked for."""
PAGES_A_RUN: Final = 8
PAGE_SECONDS: Final = 4.0
"""No further page is begun with less time left than this; another CatchUp reads it."""
LAG_DELAYS_SECONDS: Final = (1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
"""A push may come before the history shows it: look again this often, a minute in all; the sweep covers the rest."""
UNSURE_LOOKS: Final = 3
"""How often to look again where the provider says to be past what a push named, and shows nothing; the sweep covers the rest."""
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
    door: MailboxDoor | None = None
    lease = rooms.store.mailboxes.lease(person_id, mailbox_id, seconds=LEASE_SECONDS, now=started)
    if lease is None:
        raise Transient("Another worker is reading this mailbox.", retry_after_seconds=3)
    try:
        mailbox = rooms.store.mailboxes.get(person_id, mailbox_id)
        if mailbox.status is not MailboxStatus.ACTIVE or plans.is_paused(rooms, mailbox):
            return run
        if reason == "push" and not plans.real_time(rooms, mailbox):
            return run  # a watch from before a smaller plan; the next turn finds the mail
        if reason in history.CHAINS:
            run = replace(run, started_at=history.begun_at(mailbox, started))
        door = rooms.door(mailbox)
        if reason == "push" and hint and mailbox.cursor is not None and door.covers(mailbox.cursor.value, hint):
            return run  # of a burst of pushes the first has found what the others tell of
        found = _work(rooms, door, mailbox, lease, run, hint=hint, attempt=attempt, pages=pages)
        run = _ended(rooms, run, started, door)
    except QuotaSpent:
        raise  # it waits, and has not failed
    except HearbackError as error:
        failed = replace(_ended(rooms, run, started, door), error=str(error), cause=history.cause_of(error))
        history.remember(rooms, person_id, failed)
        if not isinstance(error, NeedsPerson):
            raise
        status.require_person(rooms, person_id, mailbox_id, error)
        return failed
    finally:
        rooms.store.mailboxes.release(lease)
    return _told(rooms, person_id, run, found)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one run found, by what it looked at."""

    seen: int = 0
    """Since the cursor."""
    listed: int = 0
    """By the backfill, under its row's beginning `begun_at`."""
    units: int = 0
    """What listing cost."""
    chain: str = ""
    begun_at: datetime | None = None
    quiet: int = 0
    """Looks without news before it."""


def _ended(rooms: Rooms, run: SyncRun, started: datetime, door: MailboxDoor | None) -> SyncRun:
    now = rooms.clock()
    units = door.spent() if door is not None else 0
    return replace(run, ended_at=now, duration_seconds=(now - started).total_seconds(), units=units)


def _told(rooms: Rooms, person: PersonId, run: SyncRun, found: _Found) -> SyncRun:
    """Store the run's row, and what it did for a backfill on that one's. A look that found nothing is counted (Mailbox.quiet)."""
    chained = run.reason in history.CHAINS
    own = replace(run, seen=found.seen + (found.listed if chained else 0), quiet=found.quiet)
    if found.listed and not chained and found.begun_at is not None:
        own = replace(own, units=own.units - found.units)
        of_backfill = replace(
            run,
            reason=found.chain,
            started_at=found.begun_at,
            seen=found.listed,
            units=found.units,
            duration_seconds=0.0,
        )
        history.remember(rooms, person, of_backfill)
    goes_on = chained and found.begun_at is not None  # else whoever was first has ended the backfill already
    if own.seen or goes_on or run.reason == "sync_now":
        if goes_on and found.begun_at is not None:
            own = replace(own, started_at=found.begun_at)
        history.remember(rooms, person, own)
    return replace(own, seen=found.seen + found.listed)


def _work(
    rooms: Rooms,
    door: MailboxDoor,
    mailbox: Mailbox,
    lease: Lease,
    run: SyncRun,
    *,
    hint: str | None,
    attempt: int,
    pages: int,
) -> _Found:
    reason = run.reason
    watched = mailbox.watch is not None and mailbox.watch.expires_at > run.started_at
    mailbox = _start(rooms, door, mailbox, lease)
    mailbox = renew.renew_watch(rooms, door, mailbox, lease)
    seen = listed = rest = 0
    if reason in history.CHAINS:
        run = replace(run, started_at=history.begun_at(mailbox, run.started_at))
    more, looks = True, 0
    while more and pages > 0 and rooms.budget.left() > PAGE_SECONDS:
        pages -= 1
        try:
            mailbox, found, more, looks = _changes(rooms, door, mailbox, lease, hint, run.name)
        except CursorExpired:
            mailbox, found, more = _resync(rooms, door, mailbox, lease), 0, True
            reason = "resync"
        seen += found
    if not seen:  # else what is told now would be queued twice
        with suppress(QuotaSpent):  # it is tried again at the next look; what was begun goes on
            mailbox, seen = _once_more(rooms, door, mailbox, lease, run.name)
    before = door.spent()
    chain = mailbox.backfill
    while mailbox.backfill is not None and not mailbox.backfill.listed and pages > 0:
        if rooms.budget.left() < PAGE_SECONDS:
            break
        if backfilling.still_reading(rooms, door, mailbox):
            rest = _tail(mailbox.backfill)
            break
        pages -= 1
        try:
            advanced, found = backfilling.advance(rooms, door, mailbox)
        except QuotaSpent as error:  # live mail goes on meanwhile
            rest = math.ceil(error.retry_after_seconds or 0)
            break
        mailbox = _put(rooms, advanced, lease)
        mailbox_changed(rooms, mailbox)
        listed += found
    told = _Found(
        seen=seen,
        listed=listed,
        units=door.spent() - before,
        chain=chain.reason if chain is not None else "",
        begun_at=chain.started_at if chain is not None else None,
        quiet=mailbox.quiet,
    )
    mailbox = _success(rooms, _noted(rooms, mailbox, run, told, watched=watched), lease, whole=not more)
    if reason == "sweep" and mailbox.backfill is None:
        from hearback.sync import learning, rereading  # a push function that only catches up reads no mail

        rereading.queue_some(rooms, mailbox)
        learning.spread(rooms, mailbox.person_id)  # what an interrupted correction has left
    again = CatchUp(person_id=mailbox.person_id, mailbox_id=mailbox.id, reason=reason)
    _continue(rooms, mailbox, again, more=more, rest=rest)
    if attempt < looks:
        later = replace(again, hint=hint, attempt=attempt + 1)
        rooms.queue.send([later], delay_seconds=LAG_DELAYS_SECONDS[attempt])
    return told


def _noted(rooms: Rooms, mailbox: Mailbox, run: SyncRun, found: _Found, *, watched: bool) -> Mailbox:
    """What this run says of the mailbox's pushes, and one more look without news, or none."""
    now = rooms.clock()
    news = found.seen or found.listed or run.reason in {*history.CHAINS, "sync_now"}
    missed = run.reason == "sweep" and found.seen > 0 and watched and mailbox.backfill is None
    return replace(
        mailbox,
        quiet=0 if news else mailbox.quiet + 1,
        pushed_at=now if run.reason == "push" else mailbox.pushed_at,
        missed_at=now if missed else mailbox.missed_at,
    )


def _start(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease) -> Mailbox:
    days = limits(rooms.store.people.get(mailbox.person_id).plan).first_sync_days
    if mailbox.cursor is not None:
        return _lengthened(rooms, mailbox, lease, days)
    cursor = Cursor(generation=1, value=door.cursor_now())
    now = rooms.clock()  # after the cursor: what comes from now on is in its history
    first = Backfill(since=now - timedelta(days=days), started_at=now)
    started = replace(mailbox, cursor=cursor, backfill=mailbox.backfill or first, taken_at=now)
    return _put(rooms, started, lease)


def _lengthened(rooms: Rooms, mailbox: Mailbox, lease: Lease, days: int) -> Mailbox:
    """A plan that reaches further back than the first sync did: what is before that is looked through, too."""
    now = rooms.clock()
    since = now - timedelta(days=days)
    if mailbox.backfill is not None or mailbox.reaches is None or mailbox.reaches - since < RESYNC_MARGIN:
        return mailbox
    return _put(rooms, replace(mailbox, backfill=Backfill(since=since, started_at=now)), lease)


def _changes(
    rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease, hint: str | None, run: str
) -> tuple[Mailbox, int, bool, int]:
    """One page; answers the mailbox, how many were seen, whether there is more, and how often it may be looked at again."""
    cursor = _cursor(mailbox)
    changes = door.changes(cursor.value, plans.preferences(rooms, mailbox), hint=hint)
    if changes.ids:
        looked_at = rooms.store.ledger.looked_at(mailbox.person_id, mailbox.id, changes.ids)
        rooms.queue.send(
            [
                MessageRef(person_id=mailbox.person_id, mailbox_id=mailbox.id, message_id=each, run=run)
                for each in dict.fromkeys(changes.ids)
                if each not in looked_at
            ]
        )
    if changes.cursor != cursor.value:
        mailbox = _put(
            rooms, replace(mailbox, cursor=Cursor(generation=cursor.generation + 1, value=changes.cursor)), lease
        )
    looks = len(LAG_DELAYS_SECONDS) if changes.behind else UNSURE_LOOKS if changes.unsure else 0
    return mailbox, len(changes.ids), changes.more, looks


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
    return _put(rooms, replace(mailbox, cursor=cursor, backfill=resync, taken_at=now), lease)


def _once_more(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, lease: Lease, run: str) -> tuple[Mailbox, int]:
    """Queue mail that came just before the cursor was taken and was in no list then, as new mail; answers how much."""
    if mailbox.taken_at is None or rooms.clock() - mailbox.taken_at < LISTED_AFTER:
        return mailbox, 0
    wanted = Wanted(since=mailbox.taken_at - JUST_BEFORE, until=mailbox.taken_at + backfilling.CLOCKS)
    page: str | None = None
    found = 0
    while rooms.budget.left() > PAGE_SECONDS:
        listing = door.listing(wanted, plans.preferences(rooms, mailbox), page=page)
        ids = [each.id for each in listing.glimpses]
        looked_at = rooms.store.ledger.looked_at(mailbox.person_id, mailbox.id, ids)
        refs = [
            MessageRef(person_id=mailbox.person_id, mailbox_id=mailbox.id, message_id=each, run=run)
            for each in dict.fromkeys(ids)
            if each not in looked_at
        ]
        rooms.queue.send(refs)
        found, page = found + len(refs), listing.next_page
        if page is None:
            return _put(rooms, replace(mailbox, taken_at=None), lease), found
    return mailbox, found


def _success(rooms: Rooms, mailbox: Mailbox, lease: Lease, *, whole: bool) -> Mailbox:
    """`whole`: all history was read. Else what is still to be read lies before now, and a resync must begin there."""
    was_running = mailbox.backfill is not None
    mailbox = backfilling.looked(rooms, mailbox)
    success = rooms.clock() if whole else mailbox.last_success_at
    mailbox = _put(rooms, replace(mailbox, last_success_at=success, cause=None, trouble=None), lease)
    if was_running:
        mailbox_changed(rooms, mailbox)
    status.recovered(rooms, mailbox)
    return mailbox


def _continue(rooms: Rooms, mailbox: Mailbox, again: CatchUp, *, more: bool, rest: int) -> None:
    if more:
        rooms.queue.send([again])
    if mailbox.backfill is not None and again.reason in {*history.CHAINS, "plan"}:  # the one chain that carries it on
        delay = _tail(mailbox.backfill) if mailbox.backfill.listed else rest
        rooms.queue.send([replace(again, reason=mailbox.backfill.reason)], delay_seconds=delay)


def _tail(backfill: Backfill) -> int:
    """After how many seconds to look again whether what was found is read: less often while there is much of it."""
    return TAIL_DELAY_SECONDS * min(1 + backfill.waiting // 50, 10)


def _put(rooms: Rooms, mailbox: Mailbox, lease: Lease) -> Mailbox:
    return rooms.store.mailboxes.put(mailbox, due_at=next_due(rooms, mailbox), fence=lease)


def _cursor(mailbox: Mailbox) -> Cursor:
    if mailbox.cursor is None:  # _start has set it
        raise CursorExpired("This mailbox has no cursor yet.")
    return mailbox.cursor
