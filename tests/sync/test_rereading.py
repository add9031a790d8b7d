"""A new model reads again what an older one has read: bounded, the old verdict standing until then, acts untouched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, connected, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.export import ExportedMessage
from hearback.model.act import Confirm, Correct, Note
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.ledger import Looked
from hearback.model.mailbox import Mailbox
from hearback.model.message import Origin
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision, Kind, Signal
from hearback.model.task import Lane
from hearback.pipeline.folding import fold
from hearback.reading.read import Reading, read
from hearback.sync import importing, rereading
from hearback.sync.catch_up import catch_up
from hearback.sync.record import act

NEXT = "next+next"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    return made


@pytest.fixture
def box(here: wiring.Installation, google: Any) -> Mailbox:
    return connected(here, *google)


@pytest.fixture
def next_model(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """From now on another model reads, and says of every mail what is given."""

    def comes(**says: Any) -> None:
        def reads(raw: Any, context: Any) -> Reading:
            reading = read(raw, context)
            return replace(reading, signal=replace(reading.signal, **says), **_about(says))

        monkeypatch.setattr("hearback.reading.version.current", lambda: NEXT)
        monkeypatch.setattr(rereading, "read", reads)

    return comes


def _about(says: dict[str, Any]) -> dict[str, Any]:
    if says.get("kind") is Kind.OTHER:
        return {"decision": Decision.IGNORE, "job_related": False}
    return {}


def sweep(here: wiring.Installation, box: Mailbox) -> None:
    catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    work_all(here)


def signals(here: wiring.Installation) -> list[Signal]:
    return [fact for fact in here.store.facts.all(wiring.OWNER) if isinstance(fact, Signal)]


def test_the_new_verdict_takes_the_place_of_the_old_one(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """The same signal, another kind and employer; the board shows it, and it is what a fold from scratch shows."""
    (before,) = here.store.projections.applications(wiring.OWNER)
    next_model(kind=Kind.REJECTION, confidence=0.99, company=Personal("Zenith"))
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]
    sweep(here, box)
    (after,) = here.store.projections.applications(wiring.OWNER)
    assert (after.company, after.stage, after.facts) == ("Zenith", "rejected", before.facts)
    assert after.id == before.id
    assert [each.model_version for each in signals(here)] == [NEXT]
    assert [replace(each, id="", aliases=()) for each in fold(here.store.facts.all(wiring.OWNER)).applications] == [
        replace(after, id="", aliases=())
    ]


def test_each_message_is_read_again_once_a_model(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """Nothing is queued while the model is the same, and nothing at the next sweep."""
    sweep(here, box)
    assert rereading.queue_some(here.rooms, box) == 0
    next_model()
    assert rereading.queue_some(here.rooms, box) == 1
    work_all(here)
    assert rereading.queue_some(here.rooms, box) == 0


def test_a_sweep_queues_few_and_the_newest_first(
    here: wiring.Installation,
    google: Any,
    box: Mailbox,
    next_model: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bound a run, on the backfill lane; one that is cut off before it noted how far it came repeats, harmlessly."""
    for number in range(2, 6):
        google[0].deliver(BOX, mail(number, "Thank you for applying to Acme", RECEIPT))
    sweep(here, box)
    assert len(signals(here)) == 5
    monkeypatch.setattr(rereading, "A_RUN", 2)
    next_model()
    assert rereading.queue_some(here.rooms, box) == 2
    assert here.queue.depth(Lane.BACKFILL) == 2
    work_all(here)
    done = [each for each in signals(here) if each.model_version == NEXT]
    assert sorted(each.received_at for each in done) == sorted(each.received_at for each in signals(here))[-2:]
    here.store.people.put_setting(wiring.OWNER, f"reread:{box.id}", None)
    assert [rereading.queue_some(here.rooms, box) for _ in range(3)] == [2, 1, 0]


