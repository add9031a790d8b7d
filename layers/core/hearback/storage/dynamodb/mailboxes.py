"""Mailboxes with cursor, lease, status and sealed tokens, and the Directory, in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hearback.model.errors import Conflict, NotFound
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Lease, Mailbox
from hearback.model.outbox import OutboxEntry
from hearback.storage import layout
from hearback.storage.codec import MAILBOX
from hearback.storage.dynamodb.ledger import outbox_item
from hearback.storage.dynamodb.table import MOVED, Item, Table, key
from hearback.storage.protocols import UNCHANGED, Unchanged
from hearback.storage.seal import blind


class DynamoMailboxes:
    """The Mailboxes protocol."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(
        self,
        mailbox: Mailbox,
        *,
        due_at: datetime | Unchanged | None = UNCHANGED,
        fence: Lease | None = None,
        tells: OutboxEntry | None = None,
    ) -> Mailbox:
        """See Mailboxes.put."""
        table, person, id_ = self._table, mailbox.person_id, mailbox.id
        pk = layout.person(person)
        generation = mailbox.cursor.generation if mailbox.cursor is not None else 0
        stored = replace(mailbox, version=mailbox.version + 1)
        before = table.get(pk, f"BOX#{id_}") or {}
        due_was, watch_was = (before.get(name, {"S": ""})["S"] for name in ("due", "watch"))
        due = due_was if due_at is UNCHANGED else _turn(due_at, mailbox)
        watch = _turn(mailbox.watch.expires_at if mailbox.watch is not None else None, mailbox)
        item: Item = {
            **key(pk, f"BOX#{id_}"),
            "version": {"N": str(stored.version)},
            "generation": {"N": str(generation)},
            "due": {"S": due},
            "watch": {"S": watch},
            "body": table.seal(person, id_, "mailbox", MAILBOX.dump_json(stored)),
        }
        writes = [table.exists(person)]
        if fence is not None:
            writes.append(table.holds(person, id_, fence.fence))
        if mailbox.version == 0:
            writes.append(table.putting(item, condition="attribute_not_exists(pk)", means=MOVED))
        else:
            writes.append(
                table.putting(
                    item,
                    condition="version = :was AND generation <= :generation",
                    values={":was": {"N": str(mailbox.version)}, ":generation": {"N": str(generation)}},
                    means=MOVED,
                )
            )
        writes += self._indexed(layout.due(id_), due_was, due) + self._indexed(layout.watch(id_), watch_was, watch)
        if tells is not None:
            writes.append(table.putting(outbox_item(tells)))
        table.transact(writes)
        return stored

    def _indexed(self, pk: str, was: str, now: str) -> list[tuple[Item, str]]:
        """The writes that move a mailbox within an index; the version condition beside them keeps both true."""
        writes = [self._table.deleting(pk, was)] if was and was != now else []
        return writes + ([self._table.putting(key(pk, now))] if now and was != now else [])

    def get(self, person: PersonId, mailbox: MailboxId) -> Mailbox:
        """See Mailboxes.get."""
        item = self._table.get(layout.person(person), f"BOX#{mailbox}")
        if item is None:
            raise NotFound("There is no such mailbox.")
        return MAILBOX.validate_json(self._table.open(person, mailbox, "mailbox", item["body"]))

    def of_person(self, person: PersonId) -> Sequence[Mailbox]:
        """See Mailboxes.of_person."""
        return [
            MAILBOX.validate_json(
                self._table.open(person, item["sk"]["S"].removeprefix("BOX#"), "mailbox", item["body"])
            )
            for item in self._table.query(layout.person(person), "BOX#")
        ]

    def due(self, now: datetime, shard: int, *, limit: int = 100) -> Sequence[tuple[PersonId, MailboxId]]:
        """See Mailboxes.due."""
        return self._until(f"DUE#{shard}", now, limit)

    def lapsing(self, until: datetime, shard: int) -> Sequence[tuple[PersonId, MailboxId]]:
        """See Mailboxes.lapsing."""
        return self._until(f"WATCH#{shard}", until, None)

    def _until(self, pk: str, moment: datetime, limit: int | None) -> Sequence[tuple[PersonId, MailboxId]]:
        items = self._table.query(pk, until=f"{layout.stamp(moment)}~", limit=limit)
        found = [item["sk"]["S"].split("#", 2) for item in items]
        return [(PersonId(person), MailboxId(mailbox)) for _, person, mailbox in found]

    def lease(self, person: PersonId, mailbox: MailboxId, *, seconds: float, now: datetime) -> Lease | None:
        """See Mailboxes.lease."""
        table, pk = self._table, layout.person(person)
        expires_at = now + timedelta(seconds=seconds)
        held = table.get(pk, f"LEASE#{mailbox}")
        if held is not None and float(held["until"]["N"]) > now.timestamp():
            return None
        was = int(held["fence"]["N"]) if held is not None else 0
        item = {
            **key(pk, f"LEASE#{mailbox}"),
            "fence": {"N": str(was + 1)},
            "until": {"N": repr(expires_at.timestamp())},
        }
        condition = "attribute_not_exists(pk)" if held is None else "fence = :was"
        values = None if held is None else {":was": {"N": str(was)}}
        try:
            table.transact([table.exists(person), table.putting(item, condition=condition, values=values)])
        except Conflict:
            return None  # another worker was faster
        return Lease(person_id=person, mailbox_id=mailbox, fence=was + 1, expires_at=expires_at)

    def release(self, lease: Lease) -> None:
        """See Mailboxes.release."""
        item = {
            **key(layout.person(lease.person_id), f"LEASE#{lease.mailbox_id}"),
            "fence": {"N": str(lease.fence)},
            "until": {"N": "0"},
        }
        try:
            self._table.put(item, condition="fence = :mine", values={":mine": {"N": str(lease.fence)}})
        except Conflict:
            return  # it is another worker's by now

    def secret(self, person: PersonId, mailbox: MailboxId) -> tuple[bytes, int] | None:
        """See Mailboxes.secret."""
        item = self._table.get(layout.person(person), f"TOKEN#{mailbox}")
        if item is None or "body" not in item:
            return None
        return self._table.open(person, mailbox, "token", item["body"]), int(item["version"]["N"])

    def put_secret(self, person: PersonId, mailbox: MailboxId, secret: bytes | None, *, expected: int) -> int:
        """See Mailboxes.put_secret."""
        table, pk = self._table, layout.person(person)
        before = table.get(pk, f"TOKEN#{mailbox}")
        held = int(before["version"]["N"]) if before is not None else 0
        if expected != held and not (expected == 0 and before is not None and "body" not in before):
            raise Conflict("Another worker stored a newer token first.")
        item: Item = {**key(pk, f"TOKEN#{mailbox}"), "version": {"N": str(held + 1)}}
        if secret is not None:
            item["body"] = table.seal(person, mailbox, "token", secret)
        condition = "attribute_not_exists(pk)" if before is None else "version = :was"
        values = None if before is None else {":was": {"N": str(held)}}
        table.transact([table.exists(person), table.putting(item, condition=condition, values=values)])
        return held + 1


