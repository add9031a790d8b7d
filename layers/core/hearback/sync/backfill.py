"""The first sync, and the bounded resync after an expired cursor: list, triage, queue; newest days first.

Invariant: a page's references are queued and its ledger lines written before the mailbox moves on to the next page,
so a crash repeats at most one page, and repeating is harmless (the ledger and the signals are keyed by message).
A first sync reads the newest 30 days, then what is before them. Of each span it
    1. runs the provider's searches: they find most job mail cheaply;
    2. lists the threads: one whose newest snippet opens the gate is remembered (`Awaited`);
    3. lists every message by its id and thread, and queues what lies in a remembered thread;
    4. waits until all that is read, and lists every message again: replies in threads that are about an application by now.
So no thread is asked for its messages: a list of 500 costs an eighth of one thread. A resync lists every message since history was
lost, so that a reply in a thread that is known long since is found like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hearback.mailboxes.protocols import Glimpse, Listing, MailboxDoor, Wanted
from hearback.mailboxes.quota import CEILING, COST, RETURN_SECONDS
from hearback.model.budget import Urgency
from hearback.model.ids import FactId, ProviderMessageId, signal_id
from hearback.model.ledger import UNDATED, LedgerEntry, Looked
from hearback.model.mailbox import EVERYWHERE, FIRST_WINDOW_DAYS, Backfill, Mailbox, run_name
from hearback.model.signal import Signal
from hearback.model.task import Lane, MessageRef, Task
from hearback.pipeline.grouping import thread_key
from hearback.reading import gate
from hearback.sync import plans
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

OVERLAP: Final = timedelta(minutes=1)
"""Spans of days touch with this much in common, so that nothing falls between two."""
CLOCKS: Final = timedelta(seconds=5)
"""How far our clock may be from the provider's: so long after a first sync began, all that comes is history's."""
STALLED_AFTER: Final = timedelta(hours=1)
"""What is still waited for when nothing was settled for so long was given up elsewhere (parked, dead-lettered)."""
OLDER_REPLIES: Final = timedelta(days=90)
"""How much before a first sync's beginning the threads it found may have begun."""
MESSAGES_A_MINUTE: Final = CEILING[Urgency.BACKFILL] // COST["messages.get"]
"""What a backfill may fetch; Gmail's is the only quota that is counted."""
NOT_FOUND_BY_SEARCH: Final = "no search for job mail found it"


class Within(StrEnum):
    """Which threads a listing's messages shall belong to."""

    OPENED = "opened"
    """Their newest snippet opened the gate."""
    KNOWN = "known"
    """They are about an application, as far as was read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One listing of a backfill."""

    wanted: Wanted
    lost: bool = False
    """History does not cover it: what it finds is as live as mail that was pushed."""
    within: Within | None = None
    """Of its messages only those in threads of this sort are wanted."""
    older: bool = False
    """It belongs to what is before the newest days."""


def steps(door: MailboxDoor, backfill: Backfill, now: datetime) -> tuple[Step, ...]:
    """The listings of a backfill in order: what history lost, then the newest 30 days and what is before them."""
    resync = backfill.reason == "resync"
    lost_since = backfill.lost_since or (backfill.since if resync else None)
    lost = (Step(Wanted(since=lost_since), lost=True),) if lost_since is not None else ()
    if resync:
        return lost
    recent = now - timedelta(days=FIRST_WINDOW_DAYS)
    until = now + CLOCKS  # later mail is live: a line noted here would close it, and what is queued here is told nobody
    spans: tuple[tuple[datetime, datetime], ...] = ((max(recent, backfill.since), until),)
    if backfill.since < recent:
        spans += ((backfill.since, recent + OVERLAP),)
    return lost + tuple(step for span in spans for step in _of_span(door, backfill, *span, now))


def _of_span(door: MailboxDoor, backfill: Backfill, since: datetime, until: datetime, now: datetime) -> Iterator[Step]:
    newest = now + CLOCKS
    older = until < newest
    for query in door.searches(since, now):
        yield Step(Wanted(since=since, until=until, query=query), older=older)
    yield Step(Wanted(since=since, until=until, by_thread=True), older=older)
    yield Step(Wanted(since=since, until=until), within=Within.OPENED, older=older)
    begun = since if since > backfill.since else since - OLDER_REPLIES
    yield Step(Wanted(since=begun, until=newest), within=Within.KNOWN, older=older)


