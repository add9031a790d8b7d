"""In "Review everything" each item says what Smart would have done: exactly what the fold of the same mail under Smart does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from strategies import START, facts, signal

from hearback.model.act import Confirm
from hearback.model.application import ReviewItem
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision, Kind, Signal
from hearback.pipeline.folding import fold

ALL = AutomationMode.REVIEW


def said(*facts: Fact) -> dict[str, tuple[Decision, str | None]]:
    return {each.fact: (each.would, each.would_say) for each in fold(facts).review}


def test_it_tells_what_would_have_been_done_where() -> None:
    """A receipt and what follows it, both pending: Smart would have applied the second because of the first."""
    receipt, invited = signal(1, mode=ALL), signal(2, mode=ALL, kind=Kind.INTERVIEW_INVITATION, confidence=0.9)
    assert said(receipt, invited) == {
        receipt.id: (Decision.APPLY, "Acme · Backend Engineer: Moved to Applied"),
        invited.id: (Decision.APPLY, "Acme · Backend Engineer: Moved to Interviewing"),
    }


def test_it_tells_why_smart_would_have_asked_too() -> None:
    """With the reason Smart would have given."""
    mail = signal(1, mode=ALL, confidence=0.5)
    assert said(mail) == {mail.id: (Decision.REVIEW, "Hearback is only 50 % sure what it means.")}


def test_what_the_person_confirmed_counts() -> None:
    """The employer is known from it, as it would have been under Smart."""
    receipt = signal(1, mode=ALL, confidence=0.5)
    mail = signal(2, mode=ALL, confidence=0.9, kind=Kind.STATUS_UPDATE)
    assert said(receipt, mail)[mail.id][0] is Decision.REVIEW
    act = Confirm(id=ActId("c"), at=START + timedelta(days=9), about=FactId(receipt.id))
    assert said(receipt, mail, act)[mail.id][0] is Decision.APPLY


def test_mail_of_another_mode_says_nothing() -> None:
    """Under Smart what it would have done is what it did: ask."""
    mail = signal(1, confidence=0.5)
    assert said(mail) == {mail.id: (Decision.REVIEW, None)}


@given(facts())
def test_it_is_what_smart_does(made: list[Fact]) -> None:
    """For every set of facts: an item would be applied if and only if folding the same as Smart applies it."""
    smart = [replace(each, mode=AutomationMode.SMART) if isinstance(each, Signal) else each for each in made]
    applied = {entry.fact for each in fold(smart).applications for entry in each.timeline}

    def asked_for_all(each: ReviewItem) -> bool:
        return any(isinstance(fact, Signal) and fact.id == each.fact and fact.mode is ALL for fact in made)

    for each in fold(made).review:
        if asked_for_all(each):
            assert (each.would is Decision.APPLY) == (each.fact in applied)
