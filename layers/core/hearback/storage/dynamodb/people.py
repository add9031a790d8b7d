"""Persons and their sealed settings in DynamoDB. Erasing deletes the key first: what is left is unreadable at once."""

from __future__ import annotations

from collections.abc import Sequence

from hearback.model.errors import NotFound
from hearback.model.ids import PersonId
from hearback.model.person import Person
from hearback.storage import layout
from hearback.storage.codec import OUTBOX, PERSON
from hearback.storage.dynamodb.table import Table, in_our_words, key
from hearback.storage.stream import ATTRIBUTE


class DynamoPeople:
    """The People protocol."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, person: Person) -> None:
        """See People.put."""
        self._table.keys.create(person.id)
        body = self._table.seal(person.id, person.id, "person", PERSON.dump_json(person))
        with in_our_words():
            self._table.client.update_item(
                TableName=self._table.name,
                Key=key(layout.person(person.id), "PERSON"),
                UpdateExpression="SET body = :body",
                ExpressionAttributeValues={":body": body},
            )

    def get(self, person: PersonId) -> Person:
        """See People.get."""
        item = self._table.get(layout.person(person), "PERSON")
        if item is None:
            raise NotFound("This person is not here, or was erased.")
        return PERSON.validate_json(self._table.open(person, person, "person", item["body"]))

    def setting(self, person: PersonId, name: str) -> bytes | None:
        """See People.setting."""
        item = self._table.get(layout.person(person), f"SET#{name}")
        return self._table.open(person, name, "setting", item["body"]) if item is not None else None

    def put_setting(self, person: PersonId, name: str, value: bytes | None) -> None:
        """See People.put_setting."""
        table, pk = self._table, layout.person(person)
        if value is None:
            table.transact([table.exists(person), table.deleting(pk, f"SET#{name}")])
            return
        item = {**key(pk, f"SET#{name}"), "body": table.seal(person, name, "setting", value)}
        table.transact([table.exists(person), table.putting(item)])

    def settings(self, person: PersonId, prefix: str) -> Sequence[tuple[str, bytes]]:
        """See People.settings."""
        found = []
        for item in self._table.query(layout.person(person), f"SET#{prefix}"):
            name = item["sk"]["S"].removeprefix("SET#")
            found.append((name, self._table.open(person, name, "setting", item["body"])))
        return found

    def derived(self, person: PersonId, purpose: str) -> bytes:
        """See People.derived."""
        return self._table.derived(person, purpose)

    def erase(self, person: PersonId) -> None:
        """See People.erase."""
        self._table.keys.erase(person)
        pk = layout.person(person)
        self._table.delete(pk, "PERSON")
        for item in list(self._table.query(pk)):
            sk = item["sk"]["S"]
            if sk.startswith("DIR#"):
                directory, _, mailbox = sk.rpartition("#")
                self._table.delete(directory, f"{person}#{mailbox}")
            if sk.startswith("BOX#"):
                id_ = sk.removeprefix("BOX#")
                for name, index in (("due", layout.due(id_)), ("watch", layout.watch(id_))):
                    if place := item.get(name, {"S": ""})["S"]:
                        self._table.delete(index, place)
            self._table.delete(pk, sk)
        for shard in range(layout.OUTBOX_SHARDS):
            for item in list(self._table.query(f"OUTBOX#{shard}", f"OUT#{person}#")):
                entry = OUTBOX.validate_json(item[ATTRIBUTE]["S"])
                self._table.delete(*layout.outbox(person, entry.id))
