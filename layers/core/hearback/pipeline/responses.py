"""How fast and how often employers answer: Response Rate Efficiency and response times (docs/figures.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median, quantiles
from typing import Final

from hearback.model.ids import Personal
from hearback.model.signal import Kind
from hearback.pipeline.correspondence import Correspondence
from hearback.pipeline.names import company_words

ANSWER_WINDOW: Final = timedelta(days=14)
TARGET: Final = (0.70, 0.85)
STRONG: Final = 0.82
ENOUGH_FOR_MIDDLE: Final = 4
"""From so many on a spread is the middle half; below it is all of them."""
_HOURS_UP_TO: Final = timedelta(hours=36)
_MINUTES_UP_TO: Final = timedelta(hours=1)
_WHOLE_DAYS_FROM: Final = 10


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """ "Response Rate Efficiency": answered by a person or a decision within 14 days, of those at least 14 days old."""

    answered: int
    eligible: int

    @property
    def share(self) -> float | None:
        """0–1; None while no application is old enough."""
        return self.answered / self.eligible if self.eligible else None

    @property
    def strong(self) -> bool:
        """82 % or more."""
        return self.share is not None and self.share >= STRONG


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations, told by their middle."""

    count: int
    median: timedelta
    low: timedelta
    high: timedelta
    """The middle half lies between `low` and `high`; of fewer than four durations, all of them."""


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """How long answers take; None where there is none."""

    first: Spread | None
    """From the application to the first answer."""
    replies: Spread | None
    """From a mail of the person's to the next mail back."""


@dataclass(frozen=True)
class CompanyTimes:
    """Response times of one employer, worked out when they are first asked for."""

    company: Personal
    correspondences: tuple[Correspondence, ...]

    @cached_property
    def times(self) -> ResponseTimes:
        """Over all applications there."""
        return response_times(self.correspondences)


def eligible(one: Correspondence, now: datetime) -> bool:
    """Whether it counts in the rate at `now`: no lead, and begun at least 14 days ago."""
    return not one.application.is_lead and one.began_at is not None and now - one.began_at >= ANSWER_WINDOW


def in_time(one: Correspondence) -> bool:
    """Whether it was answered within 14 days."""
    return one.settled_at is not None and one.began_at is not None and one.settled_at - one.began_at <= ANSWER_WINDOW


def response_rate(correspondences: Iterable[Correspondence], now: datetime) -> ResponseRate:
    """Response Rate Efficiency at `now`. Archived applications count: they were sent."""
    old = [each for each in correspondences if eligible(each, now)]
    return ResponseRate(sum(1 for each in old if in_time(each)), len(old))


def first_answer(one: Correspondence) -> timedelta | None:
    """From the application to the first answer by mail; None where either is not known."""
    if one.applied_at is None or one.answered_at is None:
        return None
    return one.answered_at - one.applied_at


def replies(one: Correspondence) -> tuple[timedelta, ...]:
    """How long each mail of the person's waited for mail back, from the first of several. Receipts answer nothing, and the
    mail they applied with is counted by `first_answer`.
    """
    found: list[timedelta] = []
    waiting: datetime | None = None
    own = [each for each in one.own if each.at != one.applied_at]
    if not own:
        return ()
    theirs = [each for each in one.theirs if each.kind is not Kind.APPLICATION_CONFIRMATION]
    for entry in sorted([*own, *theirs], key=lambda each: (each.at, not each.sent, each.fact)):
        if entry.sent:
            waiting = waiting or entry.at
        elif waiting is not None:
            found.append(entry.at - waiting)
            waiting = None
    return tuple(found)


def spread(durations: Iterable[timedelta]) -> Spread | None:
    """Their middle and how far they lie apart; None of none."""
    ordered = sorted(each.total_seconds() for each in durations)
    if not ordered:
        return None
    low, high = ordered[0], ordered[-1]
    if len(ordered) >= ENOUGH_FOR_MIDDLE:
        low, _, high = quantiles(ordered, n=4, method="inclusive")
    middle, low_at, high_at = (timedelta(seconds=each) for each in (median(ordered), low, high))
    return Spread(len(ordered), middle, low_at, high_at)


def response_times(correspondences: Iterable[Correspondence]) -> ResponseTimes:
    """Over all of these."""
    every = tuple(correspondences)
    return ResponseTimes(
        first=spread(each for each in map(first_answer, every) if each is not None),
        replies=spread(each for one in every for each in replies(one)),
    )


def by_company(correspondences: Iterable[Correspondence]) -> tuple[CompanyTimes, ...]:
    """Per employer, by name; only those who ever answered. Applications without an employer's name are left out."""
    grouped: dict[tuple[str, ...], list[Correspondence]] = {}
    for each in correspondences:
        if each.application.company:
            grouped.setdefault(company_words(each.application.company), []).append(each)
    answered = (
        group for group in grouped.values() if any(first_answer(one) is not None or replies(one) for one in group)
    )
    found = [CompanyTimes(_name(group), tuple(group)) for group in answered]
    return tuple(sorted(found, key=lambda each: (each.company.casefold(), each.company)))


def of_company(one: Correspondence, correspondences: Iterable[Correspondence]) -> ResponseTimes:
    """Those of the employer of `one`, over all applications there."""
    name = one.application.company
    if not name:
        return response_times([one])
    words = company_words(name)
    return response_times(
        each
        for each in correspondences
        if each.application.company and company_words(each.application.company) == words
    )


def in_words(duration: timedelta) -> str:
    """ "40 minutes", "5 hours", "1.5 days", "12 days"."""
    if duration < _MINUTES_UP_TO:
        return _counted(max(round(duration.total_seconds() / 60), 1), "minute")
    if duration < _HOURS_UP_TO:
        return _counted(round(duration.total_seconds() / 3600), "hour")
    days = duration.total_seconds() / 86400
    return _counted(round(days) if days >= _WHOLE_DAYS_FROM else round(days * 2) / 2, "day")


def _counted(number: float, unit: str) -> str:
    return f"{number:g} {unit}{'' if number == 1 else 's'}"


def _name(group: Sequence[Correspondence]) -> Personal:
    """As most of them spell it; of equals the first in the alphabet."""
    names = [each.application.company for each in group if each.application.company]
    return min(names, key=lambda name: (-names.count(name), name))
