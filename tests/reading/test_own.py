"""Mail in the owner's name acts only where it was written by the owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hearback.model.deciding import decide
from hearback.model.message import Authenticity, Origin, RawMessage
from hearback.model.signal import Decision, Detail, Kind
from hearback.reading.read import Context, Reading, read

Make = Callable[..., RawMessage]
WITHDRAWS = (
    b"From: Me <me@home.example>\r\nTo: Anna <anna@acme.example>\r\nSubject: Re: Data Engineer\r\n"
    b"Date: Mon, 09 Mar 2026 09:00:00 +0100\r\n\r\nI would like to withdraw my application.\r\n"
)
FAILED = b"Authentication-Results: mx.google.com; dmarc=fail header.from=home.example\r\n"
DELIVERED = b"Received: from mail.evil.example (evil.example [192.0.2.1]) by mx.home.example with ESMTPS id 1; Mon, 09 Mar 2026 09:00:00 +0100\r\n"
HANDED_IN = b"Received: from [192.0.2.7] by smtp.evil.example with ESMTPSA id 2; Mon, 09 Mar 2026 09:00:00 +0100\r\n"


def acts(reading: Reading) -> bool:
    """Whether it withdraws the application by itself."""
    signal = reading.signal
    return signal.sent and signal.detail is Detail.WITHDRAWS and reading.decision is Decision.APPLY


@pytest.mark.parametrize(
    ("labels", "mine"),
    [(("SENT",), True), (("Sent Items",), True), (("SENT", "INBOX"), True), (("INBOX", "UNREAD"), False), ((), False)],
)
def test_live_mail_is_the_owners_only_where_the_provider_keeps_sent_mail(
    labels: tuple[str, ...], mine: bool, raw: Make, context: Context
) -> None:
    """Without the provider's mark a From header proves nothing, and no mark at all is no mark."""
    assert acts(read(raw(WITHDRAWS, labels=labels), context)) is mine


@pytest.mark.parametrize(
    ("head", "mine"),
    [
        (b"", True),
        (b"X-Gmail-Labels: Sent,Opened\r\n", True),
        (b"X-Gmail-Labels: =?UTF-8?Q?Messages_envoy=C3=A9s?=\r\n", True),
        (b"X-Gmail-Labels: Gesendet\r\n" + DELIVERED, True),
        (b"X-Gmail-Labels: Inbox,Unread\r\n", False),
        (FAILED + b"X-Gmail-Labels: Inbox\r\n", False),
        (b"X-Gmail-Labels: Sent\r\n" + FAILED, False),
        (DELIVERED + b"X-Gmail-Labels: Sent\r\n", False),
        (FAILED, False),
        (b"Authentication-Results: mx.home.example; dmarc=none\r\n", False),
        (b"Authentication-Results: smtp.home.example; auth=pass smtp.auth=me\r\n", True),
        (DELIVERED, False),
        (DELIVERED + HANDED_IN, False),
        (HANDED_IN, True),
        (b"Received: from 7 named unknown by gmailapi.google.com with HTTPREST; Mon, 09 Mar 2026 09:00:00 +0100\r\n", True),
        (b"Received: from a (with ESMTPSA) by mx.home.example with SMTP id 1; Mon, 09 Mar 2026 09:00:00 +0100\r\n", False),
        (b"Delivered-To: me@home.example\r\n", False),
    ],
)  # fmt: skip
def test_an_exports_mail_is_the_owners_unless_it_came_in(head: bytes, mine: bool, raw: Make, context: Context) -> None:
    """Takeout's own labels decide where they are, else the marks of delivery; a sender's labels stand below those."""
    assert acts(read(raw(head + WITHDRAWS, origin=Origin.IMPORTED), context)) is mine


def test_mail_that_came_in_under_the_owners_name_changes_nothing_by_itself(raw: Make, context: Context) -> None:
    """It is forged, or a copy to oneself: what it says about a job waits for the person."""
    rejection = DELIVERED + WITHDRAWS.replace(
        b"I would like to withdraw my application.",
        b"Unfortunately, we have decided not to move forward with your application for the Data Engineer position at Acme.",
    )
    reading = read(raw(rejection, origin=Origin.IMPORTED), context)
    assert (reading.signal.kind, reading.decision) == (Kind.REJECTION, Decision.REVIEW)


def test_mail_that_failed_authentication_never_acts_as_the_person(raw: Make, context: Context) -> None:
    """Whatever took it for sent: a failure comes first."""
    signal = read(raw(WITHDRAWS, labels=("SENT",)), context).signal
    assert decide(signal) is Decision.APPLY
    assert decide(replace(signal, authenticity=Authenticity.FAIL)) is Decision.REVIEW
