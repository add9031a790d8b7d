"""Webhooks: signed, addressed to the outside only, patient with receivers, never twice under another id."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from standardwebhooks import Webhook

from fakes import Posted
from hearback.alerts import addresses, notify, webhooks
from hearback.alerts.receivers import Receivers
from hearback.alerts.rooms import Alerts
from hearback.local.functions import Context, load
from hearback.local.pumps import to_event, work_once
from hearback.local.template import QueueWiring
from hearback.model.errors import Permanent, Transient
from hearback.model.ids import ApplicationId, PersonId
from hearback.model.outbox import OutboxEntry
from hearback.model.person import Person
from hearback.model.plan import Plan
from hearback.model.task import Lane
from hearback.queues.protocols import MAX_RECEIVES, Delivery
from hearback.queues.sqlite import SqliteQueue
from hearback.queues.sqs import SqsQueue
from hearback.storage.keys_file import FileKeys
from hearback.storage.sqlite import SqliteStore

ROOT = Path(__file__).resolve().parents[2]
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
    endpoint = Receivers(alerts).add(ANN, receiver.url)
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    webhooks.deliver(alerts, body, 1)
    ((headers, payload),) = receiver.got
    said = Webhook(endpoint.secret).verify(payload, {name.lower(): value for name, value in headers.items()})
    assert said["type"] == "interview.invited"
    assert json.loads(payload)["data"] == {"application_id": "app", "topic": "application.changed"}


def test_the_same_entry_twice_has_one_webhook_id(alerts: Alerts, receiver: Receiver) -> None:
    """A receiver can recognise a repetition."""
    Receivers(alerts).add(ANN, receiver.url)
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
    endpoint = Receivers(alerts).add(ANN, receiver.url)
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    with pytest.raises(Transient):
        webhooks.deliver(alerts, body, 1)
    (stored,) = Receivers(alerts).all(ANN)
    assert (stored.id, stored.log[0][2]) == (endpoint.id, "too slow")


@pytest.mark.parametrize("fields", [{"silent": True}, {"event": None}])
def test_silent_entries_alert_nobody(fields: dict[str, Any], alerts: Alerts, receiver: Receiver) -> None:
    """Imports and page refreshes reach no receiver."""
    Receivers(alerts).add(ANN, receiver.url)
    notify.notify(alerts, [entry(**fields)])
    assert queued(alerts) == []


def test_a_failing_receiver_is_tried_again_on_the_schedule(
    alerts: Alerts, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the queue and the function: after 5 s, 1, 5 and 30 minutes, then it is given up with the last answer."""
    now = [NOW]
    moving = replace(alerts, clock=lambda: now[0], queue=SqliteQueue(alerts.queue._path, lambda: now[0]))  # type: ignore[attr-defined]
    wired = QueueWiring(Lane.DELIVER, "deliver", 5, 360)
    monkeypatch.setattr("hearback.wiring._current", [SimpleNamespace(alerts=moving, queue=moving.queue)])
    Receivers(alerts).add(ANN, receiver.url)
    receiver.status = 500
    notify.notify(moving, [entry()])
    handler = load(ROOT, "deliver")

    def tries() -> int:
        before = len(receiver.got)
        work_once(moving.queue, wired, lambda event: handler(event, Context("deliver")))
        return len(receiver.got) - before

    assert tries() == 1
    for wait in webhooks.RETRY_SECONDS:
        now[0] += timedelta(seconds=wait - 1)
        assert tries() == 0, wait
        now[0] += timedelta(seconds=1)
        assert tries() == 1, wait
    now[0] += timedelta(days=1)
    assert tries() == 0
    (dead,) = moving.queue.dead_letters()
    assert "500" in dead.reason
    assert webhooks.RETRY_SECONDS == (5, 60, 300, 1800)


