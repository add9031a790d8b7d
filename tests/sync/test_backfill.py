"""A first sync under the quota: what it asks for, what waits, and what it says meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, REJECTION, connected, grant, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.mailboxes.quota import RETURN_SECONDS, Count
from hearback.model.errors import QuotaSpent
from hearback.model.ids import MailboxId, Personal, ProviderMessageId
from hearback.model.ledger import Looked
from hearback.model.mailbox import Backfill, Mailbox, Provider
from hearback.model.task import CatchUp, Lane, MessageRef, Task
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES
from hearback.sync import backfill, classify, connect, status
from hearback.sync.catch_up import catch_up


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


def test_replies_in_a_thread_that_a_search_found_are_read_without_asking_for_the_thread(
    here: wiring.Installation, google: Any
) -> None:
    """The list that ends a first sync tells them: 5 units for 500 messages in place of 40 a thread."""
    made, root = google
    now = made.clock()
    made.deliver(BOX, mail(1, "Thank you for applying", RECEIPT), thread_key="t", received_at=now - timedelta(days=3))
    made.deliver(
        BOX,
        mail(2, "Re: Thank you for applying", "Thanks, noted.", sender=f"Ann <{BOX}>"),
        thread_key="t",
        received_at=now - timedelta(days=2),
        labels=("SENT",),
    )
    box = connected(here, made, root)
    lines = here.store.ledger.entries(wiring.OWNER, box.id)
    assert {each.looked.value for each in lines} == {"kept"}
    assert len(lines) == 2
    assert made.calls["threads.get"] == 0


def test_waiting_for_quota_is_no_try(here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On its last try a message that waits for quota is queued anew for then: not parked, not lost."""
    box = connected(here, *google)
    id_ = google[0].deliver(BOX, mail(1, "Your application", REJECTION))
    ref = MessageRef(
        person_id=wiring.OWNER, mailbox_id=box.id, message_id=ProviderMessageId(id_), backfill=True, awaited=True
    )
    here.store.awaited.add(wiring.OWNER, box.id, [f"message:{id_}"])

    def spent(*_: Any, **__: Any) -> None:
        raise QuotaSpent("used up", retry_after_seconds=40)

    monkeypatch.setattr(GmailDoor, "fetch", spent)
    classify.handle(here.rooms, codec.encode(ref), MAX_RECEIVES)
    assert not here.store.outbox.parked(wiring.OWNER, box.id)
    assert here.store.awaited.count(wiring.OWNER, box.id) == 1


def test_progress_says_how_far_how_long_and_what_it_waits_for(here: wiring.Installation, google: Any) -> None:
    """900 of 1,000 messages left are 18,000 units: four minutes' worth, of which the present one is used up."""
    box = connected(here, *google)
    here.store.awaited.add(wiring.OWNER, box.id, [f"message:{each}" for each in range(900)])
    running = replace(box, backfill=Backfill(since=here.clock(), found=1000, listed=True))
    now = here.clock().timestamp()
    held = here.store.quotas.get(wiring.OWNER, box.id)
    full = Count({int(now): 6000}).written()
    here.store.quotas.put(wiring.OWNER, box.id, full, expected=held[1] if held else 0)
    told = status.progress(here.rooms, running)
    assert told is not None
    assert (told.found, told.left) == (1000, 900)
    assert 3 * 60 < told.seconds < 5 * 60
    assert str(told) == "100 of 1000 messages read, about 5 minutes left; waiting for Gmail’s quota"


def test_while_more_is_being_found_the_estimate_is_a_lower_bound(here: wiring.Installation, google: Any) -> None:
    """And a mailbox without a backfill says nothing."""
    box = connected(here, *google)
    assert status.progress(here.rooms, box) is None
    running = replace(box, backfill=Backfill(since=here.clock(), found=3))
    assert str(status.progress(here.rooms, running)) == ("3 of 3 messages read; more are being found")


def test_what_the_quota_cannot_let_through_yet_is_not_received_yet(google: Any, tmp_path: Path) -> None:
    """Of 600 messages two minutes' worth are there at once, the newest; the rest a minute (of the quota's) later."""
    made, root = google
    now = [made.clock()]
    here = install(tmp_path / "later", made, root, clock=lambda: now[0])
    box = here.store.mailboxes.put(
        Mailbox(
            id=MailboxId("b"),
            person_id=wiring.OWNER,
            provider=Provider.GMAIL,
            address=Personal(BOX),
            connected_at=now[0],
        )
    )
    refs: list[Task] = [
        MessageRef(
            person_id=wiring.OWNER,
            mailbox_id=box.id,
            message_id=ProviderMessageId(f"m{number:03}"),
            backfill=True,
            awaited=True,
        )
        for number in range(600)
    ]

    def received() -> list[str]:
        found = here.queue.receive(lane=Lane.BACKFILL, limit=1000, visibility_seconds=3600)
        return sorted(ref.message_id for each in found if isinstance(ref := codec.decode(each.body), MessageRef))

    here.store.awaited.add(wiring.OWNER, box.id, [backfill.thread_name(str(number)) for number in range(900)])
    assert backfill.send(here.rooms, box, refs[:300]) == 300
    assert backfill.send(here.rooms, box, refs[300:]) == 300
    assert backfill.send(here.rooms, box, refs[:10]) == 0  # they are waited for already
    assert received() == [f"m{number:03}" for number in range(450)]  # threads that are only remembered take no place
    now[0] += timedelta(seconds=RETURN_SECONDS)
    assert received() == [f"m{number:03}" for number in (*range(10), *range(450, 600))]


