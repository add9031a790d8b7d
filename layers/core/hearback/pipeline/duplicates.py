"""Pairs of one person's applications that probably are one, with the reasons, for the person to settle.

Matching has kept them apart, so something is missing: a name is worded otherwise, a mail was forwarded, a second mailbox
has its own copy. Nothing here joins anything. Never a pair: other roles at one employer, names that only look alike ("Meta",
"Metaverse"), a second try after the first one ended, and what the person said is not the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from hearback.model.application import Application, Stage
from hearback.model.ids import FactId
from hearback.pipeline.names import company_words, continues, same_company
from hearback.pipeline.titles import role_words, same_role

PROPOSED_FROM: Final = 0.6
"""A pair is shown from this score on."""
SHOWN: Final = 5

SAME_MAIL: Final = 0.9
SAME_NUMBER: Final = 0.8
SAME_COMPANY: Final = 0.45
COMPANY_CONTINUES: Final = 0.3
SAME_ROLE: Final = 0.35
ROLE_WITHIN: Final = 0.25
ROLE_NOT_NAMED: Final = 0.1
SAME_CONTACT: Final = 0.25
SAME_ROUND: Final = 0.25
SAME_SUBJECT: Final = 0.2
BY_HAND: Final = 0.1
OTHER_PLACE: Final = -0.25

_FORWARDED: Final = re.compile(
    r"^\s*(?:(?:fwd?|wg|tr|rv|enc|i|doorst|pd|re|aw|sv|antw|odp|res)\s*:\s*)+", re.IGNORECASE
)
_TELLING: Final = 12
"""Letters of a subject that more than one mail will not have by chance ("Your application" would)."""
_OVER: Final = frozenset({Stage.REJECTED, Stage.WITHDRAWN, Stage.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two applications that probably are one."""

    one: Application
    """The one with more mail, which a merge would keep as primary."""
    other: Application
    score: float
    """0–1: the sum of what speaks for it, not a probability."""
    reasons: tuple[str, ...]
    """Sentences, the strongest first."""


def pairs(applications: Iterable[Application]) -> tuple[Pair, ...]:
    """All pairs to propose, the likeliest first; archived applications are left alone."""
    board = sorted((each for each in applications if not each.archived), key=_rank)
    met = {pair for bundle in _meeting(board) for pair in combinations(bundle, 2)}
    found = [pair for one, other in met if (pair := _pair(board[one], board[other])) is not None]
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.one.facts[0], pair.other.facts[0])))


def of(application: Application, others: Iterable[Application]) -> tuple[Pair, ...]:
    """The pairs of one application."""
    held = (each for each in others if each.facts != application.facts and not each.archived)
    found = (_pair(*sorted((application, each), key=_rank)) for each in held)
    return tuple(sorted((each for each in found if each is not None), key=lambda pair: -pair.score))


def _meeting(applications: Sequence[Application]) -> Iterable[list[int]]:
    """Which of them have anything in common a pair could rest on: so not all are held against all."""
    first: dict[str, int] = {}
    bundles: dict[str, list[int]] = {}  # of what more than one has: most has only one
    for number, each in enumerate(applications):
        keys = {f"mail:{digest}" for digest in each.digests} | {f"mail:{id_}" for id_ in each.message_ids}
        keys |= {f"contact:{address}" for _, address in each.contacts}
        if each.company:
            keys.add(f"company:{''.join(company_words(each.company))[:4]}")
        if each.requisition_id:
            keys.add(f"number:{each.requisition_id.casefold()}")
        for key in keys:
            if first.setdefault(key, number) != number:
                bundles.setdefault(key, [first[key]]).append(number)
    return bundles.values()


def _rank(application: Application) -> tuple[bool, int, FactId]:
    """Less for what a merge would keep."""
    return application.is_lead, -len(application.message_ids), application.facts[0]


