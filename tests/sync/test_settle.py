"""What becomes of tasks that fail: parked where time or a person mends it, shown where nothing does, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, connected, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import Conflict, CursorExpired, NeedsPerson, Transient
from hearback.model.ids import ProviderMessageId
from hearback.model.mailbox import Mailbox, MailboxStatus
from hearback.model.task import CatchUp, Lane, MessageRef
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES, Delivery
from hearback.queues.sqlite import SqliteQueue
from hearback.sync import backfill, classify, erase, notified, settle, status

SECRET = "salary of Ann"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


def a_ref(here: wiring.Installation, google: Any) -> tuple[Mailbox, MessageRef]:
    """A connected mailbox and a reference to a mail in it."""
    box = connected(here, *google)
    id_ = google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    return box, MessageRef(person_id=wiring.OWNER, mailbox_id=box.id, message_id=ProviderMessageId(id_))


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception, method: str = "fetch") -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(GmailDoor, method, fail)


@pytest.mark.parametrize("error", [Transient("slow"), Conflict("first"), CursorExpired("old")])
def test_the_last_try_of_what_time_mends_is_parked(
    error: Exception, here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before that it comes back; afterwards it waits on the mailbox, and a mailbox that works again queues it again."""
    box, ref = a_ref(here, google)
    with monkeypatch.context() as patched:
        broken(patched, error)
        with pytest.raises(type(error)):
            classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES - 1)
        classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES)
    assert [each.task for each in here.store.outbox.parked(wiring.OWNER, box.id)] == [ref]
    assert not here.queue.dead_letters()
    status.recovered(here.rooms, box)
    work_all(here)
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]


def test_a_message_that_breaks_the_reader_is_told_and_shown(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    """Type and place at every try, no text; after the last it waits in review with its sender and subject."""
    _, ref = a_ref(here, google)
    broken(monkeypatch, KeyError(SECRET))
    with pytest.raises(KeyError):
        classify.handle(here.rooms, codec.encode(ref), 1)
    classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES)
    assert logged.text.count("KeyError at test_settle.py") == 2
    assert SECRET not in logged.text
    (item,) = here.store.projections.review(wiring.OWNER)
    assert item.reason == settle.UNREAD
    assert item.subject == "Thank you for applying to Acme"
    assert here.store.ledger.looked_at(wiring.OWNER, ref.mailbox_id, [ref.message_id])


def test_a_catch_up_that_breaks_is_parked_after_its_last_try(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one that works takes it up: a first sync does not end in the middle."""
    box, _ = a_ref(here, google)
    broken(monkeypatch, RuntimeError(SECRET), "changes")
    task = CatchUp(person_id=wiring.OWNER, mailbox_id=box.id, reason="first_sync")
    classify.handle(here.rooms, codec.encode(task), MAX_RECEIVES)
    (parked,) = here.store.outbox.parked(wiring.OWNER, box.id)
    assert parked.task == task
    assert SECRET not in parked.reason


def test_a_message_nobody_could_finish_is_shown_unopened(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After more deliveries than tries the worker was cut off every time: it is not tried again."""
    _, ref = a_ref(here, google)
    broken(monkeypatch, AssertionError("opened"))
    classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES + 1)
    (item,) = here.store.projections.review(wiring.OWNER)
    assert item.reason == settle.UNREAD


