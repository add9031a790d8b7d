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
from hearback.model.ledger import UNDATED
from hearback.model.signal import Kind
from hearback.pipeline.stages import LABELS

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

RUN_REASONS = {
    "push": "New mail was announced",
    "sweep": "Regular check",
    "renew": "Daily renewal",
    "first_sync": "First sync",
    "resync": "Catching up after a gap",
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
        "run_reason": lambda reason: RUN_REASONS.get(reason, reason),
        "moment": datetime.fromisoformat,
        "monogram": monogram,
        "hue": hue,
        "day": day,
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


def day(moment: datetime, zone: str) -> str:
    """The day of a moment in the person’s zone: “3 May 2026”."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B} {local.year}"
