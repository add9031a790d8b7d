"""What a candidacy is called: as the person worded it, else as most of its mail does; of a merge, as its primary part is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

from hearback.model.act import Add, Edit
from hearback.model.application import Part
from hearback.model.facts import fact_id
from hearback.model.ids import FactId, Personal
from hearback.model.signal import Detail, Signal
from hearback.pipeline.acts import order
from hearback.pipeline.groups import Group
from hearback.pipeline.names import Company, company_likeness, company_words, spelled_by
from hearback.pipeline.titles import role_words

FIELDS: Final = ("company", "role", "location", "requisition_id", "agency")


def worded(
    live: Sequence[Signal], group: Group, edits: Sequence[Edit], put_here: Collection[FactId] = ()
) -> dict[str, Any]:
    """The FIELDS of `group`, whose incoming mail is `live` and about which the person said `edits`, in order.

    Mail that the person put here (`put_here`) names only what no other mail does. Of a merge, what they said since counts first, then what its primary part is called by itself, then all of it.
    """
    layers: list[_Layer] = []
    if group.parts:
        layers.append(_Said([act for act in edits if order(act) > group.joined_by]))
        layers += _of_part(group.parts[0], live, edits)
    own = [each for each in live if FactId(each.id) not in put_here]
    layers += [_Said([*group.adds, *edits]), _Read(own), _Read(live)]
    return {name: _first(layer(name) for layer in layers) or None for name in FIELDS}


def parts(live: Sequence[Signal], group: Group, edits: Sequence[Edit]) -> tuple[Part, ...]:
    """What `group` was merged of, the primary one first, each as it is called by itself."""
    found = []
    for part in group.parts:
        layers = _of_part(part, live, edits)
        company, role = (_first(layer(name) for layer in layers) or None for name in ("company", "role"))
        found.append(Part(facts=tuple(fact_id(each) for each in part.facts), company=company, role=role))
    return tuple(found)


#: Field → what is said of it; empty: that there is none; None: nothing.
_Layer = Callable[[str], Personal | None]


class _Said:
    """The person's own words, the later ones first."""

    def __init__(self, acts: Sequence[Add | Edit]) -> None:
        self._acts = acts

    def __call__(self, name: str) -> Personal | None:
        return _first(getattr(act, name, None) for act in reversed(self._acts))


class _Read:
    """What mail says."""

    def __init__(self, live: Sequence[Signal]) -> None:
        self._live = live

    def __call__(self, name: str) -> Personal | None:
        said = [value for each in self._live if (value := getattr(each, name))]
        match name:
            case "company":
                return _most(self._clients() or said, lambda company: " ".join(company_words(company)))
            case "role":
                moved = [each.role for each in self._live if each.detail is Detail.TRANSFERRED and each.role]
                return moved[-1] if moved else _most(said, str.casefold)
            case "location":
                return _most(said, str.casefold)
            case "requisition_id":
                return next(iter(said), None)
            case _:
                return next(reversed(said), None)

    def _clients(self) -> list[Personal]:
        """Whom an agency writes for, where it names them: its address spells its own name, and nobody else gives that one."""
        roles = frozenset[str]().union(*(role_words(each.role) for each in self._live if each.role))
        named = [
            (each.domain, each.company)
            for each in self._live
            if each.company and not roles >= set(company_words(each.company))  # a title's end read as a company
        ]
        houses = {(domain, name) for domain, name in named if domain and spelled_by(domain, name)}
        agencies = {
            domain
            for domain, house in houses
            if not any(other != domain and company_likeness(name, house) >= Company.NEAR for other, name in named)
        }
        own = [house for domain, house in houses if domain in agencies]
        return [name for _, name in named if not any(company_likeness(name, each) >= Company.NEAR for each in own)]


def _of_part(part: Group, live: Sequence[Signal], edits: Sequence[Edit]) -> list[_Layer]:
    own = {fact_id(each) for each in part.facts}
    return [
        _Said([*part.adds, *(act for act in edits if act.about in own)]),
        _Read([each for each in live if FactId(each.id) in own]),
    ]


def _first(values: Iterable[Personal | None]) -> Personal | None:
    return next((each for each in values if each is not None), None)


def _most(values: Sequence[Personal], normal: Callable[[str], str]) -> Personal | None:
    """The value most agree on; of equals the longest, then the last in the alphabet, whatever came first."""
    if not values:
        return None
    votes: dict[str, int] = {}
    for each in values:
        votes[normal(each)] = votes.get(normal(each), 0) + 1
    return max(values, key=lambda each: (votes[normal(each)], len(each), each))
