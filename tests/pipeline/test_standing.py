"""A word on a sender holds at once for what waits and what comes, never against the person's word on a mail, and is undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from memory import Memory
from strategies import START, signal

from hearback.model.act import BlockSender, Confirm, Link, TrustDomain, Undo
from hearback.model.application import Folded
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.lesson import SenderWord
from hearback.model.message import Address, Authenticity, Origin
from hearback.model.signal import Kind, Signal
from hearback.pipeline.folding import fold
from hearback.pipeline.standing import word_on

SAID = START + timedelta(days=10)
ACME = "jobs@acme.example"


def block(sender: str = ACME, number: int = 1, **fields: Any) -> BlockSender:
    at = fields.pop("at", SAID)
    return BlockSender(id=ActId(f"block{number}"), at=at, sender=Personal(sender), **fields)


def trust(sender: str = "@acme.example") -> TrustDomain:
    return TrustDomain(id=ActId("trust1"), at=SAID, sender=Personal(sender))


def unsure(number: int, **fields: Any) -> Signal:
    return signal(number, **{"confidence": 0.9, "kind": Kind.STATUS_UPDATE, **fields})


def left_out(folded: Folded) -> list[tuple[str, str | None]]:
    return [(each.fact, each.blocked_by) for each in folded.left_out]


def test_what_waits_of_a_blocked_sender_is_left_out_and_says_why() -> None:
    """It waits no more, whenever it came; it is listed with the act that hides it."""
    mail = unsure(1, confidence=0.5)
    folded = fold([mail, block()])
    assert folded.review == ()
    assert left_out(folded) == [(mail.id, "block1")]
    assert "ignore mail of this sender" in folded.left_out[0].reason


def test_mail_about_no_application_is_not_listed() -> None:
    """The block hides nothing of it."""
    mail = signal(1, kind=Kind.OTHER, received_at=SAID + timedelta(days=1))
    assert fold([mail, block()]).left_out == ()


def test_undoing_the_block_brings_everything_back() -> None:
    """As it was before."""
    facts: list[Fact] = [unsure(1, confidence=0.5), signal(20, received_at=SAID + timedelta(days=1))]
    undo = Undo(id=ActId("undo"), at=SAID + timedelta(days=9), about=FactId("block1"))
    assert fold([*facts, block(), undo]) == fold(facts)


def test_what_a_blocked_sender_did_before_stays_and_what_comes_after_does_nothing() -> None:
    """Sure mail, on either side of the block."""
    before, after = signal(1), signal(2, received_at=SAID + timedelta(hours=1), kind=Kind.REJECTION)
    (application,) = fold([before, after, block()]).applications
    assert application.stage == "applied"
    assert left_out(fold([before, after, block()])) == [(after.id, "block1")]


@pytest.mark.parametrize("said", [Confirm, Link])
def test_the_persons_word_on_a_mail_outranks_the_block(said: Any) -> None:
    """Confirmed or put somewhere, before the block or after it."""
    mail = unsure(1, confidence=0.5)
    more = {"application": mail.id} if said is Link else {}
    for days in (-1, 1):
        act = said(id=ActId("a"), at=SAID + timedelta(days=days), about=FactId(mail.id), **more)
        assert [each.facts for each in fold([mail, block(), act]).applications] == [(mail.id,)]


@pytest.mark.parametrize(
    ("sender", "name", "blocked"),
    [
        (ACME, None, True),
        (ACME, "Acme", True),
        (ACME, "Another", False),
        ("@acme.example", None, True),
        ("@example", None, True),
        ("@cme.example", None, False),
        ("jobs@heron.example", None, False),
    ],
)
def test_who_is_meant(sender: str, name: str | None, blocked: bool) -> None:
    """An address, under a name or whatever name; a domain with all below it, never one that only ends alike."""
    mail = unsure(1, confidence=0.5, sender=Address(Personal(ACME), Personal("Acme")))
    folded = fold([mail, block(sender, name=Personal(name) if name else None)])
    assert bool(folded.left_out) is blocked


def test_the_most_particular_word_counts_then_the_latest() -> None:
    """An address before its domain, a domain before the one above it."""

    def word(sender: str, days: int, *, trusted: bool) -> SenderWord:
        return SenderWord(
            act=FactId(f"{sender}{days}"), at=START + timedelta(days=days), sender=Personal(sender), trusted=trusted
        )

    words = [
        word("@acme.example", 9, trusted=False),
        word("@hr.acme.example", 1, trusted=True),
        word("ann@hr.acme.example", 0, trusted=False),
        word("@acme.example", 3, trusted=True),
    ]
    for address, expected in (
        ("ann@hr.acme.example", False),
        ("ben@hr.acme.example", True),
        ("ben@acme.example", False),
    ):
        found = word_on(Address(Personal(address)), words)
        assert found is not None
        assert found.trusted is expected
    assert word_on(Address(Personal("ann@heron.example")), words) is None


def test_a_trusted_domain_counts_as_a_known_process() -> None:
    """Mail nearly sure is applied, that waited before; a rejection only from its higher threshold."""
    mail, rejection = unsure(1), unsure(2, kind=Kind.REJECTION, confidence=0.89, company=Personal("Meta"))
    assert len(fold([mail, rejection]).review) == 2
    folded = fold([mail, rejection, trust()])
    assert [each.facts for each in folded.applications] == [(mail.id,)]
    assert [each.fact for each in folded.review] == [rejection.id]


@pytest.mark.parametrize(
    "fields",
    [
        {"authenticity": Authenticity.FAIL},
        {"authenticity": Authenticity.NONE},
        {"authenticity": Authenticity.NONE, "origin": Origin.IMPORTED},
        {"doubt": Personal("The address looks like another.")},
        {"confidence": 0.84},
    ],
)
def test_trust_makes_up_for_nothing_else(fields: dict[str, Any]) -> None:
    """No proof of the sender, a doubt, too little certainty: it waits."""
    assert fold([unsure(1, **fields), trust()]).applications == ()


def test_outreach_from_a_trusted_recruiter_is_a_lead_by_itself() -> None:
    """That is what one trusts recruiters for."""
    mail = unsure(1, kind=Kind.RECRUITER_OUTREACH)
    assert fold([mail]).applications == ()
    assert [each.is_lead for each in fold([mail, trust()]).applications] == [True]


def test_a_word_reaches_mail_in_other_components_when_it_is_recorded() -> None:
    """Step by step, a block of a domain is seen everywhere, and its undo too."""
    memory = Memory()
    mails = [
        unsure(number, confidence=0.5, company=Personal(name), thread_id=None, domain=None)
        for number, name in enumerate(("Zenith", "Quay"))
    ]
    for each in mails:
        memory.add([each])
    memory.add([block("@acme.example")])
    assert memory.folded().review == ()
    memory.add([Undo(id=ActId("undo"), at=SAID + timedelta(days=1), about=FactId("block1"))])
    assert len(memory.folded().review) == 2
