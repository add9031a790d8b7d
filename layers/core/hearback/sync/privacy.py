"""The person chooses how much is kept of a mail. Strict holds for what is stored already, too.

The choice is stored first, so that what is read from then on follows it; then the stored signals say less, component by
component, each in one transaction with the fold that shows them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hearback.model.errors import Conflict, Transient
from hearback.model.facts import fact_id
from hearback.model.ids import FactId, PersonId
from hearback.model.person import PrivacyLevel
from hearback.model.signal import Signal, strict
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import restate
from hearback.sync.record import ATTEMPTS
from hearback.sync.rooms import Rooms

AT_ONCE: Final = 25
"""Signals of one transaction: with their applications they fit into what a store takes."""


def choose(rooms: Rooms, person_id: PersonId, level: PrivacyLevel) -> int:
    """Keep `level` from now on; answers how many stored signals say less. NotFound; Transient: choose again."""
    person = rooms.store.people.get(person_id)
    if person.privacy is not level:
        rooms.store.people.put(replace(person, privacy=level))
    if level is not PrivacyLevel.STRICT:
        return 0
    wordy = [fact for fact in rooms.store.facts.all(person_id) if isinstance(fact, Signal) and strict(fact) != fact]
    done: set[FactId] = set()
    for signal in wordy:
        while fact_id(signal) not in done:
            done |= _shorten(rooms, person_id, signal)
    return len(done)


def _shorten(rooms: Rooms, person: PersonId, signal: Signal) -> set[FactId]:
    """Store `signal`, and some of its component beside it, as Strict keeps them; answers which."""
    for _ in range(ATTEMPTS):
        lessons = rooms.store.facts.lessons(person)
        for component in rooms.store.facts.touched(person, link_keys(signal)):
            wordy = [each for each in component.facts if isinstance(each, Signal) and strict(each) != each]
            wordy.sort(key=lambda each: fact_id(each) != fact_id(signal))
            if not wordy or fact_id(wordy[0]) != fact_id(signal):
                continue
            said = [strict(each) for each in wordy[:AT_ONCE]]
            try:
                rooms.store.facts.record(restate(person, component, said, lessons=lessons))
            except Conflict:
                break
            return {fact_id(each) for each in said}
        else:
            return {fact_id(signal)}  # somebody else has done it meanwhile
    raise Transient("Mail is being read right now; choose again in a moment.", retry_after_seconds=2)
