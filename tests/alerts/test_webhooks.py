"""Webhooks: signed, addressed to the outside only, patient with receivers, never twice under another id."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from fakes import Posted
from hearback.alerts import notify, webhooks
from hearback.alerts.rooms import Alerts
from hearback.model.errors import Permanent, Transient
from hearback.model.ids import ApplicationId, PersonId
from hearback.model.outbox import OutboxEntry
from hearback.model.person import Person
from hearback.model.task import Lane
from hearback.queues.sqlite import SqliteQueue
from hearback.storage.keys_file import FileKeys
from hearback.storage.sqlite import SqliteStore

ANN = PersonId("ann")
NOW = datetime.now(UTC)


class Receiver:
    """A real HTTP receiver that answers with `status`."""

    def __init__(self) -> None:
        self.status, self.got, self.drips = 200, [], False  # type: ignore[var-annotated]
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append((dict(self.headers), body))
                if outer.drips:
                    with contextlib.suppress(OSError):  # the deadline cuts the line
                        for _ in range(200):
                            self.wfile.write(b"H")
                            time.sleep(0.02)
                    return
                self.send_response(outer.status)
                if outer.status == 302:
                    self.send_header("location", "http://127.0.0.1:1/inside")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()


@pytest.fixture
def alerts(tmp_path: Path) -> Alerts:
    store = SqliteStore(tmp_path / "store.db", FileKeys(tmp_path))
    store.people.put(Person(id=ANN))
    return Alerts(
        store=store,
        queue=SqliteQueue(tmp_path / "queue.db", lambda: NOW),
        publisher=Posted(),
        clock=lambda: NOW,
        allow_loopback=True,
    )


def entry(**fields: Any) -> OutboxEntry:
    base: dict[str, Any] = {
        "id": "cause:app",
        "person_id": ANN,
        "at": NOW,
        "topic": "application.changed",
        "application_id": ApplicationId("app"),
        "event": "interview.invited",
    }
    return OutboxEntry(**(base | fields))


def queued(alerts: Alerts) -> list[str]:
    return [each.body for each in alerts.queue.receive(lane=Lane.DELIVER, visibility_seconds=60)]


def test_a_delivery_is_signed_and_carries_ids_only(alerts: Alerts, receiver: Receiver) -> None:
    """The receiver verifies it with its secret by the Standard Webhooks scheme."""
    endpoint = webhooks.add(alerts, ANN, receiver.url)
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    webhooks.deliver(alerts, body, 1)
    ((headers, payload),) = receiver.got
    said = Webhook(endpoint.secret).verify(payload, {name.lower(): value for name, value in headers.items()})
    assert said["type"] == "interview.invited"
    assert json.loads(payload)["data"] == {"application_id": "app", "topic": "application.changed"}


def test_the_same_entry_twice_has_one_webhook_id(alerts: Alerts, receiver: Receiver) -> None:
    """A receiver can recognise a repetition."""
    webhooks.add(alerts, ANN, receiver.url)
    for _ in range(2):
        notify.notify(alerts, [entry()])
    for body in queued(alerts):
        webhooks.deliver(alerts, body, 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_a_receiver_that_drips_is_cut_off_at_the_deadline(
    alerts: Alerts, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then never trips a socket's timeout; the whole exchange has one."""
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.3)
    receiver.drips = True
    endpoint = webhooks.add(alerts, ANN, receiver.url)
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    with pytest.raises(Transient):
        webhooks.deliver(alerts, body, 1)
    (stored,) = webhooks.endpoints(alerts, ANN)
    assert (stored.id, stored.log[0][2]) == (endpoint.id, "too slow")


@pytest.mark.parametrize("fields", [{"silent": True}, {"event": None}])
def test_silent_entries_alert_nobody(fields: dict[str, Any], alerts: Alerts, receiver: Receiver) -> None:
    """Imports and page refreshes reach no receiver."""
    webhooks.add(alerts, ANN, receiver.url)
    notify.notify(alerts, [entry(**fields)])
    assert queued(alerts) == []


def test_a_failing_receiver_is_tried_again_later_and_in_the_end_disabled(alerts: Alerts, receiver: Receiver) -> None:
    """5xx is Transient with a growing wait; after DISABLE_AFTER in a row the endpoint is off."""
    webhooks.add(alerts, ANN, receiver.url)
    receiver.status = 500
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    waits = []
    for attempt in range(1, webhooks.DISABLE_AFTER):
        with pytest.raises(Transient) as raised:
            webhooks.deliver(alerts, body, attempt)
        waits.append(raised.value.retry_after_seconds)
    assert waits[:4] == [5, 60, 300, 1800]
    webhooks.deliver(alerts, body, 5)
    assert [endpoint.enabled for endpoint in webhooks.endpoints(alerts, ANN)] == [False]


def test_410_disables_at_once(alerts: Alerts, receiver: Receiver) -> None:
    """Gone means gone."""
    webhooks.add(alerts, ANN, receiver.url)
    receiver.status = 410
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    webhooks.deliver(alerts, body, 1)
    (endpoint,) = webhooks.endpoints(alerts, ANN)
    assert (endpoint.enabled, endpoint.log[0][2]) == (False, "410")


def test_a_redirect_is_not_followed(alerts: Alerts, receiver: Receiver) -> None:
    """It is a failed delivery, not a way inside."""
    webhooks.add(alerts, ANN, receiver.url)
    receiver.status = 302
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    with pytest.raises(Transient, match="302"):
        webhooks.deliver(alerts, body, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "ftp://example.com",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://user:pw@example.com/",
        "https://",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_addresses_that_lead_inside_are_refused(url: str, alerts: Alerts) -> None:
    """Not https, private, loopback, link-local, mapped, with a user name."""
    from dataclasses import replace

    with pytest.raises(Permanent):
        webhooks.add(replace(alerts, allow_loopback=False), ANN, url)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("93.184.216.34", True),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("2606:4700::1111", True),
        ("0.0.0.0", False),  # noqa: S104  an address to refuse, nothing binds to it
        ("224.0.0.1", False),
        ("::ffff:127.0.0.1", False),
    ],
)
def test_which_addresses_are_outside(address: str, outside: bool) -> None:
    """Only the public internet."""
    assert webhooks.public(address) is outside


def test_a_gone_page_is_forgotten(alerts: Alerts) -> None:
    """Publishing to a closed connection removes it."""
    from hearback.alerts import live
    from hearback.sync import tickets

    live.connect(alerts, "c1", tickets.issue(alerts.store, ANN, NOW))
    alerts.publisher.gone.add("c1")  # type: ignore[attr-defined]
    live.publish(alerts, ANN, "application.changed", "app")
    assert not alerts.store.people.settings(ANN, "connection:")
