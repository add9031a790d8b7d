"""A message as fetched and normalised. It lives in memory while it is read and is never stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hearback.model.ids import MailboxId, Personal, ProviderMessageId


class Authenticity(StrEnum):
    """What the receiving provider says about the sender (aligned DMARC or DKIM)."""

    PASS = "pass"  # noqa: S105  a result, no secret
    FAIL = "fail"
    NONE = "none"


class Origin(StrEnum):
    """LIVE mail came through a provider; IMPORTED mail from the person's own export."""

    LIVE = "live"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """RFC 5322 bytes and what the door knows about them."""

    mailbox_id: MailboxId
    provider_message_id: ProviderMessageId
    content: bytes
    received_at: datetime | None = None
    """The provider's received time; None for an export: read from the topmost Received header, else Date."""
    thread_id: str | None = None
    labels: tuple[str, ...] = ()
    origin: Origin = Origin.LIVE
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """One mail address with its display name."""

    address: Personal = Personal("")
    """Lower-case."""
    name: Personal = Personal("")

    @property
    def domain(self) -> str:
        """What follows the @, lower-case; empty where there is none."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One parsed message: text as a person would see it, quoted replies apart."""

    mailbox_id: MailboxId
    provider_message_id: ProviderMessageId
    message_id: str
    """RFC 5322 Message-ID without angle brackets; empty where there is none. The sender controls it."""
    received_at: datetime
    sent_at: datetime | None
    """The Date header."""
    thread_id: str | None
    references: tuple[str, ...]
    """In-Reply-To and References, without brackets."""
    sender: Address
    reply_to: Address | None
    recipients: tuple[Address, ...]
    subject: Personal
    text: str = field(repr=False)
    """The new text, visible, without quoted replies; paragraphs end in a newline. At most 256 KB."""
    quoted: str = field(default="", repr=False)
    calendars: tuple[bytes, ...] = field(default=(), repr=False)
    """text/calendar parts as sent, each at most 64 KB."""
    links: tuple[str, ...] = field(default=(), repr=False)
    """http(s) targets in the order they stand."""
    files: tuple[Personal, ...] = ()
    """Names of attached files, at most 20; they are never opened."""
    bulk: bool = False
    """List-Unsubscribe, Precedence: bulk or a List-Id is present."""
    authenticity: Authenticity = Authenticity.NONE
    origin: Origin = Origin.LIVE
    sent: bool = False
    """Written by the owner of the mailbox: not only in their name, but where sent mail lies (reading.own)."""
    digest: str = ""
    """Hex SHA-256 of sender, Date, subject and text: equal for one mail in two mailboxes."""
    snippet: str = field(default="", repr=False)
    defects: tuple[str, ...] = ()
    """Caps that were passed and damage that was worked around, in plain words."""
