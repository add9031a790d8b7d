"""Interview rounds with their reschedules folded in: by iCalendar UID and SEQUENCE, else by time, type and order.

A round keeps its place in `found` from the first mail about it: rounds are replaced and added, never taken out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from hearback.model.application import Interview, InterviewStatus
from hearback.model.ids import FactId
from hearback.model.signal import InterviewAction, InterviewNotice, InterviewType, Signal

SAME_START: Final = timedelta(minutes=15)
MISSED: Final = timedelta(days=2)
"""So long after its start a round may still be moved or called off: somebody did not come."""
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass
class Rounds:
    """The rounds of one candidacy while its signals are taken in order."""

    found: list[Interview] = field(default_factory=list)
    _sequences: dict[str, int] = field(default_factory=dict)
    _left: list[tuple[int, datetime]] = field(default_factory=list)
    """(place in `found`, start) that a round was moved away from."""
    _confirmed: set[int] = field(default_factory=set)

    def take(self, signal: Signal) -> None:
        """Fold one more notice in."""
        notice = signal.interview
        if notice is None:
            return
        if notice.uid is not None:
            if notice.sequence < self._sequences.get(notice.uid, -1):
                return  # an older version of the same calendar entry came late
            self._sequences[notice.uid] = notice.sequence
        match notice.action:
            case InterviewAction.REQUEST_AVAILABILITY:
                if self._asked() is None:
                    self._put(None, notice, signal)
            case InterviewAction.CANCEL:
                self._cancel(notice, signal)
            case InterviewAction.RESCHEDULE:
                self._move(notice, signal)
            case InterviewAction.CONFIRM:
                self._confirm(notice, signal)
            case _:
                index = self._same(notice)
                if index is not None or not self._was_left(
                    notice
                ):  # else: a copy of an invitation that was moved since
                    self._put(_first(index, self._asked()), notice, signal)

    def end(self, at: datetime, fact: FactId, message_id: str) -> list[int]:
        """The candidacy is over: what was still to come is not. Answers which rounds that changed."""
        over = [index for index in self._on() if self.found[index].start_at is None or self._start(index) > at]
        for index in over:
            self.found[index] = _off(self.found[index], fact, message_id)
        return over

    def sorted(self) -> tuple[Interview, ...]:
        """Rounds by start; one without a time comes last, and not at all once it is called off."""
        shown = [each for each in self.found if each.start_at or each.status is InterviewStatus.SCHEDULED]
        return tuple(sorted(shown, key=lambda each: (each.start_at or _LAST, each.fact)))

    def _put(self, index: int | None, notice: InterviewNotice, signal: Signal) -> int:
        if index is None:
            self.found.append(Interview(start_at=None))
            index = len(self.found) - 1
        before = self.found[index].start_at
        self.found[index] = _merged(self.found[index], notice, signal)
        if before is not None and before != self.found[index].start_at:
            self._left.append((index, before))
        return index

    def _confirm(self, notice: InterviewNotice, signal: Signal) -> None:
        """A time agreed: the one invited to, one asked for, or another than the one that was invited to."""
        same, asked = self._same(notice), self._asked()
        if notice.start_at is None:
            index = _first(same, self._coming(notice, signal), self._past(notice, signal), asked)
        else:
            proposed = self._coming(notice, signal, unless_confirmed=True)
            if same is None and asked is not None and proposed is not None and self._one_kind(proposed, notice):
                self._drop(asked)  # other times were asked for, for the round that was agreed
                asked = None
            index = _first(same, asked, proposed)
        self._confirmed.add(self._put(index, notice, signal))

    def _move(self, notice: InterviewNotice, signal: Signal) -> None:
        """Another time; without one the old one is off and none is agreed."""
        coming, past = self._coming(notice, signal), self._past(notice, signal)
        index = self._put(_first(self._same(notice), coming, past, self._asked()), notice, signal)
        start = self.found[index].start_at
        if notice.start_at is None and start is not None:
            self._left.append((index, start))
            self.found[index] = replace(self.found[index], start_at=None)
        self._confirmed.discard(index)

    def _cancel(self, notice: InterviewNotice, signal: Signal) -> None:
        index = self._same(notice)
        if index is None and self._was_left(notice):
            return  # the slot it was moved away from
        if index is None:
            index = self._coming(notice, signal)
            if index is not None and notice.start_at is not None and len(self._all_coming(signal)) > 1:
                near = [each for each in self._all_coming(signal) if self._days_off(each, notice) <= 1]
                index = near[0] if len(near) == 1 else None
        if index is None and notice.start_at is None:
            index = _first(self._asked(), self._past(notice, signal))
        if index is not None:
            self.found[index] = _off(self.found[index], FactId(signal.id), signal.message_id)
        elif notice.start_at is not None:
            made = self._put(None, notice, signal)
            self.found[made] = replace(self.found[made], status=InterviewStatus.CANCELLED)

    def _drop(self, index: int) -> None:
        self.found[index] = replace(self.found[index], status=InterviewStatus.CANCELLED)

    def _on(self) -> list[int]:
        return [index for index, each in enumerate(self.found) if each.status is InterviewStatus.SCHEDULED]

    def _start(self, index: int) -> datetime:
        return self.found[index].start_at or _LAST

    def _same(self, notice: InterviewNotice) -> int | None:
        """The round of this calendar entry, else the one at this time."""
        for index, each in enumerate(self.found):
            if notice.uid is not None and each.uid == notice.uid:
                return index
        if notice.start_at is None:
            return None
        return next((each for each in self._on() if _near(self.found[each].start_at, notice.start_at)), None)

    def _was_left(self, notice: InterviewNotice) -> bool:
        """A round was at this time and has been moved."""
        start = notice.start_at
        return start is not None and any(_near(left, start) for _, left in self._left)

    def _asked(self) -> int | None:
        """The last round without a time: availability was asked for."""
        return next((index for index in reversed(self._on()) if self.found[index].start_at is None), None)

    def _all_coming(self, signal: Signal) -> list[int]:
        coming = [each for each in self._on() if self.found[each].start_at and self._start(each) > signal.at]
        return sorted(coming, key=self._start)

    def _coming(self, notice: InterviewNotice, signal: Signal, *, unless_confirmed: bool = False) -> int | None:
        """The round still to come that the notice most probably means: of its kind, else of no certain kind."""
        coming = self._all_coming(signal)
        fitting = [each for each in coming if self._may_be(each, notice)]
        if unless_confirmed:
            fitting = [each for each in fitting if each not in self._confirmed or self._one_kind(each, notice)]
        elif not fitting and len(coming) == 1:
            fitting = coming  # there is no other it could mean, whatever it calls it
        return min(fitting, key=lambda each: not self._one_kind(each, notice), default=None)

    def _past(self, notice: InterviewNotice, signal: Signal) -> int | None:
        """The round that has just been, or should have."""
        past = [
            each
            for each in self._on()
            if self.found[each].start_at and signal.at - MISSED <= self._start(each) <= signal.at
        ]
        return next((each for each in reversed(past) if self._may_be(each, notice)), None)

    def _may_be(self, index: int, notice: InterviewNotice) -> bool:
        kinds = {self.found[index].type, notice.type}
        return InterviewType.OTHER in kinds or len(kinds) == 1 or notice.type_guessed

    def _one_kind(self, index: int, notice: InterviewNotice) -> bool:
        return notice.type is not InterviewType.OTHER and self.found[index].type is notice.type

    def _days_off(self, index: int, notice: InterviewNotice) -> float:
        start = notice.start_at or _LAST
        return abs((self._start(index) - start).total_seconds()) / 86_400


def _first(*candidates: int | None) -> int | None:
    return next((each for each in candidates if each is not None), None)


def _near(one: datetime | None, other: datetime) -> bool:
    return one is not None and abs(one - other) <= SAME_START


def _off(interview: Interview, fact: FactId, message_id: str) -> Interview:
    return replace(
        interview,
        status=InterviewStatus.CANCELLED,
        fact=fact,
        history=(*interview.history, fact),
        message_id=message_id,
    )


def _type(interview: Interview, notice: InterviewNotice) -> InterviewType:
    """A guess replaces nothing that is known."""
    known = interview.type is not InterviewType.OTHER
    return interview.type if notice.type is InterviewType.OTHER or (known and notice.type_guessed) else notice.type


def _merged(interview: Interview, notice: InterviewNotice, signal: Signal) -> Interview:
    """What the notice says replaces what was known; what it does not say stays."""
    return replace(
        interview,
        start_at=notice.start_at or interview.start_at,
        zone=notice.zone or interview.zone,
        duration_min=notice.duration_min or interview.duration_min,
        type=_type(interview, notice),
        status=InterviewStatus.SCHEDULED,
        interviewers=notice.interviewers or interview.interviewers,
        location=notice.location or interview.location,
        video_link=notice.video_link or interview.video_link,
        uid=notice.uid or interview.uid,
        fact=FactId(signal.id),
        history=(*interview.history, FactId(signal.id)),
        message_id=signal.message_id,
    )
