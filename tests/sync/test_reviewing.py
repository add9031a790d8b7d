"""What the person says of waiting mail does what was shown, for one or for many, and one Undo takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hearback import wiring
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import FactId, Personal, PersonId
from hearback.model.message import Address
from hearback.model.person import Person
from hearback.model.signal import Kind, Signal
from hearback.settings import Settings
from hearback.sync import batches, reviewing
from hearback.sync.record import record
from hearback.sync.reviewing import NEW, SUGGESTED, Confirmed
from waiting import board, letter, waiting

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> wiring.Installation:
    made = wiring.build(Settings.model_validate({"home": tmp_path}), clock=lambda: NOW + timedelta(days=1))
    made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
    record(made.rooms, wiring.OWNER, board(NOW), silent=True)
    return made


def put(here: wiring.Installation, *signals: Signal) -> None:
    record(here.rooms, wiring.OWNER, signals, silent=True)


def pending(here: wiring.Installation) -> set[str]:
    return {each.fact for each in here.store.projections.review(wiring.OWNER)}


def home(here: wiring.Installation, fact: str) -> Any:
    found = [each for each in here.store.projections.applications(wiring.OWNER) if fact in each.facts]
    return found[0] if found else None


def confirm(here: wiring.Installation, *mails: Confirmed) -> reviewing.Settled:
    return reviewing.confirm(here.rooms, wiring.OWNER, mails)


def test_a_mail_joins_the_application_suggested_and_later_mail_follows_it(here: wiring.Installation) -> None:
    """It is confirmed, not linked, where matching puts it there: a reply in its thread still finds it."""
    mail = letter(200, Kind.INTERVIEW_INVITATION, "Aster", NOW, role="Data Engineer", thread_id="t9")
    put(here, mail)
    told = confirm(here, Confirmed(FactId(mail.id))).told
    assert told == "Moves Aster · Data Engineer from Applied to Interviewing."
    assert home(here, mail.id).stage == "interviewing"
    elsewhere = Address(Personal("x@scheduler.example"))
    sender = {"sender": elsewhere, "domain": None, "company": None}
    reply = replace(letter(201, Kind.REJECTION, "Aster", NOW, thread_id="t9", confidence=0.99), **sender)
    put(here, reply)
    assert home(here, reply.id).id == home(here, mail.id).id


def test_a_chosen_application_outranks_matching(here: wiring.Installation) -> None:
    """Aster's mail put to Birch by the person."""
    mail = letter(200, Kind.REJECTION, "Aster", NOW)
    put(here, mail)
    (birch,) = [each for each in here.store.projections.applications(wiring.OWNER) if each.company == "Birch"]
    settled = confirm(here, Confirmed(FactId(mail.id), birch.facts[0]))
    assert "Moves Birch · Data Engineer from Applied to Rejected." in settled.told
    assert home(here, mail.id).id == birch.id


def test_a_new_application_is_one_of_its_own(here: wiring.Installation) -> None:
    """However well it fits another; taken back, it waits again."""
    mail = letter(200, Kind.OFFER, "Aster", NOW)
    put(here, mail)
    settled = confirm(here, Confirmed(FactId(mail.id), NEW))
    assert settled.told == "Starts an application: Aster · Data Engineer, Offer Extended."
    assert home(here, mail.id).facts == (mail.id,)
    batches.undo(here.rooms, wiring.OWNER, settled.batch)
    assert pending(here) == {mail.id}
    assert home(here, mail.id) is None


def test_what_is_foreseen_is_what_happens(here: wiring.Installation) -> None:
    """For each of a hundred mails, wherever it is put, the sentence before is the sentence after."""
    put(here, *waiting(NOW))
    (cedar,) = [each for each in here.store.projections.applications(wiring.OWNER) if each.company == "Cedar"]
    items = {each.fact: each for each in here.store.projections.review(wiring.OWNER)}
    for number, fact in enumerate(sorted(items)):
        target = (SUGGESTED, NEW, cedar.facts[0])[number % 3]
        corrections = {"kind": Kind.REJECTION} if number % 4 == 0 or items[fact].kind is None else {}
        item = next((each for each in here.store.projections.review(wiring.OWNER) if each.fact == fact), None)
        if item is None:
            continue
        foreseen = reviewing.outcome(here.rooms, wiring.OWNER, item, target, corrections)
        assert fact in pending(here)
        assert confirm(here, Confirmed(fact, target, corrections)).told == foreseen
        assert fact not in pending(here)