def test_what_is_broken_for_good_leaves_a_dead_letter(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not even the review item can be written, the reference is kept with its reason."""
    _, ref = a_ref(here, google)
    broken(monkeypatch, KeyError(SECRET))

    def fail(*_: Any, **__: Any) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(type(here.store.facts), "record", fail)
    classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES)
    (dead,) = here.queue.dead_letters()
    assert "KeyError" in dead.reason
    assert SECRET not in dead.reason


def test_what_there_was_never_time_for_is_parked_on_its_last_try(here: wiring.Installation, google: Any) -> None:
    """Before that it is the queue's to bring again."""
    box, ref = a_ref(here, google)

    def delivery(receives: int) -> Delivery:
        return Delivery(receipt="r", id="1", lane=Lane.LIVE, body=codec.encode(ref), group=box.id, receives=receives)

    assert classify.late(here.rooms, delivery(1)) is False
    assert classify.late(here.rooms, delivery(MAX_RECEIVES)) is True
    assert [each.task for each in here.store.outbox.parked(wiring.OWNER, box.id)] == [ref]


def test_a_push_that_finds_gmail_hanging_is_queued(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of time, it is a CatchUp: acknowledged, and nothing is lost."""
    from hearback.model.budget import Budget

    a_ref(here, google)
    waiting = here.queue.depth(Lane.LIVE)
    notified.gmail(here.rooms.within(Budget.of(0)), BOX, str(google[0].accounts[BOX].history_id))
    assert here.queue.depth(Lane.LIVE) == waiting + 1
    work_all(here)


def refusing(patched: pytest.MonkeyPatch, here: wiring.Installation) -> None:
    """A store that takes nothing for a while."""

    def refuse(*_: Any, **__: Any) -> None:
        raise Transient("The store refused.")

    for part, name in ((here.store.outbox, "park"), (here.store.awaited, "settled"), (here.store.facts, "record")):
        patched.setattr(type(part), name, refuse)
    for name in ("put", "get"):
        patched.setattr(type(here.store.mailboxes), name, refuse)


@pytest.mark.parametrize("why", ["it failed", "it broke", "there was no time", "a person is needed"])
def test_what_the_store_does_not_even_park_is_queued_anew_and_still_awaited(
    why: str, here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On its last try, whatever it failed by: no dead letter, and once the store answers it is read and settled."""
    box, plain = a_ref(here, google)
    ref = replace(plain, backfill=True, awaited=True)
    backfill.send(here.rooms, box, [ref])
    (delivery,) = here.queue.receive(lane=Lane.BACKFILL, visibility_seconds=60)
    errors = {"it broke": KeyError(SECRET), "a person is needed": NeedsPerson("gone")}
    with monkeypatch.context() as patched:
        refusing(patched, here)
        if why in errors:
            patched.setattr(classify, "_active", lambda *_: box)
            broken(patched, errors[why])
        if why == "there was no time":
            assert classify.late(here.rooms, replace(delivery, receives=MAX_RECEIVES))
        else:
            classify.handle(here.rooms, delivery.body, MAX_RECEIVES)
    here.queue.delete(delivery)
    assert not here.queue.dead_letters()
    assert here.queue.depth(Lane.BACKFILL) == 1
    assert here.store.awaited.count(wiring.OWNER, box.id) == 1
    assert here.store.mailboxes.get(wiring.OWNER, box.id).status is MailboxStatus.ACTIVE
    queue = SqliteQueue(here.settings.home / "queue.db", lambda: here.clock() + timedelta(hours=1))
    work_all(replace(here, queue=queue))
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]
    assert here.store.awaited.count(wiring.OWNER, box.id) == 0


def test_a_last_try_that_worked_is_no_dead_letter_for_want_of_a_note(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only "nobody waits for it any more" cannot be written, the mail is read and the waiting ends by itself."""
    box, plain = a_ref(here, google)
    ref = replace(plain, backfill=True, awaited=True)
    here.store.awaited.add(wiring.OWNER, box.id, [str(backfill.name_of(ref))])

    def refuse(*_: Any) -> None:
        raise Transient("The store refused.")

    monkeypatch.setattr(type(here.store.awaited), "settled", refuse)
    with pytest.raises(Transient):
        classify.handle(here.rooms, codec.encode(ref), 1)
    classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES)
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]


def test_an_erased_persons_last_try_leaves_nothing(here: wiring.Installation, google: Any) -> None:
    """No park, no dead letter: nobody is left to want it."""
    box, ref = a_ref(here, google)
    erase.erase(here.rooms, wiring.OWNER)
    for task in (ref, CatchUp(person_id=wiring.OWNER, mailbox_id=box.id)):
        for receives in (MAX_RECEIVES, MAX_RECEIVES + 1):
            classify.handle(here.rooms, codec.encode(task), receives)
        assert settle.park(here.rooms, task, "late")
    assert not here.queue.dead_letters()
