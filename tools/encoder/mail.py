"""A labelled mail (corpus/messages) as the product's own parser sees it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

import yaml

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Message, Origin, RawMessage
from hearback.reading import mime


def load(file: Path) -> list[dict[str, Any]]:
    """All mails of one hand."""
    found: list[dict[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def as_bytes(raw: dict[str, Any]) -> bytes:
    """The message as it would lie in an export."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = raw["from"], raw["to"], raw["subject"]
    mail["Date"] = format_datetime(datetime.fromisoformat(raw["date"]))
    name = raw.get("message_id") if "references" in raw else f"<{raw['id']}@corpus.example>"
    if name:  # some of a whole mailbox have none
        mail["Message-ID"] = name
    if raw.get("references"):
        mail["References"], mail["In-Reply-To"] = " ".join(raw["references"]), raw["references"][-1]
    if raw.get("text") is not None:
        mail.set_content(raw["text"])
    if raw.get("html") is not None:
        (mail.add_alternative if raw.get("text") is not None else mail.set_content)(raw["html"], subtype="html")
    if raw.get("ics") is not None:
        mail.add_alternative(raw["ics"], subtype="calendar")
    return mail.as_bytes()


def message(raw: dict[str, Any]) -> RawMessage:
    """As a door hands it over."""
    return RawMessage(
        mailbox_id=MailboxId("corpus"),
        provider_message_id=ProviderMessageId(str(raw["id"])),
        content=as_bytes(raw),
        origin=Origin.IMPORTED,
    )


def owner(raw: dict[str, Any]) -> str:
    """The person's own address."""
    return parseaddr(raw["from"] if raw.get("sent") else raw["to"])[1].lower()


def parsed(raw: dict[str, Any]) -> Message:
    """Parsed by hearback.reading.mime."""
    return mime.parse(message(raw), frozenset({owner(raw)}), frozenset())
