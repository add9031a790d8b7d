"""What the fold makes of signals and acts: applications, leads, interviews, review items."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hearback.model.ids import ApplicationId, FactId, Personal
from hearback.model.lesson import Taught
from hearback.model.signal import Decision, Detail, InterviewType, Kind


class Stage(StrEnum):
    """Where an application stands (FEATURES 5.1)."""

    APPLIED = "applied"
    IN_REVIEW = "in_review"
    INTERVIEWING = "interviewing"
    TECHNICAL_ROUND = "technical_round"
    OFFER_EXTENDED = "offer_extended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"


class InterviewStatus(StrEnum):
    """`held` depends on the clock and is given by view()."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """One step of the stage history."""

    stage: Stage
    at: datetime
    fact: FactId
    """The signal or act that caused it."""
    message_id: str | None = None
    """RFC Message-ID of the causing message; None when the person did it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One live round, with its reschedules folded in."""

    start_at: datetime | None
    """None: availability was asked, no time is agreed."""
    zone: str | None = None
    duration_min: int | None = None
    type: InterviewType = InterviewType.OTHER
    status: InterviewStatus = InterviewStatus.SCHEDULED
    interviewers: tuple[Personal, ...] = ()
    location: Personal | None = None
    video_link: Personal | None = None
    uid: str | None = None
    fact: FactId = FactId("")
    """The signal that says so last."""
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of an application's history, newest last."""

    at: datetime
    fact: FactId
    by_person: bool = False
    kind: Kind | None = None
    detail: Detail | None = None
    title: str = ""
    """What it did, in words a person reads: "Moved to Interviewing", "You added a note"."""
    stage: Stage | None = None
    """The stage this entry moved the application to, if it did."""
    evidence: Personal | None = None
    confidence: float | None = None
    subject: Personal | None = None
    sender: Personal | None = None
    sent: bool = False
    note: Personal | None = None
    reverted: bool = False
    """The person took this change back."""
    reverted_by: FactId | None = None
    """The Revert act: undoing it brings the change back."""
    taught: tuple[Taught, ...] = ()
    """Corrections of other mail that decided how this one is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when a test or an offer must be answered."""

    due: str
    """ISO date or date-time."""
    kind: Kind
    fact: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One candidacy (or, with stage None, one lead). Everything here is a function of its facts."""

    facts: tuple[FactId, ...]
    """Ids of all member signals and Add acts, in fold order. Never empty."""
    company: Personal | None = None
    role: Personal | None = None
    location: Personal | None = None
    requisition_id: str | None = None
    ats: tuple[str, ...] = ()
    agency: Personal | None = None
    stage: Stage | None = Stage.APPLIED
    stage_history: tuple[StageChange, ...] = ()
    on_hold: bool = False
    reopened: bool = False
    urgent: bool = False
    archived: bool = False
    technical_round: bool = False
    """A technical interview was announced ("Technical round" note; the stage stays Interviewing)."""
    message_ids: tuple[str, ...] = ()
    interviews: tuple[Interview, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    contacts: tuple[tuple[Personal, Personal], ...] = ()
    """(name, address) of the people who wrote, ATS relays left out."""
    first_contact_at: datetime | None = None
    last_contact_at: datetime | None = None
    answered_at: datetime | None = None
    """First answer by a person or a decision after the application; receipts do not count."""
    id: ApplicationId = ApplicationId("")
    """Given at first sight (pipeline.identity); no part of the fold or the export."""
    aliases: tuple[ApplicationId, ...] = ()
    """Ids of applications that were merged into this one; links to them lead here. No part of the export."""

    @property
    def is_lead(self) -> bool:
        """Outreach without a process."""
        return self.stage is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A signal the person must settle."""

    fact: FactId
    at: datetime
    kind: Kind | None
    confidence: float
    reason: str
    """Why it waits, in plain words."""
    company: Personal | None = None
    role: Personal | None = None
    subject: Personal = Personal("")
    sender: Personal = Personal("")
    evidence: Personal | None = None
    suggestion: FactId | None = None
    """A fact of the application it probably belongs to."""
    would: Decision = Decision.REVIEW
    """What Smart mode would have done (for "Review everything")."""
    taught: tuple[Taught, ...] = ()
    """Corrections of other mail that decided how this one is read."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The fold of a set of facts, each tuple in canonical order."""

    applications: tuple[Application, ...] = field(default=())
    """Leads included."""
    review: tuple[ReviewItem, ...] = field(default=())
    left_out: tuple[ReviewItem, ...] = field(default=())
    """Mail that would be in one of these, had the person not said of mail like it that it is about no application."""
