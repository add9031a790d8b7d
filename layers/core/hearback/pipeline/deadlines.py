"""By when something must be answered: what is open, how near it is, what has passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hearback.model.application import Application, Deadline, Stage
from hearback.model.signal import Detail, Kind
from hearback.pipeline.business_hours import employer_zone, known
from hearback.pipeline.correspondence import Correspondence, is_answer

URGENT_WITHIN: Final = timedelta(hours=48)
SHOWN_AFTER: Final = timedelta(days=14)
"""A deadline that passed longer ago is history."""
FURTHEST_PROMISE: Final = timedelta(days=180)
"""An answer announced for later than that is not waited for."""
_ENDED: Final = frozenset({Stage.REJECTED, Stage.WITHDRAWN, Stage.ACCEPTED})
_GOES_ON: Final = frozenset({Kind.INTERVIEW_INVITATION, Kind.OFFER, Kind.REJECTION})
_GOES_ON_IN_WORDS: Final = frozenset({Detail.ADVANCED, Detail.UNDER_REVIEW, Detail.CHECKS})


@dataclass(frozen=True, slots=True)
class DueView:
    """One deadline at a moment."""

    application: Application
    deadline: Deadline
    due_at: datetime
    """Of a day without an hour its last moment, on the employer's clock."""
    zone: str
    """The employer's."""
    whole_day: bool
    """The mail names a day and no hour."""
    overdue: bool
    urgent: bool
    """48 hours or less are left."""


def due_at(due: str, zone: str) -> datetime | None:
    """The moment of an ISO date (the end of that day) or date-time, in `zone` where it names none; None: it is none."""
    there = known(zone) or UTC
    try:
        if len(due) <= len("2026-01-01"):
            return datetime.combine(date.fromisoformat(due), time(23, 59, 59), tzinfo=there).astimezone(UTC)
        moment = datetime.fromisoformat(due)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=there)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def open_deadlines(one: Correspondence, now: datetime, zone: str) -> tuple[DueView, ...]:
    """Those of one application that still ask for something at `now`, the nearest first. `zone` is the person's."""
    it = one.application
    if it.stage in _ENDED or it.is_lead or it.archived:
        return ()
    there = employer_zone(it, zone)
    found: list[DueView] = []
    for each in it.deadlines:
        moment = due_at(each.due, there)
        if moment is None or now - moment > SHOWN_AFTER or _is_met(each, one, passed=moment < now):
            continue
        left = moment - now
        found.append(
            DueView(
                application=it,
                deadline=each,
                due_at=moment,
                zone=there,
                whole_day="T" not in each.due and " " not in each.due,
                overdue=left < timedelta(0),
                urgent=timedelta(0) <= left <= URGENT_WITHIN,
            )
        )
    return tuple(sorted(found, key=_order))


def deadlines(correspondences: Iterable[Correspondence], now: datetime, zone: str) -> tuple[DueView, ...]:
    """Those of all applications, the nearest first, what has passed before what is to come."""
    found = [due for one in correspondences for due in open_deadlines(one, now, zone)]
    return tuple(sorted(found, key=_order))


def urgent_until(one: Correspondence, now: datetime, zone: str) -> datetime | None:
    """The moment that makes it urgent: the nearest open deadline within 48 hours, else two days after an urgent mail that
    is not answered. None: it is not urgent.
    """
    near = next((each.due_at for each in open_deadlines(one, now, zone) if each.urgent), None)
    if near is not None:
        return near
    heard = one.last_heard
    if not one.application.urgent or heard is None or one.unanswered():
        return None
    until = heard.at + URGENT_WITHIN
    return until if now < until and one.application.stage not in _ENDED else None


def promised_until(one: Correspondence, zone: str) -> datetime | None:
    """The end of the day by which they said that they would answer, in the newest mail that says so; None where they have
    answered since.
    """
    for entry in reversed(one.theirs):
        if entry.promised is not None:
            moment = due_at(entry.promised, employer_zone(one.application, zone))
            return moment if moment is not None and moment - entry.at <= FURTHEST_PROMISE else None
        if is_answer(entry):
            return None
    return None


def _is_met(deadline: Deadline, one: Correspondence, *, passed: bool) -> bool:
    """An offer's is met by leaving its stage. A test's where the process went on; own mail tells only afterwards, since
    before it may as well have asked for more time.
    """
    if deadline.kind is Kind.OFFER:
        return one.application.stage is not Stage.OFFER_EXTENDED
    asked = next((each.at for each in one.theirs if each.fact == deadline.fact), None)
    if asked is None:
        return False
    if passed and any(each.at > asked for each in one.own):
        return True
    later = [each for each in one.theirs if each.at > asked]
    return any(each.kind in _GOES_ON or each.detail in _GOES_ON_IN_WORDS for each in later)


def _order(due: DueView) -> tuple[datetime, str, str]:
    return (due.due_at, due.application.facts[0], due.deadline.fact)
