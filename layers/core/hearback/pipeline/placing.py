"""Signals and hand-made applications of one component, each put into the candidacy it belongs to.

Taken in canonical order, so all of it is a function of the set: every mail goes to the candidacy it fits best
(pipeline.matching), begins one, or, where several fit and nothing tells them apart, waits with the candidates ranked.
What the person linked, split off or merged outranks everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from hearback.model.act import Merge
from hearback.model.facts import fact_id
from hearback.model.ids import FactId
from hearback.model.signal import Detail, Signal
from hearback.pipeline.acts import Said, order
from hearback.pipeline.arranging import merged, split_off, take_names
from hearback.pipeline.finding import BEGINS, Found, Placed
from hearback.pipeline.groups import Group, group_of, kept_apart
from hearback.pipeline.matching import Match, match
from hearback.pipeline.names import Company, company_likeness
from hearback.pipeline.requisitions import same_requisition
from hearback.pipeline.titles import Role, role_likeness

LINKED: Final = "you put it here"
SPLIT: Final = "you split it off"
MERGED: Final = "you merged it"
HELD_BACK: Final = 20
"""Of mail that waits the last so many are asked whether another belongs with them."""
BRIDGES: Final = 4.5
"""From this score on a mail that fits two candidacies without conflict shows that they are one."""


def place(signals: Sequence[Signal], said: Said, held_back: Sequence[Signal] = ()) -> Placed:
    """Accepted signals and hand-made applications of one component as candidacies, in canonical order.

    `held_back`: mail that waits for the person. What fits it better than any candidacy waits with it.
    """
    work = _Work(signals, said, held_back)
    for lone in work.lone:
        work.take(lone)
    work.look_again()
    work.rename()
    work.look_again()
    work.leave()
    work.merge()
    work.placed.groups.sort(key=Group.key)
    return work.placed


class _Work:
    """What place() does, step by step."""

    def __init__(self, signals: Sequence[Signal], said: Said, held_back: Sequence[Signal]) -> None:
        self.said = said
        self.held_back: dict[str, list[Group]] = {}
        for each in sorted(held_back, key=order):
            group = group_of(each, said)
            for token in group.tokens():
                self.held_back.setdefault(token, []).append(group)
        self.placed = Placed(merges=[act for act in said.joins if isinstance(act, Merge)])
        by_hand = [each for each in sorted(signals, key=order) if said.word(FactId(each.id)).linked is not None]
        linked = {each.id for each in by_hand}
        free = [group_of(each, said) for each in sorted(signals, key=order) if each.id not in linked]
        split, rest = split_off([*free, *(group_of(add, said) for add in said.adds)], said)
        self.split = {id(each) for each in split}
        self.lone = sorted([*split, *rest], key=Group.key)
        self.waiting: list[Group] = []
        self.followers: dict[FactId, list[Signal]] = {}
        self.strays: dict[FactId, list[Signal]] = {}
        known = {fact_id(fact) for group in self.lone for fact in group.facts}
        for signal in by_hand:
            end = self._end_of(FactId(signal.id), known)
            (self.followers if end in known else self.strays).setdefault(end, []).append(signal)

    def _end_of(self, start: FactId, known: set[FactId]) -> FactId:
        """Where a link leads, links to links followed; of a ring its smallest member."""
        path: list[FactId] = []
        here = start
        while here not in known and here not in path:
            path.append(here)
            link = self.said.word(here).linked
            if link is None or link.application is None:
                break
            here = link.application
        return min(path[path.index(here) :]) if here in path else here

    def take(self, lone: Group) -> None:
        """Place one fact (or what the person split off), with the mail that they put to it."""
        if id(lone) in self.split:
            lone.why |= {fact_id(fact): SPLIT for fact in lone.facts}
            self._found(lone)
            return
        found = self.placed.find(lone)
        if self._answers_waiting(lone) and not any(each.match.tied or each.match.named for each in found.ranked):
            self.waiting.append(lone)
        elif found.home is not None and not self._of_what_waits(lone, found):
            self._settle(lone, found.home, found)
        elif found.home is not None or (
            lone.signals and (lone.signals[0].sent or (found.doubtful and not self._vouched(lone)))
        ):
            self.waiting.append(lone)
        else:
            lone.why[fact_id(lone.first)] = BEGINS
            self._found(lone)

    def _answers_waiting(self, lone: Group) -> bool:
        """It is part of a conversation that waits: it waits with it, unless it says itself where both belong."""
        return any(
            each.mails & lone.mails or each.threads & lone.threads for each in self.waiting if not each.signals[0].sent
        )

    def _of_what_waits(self, lone: Group, found: Found) -> bool:
        """Earlier mail that waits fits it at least as well as where it would go, and belongs elsewhere itself."""
        if self._vouched(lone) or not lone.signals or lone.signals[0].sent or not self.held_back:
            return False
        best = next((each.match.score for each in found.ranked if each.group is found.home), None)
        if best is None and found.home is not None:  # told apart from more than are ranked for the person
            best = match(found.home, lone).score
        near = {id(group): group for token in lone.tokens() for group in self.held_back.get(token, ())}
        earlier = sorted((each for each in near.values() if each.key() < lone.key()), key=Group.key)[-HELD_BACK:]
        return best is not None and any(self._rather(group, lone, best, found.home) for group in earlier)

    def _rather(self, waiting: Group, lone: Group, best: float, home: Group | None) -> bool:
        fits = match(waiting, lone)
        return fits.joins and fits.score >= best and self.placed.find(waiting).home is not home

    def _vouched(self, lone: Group) -> bool:
        word = self.said.word(fact_id(lone.first))
        return word.confirmed is not None or word.placed

    def _found(self, group: Group) -> None:
        self.placed.add(group)
        self._follow(group)

    def _settle(self, lone: Group, home: Group, found: Found) -> None:
        lone.why = dict.fromkeys((fact_id(each) for each in lone.facts), found.why) | lone.why
        self.placed.join(home, lone, names=_agree(home, lone))
        for other in found.ranked:
            if other.group is not home and _bridged(other.match) and _compatible(home, other.group):
                self.placed.join(home, other.group)
        self._follow(home)

    def _follow(self, home: Group) -> None:
        for fact in [fact_id(each) for each in home.facts if fact_id(each) in self.followers]:
            for signal in self.followers.pop(fact):
                self.placed.join(home, self._put(signal))

    def _put(self, signal: Signal) -> Group:
        lone = group_of(signal, self.said)
        lone.sides.clear()  # where the person put it, it belongs
        lone.why[FactId(signal.id)] = LINKED
        return lone

    def look_again(self) -> None:
        """What found no place at its time, once more: later mail of its thread may tell where it belongs."""
        again = True
        while again:
            again = False
            for lone in list(self.waiting):
                found = self.placed.find(lone)
                if (
                    found.home is not None
                    and (lone.signals[0].sent or _tied(found))
                    and not self._of_what_waits(lone, found)
                ):
                    self.waiting.remove(lone)
                    self._settle(lone, found.home, found)
                    again = True

    def rename(self) -> None:
        """Candidacies take the person's names for them once they stand, and only those that did may find others by them."""
        took = {id(group): group for group in take_names(self.placed.groups, self.said)}
        for group in took.values():
            self.placed.refresh(group)
        if not took:
            return
        for group in list(self.placed.groups):
            if not any(each is group for each in self.placed.groups):
                continue
            near = [
                each
                for each in self.placed.near(group)
                if (id(group) in took or id(each) in took) and _compatible(each, group, by_name=True)
            ]
            if len(near) == 1:
                home, other = sorted((group, near[0]), key=Group.key)
                self.placed.join(home, other)
        for lone in list(self.waiting):
            found = self.placed.find(lone)
            if found.home is not None and id(found.home) in took and not self._of_what_waits(lone, found):
                self.waiting.remove(lone)
                self._settle(lone, found.home, found)

    def leave(self) -> None:
        """Leave the rest to the person, but for what they put together themselves: that founds a candidacy."""
        for lone in self.waiting:
            fact = fact_id(lone.first)
            followed = self.followers.pop(fact, None)
            if followed is not None:
                lone.why[fact] = BEGINS
                for signal in followed:
                    lone.absorb(self._put(signal))
                self.placed.add(lone)
            elif not lone.signals[0].sent:
                self.placed.unplaced[fact] = self.placed.find(lone)
        for _, signals in sorted(self.strays.items()):
            home = Group()
            for signal in signals:
                home.absorb(self._put(signal))
            self.placed.add(home)

    def merge(self) -> None:
        """Join what the person made one."""
        self.placed.reset(merged(self.placed.groups, self.said))
        for group in self.placed.groups:
            for part in group.parts[1:]:
                group.why |= {id_: f"{group.why.get(id_, '')}; {MERGED}".strip("; ") for id_ in _ids(part)}


