"""What the dashboard lists and counts: stages, coming rounds, recent activity (docs/figures.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from hearback.model.application import Application, InterviewStatus, Stage, TimelineEntry
from hearback.pipeline.view import RoundView, round_view


@dataclass(frozen=True, slots=True)
class UpcomingRound:
    """One line of "Upcoming Rounds"."""

    application: Application
    round: RoundView


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of "Recent Activity"."""

    application: Application
    entry: TimelineEntry


def per_stage(applications: Iterable[Application]) -> dict[Stage, int]:
    """How many applications stand in each stage; archived ones and leads are left out."""
    counts = Counter(each.stage for each in applications if each.stage is not None and not each.archived)
    return {stage: counts.get(stage, 0) for stage in Stage}


def upcoming(applications: Iterable[Application], now: datetime, zone: str) -> tuple[UpcomingRound, ...]:
    """Rounds that are agreed and not over, soonest first; those of ended candidacies are left out."""
    ended = {Stage.REJECTED, Stage.WITHDRAWN, Stage.ACCEPTED}
    found = [
        UpcomingRound(application, seen)
        for application in applications
        if application.stage not in ended and not application.archived
        for seen in (round_view(each, now, zone) for each in application.interviews)
        if seen.status is InterviewStatus.SCHEDULED and seen.interview.start_at is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.round.interview.start_at or now, each.application.id)))


def recent(applications: Sequence[Application], limit: int = 12) -> tuple[Activity, ...]:
    """The newest timeline entries of all applications, newest first."""
    told = [each for each in applications if each.timeline]
    if len(told) > limit:  # so many moments are as new as `since`; timelines are oldest first
        since = min(nlargest(limit, (each.timeline[-1].at for each in told)), default=None)
        told = [each for each in told if since is not None and each.timeline[-1].at >= since]
    lines = [Activity(application, entry) for application in told for entry in application.timeline]
    return tuple(sorted(lines, key=lambda each: (each.entry.at, each.entry.fact), reverse=True)[:limit])
