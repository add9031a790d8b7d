"""Signed custom webhooks (Standard Webhooks). A receiver can be slow, down or hostile, and can never reach inside.

https only, the name resolved once and that address connected to, private ranges refused, no redirects, 5 seconds and
64 KB in all. 410 disables an endpoint at once, repeated failure after DISABLE_AFTER deliveries.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import os
import secrets
import socket
import ssl
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from hearback.alerts.rooms import Alerts
from hearback.model.errors import Permanent, Transient
from hearback.model.ids import PersonId
from hearback.model.task import Announce
from hearback.queues import codec

TIMEOUT_SECONDS: Final = 5.0
MAX_ANSWER: Final = 64 * 1024
DISABLE_AFTER: Final = 25
RETRY_SECONDS: Final = (5, 60, 300, 1800)
LOG_LINES: Final = 20
TOO_SLOW: Final = "too slow"
_GONE: Final = 410
_CGNAT: Final = ipaddress.ip_network("100.64.0.0/10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One receiver of a person."""

    id: str
    url: str
    secret: str
    """whsec_… as Standard Webhooks writes it."""
    enabled: bool = True
    failures: int = 0
    """Deliveries in a row that failed."""
    log: tuple[tuple[str, str, str], ...] = ()
    """(time, event, outcome), newest first."""


def add(alerts: Alerts, person: PersonId, url: str) -> Endpoint:
    """A new endpoint with its own secret. Permanent: the address may not be used."""
    _checked(url, allow_loopback=alerts.allow_loopback)
    import base64

    endpoint = Endpoint(
        id=f"wh-{secrets.token_hex(6)}", url=url, secret="whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    )
    _store(alerts, person, endpoint)
    return endpoint


def endpoints(alerts: Alerts, person: PersonId) -> list[Endpoint]:
    """The person's endpoints."""
    return [_loaded(body) for _, body in alerts.store.people.settings(person, "webhook:")]


def deliver(alerts: Alerts, body: str, receives: int) -> None:
    """Deliver one queued Announce. Transient: try again later; anything else is settled."""
    task = codec.decode(body)
    if not isinstance(task, Announce):
        raise Permanent("This task belongs to another worker.")
    stored = alerts.store.people.setting(task.person_id, f"webhook:{task.endpoint}")
    if stored is None:
        return  # removed meanwhile
    endpoint = _loaded(stored)
    if not endpoint.enabled:
        return
    outcome = _post(endpoint, task, alerts.clock(), allow_loopback=alerts.allow_loopback)
    good = outcome.startswith("2")
    failures = 0 if good else endpoint.failures + 1
    line = (alerts.clock().isoformat(timespec="seconds"), task.entry.event or task.entry.topic, outcome)
    enabled = outcome != str(_GONE) and failures < DISABLE_AFTER
    _store(
        alerts,
        task.person_id,
        replace(endpoint, failures=failures, enabled=enabled, log=(line, *endpoint.log)[:LOG_LINES]),
    )
    if not good and enabled:
        wait = RETRY_SECONDS[min(receives, len(RETRY_SECONDS)) - 1]
        raise Transient(f"The receiver answered {outcome}.", retry_after_seconds=wait)


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
    host, port, address, secure = _checked(url, allow_loopback=allow_loopback)
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


def _checked(url: str, *, allow_loopback: bool) -> tuple[str, int, str, bool]:
    """(host, port, address to connect to, TLS). Permanent: the address may not be used."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    if not host or not (secure or (allow_loopback and parts.scheme == "http")):
        raise Permanent("A webhook needs an https address.")
    if parts.username or parts.password:
        raise Permanent("A webhook's address may hold no user name.")
    try:
        port = parts.port or (443 if secure else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Permanent("The webhook's address cannot be resolved.") from error
    for *_, place in found:
        address = str(place[0])
        if public(address) or (allow_loopback and ipaddress.ip_address(address).is_loopback):
            return host, port, address, secure
    raise Permanent("The webhook's address leads into a private network.")


def public(address: str) -> bool:
    """Whether an IP address is on the public internet: not private, loopback, link-local, CGNAT, mapped or reserved."""
    parsed: Any = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if mapped is not None:
        return public(str(mapped))
    if parsed.version == 4 and parsed in _CGNAT:  # noqa: PLR2004  IPv4
        return False
    return bool(parsed.is_global) and not parsed.is_multicast


def _store(alerts: Alerts, person: PersonId, endpoint: Endpoint) -> None:
    alerts.store.people.put_setting(person, f"webhook:{endpoint.id}", json.dumps(asdict(endpoint)).encode())


def _loaded(body: bytes) -> Endpoint:
    data = json.loads(body)
    return Endpoint(**{**data, "log": tuple(tuple(line) for line in data["log"])})