def test_corrections_and_confirmation_are_one_undo(here: wiring.Installation) -> None:
    """Kind and company are put right in the same go, and both are taken back."""
    mail = letter(200, Kind.STATUS_UPDATE, "Wrong", NOW)
    put(here, mail)
    settled = confirm(here, Confirmed(FactId(mail.id), SUGGESTED, {"kind": Kind.OFFER, "company": Personal("Aster")}))
    assert home(here, mail.id).company == "Aster"
    assert home(here, mail.id).stage == "offer_extended"
    batches.undo(here.rooms, wiring.OWNER, settled.batch)
    (item,) = here.store.projections.review(wiring.OWNER)
    assert (item.kind, item.company) == (Kind.STATUS_UPDATE, "Wrong")


def test_what_could_not_be_read_needs_a_kind(here: wiring.Installation) -> None:
    """Confirming it alone says so; with a kind it is settled."""
    mail = letter(200, None, "Broken", NOW)
    put(here, mail)
    with pytest.raises(Permanent, match="say what it is"):
        confirm(here, Confirmed(FactId(mail.id)))
    confirm(here, Confirmed(FactId(mail.id), SUGGESTED, {"kind": Kind.REJECTION}))
    assert pending(here) == set()


def test_many_are_one_batch_and_what_cannot_be_settled_is_left_with_its_reason(here: wiring.Installation) -> None:
    """A hundred confirmed: all but the four that nobody can read; one Undo brings them all back."""
    put(here, *waiting(NOW))
    before = pending(here)
    settled = confirm(here, *(Confirmed(FactId(each)) for each in sorted(before)))
    assert len(settled.done) == 96
    assert {why for _, why in settled.left} == {reviewing.NEEDS_KIND}
    assert pending(here) == {fact for fact, _ in settled.left}
    batches.undo(here.rooms, wiring.OWNER, settled.batch)
    assert pending(here) == before


def test_a_batch_does_not_choose_between_applications(here: wiring.Installation) -> None:
    """Where two fit equally the person chooses; one alone goes to the one suggested."""
    for number, role in ((50, "Gardener"), (51, "Florist")):
        put(here, letter(number, Kind.APPLICATION_CONFIRMATION, "Aster", NOW, role=role, confidence=0.99))
    mail, other = letter(200, Kind.STATUS_UPDATE, "Aster", NOW), letter(201, Kind.OFFER, "Birch", NOW)
    mail = replace(mail, role=None, subject=Personal("News"), evidence=Personal("We will write to you again soon."))
    put(here, mail, other)
    settled = confirm(here, Confirmed(FactId(mail.id)), Confirmed(FactId(other.id)))
    assert settled.left == ((mail.id, reviewing.NEEDS_CHOICE),)
    confirm(here, Confirmed(FactId(mail.id)))
    assert pending(here) == set()


def test_ignored_mail_comes_back_with_the_undo_only(here: wiring.Installation) -> None:
    """It is in no application, and waits no more."""
    put(here, *waiting(NOW)[:3])
    settled = reviewing.ignore(here.rooms, wiring.OWNER, sorted(pending(here)))  # type: ignore[arg-type]
    assert pending(here) == set()
    batches.undo(here.rooms, wiring.OWNER, settled.batch)
    assert len(pending(here)) == 3


def test_ignoring_a_sender_takes_all_of_them_off_the_list(here: wiring.Installation) -> None:
    """And says how many; an address of many employers that names none is refused."""
    mails = waiting(NOW)
    put(here, *mails)
    (first, *_) = [each for each in mails if each.sender.address == "talent@massmail.example"]
    settled = reviewing.ignore_sender(here.rooms, wiring.OWNER, FactId(first.id))
    assert len(settled.done) == 12
    assert len(pending(here)) == 88
    batches.undo(here.rooms, wiring.OWNER, settled.batch)
    assert len(pending(here)) == 100


SAID = {
    "confirm": lambda rooms, fact: reviewing.confirm(rooms, wiring.OWNER, [Confirmed(fact)]),
    "ignore": lambda rooms, fact: reviewing.ignore(rooms, wiring.OWNER, [fact]),
    "ignore sender": lambda rooms, fact: reviewing.ignore_sender(rooms, wiring.OWNER, fact),
}


@pytest.mark.parametrize("what", SAID)
def test_nothing_is_done_about_mail_that_waits_no_more(what: str, here: wiring.Installation) -> None:
    """Settled elsewhere, or another person's."""
    mail = letter(200, Kind.OFFER, "Aster", NOW)
    here.store.people.put(Person(id=PersonId("eve")))
    record(here.rooms, PersonId("eve"), [mail], silent=True)
    with pytest.raises(NotFound):
        SAID[what](here.rooms, FactId(mail.id))


def test_a_target_that_is_not_theirs_is_not_there(here: wiring.Installation) -> None:
    """Another person's application cannot be named."""
    mail = letter(200, Kind.OFFER, "Unknown", NOW)
    put(here, mail)
    with pytest.raises(NotFound):
        confirm(here, Confirmed(FactId(mail.id), "gmail-1/nobody"))
    assert pending(here) == {mail.id}
