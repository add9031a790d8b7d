"""Times of day as people write them, with or without a day beside them, and ranges of them.

Figures are a time where their form says so (`figures`), where a range joins them to one, or where they stand beside a
day: "7.30 monday", "3 tomorrow", "Friday, 11 til 3".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hearback.reading import figures
from hearback.reading.figures import Figure

_FLAGS: Final = re.IGNORECASE
_HOUR: Final = 60
_NOON: Final = 12 * _HOUR
_BETWEEN: Final = re.compile(
    r"^\s{0,2}(?:uhr\s?|h\s?|start,?\s|(?!for\s)[a-z]{3,4}\s)?(?P<w>-|–|—|−|to|through|until|till|til|['’]til|bis|à|a|al|alle|às|até|as|tot|t/m|do|a las|hasta las?)\s{0,2}(?:about\s|around\s|ca\.?\s|um\s|las\s|les\s|etwa\s|gegen\s|às\s)?$",
    _FLAGS,
)
_AND: Final = re.compile(r"^\s(?:and|und|et|y|e|en|i|a)\s(?P<hour>las\s|as\s|le\s|les\s)?$", _FLAGS)
_OPENS: Final = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|tussen|między|pomiędzy)\s(?:las\s|le\s|as\s)?$", _FLAGS
)
_FROM: Final = re.compile(r"\b(?:from|von|de|das|dalle|van|od|desde)\s(?:las\s)?$", _FLAGS)
_AFTER_DAY: Final = re.compile(
    r"^(?:\s(?:morning|afternoon|evening|night|first thing|lunchtime|früh|vormittags?|nachmittags?|abends?|matin|après-midi|soir|mattina|pomeriggio|sera"
    r"|ochtend|middag|avond|rano|por la (?:mañana|tarde)|de manhã|à tarde|de tarde))?[\s,;:.–—()|-]{0,4}(?:(?:still|at|@|about|around|circa|ca\.?|von|from|de|das|dalle|van|od|desde|for|um|om|o|alle|às|à|las|a las|ab|good\.?|yes|the)\s)?$",
    _FLAGS,
)
_ONTO_DAY: Final = re.compile(
    r"^[\s,]{0,2}(?:(?:on|am|this|next|le|el|em|na|no|op|w|we|il|of)\s)?(?:the\s|den\s|de\s)?$", _FLAGS
)
_OPENING: Final = re.compile(
    r"(?:^|[.!?,;:\n(]\s{0,2}|\b(?:yep|yes|yeah|ok|okay|so|is|do|for|about|around|say|still|then|come|can|til|till|to|ok,|fine|make it|by)\s)$",
    _FLAGS,
)
_CLOSING: Final = re.compile(
    r"^\s?(?:[.,;:?!)\n]|$|ok\b|works?\b|please\b|pls\b|suit\w*|good\b|then\b|instead\b|still\b)", _FLAGS
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes after midnight, and the end of its range, if one is given."""

    start: int
    end: int
    minute: int
    until: int | None = None
    open: bool = False
    """The half of the day is not told."""


def find(text: str, days: Sequence[tuple[int, int]] = (), *, english: bool = True) -> list[Clock]:
    """Every time of day, in order, ranges joined. `text` is in figures; `days`: where its days stand, in order."""
    beside = _Beside(text, days)
    numbers = [each for each in figures.find(text, english=english) if not beside.within(each.start, each.end)]
    found: list[Clock] = []
    joined = -1
    for at, number in enumerate(numbers):
        if at == joined:
            continue
        ends = numbers[at + 1] if at + 1 < len(numbers) else None
        if ends is not None and _joins(number, ends, text, beside):
            found.append(_range(number, ends))
            joined = at + 1
        elif number.sure or beside.tells(number):
            found.append(Clock(number.start, number.end, number.minute, open=number.half == ""))
    return found


