"""A mailbox export as a stream of messages: mbox (Google Takeout), Maildir, .eml, folders of them.

Invariants: memory holds one message at a time, cut at MAX_BYTES (its digest is still of all of it); the order is the
input's, folders by name; the same mail has the same digest as .eml (CRLF) and in an mbox (LF, "From " quoted).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from hearback.model.errors import Permanent
from hearback.model.ids import Personal

MAX_BYTES: Final = 48 * 1024 * 1024
"""Larger than any provider accepts; what is over it is read as far as this and goes to review."""
CHUNK: Final = 64 * 1024
OWNER_SAMPLE: Final = 400
_SUFFIXES: Final = frozenset({".eml", ".mbox", ".mbx"})
_HEADER: Final = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,100}:|>From ")
_QUOTED_FROM: Final = re.compile(rb">+From ")
_ADDRESS: Final = re.compile(rb"[a-z0-9._%+\-]{1,64}@[a-z0-9.\-]{1,190}")
_OWNER_HEADERS: Final = (b"delivered-to:", b"x-original-to:", b"to:")


class Unreadable(Permanent):
    """The path cannot be read, with the reason."""


@dataclass(frozen=True, slots=True)
class ExportedMessage:
    """One message of an export."""

    digest: str
    """Hex SHA-256 of its bytes with LF line ends and without trailing ones."""
    content: bytes = field(repr=False)
    source: Path
    """The file it stands in."""


def messages(path: Path) -> Iterator[ExportedMessage]:
    """Every message under `path`, in order. Unreadable: nothing is there, or it may not be read."""
    if not path.exists():
        raise Unreadable(f"{path} does not exist.")
    for file in files(path):
        try:
            with file.open("rb") as stream:
                yield from _from_stream(stream, file)
        except OSError as error:
            raise Unreadable(f"{file} cannot be read: {error.strerror}.") from error


def files(path: Path) -> Iterator[Path]:
    """The files that hold mail: `path` itself, or those under it by name; a Maildir's tmp is left out."""
    if not path.is_dir():
        yield path
        return
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    maildir = {entry.name for entry in entries if entry.is_dir()} >= {"cur", "new"}
    for entry in entries:
        if entry.is_symlink():
            continue  # a link may lead out of what the person named, or in a circle
        if maildir and entry.name in {"cur", "new"}:
            yield from sorted((each for each in entry.iterdir() if each.is_file()), key=lambda each: each.name)
        elif entry.is_dir():
            if not (maildir and entry.name == "tmp"):
                yield from files(entry)
        elif entry.suffix.lower() in _SUFFIXES:
            yield entry


def _from_stream(stream: BinaryIO, source: Path) -> Iterator[ExportedMessage]:
    first = stream.readline(CHUNK)
    if first.startswith(b"From ") and source.suffix.lower() != ".eml":
        yield from _from_mbox(stream, source)
        return
    collected = _Collector(source)
    while first:
        collected.add(first)
        first = stream.readline(CHUNK)
    if collected.size:
        yield collected.message()


def _from_mbox(stream: BinaryIO, source: Path) -> Iterator[ExportedMessage]:
    collected = _Collector(source)
    blank, line_start = False, True
    line = stream.readline(CHUNK)
    while line:
        following = stream.readline(CHUNK)
        if line_start and blank and line.startswith(b"From ") and (not following or _HEADER.match(following)):
            yield collected.message()
            collected = _Collector(source)
        else:
            collected.add(line[1:] if line_start and _QUOTED_FROM.match(line) else line)
        blank = line_start and line in {b"\n", b"\r\n"}
        line_start = line.endswith(b"\n")
        line = following
    if collected.size:
        yield collected.message()


class _Collector:
    """Gathers one message's lines, its digest over all of them, its content up to MAX_BYTES."""

    def __init__(self, source: Path) -> None:
        self.size = 0
        self._source = source
        self._digest = hashlib.sha256()
        self._lines: list[bytes] = []
        self._ends = 0

    def add(self, line: bytes) -> None:
        if self.size < MAX_BYTES:
            self._lines.append(line)
        self.size += len(line)
        if line in {b"\n", b"\r\n"}:
            self._ends += 1  # trailing empty lines belong to the container, not to the message
            return
        self._digest.update(b"\n" * self._ends)
        self._ends = 0
        if line.endswith(b"\r\n"):
            line = line[:-2] + b"\n"
        if line.endswith(b"\n"):
            self._ends = 1
            line = line[:-1]
        self._digest.update(line)

    def message(self) -> ExportedMessage:
        return ExportedMessage(self._digest.hexdigest(), b"".join(self._lines), self._source)


def message_id(content: bytes) -> str:
    """The Message-ID of a message, without brackets; empty where it has none."""
    head = content[:CHUNK].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = re.search(rb"^message-id:[ \t]*(?:\n[ \t]+)?<?([^>\s]{1,500})", head, re.IGNORECASE | re.MULTILINE)
    return found[1].decode("utf-8", "replace") if found else ""


def guess_owner(path: Path) -> Personal | None:
    """Whose mailbox it is: the address most of its first messages were delivered to; None where nothing tells."""
    votes: Counter[str] = Counter()
    for message in islice(messages(path), OWNER_SAMPLE):
        head = message.content[:CHUNK].replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
        for header in _OWNER_HEADERS:
            found = re.search(rb"^" + re.escape(header) + rb"([^\n]{0,1000})", head, re.MULTILINE)
            address = _ADDRESS.search(found[1]) if found else None
            if address:
                votes[address[0].decode("ascii")] += 1
                break
    if not votes:
        return None
    most = max(votes.values())
    return Personal(min(address for address, count in votes.items() if count == most))
