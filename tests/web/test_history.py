"""Sync History and Activity Log: every run with its counts, what it found by name, filters, pages, CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, ask, connected, install, mail, session, work_all
from hearback import wiring
from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.ledger import LedgerEntry, Looked
from hearback.model.mailbox import SyncRun
from hearback.storage.sqlite.ledger import SqliteLedger
from hearback.sync import notified
from hearback.sync.catch_up import catch_up
from hearback.sync.sync_now import sync_now
from hearback.web import rendering


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="acme")
    google[0].deliver(BOX, mail(2, "Dinner on Sunday", "See you at seven.", sender="Mum <mum@family.example>"))
    connected(made, *google)
    return made


def page(here: wiring.Installation, path: str = "/settings/history") -> str:
    return html.unescape(str(ask(here, "GET", path, cookie=session(here))["body"]))


def table(here: wiring.Installation, path: str = "/settings/history?as=csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(ask(here, "GET", path, cookie=session(here))["body"]))))


def push(here: wiring.Installation, google: Any) -> None:
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))


def test_a_first_sync_is_one_row_with_all_its_pages(here: wiring.Installation) -> None:
    """Found, opened, kept, skipped, and the units of finding and reading."""
    (row,) = table(here)
    assert row["trigger"] == "first_sync"
    assert (row["opened"], row["kept"], row["skipped"], row["result"]) == ("1", "1", "1", "done")
    assert int(row["found"]) >= 2


def test_units_are_those_that_gmail_counted(here: wiring.Installation, google: Any) -> None:
    """Of a push and what reading its mail cost: all that was spent since."""
    before = google[0].meter.total[BOX]
    google[0].deliver(BOX, mail(3, "Your application at Acme", RECEIPT), thread_key="acme")
    push(here, google)
    work_all(here)
    spent = google[0].meter.total[BOX] - before
    newest = table(here)[0]
    assert (newest["trigger"], newest["found"], newest["kept"]) == ("push", "1", "1")
    assert int(newest["units"]) == spent


def test_every_trigger_is_told(here: wiring.Installation, google: Any) -> None:
    """Push, regular check, Sync Now, beside the first sync."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    google[0].deliver(BOX, mail(3, "Your application at Acme", RECEIPT), thread_key="acme")
    push(here, google)
    google[0].deliver(BOX, mail(4, "Your application at Acme", RECEIPT), thread_key="acme")
    catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    sync_now(here.rooms, wiring.OWNER)
    work_all(here)
    assert [each["trigger"] for each in table(here)] == ["sync_now", "sweep", "push", "first_sync"]


def test_looks_that_find_nothing_are_counted_on_the_next_row(here: wiring.Installation, google: Any) -> None:
    """No row of their own, and none lost."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    for _ in range(3):
        catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    assert len(table(here)) == 1
    google[0].deliver(BOX, mail(3, "Your application at Acme", RECEIPT), thread_key="acme")
    catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    assert table(here)[0]["quiet_looks_before"] == "3"
    assert "3 looks before it found nothing" in page(here)


def test_a_resync_is_a_row_beside_what_began_it(here: wiring.Installation, google: Any) -> None:
    """History was lost: the row says how much was listed for it."""
    google[0].deliver(BOX, mail(3, "Your application at Acme", RECEIPT), thread_key="acme")
    google[0].expire_history_before = google[0].accounts[BOX].history_id
    push(here, google)
    work_all(here)
    resync = next(each for each in table(here) if each["trigger"] == "resync")
    assert int(resync["found"]) >= 3
    assert resync["kept"] == "1"


def test_a_row_leads_to_its_messages_and_why(here: wiring.Installation) -> None:
    """Those of this run alone, with the application that a kept one is in."""
    found = re.search(r'href="(/settings/activity\?[^"]+run=[^"]+)"', page(here))
    assert found is not None
    body = page(here, found[1])
    assert "Not kept: 1" in body
    assert ">Acme</a>" in body
    assert body.count('<tr><td class="head">') == 2


def test_the_activity_log_is_filtered(here: wiring.Installation) -> None:
    """By how far it was looked at."""
    assert [each["looked"] for each in table(here, "/settings/activity?as=csv&looked=kept")] == ["kept"]
    assert len(table(here, "/settings/activity?as=csv")) == 2
    assert table(here, "/settings/activity?as=csv&mailbox=nobody") == []


@pytest.mark.parametrize(
    ("query", "count"), [("result=failed", 0), ("result=done", 1), ("reason=push", 0), ("mailbox=x", 0)]
)
def test_sync_history_is_filtered(query: str, count: int, here: wiring.Installation) -> None:
    """By result, trigger, mailbox."""
    assert len(table(here, f"/settings/history?as=csv&{query}")) == count


def filled(here: wiring.Installation, number: int) -> MailboxId:
    """Runs and lines, an hour apart."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    lines = []
    for each in range(number):
        at = start + timedelta(minutes=each)
        here.store.ledger.add_run(wiring.OWNER, SyncRun(mailbox_id=box.id, started_at=at, reason="push", seen=1))
        id_ = ProviderMessageId(f"m{each:03}")
        lines.append(LedgerEntry(mailbox_id=box.id, provider_message_id=id_, at=at, looked=Looked.SEEN, reason="other"))
    here.store.ledger.note(wiring.OWNER, lines)
    return box.id


