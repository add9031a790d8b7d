"""Custom rules (FEATURES 2.6): which mail, and what becomes of it. Ordered; where two contradict, the earlier one counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from hearback.model.filter import Filter
from hearback.model.ids import MailboxId, Personal
from hearback.model.signal import Kind
from hearback.model.stage import Stage

MAX_RULES: Final = 50
MAX_NAME: Final = 80
MAX_TAG: Final = 40
SETTING: Final = "rules"
"""Name of the person's sealed setting that holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. It fits mail for which all that is given here holds: filter, one of the kinds, companies, mailboxes."""

    id: str
    at: datetime
    """When the person last changed it."""
    name: Personal
    filter: Filter | None = None
    kinds: tuple[Kind, ...] = ()
    """As the mail is read, what the person taught included; empty: any."""
    companies: tuple[Personal, ...] = ()
    """Patterns of the company that is read; empty: any."""
    mailboxes: tuple[MailboxId, ...] = ()
    """Empty: all."""
    kind: Kind | None = None
    """It is of this kind."""
    stage: Stage | None = None
    """It moves its application to this stage, forward only as all mail."""
    tag: Personal | None = None
    """Its application gets this tag."""
    ignore: bool = False
    """It is none of the job search. Stands alone."""
    notify: bool = False
    """Its arrival is told."""
    on: bool = True

    @property
    def needs_opening(self) -> bool:
        """Whether sender and subject do not say all it asks for."""
        return bool(self.kinds or self.companies)

    @property
    def acts(self) -> bool:
        """Whether it does anything."""
        return bool(self.kind or self.stage or self.tag or self.ignore or self.notify)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a person, in order; `version` grows with every change."""

    version: int = 0
    rules: tuple[Rule, ...] = ()


NO_RULES: Final = Rules()
RULES: Final[TypeAdapter[Rules]] = TypeAdapter(Rules)
