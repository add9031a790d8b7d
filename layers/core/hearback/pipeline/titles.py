"""When two titles of a role mean the same: "BI Developer" is "Business Intelligence Developer"; a senior is another job."""

from __future__ import annotations

import functools
import re
from enum import IntEnum
from typing import Final

from hearback.pipeline.words import words

_ROLE_NOISE: Final = frozenset(
    [
        "m",
        "w",
        "f",
        "d",
        "x",
        "div",
        "divers",
        "all",
        "genders",
        "gn",
        "remote",
        "hybrid",
        "the",
        "a",
        "an",
        "at",
        "for",
        "of",
        "and",
        "in",
        "mit",
        "und",
        "de",
        "la",
        "el",
        "en",
        "et",
        "y",
        "e",
        "o",
        "du",
    ]
)
_LEVELS: Final = frozenset(
    [
        "apprentice",
        "assistant",
        "associate",
        "azubi",
        "chief",
        "deputy",
        "director",
        "graduate",
        "head",
        "i",
        "ii",
        "iii",
        "intern",
        "internship",
        "iv",
        "jr",
        "junior",
        "lead",
        "leiter",
        "leitung",
        "manager",
        "mid",
        "praktikant",
        "praktikum",
        "principal",
        "senior",
        "sr",
        "staff",
        "stagiaire",
        "teamleiter",
        "trainee",
        "vp",
        "werkstudent",
        "1",
        "2",
        "3",
    ]
)
"""Words that make another job of a title."""
_FEMININE: Final = re.compile(r"(?<=er|or|ar|at|ot)in$|(?<=eur|ist|ent|ant)in$|(?<=tor|sor|dor)a$")
ALIKE: Final = 3
"""Letters in which two words of a title begin alike."""
LETTER_WORDS: Final = range(2, 5)
"""Letters of a short form."""


class Role(IntEnum):
    """How alike two role titles are."""

    OTHER = 0
    LEVEL = 1
    """One title's words are among the other's, which names another level: siblings, or a title cut short."""
    PART = 2
    """One title's words are among the other's."""
    SAME = 3


@functools.lru_cache(maxsize=4096)
def role_words(role: str) -> frozenset[str]:
    """The words of a title that tell roles apart."""
    bare = re.sub(
        r"\((?:[mwfdx]|gn|all genders)(?:\s*[/|,*]\s*(?:[mwfdx]|div|divers))*\)", " ", role, flags=re.IGNORECASE
    )
    found = frozenset(
        _FEMININE.sub("", word) for word in words(bare.replace("sr.", "senior")) if word not in _ROLE_NOISE
    )
    return found or frozenset(words(role))


@functools.lru_cache(maxsize=16384)
def role_likeness(one: str, other: str) -> Role:
    """How alike two titles are."""
    first, second = role_words(one), role_words(other)
    if not first or not second:
        return Role.OTHER
    if first == second or _spelled_out(one, other) == _spelled_out(other, one):
        return Role.SAME
    first, second = _spelled_out(one, other), _spelled_out(other, one)
    if not (first <= second or second <= first):
        return Role.OTHER
    return Role.LEVEL if (first ^ second) & _LEVELS else Role.PART


def _spelled_out(role: str, other: str) -> frozenset[str]:
    """The words of `role` with short forms written as `other` writes them: "BI", "RN"."""
    whole = words(other)
    found: set[str] = set()
    for word in role_words(role):
        ways = (whole, tuple(each for each in whole if each not in _ROLE_NOISE))
        runs = (way[at : at + len(word)] for way in ways for at in range(len(way) - len(word) + 1))
        run = next((run for run in runs if "".join(each[0] for each in run) == word), None)
        found |= (
            {_FEMININE.sub("", each) for each in run if each not in _ROLE_NOISE}
            if run and len(word) in LETTER_WORDS and word not in whole
            else {word}
        )
    return frozenset(found)


def worded_alike(one: str, other: str) -> bool:
    """Most words of the shorter title begin as words of the other do: one title, worded by a job board and by an employer."""
    short, long = sorted((_spelled_out(one, other), _spelled_out(other, one)), key=len)
    if (short ^ long) & _LEVELS:
        return False
    shared = sum(any(a[:ALIKE] == b[:ALIKE] for b in long) for a in short)
    return shared >= 2 and 2 * shared > len(short)  # noqa: PLR2004  one word is not most


def same_role(one: str, other: str) -> bool:
    """One title's words are among the other's ("Backend Engineer", "Senior Backend Engineer, Energy")."""
    first, second = role_words(one), role_words(other)
    return bool(first) and bool(second) and (first <= second or second <= first)
