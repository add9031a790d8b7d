"""Lists of words for people to read, compiled: rows of a name, a language and terms, as in gate.txt and scams.txt.

In a term * is any ending of the word, ~ up to two words, _ one word, # a number; a mark before it (+ or ?) is the list's.
Every pattern is alternatives of literal words with bounded gaps, so it takes linear time on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

MARKS: Final = "+?"
_PIECES: Final = {"_": r"\w+", "#": r"\d+"}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a list."""

    name: str
    """What the list calls its sort."""
    language: str
    """ISO 639-1, or "any"."""
    text: str
    """As it is written, with its wildcards."""
    mark: str = ""


def read(file: str) -> tuple[Term, ...]:
    """Every term of a file of this folder, in its order."""
    rows: list[list[str]] = []
    for line in files("hearback.reading").joinpath(file).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            rows[-1][2] += f" {line.strip()}"
        else:
            rows.append(line.split(None, 2))
    return tuple(
        Term(name, language, text.lstrip(MARKS), text[0] if text[0] in MARKS else "")
        for name, language, terms in rows
        for each in terms.split(",")
        if (text := each.strip())
    )


def compiled(terms: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the terms, as whole words, in folded() text."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted({_pattern(term) for term in terms}, reverse=True))})(?!\w)")


def folded(text: str) -> str:
    """Text as the patterns expect it: lower-case, one space between words, straight apostrophes."""
    return " ".join(text.lower().replace("’", "'").split())


def _pattern(term: str) -> str:
    out = ""
    for word in term.split(" "):
        if word == "~":
            out += r"(?:\w+ ){0,2}"
            continue
        stem = word.removesuffix("*")
        out += "".join(_PIECES.get(piece) or re.escape(piece) for piece in re.split(r"([_#])", stem))
        out += r"\w* " if word != stem else " "
    return out.removesuffix(" ")
