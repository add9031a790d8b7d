"""The Automation settings: the mode for mail from now on, trusted domains, ignored senders, each taken back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, ask, connected, install, mail, session, work_all
from hearback import wiring
from hearback.model.person import AutomationMode
from hearback.model.signal import Signal
from hearback.sync import notified
from hearback.web.sign_in import csrf_token


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    connected(made, *google)
    return made


def post(here: wiring.Installation, path: str, **form: str) -> Any:
    mine = session(here)
    return ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), **form})


def page(here: wiring.Installation, path: str) -> str:
    return str(ask(here, "GET", path, cookie=session(here))["body"])


def test_the_mode_is_for_mail_from_now_on_and_says_so(here: wiring.Installation, google: Any) -> None:
    """What came before keeps its mode and what it did; what comes is stamped anew."""

    def arrives(number: int, company: str) -> None:
        text = RECEIPT.replace("Acme", company)
        sender = f"{company} <jobs@{company.lower()}.example>"
        google[0].deliver(BOX, mail(number, f"Thank you for applying to {company}", text, sender=sender))
        notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))
        work_all(here)

    shown = page(here, "/settings/automation")
    assert re.findall(r'value="(\w+)" checked', shown) == ["smart"]
    assert "mail from now on" in shown
    arrives(1, "Acme")
    assert post(here, "/settings/automation/mode", mode="review")["headers"]["location"].endswith("saved=1")
    assert re.findall(r'value="(\w+)" checked', page(here, "/settings/automation?saved=1")) == ["review"]
    arrives(2, "Borealis")
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]
    assert [each.company for each in here.store.projections.review(wiring.OWNER)] == ["Borealis"]
    modes = [each.mode for each in here.store.facts.all(wiring.OWNER) if isinstance(each, Signal)]
    assert sorted(modes) == [AutomationMode.REVIEW, AutomationMode.SMART]


def test_a_mode_that_is_none_is_refused(here: wiring.Installation) -> None:
    """And nothing is changed."""
    assert post(here, "/settings/automation/mode", mode="wild")["statusCode"] == 404
    assert here.store.people.get(wiring.OWNER).mode is AutomationMode.SMART


def test_the_thresholds_are_those_of_the_one_table(here: wiring.Installation) -> None:
    """In the words beside each mode."""
    shown = page(here, "/settings/automation")
    assert "at least 95 % sure is applied, a rejection or an offer from 98 %" in shown
    assert "at least 80 % sure is applied, a rejection or an offer from 90 %" in shown
    assert "from 85 % and 90 %" in shown


@pytest.mark.parametrize("mode", ["smart", "review"])
def test_the_mode_is_asked_before_the_first_mail_is_read(mode: str, google: Any, tmp_path: Path) -> None:
    """With the first mailbox, Smart preselected; with the next ones it is not asked again."""
    made = install(tmp_path / "home", *google)
    assert re.findall(r'value="(\w+)" checked', page(made, "/connect/gmail")) == ["smart"]
    post(made, "/connect/gmail", mode=mode)
    assert made.store.people.get(wiring.OWNER).mode == mode
    connected(made, *google)
    assert "What may mail change" not in page(made, "/connect/gmail")


def test_a_trusted_domain_is_added_listed_and_taken_back(here: wiring.Installation) -> None:
    """The page says since when."""
    assert post(here, "/settings/senders/trust", sender="Recruiting.Example")["statusCode"] == 303
    shown = page(here, "/settings/automation")
    assert "recruiting.example" in shown
    act = re.search(r'name="fact" value="([^"]+)"', shown)
    assert act is not None
    back = post(here, "/facts/undo", fact=act[1], back="/settings/automation")
    assert back["headers"]["location"].startswith("/settings/automation?did=undone")
    assert "recruiting.example" not in page(here, "/settings/automation")


def test_an_ignored_sender_is_added_listed_and_taken_back(here: wiring.Installation) -> None:
    """Address or domain."""
    post(here, "/settings/senders/block", sender="spam@masses.example")
    post(here, "/settings/senders/block", sender="other.example")
    shown = page(here, "/settings/automation")
    assert "spam@masses.example" in shown
    assert "everybody at other.example" in shown
    for act in re.findall(r'name="fact" value="([^"]+)"', shown):
        post(here, "/facts/undo", fact=act)
    assert here.store.facts.lessons(wiring.OWNER).senders == ()


@pytest.mark.parametrize(("which", "field"), [("block", "block-error"), ("trust", "trust-error")])
def test_what_cannot_be_is_explained_where_it_was_typed(which: str, field: str, here: wiring.Installation) -> None:
    """The field keeps it, escaped."""
    answer = post(here, f"/settings/senders/{which}", sender='greenhouse.io"><script>')
    assert answer["statusCode"] == 422
    assert "<script>" not in answer["body"].replace("<script src", "")
    answer = post(here, f"/settings/senders/{which}", sender="greenhouse.io")
    found = re.search(rf'id="{field}" role="alert">([^<]+)<', answer["body"])
    assert found is not None
    assert "many employers" in found[1]
    assert 'value="greenhouse.io"' in answer["body"]
