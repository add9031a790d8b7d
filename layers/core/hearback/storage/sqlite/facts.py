"""Facts in components, and their projections, in SQLite. One Change is one transaction."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from hearback.model.application import Application, ReviewItem
from hearback.model.change import Change, Component, ComponentWrite
from hearback.model.errors import Conflict, Fenced, NotFound
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ApplicationId, FactId, PersonId
from hearback.model.lesson import Lessons
from hearback.storage.codec import PROJECTED, Projected, decode_fact, encode_fact
from hearback.storage.sqlite.database import CHUNK, Database
from hearback.storage.sqlite.ledger import write_entry, write_outbox
from hearback.storage.sqlite.lessons import SqliteLessons, write_lessons

_CACHED: Final = 4096


def require_person(db: sqlite3.Connection, person: PersonId) -> None:
    """NotFound unless the person is here: nothing is written for one who was erased."""
    if db.execute("SELECT 1 FROM person WHERE id = ?", (person,)).fetchone() is None:
        raise NotFound("This person is not here, or was erased.")


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """`values` in pieces one IN (…) can hold."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


class SqliteFacts:
    """The Facts protocol."""

    def __init__(self, database: Database, projections: SqliteProjections) -> None:
        self._db = database
        self._projections = projections
        self._lessons = SqliteLessons(database)

    def record(self, change: Change) -> None:
        """See Facts.record."""
        person = change.person_id
        with self._db.write() as db:
            require_person(db, person)
            if change.fence is not None:
                held = db.execute(
                    "SELECT fence FROM lease WHERE person = ? AND mailbox = ?", (person, change.fence.mailbox_id)
                ).fetchone()
                if held is None or held[0] != change.fence.fence:
                    raise Fenced("Another worker took this mailbox over.")
            if change.lessons is not None:
                write_lessons(self._db, db, person, change.lessons, change.teaching)
            owner = {id_: write.id for write in change.components for id_ in write.facts}
            for fact in change.facts:
                self._insert(db, person, fact, owner.get(fact_id(fact), ""))
            for fact in change.replaced:
                self._replace(db, person, fact)
            for write in change.components:
                self._write_component(db, person, write)
            for entry in change.ledger:
                write_entry(self._db, db, person, entry, keep=False)
            for leaving in change.outbox:
                write_outbox(db, leaving)
            if change.components:
                db.execute("UPDATE person SET version = version + 1 WHERE id = ?", (person,))

    def _insert(self, db: sqlite3.Connection, person: PersonId, fact: Fact, component: str) -> None:
        id_ = fact_id(fact)
        body = self._db.seal(person, id_, "fact", encode_fact(fact))
        try:
            db.execute("INSERT INTO fact VALUES (?, ?, ?, ?)", (person, id_, component, body))
        except sqlite3.IntegrityError as error:
            raise Conflict("This was recorded already.") from error

    def _replace(self, db: sqlite3.Connection, person: PersonId, fact: Fact) -> None:
        id_ = fact_id(fact)
        body = self._db.seal(person, id_, "fact", encode_fact(fact))
        if not db.execute("UPDATE fact SET body = ? WHERE person = ? AND id = ?", (body, person, id_)).rowcount:
            raise Conflict("This is not recorded any more.")

    def _write_component(self, db: sqlite3.Connection, person: PersonId, write: ComponentWrite) -> None:
        version = 0
        for id_, expected in write.expected:
            row = db.execute(
                "SELECT version, pointer FROM component WHERE person = ? AND id = ?", (person, id_)
            ).fetchone()
            if (row[0] if row is not None else 0) != expected or (row is not None and row[1] is not None):
                raise Conflict("Somebody else changed these applications first.")
            version = max(version, expected)
            if id_ != write.id:
                self._point(db, person, id_, write.id)
            db.execute("DELETE FROM application WHERE person = ? AND component = ?", (person, id_))
        projected = Projected(write.applications, write.review, write.left_out)
        body = self._db.seal(person, write.id, "component", PROJECTED.dump_json(projected, exclude_defaults=True))
        db.execute("INSERT OR REPLACE INTO component VALUES (?, ?, ?, NULL, ?)", (person, write.id, version + 1, body))
        self._link(db, person, write)
        senders = [(person, self._db.blind(person, each), write.id) for each in write.senders]
        db.executemany("INSERT OR IGNORE INTO sender VALUES (?, ?, ?)", senders)
        db.executemany(
            "INSERT OR REPLACE INTO application VALUES (?, ?, ?)",
            [(person, id_, write.id) for each in write.applications for id_ in (each.id, *each.aliases)],
        )

    def _link(self, db: sqlite3.Connection, person: PersonId, write: ComponentWrite) -> None:
        """Point keys here. One that leads elsewhere by now belongs to a component this change was not planned from."""
        blinded = [self._db.blind(person, key) for key in write.link_keys]
        for some in chunks(blinded):
            marks = ",".join("?" * len(some))
            rows = db.execute(
                f"SELECT 1 FROM link WHERE person = ? AND component <> ? AND key IN ({marks}) LIMIT 1",  # noqa: S608
                (person, write.id, *some),
            )
            if rows.fetchone() is not None:
                raise Conflict("Somebody else changed these applications first.")
        db.executemany("INSERT OR IGNORE INTO link VALUES (?, ?, ?)", [(person, key, write.id) for key in blinded])

    @staticmethod
    def _point(db: sqlite3.Connection, person: PersonId, old: str, new: str) -> None:
        db.execute(
            "UPDATE component SET pointer = ?, body = NULL, version = version + 1 WHERE person = ? AND id = ?",
            (new, person, old),
        )
        db.execute("UPDATE fact SET component = ? WHERE person = ? AND component = ?", (new, person, old))
        db.execute("UPDATE link SET component = ? WHERE person = ? AND component = ?", (new, person, old))
        db.execute("UPDATE OR IGNORE sender SET component = ? WHERE person = ? AND component = ?", (new, person, old))
        db.execute("DELETE FROM sender WHERE person = ? AND component = ?", (person, old))

    def known(self, person: PersonId, ids: Iterable[FactId]) -> frozenset[FactId]:
        """See Facts.known."""
        found: set[FactId] = set()
        with self._db.read() as db:
            for some in chunks(list(dict.fromkeys(ids))):
                marks = ",".join("?" * len(some))
                rows = db.execute(f"SELECT id FROM fact WHERE person = ? AND id IN ({marks})", (person, *some))  # noqa: S608
                found |= {FactId(row[0]) for row in rows}
        return frozenset(found)

    def touched(self, person: PersonId, link_keys: Iterable[str]) -> tuple[Component, ...]:
        """See Facts.touched."""
        blinded = [self._db.blind(person, key) for key in link_keys]
        with self._db.read() as db:
            ids: set[str] = set()
            for some in chunks(blinded):
                marks = ",".join("?" * len(some))
                rows = db.execute(
                    f"SELECT DISTINCT component FROM link WHERE person = ? AND key IN ({marks})",  # noqa: S608
                    (person, *some),
                )
                ids |= {row[0] for row in rows}
            return tuple(self._load(db, person, id_) for id_ in sorted(ids))

    def _load(self, db: sqlite3.Connection, person: PersonId, id_: str) -> Component:
        version, body = db.execute(
            "SELECT version, body FROM component WHERE person = ? AND id = ?", (person, id_)
        ).fetchone()
        projected = self._projections.opened(person, id_, version, body)
        rows = db.execute("SELECT id, body FROM fact WHERE person = ? AND component = ?", (person, id_))
        facts = tuple(decode_fact(self._db.open(person, row[0], "fact", row[1])) for row in rows)
        return Component(
            id=id_,
            version=version,
            facts=facts,
            applications=projected.applications,
            review=projected.review,
            left_out=projected.left_out,
        )

    def all(self, person: PersonId) -> Iterator[Fact]:
        """See Facts.all."""
        last = ""
        while True:
            with self._db.read() as db:
                rows = db.execute(
                    "SELECT id, body FROM fact WHERE person = ? AND id > ? ORDER BY id LIMIT ?", (person, last, CHUNK)
                ).fetchall()
            for id_, body in rows:
                yield decode_fact(self._db.open(person, id_, "fact", body))
            if len(rows) < CHUNK:
                return
            last = rows[-1][0]

    def lessons(self, person: PersonId) -> Lessons:
        """See Facts.lessons."""
        return self._lessons.read(person)

    def written_by(self, person: PersonId, senders: Iterable[str]) -> Iterator[Component]:
        """See Facts.written_by."""
        ids: set[str] = set()
        with self._db.read() as db:
            for sender in senders:
                rows = db.execute(
                    "SELECT component FROM sender WHERE person = ? AND key = ?",
                    (person, self._db.blind(person, sender)),
                )
                ids |= {row[0] for row in rows}
        for id_ in sorted(ids):
            with self._db.read() as db:
                row = db.execute("SELECT pointer FROM component WHERE person = ? AND id = ?", (person, id_)).fetchone()
                there = row is not None and row[0] is None  # a pointer by now: folded and recorded after the lesson
                loaded = self._load(db, person, id_) if there else None
            if loaded is not None:
                yield loaded


