"""Rounds with their reschedules folded in: one round a round, and no ghosts left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from strategies import invitation, signal

from hearback.model.application import Interview, InterviewStatus
from hearback.model.ids import FactId
from hearback.model.signal import InterviewAction, InterviewType, Kind
from hearback.pipeline.interviews import Rounds

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
INVITE, ASK = InterviewAction.INVITE, InterviewAction.REQUEST_AVAILABILITY
CONFIRM, MOVE, CANCEL = InterviewAction.CONFIRM, InterviewAction.RESCHEDULE, InterviewAction.CANCEL
PANEL, SCREEN = InterviewType.PANEL, InterviewType.RECRUITER_SCREEN


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def rounds(*notices: tuple[Any, ...]) -> list[tuple[datetime | None, str]]:
    """Notices (action, start, more) a day apart from day 0 on, folded: start and status of each round."""
    folded = Rounds()
    for at, (action, start, *more) in enumerate(notices):
        fields = more[0] if more else {}
        folded.take(
            signal(
                at, received_at=day(at), kind=Kind.INTERVIEW_INVITATION, interview=invitation(action, start, **fields)
            )
        )
    return [(each.start_at, each.status.value) for each in folded.sorted()]


@pytest.mark.parametrize(
    "chain",
    [
        [(INVITE, day(10)), (MOVE, day(12)), (MOVE, day(14)), (CONFIRM, day(14))],
        [(ASK, None), (CONFIRM, day(14))],
        [(ASK, None), (ASK, None), (INVITE, day(14))],
        [(INVITE, day(10)), (CONFIRM, day(14))],
        [(INVITE, day(10)), (MOVE, None), (CONFIRM, day(14))],
        [(INVITE, day(10), {"type": PANEL}), (ASK, None), (CONFIRM, day(14), {"type": PANEL})],
        [(INVITE, day(14)), (CONFIRM, None)],
        [(ASK, None), (CONFIRM, None), (CONFIRM, day(14))],
        [(INVITE, day(0.5), {"type": PANEL}), (MOVE, day(14), {"type": PANEL})],
        [(INVITE, day(10), {"type": SCREEN}), (MOVE, day(14), {"type": PANEL})],
    ],
)
def test_a_chain_is_one_round(chain: list[tuple[Any, ...]]) -> None:
    """Invited, asked, moved, confirmed at another time than invited to, missed and moved: at the time agreed last."""
    assert [(day(14), "scheduled")] == rounds(*chain)


@pytest.mark.parametrize(
    "second",
    [
        [(INVITE, day(14), {"type": PANEL})],
        [(ASK, None), (CONFIRM, day(14), {"type": PANEL})],
        [(CONFIRM, day(14), {"type": PANEL})],
    ],
)
def test_a_second_round_is_a_second_one(second: list[tuple[Any, ...]]) -> None:
    """Of another kind, while the first is still to come."""
    assert [(day(10), "scheduled"), (day(14), "scheduled")] == rounds((INVITE, day(10), {"type": SCREEN}), *second)


def test_a_round_after_one_that_is_over_is_a_second_one() -> None:
    """What was held weeks ago is not moved by what is agreed now."""
    gone = (INVITE, day(1))
    later = [(CONFIRM, day(30))] * 10
    assert [(day(1), "scheduled"), (day(30), "scheduled")] == rounds(gone, *later)


def test_the_right_round_is_called_off() -> None:
    """By its time, or by its kind where no time is given."""
    two = [(INVITE, day(10), {"type": SCREEN}), (INVITE, day(14), {"type": PANEL})]
    assert [(day(10), "cancelled"), (day(14), "scheduled")] == rounds(*two, (CANCEL, day(10)))
    assert [(day(10), "scheduled"), (day(14), "cancelled")] == rounds(*two, (CANCEL, None, {"type": PANEL}))


def test_the_slot_that_was_moved_is_called_off_and_the_round_stands() -> None:
    """Calendars send a cancellation of the old slot along with the new one."""
    assert [(day(14), "scheduled")] == rounds((INVITE, day(10)), (MOVE, day(14)), (CANCEL, day(10)))


def test_a_copy_of_the_first_invitation_brings_no_ghost_back() -> None:
    """Forwarded after the round was moved."""
    assert [(day(14), "scheduled")] == rounds((INVITE, day(10)), (MOVE, day(14)), (INVITE, day(10)))


def test_called_off_and_invited_anew_are_two() -> None:
    """The cancelled one stays as it was."""
    again = rounds((INVITE, day(10)), (CANCEL, day(10)), (INVITE, day(14)))
    assert [(day(10), "cancelled"), (day(14), "scheduled")] == again


def test_an_older_version_of_a_calendar_entry_changes_nothing() -> None:
    """SEQUENCE decides, not the order of arrival."""
    entry = {"uid": "u"}
    moved = rounds((INVITE, day(14), {**entry, "sequence": 2}), (INVITE, day(10), {**entry, "sequence": 1}))
    assert [(day(14), "scheduled")] == moved


def test_a_cancelled_entry_that_is_sent_anew_is_on_again() -> None:
    """The same UID with a higher SEQUENCE."""
    entry = {"uid": "u"}
    again = rounds(
        (INVITE, day(10), {**entry, "sequence": 0}),
        (CANCEL, day(10), {**entry, "sequence": 1}),
        (INVITE, day(14), {**entry, "sequence": 2}),
    )
    assert [(day(14), "scheduled")] == again


def test_the_end_of_a_candidacy_leaves_no_round_to_come() -> None:
    """What was held stays; what was to come, or asked for, is off."""
    folded = Rounds(
        found=[Interview(start_at=day(1)), Interview(start_at=day(9)), Interview(start_at=None)],
    )
    folded.end(day(5), FactId("rejection"), "m")
    assert [(day(1), InterviewStatus.SCHEDULED), (day(9), InterviewStatus.CANCELLED)] == [
        (each.start_at, each.status) for each in folded.sorted()
    ]


def type_of(*notices: tuple[Any, ...]) -> InterviewType:
    """The type of the one round that the notices (action, start, more) amount to."""
    folded = Rounds()
    for at, (action, start, more) in enumerate(notices):
        told = invitation(action, start, **more)
        folded.take(signal(at, received_at=day(at), kind=Kind.INTERVIEW_INVITATION, interview=told))
    (one,) = folded.sorted()
    return one.type


GUESSED: dict[str, Any] = {"type": InterviewType.ONSITE, "type_guessed": True}


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ({"type": SCREEN}, GUESSED, SCREEN),
        ({"type": SCREEN}, {"type": PANEL}, PANEL),
        ({}, GUESSED, InterviewType.ONSITE),
        (GUESSED, {"type": PANEL}, PANEL),
        (GUESSED, {}, InterviewType.ONSITE),
    ],
)
def test_a_guess_replaces_no_type_that_is_known(
    first: dict[str, Any], then: dict[str, Any], kept: InterviewType
) -> None:
    """A mail that moves a round seldom says which it is."""
    assert type_of((INVITE, day(10), first), (MOVE, day(12), then)) is kept
