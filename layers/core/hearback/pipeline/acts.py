"""Which acts hold, and what they say of each signal. Undo takes an act back exactly, an undone Undo brings it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hearback.model.act import Act, Add, Confirm, Correct, Edit, Ignore, Link, Merge, Revert, Undo
from hearback.model.deciding import decide
from hearback.model.ids import FactId
from hearback.model.signal import Decision, Kind, Signal


def order(fact: Signal | Act) -> tuple[datetime, str, str]:
    """What everything is ordered by: time, then the provider's message id (the same in any mailbox id), then the id."""
    own = fact.provider_message_id if isinstance(fact, Signal) else fact.id
    return (fact.at, own, fact.id)


def effective(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts that hold, in order, Undo itself left out. Total: an Undo of nothing undoes nothing."""
    ordered = sorted(acts, key=lambda act: (act.at, act.id))
    undone: set[str] = set()
    for act in reversed(ordered):
        if isinstance(act, Undo) and act.id not in undone and str(act.about) != str(act.id):
            undone.add(act.about)
    return tuple(act for act in ordered if not isinstance(act, Undo) and act.id not in undone)


@dataclass
class Word:
    """What the person said about one signal; later words replace earlier ones of the same sort."""

    confirmed: Confirm | None = None
    ignored: Ignore | None = None
    corrected: list[Correct] = field(default_factory=list)
    reverted: Revert | None = None
    linked: Link | Confirm | None = None
    edits: list[Edit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """All acts that hold, sorted by what they are about."""

    about: Mapping[FactId, Word]
    merges: tuple[Merge, ...]
    adds: tuple[Add, ...]
    all: tuple[Act, ...]

    def word(self, fact: FactId) -> Word:
        """The person's word on `fact`; an empty one where there is none."""
        return self.about.get(fact) or Word()


def said(acts: Iterable[Act]) -> Said:
    """Sort the acts that hold."""
    held = effective(acts)
    about: dict[FactId, Word] = {}
    for act in held:
        if isinstance(act, Add | Merge):
            continue
        word = about.setdefault(FactId(act.about), Word())
        match act:
            case Confirm():
                word.confirmed = act
                word.ignored = None
                if act.application is not None:
                    word.linked = act
            case Ignore():
                word.ignored, word.confirmed = act, None
            case Correct():
                word.corrected.append(act)
            case Revert():
                word.reverted = act
            case Link():
                word.linked = act
            case Edit():
                word.edits.append(act)
            case _:
                pass
    return Said(
        about,
        tuple(act for act in held if isinstance(act, Merge)),
        tuple(act for act in held if isinstance(act, Add)),
        held,
    )


def corrected(signal: Signal, word: Word) -> Signal:
    """The signal as the person says it reads."""
    kinds = [act.kind for act in word.corrected if act.kind is not None]
    for act in word.corrected:
        interview = signal.interview
        if act.start_at is not None and interview is not None:
            interview = replace(interview, start_at=act.start_at)
        signal = replace(
            signal, company=act.company or signal.company, role=act.role or signal.role, interview=interview
        )
    return as_kind(signal, kinds[-1]) if kinds else signal


def as_kind(signal: Signal, kind: Kind) -> Signal:
    """The signal as one of `kind`: what was read of it as another kind goes, and so does that it could not be read."""
    if signal.kind is kind:
        return replace(signal, error=None)
    interview = signal.interview if kind is Kind.INTERVIEW_INVITATION else None
    return replace(signal, kind=kind, detail=None, interview=interview, error=None)


def decision(signal: Signal, word: Word) -> Decision:
    """What happens to the signal (already corrected), the person's word first."""
    if word.ignored is not None:
        return Decision.IGNORE
    if signal.kind is Kind.OTHER and not signal.sent:
        return Decision.IGNORE
    if (word.confirmed is not None or word.corrected or word.linked is not None) and signal.kind is not None:
        return Decision.APPLY
    return decide(signal)
