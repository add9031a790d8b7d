"""What the person says of mail that waits: it is right, it is none of the search, its sender is to be ignored.

One mail or many, each time one batch that is taken back in one go. A mail joins the application that was shown: where
matching would put it there by itself it is only confirmed, so that later mail follows it; else it is linked there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hearback.model.act import Act, Confirm, Correct, Ignore, Split
from hearback.model.application import ReviewItem
from hearback.model.errors import HearbackError, NotFound, Permanent, Transient
from hearback.model.ids import FactId, Personal, PersonId
from hearback.model.message import Address
from hearback.sync import senders
from hearback.sync.batches import GONE, Batch, record_all
from hearback.sync.foresee import Foreseen, foresee
from hearback.sync.rooms import Rooms

SUGGESTED: Final = "suggested"
"""Where the mail most probably belongs: its first candidate, else wherever matching puts it."""
NEW: Final = "new"
"""An application of its own."""
NEEDS_KIND: Final = "It could not be read: say what it is first (Edit)."
NEEDS_CHOICE: Final = "Several applications fit: choose one."
AT_ONCE: Final = 500
"""Mails settled in one go."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One mail, and what the person says of it."""

    fact: FactId
    target: str = SUGGESTED
    """SUGGESTED, NEW, or a fact of the application it belongs to."""
    corrections: Mapping[str, Any] = field(default_factory=dict)
    """Fields of Correct."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done."""

    batch: str
    done: tuple[FactId, ...]
    told: str
    """What became of the (last) mail, in words."""
    left: tuple[tuple[FactId, str], ...] = ()
    """What still waits, and why."""


def confirm(rooms: Rooms, person: PersonId, mails: Sequence[Confirmed]) -> Settled:
    """Settle mail as right. One alone that cannot be settled is Permanent with the reason, or NotFound; of many, those are
    left, and so is the rest when a store refuses midway.
    """
    waiting = _waiting(rooms, person, [each.fact for each in mails])
    batch = Batch(rooms.clock())
    planned: list[tuple[FactId, list[Act]]] = []
    left: list[tuple[FactId, str]] = []
    told = ""
    for each in mails:
        item = waiting.get(each.fact)
        why = _obstacle(item, each, alone=len(mails) == 1)
        if item is None or why is not None:
            left.append((each.fact, why or GONE))
            continue
        if len(mails) > 1 and each.target == SUGGESTED and item.suggestion is None:
            acts = _said(item, each, batch)  # it goes wherever matching puts it: there is nothing to check
        else:
            acts, foreseen = _acts(rooms, person, item, each, batch)
            told = foreseen.told(item.fact)
        planned.append((item.fact, acts))
    _refuse_alone(mails, waiting, left)
    done, undone = _record(rooms, person, planned)
    return Settled(batch.id, done, told, (*left, *undone))


def outcome(rooms: Rooms, person: PersonId, item: ReviewItem, target: str, corrections: Mapping[str, Any]) -> str:
    """What confirming it so would do, in words."""
    mail = Confirmed(item.fact, target, corrections)
    why = _obstacle(item, mail, alone=True)
    return why or _acts(rooms, person, item, mail, Batch(rooms.clock()))[1].told(item.fact)


def ignore(rooms: Rooms, person: PersonId, facts: Sequence[FactId]) -> Settled:
    """Settle mail as none of the search. NotFound: none of it waits any more."""
    waiting = _waiting(rooms, person, facts)
    if not waiting:
        raise NotFound(GONE)
    batch = Batch(rooms.clock())
    planned: list[tuple[FactId, list[Act]]] = [
        (each, [Ignore(**batch.base(), about=each)]) for each in facts if each in waiting
    ]
    done, undone = _record(rooms, person, planned)
    return Settled(batch.id, done, "Ignored.", (*((each, GONE) for each in facts if each not in waiting), *undone))


