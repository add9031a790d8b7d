"""Ledger lines and sync runs, outbox entries, parked tasks and what backfills wait for, in DynamoDB."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from hearback.model.errors import Conflict
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.ledger import LedgerEntry, Looked, Tally
from hearback.model.mailbox import SyncRun
from hearback.model.outbox import OutboxEntry
from hearback.model.task import CatchUp, MessageRef, Task, ThreadRef
from hearback.storage import layout
from hearback.storage.alike import tags, tally
from hearback.storage.codec import LEDGER, OUTBOX, PARKED, RUN
from hearback.storage.dynamodb.table import EXISTS, MAX_ITEMS, Item, Table, key
from hearback.storage.protocols import Parked
from hearback.storage.stream import ATTRIBUTE

OUTBOX_SECONDS: Final = 14 * 86_400
RUNS_KEPT: Final = timedelta(days=90)


def ledger_item(table: Table, person: PersonId, entry: LedgerEntry) -> Item:
    """One ledger line as an item."""
    name = f"{entry.mailbox_id}#{entry.provider_message_id}"
    body = table.seal(person, name, "ledger", LEDGER.dump_json(entry))
    beside = tags(table.keys.get(person), entry)
    return {
        **key(layout.person(person), f"LEDG#{name}"),
        "body": body,
        "at": {"N": repr(entry.at.timestamp())},
        "run": {"S": beside.run},
        "sort": {"S": beside.sort},
        **({"thread": {"S": beside.thread}} if beside.thread is not None else {}),
    }


def outbox_item(entry: OutboxEntry) -> Item:
    """What must leave, as an item the table stream hands on."""
    return {
        **key(*layout.outbox(entry.person_id, entry.id)),
        ATTRIBUTE: {"S": OUTBOX.dump_json(entry).decode()},
        "expires": {"N": str(int(entry.at.timestamp()) + OUTBOX_SECONDS)},
    }


class DynamoLedger:
    """The Ledger protocol."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, person: PersonId, entries: Sequence[LedgerEntry]) -> None:
        """See Ledger.note."""
        for entry in entries:
            put = self._table.putting(
                ledger_item(self._table, person, entry), condition="attribute_not_exists(pk)", means=EXISTS
            )
            try:
                self._table.transact([self._table.exists(person), put])
            except Conflict:
                continue  # the line is there already

    def looked_at(
        self, person: PersonId, mailbox: MailboxId, ids: Iterable[ProviderMessageId]
    ) -> frozenset[ProviderMessageId]:
        """See Ledger.looked_at."""
        pk, prefix = layout.person(person), f"LEDG#{mailbox}#"
        found = self._table.get_many((pk, f"{prefix}{id_}") for id_ in ids)
        return frozenset(ProviderMessageId(sk.removeprefix(prefix)) for _, sk in found)

    def lines(
        self, person: PersonId, mailbox: MailboxId, ids: Iterable[ProviderMessageId]
    ) -> Mapping[ProviderMessageId, LedgerEntry]:
        """See Ledger.lines."""
        pk, prefix = layout.person(person), f"LEDG#{mailbox}#"
        found = self._table.get_many((pk, f"{prefix}{id_}") for id_ in ids)
        return {
            ProviderMessageId(sk.removeprefix(prefix)): self._opened(person, item) for (_, sk), item in found.items()
        }

    def entries(
        self,
        person: PersonId,
        mailbox: MailboxId | None = None,
        *,
        run: str | None = None,
        looked: Looked | None = None,
        skip: int = 0,
        limit: int | None = None,
    ) -> Sequence[LedgerEntry]:
        """See Ledger.entries."""
        items = self._items(person, mailbox)
        sorts = self._sorts(person, items) if looked is not None else {}
        found = [
            item
            for item in items
            if run in {None, item["run"]["S"]} and (looked is None or sorts[item["sort"]["S"]].looked is looked)
        ]
        found.sort(key=_message)
        found.sort(key=lambda item: float(item["at"]["N"]), reverse=True)
        until = None if limit is None else skip + limit
        return [self._opened(person, item) for item in found[skip:until]]

    def tally(self, person: PersonId, mailbox: MailboxId | None = None) -> Tally:
        """See Ledger.tally."""
        items = self._items(person, mailbox)
        counted = Counter((_mailbox(item), item["run"]["S"], item["sort"]["S"]) for item in items)
        threads = {item["thread"]["S"] for item in items if "thread" in item}
        return tally(((*which, count) for which, count in counted.items()), self._sorts(person, items), len(threads))

    def _items(self, person: PersonId, mailbox: MailboxId | None) -> list[Item]:
        """All lines, unopened but for those of an older version, which have no tags."""
        prefix = f"LEDG#{mailbox}#" if mailbox is not None else "LEDG#"
        return [
            item if "sort" in item else ledger_item(self._table, person, self._opened(person, item))
            for item in self._table.query(layout.person(person), prefix)
        ]

    def _sorts(self, person: PersonId, items: Iterable[Item]) -> dict[str, LedgerEntry]:
        """One line of each sort."""
        some = {item["sort"]["S"]: item for item in items}
        return {sort: self._opened(person, item) for sort, item in some.items()}

    def _opened(self, person: PersonId, item: Item) -> LedgerEntry:
        name = item["sk"]["S"].removeprefix("LEDG#")
        return LEDGER.validate_json(self._table.open(person, name, "ledger", item["body"]))

    def add_run(self, person: PersonId, run: SyncRun) -> None:
        """See Ledger.add_run."""
        name = f"{layout.stamp(run.started_at)}#{run.mailbox_id}"
        item = {
            **key(layout.person(person), f"RUN#{name}"),
            "body": self._table.seal(person, name, "run", RUN.dump_json(run)),
            "expires": {"N": str(int((run.started_at + RUNS_KEPT).timestamp()))},
        }
        self._table.transact([self._table.exists(person), self._table.putting(item)])

    def runs(self, person: PersonId, *, limit: int = 20) -> Sequence[SyncRun]:
        """See Ledger.runs."""
        items = self._table.query(layout.person(person), "RUN#", limit=limit, newest_first=True)
        return [
            RUN.validate_json(self._table.open(person, item["sk"]["S"].removeprefix("RUN#"), "run", item["body"]))
            for item in items
        ]


