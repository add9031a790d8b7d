"""Follow-up suggestions: what there is to write, since when, and the best time for it (docs/figures.md).

One application asks for one thing at a time of each sort: an answer to give, thanks, or a question into silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hearback.model.application import Application, InterviewStatus, Stage
from hearback.model.ids import FactId
from hearback.model.person import USUAL_SILENCE, Silence
from hearback.model.signal import Detail, Kind
from hearback.pipeline import situations
from hearback.pipeline.business_hours import suggested
from hearback.pipeline.correspondence import Correspondence
from hearback.pipeline.deadlines import open_deadlines, promised_until
from hearback.pipeline.habits import Habit, Habits
from hearback.pipeline.view import OPEN, ends_at, ghosted_at, held_until, is_agreed

THANK_WITHIN: Final = timedelta(days=1)
ANSWER_WITHIN: Final = timedelta(days=1)
OFFER_BEFORE: Final = timedelta(days=3)
TEST_BEFORE: Final = timedelta(days=2)
ASKED_ENOUGH: Final = 2
"""After so many mails of one's own without an answer nothing more is suggested."""
AHEAD: Final = timedelta(days=60)
"""Nothing is planned for later than that."""


class Occasion(StrEnum):
    """Why there is something to write; the most pressing first."""

    REPLY = "reply"
    OFFER = "offer"
    TEST = "test"
    THANK = "thank"
    PROMISE_MISSED = "promise_missed"
    AFTER_NEWS = "after_news"
    AFTER_INTERVIEW = "after_interview"
    AFTER_WRITING = "after_writing"
    AFTER_APPLYING = "after_applying"
    GHOSTED = "ghosted"


