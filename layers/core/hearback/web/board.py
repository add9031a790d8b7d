"""The dashboard's lists, a part at a time: how much of each is shown, and the addresses that show more of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

from hearback.model.application import Stage

T = TypeVar("T")
S = TypeVar("S")

BOARD: Final = (Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.TECHNICAL_ROUND, Stage.OFFER_EXTENDED)
CLOSED: Final = (Stage.ACCEPTED, Stage.REJECTED, Stage.WITHDRAWN)
LEADS: Final = "lead"
TABLE: Final = "table"
EMPLOYERS: Final = "employers"
FIRST: Final = {TABLE: 50, EMPLOYERS: 50}
"""Rows of a table that are shown at first."""
FIRST_CARDS: Final = 15
"""Cards of a list that are shown at first."""
MORE: Final = 100
"""As many more come with "Show more"."""
_KEPT: Final = ("q", "sort", "view", "show")
_LISTS: Final = (*(stage.value for stage in (*BOARD, *CLOSED)), LEADS, TABLE, EMPLOYERS)
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One list: a column, a closed stage, the leads, the table, or the employers."""

    name: str
    shown: Sequence[T]
    total: int
    coming: int
    """How many more "Show more" shows; 0: all are shown."""
    query: str
    """The address that shows them, from its question mark on."""
    next: T | None
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists as the page's address asks for them."""

    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """What was searched, sorted and opened, as the query of an address."""
        return urlencode(self._kept())

    def cut(self, name: str, every: Sequence[S], seen: Callable[[S], T]) -> Listed[T]:
        """As much of a list as was opened, as it is seen."""
        first = FIRST.get(name, FIRST_CARDS)
        count = max(first, self._opened(name))
        left = len(every) - count
        if left <= 0:
            return Listed(name, [seen(each) for each in every], len(every), 0, "", None)
        query = "?" + urlencode({**self._kept(), name: str(count + MORE)})
        shown = [seen(each) for each in every[: count + 1]]
        return Listed(name, shown[:count], len(every), min(left, MORE), query, shown[count])

    def _kept(self) -> dict[str, str]:
        kept = {name: self.query[name] for name in _KEPT if self.query.get(name)}
        return kept | {name: str(count) for name in _LISTS if (count := self._opened(name))}

    def _opened(self, name: str) -> int:
        told = self.query.get(name, "")
        return int(told) if told.isascii() and told.isdigit() and len(told) <= _DIGITS else 0
