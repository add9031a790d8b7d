"""When something takes place, as people write it in eight languages, with the offset that holds that day."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.reading import dates, lengths, moments, zones

WRITTEN = datetime.fromisoformat("2026-03-09T09:00:00+01:00")  # a Monday
ZONE = "Europe/Berlin"

TOLD = [
    ("We'd like to meet on Thursday, 12 March 2026 at 14:00 (Berlin time).", [("2026-03-12T14:00:00+01:00", None)]),
    ("at 3pm on Thursday", [("2026-03-12T15:00:00+01:00", None)]),
    ("tomorrow at 3pm", [("2026-03-10T15:00:00+01:00", None)]),
    ("this Thursday at 10.30am ET", [("2026-03-12T10:30:00-04:00", None)]),
    ("am Donnerstag, den 12. März um 14 Uhr", [("2026-03-12T14:00:00+01:00", None)]),
    ("am 12.3. um 14:30 Uhr", [("2026-03-12T14:30:00+01:00", None)]),
    ("am 12.03.2026, 14:00 - 15:00 Uhr", [("2026-03-12T14:00:00+01:00", 60)]),
    ("le jeudi 12 mars à 14h30", [("2026-03-12T14:30:00+01:00", None)]),
    ("el jueves 12 de marzo a las 10:00", [("2026-03-12T10:00:00+01:00", None)]),
    ("na quinta-feira, 12 de março, às 15h", [("2026-03-12T15:00:00+01:00", None)]),
    ("giovedì 12 marzo alle ore 15", [("2026-03-12T15:00:00+01:00", None)]),
    ("donderdag 12 maart om 14:00 uur", [("2026-03-12T14:00:00+01:00", None)]),
    ("w czwartek 12 marca o godz. 14:00", [("2026-03-12T14:00:00+01:00", None)]),
    (
        "Thursday at 10:00, Friday at 14:00 or Monday 16 March at 9am",
        [("2026-03-12T10:00:00+01:00", None), ("2026-03-13T14:00:00+01:00", None), ("2026-03-16T09:00:00+01:00", None)],
    ),
    (
        "at 10:00 on Thursday or at 14:00 on Friday",
        [("2026-03-12T10:00:00+01:00", None), ("2026-03-13T14:00:00+01:00", None)],
    ),
    ("Date: Thursday, March 12, 2026\nTime: 2:00 PM - 2:45 PM PT\nWhere: Zoom", [("2026-03-12T14:00:00-07:00", 45)]),
    ("03/12/2026 at 2pm EST", [("2026-03-12T14:00:00-04:00", None)]),
    ("12/03/2026 at 2pm", [("2026-03-12T14:00:00+01:00", None)]),
    ("30 March at 3pm London time", [("2026-03-30T15:00:00+01:00", None)]),
    ("next Tuesday, 2-3pm", [("2026-03-17T14:00:00+01:00", 60)]),
    ("half past two on Wednesday", [("2026-03-11T14:30:00+01:00", None)]),
    ("morgen um halb drei", [("2026-03-10T14:30:00+01:00", None)]),
    ("demain à 9h", [("2026-03-10T09:00:00+01:00", None)]),
    ("mañana a las 4 de la tarde", [("2026-03-10T16:00:00+01:00", None)]),
    ("amanhã às 10h", [("2026-03-10T10:00:00+01:00", None)]),
    ("domani alle 11", [("2026-03-10T11:00:00+01:00", None)]),
    ("jutro o 12:30", [("2026-03-10T12:30:00+01:00", None)]),
    ("please reply by Friday 5pm", []),
    (
        "Please book by Friday, 13 March, 12:00. The interview is on 18 March at 11 am.",
        [("2026-03-18T11:00:00+01:00", None)],
    ),
    ("10:00 to 11:30, Monday 16 March, Berlin time", [("2026-03-16T10:00:00+01:00", 90)]),
    ("February 29 at 10am", []),
    ("Mon 16th March @ 11:00 GMT", [("2026-03-16T11:00:00+00:00", None)]),
    ("Wed 18/3 10:00-10:30", [("2026-03-18T10:00:00+01:00", 30)]),
    ("2026-03-12T14:00:00+01:00", [("2026-03-12T14:00:00+01:00", None)]),
    ("When: 16:00 to 16:30, Thursday 12 March (Europe/Berlin)", [("2026-03-12T16:00:00+01:00", 30)]),
    ("12 March, 14:00 to 14:30 (Europe/Berlin)", [("2026-03-12T14:00:00+01:00", 30)]),
    ("Thursday at 2:30", [("2026-03-12T14:30:00+01:00", None)]),
    ("We look forward to meeting you at 10 on the 14th", [("2026-03-14T10:00:00+01:00", None)]),
    ("Donnerstag 14 Uhr", [("2026-03-12T14:00:00+01:00", None)]),
    ("Do, 12.03., 9 Uhr (MEZ)", [("2026-03-12T09:00:00+01:00", None)]),
    ("11am PT / 2pm ET / 8pm CET on Thursday, March 12", [("2026-03-12T11:00:00-07:00", None)]),
    (
        "The technical interview moves from Tuesday at 10:00 to Thursday at 11:00",
        [("2026-03-10T10:00:00+01:00", None), ("2026-03-12T11:00:00+01:00", None)],
    ),
    ("jeudi prochain à 10 heures", [("2026-03-12T10:00:00+01:00", None)]),
    ("next week on Wednesday at 4pm", [("2026-03-18T16:00:00+01:00", None)]),
    ("le 12/03 à 10h00", [("2026-03-12T10:00:00+01:00", None)]),
    ("Thursday 12th March, 1-2pm", [("2026-03-12T13:00:00+01:00", 60)]),
    ("at 15:00 CET tomorrow", [("2026-03-10T15:00:00+01:00", None)]),
    ("Dnia 12.03.2026 r. o godzinie 10:00", [("2026-03-12T10:00:00+01:00", None)]),
    ("Giovedì prossimo ore 14.30", [("2026-03-12T14:30:00+01:00", None)]),
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_times_are_read_with_their_day_zone_and_length(text: str, expected: list[tuple[str, int | None]]) -> None:
    """Written on Monday, 9 March 2026, to somebody in Berlin; deadlines are no meetings."""
    found = [each for each in moments.all_in(text, WRITTEN, ZONE) if each.clock is not None and not each.deadline]
    assert expected == [(each.at(ZONE).isoformat(), each.minutes) for each in found]


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("28 March at 10:00", "2026-03-09", "2026-03-28T10:00:00+01:00"),
        ("30 March at 10:00", "2026-03-09", "2026-03-30T10:00:00+02:00"),
        ("24 October at 10:00", "2026-10-09", "2026-10-24T10:00:00+02:00"),
        ("26 October at 10:00", "2026-10-09", "2026-10-26T10:00:00+01:00"),
        ("29 March at 02:30", "2026-03-09", "2026-03-29T03:30:00+02:00"),
        ("9 March at 10:00 ET", "2026-03-01", "2026-03-09T10:00:00-04:00"),
        ("6 March at 10:00 EST", "2026-03-01", "2026-03-06T10:00:00-05:00"),
        ("15 July at 10:00 EST", "2026-06-01", "2026-07-15T10:00:00-04:00"),
        ("15 July at 10:00 London time", "2026-06-01", "2026-07-15T10:00:00+01:00"),
        ("15 July at 10:00 UTC-3", "2026-06-01", "2026-07-15T10:00:00-03:00"),
        ("15 July at 10:00 GMT+5:30", "2026-06-01", "2026-07-15T10:00:00+05:30"),
    ],
)
def test_the_offset_is_that_of_the_day(text: str, written: str, expected: str) -> None:
    """A change of the clocks between mail and meeting counts; a skipped hour is the one after it."""
    said = datetime.fromisoformat(f"{written}T09:00:00+00:00")
    assert [expected] == [each.at(ZONE).isoformat() for each in moments.all_in(text, said, ZONE)]


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("12 January", "2026-12-20", "2027-01-12"),
        ("20 December", "2027-01-03", "2026-12-20"),
        ("29 February", "2028-02-01", "2028-02-29"),
        ("29 February", "2027-12-20", "2028-02-29"),
        ("29 February 2027", "2027-02-01", None),
        ("31 April", "2026-03-09", None),
        ("Thursday, 12 March", "2026-02-01", "2026-03-12"),
        ("Friday, 12 March", "2026-02-01", "2027-03-12"),
        ("Saturday, 2 January", "2026-12-20", "2027-01-02"),
        ("Thursday the 12th", "2026-03-09", "2026-03-12"),
        ("Thursday", "2026-03-12", "2026-03-19"),
        ("this Thursday", "2026-03-12", "2026-03-12"),
        ("next Tuesday", "2026-03-09", "2026-03-17"),
        ("next Tuesday", "2026-03-13", "2026-03-17"),
        ("12/03/2026", "2026-03-09", "2026-03-12"),
        ("13/03/2026", "2026-03-09", "2026-03-13"),
        ("03/13/2026", "2026-03-09", "2026-03-13"),
        ("Friday 03/06/2026", "2026-03-01", "2026-03-06"),
        ("12.03.26", "2026-03-09", "2026-03-12"),
        ("tomorrow", "2028-02-28", "2028-02-29"),
        ("the day after tomorrow", "2026-12-30", "2027-01-01"),
        ("übermorgen", "2026-03-09", "2026-03-11"),
        ("dopodomani", "2026-03-09", "2026-03-11"),
    ],
)
def test_a_day_without_its_year_is_the_one_meant(text: str, written: str, expected: str | None) -> None:
    """The next such day, lately past ones excepted; a weekday decides between years and between orders."""
    found = moments.all_in(text, datetime.fromisoformat(f"{written}T09:00:00+00:00"), ZONE)
    assert ([date.fromisoformat(expected)] if expected else []) == [each.day for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "I may 3 times ask",
        "12 out of 20",
        "sat down with 5 people",
        "version 1.2.3",
        "call +49 30 1234567",
        "Guten Morgen",
        "the 24h service",
        "10% on 5.5 items",
        "Monday to Friday, 9:00-17:00",
        "Mo.-Fr.",
        "room 12.3",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    """Words and numbers that resemble dates; office hours."""
    assert not [each for each in moments.all_in(text, WRITTEN, ZONE) if each.clock is not None]


def test_an_american_writes_the_month_first() -> None:
    """Where the reader lives in the United States, or the text names one of its zones."""
    assert date(2026, 3, 12) == moments.all_in("03/12/2026", WRITTEN, "America/Chicago")[0].day
    assert date(2026, 12, 3) == moments.all_in("03/12/2026", WRITTEN, ZONE)[0].day


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("a 45-minute call", 45),
        ("it takes half an hour", 30),
        ("1.5 hours", 90),
        ("1 hour 30 minutes", 90),
        ("an hour and a half", 90),
        ("eine Stunde", 60),
        ("etwa 45 Minuten", 45),
        ("une heure", 60),
        ("30 minutos", 30),
        ("mezz'ora", 30),
        ("twee uur", 120),
        ("pół godziny", 30),
        ("within 48 hours", None),
        ("in 24 hours", None),
        ("arrive 10 minutes early", None),
        ("arrive 10 minutes early, it takes an hour", 60),
        ("", None),
    ],
)
def test_lengths_are_read(text: str, minutes: int | None) -> None:
    """How long it takes, not by when and not how early."""
    assert minutes == lengths.minutes(text)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York"])
def test_a_zone_is_known_by_its_name(name: str) -> None:
    """And an unknown name is UTC."""
    assert name == zones.zone_of(name)[1]
    assert zones.zone_of("Nowhere/Else")[1] == "UTC"
    assert zones.zone_of("../../etc/passwd")[1] == "UTC"
    assert zones.zone_of("Europe")[1] == "UTC"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "March",
                "2026",
                "10:00",
                "-",
                "11:30",
                "am",
                "pm",
                "on",
                "Thursday",
                "tomorrow",
                "next",
                "week",
                "UTC+3",
                "(CET)",
                "31/02",
                "12.3.",
                "29",
                "February",
                "25:61",
                "h",
                "Uhr",
                "um",
                "14",
                "bis",
                "alle",
                "15",
                "half",
                "past",
                "two",
                "0000",
                "9999",
                "/",
                ",",
                ".",
                "\n",
                "to",
                "at",
                "noon",
            ]
        ),
        max_size=20,
    )
)
def test_any_jumble_of_words_is_read_without_an_error(words: list[str]) -> None:
    """Every moment that comes out is a real one."""
    for each in moments.all_in(" ".join(words), WRITTEN, ZONE):
        assert each.at(ZONE).utcoffset() is not None
        assert isinstance(each.clock, time | None)


def test_dates_are_told_apart_from_their_neighbours() -> None:
    """Neighbours that complete each other are one day; those that contradict are two."""
    assert len(dates.find("tomorrow, Tuesday (10 March)")) == 1
    assert len(dates.find("Tuesday, Thursday")) == 2
