"""When an employer is at work: their zone, their week, and the next moment in it. Public holidays are not known."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.application import Application

OPENS, CLOSES = 9, 17
"""Hours of a working day, on the employer's clock: from 9:00 on, before 17:00."""
_MONDAY_TO_FRIDAY: Final = frozenset({0, 1, 2, 3, 4})
_SUNDAY_TO_THURSDAY: Final = frozenset({6, 0, 1, 2, 3})
_WORK_ON_SUNDAY: Final = frozenset(
    {
        "Africa/Algiers",
        "Africa/Cairo",
        "Africa/Khartoum",
        "Africa/Tripoli",
        "Asia/Aden",
        "Asia/Amman",
        "Asia/Baghdad",
        "Asia/Bahrain",
        "Asia/Damascus",
        "Asia/Dhaka",
        "Asia/Jerusalem",
        "Asia/Kuwait",
        "Asia/Muscat",
        "Asia/Qatar",
        "Asia/Riyadh",
        "Asia/Tel_Aviv",
    }
)
_STEP: Final = timedelta(minutes=15)
_DAYS_AHEAD: Final = 10


@functools.lru_cache(maxsize=256)
def known(zone: str) -> ZoneInfo | None:
    """The zone of an IANA name; None: there is none (a calendar part may name anything)."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return None


def employer_zone(application: Application, otherwise: str) -> str:
    """The zone the newest interview was told in, whatever became of it; the person's own (`otherwise`) where none was."""
    told = [each for each in application.interviews if each.zone and known(each.zone) is not None]
    if not told:
        return otherwise
    newest = max(told, key=lambda each: (each.start_at is not None, each.start_at or datetime.min.replace(tzinfo=UTC)))
    return newest.zone or otherwise


def week(zone: str) -> frozenset[int]:
    """The working days there, Monday is 0."""
    return _SUNDAY_TO_THURSDAY if zone in _WORK_ON_SUNDAY else _MONDAY_TO_FRIDAY


def at_work(moment: datetime, zone: str) -> bool:
    """Whether it is a working hour there."""
    local = moment.astimezone(known(zone) or UTC)
    return local.weekday() in week(zone) and OPENS <= local.hour < CLOSES


def next_at(after: datetime, zone: str, hour: int) -> datetime:
    """The first working day's `hour` o'clock there that lies after `after`; UTC."""
    return next(each for each in _days(after, zone, time(hour)) if each > after)


def soonest(after: datetime, zone: str) -> datetime:
    """The first quarter of an hour after `after` that is a working hour there; UTC."""
    begun = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0) + _STEP
    if at_work(begun, zone):
        return begun.astimezone(UTC)
    return next_at(after, zone, OPENS)


def suggested(after: datetime, zone: str, hour: int, before: datetime | None = None) -> datetime:
    """The next `hour` o'clock of a working day there; where that is after its limit, the soonest working moment."""
    best = next_at(after, zone, hour)
    return best if before is None or best <= before else soonest(after, zone)


def _days(after: datetime, zone: str, at: time) -> Iterable[datetime]:
    """That time on each working day from the day of `after` on, as far as the clocks there show it."""
    there = known(zone) or UTC
    first = after.astimezone(there).date()
    for ahead in range(_DAYS_AHEAD):
        day = first + timedelta(days=ahead)
        moment = datetime.combine(day, at, tzinfo=there).astimezone(UTC)
        told = moment.astimezone(there)
        if day.weekday() in week(zone) and (told.date(), told.time()) == (day, at):  # a date line may have taken a day
            yield moment
