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


#: how people say one time, as it is in Berlin
SAID = [
    ("quinta, dia 12, por volta das onze", "2026-03-12T11:00:00+01:00", None),
    ("el jueves sobre las 10", "2026-03-12T10:00:00+01:00", None),
    ("donderdag omstreeks 10.30", "2026-03-12T10:30:00+01:00", None),
    ("jeudi à 17h30, repas à 18h30, on termine vers 23h", "2026-03-12T17:30:00+01:00", 330),
    ("He will ring you on 12 March, 1430 hrs.", "2026-03-12T14:30:00+01:00", None),
    ("Panel: Friday 13 March, 0915 CET", "2026-03-13T09:15:00+01:00", None),
    ("Report at 0800 on Monday 16 March", "2026-03-16T08:00:00+01:00", None),
    ("Good, tomorrow at 11 it is!", "2026-03-10T11:00:00+01:00", None),
    ("Shall I phone tomorrow at 9 your time?", "2026-03-10T09:00:00+01:00", None),
    ("Grand, 10.45 on the 19th then.", "2026-03-19T10:45:00+01:00", None),
    ("come by 8.15 thursday, bring boots", "2026-03-12T08:15:00+01:00", None),
    ("ok 2 tomorrow works", "2026-03-10T14:00:00+01:00", None),
    ("8.45 fri at the depot", "2026-03-13T08:45:00+01:00", None),
    ("see you tues at 11", "2026-03-10T11:00:00+01:00", None),
    ("How about Friday week at 3pm?", "2026-03-20T15:00:00+01:00", None),
    ("Would Tuesday week, the 17th, at half three suit?", "2026-03-17T15:30:00+01:00", None),
    ("Trial on Saturday, 9 till 1", "2026-03-14T09:00:00+01:00", 240),
    ("a shift on Sunday 15 March, 6 till 11 in the morning", "2026-03-15T06:00:00+01:00", 300),
    ("Come on Saturday the 14th for 8.", "2026-03-14T08:00:00+01:00", None),
    ("on Wednesday, arriving for 8.45", "2026-03-11T08:45:00+01:00", None),
    ("Let's say the 18th at 10.", "2026-03-18T10:00:00+01:00", None),
    ("Friday at half eleven", "2026-03-13T11:30:00+01:00", None),
    ("vrijdag om half elf", "2026-03-13T10:30:00+01:00", None),
    ("Freitag um halb elf", "2026-03-13T10:30:00+01:00", None),
    ("vrijdag om vijf voor half drie", "2026-03-13T14:25:00+01:00", None),
    ("vrijdag om kwart over twee", "2026-03-13T14:15:00+01:00", None),
    ("vrijdag kwart voor tien", "2026-03-13T09:45:00+01:00", None),
    ("vrijdag 13 maart om 14u15", "2026-03-13T14:15:00+01:00", None),
    ("w piątek o wpół do trzeciej", "2026-03-13T14:30:00+01:00", None),
    ("w piątek kwadrans po dziewiątej", "2026-03-13T09:15:00+01:00", None),
    ("w piątek za kwadrans dziesiąta", "2026-03-13T09:45:00+01:00", None),
    ("w czwartek o 12", "2026-03-12T12:00:00+01:00", None),
    ("w czwartek o piętnastej", "2026-03-12T15:00:00+01:00", None),
    ("el viernes a las once menos cuarto", "2026-03-13T10:45:00+01:00", None),
    ("el viernes a las cuatro y media", "2026-03-13T16:30:00+01:00", None),
    ("venerdì a mezzogiorno e mezzo", "2026-03-13T12:30:00+01:00", None),
    ("venerdì alle nove e un quarto", "2026-03-13T09:15:00+01:00", None),
    ("Freitag früh um acht", "2026-03-13T08:00:00+01:00", None),
    ("Samstag, Beginn 6:30 Uhr", "2026-03-14T06:30:00+01:00", None),
    ("sexta, dia 13, às 10h15", "2026-03-13T10:15:00+01:00", None),
    ("vendredi 13 à 9h45", "2026-03-13T09:45:00+01:00", None),
    ("vendredi à dix heures moins le quart", "2026-03-13T09:45:00+01:00", None),
    ("am Freitag, 13 Uhr", "2026-03-13T13:00:00+01:00", None),
    ("Freitag um Viertel nach zehn", "2026-03-13T10:15:00+01:00", None),
    ("Thursday 2.45 arvo", "2026-03-12T14:45:00+01:00", None),
    ("Thursday, 6:15 to 11:00", "2026-03-12T06:15:00+01:00", 285),
    ("Thursday, 9am til 12", "2026-03-12T09:00:00+01:00", 180),
    ("Friday, 08.30 through 12.30", "2026-03-13T08:30:00+01:00", 240),
    ("Friday at 10, and you'd be done by 12", "2026-03-13T10:00:00+01:00", 120),
    ("am Freitag um 9 Uhr, Ende: 11:30 Uhr", "2026-03-13T09:00:00+01:00", 150),
    ("12 March at 10:00 in Lisbon (11:00 in Berlin)", "2026-03-12T11:00:00+01:00", None),
    ("quinta, dia 12, às 9h de Lisboa (10h em Berlim)", "2026-03-12T10:00:00+01:00", None),
    ("Thursday at 3 p.m. Newfoundland time (that's 6:30 p.m. for you)", "2026-03-12T18:30:00+01:00", None),
    ("jeudi 12 mars à 14 h 30", "2026-03-12T14:30:00+01:00", None),
    ("tomorrow morning at 6", "2026-03-10T06:00:00+01:00", None),
    ("tomorrow evening at 7", "2026-03-10T19:00:00+01:00", None),
    ("this afternoon at 4", "2026-03-09T16:00:00+01:00", None),
    ("vanmiddag om drie uur", "2026-03-09T15:00:00+01:00", None),
    ("domattina alle 9", "2026-03-10T09:00:00+01:00", None),
    ("We could do Monday week at ten.", "2026-03-16T10:00:00+01:00", None),
    ("Donnerstag in einer Woche um 10 Uhr", "2026-03-19T10:00:00+01:00", None),
    ("Thursday from 10 to 11.30", "2026-03-12T10:00:00+01:00", 90),
    ("kom donderdag tussen 9 en 10 uur", "2026-03-12T09:00:00+01:00", 60),
    ("giovedì alle quindici", "2026-03-12T15:00:00+01:00", None),
    ("Thursday at ten to four", "2026-03-12T15:50:00+01:00", None),
    ("Thursday at quarter to ten", "2026-03-12T09:45:00+01:00", None),
    ("jeudi 12 mars, de 14h à 15h30", "2026-03-12T14:00:00+01:00", 90),
    ("jueves 12 de marzo de 10 a 11:30 h", "2026-03-12T10:00:00+01:00", 90),
    ("czwartek 12.03, godz. 9.30", "2026-03-12T09:30:00+01:00", None),
    ("quinta-feira às nove e meia", "2026-03-12T09:30:00+01:00", None),
    ("Interview at 12:00 noon on 12 March", "2026-03-12T12:00:00+01:00", None),
    ("Thursday 12 March 2pm", "2026-03-12T14:00:00+01:00", None),
    ("on the 12th at 2", "2026-03-12T14:00:00+01:00", None),
    ("el jueves 12 a las diez de la mañana", "2026-03-12T10:00:00+01:00", None),
    ("am Donnerstag um drei viertel zehn", "2026-03-12T09:45:00+01:00", None),
    ("amanhã às 15 horas", "2026-03-10T15:00:00+01:00", None),
]


