"""Counting and paging the ledger opens no more of it than it must, on SQLite and on DynamoDB."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.ledger import LedgerEntry, Looked
from hearback.storage.alike import tags
from hearback.storage.sqlite import SqliteStore

ANN, BEN = PersonId("ann"), PersonId("ben")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BOXES = (MailboxId("gmail-1"), MailboxId("import-2"))
SORTS = (
    (Looked.SEEN, "canary-reason", 5),
    (Looked.SEEN, "another canary", 5),
    (Looked.OPENED, "canary-reason", 10),
    (Looked.KEPT, "", 10),
    (Looked.KEPT, "", 0),
    (Looked.GONE, "canary-reason", 5),
)


def lines() -> list[LedgerEntry]:
    """Sixty of two mailboxes and three runs, of six sorts; three messages a conversation, some dates twice."""
    found = []
    for number in range(60):
        looked, reason, units = SORTS[number % len(SORTS)]
        entry = LedgerEntry(
            mailbox_id=BOXES[number % 5 == 0],
            provider_message_id=ProviderMessageId(f"m{number:02}"),
            at=NOW - timedelta(hours=number // 2),
            looked=looked,
            reason=reason,
            run=("", "20261124T090000.000000", "20261125T090000.000000")[number % 7 % 3],
            units=units,
            thread=f"canary-thread{number // 9}" if looked is Looked.KEPT and number % 4 else None,
        )
        found.append(entry)
    return found


def told(some: list[LedgerEntry]) -> tuple[Any, ...]:
    """What a tally says of them."""
    groups: Counter[Any] = Counter()
    units: Counter[Any] = Counter()
    for each in some:
        which = (each.mailbox_id, each.run, each.looked, each.reason)
        groups[which] += 1
        units[which] += each.units
    return groups, units, len({each.conversation for each in some} - {None})


def tallied(store: Any, mailbox: MailboxId | None = None) -> tuple[Any, ...]:
    found = store.ledger.tally(ANN, mailbox)
    groups: Counter[Any] = Counter()
    units: Counter[Any] = Counter()
    for each in found.groups:
        which = (each.mailbox_id, each.run, each.looked, each.reason)
        groups[which] += each.count
        units[which] += each.units
    return groups, units, found.threads


@pytest.fixture
def noted(store: Any) -> Any:
    store.ledger.note(ANN, lines())
    return store


@pytest.mark.parametrize("box", [None, *BOXES])
def test_a_tally_is_what_the_lines_come_to(box: MailboxId | None, noted: Any) -> None:
    """Of one mailbox or all: by run, how far, why, units, conversations."""
    assert tallied(noted, box) == told([each for each in lines() if box in {None, each.mailbox_id}])


def test_a_tally_counts_lines_looked_at_so_far(noted: Any) -> None:
    """And all of them, where nothing is named."""
    tally = noted.ledger.tally(ANN)
    assert (tally.count(), tally.count(Looked.KEPT), tally.count(Looked.SEEN, Looked.GONE)) == (60, 20, 30)


def test_nobody_counts_for_another(noted: Any) -> None:
    """Ben has no lines."""
    assert noted.ledger.tally(BEN).groups == ()
    assert noted.ledger.tally(BEN).threads == 0
    assert noted.ledger.entries(BEN, looked=Looked.KEPT) == []


@pytest.mark.parametrize(
    "which",
    [
        {},
        {"mailbox": BOXES[0]},
        {"run": "20261124T090000.000000"},
        {"run": ""},
        {"looked": Looked.KEPT},
        {"mailbox": BOXES[1], "run": "20261125T090000.000000", "looked": Looked.SEEN},
        {"run": "never"},
    ],
)
def test_lines_are_found_a_page_at_a_time(which: dict[str, Any], noted: Any) -> None:
    """Newest first; the pages together are all that fit, none twice."""
    names = {"mailbox": "mailbox_id"}
    fit = [each for each in lines() if all(getattr(each, names.get(name, name)) == is_ for name, is_ in which.items())]
    fit.sort(key=lambda each: (-each.at.timestamp(), each.provider_message_id))
    pages = [noted.ledger.entries(ANN, **which, skip=skip, limit=7) for skip in range(0, 63, 7)]
    assert [each for page in pages for each in page] == fit
    assert noted.ledger.entries(ANN, **which) == fit


def _untag(store: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Make all lines those of an older version."""
    if isinstance(store, SqliteStore):
        with sqlite3.connect(tmp_path / "store.db") as db:
            db.execute("UPDATE ledger SET run = NULL, sort = NULL, thread = NULL")
        return
    aws = request.getfixturevalue("aws")
    table, client = f"table{aws['tables']}", aws["dynamodb"]
    for item in client.scan(TableName=table)["Items"]:
        if item["sk"]["S"].startswith("LEDG#"):
            bare = {name: value for name, value in item.items() if name in {"pk", "sk", "body"}}
            client.put_item(TableName=table, Item=bare)


@pytest.mark.parametrize("by", ["tally", "run", "looked"])
def test_lines_of_an_older_version_count(by: str, noted: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Whatever is asked first."""
    _untag(noted, tmp_path, request)
    if by == "tally":
        assert tallied(noted) == told(lines())
    elif by == "run":
        assert len(noted.ledger.entries(ANN, run="")) == sum(not each.run for each in lines())
    else:
        assert len(noted.ledger.entries(ANN, looked=Looked.KEPT)) == 20


def test_what_stands_beside_a_line_says_nothing_of_it(noted: Any) -> None:
    """No reason, no conversation, and nothing that two people's lines have in common."""
    kept = lines()[3]
    ann, ben = (tags(key * 32, kept) for key in (b"a", b"b"))
    assert ann.sort != ben.sort
    assert ann.thread != ben.thread
    assert "canary" not in f"{ann.sort}{ann.thread}"
