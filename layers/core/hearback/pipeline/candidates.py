"""The applications a waiting mail may belong to, with what leads from the mail to each. Pure, like the fold it is part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hearback.model.application import Application, Candidate, ReviewItem
from hearback.model.facts import fact_id
from hearback.model.ids import FactId
from hearback.pipeline.finding import Found
from hearback.pipeline.groups import Group


@dataclass(frozen=True, slots=True)
class Homes:
    """The candidacies as grouped and as folded."""

    all: Sequence[tuple[Group, Application]]
    twins: Mapping[FactId, FactId]
    """Mail that is another's double."""

    def offered(self, item: ReviewItem, found: Found) -> ReviewItem:
        """The item with the applications it may belong to, the likeliest first, of equals the one heard of last."""
        folded = {id(group): application for group, application in self.all}
        ranked = [(each.match, folded[id(each.group)]) for each in found.ranked if id(each.group) in folded]
        ranked.sort(key=lambda each: (each[0].blocked is not None, -each[0].score, -_last(each[1])))
        named = (self._candidate(item, home, match.score, match.reasons, match.blocked) for match, home in ranked)
        candidates = tuple(each for each in named if each is not None)
        fitting = sum(each.against is None for each in candidates)
        return replace(item, candidates=candidates, undecided=found.home is None and fitting > 1)

    def at_home(self, item: ReviewItem) -> ReviewItem:
        """The item of a mail that is in a candidacy and waits all the same, with that one."""
        for group, application in self.all:
            if any(fact_id(each) == item.fact for each in group.signals):
                reasons = tuple(filter(None, group.why.get(item.fact, "").split("; ")))
                candidate = self._candidate(item, application, 0.0, reasons, None)
                return replace(item, candidates=() if candidate is None else (candidate,))
        return item

    def _candidate(
        self, item: ReviewItem, application: Application, score: float, reasons: tuple[str, ...], against: str | None
    ) -> Candidate | None:
        fact = self._named_by(application, item.fact)
        if fact is None:
            return None
        return Candidate(
            fact=fact,
            score=round(score, 1),
            reasons=reasons,
            against=against,
            company=application.company,
            role=application.role,
            stage=application.stage,
        )

    def _named_by(self, application: Application, mail: FactId) -> FactId | None:
        """A fact of the application that is not this mail: one that did something, if there is."""
        acted = {entry.fact for entry in application.timeline}
        others = [each for each in application.anchors if self.twins.get(each, each) != mail]
        return next((each for each in others if each in acted), others[0] if others else None)


def _last(application: Application) -> float:
    at = application.last_contact_at
    return at.timestamp() if at is not None else 0.0
