"""Facts in components, and their projections, in DynamoDB. One Change is one TransactWriteItems.

A component's item holds its version and, sealed, its fact ids and projections; a body over PART_BYTES stands in parts
of its own, written before the transaction under the new version and removed after it, so that readers never see half.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from hearback.model.application import Application, ReviewItem
from hearback.model.change import Change, Component, ComponentWrite
from hearback.model.errors import Conflict, NotFound
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ApplicationId, FactId, PersonId
from hearback.model.lesson import Lessons
from hearback.storage import layout
from hearback.storage.codec import decode_fact, encode_fact
from hearback.storage.dynamodb.ledger import ledger_item, outbox_item
from hearback.storage.dynamodb.lessons import DynamoLessons, lesson_writes
from hearback.storage.dynamodb.table import EXISTS, MOVED, Item, Table, key

PART_BYTES: Final = 300_000
_CACHED: Final = 512
_POINTERS: Final = 32
"""Merges of merges; longer chains do not happen, and a circle must not hang."""


@dataclass(frozen=True, slots=True)
class _Body:
    """What is sealed in a component's item."""

    facts: tuple[FactId, ...]
    applications: tuple[Application, ...]
    review: tuple[ReviewItem, ...]
    left_out: tuple[ReviewItem, ...] = ()


_BODY: Final[TypeAdapter[_Body]] = TypeAdapter(_Body)


