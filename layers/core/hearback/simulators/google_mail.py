"""What a simulated Gmail account holds: messages, the history of their changes, its watch; and Gmail's search."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message
from typing import Final

SYSTEM_LABELS: Final = ("CHAT", "SENT", "INBOX", "IMPORTANT", "TRASH", "DRAFT", "SPAM", "STARRED", "UNREAD")
"""Gmail's own."""
OUT_OF_SIGHT: Final = frozenset({"SPAM", "TRASH"})


@dataclass
class Stored:
    """One message of an account."""

    id: str
    thread_id: str
    content: bytes
    labels: tuple[str, ...]
    received_at: datetime
    headers: Message
    text: str
    visible_at: datetime
    """From when on it is found by id, in lists and in its thread."""
    history_id: int = 0
    """Of its last change."""

    @property
    def snippet(self) -> str:
        """The first words of the body, escaped as HTML as Gmail has them."""
        return html.escape(" ".join(self.text.split())[:180])


@dataclass(frozen=True)
class Happened:
    """One entry of a mailbox's history."""

    number: int
    """The history id."""
    kind: str
    """messageAdded | messageDeleted | labelAdded | labelRemoved"""
    message: Stored
    labels: tuple[str, ...]
    """Which labels came or went."""
    visible_at: datetime


@dataclass(frozen=True)
class Watched:
    """Where a watch publishes to, what, and until when."""

    topic: str
    labels: frozenset[str]
    exclude: bool
    until: datetime

    def wants(self, message: Stored, moved: tuple[str, ...]) -> bool:
        """Whether a change of this message is published."""
        touched = bool(self.labels & {*message.labels, *moved})
        return not self.labels or touched is not self.exclude


@dataclass
class Account:
    """One mailbox."""

    address: str
    messages: dict[str, Stored] = field(default_factory=dict)
    history: list[Happened] = field(default_factory=list)
    threads: dict[str, str] = field(default_factory=dict)
    """A sender's idea of a thread → the thread's id, which is its first message's."""
    history_id: int = 1000
    watched: Watched | None = None
    published_at: datetime | None = None
    """When its watch last told anything."""

    @property
    def watch_until(self) -> datetime | None:
        """When the watch ends; None: there is none."""
        return self.watched.until if self.watched else None


def text_of(headers: Message) -> str:
    """The words of a message: its first text part."""
    for part in headers.walk():
        if part.get_content_maintype() == "text" and part.get_content_subtype() in {"plain", "html"}:
            payload = part.get_payload(decode=True)
            content = _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
            if part.get_content_subtype() == "html":
                content = re.sub(r"<[^>]+>", " ", content)
            return content
    return ""


def _decoded(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8", "replace")
    except LookupError:  # no charset anybody knows
        return payload.decode("latin-1")


_TOKEN: Final = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"|\{([^}]*)\}|\(([^)]*)\)|([^\s{}()"]+))')
_WORDS: Final = re.compile(r'"([^"]*)"|([^\s"]+)')


def matches(message: Stored, query: str, now: datetime) -> bool:
    """Gmail's search language as far as Hearback uses it: newer_than, after, before, in, from, subject, words, OR, {…}, (…), -."""
    if OUT_OF_SIGHT & set(message.labels):
        return False
    sender = str(message.headers.get("From", "")).lower()
    subject = str(message.headers.get("Subject", "")).lower()
    fields = {"from": sender, "subject": subject, "": f"{subject} {sender} {message.text.lower()}"}
    for minus, key, phrase, braces, brackets, word in _TOKEN.findall(query):
        value = phrase or braces or brackets or word
        if key == "in" and minus:
            continue  # spam and trash were left out above
        if value.startswith("in:") or key == "in":
            places = {each.removeprefix("in:") for each in value.split()}
            if not places & {*(label.lower() for label in message.labels), *_archived(message)}:
                return False
            continue
        if key == "newer_than":
            holds = message.received_at >= now - timedelta(days=int(value.rstrip("d")))
        elif key == "after":
            holds = message.received_at.timestamp() >= int(value)
        elif key == "before":
            holds = message.received_at.timestamp() < int(value)
        else:
            terms = [value] if phrase or word else [one or two for one, two in _WORDS.findall(value) if two != "OR"]
            holds = any(_holds(fields.get(key, fields[""]), term.lower()) for term in terms)
        if holds == bool(minus):
            return False
    return True


def _archived(message: Stored) -> set[str]:
    return set() if {"INBOX", "SENT"} & set(message.labels) else {"archive"}


def _holds(field: str, term: str) -> bool:
    """Gmail finds whole words; an address or a domain is found by any of its parts."""
    return bool(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", field))
