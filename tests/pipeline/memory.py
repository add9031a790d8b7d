"""A store that is two dictionaries, for properties of folding step by step; and the export of a fold as bytes."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter

from hearback.model.application import Folded, ReviewItem
from hearback.model.change import Change, Component
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import PersonId
from hearback.model.lesson import Lesson, Lessons, SenderWord, lessons
from hearback.model.signal import Signal
from hearback.pipeline import canonical
from hearback.pipeline.folding import application_order, review_order
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import fold_again, plan, revise
from hearback.pipeline.standing import names

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_ITEM = TypeAdapter(ReviewItem)


def exported(folded: Folded) -> bytes:
    """The export, and of what waits and is left out also what the export does not tell."""
    whole = canonical.canonical_bytes(canonical.export(folded, owner="me", mailboxes=(), ledger=(), as_of=NOW))
    return whole + b"\n".join(_ITEM.dump_json(each) for each in (*folded.review, *folded.left_out))


class Memory:
    """Components as a store keeps them: keys lead to components, merged ones are gone."""

    def __init__(self) -> None:
        self.components: dict[str, Component] = {}
        self.keys: dict[str, str] = {}
        self.facts: dict[str, Fact] = {}
        self.taught: dict[str, Lesson | SenderWord] = {}
        self.spreading: set[str] = set()

    def add(self, new: list[Fact]) -> None:
        fresh = [fact for fact in new if fact_id(fact) not in self.facts]
        keys = frozenset[str]().union(*(link_keys(fact) for fact in fresh)) if fresh else frozenset[str]()
        touched = {self.keys[key] for key in keys if key in self.keys}
        sources = [self.components[each] for each in sorted(touched)]
        self.record(plan(PersonId("me"), fresh, sources, lessons=self.lessons(), now=NOW, silent=True))
        self.spread()

    def revise(self, said: Signal) -> None:
        """A new model reads a stored signal's mail otherwise."""
        old = self.facts[fact_id(said)]
        touched = {self.keys[key] for key in link_keys(old) | link_keys(said) if key in self.keys}
        sources = [self.components[each] for each in sorted(touched)]
        self.record(revise(PersonId("me"), said, sources, lessons=self.lessons(), now=NOW))
        self.spread()

    def spread(self) -> None:
        """What was taught is shown elsewhere, as sync.learning does it."""
        for component in list(self.components.values()):
            senders = {name for fact in component.facts if isinstance(fact, Signal) for name in names(fact.sender)}
            if senders & self.spreading:
                change = fold_again(PersonId("me"), component, self.lessons(), now=NOW)
                if change is not None:
                    self.record(change)
        self.spreading.clear()

    def lessons(self) -> Lessons:
        return lessons(0, self.taught.values(), ())

    def record(self, change: Change) -> None:
        if change.teaching is not None:
            for about in change.teaching.forgotten:
                del self.taught[about]
            self.taught |= {each.about: each for each in change.teaching.learned}
            self.spreading |= set(change.teaching.spreading)
        self.facts |= {fact_id(fact): fact for fact in (*change.facts, *change.replaced)}
        for write in change.components:
            for id_, version in write.expected:
                assert version == 0 or self.components[id_].version == version
                for key, target in self.keys.items():
                    if target == id_:
                        self.keys[key] = write.id
                self.components.pop(id_, None)
            self.components[write.id] = Component(
                id=write.id,
                version=1,
                facts=tuple(self.facts[id_] for id_ in write.facts),
                applications=write.applications,
                review=write.review,
                left_out=write.left_out,
            )
            self.keys |= dict.fromkeys(write.link_keys, write.id)

    def folded(self) -> Folded:
        held = self.components.values()
        return Folded(
            applications=tuple(sorted((a for c in held for a in c.applications), key=application_order)),
            review=tuple(sorted((r for c in held for r in c.review), key=review_order)),
            left_out=tuple(sorted((r for c in held for r in c.left_out), key=review_order)),
        )
