"""How a candidacy moves: by mail forward only, by the person anywhere. What would overturn their word goes to review."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hearback.model.application import Stage, StageChange
from hearback.model.ids import FactId
from hearback.model.signal import Ability, Detail, InterviewAction, InterviewType, Kind, Signal

RANK: Final[dict[Stage, int]] = {
    Stage.APPLIED: 1,
    Stage.IN_REVIEW: 2,
    Stage.INTERVIEWING: 3,
    Stage.TECHNICAL_ROUND: 4,
    Stage.OFFER_EXTENDED: 5,
}
"""Forward order. Rejected, Withdrawn and Accepted end a candidacy and have no rank."""

OVER: Final = frozenset({Stage.REJECTED, Stage.WITHDRAWN})
"""Nothing is to come any more."""
LABELS: Final[dict[Stage, str]] = {
    Stage.APPLIED: "Applied",
    Stage.IN_REVIEW: "In Review",
    Stage.INTERVIEWING: "Interviewing",
    Stage.TECHNICAL_ROUND: "Technical Round",
    Stage.OFFER_EXTENDED: "Offer Extended",
    Stage.REJECTED: "Rejected",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.ACCEPTED: "Accepted",
}

_BY_KIND: Final[dict[Kind, Stage]] = {
    Kind.APPLICATION_CONFIRMATION: Stage.APPLIED,
    Kind.ASSESSMENT: Stage.TECHNICAL_ROUND,
    Kind.INTERVIEW_INVITATION: Stage.INTERVIEWING,
    Kind.OFFER: Stage.OFFER_EXTENDED,
    Kind.REJECTION: Stage.REJECTED,
}
_ADVANCES: Final = frozenset({Detail.ADVANCED, Detail.CHECKS})
_INVITES: Final = frozenset({InterviewAction.INVITE, InterviewAction.REQUEST_AVAILABILITY})


@dataclass
class Course:
    """The state of one candidacy while its facts are taken in order."""

    stage: Stage | None = None
    history: list[StageChange] = field(default_factory=list)
    on_hold: bool = False
    reopened: bool = False
    technical_round: bool = False
    urgent: bool = False
    urgent_said: bool = False
    archived: bool = False
    word: Stage | None = None
    """What the person set last."""
    taken_back: Stage | None = None
    """The stage they moved away from: mail that asserts it again would overturn their word."""

    def move(self, stage: Stage, at: datetime, fact: FactId, message_id: str | None) -> None:
        """Step to `stage`, with its cause."""
        self.stage = stage
        if stage in OVER:
            self.reopened = self.on_hold = False
        self.history.append(StageChange(stage=stage, at=at, fact=fact, message_id=message_id))

    def person_sets(self, stage: Stage, at: datetime, fact: FactId, message_id: str | None = None) -> None:
        """The person's word: any stage, and it stands against mail that came before it."""
        self.taken_back = self.stage
        self.word = stage
        if stage is not self.stage:
            self.move(stage, at, fact, message_id)
        if stage in RANK:
            self.reopened = False


def target(course: Course, signal: Signal) -> Stage | None:
    """Where the signal would take the candidacy by itself; None: it adds a round or a note, not a stage."""
    wanted = _wanted(course, signal)
    if wanted is None or wanted is course.stage:
        return None
    if course.stage is None:
        return wanted
    if course.stage is Stage.REJECTED:
        return Stage.INTERVIEWING if invites(signal) else None
    if wanted is Stage.REJECTED:
        return wanted if course.stage is not Stage.WITHDRAWN else None
    if course.stage is Stage.ACCEPTED and wanted in RANK:
        return None  # a letter, a start date, a welcome: news on what is agreed
    if wanted not in RANK or course.stage not in RANK:
        return wanted
    return wanted if RANK[wanted] > RANK[course.stage] else None


def _wanted(course: Course, signal: Signal) -> Stage | None:
    if signal.ruled is not None and signal.ruled.stage is not None:
        return signal.ruled.stage
    wanted = _said(course, signal)
    if Ability.UPDATE_STATUSES in signal.off and wanted is not None:
        return Stage.APPLIED if course.stage is None else None
    return wanted


def _said(course: Course, signal: Signal) -> Stage | None:
    if signal.kind is Kind.STATUS_UPDATE:
        if signal.detail is Detail.UNDER_REVIEW:
            return Stage.IN_REVIEW
        return Stage.APPLIED if course.stage is None else None
    if signal.kind is Kind.INTERVIEW_INVITATION and cancels(signal):
        return Stage.INTERVIEWING if course.stage is None else None
    return _BY_KIND.get(signal.kind) if signal.kind else None


