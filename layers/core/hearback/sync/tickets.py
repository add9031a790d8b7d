"""Single-use tickets with which a page's WebSocket connects: they live a minute and lead to a person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from hearback.model.errors import AccessDenied
from hearback.model.ids import MailboxId, PersonId
from hearback.storage.protocols import Store

LIFETIME: Final = timedelta(seconds=60)
_NO_MAILBOX: Final = MailboxId("")


def issue(store: Store, person: PersonId, now: datetime) -> str:
    """A fresh ticket."""
    value = secrets.token_urlsafe(24)
    store.people.put_setting(person, f"ticket:{value[:12]}", (now + LIFETIME).isoformat().encode())
    store.directory.add("ticket", value, person, _NO_MAILBOX)
    return value


def redeem(store: Store, value: str, now: datetime) -> PersonId:
    """Whose ticket it is, once. AccessDenied: unknown, used or too old."""
    for person, mailbox in store.directory.find("ticket", value) if value else ():
        store.directory.remove("ticket", value, person, mailbox)
        until = store.people.setting(person, f"ticket:{value[:12]}")
        store.people.put_setting(person, f"ticket:{value[:12]}", None)
        if until is not None and datetime.fromisoformat(until.decode()) >= now:
            return person
    raise AccessDenied("This live connection has no valid ticket.")
