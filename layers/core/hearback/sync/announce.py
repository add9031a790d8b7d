"""Tells open pages and receivers that a mailbox changed: an outbox entry of its own, ids only."""

from __future__ import annotations

from hearback.model.change import Change
from hearback.model.mailbox import Mailbox
from hearback.model.outbox import OutboxEntry
from hearback.sync.rooms import Rooms


def change_of(rooms: Rooms, mailbox: Mailbox, *, event: str | None = None) -> OutboxEntry:
    """What the next write of `mailbox` tells, to be given with that write (Mailboxes.put): told exactly if it happens."""
    return _entry(rooms, mailbox, mailbox.version + 1, event)


def mailbox_changed(rooms: Rooms, mailbox: Mailbox) -> None:
    """Let pages refresh for the version `mailbox` was stored with; saying it twice says it once."""
    entry = _entry(rooms, mailbox, mailbox.version, None)
    rooms.store.facts.record(Change(person_id=mailbox.person_id, outbox=(entry,)))


def _entry(rooms: Rooms, mailbox: Mailbox, version: int, event: str | None) -> OutboxEntry:
    return OutboxEntry(
        id=f"mailbox:{mailbox.id}:{version}",
        person_id=mailbox.person_id,
        at=rooms.clock(),
        topic="mailbox.changed",
        event=event,
        silent=event is None,
    )
