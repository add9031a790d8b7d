"""How a mailbox hears of new mail: from the provider at once, or by looking again. What stands in the way of push is told."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hearback.model.errors import HearbackError
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox
from hearback.model.plan import poll_seconds
from hearback.sync import plans
from hearback.sync.rooms import Rooms

SELDOM: Final = timedelta(minutes=5)
"""When a mailbox was last told of is kept no more exactly than this: a busy one costs no write a push."""
_TROUBLE: Final = "push:trouble"
_HEARD: Final = "push:heard:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One mailbox's ears."""

    real_time: bool
    """The provider tells us of new mail by itself."""
    until: datetime | None
    """When its promise to do so ends, unless it is renewed (daily)."""
    last_at: datetime | None
    """When it last did, to within minutes."""
    every_seconds: int | None
    """How long mail waits at most without it; None: until the person asks."""
    trouble: str | None
    """Why the provider does not tell, where it should."""


def how(rooms: Rooms, mailbox: Mailbox) -> Hearing:
    """How new mail of this mailbox is found now."""
    wanted = plans.real_time(rooms, mailbox)
    person = rooms.store.people.get(mailbox.person_id)
    heard = rooms.store.people.setting(mailbox.person_id, f"{_HEARD}{mailbox.id}")
    trouble = _trouble(rooms, mailbox.person_id, mailbox.id) or _trouble(rooms, mailbox.person_id, None)
    alive = mailbox.watch is not None and mailbox.watch.expires_at > rooms.clock()
    return Hearing(
        real_time=wanted and alive and trouble is None,
        until=mailbox.watch.expires_at if alive and mailbox.watch is not None else None,
        last_at=datetime.fromisoformat(heard.decode()) if heard else None,
        every_seconds=poll_seconds(person.plan, mailbox.preferences.frequency),
        trouble=trouble if wanted else None,
    )


def heard(rooms: Rooms, person: PersonId, mailbox: MailboxId) -> None:
    """The provider told of this mailbox. A store that refuses to note it is no reason to be told again."""
    name = f"{_HEARD}{mailbox}"
    with suppress(HearbackError):
        before = rooms.store.people.setting(person, name)
        if before is None or rooms.clock() - datetime.fromisoformat(before.decode()) > SELDOM:
            rooms.store.people.put_setting(person, name, rooms.clock().isoformat().encode())


def trouble(rooms: Rooms, person: PersonId, why: str | None, mailbox: MailboxId | None = None) -> None:
    """What keeps push from working, of one mailbox or of all of the installation's; None: nothing (any more)."""
    if why != _trouble(rooms, person, mailbox):
        value = None if why is None else json.dumps({"why": why, "since": rooms.clock().isoformat()}).encode()
        rooms.store.people.put_setting(person, _name(mailbox), value)


def _trouble(rooms: Rooms, person: PersonId, mailbox: MailboxId | None) -> str | None:
    held = rooms.store.people.setting(person, _name(mailbox))
    return str(json.loads(held)["why"]) if held else None


def _name(mailbox: MailboxId | None) -> str:
    return f"{_TROUBLE}:{mailbox}" if mailbox else _TROUBLE
