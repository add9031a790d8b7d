"""One message in, one signal out: read(raw, context). Never raises, whatever the bytes are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from hearback.model.deciding import decide
from hearback.model.ids import Personal, signal_id
from hearback.model.message import Message, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.model.signal import Decision, InterviewAction, InterviewNotice, InterviewType, Kind, Signal, strict
from hearback.reading import (
    calendar,
    details,
    imitation,
    interviews,
    kinds,
    mime,
    scams,
    second,
    senders,
    version,
    zones,
)
from hearback.reading.details import Details
from hearback.reading.effort import Effort, Spent
from hearback.reading.kinds import Judgement
from hearback.reading.scan import TOO_COSTLY, UNREADABLE
from hearback.reading.second import Pointed

FAILED: Final = "Hearback could not make sense of the message."
NOTHING: Final = "There is nothing in the message that could be read."


@dataclass(frozen=True, slots=True)
class Context:
    """How a person's mail is read."""

    owners: frozenset[str]
    """Their own addresses, lower-case."""
    zone: str
    """IANA name; times without a zone are meant in it."""
    mode: AutomationMode
    privacy: PrivacyLevel
    authserv_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of one message."""

    message: Message
    signal: Signal
    decision: Decision
    job_related: bool
    explanation: tuple[str, ...]
    faint: Signal | None = None
    """The signal it is if it belongs to an application that is known, where it is read as none of the job search."""

    @property
    def counts(self) -> bool:
        """Whether it counts by itself: it acts, waits for the person, or was written by them."""
        return self.decision is not Decision.IGNORE or self.message.sent

    @property
    def kept(self) -> Signal | None:
        """The signal to keep: of what counts, or may count."""
        return self.signal if self.counts else self.faint


class _Unsettled(Exception):
    """The first stage leaves it to the second."""


def read(raw: RawMessage, context: Context, effort: Effort | None = None) -> Reading:
    """Read one message. What could not be read is a signal without a kind, and waits for the person."""
    return _read(raw, context, effort or Effort(), ask=True)


def glance(raw: RawMessage, context: Context) -> Reading | None:
    """Read one message by the first stage; None where it leaves it to the second (then `read` it)."""
    try:
        return _read(raw, context, Effort(), ask=False)
    except _Unsettled:
        return None


def _read(raw: RawMessage, context: Context, effort: Effort, *, ask: bool) -> Reading:
    if zones.known(context.zone) is None:
        context = replace(context, zone="UTC")
    try:
        message = mime.parse(raw, context.owners, context.authserv_ids, effort)
    except Exception as error:  # noqa: BLE001  as below: what breaks on a mail is the mail's own
        why = f"{FAILED} ({type(error).__name__})"
        return _unreadable(mime.unopened(raw, why), context, why)
    over = next((each for each in message.defects if each in UNREADABLE), None)
    if over is not None and not message.sent:
        return _unreadable(message, context, over)
    try:
        return _judged(message, context, effort, ask=ask)
    except _Unsettled:
        raise
    except Spent:
        return _unreadable(message, context, TOO_COSTLY)
    except Exception as error:  # noqa: BLE001  no mail may stall its neighbours: whatever it breaks, it goes to the person
        return _unreadable(message, context, f"{FAILED} ({type(error).__name__})")


def _judged(message: Message, context: Context, effort: Effort, *, ask: bool) -> Reading:
    if not message.sent and _says_nothing(message):
        return _unreadable(message, context, NOTHING)
    effort.check()
    first = kinds.judge(message)
    if not ask and second.asked(first):
        raise _Unsettled
    with effort.uncounted():
        second.load(first)
    effort.check()
    judgement, pointed = second.judge(message, first)
    effort.check()
    signal = _said(message, context, judgement, pointed, effort)
    doubt = signal.doubt
    faint = None
    if judgement.faint is not None and not message.sent:
        likely = replace(judgement, kind=judgement.faint, confidence=judgement.faintly)
        faint = replace(_said(message, context, likely, pointed, effort), faint=True)
    return Reading(
        message=message,
        signal=signal,
        decision=decide(signal),
        job_related=judgement.kind is not Kind.OTHER,
        explanation=(
            *judgement.reasons,
            *message.defects,
            f"sender authenticity: {message.authenticity}",
            *((doubt,) if doubt else ()),
        ),
        faint=faint,
    )


def _said(message: Message, context: Context, judgement: Judgement, pointed: second.Pointed, effort: Effort) -> Signal:
    """The signal of a mail that is taken as `judgement` says."""
    interview = _interview(message, judgement, pointed, context)
    effort.check()
    found = details.extract(message, judgement, pointed, context.zone)
    doubt = _doubt(message, judgement)
    return replace(_signal(message, context, judgement, found, interview), doubt=_personal(doubt))


def _doubt(message: Message, judgement: Judgement) -> str | None:
    """Why not to believe the sender, or else an offer."""
    if message.sent or judgement.kind is Kind.OTHER:
        return None
    offered = judgement.kind is Kind.OFFER
    return imitation.doubt(message.sender) or (scams.doubt(message) if offered else None)


def _says_nothing(message: Message) -> bool:
    """No text and no subject, or none of the headers every mail has."""
    bare = not message.sender.address and not message.subject and message.sent_at is None
    return bare or not (message.text.strip() or message.subject or message.calendars)


def _interview(message: Message, judgement: Judgement, pointed: Pointed, context: Context) -> InterviewNotice | None:
    """The calendar part's word first, completed by the prose."""
    if judgement.kind is not Kind.INTERVIEW_INVITATION:
        return None
    prose = interviews.notice(message, context.zone, pointed.action)
    if pointed.round is not None and prose.type is InterviewType.OTHER:
        prose = replace(prose, type=pointed.round, type_guessed=True)
    entry = calendar.notice(message.calendars, context.zone, context.owners)
    if entry is None:
        return prose
    action = entry.action
    if action is InterviewAction.RESCHEDULE and prose.action is InterviewAction.CONFIRM:
        action = InterviewAction.CONFIRM  # an update that moves nothing: another interviewer, another link
    elif action is InterviewAction.INVITE and prose.action in {InterviewAction.CONFIRM, InterviewAction.RESCHEDULE}:
        action = prose.action
    elif prose.action is InterviewAction.CANCEL and prose.start_at in {None, entry.start_at}:
        action = InterviewAction.CANCEL
    return replace(
        entry,
        action=action,
        start_at=entry.start_at or prose.start_at,
        zone=entry.zone or prose.zone,
        duration_min=entry.duration_min or prose.duration_min,
        type=prose.type if entry.type is InterviewType.OTHER else entry.type,
        type_guessed=prose.type_guessed and entry.type is InterviewType.OTHER,
        interviewers=entry.interviewers or prose.interviewers,
        location=entry.location or prose.location,
        video_link=entry.video_link or prose.video_link,
    )


