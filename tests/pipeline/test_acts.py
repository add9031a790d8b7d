"""What the person says of an application holds, whatever becomes of the mail they pointed at; later mail counts again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from strategies import START, invitation, signal

from hearback.model.act import (
    Add,
    Archive,
    Correct,
    DropDeadline,
    DropRound,
    Edit,
    Ignore,
    Link,
    Merge,
    Note,
    NotTheSame,
    SetDeadline,
    SetRound,
    SetStage,
    Split,
    Tag,
    Unarchive,
    Untag,
)
from hearback.model.application import Application, InterviewStatus, Stage
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind, Signal
from hearback.pipeline import review
from hearback.pipeline.folding import fold
from hearback.pipeline.view import view

ROUND = START + timedelta(days=60, hours=5)
RECEIPT = signal(1)
TEST = signal(2, kind=Kind.ASSESSMENT, deadline="2026-10-01")
MEETING = signal(3, kind=Kind.INTERVIEW_INVITATION, interview=invitation(start=ROUND, uid="u"))
SIBLING = signal(4, role=Personal("Data Analyst"))


def on(day: int, **more: Any) -> dict[str, Any]:
    """Id and time of an act on that day."""
    return {"id": ActId(f"act{day}"), "at": START + timedelta(days=day, hours=1), **more}


def later(number: int, **fields: Any) -> Signal:
    """Mail received on day `number`, of the same employer and role."""
    return signal(number, **fields)


def one(*facts: Fact) -> Application:
    (found,) = fold(facts).applications
    return found


def holding(fact: Fact, *facts: Fact) -> Application:
    (found,) = [each for each in fold([fact, *facts]).applications if fact.id in each.facts]
    return found


def titles(application: Application) -> list[str]:
    return [entry.title for entry in application.timeline if entry.by_person]


# which application an act means


@pytest.mark.parametrize("first", [RECEIPT, signal(1, company=None, role=None, thread_id="t")])
def test_a_new_name_takes_nothing_apart(first: Signal) -> None:
    """Whether the mail it points at names the company itself or not; mail with the new name then belongs to it."""
    rest = signal(2, kind=Kind.ASSESSMENT, thread_id="t")
    edit = Edit(**on(20), about=first.id, company=Personal("Zenith"))
    new = later(30, company=Personal("Zenith"), domain=None, kind=Kind.STATUS_UPDATE)
    assert one(first, rest, edit).company == "Zenith"
    assert len(one(first, rest, edit, new).facts) == 3


def test_an_emptied_field_is_empty() -> None:
    """Not what the mail says."""
    assert one(RECEIPT, Edit(**on(20), about=RECEIPT.id, role=Personal(""))).role is None


@pytest.mark.parametrize(
    "leaves",
    [
        Ignore(**on(21), about=RECEIPT.id),
        Correct(**on(21), about=RECEIPT.id, kind=Kind.OTHER),
        Link(**on(21), about=FactId(RECEIPT.id), application=FactId(SIBLING.id)),
        Split(**on(21), about=TEST.id, signals=(FactId(RECEIPT.id),)),
    ],
    ids=lambda act: act.type,
)
def test_what_was_said_stays_when_the_first_mail_goes(leaves: Fact) -> None:
    """Stage, note and tag are the application's, not the mail's they happened to point at."""
    said = [
        SetStage(**on(10), about=RECEIPT.id, stage=Stage.OFFER_EXTENDED),
        Note(**on(11), about=RECEIPT.id, text=Personal("call")),
        Tag(**on(12), about=RECEIPT.id, tag=Personal("dream")),
    ]
    rest = holding(TEST, RECEIPT, SIBLING, *said, leaves)
    assert rest.stage is Stage.OFFER_EXTENDED
    assert rest.tags == ("dream",)
    assert titles(rest)[:3] == ["You moved it to Offer Extended", "You added a note", "You tagged it"]


def test_a_merge_outlives_the_mail_it_named() -> None:
    """One of the two it named is ignored later: the rest is one application still."""
    second = signal(5, role=Personal("Data Analyst"), kind=Kind.STATUS_UPDATE)
    merge = Merge(**on(20), about=RECEIPT.id, other=SIBLING.id)
    merged = holding(TEST, RECEIPT, SIBLING, second, merge, Ignore(**on(21), about=SIBLING.id))
    assert second.id in merged.facts


def test_what_stood_beside_counts_where_a_mail_is_read_otherwise() -> None:
    """A new model finds the mail that an act points at to be something else: the act is the rest's."""
    note = Note(**on(20), about=RECEIPT.id, beside=(FactId(TEST.id),), text=Personal("call"))
    assert titles(one(signal(1, kind=Kind.OTHER), TEST, note)) == ["You added a note"]


