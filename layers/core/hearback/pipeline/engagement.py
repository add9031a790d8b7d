"""Engagement score: how much an employer is doing about an application, 0–100, as the sum of five parts that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hearback.model.application import InterviewStatus, Stage
from hearback.model.signal import Kind
from hearback.pipeline.correspondence import Correspondence
from hearback.pipeline.responses import first_answer, in_words, replies, spread
from hearback.pipeline.stages import LABELS

WHO: Final = (0, 12, 20)
"""Points for nobody, one person, two people or more who write by hand."""
FAST: Final = 20
FULL_WITHIN, NONE_FROM = timedelta(days=2), timedelta(days=14)
"""Answers that take no longer than the first give all points for speed; from the second on there are none."""
OFTEN: Final = 20
PER_MAIL: Final = 5
OFTEN_WINDOW: Final = timedelta(days=30)
DEEP: Final = 25
PER_ROUND: Final = 3
STAGES: Final = {
    Stage.APPLIED: 0,
    Stage.IN_REVIEW: 5,
    Stage.INTERVIEWING: 12,
    Stage.TECHNICAL_ROUND: 16,
    Stage.OFFER_EXTENDED: 25,
}
RECENT: Final = 15
RECENT_WITHIN, RECENT_UNTIL = timedelta(days=2), timedelta(days=21)
_WARM, _ENGAGED = 30, 60


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score."""

    name: str
    points: int
    most: int
    because: str


@dataclass(frozen=True, slots=True)
class Engagement:
    """The score of one open application."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        """0–100."""
        return sum(each.points for each in self.parts)

    @property
    def word(self) -> str:
        """The score in a word."""
        if self.score >= _ENGAGED:
            return "engaged"
        return "warm" if self.score >= _WARM else "quiet"


def engagement(one: Correspondence, now: datetime) -> Engagement | None:
    """The score at `now`; None for leads and what has ended."""
    if one.application.stage not in STAGES:
        return None
    return Engagement((_who(one), _fast(one), _often(one, now), _deep(one), _recent(one, now)))


def _who(one: Correspondence) -> Part:
    people = sorted({each.sender for each in one.theirs if each.from_human and each.sender})
    told = {0: "nobody wrote by hand so far", 1: "one person writes to you"}
    because = told.get(len(people), f"{len(people)} people write to you")
    return Part("Who writes", WHO[min(len(people), len(WHO) - 1)], WHO[-1], because)


def _fast(one: Correspondence) -> Part:
    first = first_answer(one)
    taken = spread([*([first] if first is not None else []), *replies(one)])
    if taken is None:
        return Part("How fast", 0, FAST, "no answer so far")
    points = round(FAST * _falling(taken.median, FULL_WITHIN, NONE_FROM))
    return Part("How fast", points, FAST, f"answers take {in_words(taken.median)} in the middle")


def _often(one: Correspondence, now: datetime) -> Part:
    count = sum(
        1
        for each in one.theirs
        if each.kind is not Kind.APPLICATION_CONFIRMATION and timedelta(0) <= now - each.at <= OFTEN_WINDOW
    )
    because = f"{count} mail{'' if count == 1 else 's'} in 30 days, receipts left out"
    return Part("How often", min(PER_MAIL * count, OFTEN), OFTEN, because)


def _deep(one: Correspondence) -> Part:
    it = one.application
    stage = it.stage or Stage.APPLIED
    rounds = sum(1 for each in it.interviews if each.start_at is not None and each.status is InterviewStatus.SCHEDULED)
    because = f"{LABELS[stage]}, {rounds} round{'' if rounds == 1 else 's'} agreed or held"
    return Part("How far", min(STAGES[stage] + PER_ROUND * rounds, DEEP), DEEP, because)


def _recent(one: Correspondence, now: datetime) -> Part:
    last = one.last_heard
    if last is None:
        return Part("How recent", 0, RECENT, "nothing heard so far")
    quiet = max(now - last.at, timedelta(0))
    return Part("How recent", round(RECENT * _falling(quiet, RECENT_WITHIN, RECENT_UNTIL)), RECENT, _ago(quiet))


def _ago(quiet: timedelta) -> str:
    return (
        "heard from them within a day"
        if quiet.days == 0
        else f"last heard {quiet.days} day{'' if quiet.days == 1 else 's'} ago"
    )


def _falling(value: timedelta, full: timedelta, none: timedelta) -> float:
    """1 up to `full`, 0 from `none` on, straight between."""
    return min(max((none - value) / (none - full), 0.0), 1.0)
