"""What is at stake comes first; what a forger claims does not."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from strategies import TEMPLATES

from hearback.model.application import ReviewItem
from hearback.model.ids import FactId, Personal
from hearback.model.signal import InterviewAction, InterviewNotice, Kind
from hearback.pipeline.ranking import Stakes, due_at, ranked, same_sort, stakes

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONE = "Europe/Berlin"


def item(fact: str, kind: Kind | None = Kind.STATUS_UPDATE, **fields: Any) -> ReviewItem:
    base: dict[str, Any] = {"at": NOW - timedelta(days=1), "confidence": 0.8, "reason": "unsure"}
    return ReviewItem(fact=FactId(fact), kind=kind, **(base | fields))


def talk(hours: float, action: InterviewAction = InterviewAction.INVITE) -> dict[str, Any]:
    return {"interview": InterviewNotice(action=action, start_at=NOW + timedelta(hours=hours))}


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (Kind.OFFER, {}, Stakes.OFFER),
        (Kind.OFFER, {"deadline": "2026-11-26"}, Stakes.NOW),
        (Kind.OFFER, {"deadline": "2026-11-24"}, Stakes.NOW),
        (Kind.OFFER, {"deadline": "2026-11-23"}, Stakes.NEWS),
        (Kind.OFFER, {"deadline": "2026-12-20"}, Stakes.OFFER),
        (Kind.OFFER, {"deadline": "soon"}, Stakes.OFFER),
        (Kind.INTERVIEW_INVITATION, {}, Stakes.INTERVIEW),
        (Kind.INTERVIEW_INVITATION, talk(47), Stakes.NOW),
        (Kind.INTERVIEW_INVITATION, talk(-0.5), Stakes.NOW),
        (Kind.INTERVIEW_INVITATION, talk(49), Stakes.INTERVIEW),
        (Kind.INTERVIEW_INVITATION, talk(-2), Stakes.NEWS),
        (Kind.INTERVIEW_INVITATION, talk(3, InterviewAction.CANCEL), Stakes.INTERVIEW),
        (Kind.ASSESSMENT, {"deadline": "2026-11-25T18:00:00+01:00"}, Stakes.NOW),
        (Kind.ASSESSMENT, {}, Stakes.TEST),
        (Kind.REJECTION, {"deadline": "2026-11-25"}, Stakes.REJECTION),
        (None, {}, Stakes.UNREAD),
        (Kind.STATUS_UPDATE, {}, Stakes.NEWS),
        (Kind.APPLICATION_CONFIRMATION, {}, Stakes.RECEIPT),
        (Kind.RECRUITER_OUTREACH, {}, Stakes.OUTREACH),
        (Kind.OFFER, {"deadline": "2026-11-25", "doubtful": True}, Stakes.DOUBTFUL),
    ],
)
def test_the_stakes_of_each_sort(kind: Kind | None, fields: dict[str, Any], expected: Stakes) -> None:
    """Kind, and how near what is due is."""
    assert stakes(item("x", kind, **fields), NOW, ZONE) is expected


def test_the_table_in_the_documentation_is_the_code() -> None:
    """Every rank, in order."""
    text = (Path(__file__).parents[2] / "docs/definitions.md").read_text()
    section = text.partition("## The order of the Email Inbox")[2].partition("\n## ")[0]
    told = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]
    assert told == [str(int(each)) for each in Stakes]
    assert all(f"`{each.name}`" in section for each in Stakes)


def test_the_order_is_the_same_from_whatever_order() -> None:
    """Stakes, what is due first, urgent, surer by a tenth, newer, the fact."""
    wanted = [
        item("now-sooner", Kind.INTERVIEW_INVITATION, **talk(5)),
        item("now-later", Kind.ASSESSMENT, deadline="2026-11-25"),
        item("urgent", urgent=True, confidence=0.5),
        item("sure", confidence=0.9),
        item("newer", at=NOW),
        item("a", confidence=0.84),
        item("b", confidence=0.76),
        item("older", at=NOW - timedelta(days=9)),
    ]
    dice = random.Random(7)
    for _ in range(10):
        shuffled = list(wanted)
        dice.shuffle(shuffled)
        assert [each.fact for each in ranked(shuffled, NOW, ZONE)] == [each.fact for each in wanted]


def test_a_deadline_is_the_end_of_the_persons_day() -> None:
    """Not of a day in Greenwich."""
    due = due_at(item("x", Kind.OFFER, deadline="2026-11-30"), "America/New_York")
    assert due is not None
    assert due.astimezone(UTC).date().isoformat() == "2026-12-01"


def test_one_sort_is_one_kind_sender_and_template() -> None:
    """Another kind, sender or template, or a doubtful copy, is another sort."""
    one = item("one", address=Personal("a@x.example"), template=TEMPLATES[1])
    alike = replace(one, fact=FactId("alike"), template=TEMPLATES[2], subject=Personal("other"))
    others = [
        replace(one, fact=FactId("kind"), kind=Kind.OFFER),
        replace(one, fact=FactId("sender"), address=Personal("b@x.example")),
        replace(one, fact=FactId("template"), template=TEMPLATES[3]),
        replace(one, fact=FactId("none"), template=""),
        replace(one, fact=FactId("forged"), doubtful=True),
    ]
    assert [each.fact for each in same_sort(one, [one, *others, alike])] == ["one", "alike"]


def test_without_a_template_the_subject_tells() -> None:
    """Mail of no known sender is of no sort but its own."""
    one = item("one", address=Personal("a@x.example"), subject=Personal("Hello"))
    same, other = replace(one, fact=FactId("same")), replace(one, fact=FactId("other"), subject=Personal("Bye"))
    assert [each.fact for each in same_sort(one, [one, same, other])] == ["one", "same"]
    nobody = replace(one, address=Personal(""))
    assert same_sort(nobody, [nobody, replace(nobody, fact=FactId("x"))]) == [nobody]