def _pair(one: Application, other: Application) -> Pair | None:
    """What is to be said of two; `one` ranks first."""
    if one.is_lead or _settled(one, other):  # where the first is a lead, so is the second
        return None
    weights: list[tuple[float, str]] = []
    for weigh in _EVIDENCE:
        weight, reason = weigh(one, other) or (0.0, "")
        if weight is None:
            return None
        weights.append((weight, reason))
    score = min(round(sum(weight for weight, _ in weights), 2), 1.0)
    if score < PROPOSED_FROM or (_one_after_the_other(one, other) and not _same_mail(one, other)):
        return None
    strongest = sorted(weights, key=lambda found: -found[0])
    return Pair(one=one, other=other, score=score, reasons=tuple(reason for _, reason in strongest if reason))


def _settled(one: Application, other: Application) -> bool:
    """The person said that they are two."""
    return _says_apart(one.apart, other) or _says_apart(other.apart, one)


def _says_apart(apart: Sequence[FactId], other: Application) -> bool:
    return bool(apart) and not set(apart).isdisjoint(other.facts)


#: (weight, reason); weight None: they are never one. None: says nothing.
_Found = tuple[float | None, str] | None
_NEVER: Final = (None, "")


def _same_mail(one: Application, other: Application) -> _Found:
    if set(one.digests) & set(other.digests) or set(one.message_ids) & set(other.message_ids):
        return SAME_MAIL, "The same mail is in both."
    return None


def _number(one: Application, other: Application) -> _Found:
    if not (one.requisition_id and other.requisition_id):
        return None
    if one.requisition_id.casefold() != other.requisition_id.casefold():
        return _NEVER
    return SAME_NUMBER, f"Both have the number {one.requisition_id}."


def _company(one: Application, other: Application) -> _Found:
    if not (one.company and other.company):
        return None
    if same_company(one.company, other.company):
        return SAME_COMPANY, "They are at the same company."
    if continues(one.company, other.company):
        return COMPANY_CONTINUES, f"“{one.company}” and “{other.company}” may be one company."
    return _NEVER


def _role(one: Application, other: Application) -> _Found:
    if not (one.role and other.role):
        return ROLE_NOT_NAMED, "One of them names no role."
    if role_words(one.role) == role_words(other.role):
        return SAME_ROLE, "They are for the same role."
    if same_role(one.role, other.role):
        return ROLE_WITHIN, f"“{one.role}” and “{other.role}” may be one role."
    return _NEVER


def _contact(one: Application, other: Application) -> _Found:
    shared = {address for _, address in one.contacts} & {address for _, address in other.contacts}
    return (SAME_CONTACT, f"{min(shared)} wrote about both.") if shared else None


def _round(one: Application, other: Application) -> _Found:
    times = {each.start_at for each in one.interviews} & {each.start_at for each in other.interviews} - {None}
    return (SAME_ROUND, "They have an interview at the same time.") if times else None


def _subject(one: Application, other: Application) -> _Found:
    first, second = _subjects(one), _subjects(other)
    return (SAME_SUBJECT, "Their mail has the same subject.") if first & second else None


def _subjects(application: Application) -> set[str]:
    plain = (_FORWARDED.sub("", each.subject or "").strip().casefold() for each in application.timeline)
    return {each for each in plain if len(each.replace(" ", "")) > _TELLING}


def _by_hand(one: Application, other: Application) -> _Found:
    mail = [bool(each.message_ids) for each in (one, other)]
    return (BY_HAND, "You added one of them by hand.") if mail.count(False) == 1 else None


def _place(one: Application, other: Application) -> _Found:
    if not (one.location and other.location) or role_words(one.location) & role_words(other.location):
        return None
    return OTHER_PLACE, ""


#: What says "never" first: most pairs end there.
_EVIDENCE: Final[tuple[Callable[[Application, Application], _Found], ...]] = (
    _company,
    _role,
    _number,
    _same_mail,
    _contact,
    _round,
    _subject,
    _by_hand,
    _place,
)


def _one_after_the_other(one: Application, other: Application) -> bool:
    """One had ended before the other began: a second try, not a double."""
    for first, second in ((one, other), (other, one)):
        ends = [each.at for each in first.stage_history if each.stage in _OVER]
        if first.stage in _OVER and ends and second.first_contact_at is not None and ends[-1] < second.first_contact_at:
            return True
    return False
