"""The part "Write" of an application's page: drafts to change, copy and open elsewhere. Nothing is sent, nothing stored."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, ask, connected, install, mail, session
from hearback import wiring
from hearback.model.plan import Plan

OFFER = (
    "Hi Ann,\r\n\r\nGreat news! We'd love to offer you the position of Data Engineer at Acme. "
    "Please find the details in the offer letter attached. We can't wait to have you!\r\n\r\nCheers, Anna"
)
RECEIPT = (
    "Dear Ann,\r\n\r\nThank you for applying to Acme. We have received your application for the Data Engineer position."
)
HOSTILE = 'x" onfocus="alert(1)" <b>{{ 7*7 }}'


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    offer = mail(2, f"Your offer {HOSTILE}", OFFER, sender="Anna Brandt <anna.brandt@acme.example>")
    google[0].deliver(BOX, offer)
    connected(made, *google)
    return made


def path(here: wiring.Installation, query: str = "") -> str:
    (application,) = here.store.projections.applications(wiring.OWNER)
    return f"/applications/{application.id}{query}"


def part(here: wiring.Installation, query: str = "") -> str:
    """The part as the page shows it."""
    answer = ask(here, "GET", path(here, query), cookie=session(here))
    assert answer["statusCode"] == 200
    found = re.search(r'<section id="part-write".*?</section>', answer["body"], re.DOTALL)
    assert found is not None
    return found[0]


def test_what_fits_now_is_offered_first(here: wiring.Installation) -> None:
    """An offer is open: thank, accept, ask. All others are in the list; no draft is made before it is asked for."""
    shown = part(here)
    chips = re.findall(r'class="chip" href="[^"]*write=([\w-]+)#', shown)
    assert chips[:2] == ["thank-for-offer", "accept-offer"]
    assert 'value="follow-up-after-applying"' in shown
    assert "data-draft-text" not in shown


def test_a_draft_is_worded_as_the_recruiter_writes(here: wiring.Installation) -> None:
    """To Anna, informally, in English; the fields are to be changed, the link opens the mail program."""
    shown = html.unescape(part(here, "?write=thank-for-offer"))
    assert "Hi Anna," in shown
    assert "Thank you so much for the offer" in shown
    assert 'value="anna.brandt@acme.example"' in shown
    assert 'href="mailto:anna.brandt@acme.example?subject=Re%3A%20Your%20offer' in shown
    assert "Hearback sends nothing" in shown
    assert "cannot be told which mail this answers" in shown


def test_tone_and_language_can_be_chosen(here: wiring.Installation) -> None:
    """The person's choice goes before what mail shows."""
    shown = part(here, "?write=accept-offer&language=de&manner=formal")
    assert "Guten Tag Anna Brandt," in shown
    assert re.search(r'<option value="de" selected', shown)


def test_a_hostile_subject_is_text_in_every_field(here: wiring.Installation) -> None:
    """Escaped on the page, encoded in the link, never run."""
    shown = part(here, "?write=accept-offer")
    assert 'onfocus="' not in shown
    assert "<b>" not in shown
    assert "49" not in shown
    assert "%7B%7B%207%2A7%20%7D%7D" in shown


@pytest.mark.parametrize("query", ["?write=nothing", "?write=../frame", "?write=accept-offer&language=xx"])
def test_what_there_is_not_is_not_found(query: str, here: wiring.Installation) -> None:
    """An address that names no template, language or tone."""
    assert ask(here, "GET", path(here, query), cookie=session(here))["statusCode"] == 404


def test_the_part_comes_alone_for_htmx(here: wiring.Installation) -> None:
    """The fragment is the part with its draft and no frame."""
    id_ = path(here).rpartition("/")[2]
    answer = ask(here, "GET", f"/fragments/write?id={id_}&write=accept-offer", cookie=session(here))
    assert answer["statusCode"] == 200
    assert answer["body"].startswith('<section id="part-write"')
    assert "data-draft-text" in answer["body"]


def test_drafting_changes_nothing(here: wiring.Installation) -> None:
    """No act, no projection, no outbox entry."""
    before = (here.store.projections.version(wiring.OWNER), len(here.store.outbox.pending()))
    part(here, "?write=accept-offer")
    assert before == (here.store.projections.version(wiring.OWNER), len(here.store.outbox.pending()))


def test_a_plan_without_it_says_what_is_paused(here: wiring.Installation) -> None:
    """Which plan has it; no draft is made for a link that is older than the plan."""
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    shown = part(here, "?write=accept-offer")
    assert "part of Premium Pro and paused" in shown
    assert "data-draft" not in shown
