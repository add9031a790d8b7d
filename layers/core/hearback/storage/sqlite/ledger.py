"""Ledger lines and sync runs, outbox entries, parked tasks and what backfills wait for, in SQLite."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from hearback.model.errors import NotFound
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.ledger import LedgerEntry, Looked, Tally
from hearback.model.mailbox import SyncRun
from hearback.model.outbox import OutboxEntry
from hearback.model.task import CatchUp, MessageRef, Task, ThreadRef
from hearback.storage.alike import tags, tally
from hearback.storage.codec import LEDGER, OUTBOX, PARKED, RUN
from hearback.storage.protocols import Parked
from hearback.storage.sqlite.database import CHUNK, Database

RUNS_KEPT: Final = timedelta(days=90)


def write_entry(
    database: Database, db: sqlite3.Connection, person: PersonId, entry: LedgerEntry, *, keep: bool
) -> None:
    """Write one ledger line; with `keep`, one that is there stays as it is."""
    item = f"{entry.mailbox_id}/{entry.provider_message_id}"
    body = database.seal(person, item, "ledger", LEDGER.dump_json(entry))
    verb = "IGNORE" if keep else "REPLACE"
    beside = tags(database.keys.get(person), entry)
    db.execute(
        f"INSERT OR {verb} INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  one of two words
        (
            person,
            entry.mailbox_id,
            entry.provider_message_id,
            entry.at.timestamp(),
            body,
            beside.run,
            beside.sort,
            beside.thread,
        ),
    )


def write_outbox(db: sqlite3.Connection, entry: OutboxEntry) -> None:
    """Write what must leave; one that waits already stays as it is."""
    db.execute(
        "INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, ?)",
        (entry.id, entry.person_id, entry.at.timestamp(), OUTBOX.dump_json(entry)),
    )


class SqliteLedger:
    """The Ledger protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, person: PersonId, entries: Sequence[LedgerEntry]) -> None:
        """See Ledger.note."""
        with self._db.write() as db:
            _require(db, person)
            for entry in entries:
                write_entry(self._db, db, person, entry, keep=True)

    def looked_at(
        self, person: PersonId, mailbox: MailboxId, ids: Iterable[ProviderMessageId]
    ) -> frozenset[ProviderMessageId]:
        """See Ledger.looked_at."""
        asked = "SELECT message FROM ledger WHERE person = ? AND mailbox = ? AND message"
        with self._db.read() as db:
            return frozenset(ProviderMessageId(each) for each in _among(db, asked, person, mailbox, ids))

    def lines(
        self, person: PersonId, mailbox: MailboxId, ids: Iterable[ProviderMessageId]
    ) -> Mapping[ProviderMessageId, LedgerEntry]:
        """See Ledger.lines."""
        asked = "SELECT message, body FROM ledger WHERE person = ? AND mailbox = ? AND message"
        with self._db.read() as db:
            rows = list(_rows(db, asked, person, mailbox, ids))
        return {ProviderMessageId(message): self._opened(person, mailbox, message, body) for message, body in rows}

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
        """See Ledger.entries."""
        wanted, values = "person = ?", [str(person)]
        for column, value in (("mailbox", mailbox), ("run", run)):
            if value is not None:
                wanted += f" AND {column} = ?"
                values.append(value)
        if run is not None or looked is not None:
            self._tag(person)
        with self._db.read() as db:
            if looked is not None:
                sorts = [sort for sort, line in self._sorts(db, person).items() if line.looked is looked]
                wanted += f" AND sort IN ({','.join('?' * len(sorts))})"
                values += sorts
            rows = db.execute(
                f"SELECT mailbox, message, body FROM ledger WHERE {wanted} ORDER BY at DESC, message LIMIT ? OFFSET ?",  # noqa: S608  marks and names of ours
                (*values, -1 if limit is None else limit, skip),
            ).fetchall()
        return [self._opened(person, *row) for row in rows]

    def tally(self, person: PersonId, mailbox: MailboxId | None = None) -> Tally:
        """See Ledger.tally."""
        those = "FROM ledger WHERE person = ? AND (? IS NULL OR mailbox = ?)"
        self._tag(person)
        with self._db.read() as db:
            counted = db.execute(
                f"SELECT mailbox, run, sort, COUNT(*) {those} GROUP BY sort, mailbox, run",
                (person, mailbox, mailbox),
            ).fetchall()
            (threads,) = db.execute(
                f"SELECT COUNT(DISTINCT thread) {those}",
                (person, mailbox, mailbox),
            ).fetchone()
            return tally(counted, self._sorts(db, person), threads)

    def _sorts(self, db: sqlite3.Connection, person: PersonId) -> dict[str, LedgerEntry]:
        """One line of each sort."""
        one = "SELECT mailbox, message, body FROM ledger WHERE person = ? AND sort = ? LIMIT 1"
        found = db.execute("SELECT DISTINCT sort FROM ledger WHERE person = ?", (person,)).fetchall()
        return {sort: self._opened(person, *db.execute(one, (person, sort)).fetchone()) for (sort,) in found}

    def _tag(self, person: PersonId) -> None:
        """Give lines of an older version their tags."""
        untagged = "FROM ledger WHERE person = ? AND sort IS NULL"
        with self._db.read() as db:
            if db.execute(f"SELECT 1 {untagged} LIMIT 1", (person,)).fetchone() is None:
                return
        with self._db.write() as db:
            for mailbox, message, body in db.execute(f"SELECT mailbox, message, body {untagged}", (person,)).fetchall():
                beside = tags(self._db.keys.get(person), self._opened(person, mailbox, message, body))
                db.execute(
                    "UPDATE ledger SET run = ?, sort = ?, thread = ? WHERE person = ? AND mailbox = ? AND message = ?",
                    (beside.run, beside.sort, beside.thread, person, mailbox, message),
                )

    def _opened(self, person: PersonId, mailbox: str, message: str, body: bytes) -> LedgerEntry:
        return LEDGER.validate_json(self._db.open(person, f"{mailbox}/{message}", "ledger", body))

    def add_run(self, person: PersonId, run: SyncRun) -> None:
        """See Ledger.add_run."""
        at = run.started_at.timestamp()
        with self._db.write() as db:
            _require(db, person)
            body = self._db.seal(person, f"{run.mailbox_id}@{at!r}", "run", RUN.dump_json(run))
            db.execute("INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?)", (person, at, run.mailbox_id, body))
            old = (run.started_at - RUNS_KEPT).timestamp()
            db.execute("DELETE FROM run WHERE person = ? AND at < ?", (person, old))

    def runs(self, person: PersonId, *, limit: int = 20) -> Sequence[SyncRun]:
        """See Ledger.runs."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT mailbox, at, body FROM run WHERE person = ? ORDER BY at DESC LIMIT ?", (person, limit)
            ).fetchall()
        return [RUN.validate_json(self._db.open(person, f"{row[0]}@{row[1]!r}", "run", row[2])) for row in rows]


class SqliteOutbox:
    """The Outbox protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def pending(self, *, limit: int = 100) -> Sequence[OutboxEntry]:
        """See Outbox.pending."""
        with self._db.read() as db:
            rows = db.execute("SELECT body FROM outbox ORDER BY at, id LIMIT ?", (limit,)).fetchall()
        return [OUTBOX.validate_json(row[0]) for row in rows]

    def done(self, person: PersonId, ids: Iterable[str]) -> None:
        """See Outbox.done."""
        with self._db.write() as db:
            db.executemany("DELETE FROM outbox WHERE person = ? AND id = ?", [(person, id_) for id_ in ids])

    def park(self, parked: Parked) -> None:
        """See Outbox.park."""
        person, mailbox, name = _place(parked.task)
        with self._db.write() as db:
            _require(db, person)
            body = self._db.seal(person, name, "parked", PARKED.dump_json(parked))
            db.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?)", (person, mailbox, name, body))

    def parked(self, person: PersonId, mailbox: MailboxId) -> Sequence[Parked]:
        """See Outbox.parked."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT task, body FROM parked WHERE person = ? AND mailbox = ? ORDER BY task", (person, mailbox)
            ).fetchall()
        return [PARKED.validate_json(self._db.open(person, row[0], "parked", row[1])) for row in rows]

    def unpark(self, person: PersonId, mailbox: MailboxId, tasks: Iterable[Task]) -> None:
        """See Outbox.unpark."""
        with self._db.write() as db:
            db.executemany(
                "DELETE FROM parked WHERE person = ? AND mailbox = ? AND task = ?",
                [(person, mailbox, _place(task)[2]) for task in tasks],
            )


class SqliteAwaited:
    """The Awaited protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, person: PersonId, mailbox: MailboxId, names: Iterable[str]) -> None:
        """See Awaited.add."""
        with self._db.write() as db:
            _require(db, person)
            db.executemany(
                "INSERT OR IGNORE INTO awaited VALUES (?, ?, ?)", [(person, mailbox, name) for name in names]
            )

    def settled(self, person: PersonId, mailbox: MailboxId, name: str) -> None:
        """See Awaited.settled."""
        with self._db.write() as db:
            db.execute("DELETE FROM awaited WHERE person = ? AND mailbox = ? AND name = ?", (person, mailbox, name))

    def among(self, person: PersonId, mailbox: MailboxId, names: Iterable[str]) -> frozenset[str]:
        """See Awaited.among."""
        asked = "SELECT name FROM awaited WHERE person = ? AND mailbox = ? AND name"
        with self._db.read() as db:
            return frozenset(_among(db, asked, person, mailbox, names))

    def drop(self, person: PersonId, mailbox: MailboxId, prefix: str) -> None:
        """See Awaited.drop."""
        with self._db.write() as db:
            db.execute(
                "DELETE FROM awaited WHERE person = ? AND mailbox = ? AND substr(name, 1, ?) = ?",
                (person, mailbox, len(prefix), prefix),
            )

    def count(self, person: PersonId, mailbox: MailboxId, prefix: str = "") -> int:
        """See Awaited.count."""
        with self._db.read() as db:
            row = db.execute(
                "SELECT COUNT(*) FROM awaited WHERE person = ? AND mailbox = ? AND substr(name, 1, ?) = ?",
                (person, mailbox, len(prefix), prefix),
            )
            return int(row.fetchone()[0])


