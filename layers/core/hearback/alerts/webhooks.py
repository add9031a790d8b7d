"""Signed custom webhooks (Standard Webhooks). A receiver can be slow, down or hostile, and can never reach inside.

https only, the name resolved once and that address connected to (alerts.addresses), no redirects, 5 seconds and 64 KB in
all. A delivery that fails is tried again after RETRY_SECONDS and then given up. 410 disables an endpoint at once, and so
do DISABLE_AFTER deliveries in a row that were given up.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import ssl
import threading
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from hearback.alerts import receivers
from hearback.alerts.addresses import checked
from hearback.alerts.rooms import Alerts
from hearback.model.endpoint import Endpoint
from hearback.model.errors import NotFound, Permanent, Transient
from hearback.model.task import Announce, Lane
from hearback.queues import codec
from hearback.queues.protocols import Delivery

TIMEOUT_SECONDS: Final = 5.0
MAX_ANSWER: Final = 64 * 1024
DISABLE_AFTER: Final = 25
RETRY_SECONDS: Final = (5, 60, 300, 1800)
"""How long a delivery rests after its first, second, … try; after one more it is given up."""
LOG_LINES: Final = 20
TOO_SLOW: Final = "too slow"
_GONE: Final = 410


def handle(alerts: Alerts, delivery: Delivery) -> None:
    """Work one delivery of the queue. Raises what shall be delivered again: whatever it was, after its turn's rest."""
    try:
        deliver(alerts, delivery.body, delivery.receives)
    except Transient as error:
        error.retry_after_seconds = RETRY_SECONDS[min(delivery.receives, len(RETRY_SECONDS)) - 1]
        raise
    except Permanent as error:
        alerts.queue.dead_letter(delivery.body, lane=Lane.DELIVER, reason=str(error))
    except NotFound:
        return  # the person was erased: nobody is left to tell for


def deliver(alerts: Alerts, body: str, receives: int) -> None:
    """Deliver one queued Announce, for the `receives`-th time. Transient: try again later; Permanent: given up; NotFound:
    the person was erased. Anything else is settled.
    """
    task = codec.decode(body)
    if not isinstance(task, Announce):
        raise Permanent("This task belongs to another worker.")
    endpoint = receivers.load(alerts, task.person_id, task.endpoint)
    if endpoint is None or not endpoint.enabled or not receivers.Receivers(alerts).included(task.person_id):
        return  # removed or switched off meanwhile, or no longer part of the plan
    outcome = _post(endpoint, task, alerts.clock(), allow_loopback=alerts.allow_loopback)
    good, last = outcome.startswith("2"), receives > len(RETRY_SECONDS)
    known = receivers.load(alerts, task.person_id, task.endpoint)  # another delivery may have counted meanwhile
    if known is None:
        return
    failures = 0 if good else known.failures + (1 if last else 0)
    line = (alerts.clock().isoformat(timespec="seconds"), task.entry.event or task.entry.topic, outcome)
    enabled = known.enabled and outcome != str(_GONE) and failures < DISABLE_AFTER
    log = (line, *known.log)[:LOG_LINES]
    receivers.store(alerts, task.person_id, replace(known, failures=failures, enabled=enabled, log=log))
    if good or not enabled:
        return
    if last:
        raise Permanent(f"The receiver answered {outcome} at each of {receives} tries.")
    raise Transient(f"The receiver answered {outcome}.")


def _post(endpoint: Endpoint, task: Announce, now: datetime, *, allow_loopback: bool) -> str:
    """The receiver's status as text, or why there is none."""
    from standardwebhooks import Webhook

    entry = task.entry
    payload = json.dumps(
        {
            "type": entry.event or entry.topic,
            "timestamp": entry.at.isoformat(),
            "data": {"application_id": entry.application_id, "topic": entry.topic},
        }
    )
    id_ = f"{entry.id}:{endpoint.id}"
    headers = {
        "content-type": "application/json",
        "user-agent": "Hearback-Webhooks",
        "webhook-id": id_,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(endpoint.secret).sign(id_, now, payload),
    }
    try:
        return _request(endpoint.url, payload.encode(), headers, allow_loopback=allow_loopback)
    except Permanent as error:
        return str(error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__


def _request(url: str, payload: bytes, headers: dict[str, str], *, allow_loopback: bool) -> str:
    host, port, address, secure = checked(url, allow_loopback=allow_loopback)
    with contextlib.ExitStack() as held:
        stream = held.enter_context(socket.create_connection((address, port), timeout=TIMEOUT_SECONDS))
        late = _deadline(held, stream)
        if secure:
            stream = held.enter_context(ssl.create_default_context().wrap_socket(stream, server_hostname=host))
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        connection.sock = stream
        parts = urlsplit(url)
        try:
            connection.request(
                "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), payload, headers
            )
            answer = connection.getresponse()
            read = 0
            while read < MAX_ANSWER and (piece := answer.read1(4096)):
                read += len(piece)
        except (OSError, http.client.HTTPException):
            if late.is_set():
                return TOO_SLOW
            raise
        return TOO_SLOW if late.is_set() else str(answer.status)


def _deadline(held: contextlib.ExitStack, stream: socket.socket) -> threading.Event:
    """Cut `stream` when the whole exchange has taken TIMEOUT_SECONDS: a socket's own timeout starts again with every
    byte, so a receiver that drips would hold a worker for hours.
    """
    late = threading.Event()
    descriptor = socket.socket(fileno=os.dup(stream.fileno()))  # wrapping in TLS takes the original's descriptor away

    def cut() -> None:
        late.set()
        with contextlib.suppress(OSError):
            descriptor.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(TIMEOUT_SECONDS, cut)
    timer.daemon = True
    timer.start()
    held.callback(descriptor.close)
    held.callback(timer.join)
    held.callback(timer.cancel)
    return late
