"""Interview rounds with their reschedules folded in: by iCalendar UID and SEQUENCE, else by time and order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from hearback.model.application import Interview, InterviewStatus
from hearback.model.ids import FactId
from hearback.model.signal import InterviewAction, InterviewNotice, InterviewType, Signal

SAME_START: Final = timedelta(minutes=15)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass
class Rounds:
    """The rounds of one candidacy while its signals are taken in order."""

    found: list[Interview] = field(default_factory=list)
    _sequences: dict[str, int] = field(default_factory=dict)

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
                if self._open() is None:
                    self.found.append(_merged(_new(signal), notice, signal))
            case InterviewAction.CANCEL:
                self._cancel(notice, signal)
            case InterviewAction.RESCHEDULE:
                self._put(_first(self._same(notice), self._last_scheduled(), self._open()), notice, signal)
            case InterviewAction.CONFIRM if notice.start_at is None:
                self._put(_first(self._same(notice), self._last_scheduled()), notice, signal)
            case _:
                self._put(_first(self._same(notice), self._open()), notice, signal)

    def sorted(self) -> tuple[Interview, ...]:
        """Rounds by start; one without a time comes last."""
        return tuple(sorted(self.found, key=lambda each: (each.start_at or _LAST, each.fact)))

    def _put(self, index: int | None, notice: InterviewNotice, signal: Signal) -> None:
        if index is None:
            self.found.append(_merged(_new(signal), notice, signal))
        else:
            self.found[index] = _merged(self.found[index], notice, signal)

    def _cancel(self, notice: InterviewNotice, signal: Signal) -> None:
        index = _first(self._same(notice), self._last_scheduled(), self._open())
        if index is not None:
            self.found[index] = replace(
                self.found[index],
                status=InterviewStatus.CANCELLED,
                fact=FactId(signal.id),
                message_id=signal.message_id,
            )
        elif notice.start_at is not None:
            self.found.append(replace(_merged(_new(signal), notice, signal), status=InterviewStatus.CANCELLED))

    def _same(self, notice: InterviewNotice) -> int | None:
        for index, each in enumerate(self.found):
            if notice.uid is not None and each.uid == notice.uid:
                return index
        for index, each in enumerate(self.found):
            if notice.start_at is None or each.start_at is None or each.status is not InterviewStatus.SCHEDULED:
                continue
            if abs(each.start_at - notice.start_at) <= SAME_START:
                return index
        return None

    def _open(self) -> int | None:
        return next(
            (
                index
                for index, each in reversed(list(enumerate(self.found)))
                if each.start_at is None and each.status is InterviewStatus.SCHEDULED
            ),
            None,
        )

    def _last_scheduled(self) -> int | None:
        return next(
            (
                index
                for index, each in reversed(list(enumerate(self.found)))
                if each.start_at is not None and each.status is InterviewStatus.SCHEDULED
            ),
            None,
        )


def _first(*candidates: int | None) -> int | None:
    return next((each for each in candidates if each is not None), None)


def _new(signal: Signal) -> Interview:
    return Interview(start_at=None, fact=FactId(signal.id), message_id=signal.message_id)


def _merged(interview: Interview, notice: InterviewNotice, signal: Signal) -> Interview:
    """What the notice says replaces what was known; what it does not say stays."""
    return replace(
        interview,
        start_at=notice.start_at or interview.start_at,
        zone=notice.zone or interview.zone,
        duration_min=notice.duration_min or interview.duration_min,
        type=interview.type if notice.type is InterviewType.OTHER else notice.type,
        status=InterviewStatus.SCHEDULED,
        interviewers=notice.interviewers or interview.interviewers,
        location=notice.location or interview.location,
        video_link=notice.video_link or interview.video_link,
        uid=notice.uid or interview.uid,
        fact=FactId(signal.id),
        message_id=signal.message_id,
    )
