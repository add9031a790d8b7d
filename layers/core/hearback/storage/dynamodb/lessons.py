"""What a person's corrections teach, in DynamoDB: read with every fold, so kept while its version stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hearback.model.ids import Personal, PersonId
from hearback.model.lesson import Lesson, Lessons, SenderWord, Teaching, lessons
from hearback.storage import layout
from hearback.storage.codec import LESSON
from hearback.storage.dynamodb.table import MOVED, Item, Table, key

_VERSION: Final = "LESSONS"
_LESSON: Final = "LEARN#L#"
_SPREADING: Final = "LEARN#S#"


class DynamoLessons:
    """Facts.lessons."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._cache: dict[str, Lessons] = {}

    def read(self, person: PersonId) -> Lessons:
        """All lessons of the person. What is read beside a version that moves meanwhile is recorded under neither."""
        table, pk = self._table, layout.person(person)
        own = table.blind(person, f"lessons of {person}")  # another key, another person: nothing of the old one is kept
        item = table.get(pk, _VERSION)
        version = int(item["version"]["N"]) if item is not None else 0
        cached = self._cache.get(own)
        if cached is not None and cached.version == version:
            return cached
        taught: list[Lesson | SenderWord] = []
        spreading: list[Personal] = []
        for row in table.query(pk, "LEARN#") if version else ():
            sk = row["sk"]["S"]
            if sk.startswith(_LESSON):
                name = sk.removeprefix(_LESSON)
                taught.append(LESSON.validate_json(table.open(person, name, "lesson", row["body"])))
            else:
                name = sk.removeprefix(_SPREADING)
                spreading.append(Personal(table.open(person, name, "spreading", row["body"]).decode()))
        found = lessons(version, taught, spreading)
        self._cache = {own: found}
        return found


def lesson_writes(table: Table, person: PersonId, seen: int, teaching: Teaching | None) -> Iterator[tuple[Item, str]]:
    """Part of the transaction of a Change folded with version `seen` of the lessons. Its failed condition: they moved on."""
    pk = layout.person(person)
    condition = "version = :seen" if seen else "attribute_not_exists(pk)"
    values = {":seen": {"N": str(seen)}} if seen else None
    if teaching is None:
        check: Item = {"TableName": table.name, "Key": key(pk, _VERSION), "ConditionExpression": condition}
        if values:
            check["ExpressionAttributeValues"] = values
        yield {"ConditionCheck": check}, MOVED
        return
    next_version = {**key(pk, _VERSION), "version": {"N": str(seen + 1)}}
    yield table.putting(next_version, condition=condition, values=values, means=MOVED)
    for lesson in teaching.learned:
        body = table.seal(person, lesson.about, "lesson", LESSON.dump_json(lesson))
        yield table.putting({**key(pk, f"{_LESSON}{lesson.about}"), "body": body})
    for about in teaching.forgotten:
        yield table.deleting(pk, f"{_LESSON}{about}")
    again = set(teaching.spreading)
    for sender in (each for each in teaching.settled if each not in again):
        yield table.deleting(pk, f"{_SPREADING}{table.blind(person, sender)}")
    for sender in teaching.spreading:
        name = table.blind(person, sender)
        body = table.seal(person, name, "spreading", sender.encode())
        yield table.putting({**key(pk, f"{_SPREADING}{name}"), "body": body})
