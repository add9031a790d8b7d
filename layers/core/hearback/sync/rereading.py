"""A new model reads again what an older one has read: a few messages at each sweep, fetched anew from the provider by id.

    sweep ─► catch_up ─► queue_some: the mailbox's signals read by another model, newest first, listed once a model
          ─► the next A_RUN of them are queued on the backfill lane ─► classify ─► again: fetch → read → revise

The old verdict stands until the new one is recorded in its place, in one transaction with the fold that shows it. The
signal keeps its id, so what the person did stays about it, and the mode it came under. What the provider no longer has, what
cannot be read now, and imported mail keep their verdict. Nobody is alerted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hearback.model.errors import Conflict, NotFound, Transient
from hearback.model.facts import Fact
from hearback.model.ids import FactId, MailboxId, PersonId, ProviderMessageId, signal_id
from hearback.model.lesson import Lesson
from hearback.model.mailbox import Mailbox
from hearback.model.message import Origin
from hearback.model.signal import Signal
from hearback.model.task import Lane, MessageRef, Task
from hearback.pipeline.grouping import fact_key, link_keys
from hearback.pipeline.hearing import hear
from hearback.pipeline.incremental import revise
from hearback.pipeline.lessons import fitting
from hearback.reading import version
from hearback.reading.read import read
from hearback.sync import learning
from hearback.sync.keeping import context_of, faint_line, ledger_line
from hearback.sync.rooms import Rooms

A_RUN: Final = 50
"""Messages queued at one sweep: beside them, live mail and first syncs keep their quota."""
AT_MOST: Final = 5000
"""Messages of a mailbox a new model reads again, the newest: what is older has long been settled."""
ATTEMPTS: Final = 12


def queue_some(rooms: Rooms, mailbox: Mailbox) -> int:
    """Queue the next messages of `mailbox` that the present model should read; answers how many."""
    name = f"reread:{mailbox.id}"
    stored = rooms.store.people.setting(mailbox.person_id, name)
    plan: dict[str, object] = json.loads(stored) if stored is not None else {}
    if plan.get("version") == version.current():
        waiting = [ProviderMessageId(str(each)) for each in _list(plan.get("left"))]
        if not waiting:
            return 0
    else:
        waiting = _outdated(rooms, mailbox.person_id, mailbox.id)
    now, left = waiting[:A_RUN], waiting[A_RUN:]
    tasks: list[Task] = [
        MessageRef(person_id=mailbox.person_id, mailbox_id=mailbox.id, message_id=each, backfill=True, again=True)
        for each in now
    ]
    if tasks:
        rooms.queue.send(tasks, lane=Lane.BACKFILL)
    plan = {"version": version.current(), "left": left}
    rooms.store.people.put_setting(mailbox.person_id, name, json.dumps(plan).encode())
    return len(now)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _outdated(rooms: Rooms, person: PersonId, mailbox: MailboxId) -> list[ProviderMessageId]:
    found = [
        (fact.received_at, fact.provider_message_id)
        for fact in rooms.store.facts.all(person)
        if isinstance(fact, Signal)
        and fact.mailbox_id == mailbox
        and fact.origin is Origin.LIVE
        and version.outdated(fact.model_version)
    ]
    return [message for _, message in sorted(found, reverse=True)[:AT_MOST]]


def again(rooms: Rooms, mailbox: Mailbox, ref: MessageRef) -> None:
    """Read one message that was read before. Any error of a door, the store or the queue may come out; the old one stands."""
    person = rooms.store.people.get(ref.person_id)
    fact = FactId(signal_id(ref.mailbox_id, ref.message_id))
    old = _stored(rooms, ref.person_id, fact)
    if old is None or not version.outdated(old.model_version):
        return
    try:
        raw = rooms.door(mailbox).fetch(ref.message_id)
    except NotFound:
        return  # deleted, or in Spam or Trash by now
    reading = read(raw, context_of(person, frozenset({mailbox.address}), rooms.authserv_ids))
    if reading.signal.error is not None:
        return
    signal = replace(
        learning.with_template(rooms, person.id, reading, reading.kept), mode=old.mode, off=old.off, ruled=old.ruled
    )
    for _ in range(ATTEMPTS):
        lessons = rooms.store.facts.lessons(person.id)
        mine = rooms.store.facts.touched(person.id, [fact_key(fact)])
        beside = [each for component in mine for each in component.facts]
        keeps = reading.kept is not None or _wanted(signal, beside, lessons.taught)
        said = signal if keeps else emptied(signal)
        change = revise(
            person.id,
            said,
            rooms.store.facts.touched(person.id, {fact_key(fact)} | link_keys(said)),
            lessons=lessons,
            ledger=(faint_line(reading) if said.faint else ledger_line(reading, kept=keeps),),
            now=rooms.clock(),
        )
        try:
            rooms.store.facts.record(change)
        except Conflict:
            continue
        if change.teaching is not None or lessons.spreading:
            learning.spread(rooms, person.id)
        return
    raise Transient("Others are changing the same applications right now.", retry_after_seconds=2)


def _stored(rooms: Rooms, person: PersonId, fact: FactId) -> Signal | None:
    components = rooms.store.facts.touched(person, [fact_key(fact)])
    found = (each for component in components for each in component.facts)
    return next((each for each in found if isinstance(each, Signal) and FactId(each.id) == fact), None)


def _wanted(signal: Signal, facts: Sequence[Fact], lessons: Sequence[Lesson]) -> bool:
    """Whether mail that is none of the job search stays as it is read: the person acted on it, or taught or ruled otherwise."""
    heard = hear(facts)
    if any(each.id == signal.id and each.ruled is not None and each.ruled.kind is not None for each in heard.signals):
        return True
    return FactId(signal.id) in heard.acted_on or fitting(signal, lessons) is not None


def emptied(signal: Signal) -> Signal:
    """What stays of a mail once it is read as none of the job search: what a line of the ledger holds, no sender, no subject."""
    return Signal(
        id=signal.id,
        mailbox_id=signal.mailbox_id,
        provider_message_id=signal.provider_message_id,
        received_at=signal.received_at,
        mode=signal.mode,
        model_version=signal.model_version,
        kind=signal.kind,
        confidence=signal.confidence,
    )