@pytest.mark.parametrize(("text", "start", "minutes"), SAID)
def test_a_time_is_read_as_people_say_it(text: str, start: str, minutes: int | None) -> None:
    """Written on Monday, 9 March 2026; the first time with a day, wherever it was told."""
    found = next(each for each in moments.all_in(text, WRITTEN, ZONE) if each.clock is not None)
    assert (datetime.fromisoformat(start), minutes) == (found.at(ZONE), found.minutes)


def test_your_time_is_the_readers() -> None:
    """Where the writer's clock shows another."""
    found = moments.all_in("tomorrow at 10 your time", WRITTEN, ZONE, "America/Chicago")
    assert found[0].at(ZONE).isoformat() == "2026-03-10T10:00:00-05:00"


def test_an_australian_writes_the_day_first() -> None:
    """Even where a zone has "Eastern" in its name."""
    found = moments.all_in("Thursday 12/11/2026, 0900 Eastern Daylight Time", WRITTEN, "Australia/Melbourne")
    assert found[0].day == date(2026, 11, 12)


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
        ("Thursday week", "2026-03-09", "2026-03-19"),
        ("Thursday week, the 19th", "2026-03-09", "2026-03-19"),
        ("a week on Thursday", "2026-03-09", "2026-03-19"),
        ("a week today", "2026-03-09", "2026-03-16"),
        ("jeudi en huit", "2026-03-09", "2026-03-19"),
        ("Morgen um", "2026-03-09", "2026-03-10"),
        ("Domani", "2026-03-09", "2026-03-10"),
        ("vanmiddag", "2026-03-09", "2026-03-09"),
        ("sexta, dia 13", "2026-03-09", "2026-03-13"),
        ("na quinta, às", "2026-03-09", "2026-03-12"),
        ("tomorrow, 11/12, at", "2026-11-11", "2026-11-12"),
        ("tomorrow, 11/12, at", "2026-12-10", "2026-12-11"),
        ("we meet on the 12th.", "2026-03-09", "2026-03-12"),
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
        "Come Thursday at 14 Whitlow St",
        "Wir sitzen in 69170 Tarare, Donnerstag bis 18 Uhr erreichbar",
        "On Thursday take version 2.15 with you",
        "Thursday: call 0171 000 88 12",
        "Thursday, room 3.15",
        "Opening hours on Thursday 9 to 5",
        "Thursday, tel. 17 555 02 40",
        "Thursday, 14b Ridley Yard, London E8",
        "On Thursday we meet in the 3rd floor at two sites",
        "Reply by Thursday with 3 references",
        "On Thursday, one of our 12 people",
        "Thursday lunch costs 12.50 each",
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
        ("an hour and a quarter", 75),
        ("three quarters of an hour", 45),
        ("twenty minutes", 20),
        ("forty-five minutes", 45),
        ("a couple of hours", 120),
        ("one (1) hour, plus 20 minutes for the forms", 60),
        ("15-20 mins", 20),
        ("2 hours 15 minutes", 135),
        ("How long: 50 minutes, 10 minutes of it reading", 50),
        ("eine gute Stunde", 60),
        ("eine Dreiviertelstunde", 45),
        ("anderthalb Stunden", 90),
        ("une bonne heure", 60),
        ("trois quarts d'heure", 45),
        ("vingt minutes", 20),
        ("hora y media", 90),
        ("tres cuartos de hora", 45),
        ("cinquenta minutos", 50),
        ("veinte minutillos", 20),
        ("uma hora e meia", 90),
        ("uma horinha", 60),
        ("un'oretta", 60),
        ("tre quarti d'ora", 45),
        ("anderhalf uur", 90),
        ("drie kwartier", 45),
        ("een halfuurtje", 30),
        ("godzinka", 60),
        ("potrwa z godzinę", 60),
        ("półtorej godziny", 90),
        ("trzy kwadranse", 45),
        ("à 9h30", None),
        ("às 8h15", None),
        ("om 10 uur", None),
        ("£12 an hour", None),
        ("a written part, about 20 minutes, then questions", None),
        ("sessions of 45 minutes each", None),
        ("10 minutes to look at a chart", None),
        ("I enjoyed the hour with you", None),
        ("late by more than 15 minutes", None),
        ("zwölf Minuten zu Fuß", None),
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


def test_a_canadian_writing_french_writes_the_day_first() -> None:
    """The country's other language decides the order, once there is enough of it."""
    text = "Bonjour, nous vous attendons le jeudi pour la suite de votre candidature, avec le directeur, et nous vous remercions. Date : 12/03/2026"
    assert date(2026, 3, 12) == moments.all_in(text, WRITTEN, "America/New_York")[-1].day
