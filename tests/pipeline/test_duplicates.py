"""Pairs that probably are one are proposed with their reasons; what only looks alike never is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import START, facts, signal

from hearback.model.act import NotTheSame, Split, Undo
from hearback.model.application import Application
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, FactId, MailboxId, Personal
from hearback.model.message import Address
from hearback.model.signal import Kind
from hearback.pipeline import duplicates
from hearback.pipeline.folding import fold


def made(number: int, company: str | None, role: str | None, **fields: Any) -> Application:
    """One application as pages see it, mail and times of its own."""
    base: dict[str, Any] = {
        "facts": (FactId(f"gmail-1/m{number}"),),
        "company": Personal(company) if company else None,
        "role": Personal(role) if role else None,
        "message_ids": (f"{number}@x",),
        "first_contact_at": START + timedelta(days=number),
        "last_contact_at": START + timedelta(days=number),
    }
    return Application(**(base | fields))


ANN = ((Personal("Ann"), Personal("ann@acme.example")),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (made(1, "Acme", "Data Engineer"), made(2, "ACME GmbH", "Data Engineer (m/w/d)")),
        (made(1, "Tidewater", "Data Engineer"), made(2, "Tidewater Grid", "Data Engineer")),
        (made(1, "Acme", None, contacts=ANN), made(2, "Acme", "Data Engineer", contacts=ANN)),
        (made(1, "Acme", None, message_ids=()), made(2, "Acme", "Data Engineer")),
        (made(1, None, None, digests=("d",)), made(2, "Acme", "Data Engineer", digests=("d",))),
        (made(1, "Acme", None, requisition_id="R-1"), made(2, None, None, requisition_id="r-1")),
    ],
    ids=["two wordings", "names that continue", "one contact", "added by hand", "the same mail", "one number"],
)
def test_what_probably_is_one_is_proposed(one: Application, other: Application) -> None:
    """Once, with reasons, whatever order they come in."""
    for both in ((one, other), (other, one)):
        (pair,) = duplicates.pairs(both)
        assert {pair.one.facts, pair.other.facts} == {one.facts, other.facts}
        assert pair.reasons
        assert all(reason.endswith(".") for reason in pair.reasons)
        assert duplicates.PROPOSED_FROM <= pair.score <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (made(1, "Acme", "Data Engineer", contacts=ANN), made(2, "Acme", "Data Analyst", contacts=ANN)),
        (made(1, "Meta", "Data Engineer"), made(2, "Metaverse", "Data Engineer")),
        (made(1, "Meta", "Data Engineer", contacts=ANN), made(2, "Metaverse", "Data Engineer", contacts=ANN)),
        (made(1, "Acme", "Engineer", requisition_id="R-1"), made(2, "Acme", "Engineer", requisition_id="R-2")),
        (made(1, "Acme", None), made(2, "Acme", "Data Engineer")),
        (made(1, "Aldi", "Barista", location="Leeds"), made(2, "Aldi", "Barista", location="Hull")),
        (made(1, "Acme", "Data Engineer"), made(2, "Acme", "Data Engineer", archived=True)),
        (made(1, "Acme", "Data Engineer", stage=None), made(2, "Acme", "Data Engineer", stage=None)),
    ],
    ids=[
        "sibling roles",
        "names alike",
        "names alike, one contact",
        "numbers",
        "too little",
        "places",
        "archived",
        "leads",
    ],
)
def test_what_only_looks_alike_is_not(one: Application, other: Application) -> None:
    """Sibling roles, near-miss names and what says too little are left alone."""
    assert duplicates.pairs([one, other]) == ()


def test_a_second_try_is_no_double() -> None:
    """A receipt long after a rejection at the same employer for the same role."""
    first = [signal(1), signal(2, kind=Kind.REJECTION)]
    again = signal(9, thread_id="later", received_at=START + timedelta(days=60))
    folded = fold([*first, again])
    assert len(folded.applications) == 2
    assert duplicates.pairs(folded.applications) == ()


def _parted() -> list[Fact]:
    """One mail of two mailboxes, with different ids in its head, that the person keeps in two applications."""
    copy = signal(
        2,
        mailbox_id=MailboxId("import-2"),
        sender=Address(Personal("me@else.example"), Personal("Me")),
        digest="digest1",
        company=None,
        role=None,
        domain=None,
        confidence=0.99,
    )
    return [signal(1), copy]


def test_the_same_mail_from_two_mailboxes_is_proposed() -> None:
    """A copy that names nothing stands alone; its digest tells."""
    folded = fold(_parted())
    (pair,) = duplicates.pairs(folded.applications)
    assert pair.reasons[0] == "The same mail is in both."
    assert pair == duplicates.of(folded.applications[0], folded.applications)[0]


def test_not_the_same_is_never_proposed_again_until_undone() -> None:
    """The person's word on a pair holds whichever of its mails they named, and can be taken back."""
    mail = _parted()
    word = NotTheSame(id=ActId("a1"), at=START + timedelta(days=20), about=fact_id(mail[0]), other=fact_id(mail[1]))
    later = signal(8, received_at=START + timedelta(days=30))
    assert duplicates.pairs(fold([*mail, word, later]).applications) == ()
    undo = Undo(id=ActId("a2"), at=START + timedelta(days=21), about=FactId("a1"))
    assert duplicates.pairs(fold([*mail, word, later, undo]).applications)


def test_what_was_split_off_is_not_proposed() -> None:
    """To split is to say that they are two."""
    mail = [signal(1), signal(2)]
    split = Split(id=ActId("a1"), at=START + timedelta(days=20), about=mail[0].id, signals=(fact_id(mail[1]),))
    folded = fold([*mail, split])
    assert len(folded.applications) == 2
    assert duplicates.pairs(folded.applications) == ()


@given(facts(), st.randoms(use_true_random=False))
def test_proposals_do_not_depend_on_the_order(facts_made: list[Fact], dice: Any) -> None:
    """The same pairs and scores for shuffled applications."""
    applications = list(fold(facts_made).applications)
    first = duplicates.pairs(applications)
    dice.shuffle(applications)
    assert first == duplicates.pairs(applications)
