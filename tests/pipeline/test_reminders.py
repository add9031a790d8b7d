"""What there is to write, since when, and when best; what each mail or act changes about it."""

from __future__ import annotations

from datetime import datetime

import pytest
from told import all_told, moment, told

from hearback.pipeline import reasons, situations
from hearback.pipeline.business_hours import employer_zone
from hearback.pipeline.reminders import Occasion, Reminder, reminders

RECEIPT = "2026-03-02 09:00 receipt"
ROUND = "2026-03-10 09:00 invitation for 2026-03-20 14:00"


def found(lines: list[str], at: str, zone: str = "UTC") -> list[Reminder]:
    return list(reminders(all_told({"Acme": lines}), moment(at), zone))


def occasions(lines: list[str], at: str) -> list[Occasion]:
    now = moment(at)
    return [each.occasion for each in found(lines, at) if each.due_at <= now]


@pytest.mark.parametrize(
    ("lines", "at", "expected"),
    [
        ([RECEIPT], "2026-03-11 12:00", []),
        ([RECEIPT], "2026-03-12 12:00", [Occasion.AFTER_APPLYING]),
        (["2026-03-02 09:00 added"], "2026-03-12 12:00", [Occasion.AFTER_APPLYING]),
        ([RECEIPT, "2026-03-12 13:00 sent"], "2026-03-18 12:00", []),
        ([RECEIPT, "2026-03-12 13:00 sent"], "2026-03-20 12:00", [Occasion.AFTER_WRITING]),
        ([RECEIPT, "2026-03-12 13:00 sent", "2026-03-19 13:00 sent"], "2026-03-30 12:00", []),
        ([RECEIPT, ROUND], "2026-03-18 12:00", []),
        ([RECEIPT, ROUND], "2026-03-20 15:30", [Occasion.THANK]),
        ([RECEIPT, ROUND, "2026-03-20 16:00 sent"], "2026-03-21 15:30", []),
        ([RECEIPT, ROUND, "2026-03-20 16:00 news"], "2026-03-21 15:30", []),
        ([RECEIPT, ROUND], "2026-03-24 15:30", []),
        ([RECEIPT, ROUND], "2026-03-28 12:00", [Occasion.AFTER_INTERVIEW]),
        ([RECEIPT, ROUND, "2026-03-22 09:00 cancelled for 2026-03-20 14:00"], "2026-03-31 12:00", []),
        ([RECEIPT, ROUND, "2026-03-24 09:00 rejection"], "2026-04-20 12:00", []),
        ([RECEIPT, "2026-03-03 09:00 on hold"], "2026-04-20 12:00", []),
        ([RECEIPT, "2026-03-03 09:00 archived"], "2026-04-20 12:00", []),
        (["2026-03-02 09:00 outreach"], "2026-04-20 12:00", []),
        ([RECEIPT, "2026-03-03 09:00 under review"], "2026-03-14 12:00", [Occasion.AFTER_NEWS]),
        ([RECEIPT, "2026-03-03 09:00 news answer by 2026-03-25"], "2026-03-25 12:00", []),
        ([RECEIPT, "2026-03-03 09:00 news answer by 2026-03-25"], "2026-03-26 12:00", [Occasion.PROMISE_MISSED]),
        (
            [RECEIPT, "2026-03-03 09:00 news answer by 2026-03-25", "2026-03-24 09:00 sent"],
            "2026-03-26 12:00",
            [],
        ),
        ([RECEIPT, "2026-03-03 09:00 news answer by 9999-12-31"], "2026-03-14 12:00", [Occasion.AFTER_APPLYING]),
        ([RECEIPT, "2026-03-10 09:00 asks for times"], "2026-03-10 10:00", [Occasion.REPLY]),
        ([RECEIPT, "2026-03-10 09:00 asks for times", "2026-03-10 09:30 sent"], "2026-03-10 10:00", []),
        ([RECEIPT, "2026-03-10 09:00 offer due 2026-03-20"], "2026-03-16 10:00", []),
        ([RECEIPT, "2026-03-10 09:00 offer due 2026-03-20"], "2026-03-18 10:00", [Occasion.OFFER]),
        ([RECEIPT, "2026-03-10 09:00 offer due 2026-03-20", "2026-03-12 09:00 set accepted"], "2026-03-18 10:00", []),
        ([RECEIPT, "2026-03-10 09:00 test due 2026-03-20"], "2026-03-19 10:00", [Occasion.TEST]),
        ([RECEIPT, ROUND], "2026-03-31 12:00", [Occasion.GHOSTED]),
        ([RECEIPT, "2026-03-10 09:00 offer due 9999-12-31"], "2026-03-18 10:00", []),
    ],
)
def test_there_is_something_to_write_when_its_time_has_come(
    lines: list[str], at: str, expected: list[Occasion]
) -> None:
    """After silence, a round, an announcement, a question; never twice, never where it has ended."""
    assert expected == occasions(lines, at)


