"""The first sync, and the bounded resync after an expired cursor: list, triage, queue; newest days first.

Invariant: a page's references are queued and its ledger lines written before the mailbox moves on to the next page,
so a crash repeats at most one page, and repeating is harmless (the ledger and the signals are keyed by message).
A first sync runs the provider's searches over each span of days (they find job mail cheaply), then lists its threads: one
whose newest snippet opens the gate is queued whole. Once all that is read, one list of all messages (ids only) tells the
later messages of threads that are about an application. A resync lists every message, so that a reply in a thread that is
known long since is found like any other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hearback.mailboxes.protocols import Glimpse, Listing, MailboxDoor, Wanted
from hearback.mailboxes.quota import CEILING, COST, RETURN_SECONDS
from hearback.model.budget import Urgency
from hearback.model.ids import FactId, ProviderMessageId, signal_id
from hearback.model.ledger import UNDATED, LedgerEntry, Looked
from hearback.model.mailbox import EVERYWHERE, Backfill, Mailbox, run_name
from hearback.model.task import Lane, MessageRef, Task, ThreadRef
from hearback.pipeline.grouping import thread_key
from hearback.reading import gate
from hearback.sync import plans
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

FIRST_WINDOW_DAYS: Final = 30
OVERLAP: Final = timedelta(minutes=1)
"""Spans of days touch with this much in common, so that nothing falls between two."""
STALLED_AFTER: Final = timedelta(hours=1)
"""What is still waited for when nothing was settled for so long was given up elsewhere (parked, dead-lettered)."""
SETTLING_SECONDS: Final = 2
"""How often it is looked whether all is read, so that replies can be listed."""
MESSAGES_A_MINUTE: Final = CEILING[Urgency.BACKFILL] // COST["messages.get"]
"""What a backfill may fetch; Gmail's is the only quota that is counted."""
NOT_FOUND_BY_SEARCH: Final = "no search for job mail found it"


@dataclass(frozen=True, slots=True)
class Step:
    """One listing of a backfill."""

    wanted: Wanted
    lost: bool = False
    """History does not cover it: what it finds is as live as mail that was pushed."""
    replies: bool = False
    """Only messages of threads that are known by now, wherever they lie. Read last, when all else is settled."""


def steps(door: MailboxDoor, backfill: Backfill, now: datetime) -> tuple[Step, ...]:
    """The listings of a backfill in order: what history lost, then the newest 30 days and what is before them."""
    resync = backfill.reason == "resync"
    lost_since = backfill.lost_since or (backfill.since if resync else None)
    lost = (Step(Wanted(since=lost_since), lost=True),) if lost_since is not None else ()
    if resync:
        return lost
    recent = now - timedelta(days=FIRST_WINDOW_DAYS)
    spans: tuple[tuple[datetime, datetime | None], ...] = ((max(recent, backfill.since), None),)
    if backfill.since < recent:
        spans += ((backfill.since, recent + OVERLAP),)
    replies = Step(Wanted(since=backfill.since), replies=True)
    return (
        *lost,
        *(
            Step(wanted)
            for since, until in spans
            for wanted in (
                *(Wanted(since=since, until=until, query=query) for query in door.searches(since, now)),
                Wanted(since=since, until=until, by_thread=True),
            )
        ),
        replies,
    )


def advance(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox) -> tuple[Mailbox, int, int]:
    """Read one page of the mailbox's backfill; answers the mailbox as it should be stored, how many were seen, and after how
    many seconds to go on. QuotaSpent: the provider's quota says when.
    """
    backfill = mailbox.backfill
    if backfill is None or backfill.listed:
        return mailbox, 0, 0
    plan = steps(door, backfill, backfill.started_at or rooms.clock())
    step = plan[min(backfill.step, len(plan) - 1)]
    preferences = plans.preferences(rooms, mailbox)
    if step.replies:
        if (waits := _waits(rooms, mailbox, backfill)) is not None:
            return replace(mailbox, backfill=waits), 0, SETTLING_SECONDS
        preferences = replace(preferences, folders=(EVERYWHERE,))
    listing = door.listing(step.wanted, preferences, page=backfill.page)
    after = replace(backfill, found=backfill.found + _queue(rooms, mailbox, step, listing), page=listing.next_page)
    if listing.next_page is None:
        after = replace(after, step=backfill.step + 1, listed=backfill.step + 1 >= len(plan))
    return replace(mailbox, backfill=after), 0 if step.replies else len(listing.glimpses), 0