@pytest.mark.parametrize("fault", ["the receiver", "the store"])
def test_the_schedule_reaches_sqs_as_visibility(
    fault: str, alerts: Alerts, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQS the wait is the message's visibility, set once; what else fails than the receiver rests as long."""
    asked: list[dict[str, Any]] = []
    client = SimpleNamespace(change_message_visibility=lambda **request: asked.append(request))
    Receivers(alerts).add(ANN, receiver.url)
    receiver.status = 500
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    deployed = replace(alerts, queue=SqsQueue({Lane.DELIVER: "url"}, "dead", client))  # type: ignore[arg-type]
    monkeypatch.setattr("hearback.wiring._current", [SimpleNamespace(alerts=deployed, queue=deployed.queue)])
    if fault == "the store":

        def throttled(*_: Any) -> None:
            raise Transient("The store is throttled.", retry_after_seconds=1)

        monkeypatch.setattr(type(alerts.store.people), "setting", throttled)
    for receives, wait in enumerate(webhooks.RETRY_SECONDS, start=1):
        event = to_event([Delivery(receipt="r", id="1", lane=Lane.DELIVER, body=body, group="", receives=receives)])
        assert load(ROOT, "deliver")(event, Context("deliver")) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
        assert asked == [{"QueueUrl": "url", "ReceiptHandle": "r", "VisibilityTimeout": wait}]
        asked.clear()


def give_up(alerts: Alerts, body: str) -> None:
    for receives in range(1, MAX_RECEIVES + 1):
        with contextlib.suppress(Transient, Permanent):
            webhooks.deliver(alerts, body, receives)


def test_an_endpoint_is_disabled_by_deliveries_given_up_not_by_tries(alerts: Alerts, receiver: Receiver) -> None:
    """DISABLE_AFTER deliveries in a row, each tried five times; one that gets through starts the count again."""
    Receivers(alerts).add(ANN, receiver.url)
    receiver.status = 500
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    give_up(alerts, body)
    assert [(each.failures, each.enabled) for each in Receivers(alerts).all(ANN)] == [(1, True)]
    receiver.status = 200
    webhooks.deliver(alerts, body, 1)
    assert [each.failures for each in Receivers(alerts).all(ANN)] == [0]
    receiver.status = 500
    for _ in range(webhooks.DISABLE_AFTER - 1):
        give_up(alerts, body)
    assert [each.enabled for each in Receivers(alerts).all(ANN)] == [True]
    give_up(alerts, body)
    assert [(each.failures, each.enabled) for each in Receivers(alerts).all(ANN)] == [(webhooks.DISABLE_AFTER, False)]


def test_a_webhook_removed_during_a_delivery_stays_removed(
    alerts: Alerts, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a worker writes down about a try never brings an endpoint back."""
    endpoint = Receivers(alerts).add(ANN, receiver.url)
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    post = webhooks._post

    def slow(*arguments: Any, **more: Any) -> str:
        Receivers(alerts).remove(ANN, endpoint.id)
        return post(*arguments, **more)

    monkeypatch.setattr(webhooks, "_post", slow)
    webhooks.deliver(alerts, body, 1)
    assert Receivers(alerts).all(ANN) == []


def test_webhooks_belong_to_the_plans_that_have_them(alerts: Alerts, receiver: Receiver) -> None:
    """Without them none is added, and after a downgrade none is called; what was added stays."""
    Receivers(alerts).add(ANN, receiver.url)
    alerts.store.people.put(Person(id=ANN, plan=Plan.FREE))
    with pytest.raises(Permanent, match="plan"):
        Receivers(alerts).add(ANN, receiver.url)
    notify.notify(alerts, [entry()])
    assert queued(alerts) == []
    assert len(Receivers(alerts).all(ANN)) == 1


def test_what_was_queued_before_a_downgrade_is_not_delivered(alerts: Alerts, receiver: Receiver) -> None:
    """The plan is asked again when it is delivered."""
    Receivers(alerts).add(ANN, receiver.url)
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    alerts.store.people.put(Person(id=ANN, plan=Plan.FREE))
    webhooks.deliver(alerts, body, 1)
    assert receiver.got == []


def test_410_disables_at_once(alerts: Alerts, receiver: Receiver) -> None:
    """Gone means gone."""
    Receivers(alerts).add(ANN, receiver.url)
    receiver.status = 410
    notify.notify(alerts, [entry()])
    (body,) = queued(alerts)
    webhooks.deliver(alerts, body, 1)
    (endpoint,) = Receivers(alerts).all(ANN)
    assert (endpoint.enabled, endpoint.log[0][2]) == (False, "410")


def test_a_redirect_is_not_followed(alerts: Alerts, receiver: Receiver) -> None:
    """It is a failed delivery, not a way inside."""
    Receivers(alerts).add(ANN, receiver.url)
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
        "https://[64:ff9b::a9fe:a9fe]/latest",
        "https://[2002:a00:1::]/",
        "https://[::1",
        "https://example.com:99999/",
    ],
)
def test_addresses_that_lead_inside_are_refused(url: str, alerts: Alerts) -> None:
    """Not https, private, loopback, link-local, mapped, with a user name."""
    with pytest.raises(Permanent):
        Receivers(replace(alerts, allow_loopback=False)).add(ANN, url)


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
        ("::ffff:93.184.216.34", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::93.184.216.34", False),
        ("64:ff9b:1::10.0.0.1", False),
        ("::10.0.0.1", False),
        ("::ffff:0:10.0.0.1", False),
        ("2002:a00:1::1", False),
        ("2002:5db8:d822::1", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
        ("2606:4700::5efe:10.0.0.1", False),
        ("2606:4700::200:5efe:10.0.0.1", False),
        ("fec0::1", False),
        ("3fff::1", False),
        ("4000::1", False),
        ("192.88.99.1", False),
        ("192.0.0.9", False),
        ("240.0.0.1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_which_addresses_are_outside(address: str, outside: bool) -> None:
    """Only the public internet."""
    assert addresses.public(address) is outside
