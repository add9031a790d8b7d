"""Persons and their sealed settings in SQLite. Erasing deletes the key first: what is left is unreadable at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hearback.model.errors import NotFound
from hearback.model.ids import PersonId
from hearback.model.person import Person
from hearback.storage.codec import PERSON
from hearback.storage.sqlite.database import Database
from hearback.storage.sqlite.facts import require_person

_TABLES: Final = (
    "setting",
    "fact",
    "component",
    "link",
    "application",
    "mailbox",
    "lease",
    "secret",
    "quota",
    "directory",
    "ledger",
    "run",
    "outbox",
    "parked",
    "awaited",
    "lesson",
    "spreading",
    "sender",
)


class SqlitePeople:
    """The People protocol."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, person: Person) -> None:
        """See People.put."""
        self._db.keys.create(person.id)
        body = self._db.seal(person.id, person.id, "person", PERSON.dump_json(person))
        with self._db.write() as db:
            db.execute(
                "INSERT INTO person (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (person.id, body),
            )

    def get(self, person: PersonId) -> Person:
        """See People.get."""
        with self._db.read() as db:
            row = db.execute("SELECT body FROM person WHERE id = ?", (person,)).fetchone()
        if row is None:
            raise NotFound("This person is not here, or was erased.")
        return PERSON.validate_json(self._db.open(person, person, "person", row[0]))

    def setting(self, person: PersonId, name: str) -> bytes | None:
        """See People.setting."""
        with self._db.read() as db:
            row = db.execute("SELECT body FROM setting WHERE person = ? AND name = ?", (person, name)).fetchone()
        return self._db.open(person, name, "setting", row[0]) if row is not None else None

    def put_setting(self, person: PersonId, name: str, value: bytes | None) -> None:
        """See People.put_setting."""
        with self._db.write() as db:
            require_person(db, person)
            if value is None:
                db.execute("DELETE FROM setting WHERE person = ? AND name = ?", (person, name))
            else:
                body = self._db.seal(person, name, "setting", value)
                db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?, ?)", (person, name, body))

    def settings(self, person: PersonId, prefix: str) -> Sequence[tuple[str, bytes]]:
        """See People.settings."""
        with self._db.read() as db:
            rows = db.execute(
                "SELECT name, body FROM setting WHERE person = ? AND substr(name, 1, ?) = ? ORDER BY name",
                (person, len(prefix), prefix),
            ).fetchall()
        return [(row[0], self._db.open(person, row[0], "setting", row[1])) for row in rows]

    def derived(self, person: PersonId, purpose: str) -> bytes:
        """See People.derived."""
        return self._db.derived(person, purpose)

    def erase(self, person: PersonId) -> None:
        """See People.erase."""
        self._db.keys.erase(person)
        with self._db.write() as db:
            db.execute("DELETE FROM person WHERE id = ?", (person,))
            for table in _TABLES:
                db.execute(f"DELETE FROM {table} WHERE person = ?", (person,))  # noqa: S608  names from the tuple above
