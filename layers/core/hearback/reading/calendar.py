"""Calendar parts of a mail (iCalendar REQUEST, CANCEL, updates by SEQUENCE): they outrank the prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hearback.model.ids import Personal
from hearback.model.signal import InterviewAction, InterviewNotice, InterviewType
from hearback.reading.interviews import _TYPES, _VIDEO

MAX_BYTES: Final = 64 * 1024
_MEETING_FIELDS: Final = ("LOCATION", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "URL", "DESCRIPTION")


def notice(calendars: Sequence[bytes], zone: str, owners: frozenset[str] = frozenset()) -> InterviewNotice | None:
    """The first event of the first readable part; None where there is none. Never raises."""
    for content in calendars:
        if len(content) > MAX_BYTES or b"BEGIN:VEVENT" not in content.upper():
            continue
        try:
            found = _event(content, zone, owners)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError):
            continue  # the library fails in its own ways on broken entries: the prose is read instead
        if found is not None:
            return found
    return None


def _event(content: bytes, zone: str, owners: frozenset[str]) -> InterviewNotice | None:
    from icalendar import Calendar

    calendar = Calendar.from_ical(content)
    event = next(iter(calendar.walk("VEVENT")), None)
    if event is None:
        return None
    method = str(calendar.get("METHOD", "REQUEST")).upper()
    if method in {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"}:
        return None
    sequence = int(str(event.get("SEQUENCE", 0)) or 0)
    cancelled = method == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED"
    start, name = _moment(event.get("DTSTART"), zone)
    end, _ = _moment(event.get("DTEND"), zone)
    text = " ".join(str(event.get(field, "")) for field in _MEETING_FIELDS)
    summary = f"{event.get('SUMMARY', '')} {event.get('DESCRIPTION', '')}"
    video = _VIDEO.search(text)
    place = str(event.get("LOCATION", "")).strip()
    minutes = round((end - start).total_seconds() / 60) if start is not None and end is not None else 0
    return InterviewNotice(
        action=InterviewAction.CANCEL
        if cancelled
        else (InterviewAction.RESCHEDULE if sequence else InterviewAction.INVITE),
        start_at=start,
        zone=name,
        duration_min=minutes if 0 < minutes <= 24 * 60 else None,
        type=next((kind for kind, pattern in _TYPES if pattern.search(summary[:4000])), InterviewType.OTHER),
        interviewers=_attendees(event, owners),
        location=Personal(place) if place and not place.lower().startswith("http") else None,
        video_link=Personal(video[0].rstrip(".,;:\\")) if video else None,
        uid=str(event.get("UID", "")) or None,
        sequence=sequence,
    )


def _moment(value: Any, zone: str) -> tuple[datetime | None, str | None]:
    if value is None:
        return None, None
    moment = value.dt
    if isinstance(moment, datetime):
        named = str(value.params.get("TZID", "")) or None
        if moment.tzinfo is None or (named and moment.utcoffset() is None):
            return moment.replace(tzinfo=_zone(named) or ZoneInfo(zone)), named or zone
        known = named if named and _zone(named) is not None else None
        return moment, known or ("UTC" if moment.utcoffset() == UTC.utcoffset(None) else None)
    if isinstance(moment, date):
        return datetime.combine(moment, time(0), tzinfo=ZoneInfo(zone)), zone
    return None, None


def _zone(name: str | None) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    mapped = WINDOWS_TO_OLSON.get(name.strip('"'))
    return ZoneInfo(mapped) if mapped else None


def _attendees(event: Any, owners: frozenset[str]) -> tuple[Personal, ...]:
    found = event.get("ATTENDEE", [])
    names: list[str] = []
    for each in found if isinstance(found, list) else [found]:
        address = re.sub(r"^mailto:", "", str(each), flags=re.IGNORECASE).lower()
        name = str(getattr(each, "params", {}).get("CN", "")).strip('" ')
        if address not in owners and name and "@" not in name:
            names.append(name)
    return tuple(Personal(name) for name in dict.fromkeys(names))[:10]
