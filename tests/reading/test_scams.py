"""An offer with signs of a scam waits for the person; what honest offers say is no sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hearback.model.ids import Personal
from hearback.model.message import Address, Message, RawMessage
from hearback.model.signal import Decision, Kind
from hearback.reading import scams, wordlists
from hearback.reading.read import Context, read

Make = Callable[..., Message]
DESK = {"sender": Address(Personal("hr.desk77@gmail.com"), Personal("HR Department"))}
OFFER = (
    "Authentication-Results: mx.receiver.example; dmarc=pass header.from=acme.example\r\n"
    "From: Anna Berg <anna@acme.example>\r\nTo: me@home.example\r\nSubject: Job offer: Backend Engineer at Acme\r\n"
    "Date: Mon, 09 Mar 2026 09:00:00 +0100\r\n\r\nDear Sam,\r\n\r\n"
    "We are delighted to offer you the position of Backend Engineer at Acme. Your salary is 60,000 euros a year. {more}\r\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "Kindly pay the refundable registration fee of 45 GBP before you start.",
        "Die Startgebühr von 49 EUR bekommen Sie zurück.",
        "Merci d'envoyer 49 euros de caution.",
        "Realice el depósito de activación.",
        "É preciso pagar a taxa de treinamento.",
        "Serve un versamento cauzionale di 49 euro.",
        "Voor activeren doet u een storting van € 75.",
        "Prosimy o kaucję 99 zł.",
    ],
)
def test_money_in_advance_is_a_sign(message: Make, text: str) -> None:
    """In every language that is read."""
    assert "money in advance" in str(scams.doubt(message(text)))


@pytest.mark.parametrize(
    "text",
    ["You will receive a cheque to buy equipment.", "Vous recevrez un chèque.", "A check will be mailed to you."],
)
def test_a_cheque_for_equipment_is_a_sign(message: Make, text: str) -> None:
    """It bounces after the money is spent."""
    assert "cheque" in str(scams.doubt(message(text)))


@pytest.mark.parametrize("text", ["You are paid in USDT.", "Send a gift card.", "The transfer goes by Western Union."])
def test_payment_that_cannot_be_called_back_is_a_sign(message: Make, text: str) -> None:
    """Crypto, vouchers, cash transfer."""
    assert "cannot be called back" in str(scams.doubt(message(text)))


def test_an_offer_without_an_interview_from_a_personnel_office_on_free_mail_in_a_messenger_is_one(
    message: Make,
) -> None:
    """Three slight signs weigh as much as a grave one."""
    found = scams.doubt(message("You are hired, no interview needed. Add our manager on WhatsApp.", **DESK))
    assert found == (
        "It has signs of a scam: nobody wants to meet you first; it goes on in a messenger; "
        "its personnel office writes from free mail."
    )


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Welcome aboard! Please send us your bank details for payroll.", {}),
        ("You start on Monday. Questions? I am on WhatsApp.", {}),
        ("Your laptop will be sent to you. The probation period is six months.", {}),
        ("We reimburse your visa fee after your first month.", {}),
        ("We pay your registration fee with the council.", {}),
        ("Les frais de formation sont pris en charge.", {}),
        ("No interview needed, I have seen you work. Text me on WhatsApp.", {}),
        ("You start on Monday.", DESK),
    ],
)
def test_what_honest_offers_say_is_no_sign(message: Make, text: str, fields: dict[str, Any]) -> None:
    """Payroll, messengers, equipment, and small employers on free mail."""
    assert scams.doubt(message(text, **fields)) is None


def test_an_offer_with_a_grave_sign_waits_and_is_still_an_offer(
    raw: Callable[..., RawMessage], context: Context
) -> None:
    """Nothing else of its reading changes."""
    plain = read(raw(OFFER.format(more="").encode()), context)
    doubtful = read(raw(OFFER.format(more="Please pay the refundable registration fee first.").encode()), context)
    assert Kind.OFFER is plain.signal.kind
    assert Kind.OFFER is doubtful.signal.kind
    assert plain.signal.doubt is None
    assert doubtful.signal.doubt is not None
    assert Decision.REVIEW is doubtful.decision
    assert str(doubtful.signal.doubt) in doubtful.explanation


def test_mail_that_offers_nothing_is_not_looked_at(raw: Callable[..., RawMessage], context: Context) -> None:
    """A receipt may warn of scams in the same words."""
    text = (
        "From: Anna <anna@acme.example>\r\nTo: me@home.example\r\nSubject: Thank you for applying to Acme\r\n\r\n"
        "We have received your application for the Backend Engineer position. We never ask for gift cards.\r\n"
    )
    reading = read(raw(text.encode()), context)
    assert Kind.APPLICATION_CONFIRMATION is reading.signal.kind
    assert reading.signal.doubt is None


def test_every_sign_of_the_list_is_weighed() -> None:
    """And none stands in the list alone."""
    assert {term.name for term in wordlists.read("scams.txt")} == {*scams.GRAVE, *scams.SLIGHT, "desk"}


@pytest.mark.parametrize("hostile", ["a check of " * 9000, "1" * 200_000, "refundable " + "a" * 200_000])
def test_a_hostile_text_gets_an_answer(message: Make, hostile: str) -> None:
    """Bounded, in linear time."""
    scams.doubt(message(hostile))
