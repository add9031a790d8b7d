"""One queued task, worked: CatchUp → more references; a reference → glimpse → gate → fetch → read → record.

`handle` is what a queue worker calls. It raises only what the queue shall deliver again; everything else is settled
(sync.settle): dead-lettered with its reason, parked on its mailbox, shown to the person, or noted as gone.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hearback.mailboxes.protocols import Glimpse, MailboxDoor
from hearback.model.budget import Urgency
from hearback.model.change import Change
from hearback.model.errors import HearbackError, Hidden, NotFound, Permanent, Transient, place_of
from hearback.model.ids import FactId, ProviderMessageId, signal_id
from hearback.model.ledger import UNDATED, LedgerEntry, LeftOut, Looked
from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.model.person import Person
from hearback.model.task import CatchUp, Lane, MessageRef, Task, ThreadRef, lane_of
from hearback.pipeline.grouping import thread_key
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES, Delivery
from hearback.reading import gate
from hearback.reading.read import Reading, read
from hearback.storage.protocols import Parked
from hearback.sync import backfill, rereading, senders, settle
from hearback.sync.catch_up import catch_up
from hearback.sync.choices import Choices, choices_of
from hearback.sync.keeping import context_of, kept
from hearback.sync.record import record
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

MISSING_DELAYS_SECONDS: Final = (2, 5, 15, 60)
"""A message that is named and not found is looked for again this often: Gmail may tell of one before it can be fetched."""
LIVE_ALERT_AGE: Final = timedelta(hours=24)
"""Live mail older than this raises no alert: it is no news any more."""


def handle(rooms: Rooms, body: str, receives: int) -> None:
    """Work the task in `body`, at its `receives`-th delivery. Raises what is worth another delivery, nothing else."""
    task = _task(rooms, body)
    if task is None:
        return
    try:
        if receives > MAX_RECEIVES:  # whoever had it before was cut off every time, before it could say why
            settled = settle.given_up(rooms, task, body, "the worker was cut off, time and again")
        else:
            work(rooms, task)
            settled = True
    except HearbackError as error:
        settled = settle.settle(rooms, task, body, receives, error)
    except Exception as error:
        settled = settle.unexpected(rooms, task, body, receives, f"{type(error).__name__} at {place_of(error)}")
        if receives < MAX_RECEIVES:
            raise
    if settled:
        _await_no_more(rooms, task, receives)


def late(rooms: Rooms, delivery: Delivery) -> bool:
    """There is no time left for this one. Answers whether it is settled: on its last try it is parked, not lost."""
    if delivery.receives < MAX_RECEIVES:
        return False
    task = _task(rooms, delivery.body)
    if task is not None and settle.park(rooms, task, "there was no time for it"):
        _await_no_more(rooms, task, delivery.receives)
    return True


def _await_no_more(rooms: Rooms, task: Task, receives: int) -> None:
    try:
        backfill.settled(rooms, task)
    except Transient:
        if receives < MAX_RECEIVES:
            raise  # to come again costs a look at the ledger
        log.info("mailbox %s waits an hour for what is done", settle.mailbox_of(task))


def _task(rooms: Rooms, body: str) -> Task | None:
    try:
        return codec.decode(body)
    except Permanent as error:
        rooms.queue.dead_letter(body, lane=Lane.LIVE, reason=str(error))
        return None


def work(rooms: Rooms, task: Task) -> None:
    """Do what `task` says; any HearbackError of a door, the store or the queue may come out."""
    match task:
        case CatchUp():
            urgency = Urgency.SWEEP if task.reason == "sweep" else Urgency.LIVE
            rooms = rooms.within(rooms.budget.at(urgency))
            catch_up(rooms, task.person_id, task.mailbox_id, reason=task.reason, hint=task.hint, attempt=task.attempt)
        case MessageRef():
            _message(rooms.within(rooms.budget.at(Urgency.BACKFILL)) if task.backfill else rooms, task)
        case ThreadRef():
            _thread(rooms.within(rooms.budget.at(Urgency.BACKFILL)), task)
        case _:
            raise Permanent("This task belongs to another worker.")


def _active(rooms: Rooms, ref: MessageRef | ThreadRef) -> Mailbox | None:
    """The mailbox, if it can be read now. If not, the reference is parked: the cursor has passed what it names."""
    mailbox = rooms.store.mailboxes.get(ref.person_id, ref.mailbox_id)
    if mailbox.status is MailboxStatus.ACTIVE:
        return mailbox
    reason = "waits for the mailbox to be reconnected"
    rooms.store.outbox.park(Parked(task=ref, reason=reason, at=rooms.clock()))
    return None


def _thread(rooms: Rooms, ref: ThreadRef) -> None:
    mailbox = _active(rooms, ref)
    if mailbox is None:
        return
    rooms.queue.send(
        [
            MessageRef(person_id=ref.person_id, mailbox_id=ref.mailbox_id, message_id=each, thread=True, run=ref.run)
            for each in rooms.door(mailbox).thread(ref.thread_id)
            if not _kept(rooms, ref, each)
        ]
    )


def _message(rooms: Rooms, ref: MessageRef) -> None:
    store = rooms.store
    mailbox = _active(rooms, ref)
    if mailbox is None:
        return
    if ref.again:
        rereading.again(rooms, mailbox, ref)
        return
    looked_at = store.ledger.looked_at(ref.person_id, ref.mailbox_id, [ref.message_id])
    if looked_at and (not (ref.thread or ref.anew) or _recorded(rooms, ref)):
        return
    door = rooms.door(mailbox)
    person = store.people.get(ref.person_id)
    choices = choices_of(rooms, person, mailbox)
    if not _worth_opening(rooms, door, choices, ref):
        return
    try:
        raw = door.fetch(ref.message_id)
    except Hidden:
        return  # no line: when it comes out of Spam or Trash it is read
    except NotFound:
        _missing(rooms, ref, door)
        return
    reading = read(raw, context_of(person, frozenset({mailbox.address}), rooms.authserv_ids))
    first_sync = ref.backfill or mailbox.backfill is not None
    founds = (
        not (ref.backfill and backfill.finds_replies(mailbox))
        and not ref.thread
        and reading.counts
        and not senders.blocks(rooms, person.id, reading)
        and choices.opened(reading) is None
    )
    if founds and reading.signal.thread_id:  # before the ledger says this one is done
        if first_sync:
            _queue_thread(rooms, door, mailbox, ref, reading.signal.thread_id)
        elif not _known_thread(rooms, mailbox, reading.signal.thread_id):
            _queue_passed_over(rooms, ref, reading.signal.thread_id)
    keep(
        rooms,
        person,
        reading,
        choices,
        run=ref.run,
        units=door.spent(),
        silent=ref.backfill or reading.signal.received_at < rooms.clock() - LIVE_ALERT_AGE,
    )


def _queue_thread(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, ref: MessageRef, thread_id: str) -> None:
    """The rest of a thread about an application: replies that no search finds, the person's own among them.

    Invariant: while a backfill runs, a thread that is known has been queued whole; so each is asked for once.
    """
    if _known_thread(rooms, mailbox, thread_id):
        return
    others = [
        replace(ref, message_id=each, backfill=True, thread=True, awaited=True)
        for each in door.thread(thread_id)
        if each != ref.message_id
    ]
    known = rooms.store.facts.known(
        ref.person_id, [FactId(signal_id(each.mailbox_id, each.message_id)) for each in others]
    )
    new: list[Task] = [each for each in others if FactId(signal_id(each.mailbox_id, each.message_id)) not in known]
    backfill.send(rooms, mailbox, new)


def _queue_passed_over(rooms: Rooms, ref: MessageRef, thread_id: str) -> None:
    """A reply may have been looked at before what it answers was read; it is looked for once this mail is on the board."""
    thread = ThreadRef(person_id=ref.person_id, mailbox_id=ref.mailbox_id, thread_id=thread_id, run=ref.run)
    rooms.queue.send([thread], lane=lane_of(thread))


def _worth_opening(rooms: Rooms, door: MailboxDoor, choices: Choices, ref: MessageRef) -> bool:
    """Whether gate and choices let the message be opened; if not, it has been noted. What a search found and what belongs to
    an application has passed the gate, and is looked at only where a choice may leave it out.
    """
    gated = not (ref.backfill or ref.thread)
    if not gated and not choices.narrow:
        return True
    glimpses = door.glimpse([ref.message_id])
    if not glimpses:
        _missing(rooms, ref, door)
        return False
    glimpse = glimpses[0]
    if glimpse.hidden:
        return False  # no line: when it comes out of Spam or Trash it is looked at
    word = senders.word_on_header(rooms, ref.person_id, glimpse.sender)
    if word is not None and not word.trusted:
        _note(rooms, ref, door, Looked.SEEN, LeftOut.BLOCKED.value, glimpse)
        return False
    known = _known_thread(rooms, choices.mailbox, glimpse.thread_id)
    if gated and word is None:
        verdict = gate.decide(
            glimpse.sender, glimpse.subject, glimpse.snippet, known_domains=frozenset(), known_thread=known
        )
        if not verdict.open:
            _note(rooms, ref, door, Looked.SEEN, verdict.reason, glimpse)
            return False
    left_out = choices.unopened(glimpse, known_thread=known)
    if left_out is LeftOut.FOLDER:
        return False  # no line: when it comes into a folder that is read it is looked at
    if left_out is not None:
        _note(rooms, ref, door, Looked.SEEN, left_out.value, glimpse)
    return left_out is None


def _recorded(rooms: Rooms, ref: MessageRef) -> bool:
    return _kept(rooms, ref, ref.message_id)


def _kept(rooms: Rooms, ref: MessageRef | ThreadRef, message: ProviderMessageId) -> bool:
    return bool(rooms.store.facts.known(ref.person_id, [FactId(signal_id(ref.mailbox_id, message))]))


def _known_thread(rooms: Rooms, mailbox: Mailbox, thread_id: str | None) -> bool:
    if thread_id is None:
        return False
    return bool(rooms.store.facts.touched(mailbox.person_id, [thread_key(mailbox.id, thread_id)]))


def _missing(rooms: Rooms, ref: MessageRef, door: MailboxDoor) -> None:
    """It is not there: deleted, or not there yet. Only after some more looks is it noted as gone."""
    if ref.missing < len(MISSING_DELAYS_SECONDS):
        later = replace(ref, missing=ref.missing + 1)
        rooms.queue.send([later], lane=lane_of(later), delay_seconds=MISSING_DELAYS_SECONDS[ref.missing])
    else:
        _note(rooms, ref, door, Looked.GONE, "deleted or moved before it could be read")


def _note(
    rooms: Rooms, ref: MessageRef, door: MailboxDoor, looked: Looked, reason: str, glimpse: Glimpse | None = None
) -> None:
    at = (glimpse.received_at if glimpse else None) or UNDATED
    entry = LedgerEntry(
        mailbox_id=ref.mailbox_id,
        provider_message_id=ref.message_id,
        at=at,
        looked=looked,
        reason=reason,
        run=ref.run,
        units=door.spent(),
    )
    if ref.anew:  # in place of the line that says by which choice it was left out before
        rooms.store.facts.record(Change(person_id=ref.person_id, ledger=(entry,)))
    else:
        rooms.store.ledger.note(ref.person_id, [entry])


def keep(
    rooms: Rooms, person: Person, reading: Reading, choices: Choices, *, silent: bool, run: str = "", units: int = 0
) -> None:
    """Record what was read, with its ledger line, in one transaction."""
    signal, line = kept(rooms, person, reading, choices)
    line = replace(line, run=run, units=units)
    record(rooms, person.id, [signal] if signal is not None else [], silent=silent, ledger=[line])
