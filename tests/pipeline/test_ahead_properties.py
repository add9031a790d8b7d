"""Whatever the facts: figures keep within their bounds, reminders lie ahead in working hours, and no order matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import START, facts, lessons

from hearback.model.application import Application
from hearback.model.facts import Fact
from hearback.model.person import Silence
from hearback.pipeline import deadlines, engagement, insights, reasons, reminders, responses
from hearback.pipeline.business_hours import CLOSES, OPENS, at_work, known, next_at, soonest, suggested, week
from hearback.pipeline.chance import by_chance
from hearback.pipeline.correspondence import all_of
from hearback.pipeline.folding import fold
from hearback.pipeline.view import view

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Riyadh",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
)
moments = st.integers(0, 60 * 24 * 120).map(lambda minutes: START + timedelta(minutes=minutes))
zones = st.sampled_from(ZONES)
silences = st.builds(Silence, after_applying=st.integers(1, 30), after_interview=st.integers(1, 30))
minutes_of_years = st.datetimes(datetime(2011, 1, 1), datetime(2035, 12, 31)).map(  # noqa: DTZ001  given a zone below
    lambda moment: moment.replace(tzinfo=UTC)
)


def everything(applications: list[Application], now: datetime, zone: str, silence: Silence) -> Any:
    """All figures of all modules, as values that can be compared."""
    mail = all_of(applications)
    return (
        responses.response_rate(mail, now),
        responses.response_times(mail),
        [(each.company, each.times) for each in responses.by_company(mail)],
        {one.application.facts[0]: engagement.engagement(one, now) for one in mail},
        deadlines.deadlines(mail, now, zone),
        reminders.reminders(mail, now, zone, silence),
        insights.insights(mail, now, zone, silence),
        {one.application.facts[0]: view(one.application, now, zone, silence) for one in mail},
    )


@given(facts() | lessons(), moments, zones, silences, st.randoms(use_true_random=False))
def test_the_order_of_applications_does_not_matter(
    made: list[Fact], now: datetime, zone: str, silence: Silence, dice: Any
) -> None:
    """Shuffled applications show the same."""
    applications = list(fold(made).applications)
    shuffled = list(applications)
    dice.shuffle(shuffled)
    assert everything(applications, now, zone, silence) == everything(shuffled, now, zone, silence)


@given(facts() | lessons(), moments, zones)
def test_figures_keep_within_their_bounds(made: list[Fact], now: datetime, zone: str) -> None:
    """Shares 0–1, scores 0–100 and the sum of their parts, spreads in order, numerators within their denominators."""
    mail = all_of(fold(made).applications)
    rate = responses.response_rate(mail, now)
    assert 0 <= rate.answered <= rate.eligible
    assert rate.share is None or 0 <= rate.share <= 1
    for one in mail:
        score = engagement.engagement(one, now)
        assert score is None or 0 <= score.score <= 100
        for part in score.parts if score is not None else ():
            assert 0 <= part.points <= part.most
    for spread in (responses.response_times(mail).first, responses.response_times(mail).replies):
        assert spread is None or timedelta(0) <= spread.low <= spread.median <= spread.high
    for insight in insights.insights(mail, now, zone):
        for count in insight.counts:
            assert 0 <= count.numerator <= count.denominator
            assert len(count.applications) <= count.numerator
            assert count.denominator >= insights.GROUP


@given(facts(), moments, zones, silences)
def test_a_reminder_lies_ahead_within_working_hours(
    made: list[Fact], now: datetime, zone: str, silence: Silence
) -> None:
    """Its best time is to come, on a working day of the employer, from nine to five; and it can be told in words."""
    mail = all_of(fold(made).applications)
    found = reminders.reminders(mail, now, zone, silence)
    assert len({each.key for each in found}) == len(found)
    for each in found:
        assert each.best_at > now
        assert each.best_at > each.due_at
        assert at_work(each.best_at, each.zone)
        assert reasons.why(each, now, zone)
        assert reasons.when(each, now, zone)
        assert reasons.because(each)
        assert not each.application.archived
        assert not each.application.is_lead


def test_nothing_shows_nothing() -> None:
    """Without applications every figure is there and empty."""
    rate, times, companies, scores, due, standing, told, seen = everything([], START, "UTC", Silence())
    assert (rate.answered, rate.eligible, rate.share, rate.strong) == (0, 0, None, False)
    assert times == responses.ResponseTimes(None, None)
    assert [companies, scores, due, standing, told, seen] == [[], {}, (), (), (), {}]


@given(minutes_of_years, zones, st.integers(OPENS, CLOSES - 1))
def test_the_next_hour_is_the_first_one_there_is(after: datetime, zone: str, hour: int) -> None:
    """The clock there shows the hour, on a working day, also where clocks change or a day is skipped; none comes before."""
    found = next_at(after, zone, hour)
    local = found.astimezone(known(zone))
    assert (local.hour, local.minute) == (hour, 0)
    assert local.weekday() in week(zone)
    assert found > after
    between = after + timedelta(minutes=1)
    while between < found:
        there = between.astimezone(known(zone))
        assert not (there.hour == hour and there.minute == 0 and there.weekday() in week(zone))
        between += timedelta(minutes=15 - between.minute % 15) if between.minute % 15 else timedelta(minutes=15)


def test_a_day_that_a_place_skipped_is_no_working_day() -> None:
    """Samoa went from Thursday, 29 December 2011 to Saturday: after Thursday’s ten o’clock comes Monday’s."""
    found = next_at(datetime(2011, 12, 29, 21, tzinfo=UTC), "Pacific/Apia", 10)
    assert found.isoformat() == "2012-01-01T20:00:00+00:00"


@given(minutes_of_years, zones, st.integers(OPENS, CLOSES - 1), st.integers(0, 96))
def test_what_is_limited_is_suggested_before_its_limit_where_one_works_then(
    after: datetime, zone: str, hour: int, hours: int
) -> None:
    """The usual hour if it is early enough; else the soonest quarter of a working hour, which nothing earlier is."""
    limit = after + timedelta(hours=hours)
    found = suggested(after, zone, hour, limit)
    assert found > after
    assert at_work(found, zone)
    if found != next_at(after, zone, hour):
        assert found == soonest(after, zone)
        assert not at_work(after + timedelta(minutes=15), zone) or found <= after + timedelta(minutes=15)


@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 12), st.integers(1, 12))
def test_chance_is_a_probability_and_does_not_care_which_group_is_named_first(a: int, m: int, b: int, n: int) -> None:
    """0–1, the same from either side, and 1 where the shares are as near as they can be."""
    a, b = min(a, m), min(b, n)
    found = by_chance(a, m, b, n)
    assert 0 < found <= 1
    assert abs(found - by_chance(b, n, a, m)) < 1e-9
    assert abs(found - by_chance(m - a, m, n - b, n)) < 1e-9


def test_chance_of_a_known_table() -> None:
    """The lady who tasted tea: 3 of 4 against 1 of 4 is 0.486; 10 of 10 against 0 of 10 is 1.08e-5."""
    assert abs(by_chance(3, 4, 1, 4) - 0.4857142857) < 1e-9
    assert abs(by_chance(10, 10, 0, 10) - 1.0825088224e-05) < 1e-12