class DynamoFacts:
    """The Facts protocol."""

    def __init__(self, table: Table, projections: DynamoProjections) -> None:
        self._table = table
        self._projections = projections
        self._lessons = DynamoLessons(table)

    def record(self, change: Change) -> None:
        """See Facts.record."""
        table, person = self._table, change.person_id
        pk = layout.person(person)
        writes: list[tuple[Item, str]] = [table.exists(person)]
        if change.fence is not None:
            writes.append(table.holds(person, change.fence.mailbox_id, change.fence.fence))
        if change.lessons is not None:
            writes += lesson_writes(table, person, change.lessons, change.teaching)
        writes += [self._fact(person, pk, fact) for fact in change.facts]
        writes += [self._fact(person, pk, fact, there=True) for fact in change.replaced]
        parts: list[Item] = []
        for component in change.components:
            writes += self._component(person, pk, component, parts)
        writes += [table.putting(ledger_item(table, person, entry)) for entry in change.ledger]
        writes += [table.putting(outbox_item(entry)) for entry in change.outbox]
        if change.components:
            writes[0] = self._counted(pk)
        for part in parts:
            table.put(part)
        table.transact(writes)

    def _counted(self, pk: str) -> tuple[Item, str]:
        """The person's existence and the growth of their version in one write."""
        update = {
            "Update": {
                "TableName": self._table.name,
                "Key": key(pk, "PERSON"),
                "UpdateExpression": "ADD version :one",
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }
        return update, "erased"

    def _fact(self, person: PersonId, pk: str, fact: Fact, *, there: bool = False) -> tuple[Item, str]:
        id_ = fact_id(fact)
        item = {**key(pk, f"FACT#{id_}"), "body": self._table.seal(person, id_, "fact", encode_fact(fact))}
        if there:
            return self._table.putting(item, condition="attribute_exists(pk)", means=MOVED)
        return self._table.putting(item, condition="attribute_not_exists(pk)", means=EXISTS)

    def _component(
        self, person: PersonId, pk: str, write: ComponentWrite, parts: list[Item]
    ) -> Iterator[tuple[Item, str]]:
        version = max(expected for _, expected in write.expected) + 1
        expected = dict(write.expected)
        for id_, was in write.expected:
            if id_ != write.id:
                item = {**key(pk, f"COMP#{id_}"), "version": {"N": str(was + 1)}, "pointer": {"S": write.id}}
                yield self._conditioned(item, was)
        item = {**key(pk, f"COMP#{write.id}"), "version": {"N": str(version)}}
        body = self._table.seal(
            person,
            write.id,
            "component",
            _BODY.dump_json(
                _Body(write.facts, write.applications, write.review, write.left_out), exclude_defaults=True
            ),
        )["B"]
        if len(body) <= PART_BYTES:
            item["body"] = {"B": body}
        else:
            pieces = [body[at : at + PART_BYTES] for at in range(0, len(body), PART_BYTES)]
            parts += [
                {**key(pk, f"PART#{write.id}#{version}#{number}"), "body": {"B": piece}}
                for number, piece in enumerate(pieces)
            ]
            item["parts"] = {"N": str(len(pieces))}
        yield self._conditioned(item, expected.get(write.id, 0))
        yield from self._links(person, pk, write, expected)
        for sender in write.senders:
            yield self._table.putting(key(pk, f"FROM#{self._table.blind(person, sender)}#{write.id}"))
        for each in write.applications:
            for id_ in (each.id, *each.aliases):
                yield self._table.putting({**key(pk, f"APP#{id_}"), "component": {"S": write.id}})

    def _conditioned(self, item: Item, was: int) -> tuple[Item, str]:
        if was == 0:
            return self._table.putting(item, condition="attribute_not_exists(pk)", means=MOVED)
        return self._table.putting(
            item,
            condition="version = :was AND attribute_not_exists(pointer)",
            values={":was": {"N": str(was)}},
            means=MOVED,
        )

    def _links(
        self, person: PersonId, pk: str, write: ComponentWrite, expected: dict[str, int]
    ) -> Iterator[tuple[Item, str]]:
        """Point keys here, under the condition that they point where the change was planned from."""
        names = [f"LINK#{self._table.blind(person, each)}" for each in write.link_keys]
        held = self._table.get_many((pk, name) for name in names)
        targets = self._resolved(person, {item["component"]["S"] for item in held.values()})
        for name in names:
            item = {**key(pk, name), "component": {"S": write.id}}
            before = held.get((pk, name))
            if before is None:
                yield self._table.putting(item, condition="attribute_not_exists(pk)", means=MOVED)
                continue
            seen = before["component"]["S"]
            if targets.get(seen) not in expected:
                raise Conflict("Somebody else changed these applications first.")
            if seen != write.id:
                yield self._table.putting(
                    item, condition="component = :seen", values={":seen": {"S": seen}}, means=MOVED
                )

    def _resolved(self, person: PersonId, ids: Iterable[str]) -> dict[str, str]:
        """Where each component id leads to once pointers are followed."""
        found: dict[str, str] = {id_: id_ for id_ in ids}
        pk = layout.person(person)
        for _ in range(_POINTERS):
            items = self._table.get_many((pk, f"COMP#{target}") for target in set(found.values()))
            moved = {
                id_: items[pk, f"COMP#{target}"]["pointer"]["S"]
                for id_, target in found.items()
                if "pointer" in items.get((pk, f"COMP#{target}"), {})
            }
            if not moved:
                break
            found |= moved
        return found

    def known(self, person: PersonId, ids: Iterable[FactId]) -> frozenset[FactId]:
        """See Facts.known."""
        pk = layout.person(person)
        found = self._table.get_many((pk, f"FACT#{id_}") for id_ in ids)
        return frozenset(FactId(sk.removeprefix("FACT#")) for _, sk in found)

    def touched(self, person: PersonId, link_keys: Iterable[str]) -> tuple[Component, ...]:
        """See Facts.touched."""
        pk = layout.person(person)
        links = self._table.get_many((pk, f"LINK#{self._table.blind(person, each)}") for each in link_keys)
        targets = set(self._resolved(person, {item["component"]["S"] for item in links.values()}).values())
        items = self._table.get_many((pk, f"COMP#{id_}") for id_ in sorted(targets))
        return tuple(self._load(person, item) for _, item in sorted(items.items()))

    def _load(self, person: PersonId, item: Item) -> Component:
        id_ = item["sk"]["S"].removeprefix("COMP#")
        body = self._projections.opened(person, item)
        pk = layout.person(person)
        rows = self._table.get_many((pk, f"FACT#{fact}") for fact in body.facts)
        facts = tuple(
            decode_fact(self._table.open(person, sk.removeprefix("FACT#"), "fact", row["body"]))
            for (_, sk), row in rows.items()
        )
        return Component(
            id=id_,
            version=int(item["version"]["N"]),
            facts=facts,
            applications=body.applications,
            review=body.review,
            left_out=body.left_out,
        )

    def all(self, person: PersonId) -> Iterator[Fact]:
        """See Facts.all."""
        for item in self._table.query(layout.person(person), "FACT#"):
            yield decode_fact(self._table.open(person, item["sk"]["S"].removeprefix("FACT#"), "fact", item["body"]))

    def lessons(self, person: PersonId) -> Lessons:
        """See Facts.lessons."""
        return self._lessons.read(person)

    def written_by(self, person: PersonId, senders: Iterable[str]) -> Iterator[Component]:
        """See Facts.written_by."""
        pk = layout.person(person)
        prefixes = [f"FROM#{self._table.blind(person, each)}#" for each in senders]
        named = {item["sk"]["S"].removeprefix(prefix) for prefix in prefixes for item in self._table.query(pk, prefix)}
        for id_ in sorted(set(self._resolved(person, named).values())):
            item = self._table.get(pk, f"COMP#{id_}")
            if item is not None and "pointer" not in item:
                yield self._load(person, item)


class DynamoProjections:
    """The Projections protocol. Decoded components are kept while their version stands."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._cache: OrderedDict[tuple[str, str], tuple[int, _Body]] = OrderedDict()

    def opened(self, person: PersonId, item: Item) -> _Body:
        """One component's body, from the cache where its version is the same."""
        id_, version = item["sk"]["S"].removeprefix("COMP#"), int(item["version"]["N"])
        cached = self._cache.get((person, id_))
        if cached is not None and cached[0] == version:
            return cached[1]
        attribute: dict[str, Any] | None = item.get("body")
        if attribute is None:
            attribute = {"B": self._joined(person, id_, version, int(item.get("parts", {"N": "0"})["N"]))}
        body = _BODY.validate_json(self._table.open(person, id_, "component", attribute))
        self._cache[person, id_] = (version, body)
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return body

    def _joined(self, person: PersonId, id_: str, version: int, count: int) -> bytes:
        pk = layout.person(person)
        names = [(pk, f"PART#{id_}#{version}#{number}") for number in range(count)]
        found = self._table.get_many(names)
        if len(found) != count:
            raise Conflict("This was changed while it was read; read it again.")
        return b"".join(bytes(found[name]["body"]["B"]) for name in names)

    def _bodies(self, person: PersonId) -> Iterator[_Body]:
        self._table.keys.get(person)
        for item in self._table.query(layout.person(person), "COMP#"):
            if "pointer" not in item:
                yield self.opened(person, item)

    def applications(self, person: PersonId) -> Sequence[Application]:
        """See Projections.applications."""
        return [each for body in self._bodies(person) for each in body.applications]

    def application(self, person: PersonId, application: ApplicationId) -> Application:
        """See Projections.application."""
        self._table.keys.get(person)
        pk = layout.person(person)
        named = self._table.get(pk, f"APP#{application}")
        target = named["component"]["S"] if named is not None else None
        for _ in range(_POINTERS):
            item = self._table.get(pk, f"COMP#{target}") if target else None
            if item is None:
                break
            if "pointer" in item:
                target = item["pointer"]["S"]
                continue
            for each in self.opened(person, item).applications:
                if application in {each.id, *each.aliases}:
                    return each
            break
        raise NotFound("There is no such application.")

    def review(self, person: PersonId) -> Sequence[ReviewItem]:
        """See Projections.review."""
        return sorted(
            (each for body in self._bodies(person) for each in body.review), key=lambda each: (each.at, each.fact)
        )

    def left_out(self, person: PersonId) -> Sequence[ReviewItem]:
        """See Projections.left_out."""
        return sorted(
            (each for body in self._bodies(person) for each in body.left_out), key=lambda each: (each.at, each.fact)
        )

    def version(self, person: PersonId) -> int:
        """See Projections.version."""
        item = self._table.get(layout.person(person), "PERSON")
        if item is None:
            raise NotFound("This person is not here, or was erased.")
        return int(item.get("version", {"N": "0"})["N"])
