"""What a person's corrections teach, in SQLite: read with every fold, so kept while its version stands."""

from __future__ import annotations

import sqlite3

from hearback.model.errors import Conflict
from hearback.model.ids import Personal, PersonId
from hearback.model.lesson import Lessons, Teaching, lessons
from hearback.storage.codec import LESSON
from hearback.storage.sqlite.database import Database


class SqliteLessons:
    """Facts.lessons."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._cache: dict[str, Lessons] = {}

    def read(self, person: PersonId) -> Lessons:
        """All lessons of the person."""
        own = self._db.blind(
            person, f"lessons of {person}"
        )  # another key, another person: nothing of the old one is kept
        with self._db.read() as db:
            row = db.execute("SELECT lessons FROM person WHERE id = ?", (person,)).fetchone()
            version = int(row[0]) if row is not None else 0
            cached = self._cache.get(own)
            if cached is not None and cached.version == version:
                return cached
            taught = db.execute("SELECT about, body FROM lesson WHERE person = ? ORDER BY about", (person,)).fetchall()
            senders = db.execute(
                "SELECT sender, body FROM spreading WHERE person = ? ORDER BY sender", (person,)
            ).fetchall()
        found = lessons(
            version,
            (LESSON.validate_json(self._db.open(person, name, "lesson", body)) for name, body in taught),
            (Personal(self._db.open(person, name, "spreading", body).decode()) for name, body in senders),
        )
        self._cache = {own: found}
        return found


def write_lessons(
    database: Database, db: sqlite3.Connection, person: PersonId, seen: int, teaching: Teaching | None
) -> None:
    """Part of the transaction of a Change folded with version `seen` of the lessons. Conflict: they moved on."""
    (version,) = db.execute("SELECT lessons FROM person WHERE id = ?", (person,)).fetchone()
    if version != seen:
        raise Conflict("Something was taught meanwhile.")
    if teaching is None:
        return
    for lesson in teaching.learned:
        body = database.seal(person, lesson.about, "lesson", LESSON.dump_json(lesson))
        db.execute("INSERT OR REPLACE INTO lesson VALUES (?, ?, ?)", (person, lesson.about, body))
    for about in teaching.forgotten:
        db.execute("DELETE FROM lesson WHERE person = ? AND about = ?", (person, about))
    for sender in teaching.settled:
        db.execute("DELETE FROM spreading WHERE person = ? AND sender = ?", (person, database.blind(person, sender)))
    for sender in teaching.spreading:
        name = database.blind(person, sender)
        body = database.seal(person, name, "spreading", sender.encode())
        db.execute("INSERT OR REPLACE INTO spreading VALUES (?, ?, ?)", (person, name, body))
    db.execute("UPDATE person SET lessons = lessons + 1 WHERE id = ?", (person,))