def _among(
    db: sqlite3.Connection, asked: str, person: PersonId, mailbox: MailboxId, values: Iterable[str]
) -> Iterator[str]:
    """Which of `values` the question finds."""
    return (str(row[0]) for row in _rows(db, asked, person, mailbox, values))


def _rows(
    db: sqlite3.Connection, asked: str, person: PersonId, mailbox: MailboxId, values: Iterable[str]
) -> Iterator[tuple[Any, ...]]:
    """What the question finds of `values`, a chunk at a time."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        marks = ",".join("?" * len(some))
        yield from db.execute(f"{asked} IN ({marks})", (person, mailbox, *some))


def _place(task: Task) -> tuple[PersonId, MailboxId, str]:
    """Whose task it is, and a name that is the same for the same work."""
    match task:
        case MessageRef():
            return task.person_id, task.mailbox_id, f"message:{task.message_id}"
        case ThreadRef():
            return task.person_id, task.mailbox_id, f"thread:{task.thread_id}"
        case CatchUp():
            return task.person_id, task.mailbox_id, "catch_up"
        case _:
            return task.person_id, MailboxId(""), hashlib.sha256(repr(task).encode()).hexdigest()


def _require(db: sqlite3.Connection, person: PersonId) -> None:
    if db.execute("SELECT 1 FROM person WHERE id = ?", (person,)).fetchone() is None:
        raise NotFound("This person is not here, or was erased.")
