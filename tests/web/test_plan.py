"""The Plan settings say what the plan includes, what is paused under it, and why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, ask, connected, grant, install, session, work_all
from hearback import wiring
from hearback.model.mailbox import Backfill, Preferences, Provider
from hearback.model.plan import Plan
from hearback.sync import connect
from hearback.sync.change_plan import change_plan
from hearback.web import plan


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    google[0].add_account("two@gmail.example")
    made = install(tmp_path / "home", *google)
    connected(made, *google)
    connect.connected(made.rooms, wiring.OWNER, Provider.GMAIL, grant(*google, "two@gmail.example"), label="x")
    work_all(made)
    first = next(each for each in made.store.mailboxes.of_person(wiring.OWNER) if each.address == BOX)
    made.store.mailboxes.put(replace(first, preferences=Preferences(folders=("inbox", "archive"))))
    made.web.receivers.add(wiring.OWNER, "https://93.184.216.34/hook")
    return made


def body(here: wiring.Installation, path: str = "/settings/plan") -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200
    return str(answer["body"])


def test_a_personal_install_has_nothing_paused(here: wiring.Installation) -> None:
    """Everything is included."""
    shown = body(here)
    assert "your plan includes all that you use" in shown
    assert len(re.findall(r"<td>yes</td>", shown)) == len(plan.SHOWN)


def test_what_is_paused_is_named_with_why(here: wiring.Installation) -> None:
    """The second mailbox, real-time sync and folders of the first, webhooks; each with the plan that has it."""
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    shown = body(here)
    paused = set(re.findall(r"<li><strong>([^<]+)</strong>", shown))
    mine = f"Gmail, {BOX}"
    assert paused == {"Gmail, two@gmail.example", f"{mine}: real-time sync", f"{mine}: other folders", "Webhooks: 1"}
    assert "Free includes 1 of a provider and 2 in all" in shown
    assert "Real-time sync is part of Premium Pro" in shown
    assert "Webhooks are part of Enterprise" in shown
    assert "from Premium Pro" in shown


def test_a_paused_mailbox_says_so_on_its_card(here: wiring.Installation) -> None:
    """With the way to the plan, and without a button that could not work."""
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    shown = body(here, "/settings/integrations")
    assert shown.count('class="status status-paused">Paused') == 1
    assert shown.count(">Sync Now<") == 1
    assert 'href="/settings/plan"' in shown


def test_a_paused_mailbox_is_no_alarm(here: wiring.Installation) -> None:
    """The header stays "Connected", however long it is paused, and in the middle of its first sync too."""
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    work_all(here)
    (second,) = [each for each in here.store.mailboxes.of_person(wiring.OWNER) if each.address != BOX]
    began = Backfill(since=here.clock(), found=6)
    here.store.mailboxes.put(replace(second, last_success_at=here.clock() - timedelta(days=9), backfill=began))
    assert "Connected" in body(here, "/fragments/header")
