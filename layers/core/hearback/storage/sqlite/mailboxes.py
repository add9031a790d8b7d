"""Mailboxes with cursor, lease, status and sealed tokens, and the Directory, in SQLite."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hearback.model.errors import Conflict, Fenced, NotFound
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Lease, Mailbox
from hearback.model.outbox import OutboxEntry
from hearback.storage.codec import MAILBOX
from hearback.storage.protocols import DUE_SHARDS, UNCHANGED, Unchanged
from hearback.storage.seal import blind
from hearback.storage.sqlite.database import Database
from hearback.storage.sqlite.facts import require_person
from hearback.storage.sqlite.ledger import write_outbox


class SqliteMailboxes:
    """The Mailboxes protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(
        self,
        mailbox: Mailbox,
        *,
        due_at: datetime | Unchanged | None = UNCHANGED,
        fence: Lease | None = None,
        tells: OutboxEntry | None = None,
    ) -> Mailbox:
        """See Mailboxes.put."""
        person, id_ = mailbox.person_id, mailbox.id
        generation = mailbox.cursor.generation if mailbox.cursor is not None else 0
        stored = replace(mailbox, version=mailbox.version + 1)
        with self._db.write() as db:
            require_person(db, person)
            if fence is not None:
                held = db.execute("SELECT fence FROM lease WHERE person = ? AND mailbox = ?", (person, id_)).fetchone()
                if held is None or held[0] != fence.fence:
                    raise Fenced("Another worker took this mailbox over.")
            row = db.execute(
                "SELECT version, generation, due_at FROM mailbox WHERE person = ? AND id = ?", (person, id_)
            ).fetchone()
            if (row[0] if row is not None else 0) != mailbox.version:
                raise Conflict("Somebody else changed this mailbox first.")
            if row is not None and generation < row[1]:
                raise Conflict("A cursor never goes back.")
            body = self._db.seal(person, id_, "mailbox", MAILBOX.dump_json(stored))
            due = row[2] if due_at is UNCHANGED and row is not None else _timestamp(due_at)
            watch_until = _timestamp(mailbox.watch.expires_at if mailbox.watch is not None else None)
            shard = zlib.crc32(id_.encode()) % DUE_SHARDS
            db.execute(
                "INSERT OR REPLACE INTO mailbox VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (person, id_, stored.version, generation, shard, due, body, watch_until),
            )
            if tells is not None:
                write_outbox(db, tells)
        return stored

    def get(self, person: PersonId, mailbox: MailboxId) -> Mailbox:
        """See Mailboxes.get."""
        with self._db.read() as db:
            row = db.execute("SELECT body FROM mailbox WHERE person = ? AND id = ?", (person, mailbox)).fetchone()
        if row is None:
            raise NotFound("There is no such mailbox.")
        return MAILBOX.validate_json(self._db.open(person, mailbox, "mailbox", row[0]))

    def of_person(self, person: PersonId) -> Sequence[Mailbox]:
        """See Mailboxes.of_person."""
        with self._db.read() as db:
            rows = db.execute("SELECT id, body FROM mailbox WHERE person = ? ORDER BY id", (person,)).fetchall()
        return [MAILBOX.validate_json(self._db.open(person, row[0], "mailbox", row[1])) for row in rows]

    def due(self, now: datetime, shard: int, *, limit: int = 100) -> Sequence[tuple[PersonId, MailboxId]]:
        """See Mailboxes.due."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT person, id FROM mailbox WHERE shard = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
                (shard, now.timestamp(), limit),
            ).fetchall()
        return [(PersonId(row[0]), MailboxId(row[1])) for row in rows]

    def lapsing(self, until: datetime, shard: int) -> Sequence[tuple[PersonId, MailboxId]]:
        """See Mailboxes.lapsing."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT person, id FROM mailbox WHERE shard = ? AND watch_until <= ? ORDER BY watch_until",
                (shard, until.timestamp()),
            ).fetchall()
        return [(PersonId(row[0]), MailboxId(row[1])) for row in rows]

    def lease(self, person: PersonId, mailbox: MailboxId, *, seconds: float, now: datetime) -> Lease | None:
        """See Mailboxes.lease."""
        expires_at = now + timedelta(seconds=seconds)
        with self._db.write() as db:
            require_person(db, person)
            row = db.execute(
                "SELECT fence, expires_at FROM lease WHERE person = ? AND mailbox = ?", (person, mailbox)
            ).fetchone()
            if row is not None and row[1] > now.timestamp():
                return None
            fence = (row[0] if row is not None else 0) + 1
            db.execute(
                "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?)", (person, mailbox, fence, expires_at.timestamp())
            )
        return Lease(person_id=person, mailbox_id=mailbox, fence=fence, expires_at=expires_at)

    def release(self, lease: Lease) -> None:
        """See Mailboxes.release."""
        with self._db.write() as db:
            db.execute(
                "UPDATE lease SET expires_at = 0 WHERE person = ? AND mailbox = ? AND fence = ?",
                (lease.person_id, lease.mailbox_id, lease.fence),
            )

    def secret(self, person: PersonId, mailbox: MailboxId) -> tuple[bytes, int] | None:
        """See Mailboxes.secret."""
        with self._db.read() as db:
            row = db.execute(
                "SELECT version, body FROM secret WHERE person = ? AND mailbox = ?", (person, mailbox)
            ).fetchone()
        if row is None or row[1] is None:
            return None
        return self._db.open(person, mailbox, "token", row[1]), int(row[0])

    def put_secret(self, person: PersonId, mailbox: MailboxId, secret: bytes | None, *, expected: int) -> int:
        """See Mailboxes.put_secret."""
        with self._db.write() as db:
            require_person(db, person)
            row = db.execute(
                "SELECT version, body IS NULL FROM secret WHERE person = ? AND mailbox = ?", (person, mailbox)
            ).fetchone()
            held = row[0] if row is not None else 0
            if expected != held and not (expected == 0 and row is not None and row[1]):
                raise Conflict("Another worker stored a newer token first.")
            body = self._db.seal(person, mailbox, "token", secret) if secret is not None else None
            db.execute("INSERT OR REPLACE INTO secret VALUES (?, ?, ?, ?)", (person, mailbox, held + 1, body))
        return int(held) + 1