def test_new_mail_makes_another_reminder() -> None:
    """What was put off for one mail is not put off for the next."""
    (before,) = found([RECEIPT], "2026-03-13 12:00")
    (after,) = found([RECEIPT, "2026-03-14 09:00 receipt"], "2026-03-25 12:00")
    assert before.occasion is after.occasion is Occasion.AFTER_APPLYING
    assert before.key != after.key


@pytest.mark.parametrize(
    ("lines", "at", "best"),
    [
        ([RECEIPT], "2026-03-12 12:00", "2026-03-13 09:00"),
        ([RECEIPT], "2026-03-13 12:00", "2026-03-16 09:00"),
        ([RECEIPT], "2026-03-04 12:00", "2026-03-13 09:00"),
        (
            [RECEIPT, "2026-03-10 09:00 invitation for 2026-03-20 15:00 in Europe/Berlin"],
            "2026-03-20 15:01",
            "2026-03-20 15:15",
        ),
        (
            [RECEIPT, "2026-03-10 09:00 invitation for 2026-03-20 17:00 in Europe/Berlin"],
            "2026-03-20 17:01",
            "2026-03-23 08:00",
        ),
        (
            [RECEIPT, "2026-03-10 09:00 invitation for 2026-03-18 15:00 in Europe/Berlin"],
            "2026-03-18 15:01",
            "2026-03-19 09:00",
        ),
        ([RECEIPT, "2026-03-10 09:00 offer due 2026-03-13T15:00"], "2026-03-13 12:05", "2026-03-13 12:15"),
        ([RECEIPT, "2026-03-10 09:00 asks for times"], "2026-03-10 10:00", "2026-03-11 09:00"),
    ],
)
def test_the_best_time_is_ten_o_clock_in_berlin_unless_that_is_too_late(lines: list[str], at: str, best: str) -> None:
    """The next working day, over a weekend; thanks within a day and a deadline first: then the soonest quarter of an hour."""
    assert moment(best) == found(lines, at, "Europe/Berlin")[0].best_at


def test_the_week_in_which_clocks_change_keeps_their_hour() -> None:
    """Ten o'clock in New York is 15:00 UTC before 8 March 2026 and 14:00 after."""
    lines = ["2026-02-18 09:00 receipt", "2026-02-20 09:00 invitation for 2026-02-24 10:00 in America/New_York"]
    friday = found([*lines, "2026-02-26 09:00 news"], "2026-03-06 12:00")[0]
    monday = found([*lines, "2026-02-26 09:00 news"], "2026-03-06 16:00")[0]
    assert (moment("2026-03-06 15:00"), moment("2026-03-09 14:00")) == (friday.best_at, monday.best_at)


def test_an_employer_in_riyadh_works_on_sunday_and_not_on_friday() -> None:
    """Their week begins on Sunday."""
    lines = [RECEIPT, "2026-03-03 09:00 invitation for 2026-03-05 10:00 in Asia/Riyadh"]
    assert found(lines, "2026-03-19 12:00")[0].best_at == datetime.fromisoformat("2026-03-22T10:00+03:00")


def test_a_zone_that_is_none_is_not_believed() -> None:
    """A calendar part may name anything; the person's own clock stands in."""
    application = told("Acme", [RECEIPT, "2026-03-03 09:00 invitation for 2026-03-05 10:00"])
    assert employer_zone(application, "Europe/Berlin") == "Europe/Berlin"


def test_every_reminder_has_a_template_of_the_library() -> None:
    """The link to its draft leads somewhere, and its title says what to do."""
    stories = [
        ([RECEIPT], "2026-03-13 12:00"),
        ([RECEIPT, "2026-03-12 13:00 sent"], "2026-03-20 12:00"),
        ([RECEIPT, ROUND], "2026-03-20 15:30"),
        ([RECEIPT, ROUND], "2026-03-28 12:00"),
        ([RECEIPT, ROUND], "2026-03-31 12:00"),
        ([RECEIPT, "2026-03-03 09:00 delayed"], "2026-03-14 12:00"),
        ([RECEIPT, "2026-03-03 09:00 news answer by 2026-03-10"], "2026-03-14 12:00"),
        ([RECEIPT, "2026-03-10 09:00 asks for times"], "2026-03-10 10:00"),
        ([RECEIPT, "2026-03-10 09:00 offer due 2026-03-13"], "2026-03-12 10:00"),
        ([RECEIPT, "2026-03-10 09:00 test due 2026-03-13"], "2026-03-12 10:00"),
    ]
    seen = [found(*story)[0] for story in stories]
    assert {each.occasion for each in seen} == set(Occasion)
    for each in seen:
        assert situations.situation(each.situation)
    assert set(reasons.TITLES) == set(Occasion)


def test_what_an_announced_day_says_is_not_moved_by_zones() -> None:
    """A day without an hour is told as that day on the employer's clock, wherever the person reads it."""
    lines = [RECEIPT, "2026-03-03 09:00 news answer by 2026-03-25"]
    (each,) = found(lines, "2026-03-27 12:00", "Pacific/Auckland")
    assert "by 25 March" in reasons.why(each, moment("2026-03-27 12:00"), "Pacific/Auckland")
