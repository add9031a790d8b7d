"""A first sync of a large Gmail mailbox under the quota of 2026: bench/first_sync.py [MESSAGES] (default 10,000)

The mailbox: three whole ones of corpus/mailboxes with their threads and own replies, single mails of corpus/messages, and
plain everyday mail of two hands, the same mail many times over, spread evenly over 90 days. 6 % are about applications, 4 % look
like it.
Google's own client talks to the simulated Gmail, which counts units as Gmail does. Time is simulated: each request takes a
tenth of a second, one at a time, and nobody sleeps. What is found is held against reading every message of the mailbox.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

from encoder import mail  # noqa: E402  found through the line above

from fakes import BOX, Posted, grant  # noqa: E402  as above
from hearback import wiring  # noqa: E402
from hearback.mailboxes import gmail_calls  # noqa: E402
from hearback.model.errors import HearbackError  # noqa: E402
from hearback.model.ids import FactId, MailboxId, ProviderMessageId, signal_id  # noqa: E402
from hearback.model.ledger import Looked  # noqa: E402
from hearback.model.mailbox import Provider  # noqa: E402
from hearback.model.message import RawMessage  # noqa: E402
from hearback.model.person import Person  # noqa: E402
from hearback.model.plan import Plan  # noqa: E402
from hearback.model.task import Lane, MessageRef  # noqa: E402
from hearback.queues import codec  # noqa: E402
from hearback.reading import encoder  # noqa: E402
from hearback.reading.read import read  # noqa: E402
from hearback.settings import Settings  # noqa: E402
from hearback.simulators.google import Google  # noqa: E402
from hearback.simulators.google_app import app  # noqa: E402
from hearback.simulators.google_mail import Account, Stored, matches  # noqa: E402
from hearback.simulators.serve import serve  # noqa: E402
from hearback.sync import classify, connect  # noqa: E402
from hearback.sync.keeping import context_of  # noqa: E402

DAYS: Final = 90
JOB: Final = 0.06
LIKE: Final = 0.04
PLAIN: Final = ("plain", "plain_2")
"""Mail about nothing in particular. The others wrote look-alikes, or mail with job words in it."""
REQUEST_SECONDS: Final = 0.1
STEP_SECONDS: Final = 0.5
REAL_TIMEOUT_SECONDS: Final = 600.0
"""No request is given up because the machine is busy: only simulated time counts."""
_DATES: Final = re.compile(r"\b(after|before):(\d+)")


@dataclass
class Clock:
    """Time as the simulation has it."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """Now."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)


class Metered(Google):
    """A Google whose requests take time, which keeps what was spent when, and remembers searches: its mail stands still."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.spent: list[tuple[float, int]] = []
        self._searched: dict[tuple[str, int], list[Stored]] = {}
        self._said: dict[tuple[Any, ...], bool] = {}

    def spend(self, account: Account, units: int) -> str | None:
        """As Google's, and a tenth of a second later."""
        self.clock.sleep(REQUEST_SECONDS)  # type: ignore[attr-defined]  it is ours
        limit = super().spend(account, units)
        if limit is None:
            self.spent.append((self.clock().timestamp(), units))
        return limit

    def matching(self, account: Account, query: str) -> list[Stored]:
        """As Google's, but words are looked for once in mail that is the same."""
        place = (query, len(account.messages))
        if place not in self._searched:
            dates = [(bound, float(seconds)) for bound, seconds in _DATES.findall(query)]
            words = _DATES.sub("", query)
            self._searched[place] = sorted(
                (each for each in account.messages.values() if self._within(each, dates) and self._says(each, words)),
                key=lambda each: (each.received_at, each.id),
                reverse=True,
            )
        return self._searched[place]

    def _within(self, message: Stored, dates: list[tuple[str, float]]) -> bool:
        at = message.received_at.timestamp()
        return all(at >= seconds if bound == "after" else at < seconds for bound, seconds in dates)

    def _says(self, message: Stored, words: str) -> bool:
        same = (words, message.labels, str(message.headers["From"]), str(message.headers["Subject"]), message.text)
        if same not in self._said:
            self._said[same] = matches(message, words, message.received_at)
        return self._said[same]


class Remembered:
    """The encoder's network, run once for what is read again: many of the mailbox's mails are the same, and reading everything
    reads once more what the sync has read.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._answers: dict[tuple[bytes, ...], Any] = {}

    def run(self, names: Any, feeds: dict[str, Any]) -> Any:
        """As the network's."""
        asked = tuple(feeds[each].tobytes() for each in sorted(feeds))
        if asked not in self._answers:
            self._answers[asked] = self._session.run(names, feeds)
        return self._answers[asked]


@dataclass(frozen=True)
class Mail:
    """One mail of the mailbox."""

    raw: dict[str, Any]
    number: int
    thread: str | None = None

    def content(self) -> bytes:
        """As Gmail has it."""
        ours = f"Ann Bench <{BOX}>"
        raw = {**self.raw, "from": ours} if self.raw.get("sent") else {**self.raw, "to": ours}
        if "references" not in raw:
            raw["id"] = f"{raw['id']}-{self.number}"
        domain = parseaddr(raw["from"])[1].rpartition("@")[2]
        signed = f"mx.google.com; dkim=pass header.i=@{domain}; dmarc=pass header.from={domain}"
        return f"Authentication-Results: {signed}\r\n".encode() + mail.as_bytes(raw)


