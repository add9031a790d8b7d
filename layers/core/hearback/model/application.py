"""What the fold makes of signals and acts: applications, leads, interviews, review items."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hearback.model.ids import ApplicationId, FactId, Personal
from hearback.model.lesson import Taught
from hearback.model.moment import Moment
from hearback.model.signal import Decision, Detail, InterviewNotice, InterviewType, Kind, Ruled
from hearback.model.stage import Stage as Stage  # noqa: PLC0414  exported: it is named beside the application everywhere


class InterviewStatus(StrEnum):
    """`held` depends on the clock and is given by view()."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """One step of the stage history."""

    stage: Stage
    at: Moment
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
    """The signal or act that says so last."""
    history: tuple[FactId, ...] = ()
    """The signals and acts that made it what it is, in order."""
    message_id: str = ""
    """Of the mail that says so last; empty where only the person does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the person said of one mail, to be told and taken back: "You confirmed it"."""

    act: FactId
    at: Moment
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of an application's history, newest last."""

    at: Moment
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
    from_human: bool = False
    """Somebody at the other end wrote it by hand, as far as name and address tell."""
    promised: str | None = None
    """ISO date by which it says that they will answer."""
    note: Personal | None = None
    reverted: bool = False
    """The person took this change back."""
    reverted_by: FactId | None = None
    """The Revert act: undoing it brings the change back."""
    why: str = ""
    """Why this mail is in this application: "same thread; same contact"."""
    taught: tuple[Taught, ...] = ()
    """Corrections of other mail that decided how this one is read."""
    settled: tuple[Settled, ...] = ()
    """What the person said of this mail."""
    batch: str | None = None
    """Of an act done together with others: what takes all of them back."""
    ruled: Ruled | None = None
    """What the person's rules made of it, where they did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when a test or an offer must be answered."""

    due: str
    """ISO date or date-time."""
    kind: Kind
    fact: FactId
    """The signal or act that says so last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the applications that the person merged into one."""

    facts: tuple[FactId, ...]
    company: Personal | None = None
    role: Personal | None = None


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
    urgent_said: bool = False
    """By the person: it stays so until they, or later mail, say otherwise."""
    archived: bool = False
    technical_round: bool = False
    """A technical interview was announced ("Technical round" note; the stage stays Interviewing)."""
    message_ids: tuple[str, ...] = ()
    interviews: tuple[Interview, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    contacts: tuple[tuple[Personal, Personal], ...] = ()
    """(name, address) of the people who wrote, ATS relays left out."""
    first_contact_at: Moment | None = None
    last_contact_at: Moment | None = None
    answered_at: Moment | None = None
    """First answer by a person or a decision after the application; receipts do not count."""
    tags: tuple[Personal, ...] = ()
    """The person's own words on it, in alphabetical order."""
    parts: tuple[Part, ...] = ()
    """Of a merge: what was merged, the primary one first."""
    apart: tuple[FactId, ...] = ()
    """Facts of applications the person said this one is not. No part of the export."""
    digests: tuple[str, ...] = ()
    """Of its mail, shortened: the same mail elsewhere has the same. No part of the export."""
    id: ApplicationId = ApplicationId("")
    """Given at first sight (pipeline.identity); no part of the fold or the export."""
    aliases: tuple[ApplicationId, ...] = ()
    """Ids of applications that were merged into this one; links to them lead here. No part of the export."""

    @property
    def anchors(self) -> tuple[FactId, ...]:
        """Its facts, those first that an act had best point at: own mail can be without an application."""
        sent = {entry.fact for entry in self.timeline if entry.sent}
        return tuple(sorted(self.facts, key=lambda fact: fact in sent))

    @property
    def is_lead(self) -> bool:
        """Outreach without a process."""
        return self.stage is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An application that a waiting mail may belong to."""

    fact: FactId
    """A fact of it, never the mail itself: what an act names it by."""
    score: float = 0.0
    """How well it fits (pipeline.matching), no probability."""
    reasons: tuple[str, ...] = ()
    """What speaks for it, in words."""
    against: str | None = None
    """What forbids it by itself, in words; None where it fits."""
    company: Personal | None = None
    role: Personal | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A signal the person must settle, with all that was read of it."""

    fact: FactId
    at: Moment
    kind: Kind | None
    confidence: float
    reason: str
    """Why it waits, in plain words."""
    detail: Detail | None = None
    company: Personal | None = None
    role: Personal | None = None
    location: Personal | None = None
    requisition_id: str | None = None
    agency: Personal | None = None
    deadline: str | None = None
    interview: InterviewNotice | None = None
    urgent: bool = False
    subject: Personal = Personal("")
    sender: Personal = Personal("")
    """The display name, else the address."""
    address: Personal = Personal("")
    evidence: Personal | None = None
    doubtful: bool = False
    """The sender may be forged, or the mail a scam."""
    template: str = ""
    """As of the signal: tells mail of one sort."""
    candidates: tuple[Candidate, ...] = ()
    """The applications it may belong to, the likeliest first."""
    undecided: bool = False
    """Several of them fit, and nothing tells them apart."""
    would: Decision = Decision.REVIEW
    """What Smart mode would have done (for "Review everything")."""
    would_say: Personal | None = None
    """The same in words: what it would have done at which application, or why it would have asked, too."""
    taught: tuple[Taught, ...] = ()
    """Corrections of other mail that decided how this one is read."""
    ruled: Ruled | None = None
    """What the person's rules made of it, where they did."""
    blocked_by: FactId | None = None
    """Of mail left out: the act that blocks its sender."""

    @property
    def suggestion(self) -> FactId | None:
        """A fact of the application it most probably belongs to; None: to none yet."""
        return next((each.fact for each in self.candidates[:1] if each.against is None), None)


@dataclass(frozen=True, slots=True)
class Folded:
    """The fold of a set of facts, each tuple in canonical order."""

    applications: tuple[Application, ...] = field(default=())
    """Leads included."""
    review: tuple[ReviewItem, ...] = field(default=())
    left_out: tuple[ReviewItem, ...] = field(default=())
    """Mail that would be in one of these, had the person not said of mail like it, or in a rule, that it is about no application."""
