"""Ids outlive whatever the person does: a merge shows its primary part's, and taken back leaves no trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from memory import Memory
from strategies import START, signal

from hearback.model.act import Link, MarkPrimary, Merge, Split, Undo
from hearback.model.application import Application
from hearback.model.facts import fact_id
from hearback.model.ids import ActId, FactId, Personal

FIRST = [signal(1), signal(2), signal(3)]
SECOND = [signal(4, role=Personal("Data Analyst"))]


def base(number: int) -> dict[str, Any]:
    return {"id": ActId(f"act{number}"), "at": START + timedelta(days=30 + number)}


@pytest.fixture
def memory() -> Memory:
    made = Memory()
    for fact in (*FIRST, *SECOND):
        made.add([fact])
    return made


def holding(memory: Memory, fact: str) -> Application:
    (found,) = [each for each in memory.folded().applications if fact in each.facts]
    return found


def ids(memory: Memory) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((each.id, each.aliases) for each in memory.folded().applications)


@pytest.mark.parametrize("primary", [0, 1])
def test_a_merge_shows_the_id_of_the_one_that_is_primary(memory: Memory, primary: int) -> None:
    """However few mails it has; the other's id leads there too."""
    one, other = holding(memory, FIRST[0].id), holding(memory, SECOND[0].id)
    main, second = (one, other) if primary == 0 else (other, one)
    memory.add([Merge(**base(1), about=main.facts[0], other=second.facts[0])])
    assert ids(memory) == [(main.id, (second.id,))]


def test_marking_the_other_one_primary_changes_id_and_wording(memory: Memory) -> None:
    """And undoing that changes both back."""
    one, other = holding(memory, FIRST[0].id), holding(memory, SECOND[0].id)
    memory.add([Merge(**base(1), about=one.facts[0], other=other.facts[0])])
    assert holding(memory, FIRST[0].id).role == "Backend Engineer"
    memory.add([MarkPrimary(**base(2), about=other.facts[0])])
    assert ids(memory) == [(other.id, (one.id,))]
    assert holding(memory, FIRST[0].id).role == "Data Analyst"
    memory.add([Undo(**base(3), about=FactId("act2"))])
    assert ids(memory) == [(one.id, (other.id,))]


@pytest.mark.parametrize("marked", [False, True])
def test_a_merge_taken_back_leaves_no_trace_in_the_ids(memory: Memory, marked: bool) -> None:
    """Every application has its id again, no alias is left, mail that came in between included."""
    before = ids(memory)
    one, other = holding(memory, FIRST[0].id), holding(memory, SECOND[0].id)
    memory.add([Merge(**base(1), about=one.facts[0], other=other.facts[0])])
    if marked:
        memory.add([MarkPrimary(**base(2), about=other.facts[0])])
    memory.add([signal(9, role=Personal("Data Analyst"))])
    memory.add([Undo(**base(3), about=FactId("act1"))])
    assert ids(memory) == before


def test_a_split_taken_back_leaves_the_old_id(memory: Memory) -> None:
    """What was split off leads to where its mail is again."""
    one = holding(memory, FIRST[0].id)
    memory.add([Split(**base(1), about=FIRST[1].id, signals=(fact_id(FIRST[0]),))])
    gone = holding(memory, FIRST[0].id)
    assert gone.id != one.id
    assert holding(memory, FIRST[1].id).id == one.id
    memory.add([Undo(**base(2), about=FactId("act1"))])
    assert holding(memory, FIRST[0].id).id == one.id
    assert gone.id in holding(memory, FIRST[0].id).aliases


def test_an_id_does_not_follow_one_mail_to_another_application(memory: Memory) -> None:
    """The mail that founded an application may go; the id stays with the rest."""
    one, other = holding(memory, FIRST[0].id), holding(memory, SECOND[0].id)
    memory.add([Link(**base(1), about=fact_id(FIRST[0]), application=other.facts[0])])
    assert holding(memory, FIRST[1].id).id == one.id
    assert holding(memory, FIRST[0].id).id == other.id
