"""What must leave once a change is durable: written in the same transaction, delivered at least once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hearback.model.ids import ApplicationId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """Something changed. Carries ids, never content; receivers fetch what they may see."""

    id: str
    """Stable for one cause, so that a duplicate delivery is recognised (it is the webhook id)."""
    person_id: PersonId
    at: datetime
    topic: str
    """application.changed | review.changed | mailbox.changed | rule.matched"""
    application_id: ApplicationId | None = None
    event: str | None = None
    """What a person would want to hear of: interview.invited, offer.extended, application.rejected, …; None: page refresh only."""
    silent: bool = False
    """Backfill, import and old mail: pages refresh, nobody is alerted."""