def ignore_sender(rooms: Rooms, person: PersonId, fact: FactId) -> Settled:
    """Leave out this mail and all of its sender. NotFound; Permanent: why this sender cannot be ignored."""
    item = _waiting(rooms, person, [fact]).get(fact)
    if item is None:
        raise NotFound(GONE)
    name = Personal(item.sender) if item.sender != item.address else Personal("")
    before = {each.fact for each in rooms.store.projections.review(person)}
    batch = senders.block(rooms, person, Address(item.address, name))
    gone = before - {each.fact for each in rooms.store.projections.review(person)}
    return Settled(batch, tuple(sorted(gone)), f"Mail of {item.sender} is ignored from now on.")


def _waiting(rooms: Rooms, person: PersonId, facts: Iterable[FactId]) -> dict[FactId, ReviewItem]:
    wanted = frozenset(facts)
    if len(wanted) > AT_ONCE:
        raise Permanent(f"That is too much in one go; tick at most {AT_ONCE}.")
    return {each.fact: each for each in rooms.store.projections.review(person) if each.fact in wanted}


def _obstacle(item: ReviewItem | None, mail: Confirmed, *, alone: bool) -> str | None:
    if item is None:
        return GONE
    if item.kind is None and mail.corrections.get("kind") is None:
        return NEEDS_KIND
    if not alone and mail.target == SUGGESTED and item.undecided:
        return NEEDS_CHOICE
    return None


def _refuse_alone(
    mails: Sequence[Confirmed], waiting: Mapping[FactId, ReviewItem], left: Sequence[tuple[FactId, str]]
) -> None:
    if len(mails) == 1 and left:
        raise (Permanent if mails[0].fact in waiting else NotFound)(left[0][1])
    if not waiting:
        raise NotFound(GONE)


def _acts(
    rooms: Rooms, person: PersonId, item: ReviewItem, mail: Confirmed, batch: Batch
) -> tuple[list[Act], Foreseen]:
    """The acts that do what was asked, and what they do."""
    acts = _said(item, mail, batch)
    foreseen = foresee(rooms, person, acts)
    target = item.suggestion if mail.target == SUGGESTED else mail.target
    if mail.target == NEW:
        if not foreseen.alone(item.fact):
            acts = [*acts, Split(**batch.base(), about=item.fact, signals=(item.fact,))]
            foreseen = foresee(rooms, person, acts)
    elif target is not None and not foreseen.together(item.fact, FactId(target)):
        acts = [replace(each, application=FactId(target)) if isinstance(each, Confirm) else each for each in acts]
        foreseen = foresee(rooms, person, acts)
    return acts, foreseen


def _said(item: ReviewItem, mail: Confirmed, batch: Batch) -> list[Act]:
    """That it is right, once corrected. A kind that another correction taught is from now on this mail's own, so that
    taking that correction back does not change what was confirmed.
    """
    said = dict(mail.corrections)
    if item.kind is not None and any(each.kind for each in item.taught):
        said.setdefault("kind", item.kind)
    confirmed = Confirm(**batch.base(), about=item.fact)
    return [Correct(**batch.base(), about=item.fact, **said), confirmed] if said else [confirmed]


def _record(
    rooms: Rooms, person: PersonId, planned: Sequence[tuple[FactId, list[Act]]]
) -> tuple[tuple[FactId, ...], list[tuple[FactId, str]]]:
    """Record mail by mail or all at once; answers what is done, and what a store's refusal has left."""
    if len(planned) == 1:
        record_all(rooms, person, planned[0][1])
        return (planned[0][0],), []
    done: list[FactId] = []
    for start in range(0, len(planned), _MAILS_AT_ONCE):
        some = planned[start : start + _MAILS_AT_ONCE]
        try:
            record_all(rooms, person, [act for _, acts in some for act in acts])
        except (Transient, Permanent, NotFound) as error:
            return tuple(done), [(fact, _stopped(error)) for fact, _ in planned[start:]]
        done += [fact for fact, _ in some]
    return tuple(done), []


_MAILS_AT_ONCE: Final = 10


def _stopped(error: HearbackError) -> str:
    return f"Not done: {error}"
