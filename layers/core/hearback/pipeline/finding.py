"""Where one mail belongs among the candidacies there are: the best match, and what tells those apart that fit alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hearback.model.act import Merge
from hearback.model.facts import fact_id
from hearback.model.ids import FactId
from hearback.model.signal import Kind, Signal
from hearback.pipeline.groups import Group
from hearback.pipeline.matching import LEADS_BY, RELAYED_WITHIN, Match, match
from hearback.pipeline.names import Company, company_likeness, spelled_by
from hearback.pipeline.telling import hints, names

BEGINS: Final = "it begins this application"
ONLY: Final = "the only application at this employer"
ONLY_OPEN: Final = "the only one still open there"
SHOWN: Final = 5
"""Candidates that are named at most."""
NAMED: Final = 3.0
"""What it says that the mail names one of them alone."""
OVER: Final = 2.5
"""What speaks against a candidacy that is over where another is open."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidacy that a mail may belong to."""

    group: Group
    match: Match


@dataclass(frozen=True, slots=True)
class Found:
    """Where one mail belongs."""

    home: Group | None
    why: str
    ranked: tuple[Ranked, ...]
    """All that anything leads to, the best first."""
    doubtful: bool = False
    """Several fit, or it says nothing by which to find one: the person decides."""


@dataclass
class Placed:
    """Candidacies, and the mail that waits for the person."""

    merges: Sequence[Merge] = ()
    groups: list[Group] = field(default_factory=list)
    unplaced: dict[FactId, Found] = field(default_factory=dict)
    _index: dict[str, dict[int, Group]] = field(default_factory=dict)

    def add(self, group: Group) -> None:
        """One more candidacy."""
        self.groups.append(group)
        self._note(group, group)

    def join(self, home: Group, other: Group, *, names: bool = True) -> None:
        """Put `other` into `home`, a mail by itself or another candidacy."""
        known = False
        for token in other.tokens():
            known |= self._index.get(token, {}).pop(id(other), None) is not None
        if known:
            self.groups = [each for each in self.groups if each is not other]
        home.absorb(other, names=names)
        self._note(home, other if names else home)

    def refresh(self, group: Group) -> None:
        """It is called otherwise now."""
        self._note(group, group)

    def reset(self, groups: list[Group]) -> None:
        """These are the candidacies now."""
        self.groups = groups
        self._index.clear()
        for group in groups:
            self._note(group, group)

    def _note(self, group: Group, by: Group) -> None:
        """Whatever leads to `by` leads to `group`."""
        for token in by.tokens():
            self._index.setdefault(token, {})[id(group)] = group

    def near(self, lone: Group) -> list[Group]:
        """Other candidacies that anything leads to, in canonical order."""
        found: dict[int, Group] = {}
        if not (lone.roles or lone.requisitions):  # what it answers outranks all else it could say
            for mail in lone.mails:
                found |= self._index.get(f"mid:{mail}", {})
        for token in lone.tokens() if not found else ():
            found |= self._index.get(token, {})
        found.pop(id(lone), None)
        return sorted(found.values(), key=Group.key)

    def find(self, lone: Group) -> Found:
        """Where a mail belongs among the candidacies there are."""
        mail = lone.signals[0] if lone.signals else None
        ranked = [Ranked(each, match(each, lone)) for each in self.near(lone)]
        several = sum(each.match.joins for each in ranked) > 1
        ranked = _weighed([each for each in ranked if each.match.reasons], mail)
        fitting = [each for each in ranked if each.match.joins]
        if (
            mail is not None and mail.sent and mail.references
        ):  # an answer to what is not known is no word on another thread
            fitting = [
                each
                for each in fitting
                if each.match.threaded
                or (each.match.contact and _in_house(each.group) and each.group.first.at <= mail.at)
            ]
        known = tuple(ranked[:SHOWN])
        if not fitting:
            doubtful = mail is not None and not mail.sent and _says_nothing(mail)
            return Found(None, BEGINS, known, doubtful)
        best = fitting[0]
        rivals = [each for each in fitting if best.match.score - each.match.score < LEADS_BY]
        if len(rivals) > 1:
            told_apart = self._told_apart(rivals, mail)
            if told_apart is None:
                return Found(None, "", known, doubtful=True)
            return Found(told_apart[0].group, "; ".join((*told_apart[0].match.reasons, told_apart[1])), known)
        alone = len(fitting) == 1 and not (best.match.tied or best.match.named or best.match.threaded)
        only = (ONLY_OPEN if several else ONLY,) if alone else ()
        return Found(best.group, "; ".join((*best.match.reasons, *only)), known)

    def _told_apart(self, rivals: Sequence[Ranked], mail: Signal | None) -> tuple[Ranked, str] | None:
        """Of candidacies that fit alike: those the person merged are one; else the only process, or the only open one, or
        the one that the mail hints at. And why.
        """
        if self._one_by_merge([each.group for each in rivals]):
            return rivals[0], ONLY_OPEN
        if mail is None:
            return None
        left = list(rivals)
        if mail.kind is not Kind.RECRUITER_OUTREACH and not _by_agency(rivals):
            left = [each for each in left if each.group.is_process] or left
        if len(left) > 1:
            left = [each for each in left if each.group.ended_at(mail.at) is None]
        if len(left) == 1:
            return left[0], ONLY_OPEN
        hinted = hints([each.group for each in left or rivals], mail)
        return next(((each, hinted.why) for each in rivals if hinted is not None and each.group is hinted.group), None)

    def _one_by_merge(self, groups: Sequence[Group]) -> bool:
        where = {fact_id(fact): place for place, group in enumerate(groups) for fact in group.facts}
        classes = list(range(len(groups)))
        for act in self.merges:
            one, other = where.get(act.about), where.get(act.other)
            if one is not None and other is not None:
                classes = [classes[one] if each == classes[other] else each for each in classes]
        return len(set(classes)) == 1