def _turn(moment: datetime | None, mailbox: Mailbox) -> str:
    """Where the mailbox stands in an index by time; empty: in none."""
    return f"{layout.stamp(moment)}#{mailbox.person_id}#{mailbox.id}" if moment is not None else ""


class DynamoQuotas:
    """The Quotas protocol. A plain write each: only the first asks whether the person is there, later ones whether it is."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, person: PersonId, mailbox: MailboxId) -> tuple[bytes, int] | None:
        """See Quotas.get."""
        item = self._table.get(layout.person(person), f"QUOTA#{mailbox}")
        if item is None:
            return None
        return self._table.open(person, mailbox, "quota", item["body"]), int(item["version"]["N"])

    def put(self, person: PersonId, mailbox: MailboxId, count: bytes, *, expected: int) -> int:
        """See Quotas.put."""
        table = self._table
        item: Item = {
            **key(layout.person(person), f"QUOTA#{mailbox}"),
            "version": {"N": str(expected + 1)},
            "body": table.seal(person, mailbox, "quota", count),
        }
        if expected == 0:
            table.transact(
                [table.exists(person), table.putting(item, condition="attribute_not_exists(pk)", means=MOVED)]
            )
        else:
            table.put(item, condition="version = :was", values={":was": {"N": str(expected)}})
        return expected + 1


class DynamoDirectory:
    """The Directory protocol: HMACs under the deployment's key; each entry has a twin under its person, for erasure."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def _pk(self, kind: str, name: str) -> str:
        hidden = blind(self._table.keys.deployment_key(), f"{kind}\x1f{name}")
        return f"DIR#{kind}#{hidden}"

    def add(self, kind: str, name: str, person: PersonId, mailbox: MailboxId) -> None:
        """See Directory.add."""
        pk = self._pk(kind, name)
        self._table.transact(
            [
                self._table.exists(person),
                self._table.putting(key(pk, f"{person}#{mailbox}")),
                self._table.putting(key(layout.person(person), f"{pk}#{mailbox}")),
            ]
        )

    def find(self, kind: str, name: str) -> Sequence[tuple[PersonId, MailboxId]]:
        """See Directory.find."""
        found = [item["sk"]["S"].split("#", 1) for item in self._table.query(self._pk(kind, name))]
        return [(PersonId(person), MailboxId(mailbox)) for person, mailbox in found]

    def remove(self, kind: str, name: str, person: PersonId, mailbox: MailboxId) -> None:
        """See Directory.remove."""
        pk = self._pk(kind, name)
        self._table.transact(
            [
                self._table.deleting(pk, f"{person}#{mailbox}"),
                self._table.deleting(layout.person(person), f"{pk}#{mailbox}"),
            ]
        )
