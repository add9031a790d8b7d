"""What is kept of a reading: its signal where it is worth one, and the line in the ledger that says so."""

from __future__ import annotations

from hearback.model.ledger import LedgerEntry, Looked
from hearback.model.person import Person
from hearback.model.signal import Decision, Signal
from hearback.reading.read import Context, Reading
from hearback.sync import learning
from hearback.sync.rooms import Rooms


def context_of(person: Person, owners: frozenset[str], authserv_ids: frozenset[str] = frozenset()) -> Context:
    """How this person's mail is read."""
    return Context(owners=owners, zone=person.zone, mode=person.mode, privacy=person.privacy, authserv_ids=authserv_ids)


def ledger_line(reading: Reading, *, kept: bool) -> LedgerEntry:
    """The line that says what became of a message that was opened."""
    signal = reading.signal
    return LedgerEntry(
        mailbox_id=signal.mailbox_id,
        provider_message_id=signal.provider_message_id,
        at=signal.received_at,
        looked=Looked.KEPT if kept else Looked.OPENED,
        reason=_reason(reading, kept=kept),
        thread=(signal.thread_id or next(iter(signal.references), None) or signal.message_id or None) if kept else None,
    )


def worth_keeping(reading: Reading) -> bool:
    """Whether the reading becomes a signal: it acts, waits for the person, or was written by them."""
    return reading.decision is not Decision.IGNORE or reading.message.sent


def _reason(reading: Reading, *, kept: bool) -> str:
    if reading.job_related:
        return "about an application"
    if reading.signal.error:
        return "could not be read"
    return "about an application" if kept and not reading.message.sent else "other"


def kept(rooms: Rooms, person: Person, reading: Reading) -> tuple[Signal | None, LedgerEntry]:
    """What is kept of a reading: its signal, if it is worth one or the person has taught so, and its ledger line."""
    if worth_keeping(reading):
        return learning.with_template(rooms, person.id, reading), ledger_line(reading, kept=True)
    signal = learning.taught_to_keep(rooms, person.id, reading)
    return signal, ledger_line(reading, kept=signal is not None)
