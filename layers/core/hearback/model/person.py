"""Who owns everything, and what they chose for all of their mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hearback.model.ids import PersonId
from hearback.model.plan import Plan


class AutomationMode(StrEnum):
    """How much mail may change without the person (FEATURES 2.8)."""

    REVIEW = "review"
    SMART = "smart"
    AUTOMATIC = "automatic"


class PrivacyLevel(StrEnum):
    """STANDARD keeps the evidence sentence; STRICT only sender, subject, date, ids and what was derived (signal.strict)."""

    STANDARD = "standard"
    STRICT = "strict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """After how many days without a word from them an application is marked "ghosted" (FEATURES 5.1); 1 to 365 each."""

    after_applying: int = 21
    after_interview: int = 10
    """Once a round was held."""


USUAL_SILENCE: Final = Silence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One job seeker."""

    id: PersonId
    zone: str = "UTC"
    """IANA name; interview times are shown in it and unnamed times are read in it."""
    mode: AutomationMode = AutomationMode.SMART
    privacy: PrivacyLevel = PrivacyLevel.STANDARD
    plan: Plan = Plan.PERSONAL
    silence: Silence = USUAL_SILENCE
