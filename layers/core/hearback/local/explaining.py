"""`hearback explain`: an application told as a story — why each mail is in it, what it did, and how its interviews moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.application import Application, Interview, ReviewItem, TimelineEntry
from hearback.model.ids import FactId
from hearback.model.signal import InterviewAction, InterviewNotice, Signal
from hearback.pipeline.view import view

INDENT: Final = "      "
_DID: Final = {
    InterviewAction.INVITE: "invited to",
    InterviewAction.REQUEST_AVAILABILITY: "asked when you are available",
    InterviewAction.CONFIRM: "confirmed",
    InterviewAction.RESCHEDULE: "moved to",
    InterviewAction.CANCEL: "called off",
}


def story(
    application: Application, signals: Iterable[Signal], waiting: Iterable[ReviewItem], now: datetime, zone: str
) -> Iterator[str]:
    """The lines. `signals` are the application's own; `waiting` is all that waits for the person. Times are in `zone`."""
    here = ZoneInfo(zone)
    own = {FactId(each.id): each for each in signals}
    yield _title(application)
    for entry in application.timeline:
        yield from _entry(entry, own.get(entry.fact), here)
    rounds = view(application, now, zone).rounds
    if rounds:
        yield "  Interviews"
    for each in rounds:
        kind = each.interview.type.value.replace("_", " ")
        yield f"    {each.when} · {kind} · {each.status.value}"
        yield from _chain(each.interview, own, here)
    members = set(application.facts)
    likely = [each for each in waiting if each.suggestion in members]
    if likely:
        yield "  Waits for you, and may belong here"
    for item in likely:
        yield f"    {item.at.astimezone(here):%Y-%m-%d %H:%M}  {item.subject}"
        yield f"{INDENT}{item.reason}"
        fits = next((each for each in item.candidates if each.fact in members), None)
        if fits is not None and fits.reasons:
            yield f"{INDENT}fits: {'; '.join(fits.reasons)}"


def _title(application: Application) -> str:
    stage = "lead" if application.stage is None else application.stage.value.replace("_", " ")
    through = f" · through {application.agency}" if application.agency else ""
    return f"{application.company or 'Unknown company'} · {application.role or 'role not named'} · {stage}{through}"


def _entry(entry: TimelineEntry, signal: Signal | None, zone: ZoneInfo) -> Iterator[str]:
    by = "you" if entry.by_person else "your mail" if entry.sent else f"mail, {entry.confidence or 0:.2f}"
    yield f"  {entry.at.astimezone(zone):%Y-%m-%d %H:%M}  {entry.title}  [{by}]"
    if entry.subject:
        yield f"{INDENT}{entry.sender or ''}: {entry.subject}"
    if entry.evidence:
        yield f"{INDENT}“{entry.evidence}”"
    if signal is not None and signal.interview is not None and not entry.reverted:
        yield f"{INDENT}interview: {_said(signal.interview, zone)}"
    if entry.note:
        yield f"{INDENT}{entry.note}"
    if entry.why:
        yield f"{INDENT}here because: {entry.why}"


def _said(notice: InterviewNotice, zone: ZoneInfo) -> str:
    did = _DID[notice.action]
    return f"{did} {_when(notice.start_at, zone)}" if notice.start_at is not None else did


def _when(start: datetime, zone: ZoneInfo) -> str:
    local = start.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _chain(interview: Interview, own: Mapping[FactId, Signal], zone: ZoneInfo) -> Iterator[str]:
    """The mails that made this round what it is: those of its history that say something of an interview, in order."""
    for id_ in interview.history:
        signal = own.get(id_)
        if signal is not None and signal.interview is not None:
            yield f"{INDENT}{signal.at.astimezone(zone):%Y-%m-%d}  {_said(signal.interview, zone)}  ({signal.subject})"
