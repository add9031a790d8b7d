"""A dry run tells what applying would do: exactly that, and nothing is left to find out afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import RULE_LISTS, START, facts, lessons, rule, rules, signal
from test_fold_properties import Memory, exported

from hearback.model.act import ApplyRules, SetStage, Undo
from hearback.model.application import Stage
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.rule import Rules
from hearback.model.signal import Kind
from hearback.pipeline.folding import fold
from hearback.pipeline.grouping import components
from hearback.pipeline.trial import Trial, trial

NOW = START + timedelta(days=50)
ACME = signal(1)
NEWS = signal(2, kind=Kind.STATUS_UPDATE, confidence=0.97, subject=Personal("News"))
OTHER = signal(3, company=Personal("Zenith"), domain="zenith.example", subject=Personal("News"))


def tried(made: Rules, *every: Fact) -> Trial:
    return trial(made, components(every), [], now=NOW, batch="b")


def acts(found: Trial) -> list[ApplyRules]:
    return [act for bundle in found.bundles for act in bundle]


def test_what_would_change_is_told_before_and_after() -> None:
    """Kind, place, stage and tags, of each mail that any rule fits; nothing of the others."""
    made = rules(
        rule(
            "offers", "Subject: news\nFrom: jobs@acme.example", companies=("acme",), kind=Kind.OFFER, tag=Personal("x")
        )
    )
    found = tried(made, ACME, NEWS, OTHER)
    (effect,) = found.effects
    assert found.fitting == 1
    assert (effect.fact, effect.subject, effect.kind, effect.company, effect.names) == (
        FactId(NEWS.id),
        "News",
        Kind.STATUS_UPDATE,
        "Acme",
        ("offers",),
    )
    assert (effect.before.kind, effect.before.moves_to, effect.before.stage, effect.before.tags) == (
        Kind.STATUS_UPDATE,
        None,
        Stage.APPLIED,
        (),
    )
    assert (effect.after.kind, effect.after.moves_to, effect.after.stage, effect.after.tags) == (
        Kind.OFFER,
        Stage.OFFER_EXTENDED,
        Stage.OFFER_EXTENDED,
        ("x",),
    )


def test_mail_that_would_be_left_out_is_told() -> None:
    """From its application to where it is listed as left out."""
    found = tried(rules(rule("out", "From: zenith", ignore=True), rule("in", "Subject: news", ignore=True)), ACME, NEWS)
    assert [(each.before.place, each.after.place) for each in found.effects] == [("application", "left_out")]


def test_what_the_person_said_makes_a_rule_change_nothing() -> None:
    """It fits, and there is nothing to apply."""
    word = SetStage(id=ActId("act"), at=START + timedelta(days=1, hours=1), about=FactId(ACME.id), stage=Stage.REJECTED)
    found = tried(rules(rule("a", "Subject: about", stage=Stage.OFFER_EXTENDED)), ACME, word)
    assert found.fitting == 1
    (effect,) = found.effects  # the mail came before their word: its own line moves, the application does not
    assert (effect.before.stage, effect.after.stage) == (Stage.REJECTED, Stage.REJECTED)
    assert tried(rules(rule("a", "Subject: about", kind=Kind.APPLICATION_CONFIRMATION)), ACME).effects == []


def test_rules_that_say_different_things_are_counted_with_an_example() -> None:
    """Of the mail of before."""
    made = rules(rule("a", kind=Kind.OFFER), rule("b", "Subject: news", kind=Kind.REJECTION))
    found = tried(made, ACME, NEWS, OTHER)
    ((pair, count),) = found.contradictions.items()
    assert (pair.earlier, pair.later, pair.what, count) == ("a", "b", "kind", 2)
    assert found.examples[pair] == "News"


def test_a_rule_that_only_notifies_has_nothing_to_do_with_the_past() -> None:
    """What has arrived has arrived."""
    assert tried(rules(rule("a", notify=True)), ACME).bundles == []


@given(facts() | lessons(), RULE_LISTS, st.randoms(use_true_random=False))
def test_applying_does_what_was_told_and_taking_back_leaves_nothing(made: list[Fact], every: Rules, dice: Any) -> None:
    """Every mail that was named stands as it was said it would, and its Undo is never having applied."""
    memory = Memory()
    memory.add(made)
    before = exported(memory.folded())
    found = trial(
        every, [each.facts for each in memory.components.values()], memory.lessons().taught, now=NOW, batch="b"
    )
    assert exported(fold(memory.facts.values())) == before
    applied = acts(found)
    for bundle in found.bundles:
        memory.add(list(bundle))
    if not applied:
        assert found.effects == []
    again = trial(every, components(memory.facts.values()), memory.lessons().taught, now=NOW, batch="c")
    changed = {each.fact for each in found.effects}
    assert not changed & {each.fact for each in again.effects if each.names}
    undos: list[Fact] = [Undo(id=ActId(f"{act.id}.undo"), at=NOW, about=FactId(act.id)) for act in applied]
    dice.shuffle(undos)
    for undo in undos:
        memory.add([undo])
    assert exported(memory.folded()) == before
    assert exported(fold(memory.facts.values())) == before
