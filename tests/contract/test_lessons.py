"""What every store promises of lessons: one version for every fold, found mail of a sender, nothing in clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hearback.model.act import Correct, Undo
from hearback.model.budget import Budget
from hearback.model.change import Change
from hearback.model.errors import Conflict, NotFound
from hearback.model.ids import ActId, FactId, MailboxId, Personal, PersonId, ProviderMessageId, signal_id
from hearback.model.lesson import NO_LESSONS, Teaching
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Kind, Signal
from hearback.pipeline.folding import fold
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import plan
from hearback.pipeline.templates import sketch
from hearback.sync import learning
from hearback.sync.record import record

ANN, BEN = PersonId("ann"), PersonId("ben")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BOX = MailboxId("gmail-1")
RELAY = Personal("canary-sender@ats.example")
TEMPLATE = sketch([f"word {number}" for number in range(100)], b"k" * 32)


def mail(number: int, company: str, **fields: Any) -> Signal:
    """One relay's mail in one template about one employer."""
    message = ProviderMessageId(f"m{number}")
    base: dict[str, Any] = {
        "id": signal_id(BOX, message),
        "mailbox_id": BOX,
        "provider_message_id": message,
        "received_at": NOW + timedelta(minutes=number),
        "message_id": f"{number}@ats.example",
        "sender": Address(RELAY),
        "subject": Personal("canary-subject"),
        "authenticity": Authenticity.PASS,
        "kind": Kind.STATUS_UPDATE,
        "confidence": 0.96,
        "company": Personal(company),
        "template": TEMPLATE,
    }
    return Signal(**(base | fields))


def correct(about: Signal, kind: Kind = Kind.ASSESSMENT, number: int = 1) -> Correct:
    return Correct(id=ActId(f"act{number}"), at=NOW + timedelta(days=number), about=FactId(about.id), kind=kind)


@pytest.fixture
def rooms(store: Any) -> Any:
    """As much of the rooms as recording needs."""
    return SimpleNamespace(store=store, clock=lambda: NOW, budget=Budget())


def shown(store: Any) -> list[tuple[Any, ...]]:
    return sorted((each.company, str(each.stage), len(each.timeline)) for each in store.projections.applications(ANN))


def planned(store: Any, *facts: Any) -> Change:
    keys = frozenset[str]().union(*(link_keys(fact) for fact in facts))
    lessons = store.facts.lessons(ANN)
    return plan(ANN, facts, store.facts.touched(ANN, keys), lessons=lessons, now=NOW, silent=True)


def test_a_correction_is_shown_in_every_component_when_it_is_recorded(store: Any, rooms: Any) -> None:
    """Three employers through one relay: correcting one moves all three; undoing it moves all three back."""
    mails = [mail(number, company) for number, company in enumerate(("Acme", "Zenith", "Quay"))]
    for each in mails:
        record(rooms, ANN, [each], silent=True)
    before = shown(store)
    said = correct(mails[1])
    record(rooms, ANN, [said], silent=True)
    assert [each[1] for each in shown(store)] == ["technical_round"] * 3
    assert store.facts.lessons(ANN).spreading == ()
    late = mail(9, "Ibex")
    record(rooms, ANN, [late], silent=True)
    assert [each[1] for each in shown(store)] == ["technical_round"] * 4
    record(rooms, ANN, [Undo(id=ActId("undo"), at=NOW + timedelta(days=9), about=FactId(said.id))], silent=True)
    assert before == [each for each in shown(store) if each[0] != "Ibex"]
    assert store.facts.lessons(ANN).taught == ()


def test_what_is_shown_is_what_folding_everything_shows(store: Any, rooms: Any) -> None:
    """Lessons, their lists and explanations are stored as the fold from scratch has them."""
    mails = [mail(number, company) for number, company in enumerate(("Acme", "Zenith", "Quay"))]
    said = correct(mails[0], Kind.OTHER)
    for each in (*mails, said):
        record(rooms, ANN, [each], silent=True)
    whole = fold([*mails, said])
    assert tuple(store.projections.left_out(ANN)) == whole.left_out
    assert len(whole.left_out) == 2
    assert store.projections.applications(ANN) == []


def test_a_fold_under_older_lessons_is_refused(store: Any) -> None:
    """Mail that was being read while something was taught is folded again with it."""
    store.facts.record(planned(store, mail(1, "Acme")))
    behind = planned(store, mail(2, "Zenith"))
    store.facts.record(planned(store, correct(mail(1, "Acme"))))
    with pytest.raises(Conflict):
        store.facts.record(behind)
    assert store.facts.lessons(ANN).version == 1
    store.facts.record(planned(store, mail(2, "Zenith")))
    assert ("Zenith", "technical_round", 1) in shown(store)


