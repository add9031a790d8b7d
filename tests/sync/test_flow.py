"""The flow from a push to a change, and what it survives: lag, expiry, crashes, revoked grants, poison, erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, REJECTION, connected, install, mail, work_all
from hearback import wiring
from hearback.model.errors import NotFound, Transient
from hearback.model.mailbox import MailboxStatus, Provider
from hearback.model.task import Lane
from hearback.queues.protocols import MAX_RECEIVES
from hearback.queues.sqlite import SqliteQueue
from hearback.sync import classify, connect, erase, notified, sweep
from hearback.sync.catch_up import catch_up
from hearback.sync.sync_now import sync_now


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


def companies(here: wiring.Installation) -> list[tuple[str | None, str | None]]:
    return sorted((each.company, each.stage) for each in here.store.projections.applications(wiring.OWNER))


def push(here: wiring.Installation, google: Any) -> None:
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))


def test_a_first_sync_finds_what_is_already_there(here: wiring.Installation, google: Any) -> None:
    """Mail from before connecting becomes applications, and the backfill ends."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    box = connected(here, *google)
    assert companies(here) == [("Acme", "applied")]
    assert box.cursor is not None
    assert box.watch is not None


def test_a_push_moves_the_board(here: wiring.Installation, google: Any) -> None:
    """New mail after the first sync comes through the push."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    work_all(here)
    google[0].deliver(BOX, mail(2, "Your application at Acme", REJECTION))
    push(here, google)
    work_all(here)
    assert companies(here) == [("Acme", "rejected")]


def test_a_push_delivered_ten_times_has_one_effect(here: wiring.Installation, google: Any) -> None:
    """One application, one timeline entry."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    for _ in range(10):
        push(here, google)
        work_all(here)
    (only,) = here.store.projections.applications(wiring.OWNER)
    assert len(only.timeline) == 1


def test_an_expired_cursor_starts_a_bounded_resync(here: wiring.Installation, google: Any) -> None:
    """What arrived while the history was lost is found, and the cursor only moves forward."""
    before = connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    google[0].expire_history_before = google[0].accounts[BOX].history_id
    push(here, google)
    work_all(here)
    after = here.store.mailboxes.get(wiring.OWNER, before.id)
    assert companies(here) == [("Acme", "applied")]
    assert after.cursor is not None
    assert before.cursor is not None
    assert after.cursor.generation > before.cursor.generation


def test_mail_of_dropped_pushes_is_found_by_the_sweep(here: wiring.Installation, google: Any) -> None:
    """No push at all: the sweep finds it when the mailbox's turn has come."""
    box = connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    later = here.clock() + timedelta(minutes=6)
    rooms = replace(here.rooms, clock=lambda: later)
    assert sweep.sweep(rooms) == 1
    work_all(here)
    assert companies(here) == [("Acme", "applied")]
    assert box.id


def test_a_taken_lease_is_tried_again_later(here: wiring.Installation, google: Any) -> None:
    """While another worker reads the mailbox, catching up is Transient, and a push queues itself."""
    box = connected(here, *google)
    lease = here.store.mailboxes.lease(wiring.OWNER, box.id, seconds=60, now=here.clock())
    assert lease is not None
    with pytest.raises(Transient):
        catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    waiting = here.queue.depth(Lane.LIVE)
    push(here, google)
    assert here.queue.depth(Lane.LIVE) == waiting + 1


def test_a_revoked_grant_is_told_and_caught_up_after_reconnecting(here: wiring.Installation, google: Any) -> None:
    """Authentication Required, the cursor kept; reconnecting the same mailbox finds what was missed."""
    box = connected(here, *google)
    google[0].grants.clear()
    google[0].access.clear()
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    stopped = here.store.mailboxes.get(wiring.OWNER, box.id)
    assert stopped.status is MailboxStatus.AUTHENTICATION_REQUIRED
    assert stopped.cursor == box.cursor
    from fakes import grant

    again = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    assert again.id == box.id
    work_all(here)
    assert companies(here) == [("Acme", "applied")]


