"""A smaller plan keeps everything and pauses what it no longer includes; a larger one goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, grant, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import NeedsPerson, Transient
from hearback.model.mailbox import Mailbox, Preferences, Provider
from hearback.model.plan import Plan
from hearback.sync import connect, notified, sweep
from hearback.sync.change_plan import change_plan
from hearback.sync.sync_now import sync_now

SECOND = "ann.berg@gmail.example"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    google[0].add_account(SECOND)
    return install(tmp_path / "home", *google)


def box(here: wiring.Installation, google: Any, address: str = BOX) -> Mailbox:
    made = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google, address), label="x")
    work_all(here)
    return now(here, made)


def now(here: wiring.Installation, mailbox: Mailbox) -> Mailbox:
    return here.store.mailboxes.get(wiring.OWNER, mailbox.id)


def companies(here: wiring.Installation) -> set[str | None]:
    return {each.company for each in here.store.projections.applications(wiring.OWNER)}


def receipt(google: Any, number: int, company: str, address: str) -> None:
    text = RECEIPT.replace("Acme", company)
    sender = f"{company} <jobs@{company.lower()}.example>"
    google[0].deliver(address, mail(number, f"Thank you for applying to {company}", text, sender=sender))


def swept(here: wiring.Installation) -> int:
    """How many mailboxes a sweep an hour from now queues."""
    moment = here.clock() + timedelta(hours=1)
    return sweep.sweep(replace(here.rooms, clock=lambda: moment))


@pytest.fixture
def two(here: wiring.Installation, google: Any) -> tuple[Mailbox, Mailbox]:
    """Two mailboxes of one provider, one receipt in each, under a plan that has room for both."""
    receipt(google, 1, "Acme", BOX)
    receipt(google, 2, "Borealis", SECOND)
    return box(here, google), box(here, google, SECOND)


def test_a_downgrade_reads_one_mailbox_less_and_keeps_all(here: wiring.Installation, google: Any, two: Any) -> None:
    """The one connected last is not read: its mail waits, its applications, cursor and token stay."""
    before = now(here, two[1])
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    receipt(google, 3, "Cobalt", BOX)
    receipt(google, 4, "Dunes", SECOND)
    assert swept(here) == 1
    work_all(here)
    assert companies(here) == {"Acme", "Borealis", "Cobalt"}
    assert now(here, two[1]).cursor == before.cursor
    assert here.store.mailboxes.secret(wiring.OWNER, two[1].id) is not None


def test_an_upgrade_catches_up_what_came_meanwhile(here: wiring.Installation, google: Any, two: Any) -> None:
    """From where the cursor stands, at once."""
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    receipt(google, 4, "Dunes", SECOND)
    work_all(here)
    change_plan(here.rooms, wiring.OWNER, Plan.PREMIUM_PRO)
    work_all(here)
    assert companies(here) == {"Acme", "Borealis", "Dunes"}


def test_room_that_is_made_is_taken_at_the_next_turn(here: wiring.Installation, google: Any, two: Any) -> None:
    """The first mailbox is disconnected: the paused one is read again by itself."""
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    receipt(google, 4, "Dunes", SECOND)
    connect.disconnect(here.rooms, wiring.OWNER, two[0].id)
    assert swept(here) == 1
    work_all(here)
    assert "Dunes" in companies(here)


def test_syncing_a_paused_mailbox_says_that_it_is(here: wiring.Installation, two: Any) -> None:
    """In words; syncing all leaves it out."""
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    with pytest.raises(NeedsPerson, match="paused"):
        sync_now(here.rooms, wiring.OWNER, two[1].id)
    assert sync_now(here.rooms, wiring.OWNER) == 1


def test_a_plan_without_real_time_ends_watches_and_hears_no_push(here: wiring.Installation, google: Any) -> None:
    """A push that comes all the same is left; the next turn finds the mail."""
    mine = box(here, google)
    assert mine.watch is not None
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    work_all(here)
    assert now(here, mine).watch is None
    receipt(google, 1, "Acme", BOX)
    notified.gmail(here.rooms, BOX, "999999")
    work_all(here)
    assert companies(here) == set()
    swept(here)
    work_all(here)
    assert companies(here) == {"Acme"}


def test_a_provider_out_of_reach_does_not_hold_a_plan_up(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch is forgotten here; its pushes are not listened to."""

    def fail(*_: Any) -> None:
        raise Transient("out of reach")

    mine = box(here, google)
    monkeypatch.setattr(GmailDoor, "unwatch", fail)
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    assert now(here, mine).watch is None


