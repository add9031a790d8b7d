"""What sync, alerts and web may ask of a store. Small Protocols, each person-first but the Directory.

One `Change` is one transaction: signals, acts, projections, ledger lines and outbox entries are all durable or none is.
A *component* is the set of facts that share a link key, transitively (pipeline.grouping.link_keys): the unit that is
read, folded and written together. Its `version` is the condition that makes concurrent folds safe.
Every method raises Transient when the store refuses, is throttled or out of reach, and Conflict when a condition fails.
Bodies are sealed under the person's key before they reach disk; keys of items carry ids and HMACs only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

from hearback.model.application import Application, ReviewItem
from hearback.model.change import Change, Component
from hearback.model.facts import Fact
from hearback.model.ids import ApplicationId, FactId, MailboxId, PersonId, ProviderMessageId
from hearback.model.ledger import LedgerEntry, Looked, Tally
from hearback.model.lesson import Lessons
from hearback.model.mailbox import Lease, Mailbox, SyncRun
from hearback.model.outbox import OutboxEntry
from hearback.model.person import Person
from hearback.model.task import Task


class Facts(Protocol):
    """Signals and acts, in components. (DESIGN: "Signals")"""

    def record(self, change: Change) -> None:
        """Make `change` durable, all or nothing. Conflict: a version moved (a component's, the lessons'), a fact exists or a
        replaced one does not; Fenced; NotFound: person erased.
        """
        ...

    def known(self, person: PersonId, ids: Iterable[FactId]) -> frozenset[FactId]:
        """Which of these facts are stored already."""
        ...

    def touched(self, person: PersonId, link_keys: Iterable[str]) -> tuple[Component, ...]:
        """The components any of these keys points to, pointers followed, facts loaded."""
        ...

    def all(self, person: PersonId) -> Iterable[Fact]:
        """Every fact of the person, streaming, in no order."""
        ...

    def lessons(self, person: PersonId) -> Lessons:
        """All that the person's acts say about mail elsewhere, with the version every fold is recorded under. Cheap while it stands."""
        ...

    def written_by(self, person: PersonId, senders: Iterable[str]) -> Iterable[Component]:
        """The components with mail from senders of any of these names (pipeline.standing.names), loaded one by one."""
        ...


class Projections(Protocol):
    """The fold as pages read it. Nothing here is a source of truth."""

    def applications(self, person: PersonId) -> Sequence[Application]:
        """All applications and leads, with ids, without order. (Pages filter; `timeline` included.)"""
        ...

    def application(self, person: PersonId, application: ApplicationId) -> Application:
        """One application, by its id or an alias left by a merge. NotFound."""
        ...

    def review(self, person: PersonId) -> Sequence[ReviewItem]:
        """All that waits for the person."""
        ...

    def left_out(self, person: PersonId) -> Sequence[ReviewItem]:
        """All that is in no application because of what the person said of mail like it."""
        ...

    def version(self, person: PersonId) -> int:
        """Grows with every change of the person's projections."""
        ...


class Unchanged(Enum):
    """A value of its own for "as it was", where None already says something else."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


class Mailboxes(Protocol):
    """Mailboxes with cursor, lease, status, sealed tokens; indexes of when one is due and when its watch ends."""

    def put(
        self,
        mailbox: Mailbox,
        *,
        due_at: datetime | Unchanged | None = UNCHANGED,
        fence: Lease | None = None,
        tells: OutboxEntry | None = None,
    ) -> Mailbox:
        """Store if `version` is the stored one (0: must not exist); answers it with the next version.
        Conflict: version moved, or cursor generation would go back; Fenced: the lease is no longer current.
        `due_at` is when the sweep should look again; None: never by itself. `tells` leaves with the change, or not at all.
        """
        ...

    def get(self, person: PersonId, mailbox: MailboxId) -> Mailbox:
        """One mailbox. NotFound."""
        ...

    def of_person(self, person: PersonId) -> Sequence[Mailbox]:
        """All mailboxes of a person, disconnected ones too, by id."""
        ...

    def due(self, now: datetime, shard: int, *, limit: int = 100) -> Sequence[tuple[PersonId, MailboxId]]:
        """Mailboxes of one of DUE_SHARDS shards whose due_at has come."""
        ...

    def lapsing(self, until: datetime, shard: int) -> Sequence[tuple[PersonId, MailboxId]]:
        """Mailboxes of a shard whose watch ends by `until`, the first to end first, whether a sweep is due or not."""
        ...

    def lease(self, person: PersonId, mailbox: MailboxId, *, seconds: float, now: datetime) -> Lease | None:
        """Take the lease, or None while another holds it. Every grant has a higher fence."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the lease back if it is still ours."""
        ...

    def secret(self, person: PersonId, mailbox: MailboxId) -> tuple[bytes, int] | None:
        """The mailbox's token cache in clear, and its version."""
        ...

    def put_secret(self, person: PersonId, mailbox: MailboxId, secret: bytes | None, *, expected: int) -> int:
        """Store (None: delete) the token cache under the version condition; answers the new version. Conflict."""
        ...


