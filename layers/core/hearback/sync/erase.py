"""Delete a person: watches and grants at the providers, then the key, then everything sealed under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hearback.model.errors import HearbackError
from hearback.model.ids import PersonId
from hearback.model.mailbox import MailboxStatus, Provider
from hearback.sync.connect import disconnect
from hearback.sync.rooms import Rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was deleted, without a word about the person."""

    at: datetime
    mailboxes: int
    not_revoked: int
    """Mailboxes whose provider could not be told; their tokens are deleted all the same."""


def erase(rooms: Rooms, person: PersonId) -> Receipt:
    """Erase the person. Afterwards every write for them is NotFound, in-flight mail included."""
    mailboxes = rooms.store.mailboxes.of_person(person)
    not_revoked = 0
    for mailbox in mailboxes:
        held = rooms.store.mailboxes.secret(person, mailbox.id) is not None
        if mailbox.provider is Provider.IMPORT or (mailbox.status is MailboxStatus.DISCONNECTED and not held):
            continue
        try:
            revoked = disconnect(rooms, person, mailbox.id)
        except HearbackError:
            revoked = False
        not_revoked += not revoked
    rooms.store.people.erase(person)
    return Receipt(at=rooms.clock(), mailboxes=len(mailboxes), not_revoked=not_revoked)