@pytest.mark.parametrize("path", ["/settings/history", "/settings/activity"])
def test_long_lists_have_pages(path: str, here: wiring.Installation) -> None:
    """Fifty a page, the filter kept; a page that is none is the nearest."""
    filled(here, 60)
    first = page(here, f"{path}?mailbox={here.store.mailboxes.of_person(wiring.OWNER)[0].id}")
    assert "page 1 of 2" in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    assert "mailbox=" in older[1]
    assert "page 2 of 2" in page(here, path + older[1])
    assert "page 2 of 2" in page(here, f"{path}?page=99")
    assert "page 1 of 2" in page(here, f"{path}?page=x")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/settings/activity", 50),
        ("/settings/activity?page=3", 50),
        ("/settings/activity?looked=seen", 50),
        ("/settings/history", 0),
        ("/settings/integrations", 10),
        ("/", 0),
    ],
)
def test_a_page_opens_no_more_lines_than_it_shows(
    path: str, most: int, here: wiring.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one of each sort, to count them: here three sorts, named once to count and once to choose."""
    filled(here, 200)
    opened: list[object] = []
    real = SqliteLedger._opened
    monkeypatch.setattr(SqliteLedger, "_opened", lambda *told: opened.append(told) or real(*told))
    assert page(here, path)
    assert len(opened) <= most + 2 * 3


def test_a_failure_is_told_with_its_reason(here: wiring.Installation, google: Any) -> None:
    """And how often in a row."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    google[0].faults.add("backend_503", times=2)
    for _ in range(2):
        with pytest.raises(Exception, match="Gmail"):
            catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    newest = table(here)[0]
    assert (newest["times"], newest["result"].startswith("Gmail")) == ("2", True)


def test_a_sync_that_goes_on_says_so(here: wiring.Installation) -> None:
    """Its row is that of the backfill that runs."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    (run,) = here.store.ledger.runs(wiring.OWNER)
    from hearback.model.mailbox import Backfill

    here.store.mailboxes.put(replace(box, backfill=Backfill(since=run.started_at, started_at=run.started_at)))
    assert "still running" in page(here)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A spreadsheet shows it."""
    assert rendering.csv_safe(cell) == f"'{cell}"


def test_a_look_for_a_backfill_that_has_ended_is_no_row(here: wiring.Installation) -> None:
    """Another run was first to see that it is done."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    before = table(here)
    catch_up(here.rooms, wiring.OWNER, box.id, reason="first_sync")
    assert table(here) == before


def test_an_outage_is_one_row_whatever_looked(here: wiring.Installation, google: Any) -> None:
    """A push, a check, Sync Now: one cause, one row."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    google[0].faults.add("backend_503", times=3)
    for reason in ("push", "sweep", "sync_now"):
        with pytest.raises(Exception, match="Gmail"):
            catch_up(here.rooms, wiring.OWNER, box.id, reason=reason)
    assert [each["times"] for each in table(here)] == ["3", "1"]
