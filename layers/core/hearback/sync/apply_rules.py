"""Rules and the mail of before: a dry run, applying them as one undoable batch, and taking a batch back.

    try_out ─► the difference of two folds, shown; nothing is written
    apply   ─► what the batch will hold is stored first, then its acts, some of one component a transaction
    take_back ─► an Undo of each of its acts that was recorded

So whoever is interrupted leaves a batch that can be taken back, or applied again: acts are for what is not as it should be.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from hearback.model.act import Undo, in_batch
from hearback.model.budget import WORTH_STARTING_SECONDS, Budget
from hearback.model.errors import Conflict, NotFound
from hearback.model.facts import fact_id
from hearback.model.ids import ActId, FactId, PersonId
from hearback.model.rule import Rules
from hearback.pipeline.grouping import components, fact_key
from hearback.pipeline.trial import Trial, trial
from hearback.sync import rulebook
from hearback.sync.record import record
from hearback.sync.rooms import Rooms

AT_ONCE: Final = 20
"""Acts of one transaction: with their applications they fit into what a store takes."""
SECONDS: Final = 15.0
"""A person waits for it."""
PREFIX: Final = "rules-applied:"
KEPT: Final = 20
"""Batches that can still be taken back, the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One application of the rules to the past."""

    id: str
    at: datetime
    acts: int
    """How many it has: in_batch counts them."""
    mails: int
    """Mails it was to change, as the dry run told."""
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it."""

    batch: Batch | None
    """None: there was nothing to change."""
    left: int
    """Acts there was no time for; apply again."""


def try_out(rooms: Rooms, person: PersonId, rules: Rules, *, batch: str = "dry") -> Trial:
    """What `rules` would change in the mail of before."""
    lessons = rooms.store.facts.lessons(person).all
    return trial(rules, components(rooms.store.facts.all(person)), lessons, now=rooms.clock(), batch=batch)


def apply(rooms: Rooms, person: PersonId, version: int) -> Applied:
    """Apply the rules that hold. Conflict: they are not at `version`; Permanent: the plan has none; Transient: apply again."""
    rulebook.require(rooms, person)
    rules = rulebook.holding(rooms, rooms.store.people.get(person))
    if rules.version != version:
        raise Conflict(rulebook.MOVED_ON)
    batch = f"rules-{secrets.token_hex(8)}"
    found = try_out(rooms, person, rules, batch=batch)
    total = sum(len(acts) for acts in found.bundles)
    if not total:
        return Applied(None, 0)
    planned = Batch(id=batch, at=rooms.clock(), acts=total, mails=len(found.effects))
    _store(rooms, person, planned)
    budget, done = Budget.of(SECONDS), 0
    for acts in found.bundles:
        for start in range(0, len(acts), AT_ONCE):
            if min(budget.left(), rooms.budget.left()) < WORTH_STARTING_SECONDS:
                return Applied(planned, total - done)
            some = acts[start : start + AT_ONCE]
            record(rooms, person, some, silent=True)
            done += len(some)
    return Applied(planned, 0)


def batches(rooms: Rooms, person: PersonId) -> list[Batch]:
    """What was applied, the latest first."""
    found = [_read(name, body) for name, body in rooms.store.people.settings(person, PREFIX)]
    return sorted(found, key=lambda each: (each.at, each.id), reverse=True)


def take_back(rooms: Rooms, person: PersonId, batch: str) -> int:
    """Undo every act of the batch; answers how many. Repeating it is harmless. NotFound; Transient: do it again."""
    found = next((each for each in batches(rooms, person) if each.id == batch), None)
    if found is None:
        raise NotFound("This is not there any more. Reload the page to see how things stand.")
    acts = [FactId(in_batch(batch, number)) for number in range(found.acts)]
    recorded = rooms.store.facts.known(person, acts)
    undone = rooms.store.facts.known(person, [FactId(_undo_of(each)) for each in recorded])
    left = [each for each in acts if each in recorded and FactId(_undo_of(each)) not in undone]
    count = len(left)
    while left:
        some = _together(rooms, person, left)
        undos = [Undo(id=_undo_of(each), at=rooms.clock(), batch=f"{batch}.undo", about=each) for each in some]
        record(rooms, person, undos, silent=True)
        left = [each for each in left if each not in some]
    _store(rooms, person, replace(found, taken_back=True))
    return count


def _undo_of(act: FactId) -> ActId:
    return ActId(f"{act}.undo")


def _together(rooms: Rooms, person: PersonId, acts: Sequence[FactId]) -> list[FactId]:
    """The first of these acts with some others of its component."""
    touched = rooms.store.facts.touched(person, [fact_key(acts[0])])
    beside = {fact_id(fact) for component in touched for fact in component.facts}
    return [acts[0], *(each for each in acts[1:] if each in beside)][:AT_ONCE]


def _store(rooms: Rooms, person: PersonId, batch: Batch) -> None:
    body = {
        "at": batch.at.isoformat(),
        "acts": batch.acts,
        "mails": batch.mails,
        "taken_back": batch.taken_back,
    }
    rooms.store.people.put_setting(person, f"{PREFIX}{batch.id}", json.dumps(body).encode())
    for old in batches(rooms, person)[KEPT:]:
        rooms.store.people.put_setting(person, f"{PREFIX}{old.id}", None)


def _read(name: str, body: bytes) -> Batch:
    said = json.loads(body)
    return Batch(
        id=name.removeprefix(PREFIX),
        at=datetime.fromisoformat(said["at"]),
        acts=said["acts"],
        mails=said["mails"],
        taken_back=said["taken_back"],
    )