PRESSING: Final = tuple(Occasion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One suggestion to write."""

    application: Application
    occasion: Occasion
    anchor: FactId
    """The mail (or act) it counts from: new mail makes it another reminder."""
    due_at: datetime
    """From then on it is time."""
    best_at: datetime
    """The suggested moment: to come, and within the employer's working hours."""
    zone: str
    """The employer's."""
    habit: Habit
    """Why at that hour."""
    in_time: bool
    """Whether the best moment still is before what limits it (a day after the round, the deadline)."""
    situation: str
    """The template that fits, by its name in the library."""
    since: datetime
    """What it counts from: when they were last heard from, when the round ended, when the deadline is."""
    whole_day: bool
    """`since` stands for a day without an hour."""

    @property
    def key(self) -> str:
        """The same reminder under any order of facts; holds ids only."""
        return f"{self.occasion}:{self.anchor}"


@dataclass(frozen=True, slots=True)
class _Case:
    """An application whose reminders are looked for."""

    one: Correspondence
    now: datetime
    zone: str
    silence: Silence


@dataclass(frozen=True, slots=True)
class _Found:
    """A reminder without its best time."""

    occasion: Occasion
    anchor: FactId
    due_at: datetime
    situation: str
    since: datetime
    before: datetime | None = None
    whole_day: bool = False


def reminders(
    correspondences: Iterable[Correspondence], now: datetime, zone: str, silence: Silence = USUAL_SILENCE
) -> tuple[Reminder, ...]:
    """All suggestions, those whose time has come first, the most pressing before others. `zone` is the person's."""
    every = tuple(correspondences)
    habits = Habits(every, zone)
    found = [
        _timed(each, one.application, habits, now)
        for one in every
        for each in _of(one, now, zone, silence)
        if each.due_at - now <= AHEAD
    ]
    return tuple(sorted(found, key=lambda each: _order(each, now)))


def _of(one: Correspondence, now: datetime, zone: str, silence: Silence) -> Iterable[_Found]:
    it = one.application
    if it.archived or it.stage not in OPEN | {Stage.OFFER_EXTENDED}:
        return
    case = _Case(one, now, zone, silence)
    reply = _reply(case)
    if reply is not None:
        yield reply
    yield from _due(case)
    thanks = _thanks(case)
    if thanks is not None:
        yield thanks
    question = _question(case) if reply is None and thanks is None else None
    if question is not None:
        yield question


def _reply(case: _Case) -> _Found | None:
    """They asked for times, or invited without one, and the person has not written since."""
    heard = case.one.last_heard
    if heard is None or case.one.unanswered() or case.now - heard.at > situations.ANSWER_WITHIN:
        return None
    asked = any(
        each.start_at is None and each.status is InterviewStatus.SCHEDULED and each.fact == heard.fact
        for each in case.one.application.interviews
    )
    if not asked:
        return None
    return _Found(Occasion.REPLY, heard.fact, heard.at, "give-availability", heard.at, heard.at + ANSWER_WITHIN)


def _due(case: _Case) -> Iterable[_Found]:
    """An offer or a test whose deadline is near."""
    for each in open_deadlines(case.one, case.now, case.zone):
        occasion, ahead, situation = (
            (Occasion.OFFER, OFFER_BEFORE, "ask-time-to-decide")
            if each.deadline.kind is Kind.OFFER
            else (Occasion.TEST, TEST_BEFORE, "hand-in-test")
        )
        fact, due = each.deadline.fact, each.due_at
        yield _Found(occasion, fact, due - ahead, situation, due, before=due, whole_day=each.whole_day)


def _thanks(case: _Case) -> _Found | None:
    """A round was held in the last days, and nobody has written since."""
    rounds, last = case.one.application.interviews, case.one.last
    ended = held_until(rounds, case.now)
    if ended is None or case.now - ended > situations.THANKS_WITHIN or (last is not None and last.at >= ended):
        return None
    held = max((each for each in rounds if ends_at(each) == ended), key=lambda each: each.fact)
    return _Found(Occasion.THANK, held.fact, ended, "thank-you-after-interview", ended, ended + THANK_WITHIN)


def _question(case: _Case) -> _Found | None:
    """Into silence: after an announced answer, a round, mail of one's own, or the application. Two are enough."""
    one, it = case.one, case.one.application
    coming = is_agreed(it.interviews, case.now)
    if it.stage not in OPEN or it.on_hold or coming or len(one.unanswered()) >= ASKED_ENOUGH:
        return None
    ghosted = ghosted_at(one, case.now, case.zone, case.silence)
    if ghosted is not None and ghosted <= case.now:
        return _last_question(case, ghosted)
    return _ask(case)


def _last_question(case: _Case, ghosted: datetime) -> _Found:
    one, last, heard = case.one, case.one.last, case.one.last_heard
    due = max(ghosted, last.at + situations.SILENCE_AFTER_INTERVIEW) if last is not None and last.sent else ghosted
    if held_until(one.application.interviews, case.now) is not None:
        situation = "follow-up-after-interview"
    elif one.application.stage in {Stage.APPLIED, Stage.IN_REVIEW}:
        situation = "follow-up-after-applying"
    else:
        situation = "ask-about-process"
    since = heard.at if heard is not None else one.began_at or ghosted
    return _Found(Occasion.GHOSTED, _anchor(one), due, situation, since)


def _ask(case: _Case) -> _Found | None:
    one, anchor = case.one, _anchor(case.one)
    heard, wrote, last = one.last_heard, one.unanswered(), one.last
    last_at = last.at if last is not None else one.began_at
    if last_at is None:
        return None
    promised = promised_until(one, case.zone)
    missed = "follow-up-after-missed-promise"
    if promised is not None:
        due = max(promised, last_at + situations.SILENCE_AFTER_INTERVIEW) if wrote else promised
        return _Found(Occasion.PROMISE_MISSED, anchor, due, missed, promised, whole_day=True)
    if heard is not None and heard.detail in situations.PROMISES:
        situation = "follow-up-after-applying" if heard.detail is Detail.UNDER_REVIEW else missed
        return _Found(Occasion.AFTER_NEWS, anchor, last_at + situations.SILENCE, situation, last_at)
    ended = held_until(one.application.interviews, case.now)
    if ended is not None:
        since = max(ended, last_at)
        due = since + situations.SILENCE_AFTER_INTERVIEW
        return _Found(Occasion.AFTER_INTERVIEW, anchor, due, "follow-up-after-interview", since)
    if one.application.stage in {Stage.APPLIED, Stage.IN_REVIEW} and not wrote:
        return _Found(
            Occasion.AFTER_APPLYING, anchor, last_at + situations.SILENCE, "follow-up-after-applying", last_at
        )
    due = last_at + situations.SILENCE_AFTER_INTERVIEW
    return _Found(Occasion.AFTER_WRITING, anchor, due, "ask-about-process", last_at) if wrote else None


def _anchor(one: Correspondence) -> FactId:
    return one.last.fact if one.last is not None else one.application.facts[0]


def _timed(found: _Found, application: Application, habits: Habits, now: datetime) -> Reminder:
    there, habit = habits.zone_of(application), habits.of(application)
    best = suggested(max(found.due_at, now), there, habit.hour, found.before)
    return Reminder(
        application=application,
        occasion=found.occasion,
        anchor=found.anchor,
        due_at=found.due_at,
        best_at=best,
        zone=there,
        habit=habit,
        in_time=found.before is None or best <= found.before,
        situation=found.situation,
        since=found.since,
        whole_day=found.whole_day,
    )


def _order(each: Reminder, now: datetime) -> tuple[object, ...]:
    waits = each.due_at <= now
    pressing = PRESSING.index(each.occasion) if waits else 0
    return (not waits, pressing, each.due_at, each.application.facts[0], each.key)
