"""What lies ahead, in words: reminders, deadlines, figures and insights as rows for templates and for the JSON API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final
from urllib.parse import quote

from hearback.model.application import Application
from hearback.model.plan import Feature, allows
from hearback.pipeline import reasons
from hearback.pipeline.deadlines import DueView
from hearback.pipeline.engagement import Engagement
from hearback.pipeline.insights import Insight
from hearback.pipeline.reminders import Reminder
from hearback.pipeline.responses import (
    ENOUGH_FOR_MIDDLE,
    TARGET,
    CompanyTimes,
    ResponseRate,
    ResponseTimes,
    Spread,
    first_answer,
    in_words,
    of_company,
)
from hearback.pipeline.view import in_words as moment_in_words
from hearback.sync.look_ahead import Ahead, PutOff

SOON: Final = timedelta(days=3)
"""The dashboard shows a reminder from so long before its time."""
AT_FIRST: Final = 3
"""Rows of a list before "more"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRow:
    """One reminder as shown."""

    reminder: Reminder
    title: str
    why: str
    when: str
    because: str
    now: bool
    """Its time has come."""
    draft: str | None
    """Where its draft is; None: not part of the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One deadline as shown."""

    due: DueView
    when: str
    left: str


@dataclass(frozen=True)
class Shown:
    """A person's `Ahead` as pages show it; worked out as far as a template asks."""

    ahead: Ahead

    target = TARGET
    at_first = AT_FIRST

    @property
    def rate(self) -> ResponseRate:
        """Response Rate Efficiency."""
        return self.ahead.rate

    @property
    def times(self) -> ResponseTimes:
        """Response times over all."""
        return self.ahead.times

    @property
    def companies(self) -> Sequence[CompanyTimes]:
        """Response times per employer."""
        return self.ahead.companies

    @property
    def insights(self) -> Sequence[Insight]:
        """Sentences with numbers."""
        return self.ahead.insights

    @cached_property
    def every_reminder(self) -> Sequence[ReminderRow]:
        """All that are not put off."""
        return [self._row(each) for each in self.ahead.reminders]

    @cached_property
    def reminders(self) -> Sequence[ReminderRow]:
        """Those whose time has come or comes in a few days."""
        soon = self.ahead.now + SOON
        return [each for each in self.every_reminder if each.reminder.due_at <= soon]

    @cached_property
    def put_off(self) -> Sequence[tuple[ReminderRow, str]]:
        """Those put off, and until when."""
        return [(self._row(each), self._until(word)) for each, word in self.ahead.hidden]

    @cached_property
    def deadlines(self) -> Sequence[DueRow]:
        """The nearest first."""
        return [self._due(each) for each in self.ahead.deadlines]

    def of(self, application: Application) -> OneShown:
        """What lies ahead of one application."""
        one = self.ahead.of(application)
        mine = application.facts[0]
        return OneShown(
            reminder=next(
                (self._row(each) for each in self.ahead.reminders if each.application.facts[0] == mine), None
            ),
            put_off=[each for each in self.put_off if each[0].reminder.application.facts[0] == mine],
            deadlines=[each for each in self.deadlines if each.due.application.facts[0] == mine],
            first=first_answer(one),
            times=of_company(one, self.ahead.correspondences),
            engagement=self.ahead.engagement(application),
        )

    def engagement(self, application: Application) -> Engagement | None:
        """The score of one application."""
        return self.ahead.engagement(application)

    def _row(self, each: Reminder) -> ReminderRow:
        now, zone = self.ahead.now, self.ahead.person.zone
        return ReminderRow(
            reminder=each,
            title=reasons.title(each),
            why=reasons.why(each, now, zone),
            when=reasons.when(each, now, zone),
            because=reasons.because(each),
            now=each.due_at <= now,
            draft=draft_address(each) if allows(self.ahead.person.plan, Feature.DRAFTS) else None,
        )

    def _due(self, each: DueView) -> DueRow:
        now, zone = self.ahead.now, self.ahead.person.zone
        when = moment_in_words(each.due_at, now, each.zone if each.whole_day else zone)
        apart = each.due_at - now
        left = f"{in_words(-apart)} ago" if each.overdue else f"in {in_words(apart)}"
        return DueRow(due=each, when=when.rpartition(", ")[0] if each.whole_day else when, left=left)

    def _until(self, word: PutOff) -> str:
        if word.until is None:
            return "dismissed"
        return f"until {moment_in_words(word.until, self.ahead.now, self.ahead.person.zone)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneShown:
    """What lies ahead of one application."""

    reminder: ReminderRow | None
    """The first of its reminders."""
    put_off: Sequence[tuple[ReminderRow, str]]
    deadlines: Sequence[DueRow]
    first: timedelta | None
    """How long its first answer took."""
    times: ResponseTimes
    """Of its employer, over all applications there."""
    engagement: Engagement | None


def draft_address(reminder: Reminder) -> str:
    """The part "Write" with the reminder's template."""
    return f"/applications/{quote(reminder.application.id)}?write={quote(reminder.situation)}#part-write"


def spread_in_words(spread: Spread) -> str:
    """ "3 days in the middle of 7, half of them 1.5 days to 6 days"."""
    if spread.count == 1:
        return f"{in_words(spread.median)} (one answer)"
    most = "half of them" if spread.count >= ENOUGH_FOR_MIDDLE else "all"
    return f"{in_words(spread.median)} in the middle of {spread.count}, {most} {in_words(spread.low)} to {in_words(spread.high)}"
