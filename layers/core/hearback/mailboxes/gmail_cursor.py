"""Where reading Gmail's history goes on: "start", "start~told@when", "start~reached:page".

Gmail names its latest history id with every answer. A record may still become visible behind an id that is already named, and pages of
a long history may be of the moment of the first one. So a cursor passes only records that were shown; where none is shown,
it passes what was named two minutes ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

PATIENCE: Final = 120
"""Seconds after which what Gmail names is believed to be all there is before it. History lags behind by 1 to 3."""


@dataclass(frozen=True, slots=True)
class GmailCursor:
    """What is read of a mailbox's history."""

    start: str
    """What happened after this id is still to be read."""
    told: str = ""
    """The latest id that Gmail named when it showed nothing; in the middle of a history the last record it showed."""
    told_at: int = 0
    """When that was named, in seconds since 1970; 0 in the middle of a history."""
    page: str = ""
    """The next page's token."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The cursor that str() wrote."""
        ids, _, page = text.partition(":")
        start, _, named = ids.partition("~")
        told, _, when = named.partition("@")
        return cls(start, told, int(when) if when.isdecimal() else 0, page)

    def __str__(self) -> str:
        when = f"@{self.told_at}" if self.told_at else ""
        told = f"~{self.told}{when}" if self.told else ""
        page = f":{self.page}" if self.page else ""
        return f"{self.start}{told}{page}"

    def after_page(self, shown: str, following: str) -> Self:
        """In the middle of a history, of which records up to `shown` ("": none) were shown."""
        return type(self)(self.start, shown or ("" if self.told_at else self.told), page=following)

    def after_records(self, shown: str, latest: str) -> Self:
        """At the end of a history whose last record was `shown`, when Gmail named `latest`."""
        return type(self)(latest if later(shown, latest) else shown)

    def after_nothing(self, latest: str, now: float) -> Self:
        """Nothing was shown at `now`, in seconds since 1970: what was named long enough ago is passed."""
        if self.told and now - self.told_at < PATIENCE:
            return self
        start = self.told if later(self.told, self.start) else self.start
        return type(self)(start, latest, int(now)) if later(latest, start) else type(self)(start)

    def covers(self, history_id: str) -> bool:
        """Whether all that happened up to `history_id` is read."""
        return self.start.isdecimal() and history_id.isdecimal() and int(history_id) <= int(self.start)


def later(one: str | None, other: str) -> bool:
    """Whether the history id `one` comes after `other`; False where one is no id."""
    return one is not None and one.isdecimal() and other.isdecimal() and int(one) > int(other)