def composed(count: int, dice: random.Random) -> list[Mail]:
    """The mailbox, oldest first."""
    whole: list[tuple[float, dict[str, Any], str | None]] = []
    for folder in sorted((ROOT / "corpus/mailboxes").iterdir()):
        held = [raw for file in sorted(folder.glob("part*.yaml")) for raw in mail.load(file)]
        at = {id(raw): datetime.fromisoformat(raw["date"]).timestamp() for raw in held}
        first, last = min(at.values()), max(at.values())
        for raw in held:
            root = next(iter(raw.get("references") or ()), raw.get("message_id"))
            whole.append(((at[id(raw)] - first) / (last - first), raw, f"{folder.name}/{root}" if root else None))
    by_sort: dict[str, list[dict[str, Any]]] = {"job": [], "like": [], "plain": []}
    for file in sorted((ROOT / "corpus/messages").glob("*.yaml")):
        for raw in mail.load(file):
            if not raw.get("sent"):
                other = raw["gold"]["kind"] == "other"
                by_sort["job" if not other else "plain" if file.stem in PLAIN else "like"].append(raw)
    held_already = Counter(
        "like" if raw["gold"]["kind"] == "other" else "job" for _, raw, _ in whole if not raw.get("sent")
    )
    for sort, share in (("job", JOB), ("like", LIKE)):
        some = dice.sample(by_sort[sort], max(round(count * share) - held_already[sort], 0))
        whole += [(dice.random(), raw, None) for raw in some]
    whole += [(dice.random(), dice.choice(by_sort["plain"]), None) for _ in range(count - len(whole))]
    whole.sort(key=lambda each: each[0])
    return [Mail(raw, number, thread) for number, (_, raw, thread) in enumerate(whole)]


def delivered(google: Metered, mails: list[Mail]) -> dict[str, Mail]:
    """Everything lies in the mailbox; by id."""
    now, found = google.clock(), {}
    for place, each in enumerate(mails):
        age = timedelta(days=(DAYS - 0.1) * (1 - place / len(mails)))
        labels = ("SENT",) if each.raw.get("sent") else ("INBOX",)
        id_ = google.deliver(BOX, each.content(), labels=labels, received_at=now - age, thread_key=each.thread)
        found[id_] = each
    google.accounts[BOX].history.clear()
    return found


def worth_reading(google: Metered, mails: dict[str, Mail], here: wiring.Installation, box: MailboxId) -> set[str]:
    """The ids of received mail that counts if every message is opened. The same mail many times over is read once."""
    context = context_of(here.store.people.get(wiring.OWNER), frozenset({BOX}), here.rooms.authserv_ids)
    counts: dict[int, bool] = {}
    for id_, each in mails.items():
        if id(each.raw) not in counts:
            stored = google.accounts[BOX].messages[id_]
            raw = RawMessage(
                mailbox_id=box,
                provider_message_id=ProviderMessageId(id_),
                content=stored.content,
                received_at=stored.received_at,
                thread_id=stored.thread_id,
                labels=stored.labels,
            )
            counts[id(each.raw)] = read(raw, context).counts
    return {id_ for id_, each in mails.items() if counts[id(each.raw)] and not each.raw.get("sent")}


@dataclass
class Run:
    """What happened."""

    here: wiring.Installation
    clock: Clock
    box: MailboxId
    settled: dict[str, datetime] = field(default_factory=dict)
    """Message → when it was read, or passed over."""
    whole: dict[int, datetime] = field(default_factory=dict)
    """Days → since when nothing of theirs waits any more."""
    applications: dict[int, datetime] = field(default_factory=dict)
    """So many applications → since when."""

    def work(self) -> None:
        """One worker on both lanes until nothing is left."""
        while self._left():
            if not any([self._one(Lane.LIVE), self._one(Lane.BACKFILL)]):
                self.clock.sleep(STEP_SECONDS)

    def _one(self, lane: Lane) -> bool:
        for delivery in self.here.queue.receive(lane=lane, limit=1, visibility_seconds=3600):
            task = codec.decode(delivery.body)
            try:
                classify.handle(self.here.rooms, delivery.body, delivery.receives)
            except HearbackError:
                self.here.queue.retry(delivery, delay_seconds=1)
                continue
            self.here.queue.delete(delivery)
            backfill = self.here.store.mailboxes.get(wiring.OWNER, self.box).backfill
            if backfill is None or backfill.older:
                self.whole.setdefault(30, self.clock())
            if backfill is None:
                self.whole.setdefault(DAYS, self.clock())
            if isinstance(task, MessageRef) and self._looked_at(task):
                self.settled.setdefault(task.message_id, self.clock())
                if len(self.applications) < 3:  # noqa: PLR2004  the first ones
                    held = len(self.here.store.projections.applications(wiring.OWNER))
                    self.applications.setdefault(held, self.clock())
            return True
        return False

    def _looked_at(self, task: MessageRef) -> bool:
        """Whether it is settled, and does not wait for quota."""
        return bool(self.here.store.ledger.looked_at(task.person_id, task.mailbox_id, [task.message_id]))

    def _left(self) -> int:
        with sqlite3.connect(self.here.settings.home / "queue.db") as db:
            return int(db.execute("SELECT COUNT(*) FROM task").fetchone()[0])


