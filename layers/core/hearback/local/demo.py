"""`hearback demo`: a made-up person's 90 days in a simulated Gmail and an exported Outlook mailbox, then live mail.

The Gmail is the simulator behind the real client library, OAuth and push verification; nothing is shortcut.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hearback import wiring
from hearback.local import home, serve, template
from hearback.model.errors import Permanent
from hearback.model.mailbox import Provider
from hearback.settings import Settings
from hearback.simulators import story
from hearback.simulators.google import Google
from hearback.simulators.google_app import app as google_app
from hearback.simulators.serve import serve as serve_simulator
from hearback.sync import connect, importing

log = logging.getLogger(__name__)

TOPIC: Final = "projects/hearback-demo/topics/gmail"
PUSH_ACCOUNT: Final = "push@hearback-demo.iam.gserviceaccount.com"
FIRST_MAIL_SECONDS: Final = 4.0
MAIL_EVERY_SECONDS: Final = 6.0


@contextlib.contextmanager
def running(settings: Settings, *, mail_every_seconds: float = MAIL_EVERY_SECONDS) -> Iterator[serve.Server]:
    """Start simulators and the embedded deployment on them; yields when the dashboard answers."""
    folder = home.prepare(home.for_demo(settings.home))
    with contextlib.ExitStack() as stack:
        stack.enter_context(home.locked(folder))
        home.start_demo(folder)
        told = story.load(now=wiring.now())
        google = Google(clock=wiring.now)
        fill(google, told)
        root = stack.enter_context(serve_simulator(google_app(google)))
        audience = f"http://{serve.HOST}:{settings.port}{push_path()}"
        demo_settings = settings.model_copy(
            update={
                "home": folder,
                "google_root": root,
                "google_client": type(settings.google_client)(f"{google.client_id}:{google.client_secret}"),
                "gmail_topic": TOPIC,
                "push_audience": audience,
                "push_account": PUSH_ACCOUNT,
                "public_url": f"http://{serve.HOST}:{settings.port}",
            }
        )
        server = stack.enter_context(serve.running(demo_settings, demo=True, zone=told.zone))
        google.push_to(audience, audience=audience, account=PUSH_ACCOUNT)
        stack.callback(google.stop_pushing)
        import_outlook(server.installation, told)
        connect_gmail(server.installation, told)
        stop = threading.Event()
        stack.callback(stop.set)
        threading.Thread(
            target=_deliver_live, args=(google, told, stop, mail_every_seconds), name="demo-mail", daemon=True
        ).start()
        yield server


def push_path() -> str:
    """Where template.yaml takes Gmail's pushes."""
    routes = template.wiring(serve.ROOT / "template.yaml").routes
    return next(route.path for route in routes if route.function == "gmail_push")


def fill(google: Google, told: story.Story) -> None:
    """Put the past of the story into the simulated Gmail."""
    google.add_account(told.gmail_address)
    for message in told.gmail:
        google.deliver(
            told.gmail_address,
            message.content,
            labels=("SENT",) if message.sent else ("INBOX",),
            received_at=message.received_at,
            thread_key=message.thread,
        )


def import_outlook(installation: wiring.Installation, told: story.Story) -> importing.Imported:
    """The second mailbox comes as an export, as it would from an account that cannot be connected."""
    mailbox = importing.import_mailbox(installation.rooms, wiring.OWNER, told.outlook_address)
    return importing.import_messages(installation.rooms, wiring.OWNER, mailbox, lambda: told.outlook)


def connect_gmail(installation: wiring.Installation, told: story.Story) -> None:
    """Walk through the provider's consent as a browser would; the first sync starts by itself."""
    browser = secrets.token_urlsafe(16)
    redirect = f"{installation.settings.public_url}/connect/google/callback"
    url = connect.begin(
        installation.rooms,
        installation.connectors,
        wiring.OWNER,
        Provider.GMAIL,
        browser=browser,
        redirect_uri=redirect,
    )
    answer = urllib.parse.parse_qs(urllib.parse.urlsplit(_consent(url + "&login_hint=" + told.gmail_address)).query)
    connect.finish(
        installation.rooms,
        installation.connectors,
        wiring.OWNER,
        state=answer["state"][0],
        code=answer["code"][0],
        browser=browser,
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def _consent(url: str) -> str:
    """Where the consent page sends the browser."""
    try:
        urllib.request.build_opener(_Stay).open(url, timeout=10)
    except urllib.error.HTTPError as redirect:
        location = redirect.headers.get("Location")
        if location:
            return str(location)
    raise Permanent("The simulated consent page did not answer as expected.")


def _deliver_live(google: Google, told: story.Story, stop: threading.Event, every_seconds: float) -> None:
    """New mail, one by one: the story's own first, then made up without end."""
    if stop.wait(min(FIRST_MAIL_SECONDS, every_seconds)):
        return
    for message in itertools.chain(told.live(wiring.now()), told.endless(wiring.now())):
        google.deliver(
            told.gmail_address,
            message.content,
            labels=("SENT",) if message.sent else ("INBOX",),
            received_at=wiring.now(),
            thread_key=message.thread,
        )
        if stop.wait(every_seconds):
            return


def write_export(folder: Path) -> list[Path]:
    """Write the story's two mailboxes as .mbox files (for trying `hearback import`)."""
    told = story.load(now=wiring.now())
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, messages in (("gmail.mbox", told.gmail), ("outlook.mbox", told.outlook)):
        path = folder / name
        path.write_bytes(b"".join(story.as_mbox(message) for message in messages))
        written.append(path)
    return written
