"""A first sync under the quota: what it asks for, what waits, and what it says meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, REJECTION, connected, install, mail
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.mailboxes.quota import Count
from hearback.model.errors import QuotaSpent
from hearback.model.ids import ProviderMessageId
from hearback.model.mailbox import Backfill
from hearback.model.task import MessageRef
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES
from hearback.sync import classify, status


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
