"""Open pages: a WebSocket connects with a single-use ticket and is told "changed, id, version", never content."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final, Protocol

from hearback.alerts.rooms import Alerts
from hearback.model.errors import NotFound
from hearback.model.ids import MailboxId, PersonId
from hearback.sync import tickets

OPENING: Final = timedelta(minutes=1)
"""So long a connection may be bound and not there yet: it is bound before it is open, and only then can it be told."""
_NO_MAILBOX: Final = MailboxId("")


class Publisher(Protocol):
    """Sends to open connections."""

    def post(self, connection_id: str, data: bytes) -> None:
        """Send `data`. NotFound: the connection is gone; Transient."""
        ...


def connect(alerts: Alerts, connection_id: str, ticket: str) -> None:
    """Bind a new connection to the person of its ticket. AccessDenied: unknown, used or too old."""
    now = alerts.clock()
    person = tickets.redeem(alerts.store, ticket, now)
    alerts.store.people.put_setting(person, f"connection:{connection_id}", now.isoformat().encode())
    alerts.store.directory.add("connection", connection_id, person, _NO_MAILBOX)


def disconnect(alerts: Alerts, connection_id: str) -> None:
    """Forget a connection; one that is unknown is no error."""
    for person, mailbox in alerts.store.directory.find("connection", connection_id):
        alerts.store.directory.remove("connection", connection_id, person, mailbox)
        try:
            alerts.store.people.put_setting(person, f"connection:{connection_id}", None)
        except NotFound:
            continue  # erased meanwhile, and the connection with them


def publish(alerts: Alerts, person: PersonId, topic: str, id_: str | None) -> None:
    """Tell the person's open pages that something changed. Connections that are gone are forgotten.

    One that is only opening is not told and not forgotten: its page fetches its parts when it is open.
    """
    try:
        connections = alerts.store.people.settings(person, "connection:")
        version = alerts.store.projections.version(person) if connections else 0
    except NotFound:
        return  # erased: nobody is left to be told
    data = json.dumps({"type": "changed", "topic": topic, "id": id_, "version": version}).encode()
    for name, bound in connections:
        connection_id = name.removeprefix("connection:")
        try:
            alerts.publisher.post(connection_id, data)
        except NotFound:
            if not _opening(bound, alerts.clock()):
                disconnect(alerts, connection_id)


def _opening(bound: bytes, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(bound.decode()) < OPENING
    except ValueError:
        return False  # bound by a version that did not note when
