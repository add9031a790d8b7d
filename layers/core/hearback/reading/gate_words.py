"""The gate's table (gate.txt) as patterns and as searches: the one place where its terms are read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

WEIGHTS: Final = frozenset(
    ["sure", "strong", "weak", "title", "against", "alert", "answered", "ours", "role", "desk", "carried", "machine"]
)
_PIECES: Final = {"~": r"(?:\w+ ){0,2}", "_": r"\w+", "#": r"\d+"}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the table."""

    weight: str
    language: str
    """ISO 639-1, or "any"."""
    text: str
    """As it is written, with its wildcards."""
    searched: bool
    """Also searched for at the provider."""


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
        Term(weight, language, text.removeprefix("+"), text.startswith("+"))
        for weight, language, terms in rows
        for each in terms.split(",")
        if (text := each.strip())
    )


@functools.cache
def pattern(weight: str) -> re.Pattern[str]:
    """Matches any term of a weight in folded() text: alternatives of literal words, so time is linear."""
    found = sorted({_compiled(term.text.lower()) for term in table() if term.weight == weight}, reverse=True)
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


def searched(*, stems: bool) -> tuple[str, ...]:
    """What a provider is asked for: with `stems` the stems that it can complete, in place of the words they cover."""
    asked = list(dict.fromkeys(term.text for term in table() if term.searched))
    if not stems:
        return tuple(term for term in asked if "*" not in term)
    covering = tuple(term[:-1].lower() for term in asked if term.endswith("*"))
    return tuple(term for term in asked if term.endswith("*") or not _covered(term, covering))


def _covered(term: str, stems: Iterable[str]) -> bool:
    return any(word.startswith(stem) for word in term.lower().split() for stem in stems)
