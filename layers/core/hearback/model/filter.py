"""A filter: which mail is meant, by sender and subject, as the person writes it (FEATURES 2.5; read by pipeline.filters).

    From: *@linkedin.com, recruiter@*      all lines must fit, of a line's items one
    Subject: interview, offer
    Exclude: newsletter, digest            mail in whose sender or subject one of these stands is left out

`str(filter)` is that text again, in the one way of writing it that reads back as the same filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hearback.model import pattern
from hearback.model.errors import Permanent
from hearback.model.ids import Personal
from hearback.model.message import Address

MAX_LETTERS: Final = 2000
"""Of all that is written in one field."""
MAX_ITEMS: Final = 200
"""In one field."""
MAX_FILTERS: Final = 10
"""Of one mailbox."""


class Part(StrEnum):
    """What a line of a filter is about."""

    FROM = "From"
    SUBJECT = "Subject"
    EXCLUDE = "Exclude"


_NAMES: Final = frozenset(part.value.casefold() for part in Part)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: mail fits where one of the items does (Exclude: where none does)."""

    part: Part
    items: tuple[Personal, ...]
    """Patterns, never empty."""

    def __str__(self) -> str:
        return f"{self.part.value}: {written(self.items)}"

    def fits(self, sender: Address, subject: str) -> bool:
        """Whether mail of this sender and subject fits."""
        match self.part:
            case Part.FROM:
                return any(pattern.of_sender(each, sender) for each in self.items)
            case Part.SUBJECT:
                return any(pattern.in_text(each, subject) for each in self.items)
            case Part.EXCLUDE:
                return not any(pattern.of_sender(each, sender) or pattern.in_text(each, subject) for each in self.items)


@dataclass(frozen=True, slots=True)
class Filter:
    """Lines that must all fit; never empty."""

    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return "\n".join(str(each) for each in self.lines)

    def fits(self, sender: Address, subject: str) -> bool:
        """Whether mail of this sender and subject is meant."""
        subject = subject[: pattern.SUBJECT_LETTERS]
        return all(each.fits(sender, subject) for each in self.lines)


def written(items: tuple[Personal, ...]) -> str:
    """Patterns as they are written, those in quotes that would not be read as one otherwise."""
    return ", ".join(_quoted(each) if _needs_quotes(each) else each for each in items)


def begun_part(text: str) -> str | None:
    """The name and colon of a part with which `text` begins; None where it begins otherwise."""
    name, colon, _ = text.partition(":")
    return name + colon if colon and name.strip().casefold() in _NAMES else None


def is_bar(text: str, at: int) -> bool:
    """Whether at this place stands the slash, with space on both sides, that divides lines."""
    return text[at] == "/" and (at == 0 or text[at - 1].isspace()) and (at + 1 == len(text) or text[at + 1].isspace())


def _needs_quotes(item: str) -> bool:
    bars = any(is_bar(item, at) for at in range(len(item)))
    return "," in item or '"' in item or bars or begun_part(item) is not None


def _quoted(item: str) -> str:
    return '"' + item.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class Problem:
    """Why what was written is no filter, and where."""

    line: int
    """From 1."""
    column: int
    """From 1, in characters of the line."""
    length: int
    """How many characters are meant; 0: the place between two."""
    what: str
    """What is wrong, a sentence."""
    expected: str
    """What would stand there."""
    suggestion: str = ""
    """What was probably meant; may be empty."""

    def __str__(self) -> str:
        hint = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        return f"Line {self.line}, column {self.column}: {self.what} Expected: {self.expected}.{hint}"


class NotAFilter(Permanent):
    """What was written cannot be read as a filter; `problems` say where and why, in the order they stand."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(str(each) for each in problems))
        self.problems = problems
