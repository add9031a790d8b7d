"""Only the receiving provider vouches for a sender, and only for the domain that is shown."""

from __future__ import annotations

import pytest

from hearback.model.message import Authenticity, Origin
from hearback.reading import trust

MINE = frozenset({"mx.google.com"})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["mx.google.com; dmarc=pass (p=REJECT) header.from=acme.example"], Authenticity.PASS),
        (["mx.google.com; dkim=pass header.i=@acme.example header.s=x"], Authenticity.PASS),
        (["mx.google.com; dkim=pass header.d=mail.acme.example"], Authenticity.PASS),
        (["mx.google.com 1; dmarc=pass header.from=acme.example"], Authenticity.PASS),
        (["MX.Google.com; DMARC=PASS header.from=acme.example"], Authenticity.PASS),
        (["mx.google.com; dmarc=fail (p=NONE) header.from=acme.example"], Authenticity.FAIL),
        (["mx.google.com; dkim=fail header.i=@acme.example; spf=fail"], Authenticity.FAIL),
        (["mx.google.com; dkim=pass header.i=@evil.example"], Authenticity.NONE),
        (["mx.google.com; dmarc=none; spf=pass"], Authenticity.NONE),
        (['mx.google.com; dkim=none reason="dmarc=pass"'], Authenticity.NONE),
        (["mx.google.com; spf=pass smtp.mailfrom=dmarc=pass@evil.example"], Authenticity.NONE),
        (["mx.google.com; dkim=neutral (dmarc=pass header.from=acme.example)"], Authenticity.NONE),
        (["mx.google.com; dmarc=pass header.from=evil.example"], Authenticity.NONE),
        (["evil.example; dmarc=pass header.from=acme.example"], Authenticity.NONE),
        (["mx.google.com.evil.example; dmarc=pass header.from=acme.example"], Authenticity.NONE),
        (
            ["evil.example; dmarc=pass", "mx.google.com; dmarc=pass header.from=acme.example"],
            Authenticity.PASS,
        ),
        (
            [
                "mx.google.com; dmarc=fail header.from=acme.example",
                "mx.google.com; dmarc=pass header.from=acme.example",
            ],
            Authenticity.FAIL,
        ),
        (['mx.google.com; dkim=none reason="; dmarc=pass header.from=acme.example"'], Authenticity.NONE),
        (["; dmarc=pass"], Authenticity.NONE),
        ([""], Authenticity.NONE),
        ([], Authenticity.NONE),
    ],
)
def test_live_mail_is_vouched_for_by_its_receiver_alone(headers: list[str], expected: Authenticity) -> None:
    """The topmost header of the receiver's own id counts; comments and quoted words say nothing."""
    assert expected is trust.authenticity(headers, "acme.example", MINE, Origin.LIVE)


def test_without_a_known_receiver_nobody_vouches() -> None:
    """An empty set of ids trusts no header at all."""
    headers = ["mx.google.com; dmarc=pass header.from=acme.example"]
    assert Authenticity.NONE is trust.authenticity(headers, "acme.example", frozenset(), Origin.LIVE)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("dmarc=fail header.from=acme.example", Authenticity.FAIL),
        ("dmarc=pass header.from=acme.example", Authenticity.NONE),
    ],
)
def test_in_an_export_any_receiver_may_say_fail_and_none_pass(result: str, expected: Authenticity) -> None:
    """The owner vouches for an export; a failure noted by whoever received it stands."""
    headers = [f"mail.provider.example; {result}"]
    assert expected is trust.authenticity(headers, "acme.example", frozenset(), Origin.IMPORTED)


@pytest.mark.parametrize(
    "header", ["x; " + "(" * 5000, "x; " + "dkim=pass " * 5000, "x; " + "header.i=" * 2000, '"' * 9000]
)
def test_a_hostile_header_says_nothing(header: str) -> None:
    """Bounded, and no verdict."""
    assert Authenticity.NONE is trust.authenticity([header], "acme.example", frozenset({"x"}), Origin.LIVE)
