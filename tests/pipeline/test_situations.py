"""Which templates fit an application now: its stage, its last event, its silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from strategies import START, invitation, signal

from hearback.model.act import SetStage
from hearback.model.application import Stage
from hearback.model.errors import NotFound, Permanent
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId
from hearback.model.signal import Detail, InterviewAction, Kind, Signal
from hearback.pipeline import situations
from hearback.pipeline.folding import fold
from hearback.pipeline.situations import Moment
from hearback.pipeline.view import view

RECEIPT = signal(0, thread_id="t")


def at(facts: list[Any], days: float) -> list[Moment]:
    """The moments `days` after the start."""
    (application,) = fold(facts).applications
    now = START + timedelta(days=days)
    mail = [each for each in facts if isinstance(each, Signal)]
    found = situations.moments(view(application, now, "UTC"), mail, now)
    return [each for each in Moment if each in found]


def round_(number: int, action: InterviewAction = InterviewAction.INVITE, day: float | None = 5) -> Signal:
    start = START + timedelta(days=day) if day is not None else None
    return signal(number, thread_id="t", kind=Kind.INTERVIEW_INVITATION, interview=invitation(action, start))


def set_to(stage: Stage) -> Fact:
    return SetStage(id=ActId("act1"), at=START + timedelta(hours=1), about=FactId(RECEIPT.id), stage=stage)


@pytest.mark.parametrize(
    ("facts", "days", "moments"),
    [
        ([RECEIPT], 3, [Moment.OPEN]),
        ([RECEIPT], 11, [Moment.APPLIED_SILENT, Moment.OPEN]),
        (
            [RECEIPT, signal(1, thread_id="t", kind=Kind.STATUS_UPDATE, detail=Detail.DELAYED)],
            12,
            [Moment.PROMISE_MISSED, Moment.OPEN],
        ),
        ([RECEIPT, round_(1)], 2, [Moment.INVITED, Moment.INTERVIEW_COMING, Moment.OPEN]),
        (
            [RECEIPT, round_(1, InterviewAction.REQUEST_AVAILABILITY, None)],
            2,
            [Moment.AVAILABILITY_ASKED, Moment.OPEN],
        ),
        ([RECEIPT, round_(1), round_(2, InterviewAction.CONFIRM)], 3, [Moment.INTERVIEW_COMING, Moment.OPEN]),
        (
            [RECEIPT, round_(1), round_(2, InterviewAction.CONFIRM)],
            4.99,
            [Moment.INTERVIEW_NOW, Moment.OPEN],
        ),
        (
            [RECEIPT, round_(1), round_(2, InterviewAction.CONFIRM)],
            6,
            [Moment.INTERVIEW_HELD, Moment.OPEN],
        ),
        (
            [RECEIPT, round_(1), round_(2, InterviewAction.CONFIRM)],
            13,
            [Moment.INTERVIEW_SILENT, Moment.OPEN],
        ),
        ([RECEIPT, signal(1, thread_id="t", kind=Kind.ASSESSMENT)], 2, [Moment.TEST, Moment.OPEN]),
        (
            [RECEIPT, signal(1, thread_id="t", kind=Kind.STATUS_UPDATE, detail=Detail.CHECKS)],
            2,
            [Moment.DOCUMENTS_ASKED, Moment.OPEN],
        ),
        (
            [RECEIPT, signal(1, thread_id="t", kind=Kind.STATUS_UPDATE, detail=Detail.TRANSFERRED)],
            2,
            [Moment.RETITLED, Moment.OPEN],
        ),
        ([RECEIPT, signal(1, thread_id="t", kind=Kind.OFFER)], 2, [Moment.OFFER]),
        ([RECEIPT, signal(1, thread_id="t", kind=Kind.REJECTION)], 2, [Moment.REJECTED]),
        (
            [RECEIPT, signal(1, thread_id="t", kind=Kind.STATUS_UPDATE, detail=Detail.ON_HOLD)],
            30,
            [Moment.ON_HOLD, Moment.OPEN],
        ),
        ([signal(0, kind=Kind.RECRUITER_OUTREACH)], 1, [Moment.LEAD]),
        ([RECEIPT, set_to(Stage.ACCEPTED)], 1, [Moment.ACCEPTED]),
        ([RECEIPT, set_to(Stage.WITHDRAWN)], 1, []),
    ],
)
def test_an_application_is_in_the_middle_of_something(facts: list[Any], days: float, moments: list[Moment]) -> None:
    """Drawn from its stage, its last mail and how long it is quiet."""
    assert moments == at(facts, days)


def test_what_the_person_answered_asks_for_no_answer() -> None:
    """Their own mail after an invitation settles it."""
    answer = signal(2, thread_id="t", sent=True, kind=Kind.OTHER, recipients=())
    assert Moment.INVITED not in at([RECEIPT, round_(1), answer], 3)


def test_the_most_pressing_comes_first() -> None:
    """A coming round and an invitation: confirm before anything else; the list is short."""
    found = situations.suggested(frozenset({Moment.INVITED, Moment.INTERVIEW_COMING, Moment.OPEN}))
    assert found[0].name == "confirm-interview"
    assert [each.name for each in situations.suggested(frozenset({Moment.OPEN}))] == [
        "ask-about-process",
        "tell-of-other-offer",
    ]
    assert len(found) == situations.SUGGESTED


@pytest.mark.parametrize("moment", list(Moment))
def test_every_moment_suggests_something(moment: Moment) -> None:
    """None is without a template, and none but a general one is without a moment."""
    assert situations.suggested(frozenset({moment}))


def test_nothing_fits_what_is_over() -> None:
    """A withdrawn application suggests nothing."""
    assert not situations.suggested(frozenset())


def test_every_situation_is_suggested_by_some_moment() -> None:
    """None can only be found by searching the list."""
    assert all(each.fits for each in situations.library().values())


def test_a_template_that_is_none_is_not_found() -> None:
    """Its name came from an address."""
    with pytest.raises(NotFound):
        situations.situation("../frame")
    with pytest.raises(NotFound):
        situations.situation(situations.FRAME)


OWN = "---\ntitle: My own\nfits: offer\n---\n== en formal\nSubject: Hello{{ about }}\n\nAbout {{ position }}.\n"


def test_a_template_of_the_persons_own_is_read() -> None:
    """Title, moments, one tone; what it says passes the same check as all."""
    made = situations.checked(situations.parsed("mine", OWN))
    assert (made.title, made.fits, len(made.wordings)) == ("My own", {Moment.OFFER}, 1)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Hello", "between two lines"),
        (OWN.replace("My own", ""), "needs a title"),
        (OWN.replace("en formal", "xx formal"), "tones are"),
        (OWN.replace("fits: offer", "fits: never"), "no moment"),
        (OWN.replace("{{ position }}", "{{ position.__class__ }}"), "cannot be used"),
        (OWN.replace("{{ about }}", "{{ secret }}"), "do not know"),
        (OWN + "x" * situations.MAX_FILE, "at most"),
        (OWN.partition("==")[0], "at least one section"),
    ],
)
def test_what_is_wrong_with_an_own_template_is_said(source: str, words: str) -> None:
    """In words beside the field it was typed in."""
    with pytest.raises(Permanent, match=words):
        situations.checked(situations.parsed("mine", source))