def minutes(spent: list[tuple[float, int]]) -> Iterator[int]:
    """Units of each whole minute from the first request on."""
    began = spent[0][0]
    by_minute = Counter[int]()
    for at, units in spent:
        by_minute[int((at - began) // 60)] += units
    return (by_minute[each] for each in range(max(by_minute) + 1))


def installed(home: Path, google: Metered, root: str, clock: Clock) -> wiring.Installation:
    """An embedded installation whose clock is the simulation's, its person on the plan with 90 days."""
    home.mkdir()
    settings = {
        "home": home,
        "google_root": root,
        "google_client": f"{google.client_id}:{google.client_secret}",
        "public_url": "http://127.0.0.1:1",
    }
    here = wiring.build(Settings.model_validate(settings), clock=clock, publisher=Posted())
    here.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin", plan=Plan.PREMIUM_PRO))
    doors = wiring.ConfiguredDoors(here.store, here.settings, clock, clock.sleep)
    here.__dict__["rooms"] = replace(here.rooms, doors=doors)
    return here


def report(google: Metered, run: Run, mails: dict[str, Mail], box: MailboxId, began: datetime) -> None:
    """Print everything."""
    here = run.here
    after = {days: (at - began).total_seconds() for days, at in run.whole.items()}
    received = {id_: google.accounts[BOX].messages[id_].received_at for id_ in run.settled}
    newest = [(run.settled[id_] - began).total_seconds() for id_, at in received.items() if began - at < timedelta(30)]
    worth = worth_reading(google, mails, here, box)
    known = here.store.facts.known(wiring.OWNER, [FactId(signal_id(box, ProviderMessageId(each))) for each in mails])
    found = {each for each in worth if FactId(signal_id(box, ProviderMessageId(each))) in known}
    opened = sum(
        1 for line in here.store.ledger.entries(wiring.OWNER, box) if line.looked in {Looked.OPENED, Looked.KEPT}
    )
    each_minute = list(minutes(google.spent))
    if here.store.mailboxes.get(wiring.OWNER, box).backfill is not None:
        print("NOT FINISHED: the first sync stopped on its way, so no figure below counts")
    job = sum(1 for each in mails.values() if each.raw["gold"]["kind"] != "other" and not each.raw.get("sent"))
    first = min((at for held, at in run.applications.items() if held), default=began)
    print(f"mailbox: {len(mails)} messages, {job} about applications ({job / len(mails):.1%})")
    print(f"units: {sum(each_minute)}, refused requests: {google.meter.refused}; calls: {dict(google.calls)}")
    print(
        f"units in the fullest 60 seconds: {google.meter.peak(BOX)}; whole minutes: {each_minute}, least {min(each_minute)}"
    )
    print(f"first application after {(first - began).total_seconds():.1f} s")
    print("; ".join(f"{days} days after {seconds:.0f} s" for days, seconds in after.items()))
    late = sum(1 for each in newest if each > after[30])
    print(
        f"of the newest 30 days the last mail was read after {max(newest):.0f} s; {late} of {len(newest)} later than said"
    )
    print(f"bodies opened: {opened} ({opened / len(mails):.1%})")
    print(f"recall against reading everything: {len(found)} of {len(worth)} ({len(found) / len(worth):.4f})")
    if "--missed" in sys.argv:
        for id_ in sorted(worth - found):
            raw = mails[id_].raw
            print("missed:", raw["lang"], raw["gold"]["kind"], raw["from"], "|", raw["subject"], "|", mails[id_].thread)


def main() -> None:
    """Compose, connect, sync, compare."""
    count = next((int(each) for each in sys.argv[1:] if each.isdigit()), 10_000)
    started = time.perf_counter()
    clock = Clock()
    google = Metered(clock)
    google.add_account(BOX)
    mails = delivered(google, composed(count, random.Random(1)))  # noqa: S311  a mailbox that can be composed again
    gmail_calls.TIMEOUT_SECONDS = REAL_TIMEOUT_SECONDS  # type: ignore[misc]  as said there
    network = encoder.installed()
    if network is not None:
        object.__setattr__(network, "session", Remembered(network.session))
    memory = Path("/dev/shm")  # noqa: S108  only where it is faster
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder, serve(app(google)) as root:
        here = installed(Path(folder) / "home", google, root, clock)
        granted = grant(google, root)
        google.meter.total.clear()
        began = clock()
        box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, granted, label="Primary job search")
        run = Run(here, clock, MailboxId(box.id))
        run.work()
        report(google, run, mails, MailboxId(box.id), began)
    print(f"(simulated in {time.perf_counter() - started:.0f} s)")


if __name__ == "__main__":
    main()
