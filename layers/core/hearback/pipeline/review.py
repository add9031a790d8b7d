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
OVERTURNS: Final = "It would overturn what you decided yourself."
GRAVE: Final = "A rejection or an offer that comes without an application on your board needs your word."
LEFT_OUT: Final = "You said of a mail like this that it is about no application."
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
    return f"Hearback is only {round(signal.confidence * 100)} % sure what it means."


def item(signal: Signal, why: str, suggestion: FactId | None) -> ReviewItem:
    """The review item of a signal."""
    return ReviewItem(
        fact=FactId(signal.id),
        at=signal.at,
        kind=signal.kind,
        confidence=signal.confidence,
        reason=why,
        company=signal.company,
        role=signal.role,
        subject=signal.subject,
        sender=Personal(signal.sender.name or signal.sender.address),
        evidence=signal.evidence,
        suggestion=suggestion,
        would=decide(signal, AutomationMode.SMART),
    )
