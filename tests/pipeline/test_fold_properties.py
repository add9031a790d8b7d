"""The fold is a pure, total function of the set of facts; folding step by step is folding from scratch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from memory import Memory, exported
from strategies import START, facts, lessons, signal, signals

from hearback.model.act import Undo, named
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId
from hearback.model.signal import Signal
from hearback.pipeline.folding import fold


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
    pointing = {fact_id(fact) for fact in made if not isinstance(fact, Signal) and taken_back.id in named(fact)}
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
