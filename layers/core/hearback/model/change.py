"""Components of facts, and the change that records new ones: what pipeline plans and a store writes as one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from hearback.model.application import Application, ReviewItem
from hearback.model.facts import Fact
from hearback.model.ids import FactId, Personal, PersonId
from hearback.model.ledger import LedgerEntry
from hearback.model.lesson import Teaching
from hearback.model.mailbox import Lease
from hearback.model.outbox import OutboxEntry

ComponentId = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Connected facts as stored, and their fold. version 0: not stored yet."""

    id: ComponentId
    version: int
    facts: tuple[Fact, ...]
    applications: tuple[Application, ...] = ()
    review: tuple[ReviewItem, ...] = ()
    left_out: tuple[ReviewItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentWrite:
    """A component after a change. Stored if every id in `expected` still has that version."""

    id: ComponentId
    expected: tuple[tuple[ComponentId, int], ...]
    """Every component this one was made from (itself included, version 0 if new); the others become pointers to it."""
    facts: tuple[FactId, ...]
    """All member facts."""
    link_keys: tuple[str, ...]
    """Keys not yet pointing here, in clear: the store keeps only their HMAC."""
    applications: tuple[Application, ...]
    review: tuple[ReviewItem, ...]
    left_out: tuple[ReviewItem, ...] = ()
    senders: tuple[Personal, ...] = ()
    """Names (pipeline.standing) of who wrote mail in here, where that is new: the store finds it by their HMAC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One transaction of one person."""

    person_id: PersonId
    facts: tuple[Fact, ...] = ()
    """New facts; each is written with "must not exist": one that does makes the whole change a Conflict."""
    replaced: tuple[Fact, ...] = ()
    """Stored facts that say less from now on; each stands in place of the one with its id, which must be there."""
    components: tuple[ComponentWrite, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    lessons: int | None = None
    """The version of the person's lessons it was folded with: a Conflict if they have moved on. None: nothing was folded."""
    teaching: Teaching | None = None
    """How it moves the lessons on."""
    fence: Lease | None = None
    """If given, the change is Fenced unless the lease is still the current one."""
