"""A mailbox's connection: watches kept alive, reconnects that hold, disconnects that say what became of the grant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, connected, grant, install, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import Conflict, NeedsPerson, Transient
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.storage.protocols import DUE_SHARDS
from hearback.sync import connect, erase, notified, renew, status
from hearback.sync.sync_now import sync_now


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


def at(here: wiring.Installation, **later: float) -> Any:
    moment = here.clock() + timedelta(**later)
    return replace(here.rooms, clock=lambda: moment)


def due(here: wiring.Installation, rooms: Any) -> list[Any]:
    return [each for shard in range(DUE_SHARDS) for each in here.store.mailboxes.due(rooms.clock(), shard)]


def box_now(here: wiring.Installation, box: Mailbox) -> Mailbox:
    return here.store.mailboxes.get(wiring.OWNER, box.id)


def failing(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise Transient("out of reach")

    monkeypatch.setattr(GmailDoor, method, fail)


def test_renewing_a_watch_leaves_the_mailbox_its_turn(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash right after the renewal leaves a mailbox that the sweep still finds."""
    box = connected(here, *google)
    rooms = at(here, days=2)
    lease = here.store.mailboxes.lease(wiring.OWNER, box.id, seconds=60, now=rooms.clock())
    assert lease is not None
    google[0].clock = rooms.clock
    renewed = renew.renew_watch(rooms, rooms.door(box), box, lease)
    assert renewed.watch is not None
    assert box.watch is not None
    assert renewed.watch.expires_at > box.watch.expires_at
    assert due(here, rooms) == [(wiring.OWNER, box.id)]


def test_a_watch_is_renewed_though_no_sweep_is_due(here: wiring.Installation, google: Any) -> None:
    """The daily round goes by the ends of watches; one that was renewed in time is left alone."""
    box = connected(here, *google)
    assert renew.renew(here.rooms) == 0
    here.store.mailboxes.put(box_now(here, box), due_at=None)
    rooms = at(here, days=2)
    assert due(here, rooms) == []
    assert renew.renew(rooms) == 1


def renewed_after(here: wiring.Installation, google: Any, box: Mailbox, hours: float) -> bool:
    """Whether a look so many hours after the watch was made registers it anew."""
    rooms = at(here, hours=hours)
    google[0].clock = rooms.clock
    lease = here.store.mailboxes.lease(wiring.OWNER, box.id, seconds=60, now=rooms.clock())
    assert lease is not None
    before = google[0].calls["watch"]
    renew.renew_watch(rooms, rooms.door(box), box_now(here, box), lease)
    here.store.mailboxes.release(lease)
    return bool(google[0].calls["watch"] > before)


def test_a_watch_is_renewed_when_it_is_a_day_old_and_not_before(here: wiring.Installation, google: Any) -> None:
    """Mailboxes connected at one time are spread over two hours."""
    box = connected(here, *google)
    assert not renewed_after(here, google, box, 21.9)
    assert renewed_after(here, google, box, 24.1)


