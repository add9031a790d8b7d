"""A signal as the person says it reads: later corrections of a field replace earlier ones; a kind decides what else it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from hearback.model.act import Correct
from hearback.model.signal import InterviewAction, InterviewNotice, Kind, Signal

#: Field of Correct → field of Signal, of any kind of mail.
_FIELDS: Final = {
    "company": "company",
    "role": "role",
    "location": "location",
    "requisition_id": "requisition_id",
    "agency": "agency",
    "urgent": "urgent",
}
#: Field of Correct → field of InterviewNotice.
_NOTICE: Final = {
    "action": "action",
    "start_at": "start_at",
    "zone": "zone",
    "duration_min": "duration_min",
    "round_type": "type",
    "interviewers": "interviewers",
    "place": "location",
    "video_link": "video_link",
}


def corrected_by(signal: Signal, acts: Sequence[Correct]) -> Signal:
    """The signal once `acts`, in order, are heard. What a kind of mail does not have is left out, whatever was said of it."""
    kinds = [act.kind for act in acts if act.kind is not None]
    if kinds:
        signal = as_kind(signal, kinds[-1])
    changes = _said(acts, _FIELDS)
    if signal.kind is Kind.STATUS_UPDATE or signal.sent:
        changes |= _said(acts, {"detail": "detail"})
    if signal.kind in {Kind.ASSESSMENT, Kind.OFFER}:
        changes |= _said(acts, {"deadline": "deadline"})
    if signal.kind is Kind.INTERVIEW_INVITATION and (notice := _said(acts, _NOTICE)):
        before = signal.interview or InterviewNotice(action=InterviewAction.INVITE)
        if "type" in notice:
            before = replace(before, type_guessed=False)
        changes["interview"] = replace(before, **notice)
    return replace(signal, **changes) if changes else signal


def _said(acts: Sequence[Correct], fields: dict[str, str]) -> dict[str, Any]:
    """The last word on each field; what is emptied is None again."""
    found: dict[str, Any] = {}
    for act in acts:
        for name, field in fields.items():
            value = getattr(act, name)
            if value is not None:
                found[field] = None if value in ("", 0) and value is not False else value
    return found


def as_kind(signal: Signal, kind: Kind) -> Signal:
    """The signal as one of `kind`: what was read of it as another kind goes, and so does that it could not be read."""
    signal = replace(signal, error=None, other=0.0, faint=False)
    if signal.kind is kind:
        return signal
    interview = signal.interview if kind is Kind.INTERVIEW_INVITATION else None
    return replace(signal, kind=kind, detail=None, interview=interview)
