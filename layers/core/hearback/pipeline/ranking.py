"""In which order mail waits: what is at stake first (the table is in docs/definitions.md). A view at a moment, like pipeline.view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.application import ReviewItem
from hearback.model.signal import InterviewAction, Kind
from hearback.pipeline.lessons import ALIKE
from hearback.pipeline.templates import alike

SOON: Final = timedelta(hours=48)
"""An interview so near is at stake now."""
NEAR: Final = timedelta(days=3)
"""A deadline so near is at stake now."""
RUNNING: Final = timedelta(hours=1)
"""An interview that began so long ago may still be on."""


class Stakes(IntEnum):
    """What is lost if it waits; the highest stakes have the lowest number."""

    NOW = 1
    OFFER = 2
    INTERVIEW = 3
    TEST = 4
    REJECTION = 5
    UNREAD = 6
    NEWS = 7
    RECEIPT = 8
    OUTREACH = 9
    DOUBTFUL = 10


_BY_KIND: Final = {
    None: Stakes.UNREAD,
    Kind.OFFER: Stakes.OFFER,
    Kind.INTERVIEW_INVITATION: Stakes.INTERVIEW,
    Kind.ASSESSMENT: Stakes.TEST,
    Kind.REJECTION: Stakes.REJECTION,
    Kind.STATUS_UPDATE: Stakes.NEWS,
    Kind.APPLICATION_CONFIRMATION: Stakes.RECEIPT,
    Kind.RECRUITER_OUTREACH: Stakes.OUTREACH,
    Kind.OTHER: Stakes.OUTREACH,
}


def stakes(item: ReviewItem, now: datetime, zone: str) -> Stakes:
    """What is at stake in one mail."""
    if item.doubtful:
        return Stakes.DOUBTFUL  # a forgery must not come first by claiming an offer
    usual = _BY_KIND[item.kind]
    due = due_at(item, zone)
    if due is None or usual not in {Stakes.OFFER, Stakes.INTERVIEW, Stakes.TEST}:
        return usual
    if due < now - (RUNNING if usual is Stakes.INTERVIEW else timedelta(0)):
        return Stakes.NEWS  # it is over
    return Stakes.NOW if due - now <= (SOON if usual is Stakes.INTERVIEW else NEAR) else usual


def due_at(item: ReviewItem, zone: str) -> datetime | None:
    """When it is over: the interview begins, or the day of the deadline ends. Aware; days are the person's."""
    if item.kind is Kind.INTERVIEW_INVITATION:
        called_off = item.interview is not None and item.interview.action is InterviewAction.CANCEL
        return item.interview.start_at if item.interview is not None and not called_off else None
    if not item.deadline:
        return None
    try:
        if len(item.deadline) == len("2026-11-30"):
            day = date.fromisoformat(item.deadline)
            return datetime.combine(day, time.max, ZoneInfo(zone))
        found = datetime.fromisoformat(item.deadline)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))


def ranked(items: Iterable[ReviewItem], now: datetime, zone: str) -> list[ReviewItem]:
    """By stakes, then what is due first, what is urgent, how sure it is (in tenths), the newest, the fact."""

    def place(item: ReviewItem) -> tuple[object, ...]:
        due = due_at(item, zone)
        return (
            stakes(item, now, zone),
            due is None or due < now,
            due.timestamp() if due is not None and due >= now else 0.0,
            not item.urgent,
            -round(item.confidence, 1),
            -item.at.timestamp(),
            item.fact,
        )

    return sorted(items, key=place)


def same_sort(item: ReviewItem, items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Those of `items` (this one included) of one kind, sender and template, as far from doubt as it is.

    Mail without a template (too short, or not read) is of one sort only with mail of the same subject.
    """
    return [each for each in items if each.fact == item.fact or _of_one_sort(item, each)]


def _of_one_sort(one: ReviewItem, other: ReviewItem) -> bool:
    if (one.kind, one.address, one.doubtful) != (other.kind, other.address, other.doubtful) or not one.address:
        return False
    if one.template and other.template:
        return alike(one.template, other.template) >= ALIKE
    return one.template == other.template and one.subject == other.subject
