"""`hearback plan`: says which plan there is, gives another, and keeps everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fakes import BOX, grant, install, work_all
from hearback import wiring
from hearback.cli import app
from hearback.local import home as homes
from hearback.model.mailbox import Provider
from hearback.model.plan import Plan
from hearback.model.task import Lane
from hearback.sync import connect

SECOND = "ann.berg@gmail.example"


@pytest.fixture
def here(google: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> wiring.Installation:
    """Two mailboxes of one provider, caught up; the command finds their home and their Google."""
    google[0].add_account(SECOND)
    made = install(tmp_path / "home", *google)
    for address in (BOX, SECOND):
        connect.connected(made.rooms, wiring.OWNER, Provider.GMAIL, grant(*google, address), label="x")
    work_all(made)
    monkeypatch.setenv("HEARBACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HEARBACK_GOOGLE_ROOT", google[1])
    monkeypatch.setenv("HEARBACK_GOOGLE_CLIENT", f"{google[0].client_id}:{google[0].client_secret}")
    return made


def hearback(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def held(here: wiring.Installation) -> Plan:
    return here.store.people.get(wiring.OWNER).plan


def test_it_says_which_plan_there_is(here: wiring.Installation) -> None:
    """Nothing is changed by asking."""
    assert hearback("plan").stdout == "Personal install  mailboxes 2  paused 0\n"
    assert held(here) is Plan.PERSONAL


def test_a_smaller_plan_pauses_the_second_mailbox_and_ends_watches(here: wiring.Installation) -> None:
    """As it says; both mailboxes stay."""
    assert hearback("plan", "free").stdout == "Free  mailboxes 1  paused 1\n"
    mailboxes = here.store.mailboxes.of_person(wiring.OWNER)
    assert [each.watch for each in mailboxes] == [None, None]


def test_a_larger_plan_queues_what_was_paused(here: wiring.Installation) -> None:
    """A server that runs finds it in its queue."""
    hearback("plan", "free")
    work_all(here)
    assert hearback("plan", "Premium Pro").stdout == "Premium Pro  mailboxes 2  paused 0\n"
    assert here.queue.depth(Lane.LIVE) == 2


def test_a_plan_that_is_none_is_refused_with_those_there_are(here: wiring.Installation) -> None:
    """In one line."""
    said = hearback("plan", "gold")
    assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
    assert "premium_pro" in said.stderr
    assert held(here) is Plan.PERSONAL


def test_the_demos_person_keeps_their_plan(here: wiring.Installation, tmp_path: Path) -> None:
    """Their mailboxes are at a simulated provider that may not run."""
    (tmp_path / "home" / homes.DEMO_MARK).touch()
    assert hearback("plan", "free").exit_code == 1
    assert held(here) is Plan.PERSONAL


def test_without_a_store_it_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And makes none."""
    monkeypatch.setenv("HEARBACK_HOME", str(tmp_path / "none"))
    said = hearback("plan", "free")
    assert (said.exit_code, "hearback up" in said.stderr) == (1, True)
    assert not (tmp_path / "none").exists()
