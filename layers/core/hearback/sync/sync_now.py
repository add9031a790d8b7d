"""The person asks: "Sync Now"."""

from __future__ import annotations

from hearback.model.errors import NeedsPerson, NotFound
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import MailboxStatus, Provider
from hearback.model.task import CatchUp
from hearback.sync import plans
from hearback.sync.rooms import Rooms


def sync_now(rooms: Rooms, person: PersonId, mailbox_id: MailboxId | None = None) -> int:
    """Queue a CatchUp for one mailbox, or for all that are active; answers how many (0: nothing is connected).

    NotFound; NeedsPerson: what was asked for must be reconnected first, or is paused under the plan, and nothing was queued.
    """
    mailboxes = [
        each
        for each in rooms.store.mailboxes.of_person(person)
        if each.provider is not Provider.IMPORT and (mailbox_id is None or each.id == mailbox_id)
    ]
    if mailbox_id is not None and not mailboxes:
        raise NotFound("There is no such mailbox.")
    paused = plans.paused_of(rooms, person)
    if mailbox_id in paused:
        raise NeedsPerson("This mailbox is paused: it is more than your plan includes. What was read of it is kept.")
    mailboxes = [each for each in mailboxes if each.id not in paused]
    tasks = [
        CatchUp(person_id=person, mailbox_id=each.id, reason="sync_now")
        for each in mailboxes
        if each.status is MailboxStatus.ACTIVE
    ]
    asleep = {each.status for each in mailboxes} - {MailboxStatus.ACTIVE}
    if not tasks and (MailboxStatus.AUTHENTICATION_REQUIRED in asleep or (asleep and mailbox_id is not None)):
        raise NeedsPerson("Hearback has no access to this mailbox any more. Reconnect it in settings, then it syncs.")
    if tasks:
        rooms.queue.send(tasks)
    return len(tasks)
