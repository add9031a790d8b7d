"""One installation with everything that can happen to it: a clock, a simulated Google, functions called as they are deployed.

It stands on the stores and queue of either deployment (grounds.py), and all its effects pass the wires (wires.py).
"""

from __future__ import annotations

import collections
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from grounds import ROOT, Ground
from wires import WiredDoors, Wires

from fakes import BOX, grant
from hearback import wiring
from hearback.local.functions import Context, Handler, load
from hearback.local.pumps import to_event, work_once
from hearback.local.template import QueueWiring
from hearback.model.application import Folded
from hearback.model.errors import Transient
from hearback.model.ledger import LedgerEntry, Looked
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.outbox import OutboxEntry
from hearback.model.task import Lane
from hearback.pipeline import canonical
from hearback.pipeline.folding import fold
from hearback.queues.protocols import Delivery
from hearback.simulators.google import Google
from hearback.simulators.google_app import app as google_app
from hearback.simulators.serve import serve
from hearback.sync import connect

AUDIENCE, ACCOUNT = "https://hearback.example/push/gmail", "push@p.iam.gserviceaccount.com"
BATCH, VISIBILITY_SECONDS = 10, 360
START: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Short:
    """A function's context with time for so many tasks and no more."""

    tasks: int

    def get_remaining_time_in_millis(self) -> int:
        self.tasks -= 1
        return 60_000 if self.tasks >= 0 else 1_000


@cache
def _handler(folder: str) -> Handler:
    return load(ROOT, folder)


class Site:
    """Where simulated Googles are served: one address for all worlds of a module, one Google at a time."""

    def __init__(self) -> None:
        self.root = ""
        self._app: Any = None

    def show(self, google: Google) -> None:
        self._app = google_app(google)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)


@contextmanager
def site() -> Iterator[Site]:
    made = Site()
    with serve(made) as root:  # type: ignore[arg-type]
        made.root = root
        yield made


