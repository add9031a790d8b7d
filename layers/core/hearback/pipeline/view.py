"""What depends on the clock: ghosted, held, "Starts in 1h". A view of an application at a moment, never state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.application import Application, Interview, InterviewStatus, Stage
from hearback.model.person import USUAL_SILENCE, Silence
from hearback.pipeline.correspondence import Correspondence, correspondence
from hearback.pipeline.deadlines import promised_until, urgent_until

SOON: Final = timedelta(minutes=60)
AFTER_PROMISE: Final = timedelta(days=7)
"""An announced answer may be so late before silence counts."""
OPEN: Final = frozenset({Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.TECHNICAL_ROUND})


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
    urgent: bool
    rounds: tuple[RoundView, ...]
    next_round: RoundView | None
    quiet_days: int
    """Whole days since the last contact."""
    promised_at: datetime | None
    """By when they said that they would answer, where they have not."""

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks beside the stage, as shown."""
        shown = {
            "on hold": self.application.on_hold,
            "ghosted": self.ghosted,
            "reopened": self.application.reopened,
            "urgent": self.urgent,
            "Technical round": self.application.technical_round,
        }
        return tuple(name for name, holds in shown.items() if holds)


def view(application: Application, now: datetime, zone: str, silence: Silence = USUAL_SILENCE) -> ApplicationView:
    """How `application` looks at `now` to a person in `zone` who calls it ghosted after `silence`."""
    rounds = tuple(round_view(each, now, zone) for each in application.interviews)
    coming = [
        each for each in rounds if each.status is InterviewStatus.SCHEDULED and each.interview.start_at is not None
    ]
    last = application.last_contact_at
    one = correspondence(application)
    gone_quiet = ghosted_at(one, now, zone, silence)
    return ApplicationView(
        application=application,
        ghosted=gone_quiet is not None and gone_quiet <= now,
        urgent=application.urgent_said or urgent_until(one, now, zone) is not None,
        rounds=rounds,
        next_round=coming[0] if coming else None,
        quiet_days=max((now - last).days, 0) if last is not None else 0,
        promised_at=promised_until(one, zone),
    )


def status_at(interview: Interview, now: datetime) -> InterviewStatus:
    """Its status at `now`: what was agreed and is over was held."""
    ended = ends_at(interview)
    if interview.status is InterviewStatus.SCHEDULED and ended is not None and ended < now:
        return InterviewStatus.HELD
    return interview.status


def is_agreed(interviews: Iterable[Interview], now: datetime) -> bool:
    """Whether a round with a time is to come."""
    return any(each.start_at is not None and status_at(each, now) is InterviewStatus.SCHEDULED for each in interviews)


def held_until(interviews: Iterable[Interview], now: datetime) -> datetime | None:
    """When the last round that was held ended."""
    ends = (ends_at(each) for each in interviews if status_at(each, now) is InterviewStatus.HELD)
    return max((each for each in ends if each is not None), default=None)


def ends_at(interview: Interview) -> datetime | None:
    """When it is over; an hour where no length is told. None: no time is agreed."""
    if interview.start_at is None:
        return None
    return interview.start_at + timedelta(minutes=interview.duration_min or 60)


def ghosted_at(one: Correspondence, now: datetime, zone: str, silence: Silence) -> datetime | None:
    """From when on silence means "ghosted": so many days after they were last heard from (or the application), fewer once
    a round was held, and not before an answer that they announced is a week late. None: it never does, as things stand.
    """
    it = one.application
    if it.stage not in OPEN or it.on_hold or is_agreed(it.interviews, now):
        return None
    held, heard = held_until(it.interviews, now), one.last_heard
    since = max((each for each in (held, heard.at if heard is not None else one.began_at) if each), default=None)
    if since is None:
        return None
    days = silence.after_applying if held is None else silence.after_interview
    promised = promised_until(one, zone)
    until = since + timedelta(days=days)
    return max(until, promised + AFTER_PROMISE) if promised is not None else until


def round_view(interview: Interview, now: datetime, zone: str) -> RoundView:
    """How one round looks at `now`."""
    start = interview.start_at
    if start is None:
        return RoundView(
            interview=interview, status=interview.status, when="No time agreed yet", starts_in=None, prepare_now=False
        )
    end = start + timedelta(minutes=interview.duration_min or 60)
    status = status_at(interview, now)
    local, today = start.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return RoundView(
        interview=interview,
        status=status,
        when=in_words(start, now, zone),
        starts_in=_starts_in(start, end, now) if status is InterviewStatus.SCHEDULED else None,
        prepare_now=status is InterviewStatus.SCHEDULED and 0 <= (local.date() - today).days <= 1,
    )


def in_words(moment: datetime, now: datetime, zone: str) -> str:
    """ "Today, 2:30 PM", "Tomorrow, 9:00 AM", "Thu 26 Nov, 10:00 AM", on the clocks of `zone`."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return f"{_day(local, today)}, {_clock(local)}"


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