def overturns(course: Course, wanted: Stage) -> bool:
    """Whether moving to `wanted` would go against what the person said."""
    if course.word is None:
        return False
    if course.word not in RANK:
        return True
    if wanted not in RANK:
        return course.taken_back is wanted
    return course.taken_back is not None and course.taken_back in RANK and RANK[wanted] <= RANK[course.taken_back]


def reopens_by_other_mail(course: Course, signal: Signal) -> bool:
    """An offer or a test after a rejection is news nobody may miss, yet only an invitation reopens by itself."""
    if Ability.UPDATE_STATUSES in signal.off:
        return False
    return course.stage is Stage.REJECTED and (
        signal.kind in {Kind.OFFER, Kind.ASSESSMENT}
        or (signal.kind is Kind.STATUS_UPDATE and signal.detail in _ADVANCES)
    )


def invites(signal: Signal) -> bool:
    """An explicit new invitation or request for availability."""
    return signal.kind is Kind.INTERVIEW_INVITATION and (
        signal.interview is None or signal.interview.action in _INVITES
    )


def cancels(signal: Signal) -> bool:
    """The mail calls an interview off."""
    return signal.interview is not None and signal.interview.action is InterviewAction.CANCEL


def marks(course: Course, signal: Signal) -> None:
    """Set or lift the marks beside the stage."""
    if Ability.UPDATE_STATUSES not in signal.off:
        _hold(course, signal)
    technical = signal.interview is not None and signal.interview.type is InterviewType.TECHNICAL
    if technical and not cancels(signal) and Ability.DETECT_INTERVIEWS not in signal.off:
        course.technical_round = True
    course.urgent, course.urgent_said = signal.urgent and Ability.FLAG_URGENT not in signal.off, False
    if asks(signal):
        course.archived = False


def _hold(course: Course, signal: Signal) -> None:
    if signal.kind is Kind.STATUS_UPDATE:
        if signal.detail is Detail.ON_HOLD:
            course.on_hold = course.stage not in OVER
        elif signal.detail in _ADVANCES or signal.detail is Detail.UNDER_REVIEW:
            course.on_hold = False
    elif signal.kind in _BY_KIND and signal.kind is not Kind.APPLICATION_CONFIRMATION and not cancels(signal):
        course.on_hold = False


def asks(signal: Signal) -> bool:
    """The mail wants an answer that nobody may miss: it brings back what was archived before."""
    return signal.kind in {Kind.ASSESSMENT, Kind.OFFER} or (
        signal.kind is Kind.INTERVIEW_INVITATION and not cancels(signal)
    )


def title(signal: Signal, moved: Stage | None, *, reopened: bool) -> str:
    """What the signal did, in words for the timeline."""
    if reopened:
        return "Reopened: a new invitation"
    if moved is not None:
        return f"Moved to {LABELS[moved]}"
    if signal.sent:
        return "You wrote"
    if signal.interview is not None:
        return _ROUND[signal.interview.action]
    return _NOTE.get(signal.detail or "", "") or _PLAIN.get(signal.kind or Kind.OTHER, "Mail")


_ROUND: Final = {
    InterviewAction.INVITE: "Another interview round",
    InterviewAction.REQUEST_AVAILABILITY: "Asked when you are available",
    InterviewAction.CONFIRM: "Interview confirmed",
    InterviewAction.RESCHEDULE: "Interview moved",
    InterviewAction.CANCEL: "Interview cancelled",
}
_NOTE: Final[dict[str, str]] = {
    Detail.UNDER_REVIEW: "Still under review",
    Detail.ON_HOLD: "Put on hold",
    Detail.DELAYED: "Delayed",
    Detail.ADVANCED: "You moved forward",
    Detail.CHECKS: "References or checks asked for",
    Detail.WITHDRAWAL_ACKNOWLEDGED: "Withdrawal acknowledged",
    Detail.TRANSFERRED: "Moved to another role",
}
_PLAIN: Final = {
    Kind.APPLICATION_CONFIRMATION: "Receipt of your application",
    Kind.STATUS_UPDATE: "Status update",
    Kind.ASSESSMENT: "Another test",
    Kind.INTERVIEW_INVITATION: "Interview mail",
    Kind.OFFER: "News on the offer",
    Kind.REJECTION: "Rejection",
    Kind.RECRUITER_OUTREACH: "A recruiter wrote",
    Kind.OTHER: "Mail",
}