def _timestamp(moment: datetime | Unchanged | None) -> float | None:
    return moment.timestamp() if isinstance(moment, datetime) else None


class SqliteQuotas:
    """The Quotas protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, person: PersonId, mailbox: MailboxId) -> tuple[bytes, int] | None:
        """See Quotas.get."""
        with self._db.read() as db:
            row = db.execute(
                "SELECT body, version FROM quota WHERE person = ? AND mailbox = ?", (person, mailbox)
            ).fetchone()
        return (self._db.open(person, mailbox, "quota", row[0]), int(row[1])) if row is not None else None

    def put(self, person: PersonId, mailbox: MailboxId, count: bytes, *, expected: int) -> int:
        """See Quotas.put."""
        body = self._db.seal(person, mailbox, "quota", count)
        with self._db.write() as db:
            require_person(db, person)
            row = db.execute("SELECT version FROM quota WHERE person = ? AND mailbox = ?", (person, mailbox)).fetchone()
            if (row[0] if row is not None else 0) != expected:
                raise Conflict("Another process counted first.")
            db.execute("INSERT OR REPLACE INTO quota VALUES (?, ?, ?, ?)", (person, mailbox, expected + 1, body))
        return expected + 1


class SqliteDirectory:
    """The Directory protocol: HMACs under the deployment's key, nothing in clear."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def _name(self, kind: str, name: str) -> str:
        return blind(self._db.keys.deployment_key(), f"{kind}\x1f{name}")

    def add(self, kind: str, name: str, person: PersonId, mailbox: MailboxId) -> None:
        """See Directory.add."""
        with self._db.write() as db:
            require_person(db, person)
            db.execute(
                "INSERT OR IGNORE INTO directory VALUES (?, ?, ?, ?)", (kind, self._name(kind, name), person, mailbox)
            )

    def find(self, kind: str, name: str) -> Sequence[tuple[PersonId, MailboxId]]:
        """See Directory.find."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT person, mailbox FROM directory WHERE kind = ? AND name = ? ORDER BY person, mailbox",
                (kind, self._name(kind, name)),
            ).fetchall()
        return [(PersonId(row[0]), MailboxId(row[1])) for row in rows]

    def remove(self, kind: str, name: str, person: PersonId, mailbox: MailboxId) -> None:
        """See Directory.remove."""
        with self._db.write() as db:
            db.execute(
                "DELETE FROM directory WHERE kind = ? AND name = ? AND person = ? AND mailbox = ?",
                (kind, self._name(kind, name), person, mailbox),
            )