def test_mail_that_history_lost_is_delayed_by_nothing(here: wiring.Installation, google: Any) -> None:
    """It is live mail, however much is ahead of it."""
    box = connected(here, *google)
    here.store.awaited.add(wiring.OWNER, box.id, [f"message:{each}" for each in range(900)])
    lost = MessageRef(person_id=wiring.OWNER, mailbox_id=box.id, message_id=ProviderMessageId("lost"), awaited=True)
    backfill.send(here.rooms, box, [lost], lane=Lane.LIVE)
    assert [codec.decode(each.body) for each in here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)] == [lost]


@pytest.mark.parametrize(("waiting", "seconds"), [(1, 2), (49, 2), (50, 4), (450, 20), (5000, 20)])
def test_a_backfill_that_is_only_read_is_looked_at_the_less_the_more_waits(
    waiting: int, seconds: int, google: Any, tmp_path: Path
) -> None:
    """Each look costs a lease, a history and a write, for minutes on end."""
    made, root = google
    now = [made.clock()]
    here = install(tmp_path / "tail", made, root, clock=lambda: now[0])
    box = connected(here, made, root)
    here.store.awaited.add(wiring.OWNER, box.id, [f"message:{each}" for each in range(waiting)])
    here.store.mailboxes.put(
        replace(box, backfill=Backfill(since=now[0], started_at=now[0], found=waiting, listed=True))
    )
    catch_up(here.rooms, wiring.OWNER, box.id, reason="first_sync")
    now[0] += timedelta(seconds=seconds - 0.5)
    assert not here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
    now[0] += timedelta(seconds=1)
    assert len(here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)) == 1


def test_mail_that_comes_while_a_first_sync_lists_threads_is_live(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first words say nothing of an application, its subject does: a line of the listing's must not close it."""
    made, root = google
    listing, came = GmailDoor.listing, []

    def meanwhile(door: GmailDoor, wanted: Any, *args: Any, **kwargs: Any) -> Any:
        if wanted.by_thread and not came:
            letter = mail(1, "Your interview for Data Engineer at Acme", "Hello Ann,\r\n\r\nplease see below.")
            came.append(made.deliver(BOX, letter, received_at=made.clock() + timedelta(minutes=1)))
        return listing(door, wanted, *args, **kwargs)

    monkeypatch.setattr(GmailDoor, "listing", meanwhile)
    box = connected(here, made, root)
    here.queue.send([CatchUp(person_id=wiring.OWNER, mailbox_id=box.id, reason="sweep")])
    work_all(here)
    assert {each.provider_message_id for each in here.store.ledger.entries(wiring.OWNER, box.id)} == set(came)
    assert here.store.ledger.entries(wiring.OWNER, box.id)[0].looked is Looked.KEPT


def test_the_estimate_is_for_the_newest_days_until_they_are_read(here: wiring.Installation, google: Any) -> None:
    """All of them but replies is found; then the same is said of what is before them."""
    box = connected(here, *google)
    now = here.clock()
    here.store.awaited.add(wiring.OWNER, box.id, [f"message:{each}" for each in range(20)])
    newest = Backfill(since=now - timedelta(days=90), started_at=now, found=50, counted=True)
    said = [
        str(status.progress(here.rooms, replace(box, backfill=each))) for each in (newest, replace(newest, older=True))
    ]
    assert said == [
        "30 of 50 messages read, less than a minute left for the last 30 days; earlier mail follows",
        "30 of 50 messages read, less than a minute left",
    ]


def test_what_several_searches_find_is_one_message(here: wiring.Installation, google: Any) -> None:
    """Progress counts messages, however many searches and lists tell of them."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    for _ in range(8):  # until it waits for what it found to be read
        catch_up(here.rooms, wiring.OWNER, box.id, reason="first_sync")
    told = status.progress(here.rooms, here.store.mailboxes.get(wiring.OWNER, box.id))
    assert told is not None
    assert (told.found, told.left, told.complete, told.days) == (1, 1, True, "newest")


def test_what_is_listed_once_more_waits_for_quota_and_keeps_nothing_else_waiting(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look goes on without it, and the next one lists."""
    box = connected(here, *google)
    late = here.clock() + timedelta(minutes=2)
    rooms = replace(here.rooms, clock=lambda: late)

    def spent(*_: Any, **__: Any) -> None:
        raise QuotaSpent("used up", retry_after_seconds=40)

    with monkeypatch.context() as short:
        short.setattr(GmailDoor, "listing", spent)
        catch_up(rooms, wiring.OWNER, box.id, reason="sweep")
    assert here.store.mailboxes.get(wiring.OWNER, box.id).taken_at is not None
    catch_up(rooms, wiring.OWNER, box.id, reason="sweep")
    assert here.store.mailboxes.get(wiring.OWNER, box.id).taken_at is None
