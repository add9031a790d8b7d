"""Where an application stands."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where an application stands (FEATURES 5.1)."""

    APPLIED = "applied"
    IN_REVIEW = "in_review"
    INTERVIEWING = "interviewing"
    TECHNICAL_ROUND = "technical_round"
    OFFER_EXTENDED = "offer_extended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
