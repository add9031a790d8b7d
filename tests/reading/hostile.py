"""Hostile mail: at least five hundred messages that want to crash, stall or fool the reader, each with what must hold.

Nothing here comes from real mail; every message is built by its family when it is asked for. `ALL` is the catalogue.

UNREADABLE   kind None, an error in plain words, review
READS        what a person would see (`VISIBLE`) is read, and nothing else decides
UNMOVED      read as if what is hidden, quoted or below the signature were not there
CAREFUL      the same kind by the same sentence as without a footer, though maybe more or less sure
BOUNDED      gets a verdict of any sort like any other mail
UNTRUSTED    gets a verdict and never acts by itself
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

VISIBLE: Final = "Thank you for your application for the Data Analyst position at Acme. We have received it."
CANARY: Final = "Unfortunately we have decided to reject your application; we offer it to another candidate. Zanzibar"
"""What must never decide; its last word stands nowhere else."""
SUBJECT: Final = b"Your application"
PROVED: Final = b"Authentication-Results: mx.receiver.example; dmarc=pass header.from=acme.example\r\n"
MARK: Final = "Zanzibar"


class Holds(Enum):
    """What must hold of a message once it is read."""

    UNREADABLE = auto()
    READS = auto()
    UNMOVED = auto()
    CAREFUL = auto()
    BOUNDED = auto()
    UNTRUSTED = auto()


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile message."""

    family: str
    name: str
    holds: Holds
    build: Callable[[], bytes]
    plain: Callable[[], bytes] | None = None
    """UNMOVED, CAREFUL: the same message without what must not decide."""

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def head(*, subject: bytes = SUBJECT, sender: bytes = b"Anna Berg <anna@acme.example>", more: bytes = b"") -> bytes:
    """The headers every mail has, those of `more` below them, without the empty line."""
    return (
        b"From: " + sender + b"\r\nTo: Me <me@home.example>\r\nSubject: " + subject + b"\r\n"
        b"Date: Mon, 09 Mar 2026 09:00:00 +0100\r\nMessage-ID: <one@acme.example>\r\n" + more
    )


def mail(body: bytes | str, *, kind: bytes = b"text/plain; charset=utf-8", more: bytes = b"", **fields: bytes) -> bytes:
    """A message of one part."""
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return head(more=more + b"Content-Type: " + kind + b"\r\n", **fields) + b"\r\n" + content


def html(body: bytes | str, **fields: bytes) -> bytes:
    """A message of one HTML part."""
    return mail(body, kind=b"text/html; charset=utf-8", **fields)


def multipart(*parts: bytes, boundary: bytes = b"b", kind: bytes = b"mixed", more: bytes = b"") -> bytes:
    """A message of several parts, each with its own headers and empty line."""
    opened = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    named = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n'
    return head(more=more + named) + b"\r\n" + opened + b"--" + boundary + b"--\r\n"


def part(body: bytes | str, kind: bytes = b"text/plain; charset=utf-8", more: bytes = b"") -> bytes:
    """One part of a multipart."""
    content = body.encode() if isinstance(body, str) else body
    return b"Content-Type: " + kind + b"\r\n" + more + b"\r\n" + content


def family(name: str, holds: Holds, cases: dict[str, Callable[[], bytes]]) -> Iterable[Hostile]:
    """Messages of which the same holds."""
    return (Hostile(name, case, holds, build) for case, build in cases.items())


def catalogue() -> tuple[Hostile, ...]:
    """Every hostile message, built when it is asked for."""
    import hostile_calendars
    import hostile_disguise
    import hostile_headers
    import hostile_markup
    import hostile_structure
    import hostile_words

    rooms = (
        hostile_structure,
        hostile_headers,
        hostile_markup,
        hostile_disguise,
        hostile_words,
        hostile_calendars,
    )
    return tuple(each for room in rooms for each in room.families())