def finds_replies(mailbox: Mailbox) -> bool:
    """Whether the mailbox's backfill is yet to look for the rest of the threads that it finds."""
    backfill = mailbox.backfill
    return backfill is not None and backfill.reason != "resync" and not backfill.listed


def still_reading(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox) -> bool:
    """Whether the next listing needs to know what is being read."""
    backfill = mailbox.backfill
    if backfill is None or backfill.listed or backfill.page is not None:
        return False
    if _plan(rooms, door, backfill)[0].within is not Within.KNOWN:
        return False
    return rooms.store.awaited.count(mailbox.person_id, mailbox.id) > 0 and not _stalled(backfill, rooms.clock())


def _stalled(backfill: Backfill, now: datetime) -> bool:
    return backfill.moved_at is not None and now - backfill.moved_at > STALLED_AFTER


def _plan(rooms: Rooms, door: MailboxDoor, backfill: Backfill) -> tuple[Step, ...]:
    """The listings that are left, the present one first."""
    plan = steps(door, backfill, backfill.started_at or rooms.clock())
    return plan[min(backfill.step, len(plan) - 1) :]


def advance(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox) -> tuple[Mailbox, int]:
    """Read one page of the mailbox's backfill; answers the mailbox as it should be stored and how many were seen."""
    backfill = mailbox.backfill
    if backfill is None or backfill.listed:
        return mailbox, 0
    step, *later = _plan(rooms, door, backfill)
    preferences = plans.preferences(rooms, mailbox)
    if step.within is not None:  # threads about an application are whole, wherever their messages lie
        preferences = replace(preferences, folders=(EVERYWHERE,))
    listing = door.listing(step.wanted, preferences, page=backfill.page)
    after = replace(backfill, found=backfill.found + _queue(rooms, mailbox, step, listing), page=listing.next_page)
    if listing.next_page is None:
        step = later[0] if later else step
        counted = step.within is Within.KNOWN
        after = replace(after, step=backfill.step + 1, listed=not later, older=step.older, counted=counted)
    return replace(mailbox, backfill=after), len(listing.glimpses)


def _queue(rooms: Rooms, mailbox: Mailbox, step: Step, listing: Listing) -> int:
    glimpses = list({glimpse.id: glimpse for glimpse in listing.glimpses}.values())
    if step.wanted.by_thread:
        return _remember(rooms, mailbox, glimpses)
    looked_at = rooms.store.ledger.looked_at(mailbox.person_id, mailbox.id, [glimpse.id for glimpse in glimpses])
    wanted = [glimpse for glimpse in glimpses if glimpse.id not in looked_at or step.within is Within.KNOWN]
    if step.within is not None:
        wanted = _of_threads(rooms, mailbox, step.within, wanted)
    tasks: list[Task] = [
        MessageRef(
            person_id=mailbox.person_id,
            mailbox_id=mailbox.id,
            message_id=glimpse.id,
            backfill=not step.lost,
            thread=step.within is Within.KNOWN,
            awaited=True,
            run=_run_of(mailbox),
        )
        for glimpse in wanted
    ]
    new = send(rooms, mailbox, tasks, lane=Lane.LIVE if step.lost else Lane.BACKFILL)
    if step.within is Within.OPENED and listing.next_page is None:
        rooms.store.awaited.drop(mailbox.person_id, mailbox.id, thread_name(""))
    return new


def _remember(rooms: Rooms, mailbox: Mailbox, threads: list[Glimpse]) -> int:
    """Wait for the threads whose snippet opens the gate: the next listing finds their messages. The others are noted."""
    verdicts = [
        (each, gate.decide(each.sender, each.subject, each.snippet, known_domains=frozenset(), known_thread=False))
        for each in threads
    ]
    opened = [thread_name(each.thread_id or each.id) for each, verdict in verdicts if verdict.open]
    if opened:  # whatever became of its first message: the snippet is the newest one's
        rooms.store.awaited.add(mailbox.person_id, mailbox.id, opened)
    looked_at = rooms.store.ledger.looked_at(mailbox.person_id, mailbox.id, [each.id for each in threads])
    _note(
        rooms,
        mailbox,
        [(each, verdict.reason) for each, verdict in verdicts if not verdict.open and each.id not in looked_at],
    )
    return 0


