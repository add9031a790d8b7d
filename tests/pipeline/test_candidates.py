"""The applications a waiting mail may belong to: each with what leads there, the likeliest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from strategies import START, signal

from hearback.model.act import Confirm, SetStage
from hearback.model.application import ReviewItem, Stage
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.message import Address
from hearback.model.signal import Kind, Signal
from hearback.pipeline.finding import SHOWN
from hearback.pipeline.folding import fold


def waiting(number: int = 9, **fields: Any) -> Signal:
    return signal(number, **{"confidence": 0.5, "kind": Kind.STATUS_UPDATE, **fields})


def item(*facts: Fact) -> ReviewItem:
    (found,) = fold(facts).review
    return found


@pytest.mark.parametrize(
    ("board", "mail", "reason"),
    [
        ({"thread_id": "t1"}, {"thread_id": "t1"}, "same thread"),
        ({"requisition_id": "R-1"}, {"requisition_id": "r-1"}, "requisition r-1"),
        ({}, {}, "same company and role"),
        ({}, {"role": None}, "same contact"),
        (
            {"role": None},
            {"sender": Address(Personal("x@ats.example")), "domain": None},
            "same company",
        ),
        (
            {"company": None, "sender": Address(Personal("a@acme.example"))},
            {"sender": Address(Personal("b@acme.example"))},
            "same domain",
        ),
    ],
)
def test_what_leads_there_is_told(board: dict[str, Any], mail: dict[str, Any], reason: str) -> None:
    """Thread, requisition, company and role, contact, company, domain."""
    found = item(signal(1, **board), waiting(**mail))
    assert [(each.fact, each.against) for each in found.candidates] == [(fact_id(signal(1)), None)]
    assert reason in found.candidates[0].reasons
    assert found.suggestion == fact_id(signal(1))


def test_another_role_is_offered_and_not_suggested() -> None:
    """Two roles at one company are two applications."""
    found = item(signal(1, role=Personal("Data Analyst")), waiting(role=Personal("Gardener")))
    assert [each.against for each in found.candidates] == ["another role"]
    assert found.suggestion is None


def test_nothing_leads_to_another_company() -> None:
    """An unknown employer's mail has no candidate."""
    elsewhere = Address(Personal("jobs@heron.example"))
    mail = waiting(company=Personal("Blue Heron"), domain="heron.example", sender=elsewhere)
    assert item(signal(1), mail).candidates == ()


def test_what_fits_comes_first_then_the_one_heard_of_last() -> None:
    """Of equally good ones; that there are several is told."""
    roles = ("Backend Engineer", "Data Analyst", "Gardener")
    board = [signal(number, role=Personal(role)) for number, role in enumerate(roles, 1)]
    found = item(*board, waiting(role=None))
    assert [each.fact for each in found.candidates] == [fact_id(each) for each in reversed(board)]
    assert found.undecided
    named = item(*board, waiting(role=Personal("Data Analyst")))
    assert named.suggestion == fact_id(board[1])
    assert not named.undecided


def test_no_more_are_offered_than_a_person_looks_at() -> None:
    """The rest is found by searching."""
    board = [signal(number, role=Personal(f"Role{number}")) for number in range(1, SHOWN + 4)]
    assert len(item(*board, waiting(role=None)).candidates) == SHOWN


def test_mail_that_would_overturn_the_persons_word_leads_to_its_application_by_another_fact() -> None:
    """It is a member already; what names the application is never the mail itself."""
    board, mail = signal(1), signal(9, kind=Kind.OFFER, confidence=0.99)
    word = SetStage(id=ActId("set"), at=START + timedelta(days=5), about=FactId(board.id), stage=Stage.WITHDRAWN)
    assert item(board, word, mail).suggestion == fact_id(board)


def test_the_ways_of_one_mail_lead_nowhere() -> None:
    """A waiting mail is no candidate of itself, nor is another one that waits."""
    found = fold([waiting(8), waiting(9)]).review
    assert [each.candidates for each in found] == [(), ()]


def test_confirming_the_first_candidate_puts_it_there() -> None:
    """Linked by the fact that names it."""
    mail = waiting(role=None)
    suggested = item(signal(1), mail).suggestion
    act = Confirm(id=ActId("c"), at=START + timedelta(days=20), about=FactId(mail.id), application=suggested)
    (application,) = fold([signal(1), mail, act]).applications
    assert set(application.facts) == {fact_id(signal(1)), fact_id(mail)}
