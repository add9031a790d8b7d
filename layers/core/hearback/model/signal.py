"""What one message says: the only thing kept of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from hearback.model.ids import MailboxId, Personal, ProviderMessageId, SignalId
from hearback.model.message import Address, Authenticity, Origin
from hearback.model.moment import Moment
from hearback.model.person import AutomationMode
from hearback.model.stage import Stage


class Kind(StrEnum):
    """What a message is (FEATURES 4.1)."""

    APPLICATION_CONFIRMATION = "application_confirmation"
    STATUS_UPDATE = "status_update"
    ASSESSMENT = "assessment"
    INTERVIEW_INVITATION = "interview_invitation"
    OFFER = "offer"
    REJECTION = "rejection"
    RECRUITER_OUTREACH = "recruiter_outreach"
    OTHER = "other"


class Detail(StrEnum):
    """The sort of status update; also what the person's own sent mail does."""

    UNDER_REVIEW = "under_review"
    ON_HOLD = "on_hold"
    DELAYED = "delayed"
    ADVANCED = "advanced"
    CHECKS = "checks"
    WITHDRAWAL_ACKNOWLEDGED = "withdrawal_acknowledged"
    TRANSFERRED = "transferred"
    WITHDRAWS = "withdraws"
    ACCEPTS = "accepts"


class InterviewAction(StrEnum):
    """What a message does to an interview."""

    INVITE = "invite"
    REQUEST_AVAILABILITY = "request_availability"
    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


class InterviewType(StrEnum):
    """Which round it is."""

    RECRUITER_SCREEN = "recruiter_screen"
    CULTURE_FIT = "culture_fit"
    TECHNICAL = "technical"
    PANEL = "panel"
    ONSITE = "onsite"
    FINAL_ROUND = "final_round"
    OTHER = "other"


class Decision(StrEnum):
    """What happens to a signal: it acts, waits for the person, or is left out."""

    APPLY = "apply"
    REVIEW = "review"
    IGNORE = "ignore"


class Ability(StrEnum):
    """What the person can switch off for a mailbox (FEATURES 2.3)."""

    UPDATE_STATUSES = "update_statuses"
    DETECT_INTERVIEWS = "detect_interviews"
    FLAG_URGENT = "flag_urgent"
    DUPLICATE_DETECTION = "duplicate_detection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What the person's rules made of one mail; with nothing set, that they make nothing of it."""

    at: datetime
    """When the person said so: of the rules as they stood when it came, the last change of one that decided."""
    version: int = 0
    """Of the rules."""
    names: tuple[Personal, ...] = ()
    """Of the rules that decided, in their order."""
    kind: Kind | None = None
    stage: Stage | None = None
    tags: tuple[Personal, ...] = ()
    ignore: bool = False
    notify: bool = False

    @property
    def files(self) -> bool:
        """Whether it changes how the mail is filed; that its arrival was told changes nothing."""
        return self.kind is not None or self.stage is not None or bool(self.tags) or self.ignore

    @property
    def leaves_out(self) -> bool:
        """Whether the mail is none of the job search."""
        return self.ignore or self.kind is Kind.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewNotice:
    """What a message says about one interview."""

    action: InterviewAction
    start_at: datetime | None = None
    """Aware, with the offset that holds on that day at the place meant."""
    zone: str | None = None
    """IANA name, where known."""
    duration_min: int | None = None
    type: InterviewType = InterviewType.OTHER
    type_guessed: bool = False
    """No words say which round it is: a round that is known keeps its type."""
    interviewers: tuple[Personal, ...] = ()
    location: Personal | None = None
    video_link: Personal | None = None
    uid: str | None = None
    """iCalendar UID."""
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What one message says, with the sentence that says so. Keyed by person, never by application."""

    id: SignalId
    mailbox_id: MailboxId
    provider_message_id: ProviderMessageId
    received_at: Moment
    message_id: str = ""
    thread_id: str | None = None
    references: tuple[str, ...] = ()
    digest: str = ""
    sender: Address = Address()
    domain: str | None = None
    """Registrable domain of the employer's own address (sent mail: of whom the person wrote to).
    None for ATS relays, job boards and free mail: those are never the employer."""
    free_mail: bool = False
    """The sender writes (the person wrote) from free mail: the address is one person's, its domain says nothing."""
    recipients: tuple[Address, ...] = ()
    """Only of sent mail: whom the person wrote to; empty under Strict privacy."""
    subject: Personal = Personal("")
    sent: bool = False
    origin: Origin = Origin.LIVE
    authenticity: Authenticity = Authenticity.NONE
    mode: AutomationMode = AutomationMode.SMART
    """The person's automation mode when the mail was read."""
    off: tuple[Ability, ...] = ()
    """What was switched off for its mailbox when the mail was read."""
    ruled: Ruled | None = None
    """What the person's rules made of it when it was read; an ApplyRules act replaces it."""
    model_version: str = ""

    kind: Kind | None = None
    """None: the message could not be read; `error` says why and it waits for review."""
    detail: Detail | None = None
    confidence: float = 0.0
    """0–1, calibrated: the share of such verdicts that are right."""
    other: float = 0.0
    """How likely it is, 0–1, that the mail is about no application."""
    faint: bool = False
    """That is likelier than its kind: it counts only where it belongs to an application that is known (pipeline.folding)."""
    evidence: Personal | None = None
    """The deciding sentence, verbatim, at most 200 characters; None under Strict privacy."""
    language: str = "und"
    urgent: bool = False
    company: Personal | None = None
    role: Personal | None = None
    location: Personal | None = None
    ats: str | None = None
    requisition_id: str | None = None
    deadline: str | None = None
    """ISO date or date-time by when a test or an offer must be answered."""
    promised: str | None = None
    """ISO date by which they say that they will answer."""
    interview: InterviewNotice | None = None
    agency: Personal | None = None
    """The recruiting agency that writes, where a client is the company."""
    error: str | None = None
    doubt: Personal | None = None
    """Why it waits for the person whatever it says: a sentence on an address made to look like another, or on a scam."""
    template: str = ""
    """Keyed shingles of the text (pipeline.templates): recognises the template again, under this person's key only."""

    @property
    def at(self) -> datetime:
        """When the fact counts from: what the fold orders by, then `id`."""
        return self.received_at


def strict(signal: Signal) -> Signal:
    """What Strict privacy keeps of a signal: sender, subject, date, the mail's ids and what was derived from it."""
    return replace(signal, evidence=None, recipients=())
