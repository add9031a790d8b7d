"""Open pages: who is told, and when a connection is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fakes import Posted
from hearback.alerts import live
from hearback.alerts.rooms import Alerts
from hearback.model.ids import PersonId
from hearback.model.person import Person
from hearback.queues.sqlite import SqliteQueue
from hearback.storage.keys_file import FileKeys
from hearback.storage.sqlite import SqliteStore
from hearback.sync import tickets

ANN = PersonId("ann")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def posted() -> Posted:
    """A publisher to which c1 is not there."""
    return Posted(gone={"c1"})


@pytest.fixture
def alerts(tmp_path: Path, posted: Posted) -> Alerts:
    """Ann's page has connected as c1, and the connection is not open yet."""
    store = SqliteStore(tmp_path / "store.db", FileKeys(tmp_path))
    store.people.put(Person(id=ANN))
    made = Alerts(
        store=store, queue=SqliteQueue(tmp_path / "queue.db", lambda: NOW), publisher=posted, clock=lambda: NOW
    )
    live.connect(made, "c1", tickets.issue(store, ANN, NOW))
    return made


def test_a_connection_that_was_not_open_yet_is_told_of_what_comes_next(alerts: Alerts, posted: Posted) -> None:
    """A change between $connect and the open socket leaves no page without news for ever."""
    live.publish(alerts, ANN, "application.changed", "app")
    posted.gone.clear()
    live.publish(alerts, ANN, "application.changed", "app")
    assert [connection for connection, _ in posted.sent] == ["c1"]


def test_a_connection_that_is_gone_is_forgotten(alerts: Alerts) -> None:
    """One that had the time to open and is not there."""
    live.publish(replace(alerts, clock=lambda: NOW + live.OPENING), ANN, "application.changed", "app")
    assert not alerts.store.people.settings(ANN, "connection:")


def test_a_connection_bound_by_an_earlier_version_is_forgotten_when_it_is_gone(alerts: Alerts) -> None:
    """It did not note when it was bound."""
    alerts.store.people.put_setting(ANN, "connection:c1", b"1")
    live.publish(alerts, ANN, "application.changed", "app")
    assert not alerts.store.people.settings(ANN, "connection:")
