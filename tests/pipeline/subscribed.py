"""A person's plan, rules and mailboxes as the product keeps them; of their providers only what came and whether we watch."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from strategies import START

from hearback.mailboxes.protocols import Changes, MailboxDoor
from hearback.model.ids import MailboxId, Personal, PersonId, ProviderMessageId, signal_id
from hearback.model.mailbox import Cursor, Mailbox, Preferences, Provider, Watch
from hearback.model.person import Person
from hearback.model.plan import Feature, Plan, allows
from hearback.model.rule import Rule
from hearback.model.signal import Signal
from hearback.model.task import CatchUp, MessageRef, Task
from hearback.storage.keys_file import FileKeys
from hearback.storage.sqlite import SqliteStore
from hearback.sync import plans, rulebook
from hearback.sync.catch_up import catch_up
from hearback.sync.change_plan import change_plan
from hearback.sync.choices import choices_of
from hearback.sync.rooms import Rooms

BOXES = (MailboxId("gmail-1"), MailboxId("gmail-2"))
"""In the order in which they were connected. Free includes one of a provider."""
_NUMBERS = count()


@cache
def _store() -> SqliteStore:
    """One for all examples; each has a person of its own in it."""
    memory = Path("/dev/shm")  # noqa: S108  the folder in it is made for us alone
    folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
    atexit.register(folder.cleanup)
    return SqliteStore(Path(folder.name) / "store.db", FileKeys(Path(folder.name)))


class Door:
    """What a catch-up asks of a mailbox; the cursor counts what came."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.came: list[ProviderMessageId] = []

    def spent(self) -> int:
        return 0

    def changes(self, cursor: str, preferences: Preferences, *, hint: str | None = None) -> Changes:
        return Changes(ids=tuple(self.came[int(cursor) :]), cursor=str(len(self.came)))

    def watch(self) -> Watch:
        return Watch(id="watch", expires_at=self.clock() + timedelta(days=7))

    def unwatch(self, watch: Watch | None) -> None:
        assert watch is not None


class Queued:
    """Tasks in the order in which they were sent."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def send(self, tasks: Sequence[Task], **_: Any) -> None:
        self.tasks.extend(tasks)


class Subscribed:
    """Mail comes to two mailboxes of one provider, and is read as plan and rules let it."""

    def __init__(self, clock: Callable[[], datetime], read: Callable[[Signal], None]) -> None:
        self.doors = {each: Door(clock) for each in BOXES}
        self.queue = Queued()
        self.person = PersonId(f"person-{next(_NUMBERS)}")
        doors: Any = self
        queue: Any = self.queue
        self.rooms = Rooms(store=_store(), queue=queue, doors=doors, clock=clock)
        self.read = read
        self.said: dict[ProviderMessageId, Signal] = {}
        self.rooms.store.people.put(Person(id=self.person, plan=Plan.PERSONAL))
        for number, each in enumerate(BOXES):
            self.rooms.store.mailboxes.put(
                Mailbox(
                    id=each,
                    person_id=self.person,
                    provider=Provider.GMAIL,
                    address=Personal(f"{each}@gmail.example"),
                    label="x",
                    connected_at=START + timedelta(minutes=number),
                    cursor=Cursor(generation=1, value="0"),
                )
            )
            self.queue.send([CatchUp(person_id=self.person, mailbox_id=each, reason="sweep")])
        self.work()

    def open(self, mailbox: Mailbox, budget: object) -> MailboxDoor:
        """See Doors.open."""
        door: Any = self.doors[mailbox.id]
        return door

    @property
    def plan(self) -> Plan:
        return self.rooms.store.people.get(self.person).plan

    @property
    def mailboxes(self) -> list[Mailbox]:
        return list(self.rooms.store.mailboxes.of_person(self.person))

    @property
    def has_rules(self) -> bool:
        return allows(self.plan, Feature.FILTERS_AND_RULES)

    def arrives(self, box: MailboxId, said: Signal) -> None:
        """What is said of it is known once it is read."""
        id_ = said.provider_message_id
        self.said[id_] = replace(said, mailbox_id=box, id=signal_id(box, id_))
        self.doors[box].came.append(id_)
        self.queue.send([CatchUp(person_id=self.person, mailbox_id=box, reason="sweep")])
        self.work()

    def change(self, to: Plan) -> None:
        """What an upgrade has to catch up waits in the queue."""
        change_plan(self.rooms, self.person, to)

    def write_rules(self, every: Sequence[Rule]) -> None:
        """Permanent: the plan has none."""
        version = rulebook.stored(self.rooms, self.person).version
        rulebook.change(self.rooms, self.person, version, lambda _: every)

    def work(self) -> None:
        """Until nothing is queued."""
        while self.queue.tasks:
            match self.queue.tasks.pop(0):
                case CatchUp() as task:
                    catch_up(self.rooms, self.person, task.mailbox_id, reason=task.reason)
                case MessageRef() as task:
                    self._read(task)
                case task:
                    raise AssertionError(task)

    def waiting(self, read: set[ProviderMessageId]) -> set[MailboxId]:
        """Mailboxes with mail that is not among what was read."""
        return {box for box, door in self.doors.items() if set(door.came) - read}

    def paused(self) -> frozenset[MailboxId]:
        return plans.paused_of(self.rooms, self.person)

    def _read(self, task: MessageRef) -> None:
        person = self.rooms.store.people.get(self.person)
        choices = choices_of(self.rooms, person, self.rooms.store.mailboxes.get(self.person, task.mailbox_id))
        said = self.said[task.message_id]
        self.read(replace(said, ruled=choices.ruled(said)))
