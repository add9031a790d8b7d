"""The gate's table (gate.txt) as patterns and as searches: the one place where its terms are read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

_OF_TEXT: Final = ("sure", "strong", "weak", "title", "against", "bulk", "alert", "answered", "ours")
_OF_ADDRESSES: Final = ("role", "carried", "desk", "machine")
WEIGHTS: Final = frozenset((*_OF_TEXT, *_OF_ADDRESSES))
ANYWHERE: Final = "+"
IN_LETTERS: Final = "?"
_PIECES: Final = {"~": r"(?:\w+ ){0,2}", "_": r"\w+", "#": r"\d+"}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the table."""

    weight: str
    language: str
    """ISO 639-1, or "any"; "from" for what stands in an address."""
    text: str
    """As it is written, with its wildcards."""
    searched: str = ""
    """ANYWHERE, IN_LETTERS, or empty: not searched for at the provider."""


@functools.cache
def table() -> tuple[Term, ...]:
    """Every term, in the order of the file."""
    rows: list[list[str]] = []
    for line in files("hearback.reading").joinpath("gate.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            rows[-1][2] += f" {line.strip()}"
        else:
            rows.append(line.split(None, 2))
    return tuple(
        Term(weight, language, text.lstrip(ANYWHERE + IN_LETTERS), text[0] if text[0] in ANYWHERE + IN_LETTERS else "")
        for weight, language, terms in rows
        for each in terms.split(",")
        if (text := each.strip())
    )


@functools.cache
def pattern(weight: str) -> re.Pattern[str]:
    """Matches any term of a weight in folded() text: alternatives of literal words, so time is linear."""
    found = sorted({_compiled(term.text) for term in table() if term.weight == weight}, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)")


def folded(text: str) -> str:
    """Text as the patterns expect it: lower-case, one space between words, straight apostrophes."""
    return " ".join(text.lower().replace("’", "'").split())


def _compiled(term: str) -> str:
    out = ""
    for word in term.split(" "):
        if word == "~":
            out += _PIECES["~"]
            continue
        stem = word.removesuffix("*")
        out += "".join(_PIECES.get(piece) or re.escape(piece) for piece in re.split(r"([_#])", stem))
        out += r"\w*" if word != stem else ""
        out += " "
    return out.removesuffix(" ")


def searched(mark: str, *, stems: bool) -> tuple[str, ...]:
    """What a provider is asked for: with `stems` the stems that it can complete, in place of the words they cover."""
    asked = list(dict.fromkeys(term.text for term in table() if term.searched == mark))
    if not stems:
        return tuple(term for term in asked if "*" not in term)
    covering = tuple(term[:-1] for term in asked if term.endswith("*"))
    return tuple(term for term in asked if term.endswith("*") or not _covered(term, covering))


def mailings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that only mailings have, and what the addresses that send them begin with."""
    found = [term for term in table() if term.weight == "bulk"]
    return (
        tuple(term.text for term in found if term.language != "from"),
        tuple(term.text for term in found if term.language == "from"),
    )


def _covered(term: str, stems: Iterable[str]) -> bool:
    return any(word.startswith(stem) for word in term.split() for stem in stems)
