"""What a mail says, as fields of a form, and what the person changed in them.

Every field is sent with what it showed (`was_…`): only what differs from that is a correction, so a mail that is read
otherwise meanwhile is not corrected back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hearback.model.application import ReviewItem
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import Personal
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind

LETTERS: Final = 120
MAX_MINUTES: Final = 24 * 60
_YEARS: Final = range(2000, 2101)
_DATE: Final = len("2026-11-30")

DETAIL_LABELS: Final = {
    Detail.UNDER_REVIEW: "Under review",
    Detail.ON_HOLD: "On hold",
    Detail.DELAYED: "Delayed",
    Detail.ADVANCED: "You are through to the next step",
    Detail.CHECKS: "References or papers asked for",
    Detail.WITHDRAWAL_ACKNOWLEDGED: "Your withdrawal has arrived",
    Detail.TRANSFERRED: "Moved to another role",
}
ACTION_LABELS: Final = {
    InterviewAction.INVITE: "Invitation",
    InterviewAction.REQUEST_AVAILABILITY: "Asks when you can",
    InterviewAction.CONFIRM: "Confirmed",
    InterviewAction.RESCHEDULE: "Moved",
    InterviewAction.CANCEL: "Called off",
}
ROUND_LABELS: Final = {
    InterviewType.RECRUITER_SCREEN: "Recruiter screen",
    InterviewType.CULTURE_FIT: "Culture fit",
    InterviewType.TECHNICAL: "Technical",
    InterviewType.PANEL: "Panel",
    InterviewType.ONSITE: "Onsite",
    InterviewType.FINAL_ROUND: "Final round",
    InterviewType.OTHER: "Interview",
}


def shown(item: ReviewItem, zone: str) -> dict[str, str]:
    """The value of each field."""
    interview = item.interview
    start = interview.start_at if interview is not None else None
    return {
        "kind": item.kind.value if item.kind is not None else "",
        "detail": item.detail.value if item.detail is not None else "",
        "company": item.company or "",
        "role": item.role or "",
        "location": item.location or "",
        "action": interview.action.value if interview is not None else "",
        "round_type": interview.type.value if interview is not None else "",
        "start_at": start.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if start is not None else "",
        "duration_min": str(interview.duration_min or "") if interview is not None else "",
        "video_link": (interview.video_link or "") if interview is not None else "",
        "deadline": _local_deadline(item.deadline, zone),
    }


def _local_deadline(deadline: str | None, zone: str) -> str:
    if not deadline or len(deadline) == _DATE:
        return deadline or ""
    try:
        moment = datetime.fromisoformat(deadline)
    except ValueError:
        return ""
    local = moment.astimezone(ZoneInfo(zone)) if moment.tzinfo is not None else moment
    return local.strftime("%Y-%m-%dT%H:%M")


def corrections(form: Mapping[str, str], item: ReviewItem | None, zone: str) -> dict[str, Any]:
    """Fields of Correct, by what was changed. Permanent: a value cannot be; NotFound: a choice is none."""
    before = shown(item, zone) if item is not None else {}
    changed: dict[str, Any] = {}
    for name, read in _READ.items():
        value = form.get(name)
        if value is not None and value.strip() != form.get(f"was_{name}", before.get(name, "")):
            changed[name] = read(value.strip(), zone)
    return {name: value for name, value in changed.items() if value is not None}


def _text(value: str, _zone: str) -> Personal:
    return Personal(value[:LETTERS])


def _link(value: str, _zone: str) -> Personal:
    if value and not value.startswith("https://"):
        raise Permanent("A video link begins with https://.")
    return Personal(value[:2000])


def _minutes(value: str, _zone: str) -> int:
    if not value:
        return 0
    if not value.isascii() or not value.isdigit() or int(value[:6]) > MAX_MINUTES:
        raise Permanent("Say the duration in minutes, at most a day.")
    return int(value)


def _moment(value: str, zone: str) -> datetime | str:
    if not value:
        return ""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Permanent("That is no time. Write one like 2026-11-30T14:30.") from None
    if found.year not in _YEARS:
        raise Permanent("That year cannot be meant.")
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))


def _day_or_moment(value: str, zone: str) -> str:
    if len(value) != _DATE:
        found = _moment(value, zone)
        return found if isinstance(found, str) else found.isoformat()
    try:
        found_day = date.fromisoformat(value)
    except ValueError:
        raise Permanent("That is no date. Write one like 2026-11-30.") from None
    if found_day.year not in _YEARS:
        raise Permanent("That year cannot be meant.")
    return found_day.isoformat()


def _choice(choices: Callable[[str], Any], *, empty: Any = None) -> Callable[[str, str], Any]:
    def read(value: str, _zone: str) -> Any:
        if not value:
            return empty
        try:
            return choices(value)
        except ValueError:
            raise NotFound("There is no such choice. Reload the page.") from None

    return read


_READ: Final[dict[str, Callable[[str, str], Any]]] = {
    "kind": _choice(Kind),
    "detail": _choice(Detail, empty=""),
    "company": _text,
    "role": _text,
    "location": _text,
    "action": _choice(InterviewAction),
    "round_type": _choice(InterviewType),
    "start_at": _moment,
    "duration_min": _minutes,
    "video_link": _link,
    "deadline": _day_or_moment,
}
