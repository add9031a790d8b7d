"""Undo is exact for every sort of act, whatever mail came in between; redo is too; a merge taken back leaves no trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory import Memory, exported
from strategies import SORTS, START, act_of, facts, invitation, signal, signals

from hearback.model.act import Act, Undo, named
from hearback.model.application import Stage
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.signal import InterviewType, Kind, Ruled, Signal
from hearback.pipeline.acts import effective
from hearback.pipeline.folding import fold

WHEN = START + timedelta(days=25)
ROUND = START + timedelta(days=40)

RECEIPT = signal(1)
TEST = signal(2, kind=Kind.ASSESSMENT, deadline="2026-10-01")
MEETING = signal(3, kind=Kind.INTERVIEW_INVITATION, interview=invitation(start=ROUND))
SIBLING = signal(4, role=Personal("Data Analyst"))
UNSURE = signal(5, kind=Kind.REJECTION, confidence=0.5, role=Personal("Data Analyst"))
NEARLY = signal(6, kind=Kind.RECRUITER_OUTREACH, confidence=0.9, company=Personal("Hays"), role=None)
BEFORE: list[Fact] = [RECEIPT, TEST, MEETING, SIBLING, UNSURE, NEARLY]
LATER: list[Fact] = [
    signal(30, role=Personal("Data Analyst"), kind=Kind.STATUS_UPDATE),
    signal(31, kind=Kind.INTERVIEW_INVITATION, interview=invitation(start=ROUND + timedelta(days=1))),
]

EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "Confirm": [{"about": UNSURE.id}, {"about": UNSURE.id, "application": RECEIPT.id}],
    "Ignore": [{"about": UNSURE.id}, {"about": RECEIPT.id}],
    "Revert": [{"about": MEETING.id}],
    "Correct": [
        {"about": TEST.id, "kind": Kind.REJECTION},
        {"about": MEETING.id, "start_at": ROUND + timedelta(hours=2), "round_type": InterviewType.TECHNICAL},
        {"about": TEST.id, "deadline": "2026-10-09"},
        {"about": RECEIPT.id, "company": Personal("Zenith"), "role": Personal("")},
        {"about": RECEIPT.id, "location": Personal("Oslo"), "requisition_id": "R-9", "urgent": True},
    ],
    "Link": [{"about": TEST.id, "application": SIBLING.id}],
    "Split": [{"about": RECEIPT.id, "signals": (FactId(TEST.id), FactId(MEETING.id))}],
    "Merge": [{"about": RECEIPT.id, "other": SIBLING.id}],
    "MarkPrimary": [{"about": SIBLING.id}],
    "NotTheSame": [{"about": RECEIPT.id, "other": SIBLING.id}],
    "SetStage": [{"about": RECEIPT.id, "stage": Stage.WITHDRAWN}],
    "Add": [{"company": Personal("Zenith")}, {"company": Personal("Acme")}],
    "Edit": [
        {"about": RECEIPT.id, "company": Personal("Zenith"), "location": Personal("Oslo")},
        {"about": RECEIPT.id, "role": Personal(""), "requisition_id": "R-9", "agency": Personal("Hays")},
        {"about": RECEIPT.id, "on_hold": True, "urgent": True},
    ],
    "Note": [
        {"about": RECEIPT.id, "text": Personal("called")},
        {"about": TEST.id, "text": Personal("x"), "written_at": START},
    ],
    "Tag": [{"about": RECEIPT.id, "tag": Personal("remote")}],
    "Untag": [{"about": RECEIPT.id, "tag": Personal("DREAM")}],
    "Archive": [{"about": RECEIPT.id}],
    "Unarchive": [{"about": SIBLING.id}],
    "SetRound": [
        {"about": RECEIPT.id, "start_at": ROUND - timedelta(days=3)},
        {"about": RECEIPT.id, "which": MEETING.id, "start_at": ROUND + timedelta(hours=5)},
    ],
    "DropRound": [{"about": RECEIPT.id, "which": MEETING.id}],
    "SetDeadline": [
        {"about": RECEIPT.id, "due": "2026-10-07"},
        {"about": RECEIPT.id, "which": TEST.id, "due": "2026-10-08"},
    ],
    "DropDeadline": [{"about": RECEIPT.id, "which": TEST.id}],
    "ApplyRules": [
        {"about": TEST.id, "ruled": Ruled(at=START, stage=Stage.IN_REVIEW, tags=(Personal("far"),))},
        {"about": RECEIPT.id, "ruled": Ruled(at=START, ignore=True)},
    ],
    "BlockSender": [{"sender": Personal("jobs@acme.example")}, {"sender": Personal("@acme.example")}],
    "TrustDomain": [{"sender": Personal("@acme.example")}],
}
BY_NAME = {sort.__name__: sort for sort in SORTS}


def test_every_sort_of_act_has_an_example() -> None:
    """A new sort of act must be proved to be undoable too."""
    assert set(EXAMPLES) == set(BY_NAME)


def already() -> list[Fact]:
    """What the person did before: something to take off, to bring back, to mark."""
    base = {"at": START + timedelta(days=24)}
    return [
        BY_NAME["Tag"](id=ActId("p1"), about=RECEIPT.id, tag=Personal("Dream"), **base),
        BY_NAME["Archive"](id=ActId("p2"), about=SIBLING.id, **base),
    ]


@pytest.mark.parametrize(("sort", "fields"), [(sort, each) for sort, many in EXAMPLES.items() for each in many])
def test_undo_and_redo_are_exact(sort: str, fields: dict[str, Any]) -> None:
    """The act changes what is shown; undone, with mail in between, nothing of it is left; redone, all of it is there."""
    before = [*BEFORE, *already()]
    if sort == "MarkPrimary":
        merge = {"id": ActId("p3"), "at": START + timedelta(days=24), "about": RECEIPT.id, "other": SIBLING.id}
        before.append(BY_NAME["Merge"](**merge))
    act = BY_NAME[sort](id=ActId("a1"), at=WHEN, **fields)
    memory = Memory()
    memory.add(before)
    untouched = exported(memory.folded())
    memory.add([act])
    assert exported(memory.folded()) != untouched
    memory.add(LATER)
    memory.add([Undo(id=ActId("u1"), at=WHEN + timedelta(days=1), about=FactId("a1"))])
    assert exported(memory.folded()) == exported(fold([*before, *LATER]))
    memory.add([signal(32)])
    memory.add([Undo(id=ActId("u2"), at=WHEN + timedelta(days=2), about=FactId("u1"))])
    assert exported(memory.folded()) == exported(fold([*before, act, *LATER, signal(32)]))


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.__name__)
@given(data=st.data(), made=facts(max_signals=5, max_acts=3))
@settings(max_examples=settings.get_profile(settings.get_current_profile_name()).max_examples // 10)
def test_it_is_so_for_any_mail_and_any_acts(sort: type[Act], made: list[Fact], data: st.DataObject) -> None:
    """Other acts that hold or not, duplicates, late mail: undo and redo are exact, step by step and from scratch."""
    ids: list[Any] = [fact_id(fact) for fact in made] or ["nobody"]
    about, other = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
    act = data.draw(act_of(sort, {"id": ActId("a1"), "at": WHEN}, about, other, ids))
    between: list[Fact] = [data.draw(signals(number)) for number in range(50, 50 + data.draw(st.integers(0, 3)))]
    undo = Undo(id=ActId("u1"), at=WHEN + timedelta(days=1), about=FactId("a1"))
    redo = Undo(id=ActId("u2"), at=WHEN + timedelta(days=2), about=FactId("u1"))
    memory = Memory()
    for facts_then in (made, [act], between, [undo]):
        memory.add(facts_then)
    assert exported(memory.folded()) == exported(fold([*made, *between]))
    memory.add([redo])
    assert exported(memory.folded()) == exported(fold([*made, act, *between]))


def test_a_batch_is_taken_back_by_its_members() -> None:
    """Acts done in one go are ordinary acts: undoing each leaves nothing."""
    acts = [
        BY_NAME["Archive"](id=ActId(f"b.{n}"), at=WHEN, batch="b", about=each.id)
        for n, each in enumerate((RECEIPT, SIBLING))
    ]
    undos = [
        Undo(id=ActId(f"c.{n}"), at=WHEN + timedelta(days=1), batch="c", about=FactId(each.id))
        for n, each in enumerate(acts)
    ]
    assert exported(fold([*BEFORE, *acts])) != exported(fold(BEFORE))
    assert exported(fold([*BEFORE, *acts, *undos])) == exported(fold(BEFORE))


def test_an_act_about_an_undone_one_waits_with_it() -> None:
    """A note on an application entered by hand: undone with it, back with it."""
    add = BY_NAME["Add"](id=ActId("a1"), at=WHEN, company=Personal("Zenith"))
    note = BY_NAME["Note"](id=ActId("a2"), at=WHEN + timedelta(minutes=1), about=FactId("a1"), text=Personal("call"))
    undo = Undo(id=ActId("u1"), at=WHEN + timedelta(days=1), about=FactId("a1"))
    assert fold([add, note, undo]).applications == ()
    redo = Undo(id=ActId("u2"), at=WHEN + timedelta(days=2), about=FactId("u1"))
    (application,) = fold([add, note, undo, redo]).applications
    assert [entry.title for entry in application.timeline] == ["You added it", "You added a note"]


def test_named_tells_all_that_an_act_points_at() -> None:
    """What must exist for the act to be recorded."""
    split = BY_NAME["Split"](id=ActId("a1"), at=WHEN, about="x", signals=("y", "z", "y"), beside=("w",))
    assert named(split) == ("x", "y", "z")
    assert effective([split]) == (split,)
    assert not isinstance(split, Signal)
