"""Header fields of a mail as text, addresses, ids and dates: broken ones are read as far as they can be.

Addresses are split before their names are decoded, so that an encoded name cannot smuggle in another sender.
"""

from __future__ import annotations

import codecs
import re
from binascii import Error as Base64Error
from collections.abc import Iterable
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from hearback.model.ids import Personal
from hearback.model.message import Address
from hearback.reading.letters import visible

MAX_VALUE: Final = 16 * 1024
MAX_SUBJECT: Final = 998
MAX_ADDRESSES: Final = 100
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_SPACE: Final = re.compile(r"[\r\n\t ]+")
_ID: Final = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS: Final = re.compile(r"[^\s<>@,;:\"()\[\]]{1,200}@[^\s<>@,;:\"()]{1,250}")
_NAMED: Final = re.compile(r"^\s*(?P<name>[^<>]{0,500}?)\s*<\s*(?P<address>[^<>\s@]{1,200}@[^<>\s@]{1,250})\s*>\s*$")
_NO_CHARSETS: Final = frozenset(["idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"])
"""Codecs that Python has and no mail is written in: quadratic, or a language of their own."""
_BROKEN_WORD: Final = re.compile(r"=\?[\w.*-]{1,40}\?[bq]\?", re.IGNORECASE)


class Headers:
    """The fields of one message, by lower-case name, in order; raw 8-bit text is guessed."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in items:
            self._fields.setdefault(name.lower(), []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def above(self, name: str, others: Iterable[str]) -> bool:
        """Whether the topmost `name` is there and stands above every one of `others`."""
        order = list(self._fields)
        return name in order and not set(order[: order.index(name)]) & set(others)

    def every(self, name: str) -> list[str]:
        """All values of a field, unfolded, topmost first, at most 20."""
        return [_unfolded(_guessed(value)) for value in self._fields.get(name, ())[:20]]

    def first(self, name: str) -> str:
        """The topmost value of a field, unfolded, not decoded; empty where there is none."""
        values = self._fields.get(name)
        return _unfolded(_guessed(values[0])) if values else ""

    def text(self, name: str) -> str:
        """The topmost value as a person reads it."""
        return decoded(self.first(name))


def decoded(value: str) -> str:
    """RFC 2047 words decoded; broken ones are left as they are."""
    if "=?" not in value:
        return printable(value)
    pieces: list[str] = []
    try:
        words = decode_header(value)
    except (ValueError, LookupError, Base64Error, MessageError):
        return printable(value)
    for content, charset in words:
        if isinstance(content, str):
            pieces.append(content)
            continue
        pieces.append(as_text(content, charset))
    whole = "".join(pieces)
    return printable(_BROKEN_WORD.sub("", whole).replace("?=", "") if _BROKEN_WORD.search(whole) else whole)


def as_text(content: bytes, charset: str | None) -> str:
    """Bytes as text: the charset they claim, else UTF-8, else Windows-1252."""
    for name in (charset, "utf-8"):
        if not name:
            continue
        try:
            if codecs.lookup(name).name in _NO_CHARSETS:
                continue
            return content.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def printable(value: str) -> str:
    """One line of printable text."""
    clean = visible(value.encode("utf-8", "replace").decode("utf-8"))
    if not clean.isprintable():
        clean = "".join(c if c.isprintable() else " " for c in clean)
    return _SPACE.sub(" ", clean).strip()[:MAX_SUBJECT]


def addresses(values: Iterable[str]) -> list[Address]:
    """Every address of some fields, names decoded; of what takes the parser, MAX_VALUE characters in all."""
    found: list[Address] = []
    left = MAX_VALUE
    for value in values:
        one = _NAMED.match(value)
        if one and '"' not in one["name"] and "(" not in one["name"] and "," not in one["name"]:
            found.append(_made(one["name"], one["address"]))
            continue
        try:
            pairs = getaddresses([value[:left]])
        except (ValueError, IndexError, RecursionError, TypeError):
            pairs = []
        left -= min(len(value), left)
        good = [_made(name, address) for name, address in pairs if "@" in address]
        found += good or [_made("", each) for each in _ADDRESS.findall(value[:4096])]
        if len(found) >= MAX_ADDRESSES:
            break
    return found[:MAX_ADDRESSES]


def address(value: str) -> Address:
    """The first address of a field; one without an address keeps what it says as the name."""
    found = addresses([value])
    return found[0] if found else Address(Personal(""), Personal(decoded(value)[:200]))


def ids(values: Iterable[str]) -> tuple[str, ...]:
    """Message-IDs without angle brackets, each once."""
    return tuple(dict.fromkeys(each for value in values for each in _ID.findall(value[:MAX_VALUE])))


def message_id(value: str) -> str:
    """A Message-ID without its brackets; a broken one as it stands."""
    found = _ID.search(value)
    return found[1] if found else printable(value).strip("<> ")[:500]


def date(value: str) -> datetime | None:
    """A Date field or the date of a hop; None for nonsense and for years no mail is from."""
    value = value[:200].strip()
    if not value or "(" * 20 in value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
    try:
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return aware if EARLIEST < aware.astimezone(UTC) < LATEST else None
    except (OverflowError, ValueError):
        return None


def _made(name: str, found: str) -> Address:
    return Address(Personal(printable(found).lower().strip(" .'")), Personal(decoded(name).strip("\"' ")))


def _unfolded(value: str) -> str:
    return _SPACE.sub(" ", value[:MAX_VALUE]).strip()


def _guessed(value: str) -> str:
    """Raw 8-bit bytes, which the parser keeps as surrogates, as UTF-8 or Windows-1252."""
    if value.isascii():
        return value
    try:
        return as_text(value.encode("ascii", "surrogateescape"), None)
    except UnicodeEncodeError:
        return value
