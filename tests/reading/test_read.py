"""One message in, one signal out: parsing, trust, verdict, calendar and prose together."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Authenticity, Origin, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.model.signal import Decision, InterviewAction, Kind
from hearback.reading import kinds, report, scan
from hearback.reading.effort import Effort, Spent
from hearback.reading.read import Context, read

Make = Callable[..., RawMessage]
INVITATION = (
    b"From: Anna Berg <anna@acme.example>\r\nTo: me@home.example\r\nSubject: Interview invitation: Backend Engineer\r\n"
    b"Date: Mon, 09 Mar 2026 09:00:00 +0100\r\nMessage-ID: <one@acme.example>\r\n"
)
BODY = (
    b"Hi Sam,\r\n\r\nthank you for your application for the Backend Engineer position at Acme. We would like to invite you "
    b"to an interview on Thursday, 12 March at 14:00 (Berlin time), 45 minutes, by video: https://zoom.us/j/123\r\n"
)
PROVED = b"Authentication-Results: mx.receiver.example; dmarc=pass header.from=acme.example\r\n"


def _with_calendar(*lines: bytes, method: bytes = b"REQUEST") -> bytes:
    entry = b"\r\n".join(
        [b"BEGIN:VCALENDAR", b"METHOD:" + method, b"BEGIN:VEVENT", b"UID:u", *lines, b"END:VEVENT", b"END:VCALENDAR"]
    )
    return (
        INVITATION
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        + BODY
        + b"\r\n--b\r\nContent-Type: text/calendar\r\n\r\n"
        + entry
        + b"\r\n--b--\r\n"
    )


def test_an_invitation_becomes_a_signal(raw: Make, context: Context) -> None:
    """Kind, time, link and sender are on it, and the sentence that says so."""
    reading = read(raw(PROVED + INVITATION + b"\r\n" + BODY), context)
    signal = reading.signal
    assert Kind.INTERVIEW_INVITATION is signal.kind
    assert Authenticity.PASS is signal.authenticity
    assert signal.interview is not None
    assert signal.interview.start_at is not None
    assert signal.interview.start_at.isoformat() == "2026-03-12T14:00:00+01:00"
    assert signal.interview.video_link == "https://zoom.us/j/123"
    assert signal.domain == "acme.example"
    assert signal.evidence
    assert len(signal.evidence) <= 200
    assert reading.job_related
    assert reading.explanation


def test_the_calendar_outranks_the_prose(raw: Make, context: Context) -> None:
    """Its time counts; what it does not say comes from the prose."""
    content = _with_calendar(b"DTSTART;TZID=Europe/Berlin:20260313T100000", b"SUMMARY:Interview")
    interview = read(raw(content), context).signal.interview
    assert interview is not None
    assert interview.start_at is not None
    assert interview.start_at.isoformat() == "2026-03-13T10:00:00+01:00"
    assert interview.duration_min == 45
    assert interview.video_link == "https://zoom.us/j/123"
    assert interview.uid == "u"


def test_a_cancelling_calendar_cancels(raw: Make, context: Context) -> None:
    """Whatever the prose says."""
    content = _with_calendar(b"DTSTART:20260312T130000Z", b"SEQUENCE:1", method=b"CANCEL")
    interview = read(raw(content), context).signal.interview
    assert interview is not None
    assert InterviewAction.CANCEL is interview.action


def test_forged_mail_never_acts(raw: Make, context: Context) -> None:
    """Unproved live mail waits for the person; so does an import whose receiver noted a failure."""
    assert Decision.REVIEW is read(raw(INVITATION + b"\r\n" + BODY), context).decision
    failed = b"Authentication-Results: other.example; dmarc=fail header.from=acme.example\r\n"
    reading = read(raw(failed + INVITATION + b"\r\n" + BODY, origin=Origin.IMPORTED), context)
    assert Authenticity.FAIL is reading.signal.authenticity
    assert Decision.REVIEW is reading.decision


def test_strict_privacy_keeps_no_sentence(raw: Make, context: Context) -> None:
    """What was derived stays."""
    strict = replace(context, privacy=PrivacyLevel.STRICT)
    signal = read(raw(INVITATION + b"\r\n" + BODY), strict).signal
    assert signal.evidence is None
    assert signal.interview is not None


def test_other_mail_is_ignored_and_says_nothing(raw: Make, context: Context) -> None:
    """No company, no role, no interview."""
    content = b"From: Shop <news@shop.example>\r\nSubject: Summer sale\r\nDate: Mon, 09 Mar 2026 09:00:00 +0100\r\n\r\n40% off all shoes.\r\n"
    reading = read(raw(content), context)
    assert Kind.OTHER is reading.signal.kind
    assert Decision.IGNORE is reading.decision
    assert not reading.job_related
    assert (reading.signal.company, reading.signal.role, reading.signal.interview) == (None, None, None)


def test_sent_mail_acts_as_its_author(raw: Make, context: Context) -> None:
    """It is kept with whom it was written to, and belongs to their domain."""
    content = b"From: me@home.example\r\nTo: Anna <anna@acme.example>\r\nSubject: Re: x\r\nDate: Mon, 09 Mar 2026 09:00:00 +0100\r\n\r\nThank you.\r\n"
    reading = read(raw(content, labels=("SENT",)), context)
    assert reading.signal.sent
    assert Kind.OTHER is reading.signal.kind
    assert reading.signal.domain == "acme.example"
    assert tuple(each.address for each in reading.signal.recipients) == ("anna@acme.example",)


@pytest.mark.parametrize("content", [b"", b"\x00" * 5000, b"\r\n\r\n", b"Subject:\r\n\r\n\r\n", b"\xff\xfe\xfd"])
def test_what_cannot_be_read_waits_for_the_person(raw: Make, context: Context, content: bytes) -> None:
    """It gets its line with a reason in plain words."""
    reading = read(raw(content), context)
    assert reading.signal.kind is None
    assert reading.signal.error
    assert Decision.REVIEW is reading.decision
    assert reading.signal.error == report.line(reading)["error"]


def test_a_fault_of_the_reader_is_the_mails_own(raw: Make, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks while a mail is judged, the mail waits for the person and its neighbours go on."""

    def broken(_message: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(kinds, "judge", broken)
    reading = read(raw(INVITATION + b"\r\n" + BODY), context)
    assert Decision.REVIEW is reading.decision
    assert "ZeroDivisionError" in str(reading.signal.error)


@pytest.mark.parametrize("asked", [1, 2, 3, 4, 5, 7, 8, 9])
def test_a_mail_that_takes_too_long_waits_for_the_person(raw: Make, context: Context, asked: int) -> None:
    """Whichever step the time ran out in, the rest is left out; sender and subject are still told. (6 is the loading.)"""
    ticks = itertools.count()
    slow = Effort(limit_seconds=1.0, clock=lambda: 0.0 if next(ticks) < asked else 5.0)
    reading = read(raw(PROVED + INVITATION + b"\r\n" + BODY), context, slow)
    assert reading.signal.kind is None
    assert reading.signal.error == scan.TOO_COSTLY
    assert Decision.REVIEW is reading.decision
    assert reading.signal.sender.address == "anna@acme.example"
    assert reading.signal.subject == "Interview invitation: Backend Engineer"


def test_what_is_loaded_once_is_not_the_first_mails_time() -> None:
    """Loading the encoder takes longer than a mail may."""
    now = [0.0]
    effort = Effort(limit_seconds=1.0, clock=lambda: now[0])
    with effort.uncounted():
        now[0] += 30.0
    effort.check()
    now[0] += 1.5
    with pytest.raises(Spent):
        effort.check()


def test_the_line_has_every_promised_field(raw: Make, context: Context) -> None:
    """The object others script against, in order, and fit for JSON."""
    line = report.line(read(raw(INVITATION + b"\r\n" + BODY, origin=Origin.IMPORTED), context))
    promised = (
        "message_id date from subject kind job_related confidence decision evidence company role location ats "
        "requisition_id deadline language urgent sent interview error"
    )
    assert promised.split() == list(line)
    assert list(line["interview"]) == [
        "action",
        "start",
        "duration_min",
        "type",
        "interviewers",
        "location",
        "video_link",
    ]
    assert json.loads(json.dumps(line))["kind"] == "interview_invitation"
    assert line["message_id"] == "one@acme.example"
    assert line["interview"]["start"] == "2026-03-12T14:00:00+01:00"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 900),
    st.integers(0, 60),
    st.one_of(st.binary(max_size=30), st.text(max_size=30).map(lambda t: t.encode("utf-8", "ignore"))),
)
def test_reading_never_raises(at: int, length: int, patch: bytes) -> None:
    """However the mail is damaged, in whatever zone it is read."""
    content = _with_calendar(b"DTSTART:20260312T130000Z")
    damaged = RawMessage(
        mailbox_id=MailboxId("b"),
        provider_message_id=ProviderMessageId("1"),
        content=content[:at] + patch + content[at + length :],
    )
    context = Context(frozenset(), "No/Such_Zone", AutomationMode.AUTOMATIC, PrivacyLevel.STANDARD)
    reading = read(damaged, context)
    assert reading.decision in Decision
    json.dumps(report.line(reading))