def test_an_application_by_hand_always_shows() -> None:
    """Even where two others at the employer could be meant."""
    add = Add(**on(20), company=Personal("Acme"))
    assert len(fold([RECEIPT, SIBLING, add]).applications) == 3


# split, not the same, primary


def test_a_split_holds_and_later_mail_may_follow_it() -> None:
    """Thread, company and role say they are one; the person's word says not. An answer to what was split off goes there."""
    mail = [signal(n, thread_id="t") for n in (1, 2)]
    split = Split(**on(20), about=mail[0].id, signals=(FactId(mail[1].id),))
    rename = Edit(**on(21), about=mail[1].id, role=Personal("Platform Lead"))
    late = signal(5, thread_id="t")
    answer = later(30, thread_id="t", role=Personal("Platform Lead"), kind=Kind.REJECTION)
    gone = holding(mail[1], mail[0], split, rename, late, answer)
    assert gone.facts == (mail[1].id, answer.id)
    assert gone.stage is Stage.REJECTED
    assert titles(gone) == ["You split it off", "You edited the details"]
    assert titles(holding(mail[0], mail[1], split)) == ["You split 1 mail off it"]


def test_the_later_word_on_where_a_mail_belongs_counts() -> None:
    """Linked back after a split it is back; split again it is out again."""
    split = Split(**on(20), about=RECEIPT.id, signals=(FactId(TEST.id),))
    back = Link(**on(21), about=FactId(TEST.id), application=FactId(RECEIPT.id))
    assert len(fold([RECEIPT, TEST, split, back]).applications) == 1
    again = Split(**on(22), about=RECEIPT.id, signals=(FactId(TEST.id),))
    assert len(fold([RECEIPT, TEST, split, back, again]).applications) == 2


def test_a_split_out_of_a_merge_leaves_the_merge() -> None:
    """One mail of the second part goes, the rest of it stays merged."""
    second = signal(5, role=Personal("Data Analyst"), kind=Kind.STATUS_UPDATE)
    merge = Merge(**on(20), about=RECEIPT.id, other=SIBLING.id)
    split = Split(**on(21), about=RECEIPT.id, signals=(FactId(SIBLING.id),))
    assert second.id in holding(RECEIPT, SIBLING, second, merge, split).facts


def test_what_is_not_the_same_is_not_joined() -> None:
    """By no mail that would."""
    other = signal(2, company=Personal("Acme"), role=None, domain=None, kind=Kind.STATUS_UPDATE)
    word = NotTheSame(**on(20), about=RECEIPT.id, other=FactId(other.id))
    assert len(fold([RECEIPT, other]).applications) == 1
    assert len(fold([RECEIPT, other, word]).applications) == 2


def test_a_merge_is_called_what_its_primary_part_is() -> None:
    """However much mail the other has; what the person says later is what counts."""
    mail = [RECEIPT, TEST, MEETING, SIBLING]
    merge = Merge(**on(20), about=SIBLING.id, other=RECEIPT.id)
    assert one(*mail, merge).role == "Data Analyst"
    assert [part.role for part in one(*mail, merge).parts] == ["Data Analyst", "Backend Engineer"]
    before = Edit(**on(19), about=RECEIPT.id, role=Personal("Old words"))
    after = Edit(**on(21), about=RECEIPT.id, role=Personal("New words"))
    assert one(*mail, merge, before).role == "Data Analyst"
    assert one(*mail, merge, after).role == "New words"


# tags, archive


def test_tags_are_a_set_of_words() -> None:
    """However capitalised; taking one off is the last word."""
    tags = [Tag(**on(20 + n), about=RECEIPT.id, tag=Personal(word)) for n, word in enumerate(["Remote", "remote", "b"])]
    assert one(RECEIPT, *tags).tags == ("b", "Remote")
    assert one(RECEIPT, *tags, Untag(**on(25), about=RECEIPT.id, tag=Personal("REMOTE"))).tags == ("b",)


@pytest.mark.parametrize(
    ("mail", "archived"),
    [
        (later(30, kind=Kind.INTERVIEW_INVITATION, interview=invitation(start=ROUND)), False),
        (later(30, kind=Kind.OFFER), False),
        (later(30, kind=Kind.ASSESSMENT), False),
        (later(30, kind=Kind.REJECTION), True),
        (later(30, kind=Kind.STATUS_UPDATE), True),
        (later(9, kind=Kind.OFFER), True),
    ],
    ids=["invitation", "offer", "test", "rejection", "news", "received before"],
)
def test_only_mail_that_asks_something_brings_back_what_was_archived(mail: Signal, archived: bool) -> None:
    """Nobody may miss an invitation because they had given up."""
    assert one(RECEIPT, Archive(**on(20), about=RECEIPT.id), mail).archived is archived


