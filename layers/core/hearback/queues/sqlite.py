"""The embedded queue: a SQLite file of its own, several workers, fair between mailboxes.

Invariants: a task is invisible while a worker holds it and comes back when its visibility ends; a receipt is worthless
after that; groups are served in turn, so a mailbox with 100,000 references delays no other.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from hearback.model.errors import Permanent, Transient
from hearback.model.task import Lane, Task
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES, DeadLetter, Delivery

BUSY_SECONDS: Final = 15
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, lane TEXT NOT NULL, grp TEXT NOT NULL, body TEXT NOT NULL, visible_at REAL NOT NULL, receives INTEGER NOT NULL DEFAULT 0, receipt TEXT)",
    "CREATE INDEX IF NOT EXISTS task_group ON task (lane, grp, visible_at, id)",
    "CREATE TABLE IF NOT EXISTS turn (lane TEXT, grp TEXT, served INTEGER NOT NULL, PRIMARY KEY (lane, grp)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS dead (id TEXT PRIMARY KEY, lane TEXT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL)",
)


class SqliteQueue:
    """The Queue protocol on one file."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._local = threading.local()
        with self._write() as db:
            for statement in _SCHEMA:
                db.execute(statement)
        path.chmod(0o600)

    def send(self, tasks: Sequence[Task], *, lane: Lane = Lane.LIVE, delay_seconds: float = 0) -> None:
        """See Queue.send."""
        visible_at = self._now() + delay_seconds
        with self._write() as db:
            db.executemany(
                "INSERT INTO task (lane, grp, body, visible_at) VALUES (?, ?, ?, ?)",
                [(lane.value, codec.group_of(task), codec.encode(task), visible_at) for task in tasks],
            )
            db.executemany(
                "INSERT OR IGNORE INTO turn VALUES (?, ?, 0)",
                [(lane.value, group) for group in {codec.group_of(task) for task in tasks}],
            )

    def receive(self, *, lane: Lane, limit: int = 10, visibility_seconds: float) -> Sequence[Delivery]:
        """See Queue.receive."""
        now = self._now()
        if not self._anything(lane, now):
            return ()
        taken: list[Delivery] = []
        with self._write() as db:
            groups = [
                row[0] for row in db.execute("SELECT grp FROM turn WHERE lane = ? ORDER BY served, grp", (lane.value,))
            ]
            served = db.execute("SELECT COALESCE(MAX(served), 0) FROM turn WHERE lane = ?", (lane.value,)).fetchone()[0]
            progress = True
            while progress and len(taken) < limit:
                progress = False
                for group in groups:
                    if len(taken) >= limit:
                        break
                    delivery = self._take(db, lane, group, now, visibility_seconds)
                    if delivery is not None:
                        taken.append(delivery)
                        served += 1
                        progress = True
                        db.execute("UPDATE turn SET served = ? WHERE lane = ? AND grp = ?", (served, lane.value, group))
                    elif not self._waiting(db, lane, group):
                        db.execute("DELETE FROM turn WHERE lane = ? AND grp = ?", (lane.value, group))
        return taken

    def _anything(self, lane: Lane, now: float) -> bool:
        try:
            return (
                self._connection()
                .execute(
                    "SELECT 1 FROM turn JOIN task ON task.lane = turn.lane AND task.grp = turn.grp"
                    " WHERE turn.lane = ? AND task.visible_at <= ? LIMIT 1",
                    (lane.value, now),
                )
                .fetchone()
                is not None
            )
        except sqlite3.OperationalError as error:
            raise Transient(f"The queue is busy: {error}.", retry_after_seconds=1) from error

    def _take(self, db: sqlite3.Connection, lane: Lane, group: str, now: float, visibility: float) -> Delivery | None:
        while True:
            row = db.execute(
                "SELECT id, body, receives FROM task WHERE lane = ? AND grp = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT 1",
                (lane.value, group, now),
            ).fetchone()
            if row is None:
                return None
            id_, body, receives = row
            if receives > MAX_RECEIVES:
                self._bury(db, str(id_), lane, body, f"given up after {receives} tries")
                db.execute("DELETE FROM task WHERE id = ?", (id_,))
                continue
            receipt = f"{id_}:{secrets.token_hex(8)}"
            db.execute(
                "UPDATE task SET visible_at = ?, receives = receives + 1, receipt = ? WHERE id = ?",
                (now + visibility, receipt, id_),
            )
            return Delivery(receipt=receipt, id=str(id_), lane=lane, body=body, group=group, receives=receives + 1)

    @staticmethod
    def _waiting(db: sqlite3.Connection, lane: Lane, group: str) -> bool:
        row = db.execute("SELECT 1 FROM task WHERE lane = ? AND grp = ? LIMIT 1", (lane.value, group)).fetchone()
        return row is not None

    def delete(self, delivery: Delivery) -> None:
        """See Queue.delete."""
        with self._write() as db:
            db.execute(
                "DELETE FROM task WHERE id = ? AND receipt = ? AND visible_at > ?",
                (int(delivery.id), delivery.receipt, self._now()),
            )

    def retry(self, delivery: Delivery, *, delay_seconds: float) -> None:
        """See Queue.retry."""
        with self._write() as db:
            db.execute(
                "UPDATE task SET visible_at = ?, receipt = NULL WHERE id = ? AND receipt = ? AND visible_at > ?",
                (self._now() + delay_seconds, int(delivery.id), delivery.receipt, self._now()),
            )

    def give_back(self, delivery: Delivery) -> None:
        """See Queue.give_back."""
        with self._write() as db:
            db.execute(
                "UPDATE task SET visible_at = ?, receipt = NULL, receives = receives - 1"
                " WHERE id = ? AND receipt = ? AND visible_at > ?",
                (self._now(), int(delivery.id), delivery.receipt, self._now()),
            )

    def dead_letter(self, body: str, *, lane: Lane, reason: str) -> None:
        """See Queue.dead_letter."""
        with self._write() as db:
            self._bury(db, secrets.token_hex(8), lane, body, reason)

    @staticmethod
    def _bury(db: sqlite3.Connection, id_: str, lane: Lane, body: str, reason: str) -> None:
        db.execute("INSERT OR REPLACE INTO dead VALUES (?, ?, ?, ?)", (id_, lane.value, body, reason))

    def dead_letters(self, *, limit: int = 100) -> Sequence[DeadLetter]:
        """See Queue.dead_letters."""
        rows = self._connection().execute("SELECT id, lane, body, reason FROM dead ORDER BY rowid LIMIT ?", (limit,))
        return [DeadLetter(id=row[0], lane=Lane(row[1]), body=row[2], reason=row[3]) for row in rows]

    def depth(self, lane: Lane) -> int:
        """See Queue.depth."""
        row = self._connection().execute("SELECT COUNT(*) FROM task WHERE lane = ?", (lane.value,)).fetchone()
        return int(row[0])

    def _now(self) -> float:
        return self._clock().timestamp()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            try:
                found = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
                found.execute("PRAGMA journal_mode = WAL")
                found.execute("PRAGMA synchronous = FULL")
            except sqlite3.DatabaseError as error:
                raise Permanent(f"{self._path} cannot be opened as Hearback's queue: {error}.") from error
            self._local.connection = found
        return found

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise Transient(f"The queue is busy: {error}.", retry_after_seconds=1) from error
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
