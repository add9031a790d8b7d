"""An application's page tells of mail that waits in the Email Inbox and may be about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes import ask, session
from hearback import wiring
from hearback.model.application import Application
from hearback.model.ids import Personal
from hearback.model.person import Person
from hearback.model.signal import Kind
from hearback.settings import Settings
from hearback.sync.record import record
from waiting import board, letter

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> wiring.Installation:
    """Six applications, and two mails that wait: one of Aster, one of nobody known."""
    made = wiring.build(
        Settings.model_validate({"home": tmp_path, "public_url": "http://127.0.0.1:1"}),
        clock=lambda: NOW + timedelta(days=1),
    )
    made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
    offer = letter(901, Kind.OFFER, "Aster", NOW, confidence=0.6, subject=Personal("<b>Our</b> offer"))
    stranger = letter(902, Kind.OFFER, "Nordane", NOW, confidence=0.6)
    record(made.rooms, wiring.OWNER, [*board(NOW), offer, stranger], silent=True)
    return made


def of(here: wiring.Installation, company: str) -> Application:
    (found,) = (each for each in here.store.projections.applications(wiring.OWNER) if each.company == company)
    return found


def shown(here: wiring.Installation, path: str) -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200, answer["body"]
    return str(answer["body"])


def test_mail_that_may_be_about_it_is_named_with_its_reason_and_a_way_to_it(here: wiring.Installation) -> None:
    """Escaped, as all that a mail says."""
    page = shown(here, f"/applications/{of(here, 'Aster').id}")
    assert "Waits for your word" in page
    assert "&lt;b&gt;Our&lt;/b&gt; offer" in page
    assert "60 % sure" in page
    assert "/inbox?item=gmail-1/w0901#item" in page


def test_other_mail_that_waits_is_not(here: wiring.Installation) -> None:
    """Only what is suggested for this application."""
    assert "Nordane" not in shown(here, f"/fragments/waits?id={of(here, 'Aster').id}")


def test_an_application_of_which_nothing_waits_says_nothing(here: wiring.Installation) -> None:
    """The part stays, hidden, for what comes."""
    part = shown(here, f"/fragments/waits?id={of(here, 'Birch').id}")
    assert "hidden" in part
    assert "Waits for your word" not in part
