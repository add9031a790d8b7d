"""A correction is seen wherever it decided something: with its day, the mail it was about, and a way to take it back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, ask, connected, install, mail, session, work_all
from hearback import wiring
from hearback.model.signal import Kind
from hearback.sync import notified
from hearback.web.sign_in import csrf_token

RELAY = "Hiring Team <no-reply@greenhouse.io>"
NEWS = (
    "Hi Ann,\r\n\r\nThe {role} position at {company}: there is a new entry in your candidate home. Please sign in to see what "
    "it is. Everything you sent us stays there for twelve months.\r\n\r\nThe hiring team"
)


def news(number: int, company: str, role: str) -> bytes:
    """One relay's template, about one employer, that says too little to be sure."""
    return mail(number, f"Your file at {company}", NEWS.format(company=company, role=role), sender=RELAY)


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, news(1, "Acme", "Data Engineer"))
    google[0].deliver(BOX, news(2, "Borealis", "Sales Lead"))
    connected(made, *google)
    return made


def page(here: wiring.Installation, path: str) -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200
    return str(answer["body"])


def post(here: wiring.Installation, path: str, **form: str) -> None:
    mine = session(here)
    answer = ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), **form})
    assert answer["statusCode"] == 303, answer["body"]


def correct(here: wiring.Installation, subject: str, kind: Kind) -> str:
    """Correct a waiting mail's kind, as the Email Inbox does; answers the fact."""
    (item,) = [each for each in here.store.projections.review(wiring.OWNER) if subject in each.subject]
    post(
        here,
        "/review/confirm",
        fact=item.fact,
        kind=kind.value,
        company=item.company or "",
        role=item.role or "",
        application="",
    )
    return item.fact


def test_the_same_template_is_right_at_once_and_says_why(here: wiring.Installation, google: Any) -> None:
    """Correcting one employer's mail changes the other's, waiting and to come; each row says why and links to it."""
    before = {each.subject: each.kind for each in here.store.projections.review(wiring.OWNER)}
    assert len(before) == 2
    assert Kind.ASSESSMENT not in before.values()
    fact = correct(here, "Acme", Kind.ASSESSMENT)
    google[0].deliver(BOX, news(3, "Quay", "Warehouse Lead"))
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))
    work_all(here)
    assert here.store.projections.review(wiring.OWNER) == []
    stages = {each.company: each.stage for each in here.store.projections.applications(wiring.OWNER)}
    assert set(stages.values()) == {"technical_round"}
    assert len(stages) == 3
    home = next(each for each in here.store.projections.applications(wiring.OWNER) if fact in each.facts)
    for each in here.store.projections.applications(wiring.OWNER):
        shown = page(here, f"/applications/{each.id}")
        if each.id == home.id:
            assert "You corrected it" in shown
            assert "a mail like this" not in shown
            continue
        assert "a mail like this</a> on " in shown
        assert "“Your file at Acme” is “Test or task”" in shown
        link = re.search(r'<a href="(/applications/[^"#]+)#(fact-[^"]+)">a mail like this', shown)
        assert link is not None
        assert f'id="{link[2]}"' in page(here, link[1])


def test_taking_the_correction_back_takes_back_what_it_taught(here: wiring.Installation) -> None:
    """The button of the explanation undoes the correction: everything is as before it."""
    before = here.store.projections.review(wiring.OWNER)
    fact = correct(here, "Acme", Kind.ASSESSMENT)
    (other,) = [each for each in here.store.projections.applications(wiring.OWNER) if fact not in each.facts]
    shown = page(here, f"/applications/{other.id}")
    act = re.search(r'form id="undo-line-1-1".*?name="fact" value="([^"]+)"', shown)
    assert act is not None
    post(here, "/facts/undo", fact=act[1])
    (still_confirmed,) = here.store.projections.applications(wiring.OWNER)
    assert fact in still_confirmed.facts
    assert [each for each in before if each.fact != fact] == here.store.projections.review(wiring.OWNER)


def test_a_learned_rejection_waits_with_its_reason_in_the_inbox(here: wiring.Installation) -> None:
    """Where the process is not known the row waits, of the kind that was taught, and says who said so."""
    correct(here, "Acme", Kind.REJECTION)
    shown = page(here, "/inbox")
    (item,) = here.store.projections.review(wiring.OWNER)
    assert item.kind is Kind.REJECTION
    assert "You corrected" in shown
    assert 'form="undo-review-1"' in shown
    assert "What you taught" in shown


def test_confirming_what_was_learned_keeps_it(here: wiring.Installation) -> None:
    """A waiting mail confirmed as it is shown stays so, also when the correction that taught it is taken back."""
    correct(here, "Acme", Kind.REJECTION)
    fact = correct(here, "Borealis", Kind.REJECTION)
    first = min(here.store.facts.lessons(wiring.OWNER).taught, key=lambda each: each.at)
    post(here, "/facts/undo", fact=first.act)
    stages = {
        each.company: each.stage for each in here.store.projections.applications(wiring.OWNER) if fact in each.facts
    }
    assert stages == {"Borealis": "rejected"}


def test_mail_left_out_by_a_correction_is_listed(here: wiring.Installation) -> None:
    """ "Not about an application" hides mail like it, visibly: the inbox lists it with the reason."""
    correct(here, "Acme", Kind.OTHER)
    assert here.store.projections.review(wiring.OWNER) == []
    shown = page(here, "/inbox")
    assert "Left out because of it" in shown
    assert "Your file at Borealis" in shown
    assert page(here, "/fragments/lessons").count("Take that correction back") == 2
