"""What becomes of a task that failed: back to the queue, parked, dead-lettered, shown to the person, or dropped.

model.errors.OUTCOMES is the table from error to outcome. Four rules stand beside it: what would be tried again has its
last try in the queue and then waits on its mailbox (an outage of days loses nothing); where the store refuses even that, it
goes back to the queue as a new task, as does what waits for quota: that is no try; and what nobody foresaw never disappears: its type and place are logged at every try,
and after the last the person sees that a mail was not read.
"""

from __future__ import annotations

import logging
import math
from contextlib import suppress
from typing import Final, assert_never

from hearback.mailboxes.protocols import Glimpse
from hearback.model.errors import HearbackError, NeedsPerson, NotFound, Outcome, QuotaSpent, Transient, outcome_of
from hearback.model.ids import MailboxId, Personal, signal_id
from hearback.model.ledger import LedgerEntry, Looked
from hearback.model.message import Address
from hearback.model.signal import Signal
from hearback.model.task import Announce, CatchUp, Lane, MessageRef, Task, ThreadRef, lane_of
from hearback.queues.protocols import MAX_RECEIVES
from hearback.storage.protocols import Parked
from hearback.sync import status
from hearback.sync.record import record
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

UNPARKED_DELAY_SECONDS: Final = 900
"""How long a task rests that the store did not even park."""
UNREAD: Final = "Hearback could not read this message. Look at it in your mailbox."


def settle(rooms: Rooms, task: Task, body: str, receives: int, error: HearbackError) -> bool:
    """Do what the table says; answers whether the task is settled with that, or queued anew. Raises where it shall come back."""
    if isinstance(error, NeedsPerson):
        error = _told(rooms, task, error)
    if isinstance(error, QuotaSpent):
        return _anew(rooms, task, error.retry_after_seconds or 0)
    outcome = outcome_of(error)
    if outcome is Outcome.RETRY and receives >= MAX_RECEIVES:
        outcome = Outcome.PARK
    log.info("task %s of mailbox %s: %s", outcome, mailbox_of(task), type(error).__name__)
    match outcome:
        case Outcome.RETRY:
            raise error
        case Outcome.PARK:
            return park(rooms, task, str(error))
        case Outcome.DEAD_LETTER:
            rooms.queue.dead_letter(body, lane=Lane.LIVE, reason=str(error))
        case Outcome.DROP:
            pass  # the mailbox or the person is gone, and with them whoever could want this
        case _:
            assert_never(outcome)
    return True


def _told(rooms: Rooms, task: Task, error: NeedsPerson) -> HearbackError:
    """Say on the mailbox that it waits for the person; answers what the task is settled by: where that failed, why."""
    try:
        status.require_person(rooms, task.person_id, mailbox_of(task), error)
    except HearbackError as refusal:
        return refusal
    return error


def park(rooms: Rooms, task: Task, reason: str) -> bool:
    """Let the task wait on its mailbox, or as a new task in the queue; answers whether it is settled with that."""
    try:
        rooms.store.outbox.park(Parked(task=task, reason=reason, at=rooms.clock()))
    except Transient:
        return _anew(rooms, task)
    except NotFound:
        pass  # erased: nobody is left to want this
    return True


def _anew(rooms: Rooms, task: Task, seconds: float = UNPARKED_DELAY_SECONDS) -> bool:
    rooms.queue.send([task], lane=lane_of(task), delay_seconds=min(math.ceil(seconds), UNPARKED_DELAY_SECONDS))
    return False


def unexpected(rooms: Rooms, task: Task, body: str, receives: int, what: str) -> bool:
    """An error nobody foresaw; `what` is its type and place, never its text, which may hold content. Answers as `settle`."""
    log.error("task %s of mailbox %s, try %d: %s", task.type, mailbox_of(task), receives, what)
    return receives < MAX_RECEIVES or given_up(rooms, task, body, what)


def given_up(rooms: Rooms, task: Task, body: str, why: str) -> bool:
    """No further try: a message waits for the person, what can be done again later is parked, the rest keeps its reason.
    Answers as `settle`.
    """
    try:
        match task:
            case MessageRef():
                _could_not_be_read(rooms, task)
            case CatchUp() | ThreadRef():
                return park(rooms, task, why)
            case Announce():
                rooms.queue.dead_letter(body, lane=Lane.DELIVER, reason=why)
            case _:
                assert_never(task)
    except Transient:
        return _anew(rooms, task)
    except NotFound:
        pass  # as above
    except Exception:  # noqa: BLE001  what broke the task may break this as well: then its dead letter is the trace
        rooms.queue.dead_letter(body, lane=Lane.LIVE, reason=why)
    return True


def _could_not_be_read(rooms: Rooms, ref: MessageRef) -> None:
    seen = _glimpse(rooms, ref)
    at = (seen.received_at if seen else None) or rooms.clock()
    signal = Signal(
        id=signal_id(ref.mailbox_id, ref.message_id),
        mailbox_id=ref.mailbox_id,
        provider_message_id=ref.message_id,
        received_at=at,
        sender=Address(name=seen.sender) if seen else Address(),
        subject=seen.subject if seen else Personal(""),
        error=UNREAD,
    )
    line = LedgerEntry(
        mailbox_id=ref.mailbox_id,
        provider_message_id=ref.message_id,
        at=at,
        looked=Looked.KEPT,
        reason="could not be read",
        run=ref.run,
        thread=seen.thread_id if seen else None,
    )
    record(rooms, ref.person_id, [signal], silent=True, ledger=[line])


def _glimpse(rooms: Rooms, ref: MessageRef) -> Glimpse | None:
    """From whom it is and what about, if that much can be known."""
    with suppress(Exception):  # whatever broke the reading may break this
        mailbox = rooms.store.mailboxes.get(ref.person_id, ref.mailbox_id)
        return next(iter(rooms.door(mailbox).glimpse([ref.message_id])), None)
    return None


def mailbox_of(task: Task) -> MailboxId:
    """Whose mailbox a task is about; empty for an Announce."""
    return MailboxId("") if isinstance(task, Announce) else task.mailbox_id
