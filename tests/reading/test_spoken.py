"""Times of day said in words, in the eight languages Hearback reads."""

from __future__ import annotations

import pytest

from hearback.reading import spoken


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