class World:
    """An installation of one person with one Gmail mailbox, and what happens to it."""

    def __init__(self, ground: Ground, site: Site, *, google: Google | None = None, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.google = google or Google(self.clock, seed=7)
        self.google.push_to(None, audience=AUDIENCE, account=ACCOUNT)
        self.account = self.google.add_account(BOX)
        self.site, self.ground = site, ground
        self.wires = Wires()
        self.told: list[OutboxEntry] = []
        site.show(self.google)
        self.restart()

    def restart(self) -> None:
        """A new process on the same stores: nothing is remembered but what is stored."""
        self.wires.watch()
        self.plain = self.ground.install(self.google, self.site.root, self.clock)
        self.here = self.ground.wired(self.plain, self.wires)
        rooms = self.here.rooms
        self.here.__dict__["rooms"] = replace(
            rooms, doors=WiredDoors(self.wires, replace(rooms.doors, sleep=self.clock.pass_))
        )
        self.wires.watch()
        wiring.use(self.here)

    def copy(self) -> World:
        """The same moment again, on stores of its own, at the same Google."""
        return World(self.ground.copy(), self.site, google=self.google, clock=Clock(self.clock.now))

    # what the outside does

    def consent(self) -> None:
        """The person connects the mailbox, or connects it again; they try again where it did not work."""
        for _ in range(5):
            with suppress(Transient):
                granted = grant(self.google, self.site.root)
                connect.connected(self.plain.rooms, wiring.OWNER, Provider.GMAIL, granted, label="Primary job search")
                return
        raise AssertionError("no consent in five tries")

    def arrive(self, content: bytes, **how: Any) -> str:
        return self.google.deliver(BOX, content, **how)

    def push(self, request: tuple[dict[str, str], bytes]) -> int:
        """Pub/Sub delivers one push; answers the status it gets. Killed."""
        headers, body = request
        event = {
            "body": body.decode(),
            "headers": {name.lower(): value for name, value in headers.items()},
            "isBase64Encoded": False,
        }
        return int(_handler("gmail_push")(event, Context("gmail_push", timeout_seconds=10))["statusCode"])

    def push_all(self) -> None:
        for each in self.google.take_pushes():
            assert self.push(each) == 204

    def schedule(self, name: str) -> Any:
        """The clock's call: "sweep" or "renew"."""
        self.stream()
        return _handler("schedule")({"schedule": name}, Context("schedule"))

    def work(self, lane: Lane = Lane.LIVE, *, times: int = 1, limit: int = BATCH, context: Short | None = None) -> bool:
        """A worker takes a batch of a lane, as the event source brings it, `times` over. False: there was none."""

        def invoke(event: dict[str, Any]) -> Any:
            answers = [self._classify(event, context) for _ in range(times)]
            return answers[-1]

        queue_wiring = QueueWiring(lane, "classify", limit, VISIBILITY_SECONDS)
        return work_once(self.here.queue, queue_wiring, invoke)

    def handle(self, deliveries: Sequence[Delivery]) -> None:
        """A worker's batch, done and never deleted: it comes again."""
        if deliveries:
            self._classify(to_event(deliveries))

    def _classify(self, event: dict[str, Any], context: Short | None = None) -> Any:
        for each in event["Records"]:
            each["eventSourceARN"] = self.ground.arn(Lane(each["eventSourceARN"].rpartition("-")[2]))
        return _handler("classify")(event, context or Context("classify"))

    def work_all(self, rounds: int = 60) -> None:
        """Both lanes until they are empty for now."""
        for _ in range(rounds):
            busy = [self.work(lane) for lane in (Lane.LIVE, Lane.BACKFILL)]
            if not any(busy):
                return

    def stream(self) -> None:
        """What must leave leaves."""
        self.wires.aside = True
        while entries := self.plain.store.outbox.pending(limit=100):
            self.told += entries
            self.plain.store.outbox.done(wiring.OWNER, [each.id for each in entries])
        self.wires.aside = False

    def tick(self, seconds: float) -> None:
        """Time passes, and the sweep comes by."""
        self.clock.pass_(seconds)
        self.schedule("sweep")
        self.work_all()

    def settle(self) -> None:
        """Faults are over: time enough for every retry, sweep, renewal and parked task."""
        self.wires.watch()
        for seconds in (0, 330, 330, 1000, 1000, 3700, 26 * 3600, 1000):
            if self.mailbox.status is not MailboxStatus.ACTIVE:
                self.consent()
            if seconds == 0 or seconds >= 3600:
                self.schedule("renew")
            self.tick(seconds)
        self.stream()

    # what has become of it

    @property
    def mailbox(self) -> Mailbox:
        (found,) = self.plain.store.mailboxes.of_person(wiring.OWNER)
        return found

    @property
    def ledger(self) -> dict[str, LedgerEntry]:
        return {each.provider_message_id: each for each in self.plain.store.ledger.entries(wiring.OWNER)}

    def export(self, *, without: Iterable[str] = (), as_of: datetime | None = None) -> bytes:
        """The canonical export, folded from scratch; `without` the ledger lines of these messages."""
        return self._export(fold(self.plain.store.facts.all(wiring.OWNER)), frozenset(without), as_of)

    def shown(self, *, without: Iterable[str] = (), as_of: datetime | None = None) -> bytes:
        """The same export from what pages show."""
        shown = self.plain.store.projections
        folded = Folded(
            applications=tuple(shown.applications(wiring.OWNER)),
            review=tuple(sorted(shown.review(wiring.OWNER), key=lambda each: (each.at, each.fact))),
            left_out=tuple(sorted(shown.left_out(wiring.OWNER), key=lambda each: (each.at, each.fact))),
        )
        return self._export(folded, frozenset(without), as_of)

    def _export(self, folded: Folded, without: frozenset[str], as_of: datetime | None) -> bytes:
        lines = [each for id_, each in self.ledger.items() if id_ not in without]
        made = canonical.export(
            replace(folded, review=tuple(sorted(folded.review, key=lambda each: (each.at, each.fact)))),
            owner=BOX,
            mailboxes=[self.mailbox],
            ledger=lines,
            as_of=as_of or self.clock.now,
        )
        return canonical.canonical_bytes(made)

    def alerts(self) -> collections.Counter[tuple[str, str]]:
        """How often each thing a person would want to hear was told: by its cause and event."""
        return collections.Counter(
            (each.id, each.event) for each in self.told if each.event is not None and not each.silent
        )

    def stages(self) -> list[tuple[str | None, str | None]]:
        return sorted(
            (each.company, each.stage.value if each.stage else None)
            for each in self.plain.store.projections.applications(wiring.OWNER)
        )

    def unread(self, mailed: Iterable[str]) -> set[str]:
        """Of all that ever came, messages nobody has kept that cannot be read any more: deleted, or where Hearback does not look."""
        lines, messages = self.ledger, self.account.messages
        return {
            id_
            for id_ in {*mailed, *lines}
            if (
                id_ not in messages or not {"INBOX", "SENT"} & set(messages[id_].labels) - _hidden(messages[id_].labels)
            )
            and (id_ not in lines or lines[id_].looked is not Looked.KEPT)
        }


def _hidden(labels: Iterable[str]) -> set[str]:
    return {"INBOX", "SENT"} if {"SPAM", "TRASH"} & set(labels) else set()


def readable(exported: bytes) -> dict[str, Any]:
    """An export to look into."""
    parsed: dict[str, Any] = json.loads(exported)
    return parsed
