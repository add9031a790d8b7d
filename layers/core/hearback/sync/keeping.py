"""What is kept of a reading: its signal where it is worth one, and the line in the ledger that says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hearback.model.ledger import LedgerEntry, LeftOut, Looked
from hearback.model.person import Person
from hearback.model.signal import Kind, Signal
from hearback.reading.read import Context, Reading
from hearback.sync import learning, senders
from hearback.sync.choices import Choices
from hearback.sync.rooms import Rooms

MAY_BE: Final = "may be about an application"


def context_of(person: Person, owners: frozenset[str], authserv_ids: frozenset[str] = frozenset()) -> Context:
    """How this person's mail is read."""
    return Context(owners=owners, zone=person.zone, mode=person.mode, privacy=person.privacy, authserv_ids=authserv_ids)


def ledger_line(reading: Reading, *, kept: bool, left_out: LeftOut | None = None) -> LedgerEntry:
    """The line that says what became of a message that was opened; `left_out`: by which choice of the person's."""
    signal = reading.signal
    return LedgerEntry(
        mailbox_id=signal.mailbox_id,
        provider_message_id=signal.provider_message_id,
        at=signal.received_at,
        looked=Looked.KEPT if kept else Looked.OPENED,
        reason=left_out.value if left_out is not None else _reason(reading, kept=kept),
        thread=(signal.thread_id or next(iter(signal.references), None) or signal.message_id or None) if kept else None,
    )


def faint_line(reading: Reading) -> LedgerEntry:
    """The line of a message whose signal is faint: it makes no thread one about an application."""
    return replace(ledger_line(reading, kept=True), reason=MAY_BE, thread=None)


def _reason(reading: Reading, *, kept: bool) -> str:
    if reading.job_related:
        return "about an application"
    if reading.signal.error:
        return "could not be read"
    return "about an application" if kept and not reading.message.sent else "other"


def kept(rooms: Rooms, person: Person, reading: Reading, choices: Choices) -> tuple[Signal | None, LedgerEntry]:
    """What is kept of a reading: its signal, if it is worth one or the person has taught or ruled so, and its ledger line."""
    left_out = LeftOut.BLOCKED if senders.blocks(rooms, person.id, reading) else choices.opened(reading)
    if left_out is not None:
        return None, ledger_line(reading, kept=False, left_out=left_out)
    signal = (
        learning.with_template(rooms, person.id, reading)
        if reading.counts
        else learning.taught_to_keep(rooms, person.id, reading)
    )
    ruled = choices.ruled(signal or reading.signal)
    if signal is None and ruled is not None and ruled.kind not in {None, Kind.OTHER}:
        signal = learning.with_template(rooms, person.id, reading)
    if signal is not None:
        return choices.stamped(signal, ruled), ledger_line(reading, kept=True)
    if reading.faint is not None and not (ruled is not None and ruled.leaves_out):
        faint = learning.with_template(rooms, person.id, reading, reading.faint)
        return choices.stamped(faint, ruled), faint_line(reading)
    return None, ledger_line(reading, kept=False)
