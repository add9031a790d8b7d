"""The dashboard's parts, each worked out only where it is shown: the whole page, or one part that fetches itself again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from hearback.model.application import Application, Stage
from hearback.model.ids import PersonId
from hearback.model.person import Person
from hearback.pipeline import figures
from hearback.pipeline.view import ApplicationView, view
from hearback.sync.look_ahead import Ahead, look_ahead
from hearback.sync.rooms import Rooms
from hearback.web import pages
from hearback.web.ahead import Shown
from hearback.web.board import BOARD, CLOSED, EMPLOYERS, LEADS, TABLE, Listed, Lists

ROUNDS_SHOWN: Final = 6
RECENT_SHOWN: Final = 14


@dataclass(frozen=True)
class Dashboard:
    """A person's applications as the page's address asks for them. Nothing is read before a part asks for it."""

    rooms: Rooms
    person: PersonId
    query: Mapping[str, str]

    @cached_property
    def applications(self) -> Sequence[Application]:
        """All of them, archived ones too."""
        return self.rooms.store.projections.applications(self.person)

    @cached_property
    def current(self) -> Sequence[Application]:
        """Those that are not archived."""
        return [each for each in self.applications if not each.archived]

    @cached_property
    def ahead(self) -> Ahead:
        """What lies ahead of all of them."""
        return look_ahead(self.rooms, self.person, self.applications)

    @cached_property
    def owner(self) -> Person:
        """Whose they are. NotFound: erased."""
        return self.rooms.store.people.get(self.person)

    @cached_property
    def now(self) -> datetime:
        """The moment that all parts are seen at."""
        return self.rooms.clock()

    @cached_property
    def lists(self) -> Lists:
        """How much of each list was opened."""
        return Lists(self.query)

    def board(self) -> dict[str, Any]:
        """The board or the table, searched and sorted."""
        show = "archived" if self.query.get("show") == "archived" else ""
        filed = [each for each in self.applications if each.archived]
        found = pages.found(filed if show else self.current, self.query.get("q", ""))
        ordered = self._sorted(found)
        table = bool(show) or self.query.get("view") == "table"
        return {
            "address": self.lists.address,
            "columns": [(stage, self._of(stage, ordered)) for stage in BOARD],
            "closed": [(stage, self._of(stage, ordered)) for stage in CLOSED],
            "leads": self._cut(LEADS, ordered, lambda each: each.is_lead),
            "rows": self._cut(TABLE, ordered, lambda each: bool(show) or not each.is_lead),
            "ahead": Shown(self.ahead) if table else None,
            "total": sum(1 for each in self.current if not each.is_lead),
            "layout": "table" if table else "board",
            "show": show,
            "archived": len(filed),
            "all_stages": tuple(Stage),
            "q": self.query.get("q", ""),
            "sort": self.query.get("sort", "recent"),
        }

    def rounds(self) -> dict[str, Any]:
        """ "Upcoming Rounds"."""
        return {"upcoming": figures.upcoming(self.current, self.now, self.owner.zone)[:ROUNDS_SHOWN]}

    def activity(self) -> dict[str, Any]:
        """ "Recent Activity"."""
        return {"recent": figures.recent(self.current, RECENT_SHOWN)}

    def health(self) -> dict[str, Any]:
        """ "Network Health"."""
        ahead = Shown(self.ahead)
        return {
            "ahead": ahead,
            "employers": self.lists.cut(EMPLOYERS, ahead.companies, lambda each: each),
            "address": self.lists.address,
        }

    def foresight(self) -> dict[str, Any]:
        """Reminders, deadlines and insights."""
        return {"ahead": Shown(self.ahead)}

    def whole(self) -> dict[str, Any]:
        """Every part."""
        return self.board() | self.rounds() | self.activity() | self.health()

    def _of(self, stage: Stage, ordered: Sequence[Application]) -> Listed[ApplicationView]:
        return self._cut(stage.value, ordered, lambda each: each.stage is stage)

    def _cut(
        self, name: str, ordered: Sequence[Application], belongs: Callable[[Application], bool]
    ) -> Listed[ApplicationView]:
        """As much of a list as was opened; only that much is looked at closely."""
        return self.lists.cut(name, [each for each in ordered if belongs(each)], self._view)

    def _view(self, application: Application) -> ApplicationView:
        return view(application, self.now, self.owner.zone, self.owner.silence)

    def _sorted(self, found: Sequence[Application]) -> Sequence[Application]:
        by = self.query.get("sort", "recent")
        latest = sorted(found, key=lambda each: each.last_contact_at or self.now, reverse=True)
        if by == "engagement":
            return sorted(latest, key=lambda each: -self._score(each))
        if by == "company":
            return sorted(latest, key=lambda each: (each.company or "").casefold())
        if by == "first":
            return sorted(latest, key=lambda each: each.first_contact_at or each.last_contact_at or self.now)
        return latest

    def _score(self, application: Application) -> int:
        found = self.ahead.engagement(application)
        return found.score if found is not None else -1


PARTS: Final[Mapping[str, Callable[[Dashboard], dict[str, Any]]]] = {
    "board": Dashboard.board,
    "rounds": Dashboard.rounds,
    "activity": Dashboard.activity,
    "health": Dashboard.health,
    "reminders": Dashboard.foresight,
    "deadlines": Dashboard.foresight,
    "insights": Dashboard.foresight,
}
"""What each part shows, by the name it is fetched under."""
