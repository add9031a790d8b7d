"""What counts as an answer, since when it is waited for, and what is said of too few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from told import all_told, facts, moment

from hearback.model.act import Revert, Undo
from hearback.model.ids import ActId, FactId
from hearback.pipeline import insights
from hearback.pipeline.correspondence import Correspondence, correspondence
from hearback.pipeline.deadlines import due_at
from hearback.pipeline.folding import fold
from hearback.pipeline.responses import by_company, first_answer, in_words, replies, response_rate, spread

RECEIPT = "2026-03-02 09:00 receipt"
NOW = moment("2026-03-31 12:00")


def one(*lines: str) -> Correspondence:
    (found,) = all_told({"Acme": list(lines)})
    return found


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ([RECEIPT, "2026-03-05 09:00 rejection"], 3),
        ([RECEIPT, "2026-03-04 09:00 news from Anna Brandt", "2026-03-05 09:00 rejection"], 2),
        ([RECEIPT, "2026-03-04 09:00 news", "2026-03-05 09:00 rejection"], 3),
        ([RECEIPT, "2026-03-04 09:00 receipt from Anna Brandt", "2026-03-05 09:00 rejection"], 3),
        (
            [RECEIPT, "2026-03-04 09:00 set withdrawn", "2026-03-05 09:00 withdrawal acknowledged from Anna Brandt"],
            None,
        ),
        (["2026-03-02 09:00 sent", "2026-03-03 09:00 receipt", "2026-03-05 09:00 rejection"], 2),
        (["2026-03-02 09:00 sent", "2026-03-05 09:00 rejection"], 3),
        (["2026-03-02 09:00 added", "2026-03-05 09:00 rejection"], 3),
        (["2026-03-02 09:00 invitation", "2026-03-05 09:00 receipt"], None),
        (["2026-03-02 09:00 outreach", "2026-03-03 09:00 sent", "2026-03-05 09:00 invitation"], 2),
    ],
)
def test_the_first_answer_is_counted_from_applying(lines: list[str], days: int | None) -> None:
    """By a person or a decision; from the receipt, else from one's own mail or word; unknown where that came later."""
    assert (timedelta(days=days) if days is not None else None) == first_answer(one(*lines))


def test_what_the_person_took_back_is_no_answer() -> None:
    """A rejection that was reverted counts for nothing; undoing that brings the answer back."""
    made = facts("Acme", [RECEIPT, "2026-03-05 09:00 rejection"])
    revert = Revert(id=ActId("revert"), at=moment("2026-03-06 09:00"), about=FactId(made[1].id))
    undo = Undo(id=ActId("undo"), at=moment("2026-03-07 09:00"), about=FactId(revert.id))
    answers = [
        first_answer(correspondence(fold([*made, *acts]).applications[0])) for acts in ((revert,), (revert, undo))
    ]
    assert answers == [None, timedelta(days=3)]
    heard = correspondence(fold([*made, revert]).applications[0]).theirs
    assert [each.fact for each in heard] == [made[0].id]


@pytest.mark.parametrize(
    ("lines", "counted"),
    [
        ([RECEIPT, "2026-03-16 09:00 rejection"], (1, 1)),
        ([RECEIPT, "2026-03-16 09:01 rejection"], (0, 1)),
        ([RECEIPT, "2026-03-05 09:00 set interviewing"], (1, 1)),
        ([RECEIPT, "2026-03-05 09:00 set withdrawn"], (0, 1)),
        ([RECEIPT, "2026-03-05 09:00 archived"], (0, 1)),
        (["2026-03-17 12:01 receipt", "2026-03-18 09:00 rejection"], (0, 0)),
        (["2026-03-02 09:00 invitation"], (1, 1)),
        (["2026-03-01 09:00 outreach"], (0, 0)),
    ],
)
def test_the_rate_counts_to_the_minute(lines: list[str], counted: tuple[int, int]) -> None:
    """Fourteen days on either side; the person's word counts, archived ones do, leads do not."""
    rate = response_rate([one(*lines)], NOW)
    assert counted == (rate.answered, rate.eligible)


def test_an_automatic_receipt_answers_no_mail() -> None:
    """A reply is waited for until somebody or something says how it goes on; what was never answered is not counted."""
    lines = [
        RECEIPT,
        "2026-03-10 09:00 sent",
        "2026-03-10 09:01 receipt",
        "2026-03-12 09:00 news",
        "2026-03-20 09:00 sent",
    ]
    assert replies(one(*lines)) == (timedelta(days=2),)


