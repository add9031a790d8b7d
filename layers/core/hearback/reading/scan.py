"""The linear scan before any parser: bounds what a mail can cost. Over a cap the message goes to review, never away.

Every check is one pass over the bytes with fixed patterns; nothing here builds a tree or recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 40 * 1024 * 1024
MAX_PARTS: Final = 100
MAX_DEPTH: Final = 20
MAX_HEADERS: Final = 200
MAX_HEADER_BYTES: Final = 16 * 1024
MAX_HTML: Final = 512 * 1024
MAX_TAG_DEPTH: Final = 200
MAX_CALENDAR: Final = 64 * 1024
MAX_TEXT: Final = 256 * 1024
MAX_ENCODED_WORDS: Final = 200
MAX_COMMENT_DEPTH: Final = 20

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_HEADER_LINE: Final = re.compile(rb"^[\x21-\x39\x3b-\x7e]+[ \t]*:", re.MULTILINE)
_MULTIPART: Final = re.compile(rb"content-type[ \t]*:[ \t]*multipart/", re.IGNORECASE)
_BOUNDARY: Final = re.compile(rb"^--[^\s-][^\r\n]{0,200}[ \t]*\r?$", re.MULTILINE)
_OPEN_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})[^<>]{0,2000}?(/?)>")
_VOID: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "tr",
        "td",
        "th",
        "dd",
        "dt",
        "option",
    ]
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scan found; `over` names the cap that was passed, in words for a person."""

    head: bytes
    over: str | None = None


def scan(content: bytes) -> Scan:
    """Check a whole message before it is parsed."""
    end = _HEAD_END.search(content, 0, MAX_HEADERS * MAX_HEADER_BYTES)
    head = content[: end.start()] if end else content[: MAX_HEADERS * 1024]
    return Scan(head, _over(content, head))


def _over(content: bytes, head: bytes) -> str | None:
    if len(content) > MAX_BYTES:
        return "The message is larger than Hearback reads."
    if len(head) > MAX_HEADERS * 1024 or _count(_HEADER_LINE, head, MAX_HEADERS) > MAX_HEADERS:
        return "The message has more headers than a mail should."
    if any(len(field) > MAX_HEADER_BYTES for field in re.split(rb"\r?\n(?![ \t])", head)):
        return "A header of the message is far too long."
    if head.count(b"=?") > MAX_ENCODED_WORDS:
        return "The headers of the message are encoded in a way no mail program does."
    if _nesting(head) > MAX_COMMENT_DEPTH:
        return "A header of the message nests comments in a way no mail program does."
    if _count(_MULTIPART, content, MAX_DEPTH) > MAX_DEPTH:
        return "The message nests more parts than a mail should."
    if _count(_BOUNDARY, content, 4 * MAX_PARTS) > 4 * MAX_PARTS:
        return "The message has more parts than a mail should."
    return None


def _count(pattern: re.Pattern[bytes], content: bytes, enough: int) -> int:
    found = 0
    for _ in pattern.finditer(content):
        found += 1
        if found > enough:
            break
    return found


def _nesting(head: bytes) -> int:
    depth = deepest = 0
    for byte in re.findall(rb"[()\n]", head):
        if byte == b"\n":
            depth = 0
        elif byte == b"(":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth = max(depth - 1, 0)
    return deepest


def html_is_safe(html: str) -> bool:
    """Whether HTML is within its caps: size and depth of open elements."""
    if len(html) > MAX_HTML:
        return False
    depth = 0
    for tag in _OPEN_TAG.finditer(html):
        if tag[3] or tag[2].lower() in _VOID:
            continue
        depth += -1 if tag[1] else 1
        if depth > MAX_TAG_DEPTH:
            return False
        depth = max(depth, 0)
    return True
