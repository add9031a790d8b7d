"""What a person has paid for: one table, asked by every gate (FEATURES 10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Plan(StrEnum):
    """PERSONAL is an own installation: everything is included."""

    FREE = "free"
    PREMIUM_PRO = "premium_pro"
    PLATINUM_ELITE = "platinum_elite"
    ENTERPRISE = "enterprise"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a plan includes."""

    real_time: bool
    first_sync_days: int
    mailboxes_per_provider: int
    all_folders: bool
    filters_and_rules: bool
    webhooks: bool
    poll_seconds: int
    """The promise: no mail waits longer than this, push or not."""


ALLOWANCES: Final[dict[Plan, Allowance]] = {
    Plan.FREE: Allowance(False, 30, 1, False, False, False, 15 * 60),
    Plan.PREMIUM_PRO: Allowance(True, 90, 2, True, True, False, 5 * 60),
    Plan.PLATINUM_ELITE: Allowance(True, 90, 10, True, True, False, 5 * 60),
    Plan.ENTERPRISE: Allowance(True, 90, 10, True, True, True, 5 * 60),
    Plan.PERSONAL: Allowance(True, 90, 10, True, True, True, 5 * 60),
}


def allowance(plan: Plan) -> Allowance:
    """What `plan` includes."""
    return ALLOWANCES[plan]
