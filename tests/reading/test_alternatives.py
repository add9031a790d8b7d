"""Many words as one pattern: it finds what the words side by side find, the longest first."""

from __future__ import annotations

import re

import pytest

from hearback.reading import alternatives, dates, hours, lengths

LISTS = {
    "hours": tuple(hours.HOURS),
    "minutes": tuple(hours.MINUTES),
    "months": tuple(dates.MONTHS),
    "weekdays": tuple(dates.WEEKDAYS),
    "lengths": tuple(lengths._NUMBERS),
    "signs": ("a", "a.", "a.b", "ab", "un'", "un", "x(y", "à"),
}


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_finds_what_the_words_side_by_side_find(words: tuple[str, ...]) -> None:
    """In every word, with others before and behind it, and cut short."""
    side = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)), re.IGNORECASE)
    text = " ".join([*words, *(word.upper() for word in words), *(f"{word[:-1]}{words[0]}x{word}e" for word in words)])
    as_one = re.compile(alternatives.any_of(words), re.IGNORECASE)
    assert [each.span() for each in as_one.finditer(text)] == [each.span() for each in side.finditer(text)]


def test_gives_way_where_a_longer_word_does_not_fit() -> None:
    """A pattern behind it may need a shorter one."""
    assert re.fullmatch(f"{alternatives.any_of(['un', 'una', 'uno'])}an", "unan")


def test_stands_wherever_a_group_may() -> None:
    """Beside other ways, and repeated."""
    assert re.fullmatch(rf"(?:\d|{alternatives.any_of(['one', 'two'])}){{3}}", "1two3")
