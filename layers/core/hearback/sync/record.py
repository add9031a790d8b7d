"""New facts become durable together with what they change: the one place that writes applications.

Invariant: signals, projections, ledger lines and outbox entries of one call are one transaction. A Conflict means that
somebody else wrote a touched component first: read again, fold again. Fenced is never retried: the lease is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hearback.model.act import Act, named
from hearback.model.change import Change
from hearback.model.errors import Conflict, Fenced, NotFound, Transient
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import PersonId
from hearback.model.ledger import LedgerEntry
from hearback.model.mailbox import Lease
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import plan
from hearback.sync import learning
from hearback.sync.rooms import Rooms

LINES_AT_ONCE: Final = 50
"""Ledger lines of one transaction that holds nothing else."""
ATTEMPTS: Final = 12
"""Writers of one person that collide more often than this are told to come back later."""


def record(
    rooms: Rooms,
    person: PersonId,
    facts: Sequence[Fact],
    *,
    silent: bool,
    ledger: Sequence[LedgerEntry] = (),
    fence: Lease | None = None,
) -> Change | None:
    """Make `facts` and `ledger` durable; facts already stored are left out. None: nothing new but ledger lines.

    `silent`: pages refresh, nobody is alerted. Fenced; NotFound (person erased); Transient (too many collisions).
    """
    keys = frozenset[str]().union(*(link_keys(fact) for fact in facts)) if facts else frozenset[str]()
    for _ in range(ATTEMPTS):
        new = _unknown(rooms, person, facts)
        if not new:
            if ledger and facts:  # recorded before, their lines with them
                rooms.store.ledger.note(person, ledger)
            elif ledger:  # opened, and nothing to keep: in place of what a look from outside has noted
                _note_opened(rooms, person, ledger, fence)
            return None
        lessons = rooms.store.facts.lessons(person)
        touched = rooms.store.facts.touched(person, keys)
        change = plan(
            person,
            new,
            touched,
            lessons=lessons,
            now=rooms.clock(),
            silent=silent,
            ledger=tuple(ledger),
            fence=fence,
        )
        try:
            rooms.store.facts.record(change)
        except Fenced:
            raise
        except Conflict:
            continue
        if change.teaching is not None or lessons.spreading:
            learning.spread(rooms, person)
        return change
    raise Transient("Others are changing the same applications right now.", retry_after_seconds=2)


def _note_opened(rooms: Rooms, person: PersonId, ledger: Sequence[LedgerEntry], fence: Lease | None) -> None:
    for start in range(0, len(ledger), LINES_AT_ONCE):
        some = tuple(ledger[start : start + LINES_AT_ONCE])
        rooms.store.facts.record(Change(person_id=person, ledger=some, fence=fence))


def _unknown(rooms: Rooms, person: PersonId, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    known = rooms.store.facts.known(person, [fact_id(fact) for fact in facts])
    unique = {fact_id(fact): fact for fact in reversed(facts)}
    return tuple(fact for id_, fact in reversed(unique.items()) if id_ not in known)


def act(rooms: Rooms, person: PersonId, act: Act) -> Change | None:
    """What the person did, at once. NotFound: it points at something that is not theirs or not there."""
    pointed = named(act)
    if set(pointed) - rooms.store.facts.known(person, pointed):
        raise NotFound("That is not there any more. Reload the page to see how things stand.")
    return record(rooms, person, [act], silent=True)