class SqliteProjections:
    """The Projections protocol. Decoded components are kept while their version stands."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._cache: OrderedDict[tuple[str, str], tuple[int, Projected]] = OrderedDict()

    def opened(self, person: PersonId, id_: str, version: int, body: bytes | None) -> Projected:
        """One component's projections, from the cache where its version is the same."""
        cached = self._cache.get((person, id_))
        if cached is not None and cached[0] == version:
            return cached[1]
        if body is None:
            return Projected((), ())
        projected = PROJECTED.validate_json(self._db.open(person, id_, "component", body))
        self._cache[person, id_] = (version, projected)
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return projected

    def _components(self, person: PersonId) -> list[Projected]:
        self._db.keys.get(person)  # an erased person's cache is worth nothing
        with self._db.read() as db:
            rows = db.execute(
                "SELECT id, version, body FROM component WHERE person = ? AND pointer IS NULL ORDER BY id", (person,)
            ).fetchall()
        return [self.opened(person, *row) for row in rows]

    def applications(self, person: PersonId) -> Sequence[Application]:
        """See Projections.applications."""
        return [each for projected in self._components(person) for each in projected.applications]

    def application(self, person: PersonId, application: ApplicationId) -> Application:
        """See Projections.application."""
        self._db.keys.get(person)
        with self._db.read() as db:
            row = db.execute(
                "SELECT c.id, c.version, c.body FROM application a JOIN component c"
                " ON c.person = a.person AND c.id = a.component WHERE a.person = ? AND a.id = ?",
                (person, application),
            ).fetchone()
        if row is not None:
            for each in self.opened(person, *row).applications:
                if application in {each.id, *each.aliases}:
                    return each
        raise NotFound("There is no such application.")

    def review(self, person: PersonId) -> Sequence[ReviewItem]:
        """See Projections.review."""
        return sorted(
            (each for projected in self._components(person) for each in projected.review),
            key=lambda each: (each.at, each.fact),
        )

    def left_out(self, person: PersonId) -> Sequence[ReviewItem]:
        """See Projections.left_out."""
        return sorted(
            (each for projected in self._components(person) for each in projected.left_out),
            key=lambda each: (each.at, each.fact),
        )

    def version(self, person: PersonId) -> int:
        """See Projections.version."""
        with self._db.read() as db:
            row = db.execute("SELECT version FROM person WHERE id = ?", (person,)).fetchone()
        if row is None:
            raise NotFound("This person is not here, or was erased.")
        return int(row[0])
