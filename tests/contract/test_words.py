"""What every store promises of words on senders and of batches: kept sealed, in force at once, taken back in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hearback.model.act import Confirm, Ignore, TrustDomain, in_batch
from hearback.model.budget import Budget
from hearback.model.errors import NotFound
from hearback.model.ids import ActId, FactId, MailboxId, Personal, PersonId, ProviderMessageId, signal_id
from hearback.model.message import Address, Authenticity
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision, InterviewAction, InterviewNotice, Kind, Signal
from hearback.pipeline.folding import fold
from hearback.sync import senders
from hearback.sync.batches import AT_ONCE, Batch, record_all, undo
from hearback.sync.record import record

ANN, BEN = PersonId("ann"), PersonId("ben")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BOX = MailboxId("gmail-1")


def mail(number: int, company: str, **fields: Any) -> Signal:
    """An employer's mail of which nobody is quite sure what it says."""
    message = ProviderMessageId(f"m{number}")
    base: dict[str, Any] = {
        "id": signal_id(BOX, message),
        "mailbox_id": BOX,
        "provider_message_id": message,
        "received_at": NOW - timedelta(days=2) + timedelta(minutes=number),
        "message_id": f"{number}@x.example",
        "sender": Address(Personal("canary-sender@mail.masses.example"), Personal("Masses")),
        "authenticity": Authenticity.PASS,
        "kind": Kind.STATUS_UPDATE,
        "confidence": 0.9,
        "company": Personal(company),
        "role": Personal("Engineer"),
    }
    return Signal(**(base | fields))


@pytest.fixture
def rooms(store: Any) -> Any:
    """As much of the rooms as recording needs; the clock moves on with every look."""
    moments = (NOW + timedelta(seconds=number) for number in range(10_000))
    return SimpleNamespace(store=store, clock=lambda: next(moments), budget=Budget(), queue=None)


def waiting(store: Any) -> set[str]:
    return {each.fact for each in store.projections.review(ANN)}


def test_a_word_on_a_domain_reaches_mail_everywhere_and_is_taken_back(store: Any, rooms: Any) -> None:
    """Three employers, one mass mailer: blocked, nothing waits; taken back, all does; another person's mail is theirs."""
    mails = [mail(number, company) for number, company in enumerate(("Acme", "Zenith", "Quay"))]
    for each in mails:
        record(rooms, ANN, [each], silent=True)
    record(rooms, BEN, [mails[0]], silent=True)
    before = waiting(store)
    assert len(before) == 3
    batch = senders.block_written(rooms, ANN, "Masses.example")
    assert waiting(store) == set()
    assert len(store.projections.left_out(ANN)) == 3
    assert len(store.projections.review(BEN)) == 1
    assert [each.sender for each in store.facts.lessons(ANN).senders] == ["@masses.example"]
    assert store.facts.lessons(ANN).taught == ()
    undo(rooms, ANN, batch)
    assert waiting(store) == before
    assert store.facts.lessons(ANN).senders == ()


def test_trust_applies_what_waits_and_what_comes(store: Any, rooms: Any) -> None:
    """Stored as the fold from scratch has it."""
    first, second = mail(1, "Acme"), mail(2, "Zenith")
    record(rooms, ANN, [first], silent=True)
    senders.trust(rooms, ANN, "someone@masses.example")
    record(rooms, ANN, [second], silent=True)
    assert waiting(store) == set()
    word = TrustDomain(id=ActId("t"), at=NOW, sender=Personal("@masses.example"))
    whole = fold([first, second, word]).applications
    shown = store.projections.applications(ANN)
    assert sorted(each.facts for each in shown) == sorted(each.facts for each in whole)


def test_an_item_is_stored_with_all_that_is_shown_of_it(store: Any, rooms: Any) -> None:
    """Candidates, interview, what Smart would have done: as folded."""
    board = mail(1, "Acme", confidence=0.99, kind=Kind.APPLICATION_CONFIRMATION)
    interview = InterviewNotice(action=InterviewAction.INVITE, start_at=NOW + timedelta(days=3), duration_min=45)
    asked = mail(2, "Acme", kind=Kind.INTERVIEW_INVITATION, interview=interview, mode=AutomationMode.REVIEW)
    for each in (board, asked):
        record(rooms, ANN, [each], silent=True)
    (item,) = store.projections.review(ANN)
    assert (item,) == fold([board, asked]).review
    assert [(each.fact, each.reasons[:1]) for each in item.candidates] == [(board.id, ("same company and role",))]
    assert item.would is Decision.APPLY
    assert item.interview == interview


def test_a_batch_is_done_in_one_go_and_taken_back_in_one_go(store: Any, rooms: Any) -> None:
    """Acts at more applications than one transaction takes; the undo is taken back in the same way."""
    mails = [
        mail(number, f"Em{number}ployer", sender=Address(Personal(f"a@e{number}.example"))) for number in range(23)
    ]
    assert len(mails) > 2 * AT_ONCE
    for each in mails:
        record(rooms, ANN, [each], silent=True)
    batch = Batch(rooms.clock())
    record_all(rooms, ANN, [Confirm(**batch.base(), about=FactId(each.id)) for each in mails])
    assert waiting(store) == set()
    taken_back = undo(rooms, ANN, batch.id)
    assert len(waiting(store)) == 23
    undo(rooms, ANN, taken_back)
    assert waiting(store) == set()


def test_one_act_is_taken_back_by_its_own_id(store: Any, rooms: Any) -> None:
    """Also one of a batch, alone."""
    mails = [mail(number, f"Em{number}ployer") for number in range(2)]
    record(rooms, ANN, mails, silent=True)
    batch = Batch(rooms.clock())
    record_all(rooms, ANN, [Ignore(**batch.base(), about=FactId(each.id)) for each in mails])
    undo(rooms, ANN, in_batch(batch.id, 1))
    assert waiting(store) == {mails[1].id}


def test_what_is_not_there_stops_the_whole_batch(store: Any, rooms: Any) -> None:
    """Nothing of it is done; nor is there anything to take back. Another person's mail is not there."""
    mine, theirs = mail(1, "Acme"), mail(2, "Zenith")
    record(rooms, ANN, [mine], silent=True)
    record(rooms, BEN, [theirs], silent=True)
    batch = Batch(rooms.clock())
    acts = [Ignore(**batch.base(), about=FactId(each.id)) for each in (mine, theirs)]
    with pytest.raises(NotFound):
        record_all(rooms, ANN, acts)
    assert waiting(store) == {mine.id}
    for about in (batch.id, theirs.id, "nothing"):
        with pytest.raises(NotFound):
            undo(rooms, ANN, about)


def test_a_word_holds_for_mail_that_says_nothing_of_a_template(store: Any, rooms: Any) -> None:
    """Mail that could not be read is found by its sender, too."""
    unread = replace(mail(1, "Acme"), kind=None, error="could not be read", company=None)
    record(rooms, ANN, [unread], silent=True)
    senders.block(rooms, ANN, unread.sender)
    assert waiting(store) == set()
