"""The fold of a mailbox beside the end state its author expects: what is right, and each difference in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from hearback.model.application import Application, Folded
from hearback.model.ids import FactId
from hearback.pipeline.names import same_company
from hearback.pipeline.titles import role_words
from hearback.pipeline.view import ApplicationView, view
from matching.mailbox import Mailbox, fact

ASPECTS: Final = ("found", "members", "company", "role", "stage", "marks", "stage history", "interviews", "all exact")
MARKS: Final = {"on hold": "on_hold", "reopened": "reopened"}


@dataclass
class Score:
    """How right one mailbox is: aspect → right or wrong, one entry an application; every difference in words."""

    right: dict[str, list[bool]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    """Names of the applications that are right in everything."""

    def note(self, aspect: str, holds: bool) -> bool:
        """Count one."""
        self.right.setdefault(aspect, []).append(holds)
        return holds

    def share(self, aspect: str) -> str:
        """Right of all."""
        found = self.right.get(aspect, [])
        return f"{sum(found)}/{len(found)}"


class Folding:
    """A folded mailbox by the names of the corpus."""

    def __init__(self, box: Mailbox, folded: Folded, as_of: datetime) -> None:
        self.names: Mapping[FactId, str] = {fact(each): str(each["id"]) for each in box.mails}
        self.views = [view(each, as_of, "UTC") for each in folded.applications]
        self._first: dict[str, str] = {}
        for each in box.mails:
            self._first.setdefault(each.get("message_id") or each["id"], each["id"])
        self._message_ids = {each["id"]: each.get("message_id") or each["id"] for each in box.mails}
        self.waiting = {self.names[each.fact]: each.reason for each in folded.review}

    def same(self, name: str) -> str:
        """The first mail with the same Message-ID: an exact copy is the same mail."""
        return self._first.get(self._message_ids.get(name, ""), name)

    def members(self, application: Application) -> set[str]:
        """Mail that is in the application, what waits left out."""
        return {self.names[each] for each in application.facts if each in self.names} - set(self.waiting)


def compare(box: Mailbox, expected: Mapping[str, Any], folded: Folded) -> Score:
    """Score one mailbox as of the time its author gives."""
    score = Score()
    folding = Folding(box, folded, datetime.fromisoformat(str(expected["as_of"])))
    applications = [each for each in folding.views if not each.application.is_lead]
    leads = [each for each in folding.views if each.application.is_lead]
    left = _paired(expected["applications"], applications, folding, score, _application)
    for extra in left:
        score.differences.append(f"an application nobody expects: {_named(extra)} {sorted(_of(folding, extra))}")
    left = _paired(expected.get("leads") or [], leads, folding, score, _lead)
    for extra in left:
        score.differences.append(f"a lead nobody expects: {_named(extra)} {sorted(_of(folding, extra))}")
    shown = {name for each in folding.views for name in folding.members(each.application)}
    for name in expected.get("ignored") or []:
        if not score.note("ignored", name not in shown and name not in folding.waiting):
            where = "waits in review" if name in folding.waiting else "is in an application"
            score.differences.append(f"{name} should be ignored and {where}")
    for name, reason in sorted(folding.waiting.items()):
        score.differences.append(f"{name} waits: {reason}")
    return score


def _of(folding: Folding, seen: ApplicationView) -> set[str]:
    return folding.members(seen.application)


def _named(seen: ApplicationView) -> str:
    return f"{seen.application.company} / {seen.application.role}"


def _paired(
    wanted: Sequence[Mapping[str, Any]],
    found: Sequence[ApplicationView],
    folding: Folding,
    score: Score,
    judge: Any,
) -> list[ApplicationView]:
    """Judge each expected one with the found one it shares most mail with; what is left over."""
    shared = sorted(
        (
            (-len(set(map(str, each["messages"])) & _of(folding, other)), number, place)
            for number, each in enumerate(wanted)
            for place, other in enumerate(found)
            if set(map(str, each["messages"])) & _of(folding, other)
        ),
    )
    partner: dict[int, int] = {}
    for _, number, place in shared:
        if number not in partner and place not in partner.values():
            partner[number] = place
    for number, each in enumerate(wanted):
        judge(each, found[partner[number]] if number in partner else None, folding, score)
    return [each for place, each in enumerate(found) if place not in partner.values()]


def _lead(wanted: Mapping[str, Any], seen: ApplicationView | None, folding: Folding, score: Score) -> None:
    name = f"lead {wanted['company']} / {wanted['role']}"
    if not score.note("lead found", seen is not None) or seen is None:
        score.differences.append(f"{name}: missing")
        return
    _members(name, wanted, seen, folding, score, "lead members")
    if not score.note("lead company", _same_company(wanted["company"], seen.application.company)):
        score.differences.append(f"{name}: company is {seen.application.company}")


def _application(wanted: Mapping[str, Any], seen: ApplicationView | None, folding: Folding, score: Score) -> None:
    name = f"{wanted['company']} / {wanted['role']}"
    before = len(score.differences)
    if not score.note("found", seen is not None) or seen is None:
        score.differences.append(f"{name}: missing")
        for aspect in ASPECTS[1:]:
            score.note(aspect, False)
        return
    it = seen.application
    _members(name, wanted, seen, folding, score, "members")

    def same(aspect: str, right: object, got: object, holds: bool) -> None:
        if not score.note(aspect, holds):
            score.differences.append(f"{name}: {aspect} should be {right} and is {got}")

    same("company", wanted["company"], it.company, _same_company(wanted["company"], it.company))
    same("role", wanted["role"], it.role, _same_role(wanted["role"], it.role))
    same("stage", wanted["stage"], it.stage, it.stage == wanted["stage"])
    marks = sorted(MARKS[each] for each in seen.marks if each in MARKS)
    same("marks", sorted(wanted["marks"]), marks, sorted(wanted["marks"]) == marks)
    history = [
        f"{each.stage.value} {folding.same(folding.names.get(each.fact, each.fact))}" for each in it.stage_history
    ]
    right = [f"{each['stage']} {folding.same(each['message'])}" for each in wanted["stage_history"]]
    same("stage history", right, history, right == history)
    rounds = sorted(
        f"{_utc(each.interview.start_at)} {each.status.value} {each.interview.type.value}"
        for each in seen.rounds
        if each.interview.start_at is not None
    )
    agreed = sorted(
        f"{_utc(datetime.fromisoformat(str(each['start'])))} {each['status']} {each['type']}"
        for each in wanted["interviews"]
        if each["start"]
    )
    same("interviews", agreed, rounds, agreed == rounds)
    if score.note("all exact", len(score.differences) == before):
        score.exact.append(name)


def _members(
    name: str, wanted: Mapping[str, Any], seen: ApplicationView, folding: Folding, score: Score, aspect: str
) -> None:
    right, got = set(map(str, wanted["messages"])), _of(folding, seen)
    if not score.note(aspect, right == got):
        lacks, has = sorted(right - got), sorted(got - right)
        score.differences.append(
            f"{name}: {aspect}" + (f" lack {lacks}" if lacks else "") + (f" have {has}" if has else "")
        )


def _same_company(right: str | None, got: str | None) -> bool:
    return right == got if right is None or got is None else same_company(right, got)


def _same_role(right: str | None, got: str | None) -> bool:
    return right == got if right is None or got is None else role_words(right) == role_words(got)


def _utc(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%m-%d %H:%MZ}" if moment is not None else ""


def total(scores: Iterable[Score]) -> Score:
    """All scores as one."""
    whole = Score()
    for each in scores:
        for aspect, values in each.right.items():
            whole.right.setdefault(aspect, []).extend(values)
    return whole
