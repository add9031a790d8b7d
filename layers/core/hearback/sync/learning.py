"""What a correction teaches reaches mail elsewhere: its components are folded again, one transaction each.

The correction is recorded with the lesson and a mark that it spreads (storage: Lessons.spreading); from then on nothing is
recorded that was folded under older lessons. So whoever stops in between has left a mark for the next to go on from, and
what was recorded is what folding everything from scratch gives, as soon as the mark is gone.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from hearback.model.budget import WORTH_STARTING_SECONDS, Budget
from hearback.model.change import Change, Component
from hearback.model.errors import Conflict, Transient
from hearback.model.facts import fact_id
from hearback.model.ids import PersonId
from hearback.model.lesson import Teaching
from hearback.model.mailbox import MailboxStatus, Provider
from hearback.model.signal import Signal
from hearback.model.task import CatchUp
from hearback.pipeline.grouping import fact_key
from hearback.pipeline.incremental import fold_again
from hearback.pipeline.lessons import fitting
from hearback.pipeline.templates import sketch
from hearback.reading.read import Reading
from hearback.reading.template import shingles
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

PURPOSE: Final = "templates"
"""Of the person's key that shingles are hashed under."""
ATTEMPTS: Final = 12
AT_ONCE_SECONDS: Final = 8.0
"""A person waits for it; hundreds of components are folded again in that time."""


def with_template(rooms: Rooms, person: PersonId, reading: Reading, signal: Signal | None = None) -> Signal:
    """The reading's signal (or another one of it) with its template, so that a correction can recognise mail like it.

    Your own mail has none.
    """
    signal = signal or reading.signal
    if reading.message.sent:
        return signal
    found = sketch(shingles(reading.message, signal), rooms.store.people.derived(person, PURPOSE))
    return replace(signal, template=found)


def taught_to_keep(rooms: Rooms, person: PersonId, reading: Reading) -> Signal | None:
    """The signal of mail that was read as none of the job search, where the person has said otherwise of mail like it."""
    lessons = [
        each
        for each in rooms.store.facts.lessons(person).taught
        if each.sender == reading.message.sender.address and each.kind is not reading.signal.kind
    ]
    if not lessons:
        return None
    signal = with_template(rooms, person, reading)
    return signal if fitting(signal, lessons) is not None else None


def spread(rooms: Rooms, person: PersonId) -> None:
    """Fold again what lessons have changed elsewhere. What is left undone (no time, others write) the next one does."""
    budget = Budget.of(AT_ONCE_SECONDS)
    try:
        for _ in range(ATTEMPTS):
            lessons = rooms.store.facts.lessons(person)
            if not lessons.spreading:
                return
            for component in rooms.store.facts.written_by(person, lessons.spreading):
                if min(rooms.budget.left(), budget.left()) < WORTH_STARTING_SECONDS:
                    _go_on_later(rooms, person)
                    return
                _fold_again(rooms, person, component)
            settled = Teaching(settled=lessons.spreading)
            try:
                rooms.store.facts.record(Change(person_id=person, lessons=lessons.version, teaching=settled))
            except Conflict:
                continue  # something else was taught meanwhile
            return
    except Transient as error:
        log.info("lessons are still spreading: %s", error)


def _go_on_later(rooms: Rooms, person: PersonId) -> None:
    """A worker goes on with it when it next looks into a mailbox of the person's: now, where there is one to look into."""
    for mailbox in rooms.store.mailboxes.of_person(person):
        if mailbox.status is MailboxStatus.ACTIVE and mailbox.provider is not Provider.IMPORT:
            rooms.queue.send([CatchUp(person_id=person, mailbox_id=mailbox.id, reason="sweep")])
            return


def _fold_again(rooms: Rooms, person: PersonId, component: Component) -> None:
    for _ in range(ATTEMPTS):
        change = fold_again(person, component, rooms.store.facts.lessons(person), now=rooms.clock())
        if change is None:
            return
        try:
            rooms.store.facts.record(change)
        except Conflict:
            found = rooms.store.facts.touched(person, [fact_key(fact_id(component.facts[0]))])
            if not found:
                return
            component = found[0]
            continue
        return
    raise Transient("Others are changing the same applications right now.", retry_after_seconds=2)