def test_a_watch_of_one_day_is_renewed_at_half_of_it(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not at every look."""
    monkeypatch.setattr("hearback.simulators.google.WATCH_DAYS", 1)
    box = connected(here, *google)
    assert not renewed_after(here, google, box, 0.1)
    assert renew.renew(at(here, hours=1)) == 0
    assert renew.renew(at(here, hours=13)) == 1
    assert renewed_after(here, google, box, 12.1)


def test_a_watch_whose_beginning_nobody_noted_is_renewed_by_its_end(here: wiring.Installation, google: Any) -> None:
    """As before: with less than six days left."""
    box = box_now(here, connected(here, *google))
    assert box.watch is not None
    here.store.mailboxes.put(replace(box, watch=replace(box.watch, made_at=None)))
    assert not renewed_after(here, google, box, 23)
    assert renewed_after(here, google, box, 25)


def test_watches_that_lapse_are_counted(here: wiring.Installation, google: Any) -> None:
    """Under 48 hours of life is what the alarm goes by; a mailbox that is disconnected has no watch to miss."""
    box = connected(here, *google)
    assert renew.lapsing(at(here, days=4)) == 0
    assert renew.lapsing(at(here, days=6)) == 1
    assert renew.lapsing(at(here, days=30)) == 1
    connect.disconnect(here.rooms, wiring.OWNER, box.id)
    assert renew.lapsing(at(here, days=6)) == 0


def test_a_refusal_of_the_old_token_does_not_undo_a_reconnect(here: wiring.Installation, google: Any) -> None:
    """A worker that was still at it with the old token fails after the person has reconnected: the mailbox stays Active."""
    box = connected(here, *google)
    google[0].grants.clear()
    google[0].access.clear()
    with pytest.raises(NeedsPerson) as refused:
        here.rooms.door(box).cursor_now()
    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    status.require_person(here.rooms, wiring.OWNER, box.id, refused.value)
    assert box_now(here, box).status is MailboxStatus.ACTIVE
    work_all(here)
    assert box_now(here, box).status is MailboxStatus.ACTIVE


def test_a_mailbox_is_active_only_with_its_new_token(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At no moment of a reconnect is the status Active and the token the old one; a status written meanwhile is no obstacle."""
    box = connected(here, *google)
    status.require_person(here.rooms, wiring.OWNER, box.id, NeedsPerson("gone"))
    held = here.store.mailboxes.secret(wiring.OWNER, box.id)
    put, seen = type(here.store.mailboxes).put, list[bool]()

    def watching(self: Any, mailbox: Mailbox, **more: Any) -> Mailbox:
        if mailbox.status is MailboxStatus.ACTIVE:
            seen.append(here.store.mailboxes.secret(wiring.OWNER, box.id) != held)
            if len(seen) == 1:
                raise Conflict("a worker was first")
        return put(self, mailbox, **more)

    monkeypatch.setattr(type(here.store.mailboxes), "put", watching)
    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    assert seen == [True, True]
    assert box_now(here, box).status is MailboxStatus.ACTIVE


def test_a_dead_grant_is_told_with_the_status_or_not_at_all(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One write holds both, and a second failure tells nothing new."""
    box = connected(here, *google)
    here.store.outbox.done(wiring.OWNER, [each.id for each in here.store.outbox.pending(limit=500)])

    def crash(*_: Any, **__: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(type(here.store.facts), "record", crash)
    for _ in range(2):
        status.require_person(here.rooms, wiring.OWNER, box.id, NeedsPerson("gone"))
    (told,) = here.store.outbox.pending()
    assert (told.event, told.silent) == ("mailbox.authentication_required", False)
    assert box_now(here, box).status is MailboxStatus.AUTHENTICATION_REQUIRED


def test_a_watch_that_cannot_be_stopped_keeps_no_grant_alive(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Watch and grant are given back each for itself."""
    box = connected(here, *google)
    failing(monkeypatch, "unwatch")
    assert connect.disconnect(here.rooms, wiring.OWNER, box.id) is True
    assert not google[0].grants


def test_the_watch_is_stopped_before_the_grant_that_stops_it_ends(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First users.stop, then the revocation, then our copy of the token."""
    box = connected(here, *google)
    seen: list[tuple[str, bool]] = []

    def noting(name: str) -> None:
        real = getattr(GmailDoor, name)

        def note(self: GmailDoor, *arguments: Any) -> None:
            seen.append((name, here.store.mailboxes.secret(wiring.OWNER, box.id) is not None))
            real(self, *arguments)

        monkeypatch.setattr(GmailDoor, name, note)

    noting("unwatch")
    noting("revoke")
    assert connect.disconnect(here.rooms, wiring.OWNER, box.id) is True
    assert seen == [("unwatch", True), ("revoke", True)]
    assert here.store.mailboxes.secret(wiring.OWNER, box.id) is None
    assert google[0].accounts[BOX].watched is None


def test_a_grant_that_lives_on_is_said_to(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is deleted all the same; deleting the person counts such mailboxes."""
    box = connected(here, *google)
    failing(monkeypatch, "revoke")
    assert connect.disconnect(here.rooms, wiring.OWNER, box.id) is False
    assert here.store.mailboxes.secret(wiring.OWNER, box.id) is None
    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    assert erase.erase(here.rooms, wiring.OWNER).not_revoked == 1


def test_a_worker_that_writes_meanwhile_is_no_obstacle_to_disconnecting(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status and token are written again over what it wrote, and nobody is told that the grant died."""
    box = connected(here, *google)
    put, put_secret = type(here.store.mailboxes).put, type(here.store.mailboxes).put_secret
    first = {"put", "put_secret"}

    def late(name: str, whole: Any) -> Any:
        def write(self: Any, *args: Any, **more: Any) -> Any:
            if name in first:
                first.remove(name)
                raise Conflict("a worker was first")
            return whole(self, *args, **more)

        return write

    monkeypatch.setattr(type(here.store.mailboxes), "put", late("put", put))
    monkeypatch.setattr(type(here.store.mailboxes), "put_secret", late("put_secret", put_secret))
    revoke = GmailDoor.revoke

    def meanwhile(self: GmailDoor) -> None:
        revoke(self)
        google[0].access.clear()
        notified.gmail(here.rooms, BOX, "5")

    monkeypatch.setattr(GmailDoor, "revoke", meanwhile)
    assert connect.disconnect(here.rooms, wiring.OWNER, box.id) is True
    assert not first
    assert box_now(here, box).status is MailboxStatus.DISCONNECTED
    assert here.store.mailboxes.secret(wiring.OWNER, box.id) is None
    assert not [each for each in here.store.outbox.pending(limit=500) if each.event]


def test_syncing_now_says_that_a_mailbox_must_be_reconnected(here: wiring.Installation, google: Any) -> None:
    """Nothing is queued and nothing pretended; with one active mailbox left, that one is caught up."""
    box = connected(here, *google)
    status.require_person(here.rooms, wiring.OWNER, box.id, NeedsPerson("gone"))
    for wanted in (None, box.id):
        with pytest.raises(NeedsPerson):
            sync_now(here.rooms, wiring.OWNER, wanted)
    other = google[0].add_account("ben@gmail.example").address
    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google, address=other), label="x")
    assert sync_now(here.rooms, wiring.OWNER) == 1