def test_one_employer_however_it_is_spelt() -> None:
    """Their applications are taken together, named as most of them are."""
    lines = [RECEIPT, "2026-03-05 09:00 rejection"]
    (found,) = by_company(all_told({"Acme GmbH": lines, "ACME": lines, "Acme": [RECEIPT]}))
    assert found.times.first is not None
    assert (found.times.first.count, len(found.correspondences)) == (2, 3)


def test_three_durations_are_told_whole_and_four_by_their_middle_half() -> None:
    """Quartiles of three would be guesses."""
    days = [timedelta(days=each) for each in (1, 2, 9)]
    few, many = spread(days), spread([*days, timedelta(days=4)])
    assert few is not None
    assert many is not None
    assert (few.low, few.high) == (timedelta(days=1), timedelta(days=9))
    assert (many.low, many.high) == (timedelta(days=1.75), timedelta(days=5.25))


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(seconds=4), "1 minute"),
        (timedelta(minutes=40), "40 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=35), "35 hours"),
        (timedelta(hours=37), "1.5 days"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=12, hours=13), "13 days"),
    ],
)
def test_durations_in_words(duration: timedelta, words: str) -> None:
    """As exact as one would say it."""
    assert words == in_words(duration)


@pytest.mark.parametrize("due", ["soon", "", "2026-13-01", "9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00"])
def test_a_deadline_that_is_no_moment_is_left_out(due: str) -> None:
    """What a mail says is not trusted to be a date."""
    assert due_at(due, "Pacific/Kiritimati") is None


@pytest.mark.parametrize(
    ("name", "enough", "lines"),
    [
        ("conversion", 10, [RECEIPT, "2026-03-20 09:00 receipt"]),
        ("quiet", 5, [RECEIPT]),
        ("rejections", 5, [RECEIPT, "2026-03-05 09:00 rejection"]),
        ("late", 10, [RECEIPT, "2026-03-05 09:00 rejection"]),
        (
            "follow_ups",
            5,
            [RECEIPT, "2026-03-12 09:00 sent", "2026-03-14 09:00 news"],
        ),
    ],
)
def test_an_insight_needs_enough(name: str, enough: int, lines: list[str]) -> None:
    """One fewer, and it is not told."""

    def told(count: int) -> set[str]:
        stories = {f"Acme {'abcdefghijkl'[number]}": lines for number in range(count)}
        return {each.name for each in insights.insights(all_told(stories), NOW, "UTC")}

    assert name in told(enough)
    assert name not in told(enough - 1)


def test_a_difference_that_chance_makes_is_not_told() -> None:
    """3 of 5 against 2 of 5 says nothing about a system."""
    answered, not_yet = [RECEIPT, "2026-03-05 09:00 rejection"], [RECEIPT]
    through = [f"{RECEIPT} through greenhouse", "2026-03-05 09:00 rejection"]
    stories = {f"Acme {'abc'[n]}": through for n in range(3)} | {
        f"Birch {'ab'[n]}": [f"{RECEIPT} through greenhouse"] for n in range(2)
    }
    stories |= {f"Cedar {'ab'[n]}": answered for n in range(2)} | {f"Dune {'abc'[n]}": not_yet for n in range(3)}
    assert not {"channel", "weekday"} & {each.name for each in insights.insights(all_told(stories), NOW, "UTC")}


def test_the_pace_is_told_where_it_changed() -> None:
    """Newer answers take a day, older ones took ten."""
    old = ["2026-01-05 09:00 receipt", "2026-01-15 09:00 rejection"]
    new = ["2026-03-05 09:00 receipt", "2026-03-06 09:00 rejection"]
    stories = {f"Old {'abcde'[n]}": old for n in range(5)} | {f"New {'abcde'[n]}": new for n in range(5)}
    (pace,) = [each for each in insights.insights(all_told(stories), NOW, "UTC") if each.name == "pace"]
    assert pace.text.startswith("First answers come faster than before: after 24 hours in the middle (5 answers")
    assert [(each.numerator, each.denominator) for each in pace.counts] == [(5, 5), (5, 5)]