def test_unarchiving_is_an_act_too() -> None:
    """The last word counts."""
    acts = [Archive(**on(20), about=RECEIPT.id), Unarchive(**on(21), about=RECEIPT.id)]
    assert not one(RECEIPT, *acts).archived
    assert titles(one(RECEIPT, *acts)) == ["You archived it", "You brought it back to the board"]


# interviews and deadlines by hand


def test_a_round_by_hand_stands_beside_the_others() -> None:
    """With all that was said of it; one that is not agreed yet is filled by it."""
    act = SetRound(
        **on(20),
        about=RECEIPT.id,
        start_at=ROUND,
        zone="Europe/Berlin",
        duration_min=30,
        round_type=InterviewType.PANEL,
    )
    (added,) = one(RECEIPT, act).interviews
    assert (added.start_at, added.duration_min, added.type) == (ROUND, 30, InterviewType.PANEL)
    asked = signal(2, kind=Kind.INTERVIEW_INVITATION, interview=invitation(InterviewAction.REQUEST_AVAILABILITY))
    assert [each.start_at for each in one(RECEIPT, asked, act).interviews] == [ROUND]


def test_a_changed_round_keeps_what_was_not_said() -> None:
    """And can be changed again, by the id of any fact that made it."""
    changed = SetRound(**on(20), about=RECEIPT.id, which=FactId(MEETING.id), start_at=ROUND + timedelta(hours=2))
    again = SetRound(**on(21), about=RECEIPT.id, which=FactId(changed.id), duration_min=90, place=Personal("Room 4"))
    (held,) = one(RECEIPT, MEETING, changed, again).interviews
    assert (held.start_at, held.duration_min, held.uid) == (ROUND + timedelta(hours=2), 90, "u")
    assert held.location == "Room 4"
    cancelled = SetRound(**on(22), about=RECEIPT.id, which=FactId(again.id), status=InterviewStatus.CANCELLED)
    assert one(RECEIPT, MEETING, changed, again, cancelled).interviews[0].status is InterviewStatus.CANCELLED


@pytest.mark.parametrize("word", ["change", "drop"])
def test_a_reminder_of_the_old_time_waits(word: str) -> None:
    """It would overturn the person's word. Another new time is news, and counts."""
    by_hand: Fact = SetRound(**on(20), about=RECEIPT.id, which=FactId(MEETING.id), start_at=ROUND + timedelta(hours=3))
    if word == "drop":
        by_hand = DropRound(**on(20), about=RECEIPT.id, which=FactId(MEETING.id))
    reminder = later(30, kind=Kind.INTERVIEW_INVITATION, interview=invitation(InterviewAction.CONFIRM, ROUND))
    folded = fold([RECEIPT, MEETING, by_hand, reminder])
    assert [(each.fact, each.reason) for each in folded.review] == [(reminder.id, review.OVERTURNS)]
    assert [each.start_at for each in folded.applications[0].interviews] == (
        [] if word == "drop" else [ROUND + timedelta(hours=3)]
    )
    moved = later(
        31,
        kind=Kind.INTERVIEW_INVITATION,
        interview=invitation(InterviewAction.RESCHEDULE, ROUND + timedelta(days=2), uid="u", sequence=1),
    )
    folded = fold([RECEIPT, MEETING, by_hand, moved])
    assert not folded.review
    assert [each.start_at for each in folded.applications[0].interviews] == [ROUND + timedelta(days=2)]


def test_a_small_move_holds_too() -> None:
    """Ten minutes later is what the person says; a reminder of the old time waits, one of the new does not."""
    later_start = ROUND + timedelta(minutes=10)
    moved = SetRound(**on(20), about=RECEIPT.id, which=FactId(MEETING.id), start_at=later_start)
    old, new = (
        later(30 + n, kind=Kind.INTERVIEW_INVITATION, interview=invitation(InterviewAction.CONFIRM, start))
        for n, start in enumerate((ROUND, later_start))
    )
    folded = fold([RECEIPT, MEETING, moved, old, new])
    assert [each.fact for each in folded.review] == [old.id]
    assert [each.start_at for each in folded.applications[0].interviews] == [later_start]


def test_a_mark_of_the_persons_own_stays() -> None:
    """Urgent by their word, however long nobody wrote; later mail that is not urgent ends it."""
    word = Edit(**on(20), about=RECEIPT.id, urgent=True)
    now = START + timedelta(days=100)
    assert "urgent" in view(one(RECEIPT, word), now, "UTC").marks
    assert "urgent" not in view(one(RECEIPT, word, later(30, kind=Kind.STATUS_UPDATE)), now, "UTC").marks