def _signal(
    message: Message, context: Context, judgement: Judgement, found: Details, interview: InterviewNotice | None
) -> Signal:
    signal = replace(
        envelope(message, context),
        kind=judgement.kind,
        detail=judgement.detail,
        confidence=judgement.confidence,
        other=judgement.other,
        evidence=_personal(judgement.evidence),
        language=judgement.language,
        urgent=found.urgent,
        company=_personal(found.company),
        role=_personal(found.role),
        location=_personal(found.location),
        ats=found.ats,
        requisition_id=found.requisition_id,
        deadline=found.deadline,
        promised=found.promised,
        interview=interview,
        agency=_personal(found.agency),
    )
    return strict(signal) if context.privacy is PrivacyLevel.STRICT else signal


def envelope(message: Message, context: Context) -> Signal:
    """What every signal holds, read or not."""
    theirs = (message.recipients[0].domain if message.recipients else "") if message.sent else message.sender.domain
    return Signal(
        id=signal_id(message.mailbox_id, message.provider_message_id),
        mailbox_id=message.mailbox_id,
        provider_message_id=message.provider_message_id,
        received_at=message.received_at,
        message_id=message.message_id,
        thread_id=message.thread_id,
        references=message.references,
        digest=message.digest,
        sender=message.sender,
        domain=senders.employer_domain(theirs),
        free_mail=senders.is_freemail(theirs),
        recipients=message.recipients[:10] if message.sent else (),
        subject=message.subject,
        sent=message.sent,
        origin=message.origin,
        authenticity=message.authenticity,
        mode=context.mode,
        model_version=version.current(),
    )


def _unreadable(message: Message, context: Context, why: str) -> Reading:
    signal = replace(envelope(message, context), kind=None, error=why)
    signal = strict(signal) if context.privacy is PrivacyLevel.STRICT else signal
    return Reading(message=message, signal=signal, decision=decide(signal), job_related=False, explanation=(why,))


def _personal(value: str | None) -> Personal | None:
    return Personal(value) if value else None
