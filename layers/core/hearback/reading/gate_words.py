"""The gate's table (gate.txt): its patterns, and what of it providers are asked for."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

from hearback.reading import wordlists
from hearback.reading.wordlists import Term

_OF_TEXT: Final = ("sure", "strong", "weak", "title", "against", "bulk", "alert", "answered", "ours")
_OF_ADDRESSES: Final = ("role", "carried", "desk", "machine")
WEIGHTS: Final = frozenset((*_OF_TEXT, *_OF_ADDRESSES))
ANYWHERE: Final = "+"
IN_LETTERS: Final = "?"


@functools.cache
def table() -> tuple[Term, ...]:
    """Every term, in the order of the file."""
    return wordlists.read("gate.txt")


@functools.cache
def pattern(weight: str) -> re.Pattern[str]:
    """Matches any term of a weight in folded text."""
    return wordlists.compiled(term.text for term in table() if term.name == weight)


def searched(mark: str, *, stems: bool) -> tuple[str, ...]:
    """What a provider is asked for: with `stems` the stems that it can complete, in place of the words they cover."""
    asked = list(dict.fromkeys(term.text for term in table() if term.mark == mark))
    if not stems:
        return tuple(term for term in asked if "*" not in term)
    covering = tuple(term[:-1] for term in asked if term.endswith("*"))
    return tuple(term for term in asked if term.endswith("*") or not _covered(term, covering))


def mailings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that only mailings have, and what the addresses that send them begin with."""
    found = [term for term in table() if term.name == "bulk"]
    return (
        tuple(term.text for term in found if term.language != "from"),
        tuple(term.text for term in found if term.language == "from"),
    )


def _covered(term: str, stems: Iterable[str]) -> bool:
    return any(word.startswith(stem) for word in term.split() for stem in stems)
