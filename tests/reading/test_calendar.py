"""Calendar parts: what happens when, in which zone, and where to join."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.model.signal import InterviewAction, InterviewType
from hearback.reading import calendar

ZONE = "Europe/Berlin"


def entry(*lines: str, method: str | None = "REQUEST", before: str = "") -> bytes:
    """One event in a calendar."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else []), *([before] if before else [])]
    return "\r\n".join([*head, "BEGIN:VEVENT", "UID:u1", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def test_a_request_invites() -> None:
    """Time, zone, length, people, link and round are the event's."""
    found = calendar.notice(
        [
            entry(
                "DTSTART;TZID=Europe/Berlin:20260312T140000",
                "DTEND;TZID=Europe/Berlin:20260312T144500",
                "SUMMARY:Technical interview",
                'ATTENDEE;CN="Jane Doe":mailto:jane@acme.example',
                "ATTENDEE;CN=Sam Lee:mailto:me@home.example",
                "ATTENDEE;CUTYPE=ROOM;CN=Blue room:mailto:blue@acme.example",
                "LOCATION:https://zoom.us/j/123?pwd=x",
                "SEQUENCE:0",
            )
        ],
        ZONE,
        frozenset({"me@home.example"}),
    )
    assert found is not None
    assert InterviewAction.INVITE is found.action
    assert found.start_at is not None
    assert found.start_at.isoformat() == "2026-03-12T14:00:00+01:00"
    assert found.zone == "Europe/Berlin"
    assert found.duration_min == 45
    assert found.interviewers == ("Jane Doe",)
    assert InterviewType.TECHNICAL is found.type
    assert found.video_link == "https://zoom.us/j/123?pwd=x"
    assert found.location is None
    assert found.uid == "u1"


@pytest.mark.parametrize(
    ("method", "line", "action"),
    [
        ("REQUEST", "SEQUENCE:0", InterviewAction.INVITE),
        ("REQUEST", "SEQUENCE:3", InterviewAction.RESCHEDULE),
        ("request", "SEQUENCE:oops", InterviewAction.INVITE),
        ("REQUEST", "STATUS:CANCELLED", InterviewAction.CANCEL),
        ("CANCEL", "SEQUENCE:1", InterviewAction.CANCEL),
        ("PUBLISH", "SEQUENCE:0", InterviewAction.INVITE),
        (None, "STATUS:CONFIRMED", InterviewAction.INVITE),
    ],
)
def test_the_method_says_what_happens(method: str | None, line: str, action: InterviewAction) -> None:
    """A cancellation by method or status, an update by its sequence."""
    found = calendar.notice([entry("DTSTART:20260312T130000Z", line, method=method)], ZONE)
    assert found is not None
    assert action is found.action
    assert found.start_at is not None


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH"])
def test_an_answer_is_no_invitation(method: str) -> None:
    """Somebody's reply to an event says nothing of its own."""
    assert calendar.notice([entry("DTSTART:20260312T130000Z", method=method)], ZONE) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DTSTART:20260312T130000Z", "2026-03-12T13:00:00+00:00"),
        ("DTSTART;TZID=Europe/London:20260312T130000", "2026-03-12T13:00:00+00:00"),
        ("DTSTART;TZID=Europe/London:20260412T130000", "2026-04-12T13:00:00+01:00"),
        ("DTSTART;TZID=America/New_York:20260307T100000", "2026-03-07T10:00:00-05:00"),
        ("DTSTART;TZID=America/New_York:20260309T100000", "2026-03-09T10:00:00-04:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20260712T130000", "2026-07-12T13:00:00+02:00"),
        ('DTSTART;TZID="Eastern Standard Time":20260712T130000', "2026-07-12T13:00:00-04:00"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:20260712T130000", "2026-07-12T13:00:00+02:00"),
        ("DTSTART;TZID=Nowhere:20260312T130000", "2026-03-12T13:00:00+01:00"),
        ("DTSTART:20260312T130000", "2026-03-12T13:00:00+01:00"),
        ("DTSTART;VALUE=DATE:20280229", "2028-02-29T00:00:00+01:00"),
    ],
)
def test_the_start_has_the_offset_of_its_day_and_place(line: str, expected: str) -> None:
    """IANA and Windows names, UTC, floating times in the person's zone, whole days."""
    found = calendar.notice([entry(line)], ZONE)
    assert found is not None
    assert found.start_at is not None
    assert datetime.fromisoformat(expected) == found.start_at
    assert expected == found.start_at.isoformat()


@pytest.mark.parametrize(
    "line", ["DTSTART:99991231T233000Z", "DTSTART;VALUE=DATE:99991231", "DTSTART:00010101T000000Z"]
)
def test_the_ends_of_time_are_no_time(line: str) -> None:
    """No clock can be moved there: the invitation stands without a time."""
    found = calendar.notice([entry(line)], ZONE)
    assert found is not None
    assert found.start_at is None


def test_a_zone_of_ones_own_is_used() -> None:
    """A VTIMEZONE that no list knows says its offsets itself."""
    own = (
        "BEGIN:VTIMEZONE\r\nTZID:Acme Time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\n"
        "TZOFFSETTO:+0300\r\nTZNAME:ACT\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    found = calendar.notice([entry("DTSTART;TZID=Acme Time:20260312T130000", before=own)], ZONE)
    assert found is not None
    assert found.start_at is not None
    assert datetime.fromisoformat("2026-03-12T13:00:00+03:00") == found.start_at


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;COUNT=1000000", "FREQ=YEARLY;BYSECOND=0,1,2"])
def test_a_recurrence_is_never_expanded(rule: str) -> None:
    """The first occurrence is the interview."""
    found = calendar.notice([entry("DTSTART:20260312T130000Z", f"RRULE:{rule}")], ZONE)
    assert found is not None
    assert datetime.fromisoformat("2026-03-12T13:00:00+00:00") == found.start_at


def test_a_duration_is_a_length() -> None:
    """DURATION instead of DTEND."""
    found = calendar.notice([entry("DTSTART:20260312T130000Z", "DURATION:PT1H30M")], ZONE)
    assert found is not None
    assert found.duration_min == 90


@pytest.mark.parametrize(
    "line",
    [
        "DESCRIPTION:Join: https://teams.microsoft.com/l/meetup-join/1",
        "X-GOOGLE-CONFERENCE:https://teams.microsoft.com/l/meetup-join/1",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1",
        "URL:https://teams.microsoft.com/l/meetup-join/1",
    ],
)
def test_the_video_link_may_stand_in_many_fields(line: str) -> None:
    """Description, URL and the vendors' own fields."""
    found = calendar.notice([entry("DTSTART:20260312T130000Z", line, "LOCATION:Microsoft Teams Meeting")], ZONE)
    assert found is not None
    assert found.video_link == "https://teams.microsoft.com/l/meetup-join/1"
    assert found.location is None


def test_a_place_is_kept() -> None:
    """A location one can go to."""
    found = calendar.notice([entry("DTSTART:20260312T130000Z", "LOCATION:Musterstraße 5\\, Berlin")], ZONE)
    assert found is not None
    assert found.location == "Musterstraße 5, Berlin"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BEGIN:VEVENT",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND:VEVENT\r\nEND:VCALENDAR",
        b"BEGIN:VEVENT\r\n" * 4000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"X:" + b"y" * 70_000,
    ],
)
def test_a_broken_calendar_is_left_out(content: bytes) -> None:
    """The prose is read instead, or the next part."""
    good = entry("DTSTART:20260312T130000Z")
    assert calendar.notice([content], ZONE) is None or calendar.notice([content], ZONE).start_at is None  # type: ignore[union-attr]
    second = calendar.notice([content, good], ZONE)
    assert second is not None


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.integers(0, 30), st.binary(max_size=20))
def test_a_damaged_calendar_never_raises(at: int, length: int, patch: bytes) -> None:
    """However it is cut and patched."""
    content = entry("DTSTART;TZID=Europe/Berlin:20260312T130000", "DTEND:20260312T140000Z", "ATTENDEE;CN=A:mailto:a@b")
    calendar.notice([content[:at] + patch + content[at + length :]], ZONE)
