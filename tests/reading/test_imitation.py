"""A sender made to be taken for somebody else is named; honest ones are left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hearback.model.ids import Personal
from hearback.model.message import Address, Authenticity, RawMessage
from hearback.model.signal import Decision, Kind
from hearback.reading import imitation
from hearback.reading.read import Context, read

RECEIPT = (
    "Authentication-Results: mx.receiver.example; dmarc=pass\r\nFrom: Acme <no-reply@{domain}>\r\nTo: me@home.example\r\n"
    "Subject: Thank you for applying to Acme\r\nDate: Mon, 09 Mar 2026 09:00:00 +0100\r\n\r\n"
    "Dear Sam,\r\n\r\nThank you for applying to Acme. We have received your application for the Backend Engineer position.\r\n"
)


def _doubt(address: str, name: str = "Acme") -> str | None:
    return imitation.doubt(Address(Personal(address), Personal(name)))


@pytest.mark.parametrize(
    ("address", "genuine"),
    [
        ("no-reply@greenhouse-rnail.io", "greenhouse-mail.io"),
        ("no-reply@mail.teamtai1or.com", "teamtailor.com"),
        ("jobs@linkedln.com", "linkedin.com"),
        ("jobs@greenhouse.io.evil.example", "greenhouse.io"),
        ("jobs@xn--greenhuse-57a.io", "greenhouse.io"),
    ],
)
def test_an_address_made_to_look_like_a_vendors_is_named(address: str, genuine: str) -> None:
    """With whom it is taken for."""
    assert f"The address looks like {genuine} but is not." == _doubt(address)


def test_letters_of_several_alphabets_in_a_name_are_told() -> None:
    """Whomever it imitates."""
    assert _doubt("hr@аcme.example") == "The address mixes letters of several alphabets."


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@us.greenhouse-mail.io",
        "anna@acme.example",
        "hr@clever.com",
        "hr@greenhouse.acme.example",
        "hr@müller.de",
        "sam@recruiter.com",
        "",
        "no address",
    ],
)
def test_an_honest_address_is_left_alone(address: str) -> None:
    """Vendors, employers, names with accents, names one letter away that are words."""
    assert _doubt(address) is None


def test_a_well_known_name_on_free_mail_is_told() -> None:
    """No such company hires from there."""
    assert (
        _doubt("amzn.desk@gmail.com", "Amazon Recruiting") == "The sender is called Amazon but writes from free mail."
    )


@pytest.mark.parametrize("name", ["Tony DiBacco", "Amazonia Bakery", ""])
def test_anybody_else_may_write_from_free_mail(name: str) -> None:
    """Small employers do."""
    assert _doubt("tony@gmail.com", name) is None


def test_mail_from_an_address_that_imitates_waits_though_it_is_authenticated(
    raw: Callable[..., RawMessage], context: Context
) -> None:
    """Its owner can sign for it; the review says why."""
    reading = read(raw(RECEIPT.format(domain="greenhouse-rnail.io").encode()), context)
    assert Kind.APPLICATION_CONFIRMATION is reading.signal.kind
    assert Authenticity.PASS is reading.signal.authenticity
    assert Decision.REVIEW is reading.decision
    assert "The address looks like greenhouse-mail.io but is not." in reading.explanation


def test_the_same_mail_from_the_vendor_acts(raw: Callable[..., RawMessage], context: Context) -> None:
    """So it is the address that made it wait."""
    reading = read(raw(RECEIPT.format(domain="greenhouse-mail.io").encode()), context)
    assert Decision.APPLY is reading.decision
    assert reading.signal.doubt is None