def _ids(group: Group) -> Iterator[FactId]:
    return (fact_id(fact) for fact in group.facts)


def _tied(found: Found) -> bool:
    return any(
        each.group is found.home and (each.match.tied or each.match.threaded or each.match.contact)
        for each in found.ranked
    )


def _likeness(one: Group, other: Group) -> tuple[Company | None, Role | None]:
    """How alike what the two are called is; None where one has no name."""
    return (
        max((company_likeness(a, b) for a in one.companies for b in other.companies), default=None),
        max((role_likeness(a, b) for a in one.roles for b in other.roles), default=None),
    )


def _agree(home: Group, lone: Group) -> bool:
    """Whether what the mail calls company and role may find more mail: what contradicts the candidacy may be misread."""
    if lone.receipts() or any(each.detail is Detail.TRANSFERRED for each in lone.signals):
        return True
    company, role = _likeness(home, lone)
    return role is not Role.OTHER and (company is not Company.OTHER or bool(home.domains & lone.domains))


def _bridged(found: Match) -> bool:
    return found.joins and found.score >= BRIDGES and (found.tied or found.named)


def _compatible(one: Group, other: Group, *, by_name: bool = False) -> bool:
    """Nothing speaks against two candidacies being one; `by_name`: and company and role, as far as known, say they are."""
    if kept_apart(one, other):
        return False
    numbers = [same_requisition(a, b) for a in one.requisitions for b in other.requisitions]
    if numbers and not any(numbers):
        return False
    company, role = _likeness(one, other)
    if (role is not None and role < Role.PART) or (company is not None and company < Company.NEAR):
        return False
    if by_name:
        return company is not None and company >= Company.EXTENDED
    return not (one.receipts() and other.receipts())
