"""Connected facts, heard: each mail once, and the person's acts, those about a copy moved to its original."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hearback.model.act import ApplyRules, named, renamed
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId
from hearback.model.signal import Ability, Signal
from hearback.pipeline.acts import Said, order, said
from hearback.pipeline.rulings import ruled


@dataclass(frozen=True, slots=True)
class Heard:
    """One component's facts, ready to be folded."""

    signals: tuple[Signal, ...]
    """As read, and as rules make it read, in canonical order, duplicates left out."""
    twins: Mapping[FactId, FactId]
    """Copies and the originals they stand behind."""
    spoken: Said

    @property
    def acted_on(self) -> Mapping[FactId, datetime]:
        """Facts that an act which holds names, in whatever way, and when one first did. Applying rules names none."""
        first: dict[FactId, datetime] = {}
        for act in self.spoken.all:  # in order
            if isinstance(act, ApplyRules):
                continue
            for each in named(act):
                first.setdefault(each, act.at)
        return first


def hear(facts: Iterable[Fact]) -> Heard:
    """Sort connected facts into mail and what the person said of it."""
    unique = sorted({fact_id(fact): fact for fact in facts}.values(), key=order)
    spoken = said(fact for fact in unique if not isinstance(fact, Signal))
    signals, twins = _without_duplicates([fact for fact in unique if isinstance(fact, Signal)])
    spoken = _about_originals(spoken, twins)
    return Heard(tuple(ruled(each, spoken.word(FactId(each.id)).ruled) for each in signals), twins, spoken)


def _without_duplicates(signals: Sequence[Signal]) -> tuple[list[Signal], dict[FactId, FactId]]:
    """The same mail in two mailboxes (Message-ID and sender and digest) once; copies point to the first."""
    first: dict[tuple[str, str, str], Signal] = {}
    kept: list[Signal] = []
    twins: dict[FactId, FactId] = {}
    for signal in signals:
        key = (signal.message_id, signal.sender.address, signal.digest)
        detected = signal.digest and Ability.DUPLICATE_DETECTION not in signal.off
        original = first.setdefault(key, signal) if detected else signal
        if original is signal:
            kept.append(signal)
        else:
            twins[FactId(signal.id)] = FactId(original.id)
    return kept, twins


def _about_originals(spoken: Said, twins: dict[FactId, FactId]) -> Said:
    """Acts about a copy are about the original."""
    if not twins:
        return spoken
    return said(renamed(act, lambda fact: twins.get(fact, fact)) for act in spoken.all)
