"""What depends on the clock: ghosted, held, "Starts in 1h". A view of an application at a moment, never state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.application import Application, Interview, InterviewStatus, Stage

GHOSTED_AFTER: Final = timedelta(days=21)
"""Nothing heard for this long, and nothing agreed: the mark "ghosted"."""
SOON: Final = timedelta(minutes=60)
_OPEN: Final = frozenset({Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.TECHNICAL_ROUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """One interview as seen at a moment."""

    interview: Interview
    status: InterviewStatus
    when: str
    """"Today, 2:30 PM", "Tomorrow, 9:00 AM", "Thu 26 Nov, 10:00 AM"; "No time agreed yet"."""
    starts_in: str | None
    """"Starts in 1h" from 60 minutes before, "Now" while it runs."""
    prepare_now: bool
    """It is tomorrow or nearer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """One application as seen at a moment."""

    application: Application
    ghosted: bool
    rounds: tuple[RoundView, ...]
    next_round: RoundView | None
    quiet_days: int
    """Whole days since the last contact."""

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks beside the stage, as shown."""
        shown = {
            "on hold": self.application.on_hold,
            "ghosted": self.ghosted,
            "reopened": self.application.reopened,
            "urgent": self.application.urgent and self.quiet_days < 2,  # noqa: PLR2004  urgent means within 48 hours
            "Technical round": self.application.technical_round,
        }
        return tuple(name for name, holds in shown.items() if holds)


def view(application: Application, now: datetime, zone: str) -> ApplicationView:
    """How `application` looks at `now` to a person in `zone`."""
    rounds = tuple(round_view(each, now, zone) for each in application.interviews)
    coming = [
        each for each in rounds if each.status is InterviewStatus.SCHEDULED and each.interview.start_at is not None
    ]
    last = application.last_contact_at
    quiet = now - last if last is not None else timedelta(0)
    open_ = application.stage in _OPEN and not application.on_hold
    return ApplicationView(
        application=application,
        ghosted=open_ and quiet > GHOSTED_AFTER and not coming,
        rounds=rounds,
        next_round=coming[0] if coming else None,
        quiet_days=max(quiet.days, 0),
    )


def round_view(interview: Interview, now: datetime, zone: str) -> RoundView:
    """How one round looks at `now`."""
    start = interview.start_at
    if start is None:
        return RoundView(
            interview=interview, status=interview.status, when="No time agreed yet", starts_in=None, prepare_now=False
        )
    end = start + timedelta(minutes=interview.duration_min or 60)
    status = interview.status
    if status is InterviewStatus.SCHEDULED and end < now:
        status = InterviewStatus.HELD
    local, today = start.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return RoundView(
        interview=interview,
        status=status,
        when=f"{_day(local, today)}, {_clock(local)}",
        starts_in=_starts_in(start, end, now) if status is InterviewStatus.SCHEDULED else None,
        prepare_now=status is InterviewStatus.SCHEDULED and 0 <= (local.date() - today).days <= 1,
    )


def _day(local: datetime, today: date) -> str:
    days = (local.date() - today).days
    if days == 0:
        return "Today"
    if days == 1:
        return "Tomorrow"
    return f"{local:%a} {local.day} {local:%b}"


def _clock(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"  # noqa: PLR2004  noon


def _starts_in(start: datetime, end: datetime, now: datetime) -> str | None:
    if start <= now < end:
        return "Now"
    left = start - now
    if left > SOON:
        return None
    minutes = max(round(left.total_seconds() / 60), 1)
    return "Starts in 1h" if minutes >= 60 else f"Starts in {minutes} min"  # noqa: PLR2004  an hour
