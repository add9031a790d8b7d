"""Figures that may be a time of day: the same among the same words are looked at once."""

from __future__ import annotations

import pytest

from hearback.reading import figures


def test_the_same_figures_among_the_same_words_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that says one thing six hundred times costs little more than one that says it once."""
    looked: list[str] = []
    figure = figures._figure

    def counted(m: object, text: str, *, english: bool) -> object:
        looked.append(text)
        return figure(m, text, english=english)  # type: ignore[arg-type]

    monkeypatch.setattr(figures, "_figure", counted)
    assert len(figures.find("at 12:30 or " * 600)) == 600
    assert len(looked) < 20


def test_the_same_figures_stand_where_they_stand() -> None:
    """Each has its own place."""
    text = "At 10:30 we meet, and the others do so as well, if nothing comes between them and the end of it all. " * 3
    assert [text[each.start : each.end] for each in figures.find(text)] == ["10:30"] * 3
    assert len({each.start for each in figures.find(text)}) == 3
