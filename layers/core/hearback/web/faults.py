"""What a person wrote that cannot be read, shown where they wrote it: the line with the place marked, and what would stand there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hearback.model.filter import NotAFilter, Problem

T = TypeVar("T")
_LINES = re.compile(r"\r\n|\r|\n")
_BESIDE = 60
"""Letters shown before and after the place."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem with the letters around it."""

    problem: Problem
    before: str
    marked: str
    after: str


@dataclass
class Faults:
    """Of one form: field → what is wrong with it."""

    of: dict[str, list[Fault]] = field(default_factory=dict)

    def read(self, name: str, text: str, parse: Callable[[str], T], otherwise: T) -> T:
        """What `parse` makes of the field; where it cannot, `otherwise`, and the faults are kept."""
        try:
            return parse(text)
        except NotAFilter as error:
            self.of[name] = [fault(text, each) for each in error.problems]
            return otherwise

    def say(self, name: str, what: str, expected: str) -> None:
        """A fault of a whole field."""
        self.of.setdefault(name, []).append(Fault(Problem(1, 1, 0, what, expected), "", "", ""))

    @property
    def shown(self) -> Mapping[str, list[Fault]]:
        """For templates: of any field, of those without faults none."""
        return defaultdict(list, self.of)


def fault(text: str, problem: Problem) -> Fault:
    """The problem with its line of `text`."""
    lines = _LINES.split(text)
    line = lines[problem.line - 1] if problem.line <= len(lines) else ""
    start, end = problem.column - 1, problem.column - 1 + problem.length
    return Fault(problem, line[max(start - _BESIDE, 0) : start], line[start:end], line[end : end + _BESIDE])


def as_json(problem: Problem) -> dict[str, Any]:
    """One problem as the JSON API gives it."""
    return {
        "line": problem.line,
        "column": problem.column,
        "length": problem.length,
        "what": problem.what,
        "expected": problem.expected,
        "suggestion": problem.suggestion or None,
    }
