"""Random schedules: mail that comes, goes and moves, interleaved with everything that can go wrong. See test_schedules.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hypothesis import strategies as st
from wires import Killed
from world import World

from fakes import BOX, RECEIPT, REJECTION, mail
from hearback.model.errors import HearbackError
from hearback.model.mailbox import MailboxStatus
from hearback.model.task import Lane
from hearback.simulators.google_faults import PASSING

ANN: Final = f"Ann <{BOX}>"
INVITATION = "Dear Ann,\r\n\r\nWe would like to invite you to an interview for the Data Engineer position at Acme on Tuesday, 24 November 2026 at 14:00 CET."
OFFER = (
    "Dear Ann,\r\n\r\nWe are pleased to offer you the position of Data Engineer at Acme. The offer letter is attached."
)
NORTHWIND = "Dear Ann,\r\n\r\nThank you for applying to Northwind. We have received your application for the Platform Engineer position."
LETTERS: Final = (
    ("Thank you for applying to Acme", RECEIPT, "Acme Careers <careers@acme.example>", "acme"),
    ("Your application at Acme", REJECTION, "Acme Careers <careers@acme.example>", ""),
    ("Interview for Data Engineer at Acme", INVITATION, "Acme Careers <careers@acme.example>", "acme"),
    ("Your offer from Acme", OFFER, "Acme Careers <careers@acme.example>", ""),
    ("Thank you for applying to Northwind", NORTHWIND, "Northwind Jobs <jobs@northwind.example>", "north"),
    ("Re: Hello", "Works for me, see you then.", "Jo <jo@northwind.example>", "north"),
    ("Re: Hello", "Thank you, that suits me well.", ANN, "acme"),
    ("Dinner on Sunday", "See you at seven, bring wine.", "Mum <mum@family.example>", ""),
    ("Our weekly offers", "Shoes at half the price.", "Shop <news@shop.example>", ""),
)
MOVES: Final = ("archive", "inbox", "trash", "spam")
WORKS: Final = ("plain", "kill", "refuse", "doubt", "stolen", "twice", "slow")
PUSHES: Final = ("all", "kill", "dropped", "twice", "backwards", "refuse", "doubt")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens."""

    what: str
    which: int = 0
    how: str = ""


def _step(what: str, which: int = 0, how: tuple[str, ...] = ("",)) -> st.SearchStrategy[Step]:
    return st.builds(Step, st.just(what), st.integers(0, which), st.sampled_from(how))


STEP: Final = st.one_of(
    _step("arrive", len(LETTERS) - 1, ("", "", "", "spam")),
    _step("arrive", len(LETTERS) - 1),
    _step("push", 25, PUSHES),
    _step("push", 0, ("all",)),
    _step("work", 25, WORKS),
    _step("work", 0, ("backfill", "plain")),
    _step("sweep", 20, ("plain", "plain", "kill", "refuse")),
    _step("wait", 3),
    st.one_of(
        _step("move", 9, MOVES),
        _step("delete", 9),
        _step("fail", 5, tuple(each for each in PASSING if each != "daily_403")),
        _step("fail", 2, ("token_internal", "token_busy")),
        _step("expire"),
        _step("lag", 3, ("history", "index", "ahead")),
        _step("revoke"),
        _step("reconnect"),
        _step("stale_token"),
        _step("outage", 9),
        _step("unwatch"),
        _step("renew"),
        _step("restart"),
    ),
)
SCHEDULE: Final = st.lists(STEP, min_size=8, max_size=45)


@dataclass(frozen=True, slots=True)
class Mailed:
    """What the outside did to the mailbox at one moment."""

    at: datetime
    what: str
    id: str
    letter: int = 0
    how: str = ""


