"""One table: every row is well-formed, and patterns and searches come from it."""

from __future__ import annotations

import re

import pytest

from hearback.reading import gate_words
from hearback.reading.wordlists import folded


def test_every_term_has_a_known_weight_and_a_language() -> None:
    """A slip in the file shows here, not as a pattern that never matches."""
    languages = {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "any", "from"}
    assert all(term.name in gate_words.WEIGHTS and term.language in languages for term in gate_words.table())


def test_no_term_stands_twice_with_one_weight_and_language() -> None:
    """Where would it be changed?"""
    rows = [(term.name, term.language, term.text) for term in gate_words.table()]
    assert len(rows) == len(set(rows))


def test_every_term_is_written_as_text_is_folded() -> None:
    """A capital or a curly apostrophe would never match."""
    assert all(term.text == folded(term.text) for term in gate_words.table())


def test_all_eight_languages_have_words_of_every_weight() -> None:
    """No language is found by English words alone."""
    for language in ("en", "de", "fr", "es", "pt", "it", "nl", "pl"):
        held = {term.name for term in gate_words.table() if term.language == language}
        assert {"sure", "strong", "weak", "title", "against"} <= held


@pytest.mark.parametrize(
    ("weight", "text", "found"),
    [
        ("sure", "Your recent job application", "your recent job application"),
        ("sure", "Ihre Bewerbungsunterlagen", "bewerbungsunterlagen"),
        ("sure", "offre d’emploi", "offre d'emploi"),
        ("alert", "12 new jobs in Leeds", "12 new jobs"),
        ("against", "40% off all boots", "40% off"),
        ("sure", "misapplied forcefully", None),
    ],
)
def test_a_pattern_finds_whole_terms(weight: str, text: str, found: str | None) -> None:
    """With any ending where the table says so, and with words between."""
    match = gate_words.pattern(weight).search(folded(text))
    assert found == (match[0] if match else None)


def test_without_stems_only_whole_words_are_searched_for() -> None:
    """Gmail completes none."""
    assert not [term for term in gate_words.searched(gate_words.ANYWHERE, stems=False) if "*" in term]


def test_a_stem_stands_for_the_words_it_covers() -> None:
    """Graph completes it, so they need not be named."""
    asked = gate_words.searched(gate_words.ANYWHERE, stems=True)
    assert "bewerb*" in asked
    assert "bewerbungsunterlagen" not in asked


def test_what_is_searched_for_is_plain_words() -> None:
    """No wildcard of the table but a stem's star reaches a provider."""
    for mark in (gate_words.ANYWHERE, gate_words.IN_LETTERS):
        assert not [term for term in gate_words.searched(mark, stems=True) if re.search(r"[~_#\"\\(){}]|\*.", term)]