class _Beside:
    """The days of a text, asked for what stands next to them."""

    def __init__(self, text: str, days: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._days = days
        self._starts = [start for start, _ in days]

    def within(self, start: int, end: int) -> bool:
        """Whether a stretch is part of a day."""
        at = bisect_right(self._starts, start)
        return (at > 0 and self._days[at - 1][1] > start) or (at < len(self._days) and self._days[at][0] < end)

    def before(self, start: int) -> bool:
        """Whether a day stands right before."""
        at = bisect_right(self._starts, start)
        gap = self._text[self._days[at - 1][1] : start] if at else ""
        return at > 0 and len(gap) <= 24 and bool(_AFTER_DAY.match(gap))  # noqa: PLR2004  the longest it takes

    def after(self, end: int) -> bool:
        """Whether a day stands right behind."""
        at = bisect_right(self._starts, end - 1)
        gap = self._text[end : self._days[at][0]] if at < len(self._days) else ""
        return at < len(self._days) and len(gap) <= 14 and bool(_ONTO_DAY.match(gap))  # noqa: PLR2004  the longest it takes

    def tells(self, number: Figure) -> bool:
        """Whether a day beside it makes a number a time: "7.30 monday", "3 tomorrow works"."""
        around = self._text[max(number.start - 16, 0) : number.start]
        if not number.bare:
            return number.exact and (self.before(number.start) or self.after(number.end))
        if self.after(number.end) and _OPENING.search(around):
            return True
        return self.before(number.start) and bool(_CLOSING.match(self._text[number.end : number.end + 10]))


def _joins(begins: Figure, ends: Figure, text: str, beside: _Beside) -> bool:
    """Whether two numbers are a range of time."""
    gap = text[begins.end : ends.start]
    if len(gap) > 20 or (begins.half == "pm" and ends.half == "am"):  # noqa: PLR2004  the longest word between
        return False
    between = _BETWEEN.match(gap)
    if between is None:
        opens = _OPENS.search(text[max(begins.start - 20, 0) : begins.start])
        both = _AND.match(gap)
        if both is None or opens is None:
            return False
        beside_day = beside.before(begins.start - len(opens[0])) and bool(
            _CLOSING.match(text[ends.end : ends.end + 10])
        )
        return ends.sure or begins.sure or both["hour"] is not None or beside_day
    if begins.sure or ends.sure or (begins.exact and ends.exact):
        return True
    if between["w"].lower().lstrip("'’") in {"till", "til"} or beside.before(begins.start) or beside.after(ends.end):
        return True
    return bool(_FROM.search(text[max(begins.start - 10, 0) : begins.start])) and not (begins.bare and ends.bare)


def _range(begins: Figure, ends: Figure) -> Clock:
    """The two as one: what one says of the half of the day holds for the other, and the end comes after the start."""
    first, last = begins.minute, ends.minute
    if begins.half == "" and ends.half in {"am", "pm"}:
        first = _inherited(first, last)
    elif ends.half == "" and begins.half in {"am", "pm"}:
        last = last % _NOON + (_NOON if last % _NOON <= first % _NOON or begins.half == "pm" else 0)
        last = last if last > first else last + _NOON
    elif begins.half == ends.half == "" and last <= first:
        first, last = (first - _NOON, last) if is_early(first, last) else (first, last + _NOON)
    elif last <= first and last + _NOON > first and ends.half == "":
        last += _NOON
    elif ends.half == "24" and begins.half == "" and first >= last:
        first -= _NOON
    return Clock(begins.start, ends.end, first, last if first < last <= 24 * _HOUR else None)


def is_early(first: int, last: int) -> bool:
    """Whether a start read as the afternoon's is the morning's: "6:15 to 10:30", not "10 till 4" or "3 till 10"."""
    return first - _NOON >= 5 * _HOUR and 9 * _HOUR <= last <= first


def _inherited(begins: int, ends: int) -> int:
    """As in "2–3pm": the start takes the end's half of the day, unless it would come after it ("11–1pm")."""
    morning = begins % _NOON
    return morning + _NOON if morning + _NOON < ends else morning
