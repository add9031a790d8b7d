"""The SQLite file of an embedded installation: WAL, synchronous=FULL, one connection a thread, short transactions."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hearback.model.errors import Permanent, Transient
from hearback.model.ids import PersonId
from hearback.storage.protocols import Keys
from hearback.storage.seal import blind, derived, open_, seal

BUSY_SECONDS: Final = 15
CHUNK: Final = 500
"""How many values one IN (…) holds."""

_FIRST: Final = """
CREATE TABLE person (id TEXT PRIMARY KEY, body BLOB NOT NULL, version INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE setting (person TEXT, name TEXT, body BLOB NOT NULL, PRIMARY KEY (person, name)) WITHOUT ROWID;
CREATE TABLE fact (person TEXT, id TEXT, component TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID;
CREATE INDEX fact_component ON fact (person, component);
CREATE TABLE component (person TEXT, id TEXT, version INTEGER NOT NULL, pointer TEXT, body BLOB, PRIMARY KEY (person, id)) WITHOUT ROWID;
CREATE TABLE link (person TEXT, key TEXT, component TEXT NOT NULL, PRIMARY KEY (person, key)) WITHOUT ROWID;
CREATE INDEX link_component ON link (person, component);
CREATE TABLE application (person TEXT, id TEXT, component TEXT NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID;
CREATE INDEX application_component ON application (person, component);
CREATE TABLE mailbox (person TEXT, id TEXT, version INTEGER NOT NULL, generation INTEGER NOT NULL, shard INTEGER NOT NULL,
  due_at REAL, body BLOB NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID;
CREATE INDEX mailbox_due ON mailbox (shard, due_at);
CREATE TABLE lease (person TEXT, mailbox TEXT, fence INTEGER NOT NULL, expires_at REAL NOT NULL, PRIMARY KEY (person, mailbox)) WITHOUT ROWID;
CREATE TABLE secret (person TEXT, mailbox TEXT, version INTEGER NOT NULL, body BLOB, PRIMARY KEY (person, mailbox)) WITHOUT ROWID;
CREATE TABLE directory (kind TEXT, name TEXT, person TEXT, mailbox TEXT, PRIMARY KEY (kind, name, person, mailbox)) WITHOUT ROWID;
CREATE INDEX directory_person ON directory (person);
CREATE TABLE ledger (person TEXT, mailbox TEXT, message TEXT, at REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (person, mailbox, message)) WITHOUT ROWID;
CREATE INDEX ledger_at ON ledger (person, at);
CREATE TABLE run (person TEXT, at REAL, mailbox TEXT, body BLOB NOT NULL, PRIMARY KEY (person, at, mailbox)) WITHOUT ROWID;
CREATE TABLE outbox (id TEXT, person TEXT, at REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID;
CREATE INDEX outbox_at ON outbox (at);
CREATE TABLE parked (person TEXT, mailbox TEXT, task TEXT, body BLOB NOT NULL, PRIMARY KEY (person, mailbox, task)) WITHOUT ROWID;
"""
_SECOND: Final = """
ALTER TABLE mailbox ADD COLUMN watch_until REAL;
CREATE INDEX mailbox_watch ON mailbox (shard, watch_until);
CREATE TABLE awaited (person TEXT, mailbox TEXT, name TEXT, PRIMARY KEY (person, mailbox, name)) WITHOUT ROWID;
"""
_THIRD: Final = """
ALTER TABLE person ADD COLUMN lessons INTEGER NOT NULL DEFAULT 0;
CREATE TABLE lesson (person TEXT, about TEXT, body BLOB NOT NULL, PRIMARY KEY (person, about)) WITHOUT ROWID;
CREATE TABLE spreading (person TEXT, sender TEXT, body BLOB NOT NULL, PRIMARY KEY (person, sender)) WITHOUT ROWID;
CREATE TABLE sender (person TEXT, key TEXT, component TEXT, PRIMARY KEY (person, key, component)) WITHOUT ROWID;
CREATE INDEX sender_component ON sender (person, component);
"""
_FOURTH: Final = """
CREATE TABLE quota (person TEXT, mailbox TEXT, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (person, mailbox)) WITHOUT ROWID;
"""
_FIFTH: Final = """
ALTER TABLE ledger ADD COLUMN run TEXT;
ALTER TABLE ledger ADD COLUMN sort TEXT;
ALTER TABLE ledger ADD COLUMN thread TEXT;
CREATE INDEX ledger_sort ON ledger (person, sort, mailbox, run, thread);
"""
STEPS: Final = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
"""What brings a file from each schema version to the next; a new file walks through all of them."""


class Database:
    """Connections, transactions, and the sealing of bodies."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self._path = path
        self._local = threading.local()
        self.keys = keys
        self._prepare()

    def _prepare(self) -> None:
        with self.write() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > len(STEPS):
                raise Permanent(f"{self._path} was written by another version of Hearback (schema {version}).")
            for step in STEPS[version:]:
                for statement in step.split(";"):
                    if statement.strip():
                        db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(STEPS)}")
        self._path.chmod(0o600)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            try:
                found = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
                found.execute("PRAGMA journal_mode = WAL")
                found.execute("PRAGMA synchronous = FULL")
                found.execute("PRAGMA secure_delete = ON")
            except sqlite3.DatabaseError as error:
                raise Permanent(f"{self._path} cannot be opened as Hearback's store: {error}.") from error
            self._local.connection = found
        return found

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing. Transient: the file is busy or the disk is full."""
        db = self.connection()
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Transient(f"The store is busy: {error}.", retry_after_seconds=1) from error
        try:
            yield db
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back(db)
            raise Transient(f"The store could not be written: {error}.", retry_after_seconds=1) from error
        except BaseException:
            self._roll_back(db)
            raise

    @staticmethod
    def _roll_back(db: sqlite3.Connection) -> None:
        if db.in_transaction:
            db.execute("ROLLBACK")

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent snapshot."""
        db = self.connection()
        try:
            db.execute("BEGIN")
        except sqlite3.OperationalError as error:
            raise Transient(f"The store is busy: {error}.", retry_after_seconds=1) from error
        try:
            yield db
        except sqlite3.OperationalError as error:
            raise Transient(f"The store could not be read: {error}.", retry_after_seconds=1) from error
        finally:
            self._roll_back(db)

    def seal(self, person: PersonId, item: str, purpose: str, body: bytes) -> bytes:
        """`body` sealed under the person's key. NotFound: erased."""
        return seal(self.keys.get(person), body, person=person, item=item, purpose=purpose)

    def open(self, person: PersonId, item: str, purpose: str, sealed: bytes) -> bytes:
        """The body again. NotFound: erased."""
        return open_(self.keys.get(person), sealed, person=person, item=item, purpose=purpose)

    def blind(self, person: PersonId, text: str) -> str:
        """`text` as it may stand in a key of this person's items."""
        return blind(self.keys.get(person), text)

    def derived(self, person: PersonId, purpose: str) -> bytes:
        """A key of the person's for one purpose. NotFound: erased."""
        return derived(self.keys.get(person), purpose)
