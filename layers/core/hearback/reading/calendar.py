"""Calendar parts of a mail (iCalendar REQUEST, CANCEL, updates by SEQUENCE): they outrank the prose.

Only the first occurrence of the first event counts; a recurrence rule is never expanded. A part over its cap, nested
deeper than a calendar is, or broken is left out, and the prose is read instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from hearback.model.ids import Personal
from hearback.model.signal import InterviewAction, InterviewNotice
from hearback.reading import meeting, zones
from hearback.reading.scan import MAX_CALENDAR

MAX_COMPONENTS: Final = 60
_ANSWERS: Final = frozenset(["REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"])
_LINK_FIELDS: Final = (
    "LOCATION",
    "X-GOOGLE-CONFERENCE",
    "CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "URL",
    "DESCRIPTION",
)
_ROOMS: Final = frozenset(["ROOM", "RESOURCE"])
_VENDOR_ZONE: Final = re.compile(r"(TZID[=:]\"?)/[\w.\-]{1,60}/(?:Tzfile/)?")
"""What some calendars write before an IANA name."""
MAX_RULES: Final = 8
_RULE: Final = re.compile(r"^RRULE", re.IGNORECASE | re.MULTILINE)
_ODD_RULE: Final = re.compile(r"^RRULE[:;](?![^\r\n]{0,80}FREQ=YEARLY)", re.IGNORECASE | re.MULTILINE)
_YEARS: Final = range(2000, 2101)
_DAY_MINUTES: Final = 24 * 60


def notice(calendars: Sequence[bytes], zone: str, owners: frozenset[str] = frozenset()) -> InterviewNotice | None:
    """The first event of the first readable part; None where there is none. Never raises."""
    for content in calendars:
        upper = content[: MAX_CALENDAR + 1].upper()
        if len(content) > MAX_CALENDAR or b"BEGIN:VEVENT" not in upper or upper.count(b"BEGIN:") > MAX_COMPONENTS:
            continue
        try:
            found = _event(_decoded(content), zone, owners)
        except (
            ValueError,
            KeyError,
            TypeError,
            IndexError,
            AttributeError,
            RecursionError,
            OverflowError,
            LookupError,
            OSError,
        ):
            continue  # the library fails in its own ways on broken entries: the prose is read instead
        if found is not None:
            return found
    return None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _event(content: str, zone: str, owners: frozenset[str]) -> InterviewNotice | None:
    from icalendar import Calendar

    calendar = Calendar.from_ical(_VENDOR_ZONE.sub(r"\1", _without_odd_zones(content)))
    events = calendar.walk("VEVENT")
    event = next((each for each in events if "RECURRENCE-ID" not in each), next(iter(events), None))
    method = str(calendar.get("METHOD", "REQUEST")).strip().upper()
    if event is None or method in _ANSWERS:
        return None
    sequence = _number(event.get("SEQUENCE"))
    start, name = _moment(event.get("DTSTART"), zone)
    place = str(event.get("LOCATION", "")).strip()
    summary, description = str(event.get("SUMMARY", "")), str(event.get("DESCRIPTION", ""))
    video = meeting.video_link("\n".join(_texts(event, field) for field in _LINK_FIELDS))
    where = meeting.physical(place)
    return InterviewNotice(
        action=_action(method, str(event.get("STATUS", "")).strip().upper(), sequence),
        start_at=start,
        zone=name,
        duration_min=_minutes(event, start, zone),
        type=meeting.round_of(summary, description),
        interviewers=_attendees(event, owners),
        location=Personal(where) if where else None,
        video_link=Personal(video) if video else None,
        uid=str(event.get("UID", "")).strip()[:500] or None,
        sequence=sequence,
    )


def _without_odd_zones(content: str) -> str:
    """The calendar without its own definitions of zones where they have more rules than a zone has: each rule is worked
    out over four hundred years. A zone of a known name needs none; of another, the reader's holds.
    """
    if len(_RULE.findall(content)) <= MAX_RULES and not _ODD_RULE.search(content):
        return content
    lines: list[str] = []
    inside = False
    for line in content.splitlines():
        bare = line.strip().upper()
        inside = bare == "BEGIN:VTIMEZONE" or inside
        if not inside:
            lines.append(line)
        inside = inside and bare != "END:VTIMEZONE"
    return "\r\n".join([*lines, ""])


def _action(method: str, status: str, sequence: int) -> InterviewAction:
    if method == "CANCEL" or status == "CANCELLED":
        return InterviewAction.CANCEL
    return InterviewAction.RESCHEDULE if sequence > 0 else InterviewAction.INVITE


def _number(value: Any) -> int:
    try:
        return max(0, min(int(str(value)), 1_000_000))
    except ValueError:
        return 0


def _texts(event: Any, field: str) -> str:
    value = event.get(field, "")
    return "\n".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _minutes(event: Any, start: datetime | None, zone: str) -> int | None:
    if start is None:
        return None
    end, _ = _moment(event.get("DTEND"), zone)
    length = getattr(event.get("DURATION"), "dt", None)
    if end is not None:
        minutes = round((end - start).total_seconds() / 60)
    elif isinstance(length, timedelta):
        minutes = round(length.total_seconds() / 60)
    else:
        return None
    return minutes if 0 < minutes <= _DAY_MINUTES else None


def _moment(value: Any, zone: str) -> tuple[datetime | None, str | None]:
    """The aware moment of a DTSTART or DTEND with the IANA name of its zone; an all-day event begins at midnight.
    None of a year in which nobody meets: clocks cannot be moved about the ends of time.
    """
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return None, None
    moment = value.dt
    if isinstance(moment, date) and moment.year not in _YEARS:
        return None, None
    default, default_name = zones.zone_of(zone)
    if isinstance(moment, datetime):
        named = str(value.params.get("TZID", "")).strip('" ') or None
        if moment.tzinfo is None or moment.utcoffset() is None:
            found = _zone(named)
            info, name = found if found is not None else (default, default_name)
            return moment.replace(tzinfo=info), name
        if isinstance(moment.tzinfo, ZoneInfo):
            return moment, moment.tzinfo.key
        found = _zone(named)
        return moment, found[1] if found is not None else "UTC" if moment.tzinfo is UTC else None
    if isinstance(moment, date):
        return datetime.combine(moment, time(), tzinfo=default), default_name
    return None, None


def _zone(name: str | None) -> tuple[tzinfo, str] | None:
    """The zone of an IANA or Windows name, also behind a prefix ("/freeassociation.sourceforge.net/Europe/Berlin")."""
    if not name:
        return None
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    parts = name.strip("/").split("/")
    for candidate in (WINDOWS_TO_OLSON.get(name), name, "/".join(parts[-2:]), "/".join(parts[-3:])):
        if candidate and (found := zones.known(candidate)) is not None:
            return found, candidate
    return None


def _attendees(event: Any, owners: frozenset[str]) -> tuple[Personal, ...]:
    found = event.get("ATTENDEE", [])
    names: list[str] = []
    for each in (found if isinstance(found, list) else [found])[:50]:
        params = getattr(each, "params", {})
        address = str(each).lower().removeprefix("mailto:")
        name = str(params.get("CN", "")).strip("\"' ")
        if str(params.get("CUTYPE", "")).upper() in _ROOMS or address in owners or not name or "@" in name:
            continue
        names.append(name[:100])
    return tuple(Personal(name) for name in dict.fromkeys(names))[:10]
