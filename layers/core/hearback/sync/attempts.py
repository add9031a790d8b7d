"""The last try to connect a mailbox that came to nothing: told in settings until one succeeds, the person says "Got it", or a week is over."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hearback.model.ids import MailboxId, PersonId
from hearback.sync.connect import NotConnected
from hearback.sync.rooms import Rooms

_SETTING: Final = "not_connected"
_TOLD_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A try that failed."""

    at: datetime
    cause: str
    """A code of connect.NotConnected."""
    text: str
    mailbox_id: MailboxId | None
    """The mailbox that was to be reconnected."""


def failed(rooms: Rooms, person: PersonId, error: NotConnected) -> None:
    """Remember that it came to nothing."""
    told = {"at": rooms.clock().isoformat(), "cause": error.cause, "text": str(error), "mailbox": error.mailbox_id}
    rooms.store.people.put_setting(person, _SETTING, json.dumps(told).encode())


def forget(rooms: Rooms, person: PersonId) -> None:
    """There is nothing to tell any more."""
    if rooms.store.people.setting(person, _SETTING) is not None:
        rooms.store.people.put_setting(person, _SETTING, None)


def last(rooms: Rooms, person: PersonId) -> Attempt | None:
    """What is still to be told."""
    raw = rooms.store.people.setting(person, _SETTING)
    if raw is None:
        return None
    told = json.loads(raw)
    at = datetime.fromisoformat(told["at"])
    if rooms.clock() - at > _TOLD_FOR:
        return None
    return Attempt(at=at, cause=told["cause"], text=told["text"], mailbox_id=told["mailbox"])
