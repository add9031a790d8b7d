"""One queued task, worked: CatchUp → more references; a reference → glimpse → gate → fetch → read → record.

`handle` is what a queue worker calls. It raises only what the queue shall deliver again; everything else is settled:
dead-lettered with its reason, parked on its mailbox, or noted as gone (model.errors.OUTCOMES is the table).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never

from hearback.mailboxes.protocols import Glimpse, MailboxDoor
from hearback.model.errors import HearbackError, NeedsPerson, NotFound, Outcome, Permanent, Transient, outcome_of
from hearback.model.ids import FactId, MailboxId, signal_id
from hearback.model.ledger import UNDATED, LedgerEntry, Looked
from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.model.person import Person
from hearback.model.signal import Decision
from hearback.model.task import CatchUp, Lane, MessageRef, Task
from hearback.pipeline.grouping import thread_key
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES
from hearback.reading import gate
from hearback.reading.read import Context, Reading, read
from hearback.storage.protocols import Parked
from hearback.sync import status
from hearback.sync.catch_up import catch_up
from hearback.sync.record import record
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

LIVE_ALERT_AGE: Final = timedelta(hours=24)
"""Live mail older than this raises no alert: it is no news any more."""
UNPARKED_DELAY_SECONDS: Final = 900
"""How long a task rests that the store did not even park."""


def handle(rooms: Rooms, body: str, receives: int) -> None:
    """Work the task in `body`, at its `receives`-th delivery. Raises what is worth another delivery, nothing else."""
    try:
        task = codec.decode(body)
    except Permanent as error:
        rooms.queue.dead_letter(body, lane=Lane.LIVE, reason=str(error))
        return
    try:
        work(rooms, task)
    except HearbackError as error:
        _settle(rooms, task, body, receives, error)


def work(rooms: Rooms, task: Task) -> None:
    """Do what `task` says; any HearbackError of a door, the store or the queue may come out."""
    match task:
        case CatchUp():
            catch_up(rooms, task.person_id, task.mailbox_id, reason=task.reason, hint=task.hint, attempt=task.attempt)
        case MessageRef():
            _message(rooms, task)
        case _:
            raise Permanent("This task belongs to another worker.")


def _settle(rooms: Rooms, task: Task, body: str, receives: int, error: HearbackError) -> None:
    outcome = outcome_of(error)
    if isinstance(error, NeedsPerson):
        status.require_person(rooms, task.person_id, _mailbox_of(task), error)
    if outcome is Outcome.RETRY and isinstance(error, Transient) and receives >= MAX_RECEIVES:
        outcome = Outcome.PARK  # an outage of days must lose nothing: wait on the mailbox, not in the queue
    log.info("task %s of mailbox %s: %s", outcome, _mailbox_of(task), type(error).__name__)
    match outcome:
        case Outcome.RETRY:
            raise error
        case Outcome.PARK:
            _park(rooms, task, str(error))
        case Outcome.DEAD_LETTER:
            rooms.queue.dead_letter(body, lane=Lane.LIVE, reason=str(error))
        case Outcome.DROP:
            pass  # the mailbox or the person is gone, and with them whoever could want this
        case _:
            assert_never(outcome)


def _park(rooms: Rooms, task: Task, reason: str) -> None:
    """Let the task wait on its mailbox; where the store refuses even that, as a new task in the queue."""
    try:
        rooms.store.outbox.park(Parked(task=task, reason=reason, at=rooms.clock()))
    except Transient:
        lane = Lane.BACKFILL if isinstance(task, MessageRef) and task.backfill else Lane.LIVE
        rooms.queue.send([task], lane=lane, delay_seconds=UNPARKED_DELAY_SECONDS)


def _mailbox_of(task: Task) -> MailboxId:
    return task.mailbox_id if isinstance(task, CatchUp | MessageRef) else MailboxId("")


def _message(rooms: Rooms, ref: MessageRef) -> None:
    store = rooms.store
    mailbox = store.mailboxes.get(ref.person_id, ref.mailbox_id)
    if mailbox.status is not MailboxStatus.ACTIVE:  # the cursor has passed it: only the park still knows of it
        store.outbox.park(Parked(task=ref, reason="waits for the mailbox to be reconnected", at=rooms.clock()))
        return
    if not ref.thread and store.ledger.looked_at(ref.person_id, ref.mailbox_id, [ref.message_id]):
        return
    door = rooms.doors.open(mailbox)
    if not (ref.backfill or ref.thread) and not _worth_opening(rooms, door, mailbox, ref):
        return
    try:
        raw = door.fetch(ref.message_id)
    except NotFound:
        _note(rooms, ref, Looked.GONE, "deleted or moved before it could be read")
        return
    person = store.people.get(ref.person_id)
    reading = read(raw, context_of(person, frozenset({mailbox.address}), rooms.authserv_ids))
    if ref.backfill and not ref.thread and worth_keeping(reading) and reading.signal.thread_id:
        _queue_thread(rooms, door, ref, reading.signal.thread_id)  # before the ledger says that this one is done
    keep(rooms, person, reading, silent=ref.backfill or reading.signal.received_at < rooms.clock() - LIVE_ALERT_AGE)


def _queue_thread(rooms: Rooms, door: MailboxDoor, ref: MessageRef, thread_id: str) -> None:
    """The rest of a thread about an application: replies that no search finds, the person's own among them."""
    others = [replace(ref, message_id=each, thread=True) for each in door.thread(thread_id) if each != ref.message_id]
    known = rooms.store.facts.known(
        ref.person_id, [FactId(signal_id(each.mailbox_id, each.message_id)) for each in others]
    )
    rooms.queue.send(
        [each for each in others if FactId(signal_id(each.mailbox_id, each.message_id)) not in known],
        lane=Lane.BACKFILL,
    )