@pytest.mark.parametrize(("plan", "folders"), [(Plan.FREE, ("inbox",)), (Plan.PREMIUM_PRO, ("inbox", "archive"))])
def test_other_folders_are_read_where_the_plan_has_them(
    plan: Plan, folders: tuple[str, ...], here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the person chose is kept either way."""
    mine, asked = box(here, google), []
    chosen = Preferences(folders=("inbox", "archive"))
    here.store.mailboxes.put(replace(now(here, mine), preferences=chosen))
    real = GmailDoor.changes

    def listening(self: Any, cursor: str, preferences: Preferences, **more: Any) -> Any:
        asked.append(preferences.folders)
        return real(self, cursor, preferences, **more)

    monkeypatch.setattr(GmailDoor, "changes", listening)
    change_plan(here.rooms, wiring.OWNER, plan)
    work_all(here)
    assert set(asked) == {folders}
    assert now(here, mine).preferences == chosen


@pytest.mark.parametrize(("plan", "days"), [(Plan.FREE, 30), (Plan.PREMIUM_PRO, 90)])
def test_the_first_sync_goes_back_as_far_as_the_plan(
    plan: Plan, days: int, here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Applications of thirty days or ninety are looked for; only the rest of a thread that was found may be older."""
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=plan))
    since = []
    real = GmailDoor.listing

    def listening(self: Any, wanted: Any, *more: Any, **named: Any) -> Any:
        if wanted.query or wanted.by_thread:
            since.append(wanted.since)
        return real(self, wanted, *more, **named)

    monkeypatch.setattr(GmailDoor, "listing", listening)
    box(here, google)
    assert (here.clock() - min(since)).days == days


def test_a_plan_that_is_full_takes_no_more(here: wiring.Installation, google: Any) -> None:
    """Neither a new mailbox, nor one that was disconnected; one that asks to be reconnected stays one of those held."""
    first = box(here, google)
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    with pytest.raises(NeedsPerson, match="Free includes 1"):
        box(here, google, SECOND)
    connect.disconnect(here.rooms, wiring.OWNER, first.id)
    box(here, google, SECOND)
    with pytest.raises(NeedsPerson, match="Free includes 1"):
        box(here, google)
    assert box(here, google, SECOND).cause is None


def old(google: Any, here: wiring.Installation, number: int, company: str, days: int) -> None:
    """A receipt of so many days ago."""
    text = RECEIPT.replace("Acme", company)
    sender = f"{company} <jobs@{company.lower()}.example>"
    made = mail(number, f"Thank you for applying to {company}", text, sender=sender)
    google[0].deliver(BOX, made, received_at=here.clock() - timedelta(days=days))


def test_a_larger_plan_looks_further_back_at_once(here: wiring.Installation, google: Any) -> None:
    """Thirty days were looked through; the sixty before them follow without a sweep."""
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    old(google, here, 1, "Acme", 20)
    old(google, here, 2, "Dunes", 60)
    mine = box(here, google)
    assert companies(here) == {"Acme"}
    change_plan(here.rooms, wiring.OWNER, Plan.PREMIUM_PRO)
    work_all(here)
    assert companies(here) == {"Acme", "Dunes"}
    assert now(here, mine).backfill is None


def test_the_same_plan_again_looks_no_further_back(here: wiring.Installation, google: Any) -> None:
    """Nor does a look the day after."""
    box(here, google)
    change_plan(here.rooms, wiring.OWNER, Plan.PLATINUM_ELITE)
    google[0].calls.clear()
    change_plan(here.rooms, wiring.OWNER, Plan.PREMIUM_PRO)
    work_all(here)
    assert not {"messages.list", "threads.list"} & set(google[0].calls)


def test_a_first_sync_that_a_smaller_plan_paused_goes_on_at_once(here: wiring.Installation, google: Any) -> None:
    """To its end, not a few pages."""
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.PREMIUM_PRO))
    box(here, google, SECOND)
    old(google, here, 1, "Acme", 60)
    mine = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    work_all(here)
    assert now(here, mine).cursor is None
    change_plan(here.rooms, wiring.OWNER, Plan.PREMIUM_PRO)
    work_all(here)
    assert companies(here) == {"Acme"}
    assert now(here, mine).backfill is None
