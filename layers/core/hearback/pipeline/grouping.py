"""Which facts can meet at all: link keys make components.

A component is wider than an application (all mail about one employer); inside it signals become candidacies
(pipeline.placing). Keys are as narrow as one employer: never free mail, an ATS or a job board.
"""

from __future__ import annotations

from collections.abc import Iterable

from hearback.model.act import Add, Correct, Edit, named
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId
from hearback.model.signal import Signal
from hearback.pipeline.acts import order
from hearback.pipeline.groups import company_keys, keys_of, number_key, thread_key

__all__ = ["components", "fact_key", "link_keys", "thread_key"]


def fact_key(fact: FactId) -> str:
    """The link key of a fact itself, and of the acts about it."""
    return f"fact:{fact}"


def link_keys(fact: Fact) -> frozenset[str]:
    """What connects this fact to others. Wider than an application, never as wide as free mail or an ATS relay."""
    keys = {fact_key(fact_id(fact))}
    if isinstance(fact, Signal):
        return frozenset(keys | keys_of(fact))
    if isinstance(fact, Add | Edit | Correct) and fact.company:
        keys |= company_keys(fact.company)
    if isinstance(fact, Edit | Correct) and fact.requisition_id:
        keys.add(number_key(fact.requisition_id))
    return frozenset(keys | {fact_key(each) for each in (*named(fact), *fact.beside)})


def components(facts: Iterable[Fact], together: Iterable[Iterable[Fact]] = ()) -> list[list[Fact]]:
    """Facts connected by link keys, transitively, or by standing `together`; each fact once, in canonical order."""
    unique = {fact_id(fact): fact for fact in facts}
    parent: dict[str, str] = {id_: id_ for id_ in unique}

    def root(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    owner: dict[str, str] = {}
    for id_, fact in unique.items():
        for key in link_keys(fact):
            parent[root(owner.setdefault(key, id_))] = root(id_)
    for bundle in together:
        first, *others = [fact_id(fact) for fact in bundle] or [FactId("")]
        for other in others:
            parent[root(other)] = root(first)
    found: dict[str, list[Fact]] = {}
    for id_, fact in sorted(unique.items(), key=lambda item: order(item[1])):
        found.setdefault(root(id_), []).append(fact)
    return list(found.values())
