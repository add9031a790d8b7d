"""The calendar day that is meant by a day's words, as the one who wrote them on some day means it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Day:
    """A day as its words say it; what they do not say is None."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    swapped: bool = False
    """day and month may be the other way round (12/03)."""
    weekday: int | None = None
    weeks: int | None = None
    """0: the coming one, 1: that of next week; None: not said."""
    offset: int | None = None
    """Days from the day of writing."""
    plus: int = 0
    """Days after the one said, as in "Thursday week"."""


def resolve(day: Day, written: date, *, month_first: bool) -> date | None:
    """The calendar day meant by someone writing on `written`; None where there is no such day."""
    if day.month is not None and day.day is not None:
        return _dated(day, written, month_first=month_first)
    if day.offset is not None:
        return written + timedelta(days=day.offset + day.plus)
    if day.day is not None:
        return _day_of_month(day, written)
    if day.weekday is None:
        return None
    ahead = (day.weekday - written.weekday()) % 7
    if day.weeks == 1:
        return written - timedelta(days=written.weekday()) + timedelta(days=7 + day.weekday)
    return written + timedelta(days=(ahead or (0 if day.weeks == 0 or day.plus else 7)) + day.plus)


def _dated(day: Day, written: date, *, month_first: bool) -> date | None:
    orders = [(day.month, day.day), (day.day, day.month)] if day.swapped else [(day.month, day.day)]
    if month_first:
        orders.reverse()
    years = [day.year] if day.year is not None else [written.year, written.year + 1, written.year - 1]
    candidates = [
        found
        for month, number in orders
        for year in years
        if (found := _date(year, month or 0, number or 0)) is not None
    ]
    if day.weekday is not None:
        fitting = [each for each in candidates if each.weekday() == day.weekday]
        candidates = fitting or candidates
    if day.offset is not None:  # "tomorrow, Friday 12/11" tells which is the month
        meant = written + timedelta(days=day.offset + day.plus)
        candidates = [each for each in candidates if each == meant] or candidates
    if day.year is not None:
        return candidates[0] if candidates else None
    first = [each for each in candidates if (each.month, each.day) == (candidates[0].month, candidates[0].day)]
    near = [each for each in first if -45 <= (each - written).days <= 320]  # noqa: PLR2004  lately past, else to come
    return min(near or first, key=lambda each: abs((each - written).days), default=None)


def _day_of_month(day: Day, written: date) -> date | None:
    """As in "Thursday the 12th": the next month in which it is so, the present one first."""
    for ahead in range(-1 if day.weekday is not None else 0, 12):
        month = written.month - 1 + ahead
        found = _date(written.year + month // 12, month % 12 + 1, day.day or 0)
        if found is None or (day.weekday is not None and found.weekday() != day.weekday):
            continue
        if (found - written).days >= (-7 if day.weekday is not None else 0):
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
