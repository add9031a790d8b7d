"""A whole installation for tests: SQLite, the simulated Google over HTTP, a person with a connected mailbox."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hearback import wiring
from hearback.mailboxes.google_oauth import READONLY, GoogleClient, GoogleConnector
from hearback.mailboxes.protocols import Grant
from hearback.model.errors import NotFound
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox, Provider
from hearback.model.person import Person
from hearback.model.task import Lane
from hearback.settings import Settings
from hearback.simulators.google import Google
from hearback.sync import classify, connect
from hearback.web import app
from hearback.web.sign_in import begin_session

BOX = "ann@gmail.example"


@dataclass
class Posted:
    """A Publisher that remembers; connections in `gone` are gone."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def post(self, connection_id: str, data: bytes) -> None:
        if connection_id in self.gone:
            raise NotFound("gone")
        self.sent.append((connection_id, data))


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def grant(google: Google, root: str, address: str = BOX) -> Grant:
    """Consent, as a browser gives it."""
    asked = {
        "access_type": "offline",
        "prompt": "consent",
        "scope": f"{READONLY} openid email",
        "redirect_uri": "x",
        "code_challenge": challenge("v"),
        "nonce": "n",
    }
    client = GoogleClient(google.client_id, google.client_secret, root)
    return GoogleConnector(client).redeem(
        code=google.authorize(asked, address), verifier="v", redirect_uri="x", nonce="n"
    )


def install(home: Path, google: Google, root: str, clock: Callable[[], datetime] = wiring.now) -> wiring.Installation:
    """An embedded installation on the simulated Google, with its person."""
    home.mkdir(exist_ok=True)
    return on_google({"home": home}, google, root, clock)


def on_google(
    settings: dict[str, Any], google: Google, root: str, clock: Callable[[], datetime] = wiring.now
) -> wiring.Installation:
    """An installation with these settings on the simulated Google, with its person."""
    told = Settings.model_validate(
        {
            **settings,
            "google_root": root,
            "google_client": f"{google.client_id}:{google.client_secret}",
            "gmail_topic": "projects/p/topics/t",
            "push_audience": "https://hearback.example/push/gmail",
            "push_account": "push@p.iam.gserviceaccount.com",
            "public_url": "http://127.0.0.1:1",
        }
    )
    made = wiring.build(told, clock=clock, publisher=Posted())
    made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
    return made


def connected(installation: wiring.Installation, google: Google, root: str) -> Mailbox:
    """A connected, caught-up mailbox."""
    box = connect.connected(
        installation.rooms, wiring.OWNER, Provider.GMAIL, grant(google, root), label="Primary job search"
    )
    work_all(installation)
    return installation.store.mailboxes.get(wiring.OWNER, MailboxId(box.id))


def work_all(installation: wiring.Installation, rounds: int = 40) -> None:
    """Work both lanes until they are empty for now."""
    for _ in range(rounds):
        busy = False
        for lane in (Lane.LIVE, Lane.BACKFILL):
            for delivery in installation.queue.receive(lane=lane, visibility_seconds=60):
                busy = True
                try:
                    classify.handle(installation.rooms, delivery.body, delivery.receives)
                except Exception:  # as a worker: it comes back
                    installation.queue.retry(delivery, delay_seconds=0)
                else:
                    installation.queue.delete(delivery)
        if not busy:
            return


def mail(
    number: int, subject: str, text: str, *, sender: str = "Acme Careers <careers@acme.example>", auth: str = "pass"
) -> bytes:
    """One message as Gmail delivers it."""
    domain = sender.rpartition("@")[2].rstrip(">")
    return (
        f"Authentication-Results: mx.google.com; dkim={auth} header.i=@{domain}; dmarc={auth} header.from={domain}\r\n"
        f"From: {sender}\r\nTo: {BOX}\r\nSubject: {subject}\r\nMessage-ID: <{number}@{domain}>\r\n\r\n{text}\r\n"
    ).encode()


RECEIPT = (
    "Dear Ann,\r\n\r\nThank you for applying to Acme. We have received your application for the Data Engineer position."
)
REJECTION = "Dear Ann,\r\n\r\nUnfortunately, we have decided not to move forward with your application for the Data Engineer position at Acme."


def session(here: wiring.Installation, person: PersonId = wiring.OWNER) -> str:
    return begin_session(here.store, person, here.clock())


def ask(
    here: wiring.Installation,
    method: str,
    path: str,
    *,
    cookie: str = "",
    form: dict[str, str] | None = None,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    bare, _, query = path.partition("?")
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": bare,
        "rawQueryString": query,
        "cookies": [f"hearback={cookie}"] if cookie else [],
        "headers": {"host": "127.0.0.1:1", "content-type": "application/x-www-form-urlencoded", **(headers or {})},
        "queryStringParameters": dict(parse_qsl(query)),
        "requestContext": {
            "http": {"method": method, "path": bare, "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1", "userAgent": "t"},
            "stage": "$default",
            "requestId": "1",
            "domainName": "127.0.0.1:1",
        },
        "body": urlencode(form) if form else body,
        "isBase64Encoded": False,
    }
    return app.handle(event, None, here.web)
