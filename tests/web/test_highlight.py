"""What is marked in a text: whole words, the longest; the text itself is never changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.web.highlight import pieces


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("Engineer at Acme", ["acme"], ["Acme"]),
        ("Metaverse and Meta", ["Meta"], ["Meta"]),
        ("Acme Labs and Acme", ["Acme", "Acme Labs"], ["Acme Labs", "Acme"]),
        ("C++ (m/w/d) at A", ["C++ (m/w/d)", "A", None, ""], ["C++ (m/w/d)"]),
        ("nothing", [], []),
    ],
)
def test_what_is_marked(text: str, marked: list[str | None], expected: list[str]) -> None:
    """In the order it stands."""
    assert [piece for piece, on in pieces(text, marked) if on] == expected


@given(st.text(max_size=60), st.lists(st.text(max_size=8) | st.none(), max_size=4))
def test_the_pieces_are_the_text(text: str, marked: list[str | None]) -> None:
    """Whatever is marked in it."""
    assert "".join(piece for piece, _ in pieces(text, marked)) == text