def _worth_opening(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox, ref: MessageRef) -> bool:
    glimpses = door.glimpse([ref.message_id])
    if not glimpses:
        _note(rooms, ref, Looked.GONE, "deleted or moved before it could be read")
        return False
    glimpse = glimpses[0]
    verdict = gate.decide(
        glimpse.sender,
        glimpse.subject,
        glimpse.snippet,
        known_domains=frozenset(),
        known_thread=_known_thread(rooms, mailbox, glimpse),
    )
    if verdict.open:
        return True
    _note(rooms, ref, Looked.SEEN, verdict.reason, glimpse)
    return False


def _known_thread(rooms: Rooms, mailbox: Mailbox, glimpse: Glimpse) -> bool:
    if glimpse.thread_id is None:
        return False
    key = thread_key(mailbox.id, glimpse.thread_id)
    return bool(rooms.store.facts.touched(mailbox.person_id, [key]))


def _note(rooms: Rooms, ref: MessageRef, looked: Looked, reason: str, glimpse: Glimpse | None = None) -> None:
    at = (glimpse.received_at if glimpse else None) or UNDATED
    entry = LedgerEntry(
        mailbox_id=ref.mailbox_id, provider_message_id=ref.message_id, at=at, looked=looked, reason=reason
    )
    rooms.store.ledger.note(ref.person_id, [entry])


def context_of(person: Person, owners: frozenset[str], authserv_ids: frozenset[str] = frozenset()) -> Context:
    """How this person's mail is read."""
    return Context(owners=owners, zone=person.zone, mode=person.mode, privacy=person.privacy, authserv_ids=authserv_ids)


def ledger_line(reading: Reading) -> LedgerEntry:
    """The line that says what became of a message that was opened."""
    signal = reading.signal
    kept = worth_keeping(reading)
    return LedgerEntry(
        mailbox_id=signal.mailbox_id,
        provider_message_id=signal.provider_message_id,
        at=signal.received_at,
        looked=Looked.KEPT if kept else Looked.OPENED,
        reason="about an application" if reading.job_related else ("could not be read" if signal.error else "other"),
        thread=(signal.thread_id or next(iter(signal.references), None) or signal.message_id or None) if kept else None,
    )


def worth_keeping(reading: Reading) -> bool:
    """Whether the reading becomes a signal: it acts, waits for the person, or was written by them."""
    return reading.decision is not Decision.IGNORE or reading.message.sent


def keep(rooms: Rooms, person: Person, reading: Reading, *, silent: bool) -> None:
    """Record what was read, with its ledger line, in one transaction."""
    facts = [reading.signal] if worth_keeping(reading) else []
    record(rooms, person.id, facts, silent=silent, ledger=[ledger_line(reading)])
