"""Gmail's quota since May 2026 as Google counts it: units a call, a minute and person, a minute and project, a day."""

from __future__ import annotations

import collections
import zoneinfo
from datetime import date, datetime
from typing import Final

COST: Final = {
    "getProfile": 1,
    "history.list": 2,
    "labels.list": 1,
    "messages.get": 20,
    "messages.list": 5,
    "stop": 50,
    "threads.get": 40,
    "threads.list": 10,
    "watch": 100,
}
"""Units; the format asked for makes no difference."""
PERSON: Final = "Queries per minute per user"
PROJECT: Final = "Queries per minute"
DAY: Final = "Queries per day"
_MINUTE_SECONDS: Final = 60.0
_PACIFIC: Final = zoneinfo.ZoneInfo("America/Los_Angeles")


class _Window:
    """Units of the last 60 seconds."""

    def __init__(self) -> None:
        self._spent: collections.deque[tuple[float, int]] = collections.deque()
        self.used = 0
        self.peak = 0

    def look(self, now: float) -> int:
        while self._spent and self._spent[0][0] <= now - _MINUTE_SECONDS:
            self.used -= self._spent.popleft()[1]
        return self.used

    def take(self, now: float, units: int) -> None:
        self._spent.append((now, units))
        self.used += units
        self.peak = max(self.peak, self.used)


class Meter:
    """What was spent, and what may be. A call that is refused costs nothing."""

    def __init__(self) -> None:
        self.person_a_minute = 6_000
        self.project_a_minute = 1_200_000
        self.project_a_day = 80_000_000
        self.total: collections.Counter[str] = collections.Counter()
        """Units by address."""
        self.refused = 0
        self._people: collections.defaultdict[str, _Window] = collections.defaultdict(_Window)
        self._project = _Window()
        self._day: tuple[date, int] = (date.min, 0)

    def peak(self, address: str) -> int:
        """The most units any 60 seconds saw for one person."""
        return self._people[address].peak

    def spend(self, address: str, units: int, at: datetime) -> str | None:
        """Take units; the name of the limit that does not allow it, else None."""
        now, today = at.timestamp(), at.astimezone(_PACIFIC).date()
        person, day = self._people[address], self._day[1] if self._day[0] == today else 0
        limit = (
            (person.look(now) + units > self.person_a_minute and PERSON)
            or (self._project.look(now) + units > self.project_a_minute and PROJECT)
            or (day + units > self.project_a_day and DAY)
        )
        if limit:
            self.refused += 1
            return limit
        person.take(now, units)
        self._project.take(now, units)
        self._day = (today, day + units)
        self.total[address] += units
        return None
