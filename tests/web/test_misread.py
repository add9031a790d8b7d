""" "Report a misread": an example to read, change and save; it is made anew from the mailbox, and nothing is sent."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from fakes import BOX, REJECTION, ask, connected, install, mail, session
from hearback import wiring
from hearback.mailboxes.export import ExportedMessage
from hearback.model.act import Correct
from hearback.model.ids import ActId, FactId
from hearback.model.signal import Kind
from hearback.sync import importing, misread
from hearback.sync.record import act
from hearback.web.sign_in import csrf_token


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Ann, your application at Acme", REJECTION, auth="fail"))
    connected(made, *google)
    return made


def fact_of(here: wiring.Installation) -> FactId:
    (item,) = here.store.projections.review(wiring.OWNER)
    return item.fact


def shown(here: wiring.Installation, fact: str) -> str:
    answer = ask(here, "GET", f"/misread?fact={quote(fact, safe='')}", cookie=session(here))
    assert answer["statusCode"] == 200
    return html.unescape(str(answer["body"]))


def test_the_example_is_fetched_anew_and_masked(here: wiring.Installation) -> None:
    """The whole mail, without whom it is about; what the person said it is stands in it."""
    fact = fact_of(here)
    act(here.rooms, wiring.OWNER, Correct(id=ActId("c"), at=here.clock(), about=fact, kind=Kind.ASSESSMENT))
    text = shown(here, fact)
    assert misread.WHOLE in text
    example = text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "we have decided not to move forward with your application" in example
    assert "should be: assessment" in example
    assert "Acme" not in example
    assert "Ann" not in example


def test_the_inbox_leads_to_it(here: wiring.Installation) -> None:
    """In the details of what waits."""
    assert "Report a misread" in ask(here, "GET", "/inbox", cookie=session(here))["body"]


def test_mail_the_provider_has_no_more_is_what_was_kept(here: wiring.Installation, google: Any) -> None:
    """Subject and sentence, and it says so."""
    fact = fact_of(here)
    google[0].accounts[BOX].messages.clear()
    text = shown(here, fact)
    assert misread.GONE in text
    assert "whole mail: no" in text


def test_imported_mail_is_what_was_kept(here: wiring.Installation, tmp_path: Path) -> None:
    """There is nowhere to fetch it from, and it says so."""
    imported = importing.import_mailbox(here.rooms, wiring.OWNER, "old@mail.example")
    content = mail(7, "Your application at Quay", REJECTION.replace("Acme", "Quay"), auth="fail")
    importing.import_messages(
        here.rooms, wiring.OWNER, imported, lambda: [ExportedMessage("f" * 64, content, tmp_path)]
    )
    text = shown(here, f"{imported.id}/{'f' * 64}")
    assert misread.IMPORTED in text


def test_a_mailbox_that_cannot_be_reached_is_said(here: wiring.Installation, google: Any) -> None:
    """A revoked grant is no error page: what was kept is there."""
    fact = fact_of(here)
    google[0].grants.clear()
    assert misread.AWAY in shown(here, fact)


def test_the_example_is_saved_as_the_person_left_it(here: wiring.Installation) -> None:
    """A file of theirs with their changes; nothing is stored or queued."""
    mine = session(here)
    before = here.store.projections.version(wiring.OWNER)
    form = {"csrf": csrf_token(mine), "text": "should be: offer\n<b>mine</b>"}
    answer = ask(here, "POST", "/misread/save", cookie=mine, form=form)
    assert answer["body"] == "should be: offer\n<b>mine</b>"
    assert answer["headers"]["content-type"] == "text/plain; charset=utf-8"
    assert "attachment" in answer["headers"]["content-disposition"]
    assert here.store.projections.version(wiring.OWNER) == before


def test_another_persons_mail_is_not_there(here: wiring.Installation) -> None:
    """A foreign fact, an act and nothing at all are 404."""
    for fact in ("nobody/1", ""):
        assert ask(here, "GET", f"/misread?fact={fact}", cookie=session(here))["statusCode"] == 404
