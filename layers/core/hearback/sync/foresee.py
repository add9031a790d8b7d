"""What acts would do, folded and not recorded: what a page says will happen is what then happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hearback.model.act import Act
from hearback.model.application import Application
from hearback.model.ids import FactId, PersonId
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import plan
from hearback.pipeline.outcome import outcome
from hearback.sync.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The applications that acts can touch, before and after them."""

    before: tuple[Application, ...]
    after: tuple[Application, ...]

    def told(self, mail: FactId) -> str:
        """What becomes of this mail, in words."""
        return outcome(self.before, self.after, mail)

    def together(self, mail: FactId, other: FactId) -> bool:
        """Whether both would be in one application."""
        return any(mail in each.facts and other in each.facts for each in self.after)

    def alone(self, mail: FactId) -> bool:
        """Whether it would be in an application that is none yet."""
        known = {fact for each in self.before for fact in each.facts}
        return any(mail in each.facts and not known & (set(each.facts) - {mail}) for each in self.after)


def foresee(rooms: Rooms, person: PersonId, acts: Sequence[Act]) -> Foreseen:
    """What `acts` would do to the applications they touch; what they would teach about others is not told."""
    keys = frozenset[str]().union(*(link_keys(act) for act in acts))
    touched = rooms.store.facts.touched(person, keys)
    change = plan(person, acts, touched, lessons=rooms.store.facts.lessons(person), now=rooms.clock(), silent=True)
    written = {id_ for write in change.components for id_, _ in write.expected}
    unchanged = (each for component in touched if component.id not in written for each in component.applications)
    return Foreseen(
        before=tuple(each for component in touched for each in component.applications),
        after=(*(each for write in change.components for each in write.applications), *unchanged),
    )
