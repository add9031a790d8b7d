"""A dry run: what the person's rules would change in the mail of before, told by folding it both ways. Changes nothing.

What is shown is the difference of two folds, so that it is true whatever else holds: a word of the person's, a forged
sender, a mail too unsure to act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from hearback.model.act import ApplyRules, in_batch
from hearback.model.application import Folded, Stage
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId, Personal
from hearback.model.lesson import Lesson, SenderWord
from hearback.model.message import Address
from hearback.model.rule import Rules
from hearback.model.signal import Kind, Ruled, Signal
from hearback.pipeline.acts import corrected
from hearback.pipeline.conflicts import Contradiction, contradictions
from hearback.pipeline.folding import fold_heard
from hearback.pipeline.hearing import Heard, hear
from hearback.pipeline.lessons import Reader, lessons_of
from hearback.pipeline.rules import ruling, seen

Place = Literal["application", "review", "left_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a mail stands, and what it does there."""

    place: Place
    kind: Kind | None = None
    company: Personal | None = None
    role: Personal | None = None
    moves_to: Stage | None = None
    """The stage this mail moves its application to."""
    stage: Stage | None = None
    """The application's, by now."""
    tags: tuple[Personal, ...] = ()


OUT = Filed(place="left_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What rules would change about one mail."""

    fact: FactId
    at: datetime
    sender: Address
    subject: Personal
    kind: Kind | None
    """As it is read without rules."""
    company: Personal | None
    names: tuple[Personal, ...]
    """Of the rules that decide."""
    before: Filed
    after: Filed


@dataclass
class Trial:
    """What came of it."""

    fitting: int = 0
    """Mails that any rule fits."""
    effects: list[Effect] = field(default_factory=list)
    """Those that would change, in no order."""
    bundles: list[list[ApplyRules]] = field(default_factory=list)
    """The acts that would do it, those about connected mail together."""
    contradictions: Counter[Contradiction] = field(default_factory=Counter)
    """Pairs of rules that say different things, and of how many mails."""
    examples: dict[Contradiction, Personal] = field(default_factory=dict)
    """A subject of each."""


def trial(
    rules: Rules,
    components: Iterable[Sequence[Fact]],
    lessons: Sequence[Lesson | SenderWord],
    *,
    now: datetime,
    batch: str,
) -> Trial:
    """Try the rules on connected facts; the acts get ids of `batch`, counted on."""
    done = Trial()
    number = 0
    for facts in components:
        outcomes = _outcomes(rules, facts, lessons, done)
        if not outcomes:
            continue
        acts = []
        for about, ruled in outcomes:
            acts.append(ApplyRules(id=in_batch(batch, number), at=now, batch=batch, about=about, ruled=ruled))
            number += 1
        before, after = _filed(facts, lessons), _filed([*facts, *acts], lessons)
        effects = list(_effects(facts, acts, before, after))
        if effects:
            done.effects += effects
            done.bundles.append(acts)
    return done


def _outcomes(
    rules: Rules, facts: Sequence[Fact], lessons: Sequence[Lesson | SenderWord], done: Trial
) -> list[tuple[FactId, Ruled]]:
    """What the rules make of each mail, where that is not what holds by now."""
    found: list[tuple[FactId, Ruled]] = []
    heard = hear(facts)
    for signal in _unruled(facts, lessons):
        if signal.sent:
            continue
        mail = seen(signal)
        ruled = ruling(rules, mail)
        if ruled is None:
            continue
        done.fitting += 1
        for each in contradictions(rules, mail):
            done.contradictions[each] += 1
            done.examples.setdefault(each, signal.subject)
        holds = next((each.ruled for each in heard.signals if each.id == signal.id), None)
        if ruled.files and _filing(ruled) != _filing(holds):
            found.append((FactId(signal.id), replace(ruled, notify=False)))
    return found


def _filing(ruled: Ruled | None) -> tuple[object, ...]:
    return (ruled.kind, ruled.stage, ruled.tags, ruled.ignore) if ruled is not None else (None, None, (), False)


def _unruled(facts: Sequence[Fact], lessons: Sequence[Lesson | SenderWord]) -> list[Signal]:
    """The mails as they read without rules: with what the person taught, and said of them."""
    plain = [
        replace(fact, ruled=None) if isinstance(fact, Signal) else fact
        for fact in facts
        if not isinstance(fact, ApplyRules)
    ]
    heard = hear(plain)
    reader = Reader(heard, [each for each in _known(plain, heard, lessons) if isinstance(each, Lesson)])
    return [corrected(reader.read(each).signal, heard.spoken.word(FactId(each.id))) for each in heard.signals]


def _known(facts: Iterable[Fact], heard: Heard, lessons: Sequence[Lesson | SenderWord]) -> list[Lesson | SenderWord]:
    """All lessons, those of these facts as they teach them."""
    mine = {fact_id(each) for each in facts}
    return [*(each for each in lessons if each.about not in mine), *lessons_of(heard)]


def _filed(facts: Sequence[Fact], lessons: Sequence[Lesson | SenderWord]) -> Mapping[FactId, Filed]:
    heard = hear(facts)
    folded = fold_heard(heard, _known(facts, heard, lessons))
    return _places(folded)


def _places(folded: Folded) -> dict[FactId, Filed]:
    found = {item.fact: Filed(place="left_out", kind=item.kind) for item in folded.left_out}
    for application in folded.applications:
        for entry in application.timeline:
            found[entry.fact] = Filed(
                place="application",
                kind=entry.kind,
                company=application.company,
                role=application.role,
                moves_to=entry.stage,
                stage=application.stage,
                tags=application.tags,
            )
    for item in folded.review:
        found[item.fact] = Filed(place="review", kind=item.kind, company=item.company, role=item.role)
    return found


def _effects(
    facts: Sequence[Fact], acts: Sequence[ApplyRules], before: Mapping[FactId, Filed], after: Mapping[FactId, Filed]
) -> Iterable[Effect]:
    signals = {fact_id(fact): fact for fact in facts if isinstance(fact, Signal)}
    for act in acts:
        signal = signals[act.about]
        was, becomes = before.get(act.about, OUT), after.get(act.about, OUT)
        if was != becomes:
            yield Effect(
                fact=act.about,
                at=signal.at,
                sender=signal.sender,
                subject=signal.subject,
                kind=signal.kind,
                company=signal.company,
                names=act.ruled.names,
                before=was,
                after=becomes,
            )
