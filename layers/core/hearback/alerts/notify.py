"""Outbox entries leave: open pages hear of each, webhook receivers of those a person would want to hear of.

At least once: an entry is marked done only after everything it starts is durable, and its id is the webhook's id.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hearback.alerts.live import publish
from hearback.alerts.receivers import Receivers
from hearback.alerts.rooms import Alerts
from hearback.model.errors import NotFound
from hearback.model.outbox import OutboxEntry
from hearback.model.task import Announce, Lane


def notify(alerts: Alerts, entries: Sequence[OutboxEntry]) -> None:
    """Publish and queue deliveries, then mark the entries done. Transient: nothing is lost, they come again."""
    by_person = itertools.groupby(sorted(entries, key=lambda entry: entry.person_id), key=lambda entry: entry.person_id)
    for person, grouped in by_person:
        mine = list(grouped)
        for topic, id_ in dict.fromkeys((entry.topic, entry.application_id) for entry in mine):
            publish(alerts, person, topic, id_)
        loud = [entry for entry in mine if entry.event is not None and not entry.silent]
        receivers = Receivers(alerts)
        try:
            endpoints = receivers.all(person) if loud and receivers.included(person) else []
        except NotFound:
            endpoints = []
        tasks = [
            Announce(person_id=person, endpoint=endpoint.id, entry=entry)
            for endpoint in endpoints
            if endpoint.enabled
            for entry in loud
        ]
        if tasks:
            alerts.queue.send(tasks, lane=Lane.DELIVER)
        alerts.store.outbox.done(person, [entry.id for entry in mine])


def sweep(alerts: Alerts) -> int:
    """Send what the stream missed; answers how many entries."""
    entries = alerts.store.outbox.pending(limit=500)
    if entries:
        notify(alerts, entries)
    return len(entries)