def test_an_interrupted_lesson_goes_on_with_the_next_change(store: Any, rooms: Any) -> None:
    """The mark is there until every component is folded again, whoever does it."""
    for each in (mail(1, "Acme"), mail(2, "Zenith")):
        record(rooms, ANN, [each], silent=True)
    store.facts.record(planned(store, correct(mail(1, "Acme"))))  # and then the worker is cut off
    assert store.facts.lessons(ANN).spreading == (RELAY,)
    assert ("Zenith", "applied", 1) in shown(store)
    record(rooms, ANN, [mail(3, "Quay", sender=Address(Personal("x@y.example")))], silent=True)
    assert ("Zenith", "technical_round", 1) in shown(store)
    assert store.facts.lessons(ANN).spreading == ()


def test_without_time_the_mark_stays(store: Any, rooms: Any) -> None:
    """A worker with no time left folds nothing, and the mark says so."""
    for each in (mail(1, "Acme"), mail(2, "Zenith")):
        record(rooms, ANN, [each], silent=True)
    rooms.budget = Budget.of(0)
    record(rooms, ANN, [correct(mail(1, "Acme"))], silent=True)
    assert store.facts.lessons(ANN).spreading == (RELAY,)
    rooms.budget = Budget()
    learning.spread(rooms, ANN)
    assert store.facts.lessons(ANN).spreading == ()
    assert ("Zenith", "technical_round", 1) in shown(store)


def test_mail_of_a_sender_is_found_after_its_components_became_one(store: Any, rooms: Any) -> None:
    """Also under ids that only point to another component by now, each once; another person's never."""
    for each in (mail(1, "Acme"), mail(2, "Zenith")):
        record(rooms, ANN, [each], silent=True)
    assert len(list(store.facts.written_by(ANN, [RELAY]))) == 2
    record(rooms, ANN, [mail(3, "Acme", references=("2@ats.example",))], silent=True)
    (one,) = store.facts.written_by(ANN, [RELAY])
    assert len(one.facts) == 3
    assert list(store.facts.written_by(ANN, ["nobody@x.example"])) == []
    assert list(store.facts.written_by(BEN, [RELAY])) == []
    assert store.facts.lessons(BEN) == NO_LESSONS


def test_lessons_are_replaced_and_forgotten_one_by_one(store: Any, rooms: Any) -> None:
    """One lesson a corrected mail: the later correction replaces it, undoing that brings the earlier one back."""
    record(rooms, ANN, [mail(1, "Acme"), mail(2, "Zenith")], silent=True)
    record(rooms, ANN, [correct(mail(1, "Acme"))], silent=True)
    record(rooms, ANN, [correct(mail(1, "Acme"), Kind.OFFER, 2)], silent=True)
    assert [(each.kind, each.act) for each in store.facts.lessons(ANN).taught] == [(Kind.OFFER, "act2")]
    record(rooms, ANN, [Undo(id=ActId("undo"), at=NOW + timedelta(days=9), about=FactId("act2"))], silent=True)
    assert [(each.kind, each.act) for each in store.facts.lessons(ANN).taught] == [(Kind.ASSESSMENT, "act1")]
    version = store.facts.lessons(ANN).version
    done = Teaching(settled=(RELAY,))
    store.facts.record(Change(person_id=ANN, lessons=version, teaching=done))
    with pytest.raises(Conflict):
        store.facts.record(Change(person_id=ANN, lessons=version, teaching=done))


def test_a_derived_key_is_the_persons_and_the_purposes(store: Any) -> None:
    """The same always, another for another person or purpose, gone with the person."""
    mine = store.people.derived(ANN, "templates")
    assert len(mine) == 32
    assert mine == store.people.derived(ANN, "templates")
    assert mine not in {store.people.derived(BEN, "templates"), store.people.derived(ANN, "another")}
    store.people.erase(ANN)
    with pytest.raises(NotFound):
        store.people.derived(ANN, "templates")


def test_an_erased_persons_lessons_are_gone(store: Any, rooms: Any) -> None:
    """Also where a new person takes the same id: nothing of the old one is remembered."""
    person = store.people.get(ANN)
    record(rooms, ANN, [mail(1, "Acme"), correct(mail(1, "Acme"))], silent=True)
    assert store.facts.lessons(ANN).taught
    store.people.erase(ANN)
    with pytest.raises(NotFound):
        store.facts.lessons(ANN)
    store.people.put(replace(person))
    assert store.facts.lessons(ANN) == NO_LESSONS
    assert list(store.facts.written_by(ANN, [RELAY])) == []
