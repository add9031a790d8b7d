"""What every store promises of acts: each sort is kept and shown, batches of any size are done and taken back in one go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from hearback.model import act as acts
from hearback.model.application import Folded, InterviewStatus, Stage
from hearback.model.budget import Budget
from hearback.model.errors import NotFound, Permanent
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, FactId, MailboxId, Personal, PersonId, ProviderMessageId, signal_id
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind, Ruled, Signal
from hearback.pipeline import canonical
from hearback.pipeline.folding import fold
from hearback.storage.codec import decode_fact, encode_fact
from hearback.sync import batches
from hearback.sync.record import act as record_act
from hearback.sync.record import record

ANN = PersonId("ann")
BOX = MailboxId("gmail-1")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def mail(number: int, company: str) -> Signal:
    message = ProviderMessageId(f"m{number}")
    return Signal(
        id=signal_id(BOX, message),
        mailbox_id=BOX,
        provider_message_id=message,
        received_at=NOW - timedelta(days=90 - number),
        message_id=f"{number}@x",
        digest=f"{number}",
        sender=Address(Personal(f"jobs@{company.lower()}.example")),
        authenticity=Authenticity.PASS,
        kind=Kind.APPLICATION_CONFIRMATION,
        confidence=0.99,
        company=Personal(company),
        role=Personal("Clerk"),
    )


@pytest.fixture
def rooms(store: Any) -> Any:
    """As much of the rooms as acting needs; time passes."""
    tick = count()
    return SimpleNamespace(store=store, clock=lambda: NOW + timedelta(seconds=next(tick)), budget=Budget())


def exported(folded: Folded) -> bytes:
    return canonical.canonical_bytes(canonical.export(folded, owner="", mailboxes=(), ledger=(), as_of=NOW))


def shown(store: Any) -> bytes:
    return exported(Folded(tuple(store.projections.applications(ANN)), tuple(store.projections.review(ANN))))


def every_sort(about: FactId, other: FactId) -> list[acts.Act]:
    """One act of every sort, all fields filled."""
    numbers = count()

    def base() -> dict[str, Any]:
        number = next(numbers)
        return {"id": ActId(f"act{number:02}"), "at": NOW + timedelta(minutes=number), "about": about}

    def nowhere() -> dict[str, Any]:
        return {name: value for name, value in base().items() if name != "about"}

    words = {
        "zone": "Europe/Oslo",
        "interviewers": (Personal("Ann"),),
        "place": Personal("x"),
        "video_link": Personal(""),
    }
    when = {"start_at": NOW, "duration_min": 30, "round_type": InterviewType.PANEL}
    return [
        acts.Correct(**base(), kind=Kind.INTERVIEW_INVITATION, action=InterviewAction.CONFIRM, **words, **when),
        acts.Correct(**base(), detail=Detail.ON_HOLD, deadline="2026-12-01", urgent=True, start_at=""),
        acts.Correct(**base(), detail="", location=Personal("Oslo"), requisition_id="R-1", agency=Personal("Hays")),
        acts.SetStage(**base(), stage=Stage.ACCEPTED, beside=(other,)),
        acts.Edit(**base(), company=Personal("Zenith"), role=Personal(""), on_hold=True, urgent=False),
        acts.Note(**base(), text=Personal("call"), written_at=NOW),
        acts.Tag(**base(), tag=Personal("dream")),
        acts.Untag(**base(), tag=Personal("DREAM")),
        acts.Archive(**base()),
        acts.Unarchive(**base()),
        acts.SetRound(**base(), status=InterviewStatus.SCHEDULED, **words, **when),
        acts.DropRound(**base(), which=FactId("act10")),
        acts.SetDeadline(**base(), due="2026-12-02", kind=Kind.OFFER),
        acts.DropDeadline(**base(), which=FactId("act12")),
        acts.Merge(**base(), other=other),
        acts.MarkPrimary(**(base() | {"about": other})),
        acts.Split(**base(), signals=(other,)),
        acts.NotTheSame(**base(), other=other),
        acts.Link(**(base() | {"about": other}), application=about),
        acts.Revert(**base()),
        acts.Confirm(**base(), application=other),
        acts.Ignore(**(base() | {"about": other})),
        acts.ApplyRules(**base(), ruled=Ruled(at=NOW, stage=Stage.IN_REVIEW, tags=(Personal("far"),))),
        acts.BlockSender(**nowhere(), sender=Personal("hr@elsewhere.example"), name=Personal("HR")),
        acts.TrustDomain(**nowhere(), sender=Personal("@elsewhere.example")),
    ]


def test_every_sort_of_act_is_kept_as_it_was_said(store: Any, rooms: Any) -> None:
    """Recorded one by one with mail in between, undone one by one: what is shown is what folding all of it gives."""
    first, second = mail(1, "Acme"), mail(2, "Borealis")
    said = every_sort(fact_id(first), fact_id(second))
    assert {type(each) for each in said} | {acts.Add, acts.Undo} == set(acts.Act.__args__)
    facts: list[Fact] = [first, second]
    record(rooms, ANN, facts, silent=True)
    for number, each in enumerate(said):
        assert decode_fact(encode_fact(each)) == each
        record_act(rooms, ANN, each)
        facts.append(each)
        if number % 7 == 0:
            late = mail(10 + number, "Acme")
            record(rooms, ANN, [late], silent=True)
            facts.append(late)
        assert shown(store) == exported(fold(facts)), each
    for each in reversed(said):
        batches.undo(rooms, ANN, each.id)
    assert shown(store) == exported(fold(fact for fact in facts if isinstance(fact, Signal)))


def test_a_large_batch_is_done_and_taken_back_in_one_go(store: Any, rooms: Any) -> None:
    """More acts than one transaction holds; undone, redone; undoing what is undone does nothing."""
    mails = [
        mail(number, f"{name} {name}") for number, name in enumerate(f"{a}{b}co" for a in "abcde" for b in "uvwxyz")
    ]
    for each in mails:
        record(rooms, ANN, [each], silent=True)
    untouched = shown(store)
    batch = batches.Batch(rooms.clock())
    batches.record_all(rooms, ANN, [acts.Archive(**batch.base(), about=fact_id(each)) for each in mails])
    archived = shown(store)
    assert all(each.archived for each in store.projections.applications(ANN))
    undo = batches.undo(rooms, ANN, batch.id)
    assert shown(store) == untouched
    assert batches.undo(rooms, ANN, batch.id) == ""
    redo = batches.undo(rooms, ANN, undo)
    assert shown(store) == archived
    batches.undo(rooms, ANN, redo)
    assert shown(store) == untouched


def test_nothing_is_done_where_anything_is_not_theirs(store: Any, rooms: Any) -> None:
    """A batch with one stranger's fact, an Undo of mail or of nothing: refused, nothing recorded."""
    record(rooms, ANN, [mail(1, "Acme")], silent=True)
    before = store.projections.version(ANN)
    batch = batches.Batch(rooms.clock())
    some = [acts.Archive(**batch.base(), about=each) for each in (fact_id(mail(1, "Acme")), FactId("nobody"))]
    with pytest.raises(NotFound):
        batches.record_all(rooms, ANN, some)
    with pytest.raises(NotFound):
        batches.undo(rooms, ANN, "batch-nothing")
    with pytest.raises(Permanent):
        batches.undo(rooms, ANN, mail(1, "Acme").id)
    assert store.projections.version(ANN) == before
