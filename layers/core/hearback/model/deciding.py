"""From which certainty a signal may act by itself (FEATURES 2.8): the one table."""

from __future__ import annotations

from typing import Final

from hearback.model.message import Authenticity, Origin
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision, Kind, Signal

#: mode → (threshold, threshold for a rejection or an offer). None: never by itself.
THRESHOLDS: Final[dict[AutomationMode, tuple[float, float] | None]] = {
    AutomationMode.REVIEW: None,
    AutomationMode.SMART: (0.95, 0.98),
    AutomationMode.AUTOMATIC: (0.80, 0.90),
}

LIKELIER: Final = 10
"""A mail of a known process is so many times likelier to be about it than any mail is to be about some process."""

_GRAVE = frozenset({Kind.REJECTION, Kind.OFFER})


#: The same where the thread or the employer is known from an application of the person's.
KNOWN: Final[dict[AutomationMode, tuple[float, float] | None]] = {
    AutomationMode.REVIEW: None,
    AutomationMode.SMART: (0.85, 0.90),
    AutomationMode.AUTOMATIC: (0.60, 0.75),
}


def decide(signal: Signal, mode: AutomationMode | None = None, *, known: bool = False) -> Decision:
    """What happens to `signal` under `mode` (default: the mode stamped on it); `known`: its process is known.

    The person's own sent mail acts as they do. Live mail must be authenticated; an import is vouched for by its
    owner unless the provider said that authentication failed: then not even mail in the person's name acts. What is in doubt (an address
    that looks like another's, an offer with signs of a scam) waits, however sure its words are.
    """
    if signal.kind is None or signal.error is not None:
        return Decision.REVIEW
    if (signal.kind is Kind.OTHER or (signal.faint and not known)) and not signal.sent:
        return Decision.IGNORE
    if signal.authenticity is Authenticity.FAIL:
        return Decision.REVIEW
    if signal.sent:
        return Decision.APPLY
    if signal.doubt is not None:
        return Decision.REVIEW
    if signal.authenticity is Authenticity.NONE and signal.origin is Origin.LIVE:
        return Decision.REVIEW
    thresholds = (KNOWN if known else THRESHOLDS)[mode or signal.mode]
    if thresholds is None:
        return Decision.REVIEW
    needed = thresholds[1] if signal.kind in _GRAVE else thresholds[0]
    return Decision.APPLY if (surer(signal) if known else signal.confidence) >= needed else Decision.REVIEW


def surer(signal: Signal) -> float:
    """How sure its kind is once its process is known: then it is so many times less likely to be about something else."""
    return min(signal.confidence / (1 - signal.other + signal.other / LIKELIER), 1.0)
