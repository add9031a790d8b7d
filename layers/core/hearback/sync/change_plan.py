"""A person has another plan.

A smaller one: what it no longer includes is paused, with its settings, cursor and history; nothing is deleted.
A larger one: what was paused is caught up from where its cursor stands.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from hearback.model.errors import HearbackError
from hearback.model.ids import PersonId
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.plan import Plan
from hearback.model.task import CatchUp
from hearback.sync import plans, status
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)


def change_plan(rooms: Rooms, person: PersonId, to: Plan) -> None:
    """The person has plan `to` from now on. Repeating it is harmless. NotFound; Transient: repeat it."""
    rooms.store.people.put(replace(rooms.store.people.get(person), plan=to))
    paused = plans.paused_of(rooms, person)
    active = [
        each
        for each in rooms.store.mailboxes.of_person(person)
        if each.provider is not Provider.IMPORT and each.status is MailboxStatus.ACTIVE
    ]
    for each in active:
        if each.watch is not None and (each.id in paused or not plans.real_time(rooms, each)):
            _end_watch(rooms, each)
        else:
            status.change(rooms, person, each.id, lambda mailbox: mailbox)  # its turn comes as the new plan promises
    tasks = [CatchUp(person_id=person, mailbox_id=each.id, reason="plan") for each in active if each.id not in paused]
    if tasks:
        rooms.queue.send(tasks)


def _end_watch(rooms: Rooms, mailbox: Mailbox) -> None:
    """A provider that cannot be told goes on pushing until the watch lapses; that is not listened to."""
    try:
        rooms.door(mailbox).unwatch(mailbox.watch)
    except HearbackError as error:
        log.warning("the watch of mailbox %s was not ended: %s", mailbox.id, type(error).__name__)
    status.change(rooms, mailbox.person_id, mailbox.id, lambda each: replace(each, watch=None))
