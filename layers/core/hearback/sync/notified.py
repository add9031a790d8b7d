"""A provider pushed. A notification is never trusted as content: it only says which mailbox to look at.

The function has verified and decoded it. Gmail: the history is read at once (one page; the answer is due within
seconds), and what cannot be done at once becomes a delayed CatchUp. Graph: its notifications name messages; their ids
are queued and nobody is called.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable
from typing import Final, Protocol

from hearback.model.errors import Conflict, CursorExpired, NeedsPerson, NotFound, Permanent, Transient
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.mailbox import Provider
from hearback.model.task import CatchUp, MessageRef, Task
from hearback.sync import hearing, renew
from hearback.sync.catch_up import catch_up
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

RETRY_DELAY_SECONDS: Final = 3


class GraphNotice(Protocol):
    """One change or lifecycle notification of Microsoft Graph, decoded (mailboxes.graph_push)."""

    @property
    def subscription_id(self) -> str:
        """The subscription it was sent for."""
        ...

    @property
    def client_state(self) -> str | None:
        """The secret we gave at subscription; still to be compared."""
        ...

    @property
    def message_id(self) -> str | None:
        """The message that changed; None for a lifecycle notification."""
        ...


def gmail(rooms: Rooms, address: str, history_id: str) -> None:
    """A verified Pub/Sub push for `address`. Transient: it could not be made durable, so it must not be acknowledged."""
    leads = rooms.store.directory.find(Provider.GMAIL.value, address.lower())
    if not leads:
        log.warning("push for a mailbox nobody connected here; acknowledged and left")
    for person, mailbox in leads:
        _at_once(rooms, person, mailbox, history_id)


def _at_once(rooms: Rooms, person: PersonId, mailbox: MailboxId, hint: str) -> None:
    try:
        catch_up(rooms, person, mailbox, reason="push", hint=hint, pages=1)
    except NotFound:
        log.warning("push for mailbox %s, which is gone", mailbox)
    except (Transient, Conflict, CursorExpired, NeedsPerson, Permanent) as error:
        log.info("mailbox %s later: %s", mailbox, type(error).__name__)
        later = CatchUp(person_id=person, mailbox_id=mailbox, reason="push", hint=hint)
        rooms.queue.send([later], delay_seconds=RETRY_DELAY_SECONDS)
    hearing.heard(rooms, person, mailbox)


def graph(rooms: Rooms, notices: Iterable[GraphNotice]) -> None:
    """Decoded Graph notifications. Unknown or forged ones are logged and left; Transient: could not be made durable."""
    tasks: list[Task] = []
    for notice in notices:
        leads = rooms.store.directory.find("subscription", notice.subscription_id)
        if not leads:
            log.warning("notification for a subscription nobody has here; acknowledged and left")
        for person, mailbox in leads:
            if not _client_state_holds(rooms, person, notice):
                log.warning("notification with a wrong client state for mailbox %s; left", mailbox)
            elif _listened_to(rooms, person, mailbox):
                tasks.append(_task(person, mailbox, notice))
    if tasks:
        rooms.queue.send(tasks)


def _listened_to(rooms: Rooms, person: PersonId, mailbox: MailboxId) -> bool:
    """Whether the plan has real-time sync; a subscription from before a smaller one may still notify."""
    try:
        return renew.wants_push(rooms, rooms.store.mailboxes.get(person, mailbox))
    except NotFound:
        return False


def _task(person: PersonId, mailbox: MailboxId, notice: GraphNotice) -> Task:
    if notice.message_id is None:
        return CatchUp(person_id=person, mailbox_id=mailbox, reason="push")
    return MessageRef(person_id=person, mailbox_id=mailbox, message_id=ProviderMessageId(notice.message_id))


def _client_state_holds(rooms: Rooms, person: PersonId, notice: GraphNotice) -> bool:
    try:
        expected = rooms.store.people.setting(person, f"client_state:{notice.subscription_id}")
    except NotFound:
        return False
    return expected is not None and hmac.compare_digest(expected, (notice.client_state or "").encode())
