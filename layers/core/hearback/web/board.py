"""The board and the table, a part at a time: how much of each list is shown, and the addresses that show more of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from hearback.model.application import Stage
from hearback.model.ids import ApplicationId
from hearback.pipeline.view import ApplicationView

BOARD: Final = (Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.TECHNICAL_ROUND, Stage.OFFER_EXTENDED)
CLOSED: Final = (Stage.ACCEPTED, Stage.REJECTED, Stage.WITHDRAWN)
LEADS: Final = "lead"
TABLE: Final = "table"
FIRST: Final = {TABLE: 50}
"""Rows of the table that are shown at first."""
FIRST_CARDS: Final = 15
"""Cards of a list that are shown at first."""
MORE: Final = 100
"""As many more come with "Show more"."""
_KEPT: Final = ("q", "sort", "view", "show")
_LISTS: Final = (*(stage.value for stage in (*BOARD, *CLOSED)), LEADS, TABLE)
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Listed:
    """One list: a column, a closed stage, the leads, or the table."""

    name: str
    shown: Sequence[ApplicationView]
    total: int
    coming: int
    """How many more "Show more" shows; 0: all are shown."""
    query: str
    """The address that shows them, from its question mark on."""
    next: ApplicationId | None
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists as the page's address asks for them."""

    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """What was searched, sorted and opened, as the query of an address."""
        return urlencode(self._kept())

    def cut(self, name: str, views: Iterable[ApplicationView]) -> Listed:
        """As much of a list as was opened."""
        every = list(views)
        first = FIRST.get(name, FIRST_CARDS)
        count = max(first, self._opened(name))
        left = len(every) - count
        if left <= 0:
            return Listed(name, every, len(every), 0, "", None)
        query = "?" + urlencode({**self._kept(), name: str(count + MORE)})
        return Listed(name, every[:count], len(every), min(left, MORE), query, every[count].application.id)

    def _kept(self) -> dict[str, str]:
        kept = {name: self.query[name] for name in _KEPT if self.query.get(name)}
        return kept | {name: str(count) for name in _LISTS if (count := self._opened(name))}

    def _opened(self, name: str) -> int:
        told = self.query.get(name, "")
        return int(told) if told.isascii() and told.isdigit() and len(told) <= _DIGITS else 0
