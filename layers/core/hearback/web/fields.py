"""What a person typed, or a script sent, as values of acts. Every refusal says which field, and what it takes.

A field that is not there says nothing; one that is there and empty empties what it is about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from hearback.model.errors import Permanent
from hearback.model.ids import FactId, Personal

Choice = TypeVar("Choice", bound=StrEnum)

NAME: Final = 120
"""Letters of a company, a role, a place."""
TEXT: Final = 2000
"""Of a note or an address in the web."""
TAG: Final = 30
MINUTES: Final = (5, 24 * 60)
YEARS: Final = range(2000, 2101)
PEOPLE: Final = 12
"""Interviewers of one round."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Unicode categories that nobody types: controls, and what is no character at all."""
_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the text after them round."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one form or JSON object. Every method raises Permanent, with what is wrong in words."""

    values: Mapping[str, Any]
    zone: str
    """Times without an offset are in it."""

    def given(self, name: str) -> bool:
        """Whether it is there at all, empty or not."""
        return self.values.get(name) is not None

    def text(self, name: str, most: int = NAME, *, lines: bool = False) -> Personal | None:
        """One line (or `lines`) of at most `most` letters, nothing unseen in it; None: not given."""
        raw = self.values.get(name)
        if raw is None:
            return None
        if isinstance(raw, bool | dict | list | tuple | float):
            raise Permanent(f"{_called(name)} must be text.")
        spaced = str(raw) if lines else " ".join(str(raw).split())
        kept = "".join(c for c in spaced if _seen(c) or (lines and c in "\n\t")).strip()
        if len(kept) > most:
            raise Permanent(f"{_called(name)} may have at most {most} characters; this has {len(kept)}.")
        return Personal(kept)

    def needed(self, name: str, most: int = NAME, *, lines: bool = False) -> Personal:
        """The same, not empty."""
        found = self.text(name, most, lines=lines)
        if not found:
            raise Permanent(f"{_called(name)} is empty. Fill it in first.")
        return found

    def changed(self, name: str, before: str | None, most: int = NAME) -> Personal | None:
        """The same, where it says something else than `before`."""
        found = self.text(name, most)
        return None if found is None or found == (before or "") else found

    def choice(self, name: str, choices: type[Choice]) -> Choice | None:
        """One of an enumeration's values; None: not given, or empty."""
        value = self.text(name)
        if not value:
            return None
        try:
            return choices(str(value))
        except ValueError:
            known = ", ".join(each.value for each in choices)
            raise Permanent(f"{_called(name)} must be one of: {known}.") from None

    def tag(self, name: str = "tag") -> Personal:
        """A tag: a few words."""
        found = Personal(self.needed(name, TAG).strip(" ,;#"))
        if not found or "," in found or not any(each.isalnum() for each in found):
            raise Permanent("A tag is a word or a few, without commas. Add them one at a time.")
        return found

    def flag(self, name: str) -> bool | None:
        """Yes or no; None: not given, or empty."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return value
        if value in {"yes", "no"}:
            return bool(value == "yes")
        raise Permanent(f"{_called(name)} must be yes or no.")

    def minutes(self, name: str) -> int | None:
        """A length in whole minutes; 0: emptied."""
        value = self.text(name, 10)
        if not value:
            return None if value is None else 0
        least, most = MINUTES
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise Permanent(f"{_called(name)} must be a whole number of minutes from {least} to {most}.")
        return int(value)

    def moment(self, name: str) -> datetime | str | None:
        """A time, aware, with the offset that holds then in the person's zone where none is given; "": emptied."""
        value = self.text(name, 40)
        if not value:
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise Permanent(f"{_called(name)} must be a day and a time, such as 2026-11-30T14:30.") from None
        if found.year not in YEARS:
            raise Permanent(f"{_called(name)} must lie between {YEARS.start} and {YEARS.stop - 1}.")
        return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(self.zone))

    def due(self, name: str) -> str | None:
        """An ISO date, or date-time in UTC; "": emptied."""
        value = self.text(name, 40)
        if not value:
            return value
        if not _DAY.fullmatch(value):
            found = self.moment(name)
            return found.astimezone(UTC).isoformat() if isinstance(found, datetime) else found
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise Permanent(f"{_called(name)} must be a day of the calendar, such as 2026-11-30.") from None
        if day.year not in YEARS:
            raise Permanent(f"{_called(name)} must lie between {YEARS.start} and {YEARS.stop - 1}.")
        return day.isoformat()

    def link(self, name: str) -> Personal | None:
        """An https address; "": emptied."""
        value = self.text(name, TEXT)
        if value and not re.fullmatch(r"https://[^\s/@\"'<>]+\.[^\s\"'<>]+", value):
            raise Permanent(f"{_called(name)} must be an address that begins with https://.")
        return value

    def people(self, name: str) -> tuple[Personal, ...] | None:
        """Names, as a list or separated by commas; (): emptied."""
        value = self.values.get(name)
        if value is None:
            return None
        each = value if isinstance(value, list) else str(self.text(name, TEXT)).split(",")
        found = [Fields({name: one}, self.zone).text(name) for one in each]
        names = tuple(one for one in found if one)
        if len(names) > PEOPLE:
            raise Permanent(f"{_called(name)} may name at most {PEOPLE} people.")
        return names

    def fact(self, name: str) -> FactId | None:
        """The id of one fact; None: not given, or empty."""
        value = self.text(name, 400)
        return FactId(str(value)) if value else None


def _seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and character not in _TURNING


def _called(name: str) -> str:
    return f"“{name.replace('_', ' ')}”"
