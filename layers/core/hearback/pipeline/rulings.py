"""How what the person's rules made of a mail enters the fold (decision 19).

The outcome is a value, stamped on the signal when it comes, or given by an ApplyRules act since: the fold never asks what the
rules are by now. What the person says of the mail itself outranks it; of that and what they taught, their later word counts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from hearback.model.act import ApplyRules
from hearback.model.message import Authenticity
from hearback.model.signal import Signal
from hearback.pipeline.acts import Word
from hearback.pipeline.corrections import as_kind

RULED: Final = 0.99
"""How sure a kind is that a rule gives: its author said so. Who the sender is stays to be proven (model.deciding)."""


def ruled(signal: Signal, applied: ApplyRules | None = None) -> Signal:
    """The signal as rules make it read: as they stood when it came, or as an act applied them since."""
    word = replace(applied.ruled, at=applied.at) if applied is not None else signal.ruled
    if signal.sent or word is None:
        return replace(signal, ruled=None) if signal.ruled is not None else signal
    if not word.files:
        return replace(signal, ruled=None)
    after = replace(signal, ruled=word)
    if word.kind is None or signal.error is not None:  # what could not be read waits for the person, whoever it is from
        return after
    sure = signal.confidence if signal.kind is word.kind else 0.0
    return replace(as_kind(after, word.kind), confidence=max(sure, RULED))


def overruled(signal: Signal) -> Signal:
    """The signal once something else says of what kind it is: what rules say of kind and stage is about another."""
    if signal.ruled is None:
        return signal
    left = replace(signal.ruled, kind=None, stage=None)
    return replace(signal, ruled=left if left.files else None)


def told(signal: Signal) -> bool:
    """Whether a rule wants the arrival told: never of forged mail, and not of what is left out."""
    return (
        signal.ruled is not None
        and signal.ruled.notify
        and not signal.ruled.leaves_out
        and signal.authenticity is not Authenticity.FAIL
    )


def decided_after(signal: Signal, moment: datetime) -> bool:
    """Whether a rule gave the mail its kind later than the person said something else of mail like it."""
    return signal.ruled is not None and signal.ruled.kind is not None and signal.ruled.at >= moment


def ruled_out(signal: Signal, word: Word) -> bool:
    """Whether a rule is why the mail is in no application, and not the person's own word on it."""
    return signal.ruled is not None and signal.ruled.leaves_out and word.ignored is None and not word.corrected
