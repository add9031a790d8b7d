"""Acts done in one go, and taken back in one go.

A batch's acts have ids that follow from its own (model.act.in_batch), so no list of them is kept. They are recorded some a
transaction; whoever stops in between has done the first of them, and taking the batch back takes those back.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from hearback.model.act import Act, Undo, in_batch, named
from hearback.model.change import Change
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import FactId, PersonId
from hearback.model.signal import Signal
from hearback.pipeline.acts import undone
from hearback.pipeline.grouping import fact_key
from hearback.sync.looking_again import look_again
from hearback.sync.record import record
from hearback.sync.rooms import Rooms

AT_ONCE: Final = 10
"""Acts of one transaction; where their applications are too large for a store, fewer."""
_PROBED: Final = 50
GONE: Final = "That is not there any more. Reload the page to see how things stand."


@dataclass
class Batch:
    """A batch while its acts are made: each is given the next `base()`."""

    at: datetime
    id: str = field(default_factory=lambda: f"batch-{secrets.token_hex(10)}")
    _count: int = 0

    def base(self) -> dict[str, Any]:
        """Id, time and batch of the next act."""
        number, self._count = self._count, self._count + 1
        return {"id": in_batch(self.id, number), "at": self.at, "batch": self.id}


def record_all(rooms: Rooms, person: PersonId, acts: Sequence[Act]) -> list[Change]:
    """What the person did, at once. NotFound: one points at what is not theirs or not there, and nothing was done."""
    own = {FactId(act.id) for act in acts}
    pointed = {fact for act in acts for fact in named(act)} - own
    if pointed - rooms.store.facts.known(person, pointed):
        raise NotFound(GONE)
    changes: list[Change] = []
    for start in range(0, len(acts), AT_ONCE):
        changes += _record(rooms, person, acts[start : start + AT_ONCE])
    return changes


def _record(rooms: Rooms, person: PersonId, acts: Sequence[Act]) -> Iterable[Change]:
    try:
        made = [record(rooms, person, acts, silent=True)]
    except Permanent:
        if len(acts) == 1:
            raise
        made = [record(rooms, person, [act], silent=True) for act in acts]
    return [change for change in made if change is not None]


def undo(rooms: Rooms, person: PersonId, about: str) -> str:
    """Take back one act, or all of a batch; answers the batch that this is, so that it can be taken back, too.

    Empty: it was taken back before, so there is nothing to do. NotFound; Permanent: mail is not taken back, Revert it.
    """
    batch = Batch(rooms.clock())
    done = [FactId(about)] if rooms.store.facts.known(person, [FactId(about)]) else _acts_of(rooms, person, about)
    if not done:
        raise NotFound(GONE)
    before = rooms.store.facts.lessons(person).senders
    undos = [Undo(**batch.base(), about=each) for each in _in_force(rooms, person, done)]
    record_all(rooms, person, undos)
    after = {each.act for each in rooms.store.facts.lessons(person).senders}
    if any(not each.trusted and each.act not in after for each in before):
        look_again(rooms, person)
    return batch.id if undos else ""


def _in_force(rooms: Rooms, person: PersonId, ids: Sequence[FactId]) -> list[FactId]:
    """Those that are not taken back already: a second Undo would outlive the redo of the first."""
    held = rooms.store.facts.touched(person, [fact_key(each) for each in ids])
    facts = [fact for component in held for fact in component.facts]
    mail = {FactId(fact.id) for fact in facts if isinstance(fact, Signal)}
    if mail & set(ids):
        raise Permanent("Only what you did yourself can be taken back; take back what a mail changed where it stands.")
    gone = undone(fact for fact in facts if not isinstance(fact, Signal))
    return [each for each in ids if each not in gone]


def _acts_of(rooms: Rooms, person: PersonId, batch: str) -> list[FactId]:
    found: list[FactId] = []
    for start in itertools.count(0, _PROBED):
        ids = [FactId(in_batch(batch, number)) for number in range(start, start + _PROBED)]
        known = rooms.store.facts.known(person, ids)
        found += [each for each in ids if each in known]
        if len(known) < _PROBED:
            break
    return found