def _waits(rooms: Rooms, mailbox: Mailbox, backfill: Backfill) -> Backfill | None:
    """How far reading is where the replies have to wait for it; None: all is settled, or given up elsewhere."""
    waiting, now = rooms.store.awaited.count(mailbox.person_id, mailbox.id), rooms.clock()
    if waiting == 0 or backfill.page is not None:
        return None
    if waiting != backfill.waiting or backfill.moved_at is None:
        return replace(backfill, waiting=waiting, moved_at=now)
    return backfill if now - backfill.moved_at <= STALLED_AFTER else None


def _queue(rooms: Rooms, mailbox: Mailbox, step: Step, listing: Listing) -> int:
    person, run = mailbox.person_id, _run_of(mailbox)
    glimpses = list({glimpse.id: glimpse for glimpse in listing.glimpses}.values())
    looked_at = rooms.store.ledger.looked_at(person, mailbox.id, [glimpse.id for glimpse in glimpses])
    tasks: list[Task] = []
    closed: list[tuple[Glimpse, str]] = []
    if step.replies:
        glimpses, looked_at = _replies(rooms, mailbox, glimpses), frozenset()
    searched = _searched(rooms, mailbox, glimpses, looked_at) if step.wanted.by_thread else frozenset()
    for glimpse in glimpses:
        if step.wanted.by_thread:
            verdict = gate.decide(
                glimpse.sender, glimpse.subject, glimpse.snippet, known_domains=frozenset(), known_thread=False
            )
            if verdict.open and glimpse.id not in searched:
                thread_id = glimpse.thread_id or glimpse.id
                tasks.append(ThreadRef(person_id=person, mailbox_id=mailbox.id, thread_id=thread_id, run=run))
            elif glimpse.id not in looked_at:
                closed.append((glimpse, verdict.reason))
        elif glimpse.id not in looked_at:
            tasks.append(
                MessageRef(
                    person_id=person,
                    mailbox_id=mailbox.id,
                    message_id=glimpse.id,
                    backfill=not step.lost,
                    thread=step.replies,
                    awaited=True,
                    run=run,
                )
            )
    send(rooms, mailbox, tasks, lane=Lane.LIVE if step.lost else Lane.BACKFILL)
    _note(rooms, mailbox, closed)
    return len(tasks)


def _replies(rooms: Rooms, mailbox: Mailbox, glimpses: list[Glimpse]) -> list[Glimpse]:
    """Those of threads about an application that are no signals yet."""
    threads = {each.thread_id for each in glimpses if each.thread_id is not None and each.thread_id != each.id}
    known = {each for each in threads if rooms.store.facts.touched(mailbox.person_id, [thread_key(mailbox.id, each)])}
    of_them = [each for each in glimpses if each.thread_id in known]
    facts = {each.id: FactId(signal_id(mailbox.id, each.id)) for each in of_them}
    kept = rooms.store.facts.known(mailbox.person_id, facts.values())
    return [each for each in of_them if facts[each.id] not in kept]


def _searched(
    rooms: Rooms, mailbox: Mailbox, glimpses: list[Glimpse], looked_at: frozenset[ProviderMessageId]
) -> frozenset[ProviderMessageId]:
    """Threads whose first message a search of this first sync has found: it is read, and leads to the rest if it counts."""
    if mailbox.backfill is None or mailbox.backfill.reason != "first_sync":
        return frozenset()
    names = {message_name(each.id): each.id for each in glimpses}
    return looked_at | {names[each] for each in rooms.store.awaited.among(mailbox.person_id, mailbox.id, names)}


