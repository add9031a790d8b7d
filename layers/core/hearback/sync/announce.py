"""Tells open pages and receivers that a mailbox changed: an outbox entry of its own, ids only."""

from __future__ import annotations

from hearback.model.change import Change
from hearback.model.mailbox import Mailbox
from hearback.model.outbox import OutboxEntry
from hearback.sync.rooms import Rooms


def mailbox_changed(rooms: Rooms, mailbox: Mailbox, *, event: str | None = None) -> None:
    """Queue "mailbox.changed" for the version `mailbox` was stored with; saying it twice says it once."""
    entry = OutboxEntry(
        id=f"mailbox:{mailbox.id}:{mailbox.version}",
        person_id=mailbox.person_id,
        at=rooms.clock(),
        topic="mailbox.changed",
        event=event,
        silent=event is None,
    )
    rooms.store.facts.record(Change(person_id=mailbox.person_id, outbox=(entry,)))