DUE_SHARDS = 4


class Directory(Protocol):
    """From what a provider calls a mailbox to ours. The only one that is not person-first; holds HMACs only."""

    def add(self, kind: str, name: str, person: PersonId, mailbox: MailboxId) -> None:
        """Let `name` (an address, a subscription id, a WebSocket ticket) lead to the mailbox. `kind` keeps them apart."""
        ...

    def find(self, kind: str, name: str) -> Sequence[tuple[PersonId, MailboxId]]:
        """Where `name` leads; one address may belong to several people."""
        ...

    def remove(self, kind: str, name: str, person: PersonId, mailbox: MailboxId) -> None:
        """Forget that lead."""
        ...


class Ledger(Protocol):
    """What was looked at, and the runs it was looked at in."""

    def note(self, person: PersonId, entries: Sequence[LedgerEntry]) -> None:
        """Add lines outside a Change (mail that was ignored). Repeating a line changes nothing."""
        ...

    def looked_at(
        self, person: PersonId, mailbox: MailboxId, ids: Iterable[ProviderMessageId]
    ) -> frozenset[ProviderMessageId]:
        """Which of these messages have a line already."""
        ...

    def lines(
        self, person: PersonId, mailbox: MailboxId, ids: Iterable[ProviderMessageId]
    ) -> Mapping[ProviderMessageId, LedgerEntry]:
        """The lines of those of these messages that have one."""
        ...

    def entries(
        self,
        person: PersonId,
        mailbox: MailboxId | None = None,
        *,
        run: str | None = None,
        looked: Looked | None = None,
        skip: int = 0,
        limit: int | None = None,
    ) -> Sequence[LedgerEntry]:
        """Lines (that a run found, that were looked at so far), newest message first; no others are opened."""
        ...

    def tally(self, person: PersonId, mailbox: MailboxId | None = None) -> Tally:
        """What all lines come to. One of each sort is opened."""
        ...

    def add_run(self, person: PersonId, run: SyncRun) -> None:
        """Remember one sync run (kept 90 days)."""
        ...

    def runs(self, person: PersonId, *, limit: int = 20) -> Sequence[SyncRun]:
        """Sync History, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A task that waits for its mailbox to recover, with why."""

    task: Task
    reason: str
    at: datetime = field()


class Outbox(Protocol):
    """What must leave, and tasks parked on a mailbox."""

    def pending(self, *, limit: int = 100) -> Sequence[OutboxEntry]:
        """Entries not yet marked done, oldest first, of all people (what a sweep finds when the stream missed one)."""
        ...

    def done(self, person: PersonId, ids: Iterable[str]) -> None:
        """Delivered; repeating is harmless."""
        ...

    def park(self, parked: Parked) -> None:
        """Keep a task until its mailbox recovers. Parking twice keeps one."""
        ...

    def parked(self, person: PersonId, mailbox: MailboxId) -> Sequence[Parked]:
        """Tasks waiting on this mailbox."""
        ...

    def unpark(self, person: PersonId, mailbox: MailboxId, tasks: Iterable[Task]) -> None:
        """Forget these parked tasks: they were queued again."""
        ...


