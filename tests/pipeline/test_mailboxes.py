"""Whole mailboxes read by a perfect reader fold to the end state their authors expect, in any order."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from memory import Memory, exported

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "bench")]

from matching import links  # noqa: E402  beside the package, not in it
from matching.expected import compare  # noqa: E402  as above
from matching.mailbox import Mailbox, load  # noqa: E402  as above

from hearback.model.signal import Signal  # noqa: E402
from hearback.pipeline.folding import fold  # noqa: E402
from threads import person  # noqa: E402  as above

BOXES: Final = ("dach", "uk", "us")
EXCEPTIONS: Final[Mapping[str, frozenset[str]]] = {}
"""Mailbox → differences that stand, each with its reason beside it. None at present."""


@cache
def box(name: str) -> tuple[Mailbox, Mapping[str, Any], tuple[Signal, ...]]:
    made, expected = load(ROOT / "corpus/mailboxes" / name)
    return made, expected, tuple(made.gold(each) for each in made.delivered())


@pytest.mark.parametrize("name", BOXES)
def test_a_whole_mailbox_is_exactly_as_its_author_expects(name: str) -> None:
    """Members, company, role, stage, marks, stage history and interviews of every application; leads; what is ignored."""
    made, expected, signals = box(name)
    assert sorted(EXCEPTIONS.get(name, ())) == compare(made, expected, fold(signals)).differences


@pytest.mark.parametrize("name", BOXES)
def test_fifty_shuffles_with_duplicates_are_the_same_bytes(name: str) -> None:
    """Whatever order it comes in, and however often."""
    _, _, signals = box(name)
    right = exported(fold(signals))
    for seed in range(50):
        dice = random.Random(seed)
        order = [*signals, *(each for each in signals if dice.random() < 0.3)]
        dice.shuffle(order)
        assert right == exported(fold(order)), seed


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_a_mailbox_recorded_step_by_step_is_the_same_bytes(name: str, seed: int | None) -> None:
    """In the order of delivery, and in others: only the components a mail touches are folded again."""
    _, _, signals = box(name)
    order = list(signals)
    if seed is not None:
        random.Random(seed).shuffle(order)
    memory = Memory()
    for each in order:
        memory.add([each])
    assert exported(fold(signals)) == exported(memory.folded())


@cache
def linked() -> links.Links:
    whole = links.Links()
    for file in sorted((ROOT / "corpus/threads").rglob("*.yaml")):
        made = person(file)
        whole.add(links.judge(made, fold(made.gold(each) for each in made.mails)))
    return whole


def test_no_mail_of_ten_people_sits_by_itself_in_a_wrong_application() -> None:
    """At most one in two hundred may; none does."""
    assert linked().verdicts[links.WRONG] == 0
    assert linked().strangers == 0


def test_nearly_all_their_mail_is_linked() -> None:
    """What is not waits with its candidates, or names an employer under a name nobody knows."""
    assert linked().verdicts[links.RIGHT] >= 0.925 * linked().verdicts.total()
