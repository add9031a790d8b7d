"""Times of day said in words, in the eight languages Hearback reads."""

from __future__ import annotations

import pytest

from hearback.reading import spoken
from hearback.reading.hours import HOURS


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("half past two", "2:30"),
        ("half ten", "10:30"),
        ("quarter to nine", "8:45"),
        ("a quarter past eleven", "11:15"),
        ("ten to four", "3:50"),
        ("twenty past three", "3:20"),
        ("four o'clock", "4:00"),
        ("come for eleven, please", "come for 11:00, please"),
        ("noon", "12:00"),
        ("halb elf", "10:30"),
        ("fünf vor halb drei", "2:25"),
        ("zehn nach halb vier", "3:40"),
        ("Viertel nach zehn", "10:15"),
        ("viertel vor eins", "12:45"),
        ("drei viertel zehn", "9:45"),
        ("um sieben", "um 7:00"),
        ("half tien", "9:30"),
        ("tien voor half vier", "3:20"),
        ("vijf over half drie", "2:35"),
        ("kwart over twee", "2:15"),
        ("kwart voor een", "12:45"),
        ("om negen", "om 9:00"),
        ("dix heures et demie, à", "dix heures et demie, à"),
        ("à dix heures et demie", "à 10:30"),
        ("dix heures moins le quart", "9:45"),
        ("quatorze heures trente", "14:30"),
        ("midi et demi", "12:30"),
        ("a las diez menos cuarto", "a las 9:45"),
        ("a las once y media", "a las 11:30"),
        ("a las 5 y cuarto", "a las 5:15"),
        ("às dez e meia", "às 10:30"),
        ("quinze para as três", "2:45"),
        ("mezzogiorno e un quarto", "12:15"),
        ("alle nove e mezza", "alle 9:30"),
        ("alle dieci meno un quarto", "alle 9:45"),
        ("alle quindici", "alle 15:00"),
        ("wpół do jedenastej", "10:30"),
        ("kwadrans po czternastej", "14:15"),
        ("za kwadrans dziesiąta", "9:45"),
        ("o dziewiątej trzydzieści", "o 9:30"),
        ("o piętnastej.", "o 15:00."),
    ],
)
def test_words_become_figures(said: str, figures: str) -> None:
    """Marked as said, so that the half of the day stays open."""
    assert figures.replace(":", spoken.SAID) == spoken.in_figures(said) or figures == spoken.in_figures(said)


@pytest.mark.parametrize(
    "text",
    [
        "half an hour",
        "one and a half hours",
        "at two sites",
        "one by one.",
        "deux heures et demie",
        "uma hora e meia",
        "um ein persönliches Gespräch",
        "um zwei verschiedene Stellen",
        "o pierwszej rozmowie",
        "om twee redenen van belang",
        "ten years",
    ],
)
def test_other_words_stay(text: str) -> None:
    """Lengths, numbers of things, and words that sound alike."""
    assert text == spoken.in_figures(text)


def test_half_three_in_figures_depends_on_the_language() -> None:
    """3:30 to the Irish, 2:30 to the Dutch."""
    assert f"3{spoken.SAID}30" == spoken.in_figures("half 3", "en")
    assert f"2{spoken.SAID}30" == spoken.in_figures("half 3", "nl")


SAYINGS = (
    "{} midi", "lundi midi e {}", "meio-dia e {}", "dez para o meio-dia {}", "fünf vor halb {}", "tien voor half {}", "zehn nach drei viertel {}", "halb {}",
    "wpół do {}", "half {}", "om half 3 {}", "half past {}", "quarter to {}", "viertel nach {}", "viertel {}", "kwart over {}",
    "ten past {}", "zehn vor {}", "kwadrans po {}", "za kwadrans {}", "{} trzydzieści", "między {} a {}", "o {}.", "na {}.",
    "godzina {}", "cuarto para las {}", "a las {} y media", "{} e mezza", "{} heures trente", "14 heures 30 {}", "alle 15,30 {}",
    "entre {} et {}.", "entre las {} y las {}", "dalle {} alle {}.", "às {}.", "{} thirty", "{}-ish", "{} o'clock", "{} in the morning",
    "come for {}.", "at {}, please", "{} uhr dreißig", "um {} uhr", "between {} and {}.", "from {} till {}.", "zwischen {} und {}",
    "gegen {}", "tussen {} en {} uur", "om {}.", "mardi {} heures", "{} uur 's ochtends", "{} heures du matin", "2ª feira, {}",
    "woensdagochtend {}",
)  # fmt: skip


@pytest.mark.parametrize("saying", SAYINGS)
def test_no_rule_is_left_out_where_it_has_a_word(saying: str) -> None:
    """With every hour in every saying, it is as if all rules were asked."""
    asked = (spoken._DAYS, spoken._NOON, spoken._GERMANIC, spoken._SLAVIC, spoken._ROMANCE, spoken._WHOLE)
    for hour in HOURS:
        text = put = saying.replace("{}", hour)
        for rule in (each for rules in asked for each in rules):
            put = rule.pattern.sub(rule.made, put)
        assert put == spoken.in_figures(text)


def test_every_rule_is_asked_for_a_saying() -> None:
    """So that the test above sees each."""
    asked = (spoken._DAYS, spoken._NOON, spoken._GERMANIC, spoken._SLAVIC, spoken._ROMANCE, spoken._WHOLE)
    said = [saying.replace("{}", hour) for saying in SAYINGS for hour in HOURS]
    silent = [rule.pattern.pattern[:60] for rules in asked for rule in rules if not any(map(rule.pattern.search, said))]
    assert silent == []
