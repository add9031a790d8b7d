"""What a person's plan lets one of their mailboxes do now. Asked anew at every turn: nothing of it is stored."""

from __future__ import annotations

from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Frequency, Mailbox, Preferences, Provider
from hearback.model.plan import paused, within
from hearback.sync.rooms import Rooms


def preferences(rooms: Rooms, mailbox: Mailbox) -> Preferences:
    """Those of the mailbox's preferences that the plan includes."""
    return within(rooms.store.people.get(mailbox.person_id).plan, mailbox.preferences)


def real_time(rooms: Rooms, mailbox: Mailbox) -> bool:
    """Whether plan and preferences ask for real-time notifications."""
    return preferences(rooms, mailbox).frequency is Frequency.REAL_TIME


def paused_of(rooms: Rooms, person: PersonId) -> frozenset[MailboxId]:
    """The mailboxes beyond what the plan includes: they are kept, and not read."""
    return paused(rooms.store.people.get(person).plan, rooms.store.mailboxes.of_person(person))


def is_paused(rooms: Rooms, mailbox: Mailbox) -> bool:
    """Whether the mailbox is one of those."""
    return mailbox.provider is not Provider.IMPORT and mailbox.id in paused_of(rooms, mailbox.person_id)
