"""The person chooses what of a mailbox is read, and what mail may do. It holds for mail that is read from then on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox, Preferences
from hearback.model.plan import within
from hearback.pipeline import covering
from hearback.sync import rulebook, status
from hearback.sync.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Chosen:
    """What came of it."""

    mailbox: Mailbox
    wider: bool
    """Mail may be wanted now that was left out before: a rescan would find it."""
    folders: bool
    """Among it mail of folders that were not read."""


def choose(rooms: Rooms, person: PersonId, mailbox_id: MailboxId, wanted: Preferences) -> Chosen:
    """Store the preferences. NotFound; Permanent: filters are not part of the plan; Transient: choose again.

    What the plan does not include is kept as it was chosen before, and paused.
    """
    before = rooms.store.mailboxes.get(person, mailbox_id).preferences
    if wanted.filters != before.filters and wanted.filters:
        rulebook.require(rooms, person)
    stored = status.change(rooms, person, mailbox_id, lambda each: replace(each, preferences=wanted))
    plan = rooms.store.people.get(person).plan
    was, now = within(plan, before), within(plan, wanted)
    return Chosen(stored, covering.widens(was, now), not set(now.folders) <= set(was.folders))
