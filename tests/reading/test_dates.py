"""Days told without a date: each way of saying them is asked for, in every language."""

from __future__ import annotations

import pytest

from hearback.reading import dates

TWO_ON = "day after tomorrow|übermorgen|après-demain|pasado mañana|depois de amanhã|dopodomani|overmorgen|pojutrze"
TOMORROW = "tomorrow|morgen|Morgen um|demain|mañana|amanhã|domani|domattina|tmrw|tomoz|jutro|jutrzejszy|morgigen"
TODAY = (
    "today|tonight|this afternoon|this arvo|heute|aujourd'hui|aujourd’hui|ce matin|cet après-midi|hoy|esta tarde|hoje|oggi"
    "|stamattina|stasera|vandaag|vanmiddag|vanavond|vanochtend|vanmorgen|dziś|dzisiaj"
)
TWO_WEEKS = (
    "in a fortnight|in two weeks' time|in zwei Wochen|in 14 Tagen|dans quinze jours|dans deux semaines|en quince días"
    "|en dos semanas|daqui a quinze dias|daqui a duas semanas|fra due settimane|tra quindici giorni|over twee weken"
    "|over 14 dagen|za dwa tygodnie"
)
A_WEEK = (
    "in a week's time|in einer Woche|in acht Tagen|dans une semaine|dans huit jours|en una semana|en ocho días"
    "|daqui a uma semana|daqui a oito dias|fra una settimana|fra otto giorni|over een week|over acht dagen|za tydzień"
)


@pytest.mark.parametrize(
    ("words", "offset"),
    [(word, 2) for word in TWO_ON.split("|")]
    + [(word, 1) for word in TOMORROW.split("|")]
    + [(word, 0) for word in TODAY.split("|")]
    + [(word, 14) for word in TWO_WEEKS.split("|")]
    + [(word, 7) for word in A_WEEK.split("|")],
)
def test_a_day_from_today(words: str, offset: int) -> None:
    """With a time behind it."""
    assert [day.offset for day in dates.find(f"{words}, 10:30")] == [offset]


@pytest.mark.parametrize("words", ["a week on friday", "two weeks from monday", "a fortnight today"])
def test_weeks_on_from_a_day(words: str) -> None:
    """One or two of them."""
    assert [day.plus for day in dates.find(words)] == [7 if "a week" in words else 14]


def test_every_weekday_and_month_is_a_day() -> None:
    """Whatever it is called."""
    assert [word for word in dates.WEEKDAYS if not dates.find(f"{word.title()}, 10:30")] == []
    assert [word for word in dates.MONTHS if not dates.find(f"12. de {word.title()}. 2026")] == []
