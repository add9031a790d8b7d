"""What waits for the person, with the reason in plain words."""

from __future__ import annotations

from typing import Final

from hearback.model.application import ReviewItem
from hearback.model.deciding import decide
from hearback.model.ids import FactId, Personal
from hearback.model.message import Authenticity, Origin
from hearback.model.person import AutomationMode
from hearback.model.signal import Signal

SEVERAL_FIT: Final = "Several of your applications at this employer fit; choose which one it is about."
NO_NAMES: Final = "It does not say which application it is about."
OTHER_WAITS: Final = "It may belong with another mail that waits; settle that one first, or choose an application."
OVERTURNS: Final = "It would overturn what you decided yourself."
GRAVE: Final = "A rejection or an offer that comes without an application on your board needs your word."
RULED_OUT: Final = "A rule of yours says that it is none of your job search."
FAINT: Final = "It comes from where your application is, and Hearback cannot tell whether it is news."
LEFT_OUT: Final = "You said of a mail like this that it is about no application."
BLOCKED: Final = "You ignore mail of this sender."
AFTER_REJECTION: Final = "It came after a rejection; only you can say whether the application is open again."


def reason(signal: Signal, *, learned: bool = False) -> str:
    """Why the signal was not applied by itself; `learned`: a correction of other mail says what it is."""
    if signal.error is not None:
        return signal.error
    if signal.authenticity is Authenticity.FAIL:
        return "The sender could not be verified: the mail may be forged."
    if signal.doubt is not None:
        return str(signal.doubt)
    if signal.authenticity is Authenticity.NONE and signal.origin is Origin.LIVE:
        return "The mail provider did not say whether the sender is genuine."
    if signal.mode is AutomationMode.REVIEW:
        return "You asked to review everything."
    if learned:
        return GRAVE
    if signal.faint:
        return FAINT
    return f"Hearback is only {round(signal.confidence * 100)} % sure what it means."


def item(signal: Signal, why: str) -> ReviewItem:
    """The review item of a signal; which applications it may belong to is added by pipeline.candidates."""
    return ReviewItem(
        fact=FactId(signal.id),
        at=signal.at,
        kind=signal.kind,
        confidence=signal.confidence,
        reason=why,
        detail=signal.detail,
        company=signal.company,
        role=signal.role,
        location=signal.location,
        requisition_id=signal.requisition_id,
        agency=signal.agency,
        deadline=signal.deadline,
        interview=signal.interview,
        urgent=signal.urgent,
        subject=signal.subject,
        sender=Personal(signal.sender.name or signal.sender.address),
        address=signal.sender.address,
        evidence=signal.evidence,
        doubtful=signal.doubt is not None or signal.authenticity is Authenticity.FAIL,
        template=signal.template,
        would=decide(signal, AutomationMode.SMART),
        ruled=signal.ruled,
    )
