"""Application ids: given at first sight, kept while any member is shared, aliases after a merge. No part of the fold."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace

from hearback.model.application import Application
from hearback.model.ids import ApplicationId, FactId


def fresh_id(fact: FactId, taken: Collection[str]) -> ApplicationId:
    """A short id derived from the first member ever seen; a taken one (its application was split) is varied."""
    salt = 0
    while True:
        digest = hashlib.sha256(f"{fact}#{salt}".encode()).digest()[:9]
        id_ = ApplicationId(base64.urlsafe_b64encode(digest).decode())
        if id_ not in taken:
            return id_
        salt += 1


def keep_ids(before: Sequence[Application], after: Sequence[Application]) -> tuple[Application, ...]:
    """Give every application of `after` the id of the one of `before` it shares most members with.

    An old id goes to one application only; ids of the others that flowed into it become its aliases.
    """
    shared = sorted(
        (
            (-len(set(old.facts) & set(new.facts)), old.id, index)
            for old in before
            for index, new in enumerate(after)
            if set(old.facts) & set(new.facts)
        ),
    )
    given: dict[int, ApplicationId] = {}
    used: set[ApplicationId] = set()
    for _, old_id, index in shared:
        if index not in given and old_id not in used:
            given[index] = old_id
            used.add(old_id)
    taken = {old.id for old in before} | {alias for old in before for alias in old.aliases}
    named = []
    for index, new in enumerate(after):
        id_ = given.get(index)
        if id_ is None:
            id_ = fresh_id(new.facts[0], taken)
            taken.add(id_)
        swallowed = {
            alias
            for old in before
            if set(old.facts) & set(new.facts) and (old.id == id_ or old.id not in used)
            for alias in (old.id, *old.aliases)
        }
        named.append(replace(new, id=id_, aliases=tuple(sorted(swallowed - {id_}))))
    return tuple(named)