def test_what_the_person_did_stays_about_it(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """A note and a correction made before hold after: the correction over what the new model says."""
    (before,) = here.store.projections.applications(wiring.OWNER)
    about = before.facts[0]
    act(here.rooms, wiring.OWNER, Note(id=ActId("note"), at=here.clock(), about=about, text=Personal("called")))
    act(
        here.rooms,
        wiring.OWNER,
        Correct(id=ActId("said"), at=here.clock(), about=about, kind=Kind.ASSESSMENT, company=Personal("Acme Ltd")),
    )
    next_model(kind=Kind.REJECTION, confidence=0.99, company=Personal("Zenith"))
    sweep(here, box)
    (after,) = here.store.projections.applications(wiring.OWNER)
    assert (after.company, after.stage) == ("Acme Ltd", "technical_round")
    assert [each.note for each in after.timeline if each.note] == ["called"]
    (lesson,) = here.store.facts.lessons(wiring.OWNER).taught
    assert lesson.read is Kind.REJECTION


def test_mail_keeps_the_mode_it_came_under(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """Who reviews everything since does not find what was applied before waiting in review."""
    person = here.store.people.get(wiring.OWNER)
    here.store.people.put(replace(person, mode=AutomationMode.REVIEW))
    next_model()
    sweep(here, box)
    assert [each.mode for each in signals(here)] == [AutomationMode.SMART]
    assert len(here.store.projections.applications(wiring.OWNER)) == 1


@pytest.mark.parametrize("fate", ["deleted", "spam"])
def test_what_the_provider_no_longer_shows_keeps_its_verdict(
    fate: str, here: wiring.Installation, google: Any, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """Deleted mail, and mail in Spam by now, stands as it was read, and is not asked for again."""
    before = here.store.projections.applications(wiring.OWNER)
    account = google[0].accounts[BOX]
    if fate == "deleted":
        account.messages.clear()
    else:
        for each in account.messages.values():
            each.labels = {"SPAM"}
    next_model(kind=Kind.REJECTION, confidence=0.99)
    sweep(here, box)
    assert here.store.projections.applications(wiring.OWNER) == before
    assert rereading.queue_some(here.rooms, box) == 0
    assert here.queue.depth(Lane.BACKFILL) == 0


def test_what_cannot_be_read_now_keeps_its_verdict(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """A reader that breaks on a mail takes nothing away."""
    before = here.store.projections.applications(wiring.OWNER)
    next_model(kind=None, error="broken")
    sweep(here, box)
    assert here.store.projections.applications(wiring.OWNER) == before


def test_imported_mail_keeps_its_verdict(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None], tmp_path: Path
) -> None:
    """There is nowhere to fetch it from."""
    imported = importing.import_mailbox(here.rooms, wiring.OWNER, "old@mail.example")
    content = mail(7, "Thank you for applying to Quay", RECEIPT.replace("Acme", "Quay"))
    importing.import_messages(
        here.rooms, wiring.OWNER, imported, lambda: [ExportedMessage("f" * 64, content, tmp_path)]
    )
    next_model()
    sweep(here, box)
    versions = {each.origin: each.model_version for each in signals(here)}
    assert versions[Origin.LIVE] == NEXT != versions[Origin.IMPORTED]


def test_mail_that_is_none_of_the_job_search_after_all_is_emptied(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """It leaves the board, its sender and subject leave the store, and the ledger says that it was only opened."""
    next_model(kind=Kind.OTHER, confidence=0.99)
    sweep(here, box)
    assert here.store.projections.applications(wiring.OWNER) == []
    (left,) = signals(here)
    assert (left.sender.address, left.subject, left.company, left.evidence) == ("", "", None, None)
    assert [each.looked for each in here.store.ledger.entries(wiring.OWNER)] == [Looked.OPENED]


def test_mail_the_person_confirmed_is_never_emptied(
    here: wiring.Installation, box: Mailbox, next_model: Callable[..., None]
) -> None:
    """What they acted on stays whole, whatever a model says."""
    about = FactId(signals(here)[0].id)
    act(here.rooms, wiring.OWNER, Confirm(id=ActId("yes"), at=here.clock() + timedelta(seconds=1), about=about))
    next_model(kind=Kind.OTHER, confidence=0.99)
    sweep(here, box)
    assert signals(here)[0].subject == "Thank you for applying to Acme"
