"""An application's mail, sorted by who wrote it, and the moments figures count from: applied, begun, answered.

What the person took back is left out; receipts are mail but never an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hearback.model.application import Application, Stage, TimelineEntry
from hearback.model.signal import Detail, Kind

DECISIONS: Final = frozenset({Kind.ASSESSMENT, Kind.INTERVIEW_INVITATION, Kind.OFFER, Kind.REJECTION})
"""Mail that says how it goes on, whoever or whatever wrote it."""
_SAYS_ANSWERED: Final = frozenset(
    {Stage.INTERVIEWING, Stage.TECHNICAL_ROUND, Stage.OFFER_EXTENDED, Stage.REJECTED, Stage.ACCEPTED}
)
"""Setting one of these by hand is the person's word that the employer answered."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One application's mail. Entries stand in the order of the timeline, oldest first."""

    application: Application
    theirs: tuple[TimelineEntry, ...]
    own: tuple[TimelineEntry, ...]
    """What the person sent, where sent mail is read."""
    applied_at: datetime | None
    """The first receipt; without one the first own mail, or when the person entered it as applied. None: not known."""
    began_at: datetime | None
    """When they applied; where that is not known, when the process began."""
    answered_at: datetime | None
    """The first mail that is an answer."""
    settled_at: datetime | None
    """The first answer by mail or by the person's word."""

    @property
    def last_heard(self) -> TimelineEntry | None:
        """The newest mail of theirs."""
        return self.theirs[-1] if self.theirs else None

    @property
    def last_written(self) -> TimelineEntry | None:
        """The newest mail of the person's own."""
        return self.own[-1] if self.own else None

    @property
    def last(self) -> TimelineEntry | None:
        """The newest mail of either side."""
        found = [each for each in (self.last_heard, self.last_written) if each is not None]
        return max(found, key=lambda each: each.at) if found else None

    def unanswered(self) -> tuple[TimelineEntry, ...]:
        """The person's own mail since they were last heard from; not the mail they applied with."""
        heard = self.last_heard
        return tuple(each for each in self.own if (heard is None or each.at > heard.at) and each.at != self.applied_at)


def correspondence(application: Application) -> Correspondence:
    """The application's mail, sorted."""
    theirs: list[TimelineEntry] = []
    own: list[TimelineEntry] = []
    applied: list[datetime] = []
    said: list[datetime] = []
    for entry in application.timeline:
        if entry.reverted:
            continue
        if entry.by_person:
            if entry.stage is Stage.APPLIED:
                applied.append(entry.at)
            elif entry.stage in _SAYS_ANSWERED:
                said.append(entry.at)
        elif entry.sent:
            own.append(entry)
        elif entry.kind is not None:
            theirs.append(entry)
    answered = next((each.at for each in theirs if is_answer(each)), None)
    receipts = [each.at for each in theirs if each.kind is Kind.APPLICATION_CONFIRMATION]
    mine = [*(each.at for each in own), *applied]
    applied_at = None
    if not application.is_lead:
        applied_at = _first(receipts, answered) or _first(mine, answered)
    history = application.stage_history
    return Correspondence(
        application=application,
        theirs=tuple(theirs),
        own=tuple(own),
        applied_at=applied_at,
        began_at=applied_at or (history[0].at if history else application.first_contact_at),
        answered_at=answered,
        settled_at=min((each for each in (answered, *said) if each is not None), default=None),
    )


def all_of(applications: Iterable[Application]) -> tuple[Correspondence, ...]:
    """The mail of each application; leads have some too."""
    return tuple(correspondence(each) for each in applications)


def is_answer(entry: TimelineEntry) -> bool:
    """Whether it is an answer by a person or a decision: a test, an invitation, an offer, a rejection, or news that
    somebody wrote by hand. Receipts and outreach are none.
    """
    if entry.sent or entry.by_person or entry.reverted:
        return False
    if entry.kind in DECISIONS:
        return True
    return entry.kind is Kind.STATUS_UPDATE and entry.from_human and entry.detail is not Detail.WITHDRAWAL_ACKNOWLEDGED


def _first(moments: Iterable[datetime], until: datetime | None) -> datetime | None:
    return min((each for each in moments if until is None or each <= until), default=None)