class Run:
    """One schedule, run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mailed: list[Mailed] = []
        self.kills = 0
        self.generation = 0
        self.met: set[str] = set()

    def run(self, steps: list[Step]) -> None:
        for step in steps:
            getattr(self, f"_{step.what}")(step)
            self.met.add(f"{step.what} {step.how}".strip())
            self.world.stream()
            cursor = self.world.mailbox.cursor
            generation = cursor.generation if cursor is not None else 0
            assert generation >= self.generation, "a cursor went back"
            self.generation = generation
            self.world.clock.pass_(1)
        self.world.google.faults.clear()
        self.world.google.history_lag_seconds = self.world.google.index_lag_seconds = 0
        self.world.settle()

    # the mailbox

    def _arrive(self, step: Step) -> None:
        id_ = arrive(self.world, step.which, len(self.mailed), step.how)
        self.mailed.append(Mailed(self.world.clock.now, "arrive", id_, step.which, step.how))

    def _some(self, which: int) -> str | None:
        ids = list(self.world.account.messages)
        return ids[which % len(ids)] if ids else None

    def _move(self, step: Step) -> None:
        id_ = self._some(step.which)
        if id_ is not None and "SENT" not in self.world.account.messages[id_].labels:
            self.world.google.move(BOX, id_, step.how)
            self.mailed.append(Mailed(self.world.clock.now, "move", id_, how=step.how))

    def _delete(self, step: Step) -> None:
        id_ = self._some(step.which)
        if id_ is not None:
            self.world.google.delete(BOX, id_)
            self.mailed.append(Mailed(self.world.clock.now, "delete", id_))

    # what Hearback does, and what happens to it meanwhile

    def _guarded(self, step: Step, do: Any) -> None:
        """Do it with a fault at effect number `which`."""
        wires = self.world.wires
        how = step.how
        if how == "kill" and self.kills >= 4:  # a worker that is cut off at every try gives the task up, and says so
            how = "plain"
        if how in {"kill", "refuse", "doubt"}:
            wires.watch((step.which, how))
        elif how == "stolen":
            wires.watch((step.which, "meanwhile"), meanwhile=self._steal)
        try:
            do()
        except Killed:
            self.kills += 1
            self.world.restart()
        except HearbackError:
            pass  # as a pump: it goes on
        finally:
            wires.watch()

    def _steal(self) -> None:
        """The worker sleeps past its lease and its tasks' visibility; another does the work."""
        self.world.clock.pass_(400)
        effects, at = list(self.world.wires.effects), dict(self.world.wires._at)
        self.world.wires._at = {}
        self.world.work()
        self.world.wires.effects[:] = effects
        self.world.wires._at = at

    def _push(self, step: Step) -> None:
        requests = self.world.google.take_pushes()
        if step.how == "dropped":
            return
        if step.how == "twice":
            requests = [each for each in requests for _ in range(2)]
        if step.how == "backwards":
            requests.reverse()

        def deliver() -> None:
            for each in requests:
                self.world.push(each)

        self._guarded(step, deliver)

    def _work(self, step: Step) -> None:
        lane = Lane.BACKFILL if step.how == "backfill" else Lane.LIVE
        if step.how == "slow":  # it is worked, and the deletion comes too late
            deliveries = self.world.here.queue.receive(lane=lane, limit=3, visibility_seconds=360)
            self.world.handle(deliveries)
            return
        self._guarded(step, lambda: self.world.work(lane, times=2 if step.how == "twice" else 1))

    def _sweep(self, step: Step) -> None:
        self.world.clock.pass_(330)
        self._guarded(step, lambda: self.world.schedule("sweep"))

    def _renew(self, _step: Step) -> None:
        self._guarded(Step("renew"), lambda: self.world.schedule("renew"))

    def _restart(self, _step: Step) -> None:
        self.world.restart()

    # time and the provider

    def _wait(self, step: Step) -> None:
        self.world.clock.pass_((3, 20, 70, 400)[step.which])

    def _outage(self, step: Step) -> None:
        """The machine is off for days."""
        self.world.clock.pass_((step.which + 1) * 20 * 3600)
        self.world.google.take_pushes()

    def _fail(self, step: Step) -> None:
        call = "token" if step.how.startswith("token") else "gmail"
        self.world.google.faults.add(step.how, call=call, times=step.which + 1)

    def _expire(self, _step: Step) -> None:
        self.world.google.expire_history()

    def _lag(self, step: Step) -> None:
        seconds = (0, 2, 9, 45)[step.which]
        self.world.google.history_ahead = step.how == "ahead"
        lags = "index" if step.how == "index" else "history"
        setattr(self.world.google, f"{lags}_lag_seconds", seconds)

    def _revoke(self, _step: Step) -> None:
        self.world.google.revoke_of(BOX)

    def _reconnect(self, _step: Step) -> None:
        if self.world.mailbox.status is not MailboxStatus.ACTIVE:
            self.world.consent()

    def _stale_token(self, _step: Step) -> None:
        self.world.google.access.clear()

    def _unwatch(self, _step: Step) -> None:
        self.world.google.end_watch(BOX)


def arrive(world: World, letter: int, number: int, how: str) -> str:
    """Letter number `letter` comes as mail `number`."""
    subject, text, sender, thread = LETTERS[letter]
    labels = ("SENT",) if sender == ANN else ("SPAM",) if how == "spam" else ("INBOX",)
    content = mail(number, subject, text, sender=sender, auth="none" if sender == ANN else "pass")
    world.google._dice.seed(number)  # ids do not depend on what happened before
    return world.arrive(content, labels=labels, thread_key=thread or None)


def calm(world: World, mailed: list[Mailed], without: set[str], until: datetime) -> None:
    """The same mail without a fault; messages of `without` never were."""
    for each in mailed:
        world.clock.now = max(each.at, world.clock.now)
        if each.what == "arrive":
            number = mailed.index(each)
            id_ = arrive(world, each.letter, number, each.how)
            assert id_ == each.id, "the simulator gave another id"
            if id_ in without:
                world.account.messages.pop(id_)
                world.account.history.pop()
        elif each.id not in without and each.id in world.account.messages:
            if each.what == "move":
                world.google.move(BOX, each.id, each.how)
            else:
                world.google.delete(BOX, each.id)
        world.push_all()
        world.work_all()
    world.clock.now = max(until, world.clock.now)
    world.settle()
