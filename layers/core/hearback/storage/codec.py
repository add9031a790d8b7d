"""Values ↔ JSON bytes, validated on the way in. What a stored body looks like is decided by the model's dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from hearback.model.application import Application, ReviewItem
from hearback.model.facts import ACT, SIGNAL, Fact
from hearback.model.ledger import LedgerEntry
from hearback.model.lesson import Lesson, SenderWord
from hearback.model.mailbox import Mailbox, SyncRun
from hearback.model.outbox import OutboxEntry
from hearback.model.person import Person
from hearback.model.signal import Signal
from hearback.storage.protocols import Parked


@dataclass(frozen=True, slots=True)
class Projected:
    """What is stored of one component's fold."""

    applications: tuple[Application, ...]
    review: tuple[ReviewItem, ...]
    left_out: tuple[ReviewItem, ...] = ()


PROJECTED: Final[TypeAdapter[Projected]] = TypeAdapter(Projected)
MAILBOX: Final[TypeAdapter[Mailbox]] = TypeAdapter(Mailbox)
PERSON: Final[TypeAdapter[Person]] = TypeAdapter(Person)
LEDGER: Final[TypeAdapter[LedgerEntry]] = TypeAdapter(LedgerEntry)
LESSON: Final[TypeAdapter[Lesson | SenderWord]] = TypeAdapter(Lesson | SenderWord)
RUN: Final[TypeAdapter[SyncRun]] = TypeAdapter(SyncRun)
OUTBOX: Final[TypeAdapter[OutboxEntry]] = TypeAdapter(OutboxEntry)
PARKED: Final[TypeAdapter[Parked]] = TypeAdapter(Parked)


def encode_fact(fact: Fact) -> bytes:
    """A fact as JSON with a leading letter: S for a signal, A for an act."""
    if isinstance(fact, Signal):
        return b"S" + SIGNAL.dump_json(fact, exclude_defaults=True)
    return b"A" + ACT.dump_json(fact)


def decode_fact(body: bytes) -> Fact:
    """The fact again."""
    if body[:1] == b"S":
        return SIGNAL.validate_json(body[1:])
    return ACT.validate_json(body[1:])
