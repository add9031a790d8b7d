"""Where a person's rules are in each other's way: of two that contradict, the earlier one counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hearback.model.rule import Rule, Rules
from hearback.pipeline import covering
from hearback.pipeline.rules import Seen, fits

DOES: Final = ("kind", "stage", "tag", "ignore", "notify")
"""What a rule may do, by the names of its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """Something a rule does never counts: rules before it fit all of its mail and say it already, or otherwise."""

    rule: str
    by: tuple[str, ...]
    """Ids of those rules, in order."""
    lost: tuple[str, ...]
    """Of DOES."""
    never: bool
    """It is all that the rule does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two rules fit one mail and say different things of it."""

    earlier: str
    later: str
    what: str
    """kind | stage | ignore"""


def does(rule: Rule) -> tuple[str, ...]:
    """What the rule does."""
    return tuple(name for name in DOES if getattr(rule, name))


def shadows(rules: Rules) -> tuple[Shadow, ...]:
    """Every rule of which something certainly never counts. Rules that are off neither shadow nor are shadowed."""
    on = [each for each in rules.rules if each.on and each.acts]
    found: list[Shadow] = []
    for place, rule in enumerate(on):
        lost: dict[str, str] = {}
        for before, earlier in enumerate(on[:place]):
            if covers(earlier, rule):
                first = all(each.ignore for each in on[:before])
                for name in _lost(earlier, rule, first=first):
                    lost.setdefault(name, earlier.id)
        if lost:
            by = [each.id for each in on if each.id in lost.values()]
            names = tuple(name for name in DOES if name in lost)
            found.append(Shadow(rule=rule.id, by=tuple(by), lost=names, never=set(names) == set(does(rule))))
    return tuple(found)


def _lost(earlier: Rule, rule: Rule, *, first: bool) -> tuple[str, ...]:
    """What of `rule` never counts because `earlier` fits all of its mail; `first`: nothing before `earlier` does anything."""
    if earlier.ignore:
        return does(rule) if first else ()
    if rule.ignore:
        return ("ignore",)
    said_before = [name for name in ("kind", "stage", "notify") if getattr(earlier, name) and getattr(rule, name)]
    if rule.tag is not None and rule.tag == earlier.tag:
        said_before.append("tag")
    return tuple(said_before)


def covers(wide: Rule, narrow: Rule) -> bool:
    """Whether `wide` certainly fits all mail that `narrow` fits."""
    return (
        _among(wide.mailboxes, narrow.mailboxes)
        and _among(wide.kinds, narrow.kinds)
        and (
            not wide.companies
            or (bool(narrow.companies) and covering.items(wide.companies, narrow.companies, covering.company))
        )
        and (wide.filter is None or (narrow.filter is not None and covering.filters(wide.filter, narrow.filter)))
    )


def _among(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether a choice of `narrow` is one of `wide`; an empty choice is any."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def contradictions(rules: Rules, mail: Seen) -> Iterator[Contradiction]:
    """Each pair of rules that say different things of this mail; the earlier one counts."""
    found = [rule for rule in rules.rules if rule.acts and fits(rule, mail)]
    for place, rule in enumerate(found):
        for earlier in found[:place]:
            for what in _contradict(earlier, rule):
                yield Contradiction(earlier=earlier.id, later=rule.id, what=what)


def _contradict(one: Rule, other: Rule) -> Iterator[str]:
    if one.ignore is not other.ignore:
        yield "ignore"
    if one.kind is not None and other.kind is not None and one.kind is not other.kind:
        yield "kind"
    if one.stage is not None and other.stage is not None and one.stage is not other.stage:
        yield "stage"