def _of_threads(rooms: Rooms, mailbox: Mailbox, within: Within, messages: list[Glimpse]) -> list[Glimpse]:
    """Those of the messages that are in such threads and were not read; to read one again would say the same."""
    person, threads = mailbox.person_id, {each.thread_id for each in messages if each.thread_id}
    found: frozenset[str | None]
    if within is Within.OPENED:
        remembered = rooms.store.awaited.among(person, mailbox.id, [thread_name(each) for each in threads])
        found = frozenset(each for each in threads if thread_name(each) in remembered)
    else:
        held = rooms.store.facts.touched(person, [thread_key(mailbox.id, each) for each in threads])
        found = frozenset(
            fact.thread_id
            for component in held
            for fact in component.facts
            if isinstance(fact, Signal) and fact.mailbox_id == mailbox.id
        )
    some = [each for each in messages if each.thread_id in found]
    known = rooms.store.facts.known(person, [FactId(signal_id(mailbox.id, each.id)) for each in some])
    lines = rooms.store.ledger.lines(person, mailbox.id, [each.id for each in some])
    read = {id_ for id_, line in lines.items() if line.looked is Looked.OPENED and not line.left_out}
    return [each for each in some if FactId(signal_id(mailbox.id, each.id)) not in known and each.id not in read]


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


def send(rooms: Rooms, mailbox: Mailbox, tasks: list[Task], *, lane: Lane = Lane.BACKFILL) -> int:
    """Queue what a backfill found, and wait for it: first the waiting, so that no worker can settle before it began. Answers for
    how many nobody waited yet: what several searches find is one message.

    What the quota cannot let through before a minute is over becomes visible no earlier: else all of it would be received,
    only to be queued anew, every minute, and no longer be read newest first.
    """
    names = [name_of(task) for task in tasks]
    told = [name for name in names if name is not None]
    if not told:
        rooms.queue.send(tasks, lane=lane)
        return len(tasks)
    known = set(rooms.store.awaited.among(mailbox.person_id, mailbox.id, told))
    ahead = 0
    if lane is Lane.BACKFILL:  # threads that are remembered are not queued
        ahead = rooms.store.awaited.count(mailbox.person_id, mailbox.id, message_name(ProviderMessageId("")))
    rooms.store.awaited.add(mailbox.person_id, mailbox.id, told)
    by_delay: dict[int, list[Task]] = {}
    new = 0
    for task, name in zip(tasks, names, strict=True):
        minutes = (ahead + new) // MESSAGES_A_MINUTE - 1  # what is next in turn is there when units return
        by_delay.setdefault(max(minutes, 0) * RETURN_SECONDS if lane is Lane.BACKFILL else 0, []).append(task)
        if name not in known:
            known.add(name or "")
            new += 1
    for delay, some in by_delay.items():
        rooms.queue.send(some, lane=lane, delay_seconds=delay)
    return new


def thread_name(thread_id: str) -> str:
    """What a thread is waited for as."""
    return f"thread:{thread_id}"


def message_name(id_: ProviderMessageId) -> str:
    """What a message is waited for as."""
    return f"message:{id_}"


def name_of(task: Task) -> str | None:
    """What a task is waited for as; None: nobody waits for it."""
    match task:
        case MessageRef(awaited=True):
            return message_name(task.message_id)
        case _:
            return None


def settled(rooms: Rooms, task: Task) -> None:
    """A backfill waits for `task` no more."""
    name = name_of(task)
    if name is not None and isinstance(task, MessageRef):
        rooms.store.awaited.settled(task.person_id, task.mailbox_id, name)


def looked(rooms: Rooms, mailbox: Mailbox) -> Mailbox:
    """The mailbox with how far its backfill is by now; without one once everything it queued is settled."""
    backfill = mailbox.backfill
    if backfill is None:
        return mailbox
    waiting, now = rooms.store.awaited.count(mailbox.person_id, mailbox.id), rooms.clock()
    if waiting == 0 and backfill.listed:
        return _ended(mailbox, backfill)
    if waiting != backfill.waiting or backfill.moved_at is None:
        return replace(mailbox, backfill=replace(backfill, waiting=waiting, moved_at=now))
    if backfill.listed and _stalled(backfill, now):
        log.warning("backfill of mailbox %s ends with %d messages given up elsewhere", mailbox.id, waiting)
        return _ended(mailbox, backfill)
    return mailbox


def _ended(mailbox: Mailbox, backfill: Backfill) -> Mailbox:
    reaches = mailbox.reaches
    if backfill.reason == "first_sync":
        reaches = min(backfill.since, reaches or backfill.since)
    return replace(mailbox, backfill=None, reaches=reaches)