def _weighed(ranked: Sequence[Ranked], mail: Signal | None) -> list[Ranked]:
    """The best first, what the candidacies are among each other counted in: what names only one of them
    speaks for that one, and an open one for more than one that is over.
    """
    fitting = [each for each in ranked if each.match.joins]
    if mail is not None and len(fitting) > 1:
        telling = names([each.group for each in fitting], mail)
        is_open = any(each.group.ended_at(mail.at) is None for each in fitting)
        changed: dict[int, Match] = {}
        for each in fitting:
            found = each.match
            if telling is not None and telling.group is each.group:
                found = replace(found, score=found.score + NAMED, reasons=(*found.reasons, telling.why))
            over = each.group.ended_at(mail.at)
            if is_open and over is not None and mail.at - over > RELAYED_WITHIN and not found.tied:
                found = replace(found, score=found.score - OVER)
            changed[id(each)] = found
        ranked = [Ranked(each.group, changed.get(id(each), each.match)) for each in ranked]
    return sorted(ranked, key=lambda each: (each.match.blocked is not None, -each.match.score))


def _by_agency(rivals: Sequence[Ranked]) -> bool:
    """One domain writes about them for more than one company: none of them is likelier for being a process."""
    shared = set.intersection(*(each.group.domains for each in rivals))
    names = {name for each in rivals for domain, name in each.group.houses if domain in shared}
    return any(company_likeness(a, b) < Company.NEAR for a in names for b in names)


def _in_house(group: Group) -> bool:
    """Who writes are the employer's own people, no agency's."""
    return bool(group.houses) and all(spelled_by(domain, name) for domain, name in group.houses)


def _says_nothing(mail: Signal) -> bool:
    """It goes on with something and does not say with what: no company, no number, and at most a role."""
    begins = mail.kind in {Kind.APPLICATION_CONFIRMATION, Kind.RECRUITER_OUTREACH}
    return not (begins or mail.company or mail.requisition_id or (mail.role and mail.domain))
