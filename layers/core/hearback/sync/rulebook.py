"""The person's custom rules: as stored, as their plan lets them hold, and changed.

Invariant: the version grows with every change, and who changes them names the one they saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from hearback.model.errors import Conflict, NotFound, Permanent
from hearback.model.ids import PersonId
from hearback.model.person import Person
from hearback.model.plan import FEATURE_LABELS, PLAN_LABELS, Feature, allows, cheapest
from hearback.model.rule import MAX_RULES, NO_RULES, RULES, SETTING, Rule, Rules
from hearback.sync.rooms import Rooms

MOVED_ON: Final = (
    "Your rules have changed meanwhile. Look at them as they are now, and do it again; nothing was changed."
)


def stored(rooms: Rooms, person: PersonId) -> Rules:
    """The person's rules, whether their plan includes them or not."""
    body = rooms.store.people.setting(person, SETTING)
    return RULES.validate_json(body) if body is not None else NO_RULES


def holding(rooms: Rooms, person: Person) -> Rules:
    """Those that hold now: none where the plan does not include them."""
    return stored(rooms, person.id) if allows(person.plan, Feature.FILTERS_AND_RULES) else NO_RULES


def change(
    rooms: Rooms,
    person: PersonId,
    version: int,
    to: Callable[[tuple[Rule, ...]], Sequence[Rule]],
    *,
    less: bool = False,
) -> Rules:
    """Store what `to` makes of the rules. Conflict: they are not at `version` any more; Permanent: too many, or (but where
    `less` is done with them) the plan has none.
    """
    if not less:
        require(rooms, person)
    before = stored(rooms, person)
    if before.version != version:
        raise Conflict(MOVED_ON)
    rules = tuple(to(before.rules))
    if len(rules) > MAX_RULES:
        raise Permanent(f"There is room for {MAX_RULES} rules. Delete one first, or join several into one.")
    after = replace(before, version=before.version + 1, rules=rules)
    rooms.store.people.put_setting(person, SETTING, RULES.dump_json(after))
    return after


def require(rooms: Rooms, person: PersonId) -> None:
    """Permanent: the plan includes neither custom filters nor rules."""
    if not allows(rooms.store.people.get(person).plan, Feature.FILTERS_AND_RULES):
        raise Permanent(NOT_INCLUDED)


NOT_INCLUDED: Final = (
    f"{FEATURE_LABELS[Feature.FILTERS_AND_RULES]} are part of {PLAN_LABELS[cheapest(Feature.FILTERS_AND_RULES)]}."
    " Nothing was changed."
)


def put(rules: Sequence[Rule], rule: Rule) -> list[Rule]:
    """The rules with this one in place of the one with its id, else at their end."""
    if any(each.id == rule.id for each in rules):
        return [rule if each.id == rule.id else each for each in rules]
    return [*rules, rule]


def find(rules: Sequence[Rule], id_: str) -> Rule:
    """The rule with this id. NotFound."""
    for each in rules:
        if each.id == id_:
            return each
    raise NotFound("This rule is not there any more. Reload the page to see how things stand.")


def moved(rules: Sequence[Rule], id_: str, by: int) -> list[Rule]:
    """The rules with this one `by` places further down (up: negative), not past an end. NotFound."""
    place = list(rules).index(find(rules, id_))
    rest = [each for each in rules if each.id != id_]
    rest.insert(min(max(place + by, 0), len(rest)), rules[place])
    return rest
