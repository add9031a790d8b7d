"""Templates, and the filters that put values into words for a person."""

from __future__ import annotations

import functools
import hashlib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from hearback.model.application import Application, Stage
from hearback.model.ledger import UNDATED, Looked
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind, Ruled
from hearback.pipeline.responses import in_words
from hearback.pipeline.stages import LABELS
from hearback.web.ahead import spread_in_words

ROUND_LABELS = {
    InterviewType.RECRUITER_SCREEN: "Recruiter screen",
    InterviewType.CULTURE_FIT: "Culture fit",
    InterviewType.TECHNICAL: "Technical",
    InterviewType.PANEL: "Panel",
    InterviewType.ONSITE: "Onsite",
    InterviewType.FINAL_ROUND: "Final round",
    InterviewType.OTHER: "Interview",
}

DETAIL_LABELS = {
    Detail.UNDER_REVIEW: "Under review",
    Detail.ON_HOLD: "On hold",
    Detail.DELAYED: "Delayed",
    Detail.ADVANCED: "You are through to the next step",
    Detail.CHECKS: "References or papers asked for",
    Detail.WITHDRAWAL_ACKNOWLEDGED: "Your withdrawal has arrived",
    Detail.TRANSFERRED: "Moved to another role",
    Detail.WITHDRAWS: "You withdraw",
    Detail.ACCEPTS: "You accept",
}

ACTION_LABELS = {
    InterviewAction.INVITE: "Invitation",
    InterviewAction.REQUEST_AVAILABILITY: "Asks when you can",
    InterviewAction.CONFIRM: "Confirmed",
    InterviewAction.RESCHEDULE: "Moved",
    InterviewAction.CANCEL: "Called off",
}

KIND_LABELS = {
    Kind.APPLICATION_CONFIRMATION: "Application received",
    Kind.STATUS_UPDATE: "Status update",
    Kind.ASSESSMENT: "Test or task",
    Kind.INTERVIEW_INVITATION: "Interview",
    Kind.OFFER: "Offer",
    Kind.REJECTION: "Rejection",
    Kind.RECRUITER_OUTREACH: "Recruiter outreach",
    Kind.OTHER: "Not about an application",
}

_KIND_STAGES = {
    Kind.APPLICATION_CONFIRMATION: "applied",
    Kind.STATUS_UPDATE: "in_review",
    Kind.ASSESSMENT: "technical_round",
    Kind.INTERVIEW_INVITATION: "interviewing",
    Kind.OFFER: "offer_extended",
    Kind.REJECTION: "rejected",
    Kind.RECRUITER_OUTREACH: "lead",
}
"""The stage whose colour a kind has."""

LOOKED_LABELS = {
    Looked.SEEN: "not opened",
    Looked.OPENED: "opened, nothing kept",
    Looked.KEPT: "kept",
    Looked.GONE: "gone",
}

RUN_REASONS = {
    "push": "New mail was announced",
    "sweep": "Regular check",
    "renew": "Daily renewal",
    "first_sync": "First sync",
    "resync": "Catching up after a gap",
    "rescan": "Read again after a wider choice",
    "reconnect": "Reconnected",
    "sync_now": "You asked",
    "plan": "Your plan changed",
    "import": "Import",
}


@functools.cache
def environment() -> Environment:
    """The template environment: everything is escaped, an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("hearback.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "stage": stage_label,
        "kind": kind_label,
        "kind_stage": lambda kind: _KIND_STAGES.get(kind, "none"),
        "moment_at": moment_at,
        "looked": lambda looked: LOOKED_LABELS[looked],
        "seconds": seconds,
        "run_reason": lambda reason: RUN_REASONS.get(reason, reason),
        "moment": datetime.fromisoformat,
        "monogram": monogram,
        "ruled": _ruled,
        "hue": hue,
        "day": day,
        "round_name": round_label,
        "for_input": for_input,
        "due": due,
        "spread": spread_in_words,
        "duration": in_words,
        "percent": lambda value: f"{value * 100:.0f} %",
    }
    made.globals |= {"asset": asset}
    return made


def render(template: str, **values: Any) -> str:
    """The template as text."""
    return environment().get_template(template).render(**values)


@functools.cache
def asset(name: str) -> str:
    """The address of a static file, with a digest so that browsers keep it for ever."""
    content = files("hearback.web").joinpath("static", *name.split("/")).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def stage_label(stage: Stage | None) -> str:
    """The stage as shown: “Offer Extended”; a lead has none."""
    return "Lead" if stage is None else LABELS[stage]


def kind_label(kind: Kind | None) -> str:
    """What a mail is, in words."""
    return "Could not be read" if kind is None else KIND_LABELS[kind]


def round_label(kind: InterviewType) -> str:
    """Which round it is, in words."""
    return ROUND_LABELS[kind]


def for_input(moment: datetime | str | None, zone: str) -> str:
    """A time, or an ISO date or date-time, as a date-time field takes it, in the person’s zone; a date as a date."""
    if not moment or (isinstance(moment, str) and len(moment) == len("2026-11-30")):
        return str(moment or "")
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = found.astimezone(ZoneInfo(zone)) if found.tzinfo is not None else found
    return local.strftime("%Y-%m-%dT%H:%M")


def due(deadline: str, zone: str) -> str:
    """A deadline in words: “3 Nov 2026”, “3 Nov 2026, 14:30”; as it was read where it is neither date nor time."""
    try:
        local = datetime.fromisoformat(for_input(deadline, zone))
    except ValueError:
        return deadline
    told = f"{local.day} {local:%b} {local.year}"
    return told if len(deadline) == len("2026-11-30") else f"{told}, {local:%H:%M}"


def _ruled(word: Ruled) -> str:
    from hearback.web import rule_words  # it words kinds and stages as this module does

    return rule_words.ruled(word)


def monogram(application: Application) -> str:
    """One or two letters for a company."""
    words = [word for word in (application.company or "?").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def hue(application: Application) -> int:
    """One of eight colours, the same for a company everywhere."""
    return int(hashlib.sha256((application.company or "").casefold().encode()).hexdigest(), 16) % 8


def when(moment: datetime | None, now: datetime, zone: str) -> str:
    """A moment in the person’s zone: “5 min ago”, “Today, 14:30”, “Tue 3 Nov”."""
    if moment is None:
        return "never"
    if moment == UNDATED:
        return "date not told"
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    seconds = (now - moment.astimezone(UTC)).total_seconds()
    if 0 <= seconds < 60:  # noqa: PLR2004  a minute
        return "just now"
    if 0 <= seconds < 3600:  # noqa: PLR2004  an hour
        return f"{int(seconds // 60)} min ago"
    if local.date() == today.date():
        return f"Today, {local:%H:%M}"
    if (today.date() - local.date()).days == 1:
        return f"Yesterday, {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}"


def seconds(number: float) -> str:
    """How long something took: “0.4 s”, “12 s”, “3 min”."""
    if number < 10:  # noqa: PLR2004  where a tenth counts
        return f"{number:.1f} s"
    return f"{number:.0f} s" if number < 120 else f"{number / 60:.0f} min"  # noqa: PLR2004  two minutes


def csv_safe(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def day(moment: datetime, zone: str) -> str:
    """The day of a moment in the person’s zone: “3 May 2026”."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B} {local.year}"


def moment_at(moment: datetime, zone: str) -> str:
    """A moment in the person’s zone: “Tue 3 Nov 2026, 14:30”."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b} {local.year}, {local:%H:%M}"
