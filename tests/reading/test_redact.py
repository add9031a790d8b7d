"""What a redacted example holds: the words that decide, and nobody's name, address, number or link."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.reading.read import Context, Reading, read
from hearback.reading.redact import redacted, redacted_kept

CONTEXT = Context(
    owners=frozenset({"ann.example@mail.example"}),
    zone="UTC",
    mode=AutomationMode.SMART,
    privacy=PrivacyLevel.STANDARD,
)
MAIL = """From: Priya Raman (Acme Robotics) <priya.raman@acme.example>
To: Ann Example <ann.example@mail.example>
Subject: Ann, your application for Data Engineer at Acme Robotics (REQ-20417)
Message-ID: <1@acme.example>
Date: Mon, 07 Sep 2026 10:00:00 +0000

Dear Ms Examplova,

Unfortunately, we have decided not to move forward with your application for the Data Engineer position at Acme Robotics.
You can call me on +49 30 1234567 until 14:30, write to tom.becker@acme.example, or see https://acme.example/j/20417?c=ann.
More is on careers.acme.example/faq.

Kind regards
Marek Novak
Talent Acquisition, Acme Robotics
"""


def reading(text: str) -> Reading:
    return read(
        RawMessage(mailbox_id=MailboxId("m"), provider_message_id=ProviderMessageId("1"), content=text.encode()),
        CONTEXT,
    )


def masked(text: str) -> str:
    found = reading(text)
    return "\n".join(redacted(found.message, found.signal))


@pytest.mark.parametrize(
    "personal",
    [
        "Ann",
        "Example",
        "Priya",
        "Raman",
        "Acme",
        "Robotics",
        "Tom",
        "Becker",
        "tom.becker",
        "Marek",
        "Novak",
        "20417",
        "1234567",
        "14:30",
        "https",
        "acme.example",
        "faq",
        "Data Engineer",
    ],
)
def test_nothing_personal_is_left(personal: str) -> None:
    """Names in headers, addresses, greeting and signature; company and role; numbers, links and hosts."""
    assert personal.casefold() not in masked(MAIL).casefold()


def test_what_decides_is_left() -> None:
    """The sentence is still there to learn from."""
    said = masked(MAIL)
    assert "Unfortunately, we have decided not to move forward with your application for the [role] position" in said
    assert "Dear [name]," in said


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_breaks_it_and_no_digit_or_address_survives(body: str, name: str) -> None:
    """Whatever the mail holds."""
    headers = MAIL.partition("\n\n")[0].replace("Priya Raman", name.replace("\n", " ").replace("\r", " "))
    said = masked(f"{headers}\n\n{body} 12 me@home.example\n")
    assert "home.example" not in said
    assert not any(character.isdigit() and character.isascii() and character != "0" for character in said)


def test_what_was_kept_is_masked_too() -> None:
    """Of mail that cannot be fetched: subject and sentence."""
    signal: Any = reading(MAIL).signal
    said = redacted_kept(str(signal.subject), signal)
    assert "Acme" not in said
    assert "20417" not in said