def test_deadlines_by_hand() -> None:
    """Added, changed, removed; a later mail's date replaces the one its kind had; the old one again waits."""
    added = SetDeadline(**on(20), about=RECEIPT.id, due="2026-10-07", kind=Kind.OFFER)
    changed = SetDeadline(**on(21), about=RECEIPT.id, which=FactId(TEST.id), due="2026-10-05")
    dropped = DropDeadline(**on(22), about=RECEIPT.id, which=FactId(changed.id))
    assert dates(RECEIPT, TEST, added) == ["2026-10-01", "2026-10-07"]
    assert dates(RECEIPT, TEST, changed) == ["2026-10-05"]
    assert dates(RECEIPT, TEST, changed, dropped) == []
    extended = later(30, kind=Kind.ASSESSMENT, deadline="2026-10-20")
    assert dates(RECEIPT, TEST, changed, extended) == ["2026-10-20"]
    reminder = later(30, kind=Kind.ASSESSMENT, deadline="2026-10-01")
    assert [each.fact for each in fold([RECEIPT, TEST, changed, reminder]).review] == [reminder.id]


def dates(*facts: Fact) -> list[str]:
    return [each.due for each in one(*facts).deadlines]


# corrections


def test_every_field_of_a_mail_can_be_corrected() -> None:
    """What the person says is what it reads."""
    start = datetime(2026, 11, 3, 13, 30, tzinfo=UTC)
    words = Correct(
        **on(20),
        about=TEST.id,
        kind=Kind.INTERVIEW_INVITATION,
        company=Personal("Acme"),
        location=Personal("Oslo"),
        requisition_id="R-7",
        agency=Personal("Hays"),
        urgent=True,
        action=InterviewAction.CONFIRM,
        start_at=start,
        zone="Europe/Oslo",
        duration_min=45,
        round_type=InterviewType.ONSITE,
        interviewers=(Personal("Ann"), Personal("Ben")),
        place=Personal("Room 4"),
        video_link=Personal("https://meet.example/x"),
    )
    found = one(TEST, words)
    assert (found.location, found.requisition_id, found.agency, found.urgent) == ("Oslo", "R-7", "Hays", True)
    (held,) = found.interviews
    assert (held.start_at, held.zone, held.duration_min, held.type) == (start, "Europe/Oslo", 45, InterviewType.ONSITE)
    assert (held.interviewers, held.location, held.video_link) == (("Ann", "Ben"), "Room 4", "https://meet.example/x")
    assert found.deadlines == ()
    assert [each.title for entry in found.timeline for each in entry.settled] == ["You corrected it"]


def test_a_type_the_person_corrected_is_no_guess() -> None:
    """It replaces the one that was known."""
    day = START + timedelta(days=30)
    invited = signal(1, kind=Kind.INTERVIEW_INVITATION, interview=invitation(InterviewAction.INVITE, day))
    guess = invitation(InterviewAction.CONFIRM, day, type=InterviewType.TECHNICAL, type_guessed=True)
    settled = signal(2, kind=Kind.INTERVIEW_INVITATION, interview=guess)
    word = Correct(**on(20), about=FactId(settled.id), round_type=InterviewType.ONSITE)
    (held,) = one(invited, settled, word).interviews
    assert held.type is InterviewType.ONSITE


def test_detail_and_deadline_follow_the_kind() -> None:
    """A status update can be put on hold, an offer has a date; a kind corrected later takes what it does not have away."""
    hold = Correct(**on(20), about=TEST.id, kind=Kind.STATUS_UPDATE, detail=Detail.ON_HOLD)
    assert one(TEST, hold).on_hold
    offer = Correct(**on(21), about=TEST.id, kind=Kind.OFFER, deadline="2026-10-09")
    assert dates(TEST, hold, offer) == ["2026-10-09"]
    assert not one(TEST, hold, offer).on_hold


def test_a_time_that_was_never_agreed_can_be_taken_out() -> None:
    """An emptied start is none."""
    none = Correct(**on(20), about=MEETING.id, start_at="")
    assert [each.start_at for each in one(MEETING, none).interviews] == [None]


def test_a_corrected_number_leads_to_its_application() -> None:
    """The number of another mail, said of one that had none."""
    other = signal(6, company=None, role=None, domain=None, requisition_id="R-7", thread_id=None)
    said = Correct(**on(20), about=RECEIPT.id, requisition_id="r-7")
    assert len(fold([RECEIPT, other]).applications) == 2
    assert len(fold([RECEIPT, other, said]).applications) == 1
