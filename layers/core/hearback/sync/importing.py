"""An export becomes signals: read in memory, batch by batch, resumable, nothing of the mail spooled.

Invariant: a batch's signals and its ledger lines are one transaction, keyed by the digest of the message's bytes. So a
second import, a shuffled one, one with duplicates, or one that was killed and run again ends in the same state.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from hearback.model.errors import Conflict, Transient
from hearback.model.ids import MailboxId, Personal, PersonId, ProviderMessageId
from hearback.model.ledger import Looked
from hearback.model.mailbox import Frequency, Mailbox, Preferences, Provider, SyncRun
from hearback.model.message import Origin, RawMessage
from hearback.model.person import Person
from hearback.reading.read import Context, Reading, glance, read
from hearback.sync.choices import Choices, choices_of
from hearback.sync.keeping import context_of, kept
from hearback.sync.record import record
from hearback.sync.rooms import Rooms

BATCH: Final = 200
BATCH_BYTES: Final = 8 * 1024 * 1024


class Exported(Protocol):
    """One message of an export."""

    @property
    def digest(self) -> str:
        """Hex SHA-256 of all its bytes."""
        ...

    @property
    def content(self) -> bytes:
        """Its bytes, cut short where it is larger than anything Hearback reads."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    seen: int = 0
    """Messages in the export, repeats included."""
    opened: int = 0
    """Messages read now (known ones are not read again)."""
    kept: int = 0
    """Signals recorded."""
    unsettled: int = 0
    """Messages that wait for the second pass."""
    seconds: float = 0.0


def import_mailbox(rooms: Rooms, person: PersonId, owner: str) -> Mailbox:
    """The import mailbox of this owner address, made at first sight."""
    address = Personal(owner.lower())
    for each in rooms.store.mailboxes.of_person(person):
        if each.provider is Provider.IMPORT and each.address == address:
            return each
    mailbox = Mailbox(
        id=MailboxId(f"import-{secrets.token_hex(6)}"),
        person_id=person,
        provider=Provider.IMPORT,
        address=address,
        connected_at=rooms.clock(),
        preferences=Preferences(frequency=Frequency.MANUAL),
    )
    return rooms.store.mailboxes.put(mailbox)


def import_messages(
    rooms: Rooms,
    person_id: PersonId,
    mailbox: Mailbox,
    messages: Callable[[], Iterable[Exported]],
    *,
    progress: Callable[[Imported], None] = lambda _: None,
) -> Imported:
    """Read and record an export, in two passes; `progress` is told after every batch.

    `messages` gives it from its beginning, each time it is called. First comes what the first reading stage settles by
    itself, most mail; then what it leaves to the second. Memory is flat in the mailbox's size, but for a digest each of those.
    """
    started, began_at = time.monotonic(), rooms.clock()
    done = Imported()
    unsettled: set[str] = set()
    left_out = {each.provider_message_id for each in rooms.store.ledger.entries(person_id, mailbox.id) if each.left_out}
    for batch in _batches(messages()):
        person, context, choices = _reader(rooms, person_id, mailbox)
        unique = {each.digest: each for each in batch}
        known = rooms.store.ledger.looked_at(person_id, mailbox.id, [ProviderMessageId(digest) for digest in unique])
        known -= left_out
        readings = []
        for digest, each in unique.items():
            if digest in known or digest in unsettled:
                continue
            reading = glance(_raw(mailbox, each), context)
            if reading is None:
                unsettled.add(digest)
            else:
                readings.append(reading)
        done = replace(
            _after(done, readings, _keep(rooms, person, readings, choices), started), seen=done.seen + len(batch)
        )
        progress(replace(done, unsettled=len(unsettled)))
    left = set(unsettled)
    for batch in _batches(_each_once(messages(), left) if left else ()):
        person, context, choices = _reader(rooms, person_id, mailbox)
        readings = [read(_raw(mailbox, each), context) for each in batch]
        done = _after(done, readings, _keep(rooms, person, readings, choices), started)
        progress(replace(done, unsettled=len(left)))
    _finish(
        rooms,
        mailbox,
        SyncRun(
            mailbox_id=mailbox.id,
            started_at=began_at,
            reason="import",
            duration_seconds=done.seconds,
            seen=done.seen,
            opened=done.opened,
            kept=done.kept,
        ),
    )
    return done


def _reader(rooms: Rooms, person_id: PersonId, mailbox: Mailbox) -> tuple[Person, Context, Choices]:
    """Who reads, and how: they may choose meanwhile."""
    person = rooms.store.people.get(person_id)
    return person, context_of(person, frozenset({mailbox.address})), choices_of(rooms, person, mailbox)


def _raw(mailbox: Mailbox, message: Exported) -> RawMessage:
    return RawMessage(
        mailbox_id=mailbox.id,
        provider_message_id=ProviderMessageId(message.digest),
        content=message.content,
        origin=Origin.IMPORTED,
    )


def _each_once(messages: Iterable[Exported], wanted: set[str]) -> Iterator[Exported]:
    """The wanted messages, taken off `wanted` as they come."""
    for each in messages:
        if not wanted:
            return
        digest = each.digest
        if digest in wanted:
            wanted.discard(digest)
            yield each


def _after(done: Imported, readings: list[Reading], kept_now: int, started: float) -> Imported:
    return replace(
        done,
        opened=done.opened + len(readings),
        kept=done.kept + kept_now,
        seconds=time.monotonic() - started,
    )


def _keep(rooms: Rooms, person: Person, readings: list[Reading], choices: Choices) -> int:
    found = [kept(rooms, person, reading, choices) for reading in readings]
    record(
        rooms,
        person.id,
        [signal for signal, _ in found if signal is not None],
        silent=True,
        ledger=[line for _, line in found],
    )
    return sum(1 for _, line in found if line.looked is Looked.KEPT)


def _finish(rooms: Rooms, mailbox: Mailbox, run: SyncRun) -> None:
    rooms.store.ledger.add_run(mailbox.person_id, run)
    for _ in range(5):
        stored = rooms.store.mailboxes.get(mailbox.person_id, mailbox.id)
        try:
            rooms.store.mailboxes.put(replace(stored, last_success_at=rooms.clock()))
        except Conflict:
            continue
        return
    raise Transient("The mailbox is being changed from elsewhere; run the import again.")


def _batches(messages: Iterable[Exported]) -> Iterator[list[Exported]]:
    batch: list[Exported] = []
    size = 0
    for each in messages:
        batch.append(each)
        size += len(each.content)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
