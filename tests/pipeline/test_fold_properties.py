"""The fold is a pure, total function of the set of facts; folding step by step is folding from scratch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import START, facts, lessons, signal, signals

from hearback.model.act import Undo
from hearback.model.application import Folded
from hearback.model.change import Change, Component
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, PersonId
from hearback.model.lesson import Lesson, Lessons
from hearback.model.signal import Signal
from hearback.pipeline import canonical
from hearback.pipeline.folding import application_order, fold, review_order
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import fold_again, plan, revise

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def exported(folded: Folded) -> bytes:
    return canonical.canonical_bytes(canonical.export(folded, owner="me", mailboxes=(), ledger=(), as_of=NOW))


class Memory:
    """Components as a store keeps them: keys lead to components, merged ones are gone."""

    def __init__(self) -> None:
        self.components: dict[str, Component] = {}
        self.keys: dict[str, str] = {}
        self.facts: dict[str, Fact] = {}
        self.taught: dict[str, Lesson] = {}
        self.spreading: set[str] = set()

    def add(self, new: list[Fact]) -> None:
        fresh = [fact for fact in new if fact_id(fact) not in self.facts]
        keys = frozenset[str]().union(*(link_keys(fact) for fact in fresh)) if fresh else frozenset[str]()
        touched = {self.keys[key] for key in keys if key in self.keys}
        sources = [self.components[each] for each in sorted(touched)]
        self.record(plan(PersonId("me"), fresh, sources, lessons=self.lessons(), now=NOW, silent=True))
        self.spread()

    def revise(self, said: Signal) -> None:
        """A new model reads a stored signal's mail otherwise."""
        old = self.facts[fact_id(said)]
        touched = {self.keys[key] for key in link_keys(old) | link_keys(said) if key in self.keys}
        sources = [self.components[each] for each in sorted(touched)]
        self.record(revise(PersonId("me"), said, sources, lessons=self.lessons(), now=NOW))
        self.spread()

    def spread(self) -> None:
        """What was taught is shown elsewhere, as sync.learning does it."""
        for component in list(self.components.values()):
            senders = {fact.sender.address for fact in component.facts if isinstance(fact, Signal)}
            if senders & self.spreading:
                change = fold_again(PersonId("me"), component, self.lessons(), now=NOW)
                if change is not None:
                    self.record(change)
        self.spreading.clear()

    def lessons(self) -> Lessons:
        return Lessons(taught=tuple(self.taught.values()))

    def record(self, change: Change) -> None:
        if change.teaching is not None:
            for about in change.teaching.forgotten:
                del self.taught[about]
            self.taught |= {each.about: each for each in change.teaching.learned}
            self.spreading |= set(change.teaching.spreading)
        self.facts |= {fact_id(fact): fact for fact in (*change.facts, *change.replaced)}
        for write in change.components:
            for id_, version in write.expected:
                assert version == 0 or self.components[id_].version == version
                for key, target in self.keys.items():
                    if target == id_:
                        self.keys[key] = write.id
                self.components.pop(id_, None)
            self.components[write.id] = Component(
                id=write.id,
                version=1,
                facts=tuple(self.facts[id_] for id_ in write.facts),
                applications=write.applications,
                review=write.review,
                left_out=write.left_out,
            )
            self.keys |= dict.fromkeys(write.link_keys, write.id)

    def folded(self) -> Folded:
        held = self.components.values()
        return Folded(
            applications=tuple(sorted((a for c in held for a in c.applications), key=application_order)),
            review=tuple(sorted((r for c in held for r in c.review), key=review_order)),
            left_out=tuple(sorted((r for c in held for r in c.left_out), key=review_order)),
        )


@given(facts() | lessons(), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_facts_exports_the_same_bytes(made: list[Fact], dice: Any) -> None:
    """Shuffled and duplicated facts fold to the same bytes."""
    shuffled = made + [fact for fact in made if dice.random() < 0.5]
    dice.shuffle(shuffled)
    assert exported(fold(made)) == exported(fold(shuffled))


@given(facts() | lessons(), st.randoms(use_true_random=False))
def test_step_by_step_is_from_scratch(made: list[Fact], dice: Any) -> None:
    """Facts recorded in chunks of any order give what one fold of them all gives."""
    order = list(made)
    dice.shuffle(order)
    memory = Memory()
    while order:
        size = dice.randint(1, 3)
        memory.add(order[:size])
        order = order[size:]
    assert exported(fold(made)) == exported(memory.folded())


@given(facts() | lessons(), st.data(), st.randoms(use_true_random=False))
def test_mail_read_again_is_as_if_it_had_been_read_so_at_first(
    made: list[Fact], data: st.DataObject, dice: Any
) -> None:
    """Some signals are replaced by other readings of the same mail between other facts: the end is that of the last ones."""
    order = list(made)
    dice.shuffle(order)
    memory = Memory()
    for fact in order:
        memory.add([fact])
        known = [each for each in memory.facts.values() if isinstance(each, Signal)]
        if known and dice.random() < 0.4:
            old = data.draw(st.sampled_from(known))
            new = data.draw(signals(50))
            memory.revise(
                replace(
                    new,
                    id=old.id,
                    mailbox_id=old.mailbox_id,
                    provider_message_id=old.provider_message_id,
                    received_at=old.received_at,
                )
            )
    assert exported(fold(memory.facts.values())) == exported(memory.folded())


@given(facts() | lessons(), st.data())
def test_undoing_an_act_is_never_having_done_it(made: list[Fact], data: st.DataObject) -> None:
    """An act followed by its Undo leaves the export as it was without both."""
    acts = [fact for fact in made if not isinstance(fact, Signal)]
    if not acts:
        return
    taken_back = data.draw(st.sampled_from(acts))
    pointing = {fact_id(fact) for fact in made if getattr(fact, "about", None) == taken_back.id}
    pointing |= {
        fact_id(fact)
        for fact in made
        if taken_back.id in {getattr(fact, "application", None), getattr(fact, "other", None)}
    }
    rest = [fact for fact in made if fact_id(fact) not in pointing]
    undo = Undo(id=ActId("undo"), at=START + timedelta(days=40), about=taken_back.id)
    without = [fact for fact in rest if fact is not taken_back]
    assert exported(fold(without)) == exported(fold([*rest, undo]))


@given(facts() | lessons())
def test_an_undone_undo_brings_the_act_back(made: list[Fact]) -> None:
    """Undo of an Undo is the act itself."""
    acts = [fact for fact in made if not isinstance(fact, Signal)]
    if not acts:
        return
    undo = Undo(id=ActId("undo-a"), at=START + timedelta(days=40), about=acts[-1].id)
    again = Undo(id=ActId("undo-b"), at=START + timedelta(days=41), about=undo.id)
    assert exported(fold(made)) == exported(fold([*made, undo, again]))


def test_application_ids_are_no_part_of_the_export() -> None:
    """Ids given at first sight depend on arrival; the export does not."""
    memory = Memory()
    memory.add([signal(2)])
    memory.add([signal(1)])
    assert exported(memory.folded()) == exported(fold([signal(1), signal(2)]))
    assert memory.folded().applications[0].id
