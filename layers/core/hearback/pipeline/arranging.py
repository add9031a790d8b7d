"""What the person arranged of candidacies: split off from the start, merged at the end, whatever matching says between;
and what they call them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hearback.model.act import Add, Merge
from hearback.model.facts import fact_id
from hearback.model.ids import FactId
from hearback.model.signal import Signal
from hearback.pipeline.acts import Said, order

if TYPE_CHECKING:
    from hearback.pipeline.groups import Group


def worded(fact: Signal | Add, said: Said, name: str) -> set[str]:
    """What a field is called: as read or entered, and as the person calls it instead. Nothing where it was not read."""
    own = getattr(fact, name, None)
    return {own, *_edits(fact, said, name)} if own else set()


def _edits(fact: Signal | Add, said: Said, name: str) -> set[str]:
    return {value for each in said.word(FactId(fact.id)).edits if (value := getattr(each, name))}


def take_names(groups: Sequence[Group], said: Said) -> list[Group]:
    """Give groups the person's names for them, whichever of their mail they pointed at; answers which took one."""
    took = []
    for group in groups:
        members: list[Signal | Add] = [*group.signals, *group.adds]
        for name, names in (
            ("company", group.companies),
            ("role", group.roles),
            ("requisition_id", group.requisitions),
        ):
            found = {value for fact in members for value in _edits(fact, said, name)}
            found = {value.casefold() for value in found} if name == "requisition_id" else found
            if not found <= names:
                names.update(found)
                took.append(group)
    return took


def split_off(free: Sequence[Group], said: Said) -> tuple[list[Group], list[Group]]:
    """What the person split off stands together from the start, whatever it says; and the rest."""
    split: dict[str, Group] = {}
    rest: list[Group] = []
    for group in free:
        act = said.word(fact_id(group.facts[0])).split
        if act is None:
            rest.append(group)
        elif act.id in split:
            split[act.id].absorb(group)
        else:
            split[act.id] = group
    return list(split.values()), rest


def merged(groups: list[Group], said: Said) -> list[Group]:
    """What the person made one, in the order they did; the last word on which part is primary holds."""
    for act in said.joins:
        where = {fact_id(fact): group for group in groups for fact in group.facts}
        one = where.get(act.about)
        if one is None:
            continue
        if isinstance(act, Merge):
            other = where.get(act.other)
            if other is None or other is one:
                continue
            parts = [*_parts(one), *_parts(other)]
            one.absorb(other)
            one.sides = {(parting, side) for parting, side in one.sides if (parting, not side) not in one.sides}
            groups.remove(other)
            one.parts, one.joined_by = parts, order(act)
        elif one.parts:
            one.parts.sort(key=lambda part: act.about not in {fact_id(fact) for fact in part.facts})
            one.joined_by = order(act)
    return groups


def _parts(group: Group) -> list[Group]:
    return group.parts or [replace(group, signals=list(group.signals), adds=list(group.adds))]