class Awaited(Protocol):
    """What a backfill queued and nobody has settled yet: how far a mailbox's backfill is, whatever else is queued."""

    def add(self, person: PersonId, mailbox: MailboxId, names: Iterable[str]) -> None:
        """Wait for these too (before they are queued). Waiting twice for one is waiting once. NotFound: person erased."""
        ...

    def settled(self, person: PersonId, mailbox: MailboxId, name: str) -> None:
        """This one is waited for no more; one that is not waited for is no error."""
        ...

    def among(self, person: PersonId, mailbox: MailboxId, names: Iterable[str]) -> frozenset[str]:
        """Which of these are waited for."""
        ...

    def drop(self, person: PersonId, mailbox: MailboxId, prefix: str) -> None:
        """Nothing whose name begins so is waited for any more."""
        ...

    def count(self, person: PersonId, mailbox: MailboxId, prefix: str = "") -> int:
        """How many are waited for, of those whose name begins so."""
        ...


class Quotas(Protocol):
    """What was spent of the providers' quota, a count a mailbox, shared by all processes under a version condition."""

    def get(self, person: PersonId, mailbox: MailboxId) -> tuple[bytes, int] | None:
        """The count, whatever it looks like, and its version; None: there is none."""
        ...

    def put(self, person: PersonId, mailbox: MailboxId, count: bytes, *, expected: int) -> int:
        """Store it if `expected` (0: none) is the version; answers the new one. Conflict; NotFound: person erased."""
        ...


class People(Protocol):
    """Persons and small sealed settings of theirs (webhook endpoints, sessions, connections)."""

    def put(self, person: Person) -> None:
        """Create (with a fresh key) or update."""
        ...

    def get(self, person: PersonId) -> Person:
        """NotFound where there is none or it was erased."""
        ...

    def setting(self, person: PersonId, name: str) -> bytes | None:
        """A sealed setting in clear."""
        ...

    def put_setting(self, person: PersonId, name: str, value: bytes | None) -> None:
        """Store or (None) delete a sealed setting."""
        ...

    def settings(self, person: PersonId, prefix: str) -> Sequence[tuple[str, bytes]]:
        """All settings whose name begins so, by name."""
        ...

    def derived(self, person: PersonId, purpose: str) -> bytes:
        """A 32-byte key of the person's for one purpose; the same always, gone with their key. NotFound."""
        ...

    def erase(self, person: PersonId) -> None:
        """Delete the person's key first, then everything of theirs. Afterwards every write for them is NotFound."""
        ...


class Keys(Protocol):
    """Person keys, wrapped, in a place of their own. Transient (refused or out of reach): nothing is written in clear."""

    def create(self, person: PersonId) -> bytes:
        """Make, wrap and keep a 32-byte data key; the existing one if there is one."""
        ...

    def get(self, person: PersonId) -> bytes:
        """The data key, unwrapped. NotFound after erasure."""
        ...

    def erase(self, person: PersonId) -> None:
        """Forget the key; all that was sealed under it is unreadable from then on."""
        ...

    def deployment_key(self) -> bytes:
        """The 32-byte key of this installation, for the Directory's HMACs and sign-in links."""
        ...


class Store(Protocol):
    """One implementation's Protocols together."""

    @property
    def facts(self) -> Facts:
        """Signals and acts."""
        ...

    @property
    def projections(self) -> Projections:
        """Applications and review items."""
        ...

    @property
    def mailboxes(self) -> Mailboxes:
        """Mailboxes, leases, tokens."""
        ...

    @property
    def directory(self) -> Directory:
        """From a provider's name of a mailbox to ours."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What was looked at."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What must leave."""
        ...

    @property
    def awaited(self) -> Awaited:
        """What backfills wait for."""
        ...

    @property
    def quotas(self) -> Quotas:
        """What was spent at the providers."""
        ...

    @property
    def people(self) -> People:
        """Persons and their settings."""
        ...
