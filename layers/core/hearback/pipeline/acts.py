"""Which acts hold, and what they say of each signal. Undo takes an act back exactly, an undone Undo brings it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hearback.model.act import (
    Act,
    Add,
    ApplyRules,
    Confirm,
    Correct,
    Edit,
    Ignore,
    Link,
    MarkPrimary,
    Merge,
    NotTheSame,
    Revert,
    SetStage,
    Split,
    Undo,
)
from hearback.model.deciding import decide
from hearback.model.ids import FactId
from hearback.model.signal import Decision, Kind, Signal
from hearback.pipeline.corrections import corrected_by


def order(fact: Signal | Act) -> tuple[datetime, str, str]:
    """What everything is ordered by: time, then the provider's message id (the same in any mailbox id), then the id."""
    own = fact.provider_message_id if isinstance(fact, Signal) else fact.id
    return (fact.at, own, fact.id)


def effective(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts that hold, in order, Undo itself left out. Total: an Undo of nothing undoes nothing."""
    ordered = sorted(acts, key=lambda act: (act.at, act.id))
    gone = undone(ordered)
    return tuple(act for act in ordered if not isinstance(act, Undo) and act.id not in gone)


def undone(acts: Iterable[Act]) -> set[str]:
    """The ids of what is taken back, Undos included. What is not in here is in force."""
    gone: set[str] = set()
    for act in sorted(acts, key=lambda act: (act.at, act.id), reverse=True):
        if isinstance(act, Undo) and act.id not in gone and str(act.about) != str(act.id):
            gone.add(act.about)
    return gone


@dataclass
class Word:
    """What the person said about one signal; later words replace earlier ones of the same sort."""

    confirmed: Confirm | None = None
    ignored: Ignore | None = None
    corrected: list[Correct] = field(default_factory=list)
    reverted: Revert | None = None
    linked: Link | Confirm | None = None
    split: Split | None = None
    edits: list[Edit] = field(default_factory=list)
    ruled: ApplyRules | None = None
    staged: list[SetStage] = field(default_factory=list)

    @property
    def placed(self) -> bool:
        """They said where it belongs."""
        return self.linked is not None or self.split is not None

    @property
    def vouched(self) -> bool:
        """They said something that takes the mail for genuine."""
        return self.confirmed is not None or bool(self.corrected) or self.placed


@dataclass(frozen=True, slots=True)
class Said:
    """All acts that hold, sorted by what they are about."""

    about: Mapping[FactId, Word]
    joins: tuple[Merge | MarkPrimary, ...]
    """What makes applications one, and which of them is primary."""
    partings: tuple[Split | NotTheSame, ...]
    """What keeps applications apart."""
    adds: tuple[Add, ...]
    all: tuple[Act, ...]

    def word(self, fact: FactId) -> Word:
        """The person's word on `fact`; an empty one where there is none."""
        return self.about.get(fact) or Word()

    def sides(self, fact: Signal | Add) -> set[tuple[str, bool]]:
        """On which side of each parting `fact` stands: matching never joins one side with the other.

        A Split parts what it names from all that came before it, a NotTheSame only the two facts it names.
        """
        id_, found = FactId(fact.id), set[tuple[str, bool]]()
        for act in self.partings:
            if isinstance(act, NotTheSame):
                found |= {(act.id, side) for each, side in ((act.about, True), (act.other, False)) if each == id_}
            elif id_ in act.signals:
                if self.word(id_).split is act:
                    found.add((act.id, True))
            elif fact.at <= act.at or id_ == act.about:
                found.add((act.id, False))
        return found


def said(acts: Iterable[Act]) -> Said:
    """Sort the acts that hold."""
    held = effective(acts)
    about: dict[FactId, Word] = {}

    def word(fact: FactId) -> Word:
        return about.setdefault(FactId(fact), Word())

    for act in held:
        match act:
            case Confirm():
                word(act.about).confirmed = act
                word(act.about).ignored = None
                if act.application is not None:
                    word(act.about).linked, word(act.about).split = act, None
            case Ignore():
                word(act.about).ignored, word(act.about).confirmed = act, None
            case Correct():
                word(act.about).corrected.append(act)
            case Revert():
                word(act.about).reverted = act
            case Link():
                word(act.about).linked, word(act.about).split = act, None
            case Split():
                for each in act.signals:
                    word(each).linked, word(each).split = None, act
            case Edit():
                word(act.about).edits.append(act)
            case SetStage():
                word(act.about).staged.append(act)
            case ApplyRules():
                word(act.about).ruled = act
            case _:
                pass
    return Said(
        about,
        tuple(act for act in held if isinstance(act, Merge | MarkPrimary)),
        tuple(act for act in held if isinstance(act, Split | NotTheSame)),
        tuple(act for act in held if isinstance(act, Add)),
        held,
    )


def corrected(signal: Signal, word: Word) -> Signal:
    """The signal as the person says it reads."""
    return corrected_by(signal, word.corrected)


def decision(signal: Signal, word: Word) -> Decision:
    """What happens to the signal (already corrected), the person's word first."""
    if word.ignored is not None:
        return Decision.IGNORE
    if signal.kind is Kind.OTHER and not signal.sent:
        return Decision.IGNORE
    if word.vouched and signal.kind is not None:
        return Decision.APPLY
    if signal.ruled is not None and signal.ruled.ignore:
        return Decision.IGNORE
    return decide(signal)