def _run_of(mailbox: Mailbox) -> str:
    begun = mailbox.backfill.started_at if mailbox.backfill is not None else None
    return run_name(begun) if begun is not None else ""


def _note(rooms: Rooms, mailbox: Mailbox, closed: list[tuple[Glimpse, str]]) -> None:
    """Lines of threads that stay closed, but for those whose first message a search has queued: it is still to be read."""
    names = {message_name(glimpse.id): (glimpse, reason) for glimpse, reason in closed}
    queued = rooms.store.awaited.among(mailbox.person_id, mailbox.id, names)
    lines = [
        LedgerEntry(
            mailbox_id=mailbox.id,
            provider_message_id=glimpse.id,
            at=glimpse.received_at or UNDATED,
            looked=Looked.SEEN,
            run=_run_of(mailbox),
            reason=reason if glimpse.sender or glimpse.subject or glimpse.snippet else NOT_FOUND_BY_SEARCH,
        )
        for name, (glimpse, reason) in names.items()
        if name not in queued
    ]
    if lines:
        rooms.store.ledger.note(mailbox.person_id, lines)


def send(rooms: Rooms, mailbox: Mailbox, tasks: list[Task], *, lane: Lane = Lane.BACKFILL) -> None:
    """Queue what a backfill found, and wait for it: first the waiting, so that no worker can settle before it began.

    What the quota cannot let through before a minute is over becomes visible no earlier: else all of it would be received,
    only to be queued anew, every minute, and no longer be read newest first.
    """
    if not tasks:
        return
    ahead = rooms.store.awaited.count(mailbox.person_id, mailbox.id) if lane is Lane.BACKFILL else 0
    rooms.store.awaited.add(mailbox.person_id, mailbox.id, [name for task in tasks if (name := name_of(task))])
    by_delay: dict[int, list[Task]] = {}
    for place, task in enumerate(tasks):
        minutes = (ahead + place) // MESSAGES_A_MINUTE - 1  # what is next in turn is there when units return
        by_delay.setdefault(max(minutes, 0) * RETURN_SECONDS if lane is Lane.BACKFILL else 0, []).append(task)
    for delay, some in by_delay.items():
        rooms.queue.send(some, lane=lane, delay_seconds=delay)


def message_name(id_: ProviderMessageId) -> str:
    """What a message is waited for as."""
    return f"message:{id_}"


def name_of(task: Task) -> str | None:
    """What a task is waited for as; None: nobody waits for it."""
    match task:
        case ThreadRef():
            return f"thread:{task.thread_id}"
        case MessageRef(awaited=True):
            return message_name(task.message_id)
        case _:
            return None


def settled(rooms: Rooms, task: Task) -> None:
    """A backfill waits for `task` no more."""
    name = name_of(task)
    if name is not None and isinstance(task, MessageRef | ThreadRef):
        rooms.store.awaited.settled(task.person_id, task.mailbox_id, name)


def looked(rooms: Rooms, mailbox: Mailbox) -> Mailbox:
    """The mailbox with how far its backfill is by now; without one once everything it queued is settled."""
    backfill = mailbox.backfill
    if backfill is None or not backfill.listed:
        return mailbox
    waiting, now = rooms.store.awaited.count(mailbox.person_id, mailbox.id), rooms.clock()
    if waiting == 0:
        return replace(mailbox, backfill=None)
    if waiting != backfill.waiting or backfill.moved_at is None:
        return replace(mailbox, backfill=replace(backfill, waiting=waiting, moved_at=now))
    if now - backfill.moved_at > STALLED_AFTER:
        log.warning("backfill of mailbox %s ends with %d messages given up elsewhere", mailbox.id, waiting)
        return replace(mailbox, backfill=None)
    return mailbox