def test_unauthenticated_mail_changes_nothing_by_itself(here: wiring.Installation, google: Any) -> None:
    """A forged rejection waits for the person."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    google[0].deliver(BOX, mail(2, "Your application at Acme", REJECTION, auth="fail"))
    push(here, google)
    work_all(here)
    assert companies(here) == [("Acme", "applied")]
    (item,) = here.store.projections.review(wiring.OWNER)
    assert "forged" in item.reason


def test_ignored_mail_is_never_opened(here: wiring.Installation, google: Any) -> None:
    """Mail without a word of a job search leaves a ledger line, and its body is not fetched."""
    connected(here, *google)
    before = google[0].calls["messages.get"]
    google[0].deliver(
        BOX, mail(1, "Dinner on Sunday", "See you at seven, bring wine.", sender="Mum <mum@family.example>")
    )
    push(here, google)
    work_all(here)
    assert google[0].calls["messages.get"] == before + 1  # the glimpse
    (line,) = here.store.ledger.entries(wiring.OWNER)
    assert line.looked.value == "seen"


def test_a_poison_message_goes_to_review_and_its_neighbours_pass(here: wiring.Installation, google: Any) -> None:
    """A parser bomb about an application waits for the person; the next mail is read."""
    connected(here, *google)
    bomb = mail(1, "Your application at Bomb", "x") + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 500
    google[0].deliver(BOX, bomb)
    google[0].deliver(BOX, mail(2, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    work_all(here)
    assert companies(here) == [("Acme", "applied")]
    (item,) = here.store.projections.review(wiring.OWNER)
    assert "parts" in item.reason


def test_a_message_gone_before_it_is_read_is_noted(here: wiring.Installation, google: Any) -> None:
    """Deleted between list and get: once it has been looked for long enough, a ledger line says so."""
    connected(here, *google)
    id_ = google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    google[0].delete(BOX, id_)
    for number in range(len(classify.MISSING_DELAYS_SECONDS) + 1):
        assert here.store.ledger.entries(wiring.OWNER) == []
        late = partial(lambda ahead: wiring.now() + timedelta(minutes=2 * ahead), number)
        work_all(replace(here, queue=SqliteQueue(here.settings.home / "queue.db", late)), rounds=1)
    (line,) = here.store.ledger.entries(wiring.OWNER)
    assert line.looked.value == "gone"


def test_a_push_for_an_unknown_mailbox_does_nothing(here: wiring.Installation) -> None:
    """Acknowledged and left."""
    notified.gmail(here.rooms, "nobody@gmail.example", "5")
    assert here.queue.depth(Lane.LIVE) == 0


def test_disconnecting_keeps_the_applications(here: wiring.Installation, google: Any) -> None:
    """The watch is stopped, the grant revoked, the token deleted."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    box = connected(here, *google)
    connect.disconnect(here.rooms, wiring.OWNER, box.id)
    assert companies(here) == [("Acme", "applied")]
    assert not google[0].grants
    assert google[0].accounts[BOX].watch_until is None
    assert here.store.mailboxes.secret(wiring.OWNER, box.id) is None
    assert sync_now(here.rooms, wiring.OWNER) == 0


def test_what_was_queued_before_disconnecting_is_read_after_reconnecting(
    here: wiring.Installation, google: Any
) -> None:
    """The cursor has passed a queued mail when the person disconnects: it waits, ids only, and nothing is lost."""
    box = connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    connect.disconnect(here.rooms, wiring.OWNER, box.id)
    work_all(here)
    assert companies(here) == []
    from fakes import grant

    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    work_all(here)
    assert companies(here) == [("Acme", "applied")]


def test_nothing_is_written_for_an_erased_person(here: wiring.Installation, google: Any) -> None:
    """Messages in flight while the account is deleted are dropped."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    receipt = erase.erase(here.rooms, wiring.OWNER)
    work_all(here)
    assert receipt.mailboxes == 1
    assert not google[0].grants
    with pytest.raises(NotFound):
        here.store.people.get(wiring.OWNER)
    assert here.queue.depth(Lane.LIVE) == 0


def test_a_consent_link_works_once_and_only_in_its_browser(here: wiring.Installation, google: Any) -> None:
    """State is bound to the browser and used up."""
    from urllib.parse import parse_qs, urlsplit

    from hearback.model.errors import NeedsPerson

    url = connect.begin(
        here.rooms, here.connectors, wiring.OWNER, Provider.GMAIL, browser="mine", redirect_uri="http://x/cb"
    )
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    code = google[0].authorize(query, BOX)
    with pytest.raises(NeedsPerson):
        connect.finish(here.rooms, here.connectors, wiring.OWNER, state=query["state"], code=code, browser="other")
    with pytest.raises(NeedsPerson):
        connect.finish(here.rooms, here.connectors, wiring.OWNER, state=query["state"], code=code, browser="mine")


def test_keys_that_are_refused_for_a_while_lose_no_mail(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is a dead letter at any try and nothing stands in clear; once the keys answer again, the mail is read."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    push(here, google)
    with monkeypatch.context() as refusing:

        def refuse(*_: Any) -> bytes:
            raise Transient("The key store refused (AccessDeniedException).")

        refusing.setattr(type(here.keys), "get", refuse)
        for receives in range(1, MAX_RECEIVES + 1):
            (delivery,) = here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
            assert delivery.receives == receives
            if receives < MAX_RECEIVES:
                with pytest.raises(Transient):
                    classify.handle(here.rooms, delivery.body, delivery.receives)
                here.queue.retry(delivery, delay_seconds=0)
            else:
                classify.handle(here.rooms, delivery.body, delivery.receives)
                here.queue.delete(delivery)
    assert not here.queue.dead_letters()
    assert here.queue.depth(Lane.LIVE) == 1
    home = here.settings.home
    assert b"Acme" not in b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    later = replace(here, queue=SqliteQueue(home / "queue.db", lambda: here.clock() + timedelta(hours=1)))
    work_all(later)
    assert companies(here) == [("Acme", "applied")]


@pytest.mark.parametrize("labels", [("INBOX",), ()])
def test_forged_mail_in_the_persons_name_withdraws_nothing(
    labels: tuple[str, ...], here: wiring.Installation, google: Any
) -> None:
    """Live mail acts as the person only with the provider's SENT label."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    forged = mail(2, "Re: Data Engineer", "I would like to withdraw my application.", sender=BOX, auth="fail")
    google[0].deliver(BOX, forged, labels=labels, thread_key="t")
    push(here, google)
    work_all(here)
    assert companies(here) == [("Acme", "applied")]
    own = mail(3, "Re: Data Engineer", "I would like to withdraw my application.", sender=BOX, auth="none")
    google[0].deliver(BOX, own, labels=("SENT",), thread_key="t")
    push(here, google)
    work_all(here)
    assert companies(here) == [("Acme", "withdrawn")]