def _mailbox(item: Item) -> MailboxId:
    return MailboxId(item["sk"]["S"].split("#", 2)[1])


def _message(item: Item) -> str:
    return str(item["sk"]["S"].split("#", 2)[2])


class DynamoOutbox:
    """The Outbox protocol."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def pending(self, *, limit: int = 100) -> Sequence[OutboxEntry]:
        """See Outbox.pending."""
        found = [
            OUTBOX.validate_json(item[ATTRIBUTE]["S"])
            for shard in range(layout.OUTBOX_SHARDS)
            for item in self._table.query(f"OUTBOX#{shard}", "OUT#", limit=limit)
        ]
        return sorted(found, key=lambda entry: (entry.at, entry.id))[:limit]

    def done(self, person: PersonId, ids: Iterable[str]) -> None:
        """See Outbox.done."""
        for id_ in ids:
            self._table.delete(*layout.outbox(person, id_))

    def park(self, parked: Parked) -> None:
        """See Outbox.park."""
        person, name = _place(parked.task)
        body = self._table.seal(person, name, "parked", PARKED.dump_json(parked))
        item = {**key(layout.person(person), f"PARK#{name}"), "body": body}
        self._table.transact([self._table.exists(person), self._table.putting(item)])

    def parked(self, person: PersonId, mailbox: MailboxId) -> Sequence[Parked]:
        """See Outbox.parked."""
        return [
            PARKED.validate_json(
                self._table.open(person, item["sk"]["S"].removeprefix("PARK#"), "parked", item["body"])
            )
            for item in self._table.query(layout.person(person), f"PARK#{mailbox}#")
        ]

    def unpark(self, person: PersonId, mailbox: MailboxId, tasks: Iterable[Task]) -> None:
        """See Outbox.unpark."""
        del mailbox  # the task names it
        for task in tasks:
            self._table.delete(layout.person(person), f"PARK#{_place(task)[1]}")


class DynamoAwaited:
    """The Awaited protocol: one small item each, so that settling one twice counts once."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, person: PersonId, mailbox: MailboxId, names: Iterable[str]) -> None:
        """See Awaited.add."""
        pk = layout.person(person)
        puts = [self._table.putting(key(pk, f"WAIT#{mailbox}#{name}")) for name in dict.fromkeys(names)]
        for start in range(0, len(puts), MAX_ITEMS - 1):
            self._table.transact([self._table.exists(person), *puts[start : start + MAX_ITEMS - 1]])

    def settled(self, person: PersonId, mailbox: MailboxId, name: str) -> None:
        """See Awaited.settled."""
        self._table.delete(layout.person(person), f"WAIT#{mailbox}#{name}")

    def among(self, person: PersonId, mailbox: MailboxId, names: Iterable[str]) -> frozenset[str]:
        """See Awaited.among."""
        pk, prefix = layout.person(person), f"WAIT#{mailbox}#"
        found = self._table.get_many((pk, f"{prefix}{name}") for name in names)
        return frozenset(sk.removeprefix(prefix) for _, sk in found)

    def drop(self, person: PersonId, mailbox: MailboxId, prefix: str) -> None:
        """See Awaited.drop."""
        found = [each["sk"]["S"] for each in self._table.query(layout.person(person), f"WAIT#{mailbox}#{prefix}")]
        for start in range(0, len(found), MAX_ITEMS):
            self._table.transact(
                [self._table.deleting(layout.person(person), sk) for sk in found[start : start + MAX_ITEMS]]
            )

    def count(self, person: PersonId, mailbox: MailboxId, prefix: str = "") -> int:
        """See Awaited.count."""
        return sum(1 for _ in self._table.query(layout.person(person), f"WAIT#{mailbox}#{prefix}"))


def _place(task: Task) -> tuple[PersonId, str]:
    """Whose task it is, and a name that is the same for the same work."""
    match task:
        case MessageRef():
            return task.person_id, f"{task.mailbox_id}#message:{task.message_id}"
        case ThreadRef():
            return task.person_id, f"{task.mailbox_id}#thread:{task.thread_id}"
        case CatchUp():
            return task.person_id, f"{task.mailbox_id}#catch_up"
        case _:
            return task.person_id, f"#{hashlib.sha256(repr(task).encode()).hexdigest()}"
