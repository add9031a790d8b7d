"""Interviews and deadlines of one candidacy: as its mail says, and as the person sets them.

The person's word settles the mail before it; mail received later counts again. What would bring back a time or a date that
they moved away from would overturn their word: it waits for them (`overturns`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from hearback.model.act import DropDeadline, DropRound, SetDeadline, SetRound
from hearback.model.application import Deadline, Interview, InterviewStatus
from hearback.model.ids import FactId
from hearback.model.signal import InterviewAction, Kind, Signal
from hearback.pipeline.interviews import SAME_START, Rounds

_ROUND: Final = {
    "start_at": "start_at",
    "zone": "zone",
    "duration_min": "duration_min",
    "round_type": "type",
    "status": "status",
    "interviewers": "interviewers",
    "place": "location",
    "video_link": "video_link",
}
"""Field of SetRound → field of Interview."""
_DATED: Final = frozenset({Kind.ASSESSMENT, Kind.OFFER})


@dataclass(frozen=True, slots=True)
class _Date:
    deadline: Deadline
    facts: frozenset[FactId]
    """What it was made of."""
    by_mail: bool


@dataclass
class Diary:
    """What is agreed and what is due, while the candidacy's facts are taken in order."""

    _rounds: Rounds = field(default_factory=Rounds)
    _said_by: list[set[FactId]] = field(default_factory=list)
    """Of each round, the facts it was made of."""
    _dropped: set[int] = field(default_factory=set)
    _left: list[datetime] = field(default_factory=list)
    """Starts that the person moved away from."""
    _due: list[_Date] = field(default_factory=list)
    _dates_left: set[tuple[Kind, str]] = field(default_factory=set)

    def take(self, signal: Signal) -> None:
        """Fold one more mail in."""
        before = list(self._rounds.found)
        self._rounds.take(signal)
        for index, each in enumerate(self._rounds.found):
            if index >= len(before):
                self._said_by.append({FactId(signal.id)})
            elif each is not before[index]:
                self._said_by[index].add(FactId(signal.id))
                if each.status is InterviewStatus.SCHEDULED:
                    self._dropped.discard(index)
        if signal.deadline and signal.kind in _DATED and not signal.sent:
            self._take_date(Deadline(due=signal.deadline, kind=signal.kind, fact=FactId(signal.id)))

    def end(self, at: datetime, fact: FactId, message_id: str) -> None:
        """The candidacy is over: no round is to come any more."""
        for index in self._rounds.end(at, fact, message_id):
            self._said_by[index].add(fact)

    def overturns(self, signal: Signal) -> bool:
        """Whether the mail brings back a time or a date that the person took away."""
        notice = signal.interview
        if notice is not None and notice.start_at is not None and notice.action is not InterviewAction.CANCEL:
            start = notice.start_at
            standing = [each for index, each in enumerate(self._rounds.found) if index not in self._dropped]
            if _near(start, self._left) and start not in [each.start_at for each in standing if _is_on(each)]:
                return True
        return (signal.kind, signal.deadline) in self._dates_left

    def set_round(self, act: SetRound) -> None:
        """A round as the person says. A new one fills an open question for times; one that is not there (its mail was
        taken out since) is a new one.
        """
        said = {name: getattr(act, name) for name in _ROUND if getattr(act, name) is not None}
        changes: dict[str, Any] = {_ROUND[name]: None if value in ("", 0) else value for name, value in said.items()}
        found, fact = self._rounds.found, FactId(act.id)
        index = self._asked_for() if act.which is None else self._place(act.which)
        if index is None:
            if act.start_at:
                found.append(replace(Interview(start_at=None), **changes, fact=fact, history=(fact,)))
                self._said_by.append({fact})
            return
        before = found[index]
        found[index] = replace(before, **changes, fact=fact, history=(*before.history, fact))
        if before.start_at is not None and before.start_at != found[index].start_at:
            self._left.append(before.start_at)
        self._said_by[index].add(fact)
        self._dropped.discard(index)

    def drop_round(self, act: DropRound) -> None:
        """There is no such round."""
        index = self._place(act.which)
        if index is None:
            return
        before = self._rounds.found[index]
        self._rounds.found[index] = replace(before, status=InterviewStatus.CANCELLED)
        self._dropped.add(index)
        if before.start_at is not None:
            self._left.append(before.start_at)

    def set_deadline(self, act: SetDeadline) -> None:
        """A date as the person says."""
        before = self._leave(act.which, but=act.due)
        self._dates_left.discard((act.kind, act.due))
        facts = frozenset[FactId]().union({FactId(act.id)}, *(each.facts for each in before))
        said = Deadline(due=act.due, kind=act.kind, fact=FactId(act.id))
        self._due.append(_Date(said, facts, by_mail=any(each.by_mail for each in before)))

    def drop_deadline(self, act: DropDeadline) -> None:
        """There is no such date."""
        self._leave(act.which)

    def interviews(self) -> tuple[Interview, ...]:
        """By start; one without a time comes last."""
        gone = [each for index, each in enumerate(self._rounds.found) if index in self._dropped]
        return tuple(each for each in self._rounds.sorted() if not any(each is one for one in gone))

    def deadlines(self) -> tuple[Deadline, ...]:
        """By kind, then date."""
        return tuple(sorted((each.deadline for each in self._due), key=lambda each: (each.kind, each.due, each.fact)))

    def _place(self, fact: FactId) -> int | None:
        """The round this fact said something of: the last one, of those that stand if any does."""
        places = [index for index, facts in enumerate(self._said_by) if fact in facts]
        standing = [index for index in places if index not in self._dropped]
        return next(reversed(standing or places), None)

    def _asked_for(self) -> int | None:
        """The round without a time, where the person was asked when they are available."""
        return next(
            (
                index
                for index, each in enumerate(self._rounds.found)
                if each.start_at is None and _is_on(each) and index not in self._dropped
            ),
            None,
        )

    def _take_date(self, said: Deadline) -> None:
        """A later mail's date replaces that of earlier mail of its kind, and one entered by hand that says the same."""
        self._due = [
            each
            for each in self._due
            if each.deadline.kind is not said.kind or not (each.by_mail or each.deadline.due == said.due)
        ]
        self._due.append(_Date(said, frozenset({said.fact}), by_mail=True))
        self._dates_left.discard((said.kind, said.due))

    def _leave(self, fact: FactId | None, *, but: str = "") -> list[_Date]:
        """Take out the dates made of `fact`, remembering that the person did."""
        left = [each for each in self._due if fact in each.facts]
        self._due = [each for each in self._due if each not in left]
        self._dates_left |= {(each.deadline.kind, each.deadline.due) for each in left if each.deadline.due != but}
        return left


def _is_on(interview: Interview) -> bool:
    return interview.status is InterviewStatus.SCHEDULED


def _near(start: datetime, others: list[datetime]) -> bool:
    return any(abs(each - start) <= SAME_START for each in others)
