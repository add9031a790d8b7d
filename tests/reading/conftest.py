"""Mails made on the spot; nothing here comes from real mail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hearback.model.ids import MailboxId, Personal, ProviderMessageId
from hearback.model.message import Address, Message, Origin, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.reading.read import Context

sys.path.insert(0, str(Path(__file__).parent))  # hostile.py beside the tests

HEAD = (
    b"From: Anna Berg <anna@acme.example>\r\nTo: Me <me@home.example>\r\nSubject: Hello\r\n"
    b"Date: Mon, 09 Mar 2026 09:00:00 +0100\r\nMessage-ID: <one@acme.example>\r\n"
)


@pytest.fixture
def raw() -> Callable[..., RawMessage]:
    """Bytes as a door hands them over."""

    def make(content: bytes, **fields: Any) -> RawMessage:
        return RawMessage(
            mailbox_id=MailboxId("box"), provider_message_id=ProviderMessageId("1"), content=content, **fields
        )

    return make


@pytest.fixture
def imported(raw: Callable[..., RawMessage]) -> Callable[[bytes], RawMessage]:
    """Bytes out of the person's own export."""
    return lambda content: raw(content, origin=Origin.IMPORTED)


@pytest.fixture
def context() -> Context:
    """A person in Berlin, with one address."""
    return Context(
        owners=frozenset({"me@home.example"}),
        zone="Europe/Berlin",
        mode=AutomationMode.SMART,
        privacy=PrivacyLevel.STANDARD,
        authserv_ids=frozenset({"mx.receiver.example"}),
    )


@pytest.fixture
def message() -> Callable[..., Message]:
    """A parsed message, written on Monday, 9 March 2026 in Berlin."""

    def make(text: str, subject: str = "", **fields: Any) -> Message:
        given: dict[str, Any] = {
            "mailbox_id": MailboxId("box"),
            "provider_message_id": ProviderMessageId("1"),
            "message_id": "one@acme.example",
            "received_at": datetime(2026, 3, 9, 8, 0, tzinfo=UTC),
            "sent_at": datetime.fromisoformat("2026-03-09T09:00:00+01:00"),
            "thread_id": None,
            "references": (),
            "sender": Address(Personal("anna@acme.example"), Personal("Anna Berg")),
            "reply_to": None,
            "recipients": (),
            "subject": Personal(subject),
            "text": text,
        }
        return Message(**{**given, **fields})

    return make


@pytest.fixture
def head() -> bytes:
    """The headers every ordinary mail has, without the empty line."""
    return HEAD
