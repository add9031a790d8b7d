"""At which hour an employer's people write, and at which hour the person gets answers: when a mail of theirs is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hearback.model.application import Application
from hearback.pipeline.business_hours import at_work, employer_zone, known
from hearback.pipeline.correspondence import Correspondence, is_answer
from hearback.pipeline.names import company_words

OTHERWISE: Final = 10
"""The hour where no habit is known."""
ENOUGH_OF_EMPLOYER: Final = 3
ENOUGH_OF_ALL: Final = 5
ENOUGH_IN_HOUR: Final = 2


class Whose(StrEnum):
    """Whose habit it is."""

    EMPLOYER = "employer"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Habit:
    """The hour (on the employer's clock) in which most of the mail came, among working hours."""

    hour: int
    whose: Whose
    count: int
    of: int


class Habits:
    """The habits of all employers a person wrote with; counted once, asked for each application."""

    def __init__(self, correspondences: Iterable[Correspondence], zone: str) -> None:
        self._zone = zone
        self._all: Counter[int] = Counter()
        self._by_company: dict[tuple[str, ...], Counter[int]] = {}
        for one in correspondences:
            there = employer_zone(one.application, zone)
            for entry in one.theirs:
                if not (entry.from_human or is_answer(entry)) or not at_work(entry.at, there):
                    continue
                hour = entry.at.astimezone(known(there)).hour
                self._all[hour] += 1
                if entry.from_human:
                    self._by_company.setdefault(_key(one.application), Counter())[hour] += 1

    def zone_of(self, application: Application) -> str:
        """The employer's zone."""
        return employer_zone(application, self._zone)

    def of(self, application: Application) -> Habit:
        """The habit of the application's employer; where too little is known, of all that answered; else none."""
        own = self._by_company.get(_key(application), Counter())
        for whose, counted, enough in (
            (Whose.EMPLOYER, own, ENOUGH_OF_EMPLOYER),
            (Whose.ALL, self._all, ENOUGH_OF_ALL),
        ):
            if counted.total() >= enough:
                hour = min(counted, key=lambda each: (-counted[each], -self._all[each], each))
                if counted[hour] >= ENOUGH_IN_HOUR:
                    return Habit(hour, whose, counted[hour], counted.total())
        return Habit(OTHERWISE, Whose.NONE, 0, 0)


def _key(application: Application) -> tuple[str, ...]:
    """The employer's name in words; an application without one stands for itself."""
    return company_words(application.company) if application.company else (str(application.facts[0]),)
