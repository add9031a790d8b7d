"""`hearback up`: gateway, pumps and the functions in one process, bound to 127.0.0.1."""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvicorn

from hearback import wiring
from hearback.local import template
from hearback.local.functions import Pool
from hearback.local.gateway import LOOPBACK, Hub, build
from hearback.local.pumps import Pumps
from hearback.model.errors import Permanent
from hearback.model.person import Person
from hearback.model.task import Lane
from hearback.settings import Settings
from hearback.storage.protocols import Store

log = logging.getLogger(__name__)

HOST: Final = LOOPBACK
ROOT: Final = Path(__file__).resolve().parents[4]
"""The checkout: template.yaml and functions/ stand here."""
HTTP_INSTANCES: Final = 4
WORKERS: Final = {Lane.LIVE: 2, Lane.BACKFILL: 2, Lane.DELIVER: 1}


@dataclass
class Server:
    """A running embedded deployment."""

    installation: wiring.Installation
    url: str
    _uvicorn: uvicorn.Server
    _pumps: Pumps
    _thread: threading.Thread
    _stopped: threading.Event = field(default_factory=threading.Event)

    def link(self) -> str:
        """A fresh sign-in link for the person at this machine."""
        return self.url + self.installation.sign_in.issue(wiring.OWNER)

    def wait(self) -> None:
        """Until the process is told to stop."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)

    def stop(self) -> None:
        """Take no more requests, let the pumps finish what they hold."""
        self._uvicorn.should_exit = True
        self._pumps.stop()
        self._thread.join(timeout=10)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def ensure_person(store: Store, zone: str) -> Person:
    """The one person of a personal installation, made at first start. An existing one is left as it is."""
    from hearback.model.errors import NotFound

    try:
        return store.people.get(wiring.OWNER)
    except NotFound:
        person = Person(id=wiring.OWNER, zone=zone)
        store.people.put(person)
        return person


@contextlib.contextmanager
def running(settings: Settings, *, demo: bool = False, zone: str = "UTC") -> Iterator[Server]:
    """Start everything; the server answers when this yields. Permanent: the port is taken."""
    hub = Hub()
    installation = wiring.build(settings, publisher=hub, demo=demo)
    ensure_person(installation.store, zone)
    wiring.use(installation)
    wired = template.wiring(ROOT / "template.yaml")
    folders = {route.function for route in wired.routes} | set(wired.websocket.values())
    pumps = Pumps()
    invoke = {folder: pumps.waking(Pool(ROOT, folder, HTTP_INSTANCES, wired.timeouts[folder])) for folder in folders}
    listener = _listen(settings.port)
    hosts = frozenset({f"{HOST}:{settings.port}", f"localhost:{settings.port}"})
    config = uvicorn.Config(
        build(wired, invoke, hub, hosts),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        lifespan="off",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise Permanent("The web server did not start; see the lines above.")
        time.sleep(0.01)
    _pump(pumps, wired, installation)
    running_server = Server(installation, f"http://{HOST}:{settings.port}", server, pumps, thread)
    try:
        yield running_server
    finally:
        running_server.stop()


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it an answer in two writes waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise Permanent(f"Port {port} is taken; set HEARBACK_PORT to a free one.") from error
    return listener


def _pump(pumps: Pumps, wired: template.Wiring, installation: wiring.Installation) -> None:
    for queue in wired.queues:
        for _ in range(WORKERS[queue.lane]):
            pumps.queue(installation.queue, queue, Pool(ROOT, queue.function, 1, wired.timeouts[queue.function]))
    for schedule in wired.schedules:
        pumps.schedule(schedule, Pool(ROOT, schedule.function, 1))
    pumps.stream(installation.store.outbox, Pool(ROOT, wired.stream, 1))
    puller = installation.puller
    if puller is not None:
        pumps.pull(installation.rooms, wiring.OWNER, puller)


def announce(server: Server, settings: Settings) -> None:
    """Print the ready line, and open the browser if the person wants that."""
    link = server.link()
    sys.stdout.write(f"ready {link}\n")
    sys.stdout.flush()
    if settings.open:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(server.link())
