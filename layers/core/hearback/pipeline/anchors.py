"""An act means the application as it stood when the person acted.

It names the application by one of its facts. Where a later act moved that very fact out (linked it elsewhere, split it off,
ignored it, said that it is something else), the act is read as naming another fact of the same application that stayed: a
note does not follow one mail to another application, a merge does not end because one mail of it was ignored, and a mail
that was put beside another stays when that one goes. Where
it is in no application for another reason (a new model reads it otherwise), one of those that stood beside it is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Final

from hearback.model.act import Act, Add, Confirm, Correct, Edit, Ignore, Link, Merge, NotTheSame, Revert, Split, renamed
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId
from hearback.pipeline.acts import Said, said
from hearback.pipeline.groups import Group

_OF_ONE_MAIL: Final = (Confirm, Ignore, Correct, Revert, Link)
"""Acts whose `about` is a mail, not the application it is in."""
_SHAPES: Final = (Confirm, Ignore, Correct, Link, Split, Merge, NotTheSame, Edit, Add)
"""Acts that decide which mail is one application."""


def anchored(
    spoken: Said,
    now: Collection[FactId],
    grouped: Callable[[Said], Sequence[Group]],
    *,
    shaped: Said | None = None,
) -> Said:
    """`spoken` with every act at an application as the person saw it.

    `now` are the facts that are in applications, `grouped` gives the applications that some acts make. With `shaped`, acts
    that decide which mail is one application are taken from there.
    """
    look = _Look(spoken.all, now, grouped)
    for place, act in enumerate(spoken.all):
        first = "application" if isinstance(act, _OF_ONE_MAIL) else "about"
        act = renamed(act, partial(look.beside, act, place), only=(first,))  # noqa: PLW2901  the same act, anchored
        look.settled.append(renamed(act, partial(look.then, act, place), only=("other",)))
    if shaped is not None:
        look.settled = [
            one if isinstance(one, _SHAPES) else act for one, act in zip(shaped.all, look.settled, strict=True)
        ]
    return said(look.settled) if look.settled != list(spoken.all) else spoken


class _Look:
    """Where facts are now, and where they were when the person acted. Acts are settled one after the other."""

    def __init__(
        self, acts: Sequence[Act], now: Collection[FactId], grouped: Callable[[Said], Sequence[Group]]
    ) -> None:
        self.settled: list[Act] = []
        self._acts = acts
        self._moved = _moved_by(acts)
        self._now = now
        self._grouped = grouped
        self._stood: dict[int, Mapping[FactId, Sequence[Fact]]] = {}

    def beside(self, act: Act, place: int, fact: FactId) -> FactId:
        """`fact`, or what stood beside it as the act itself tells, or as a look at what was then does."""
        if self._stays(fact, place):
            return fact
        others = [each for each in act.beside if each in self._now and each != getattr(act, "other", None)]
        found = next((each for each in others if self._stays(each, place)), None) or self.then(act, place, fact)
        return found if found in self._now else next(iter(others), found)

    def then(self, act: Act, place: int, fact: FactId) -> FactId:
        """`fact`, or where it was moved out later, what stayed of the application it stood in then."""
        if self._moved.get(fact, -1) <= place:
            return fact
        shaping = [each for each in self.settled if isinstance(each, _SHAPES)]
        if len(shaping) not in self._stood:
            self._stood[len(shaping)] = _homes(self._grouped(said(shaping)))
        home = self._stood[len(shaping)].get(fact, ())
        stayed = (fact_id(each) for each in home if each.at <= act.at and self._stays(fact_id(each), place))
        alone = fact
        if isinstance(act, Link | Confirm) and not isinstance(self._acts[self._moved[fact]], Ignore | Correct):
            alone = act.about
        return next(stayed, alone)

    def _stays(self, fact: FactId, place: int) -> bool:
        return fact in self._now and self._moved.get(fact, -1) <= place


def _moved_by(acts: Sequence[Act]) -> dict[FactId, int]:
    """Fact → the place of the last act that takes it out of the application it is in."""
    moved: dict[FactId, int] = {}
    for place, act in enumerate(acts):
        match act:
            case Link() | Ignore() | Correct():
                moved[act.about] = place
            case Confirm() if act.application is not None:
                moved[act.about] = place
            case Split():
                moved |= dict.fromkeys(act.signals, place)
            case _:
                pass
    return moved


def _homes(groups: Sequence[Group]) -> dict[FactId, Sequence[Fact]]:
    return {fact_id(fact): group.facts for group in groups for fact in group.facts}
