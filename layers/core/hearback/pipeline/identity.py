"""Application ids: given at first sight, kept while any member is shared, aliases after a merge. No part of the fold."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from hearback.model.application import Application
from hearback.model.ids import ApplicationId, FactId

_VARIED: Final = 4
"""So many ids are looked for that one fact may have given: it founds rarely more than one application in its life."""


def fresh_id(fact: FactId, taken: Collection[str]) -> ApplicationId:
    """A short id derived from the first member ever seen; a taken one (its application was split) is varied."""
    salt = 0
    while (id_ := _id_of(fact, salt)) in taken:
        salt += 1
    return id_


def _id_of(fact: FactId, salt: int) -> ApplicationId:
    digest = hashlib.sha256(f"{fact}#{salt}".encode()).digest()[:9]
    return ApplicationId(base64.urlsafe_b64encode(digest).decode())


def keep_ids(before: Sequence[Application], after: Sequence[Application]) -> tuple[Application, ...]:
    """Give every application of `after` the id of the one of `before` it shares most members with.

    A merge has the id its primary part had; where one is taken back, each part has its own again. An old id goes to one
    application only; ids of the others that flowed into it become its aliases.
    """
    given: dict[int, ApplicationId] = {}
    for index, id_ in (*_of_merges(before, after), *_of_most(before, after)):
        if index not in given and id_ not in given.values():
            given[index] = id_
    taken = {id_ for old in before for id_ in (old.id, *old.aliases)}
    for index, new in enumerate(after):
        if index not in given:
            given[index] = fresh_id(new.facts[0], taken)
            taken.add(given[index])
    used = set(given.values())
    named = []
    for index, new in enumerate(after):
        swallowed = {
            id_
            for old in before
            if set(old.facts) & set(new.facts) and (old.id == given[index] or old.id not in used)
            for id_ in (old.id, *old.aliases)
        }
        named.append(replace(new, id=given[index], aliases=tuple(sorted(swallowed - used))))
    return tuple(named)


def _of_most(before: Sequence[Application], after: Sequence[Application]) -> Iterator[tuple[int, ApplicationId]]:
    """Which application may have which id, those first that share most members."""
    shared = sorted(
        (-count, old.id, index)
        for old in before
        for index, new in enumerate(after)
        if (count := len(set(old.facts) & set(new.facts)))
    )
    return ((index, id_) for _, id_, index in shared)


def _of_merges(before: Sequence[Application], after: Sequence[Application]) -> Iterator[tuple[int, ApplicationId]]:
    """The same where the person merged, or took a merge back: ids that the part in question gave."""
    for index, new in enumerate(after):
        if new.parts:
            near = [old for old in before if set(old.facts) & set(new.facts)]
            pool = [*(old.id for old in near), *sorted(alias for old in near for alias in old.aliases)]
            yield from ((index, id_) for id_ in _given_by(new.parts[0].facts, pool))
    for old in before:
        for part in old.parts:
            mine = set(part.facts)
            held = sorted(
                (-len(mine & set(new.facts)), index) for index, new in enumerate(after) if mine & set(new.facts)
            )
            for _, index in held:
                if not after[index].parts:
                    yield from ((index, id_) for id_ in _given_by(part.facts, (old.id, *old.aliases)))


def _given_by(facts: Iterable[FactId], pool: Sequence[ApplicationId]) -> list[ApplicationId]:
    """Those of `pool` that one of these facts founded, in the order of the pool."""
    possible = {_id_of(fact, salt) for fact in facts for salt in range(_VARIED)}
    return [id_ for id_ in pool if id_ in possible]
