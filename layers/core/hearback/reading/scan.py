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
MAX_LINES: Final = 60_000
MAX_PARSED: Final = 1536 * 1024
"""What the MIME parser gets to see, long attachments taken out: it is slow by the line."""
MAX_ENCODED_WORDS: Final = 200
MAX_COMMENT_DEPTH: Final = 20

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_LONG_BASE64: Final = re.compile(rb"(?:[A-Za-z0-9+/]{60,100}\r?\n){9500,}")
"""Lines of base64 beyond what a text of the largest size would need."""
_MANY_LINES: Final = re.compile(rb"(?:[^\n]*\n){60000}")
_HEADER_LINE: Final = re.compile(rb"^[\x21-\x39\x3b-\x7e]+[ \t]*:", re.MULTILINE)
_MULTIPART: Final = re.compile(rb"content-type[ \t]*:\s*multipart/")
_ATTACHED: Final = re.compile(rb"content-type[ \t]*:\s*message/")
_BOUNDARY: Final = re.compile(rb"^--[^\s-][^\r\n]{0,200}[ \t]*\r?$", re.MULTILINE)
TOO_LARGE: Final = "The message is larger than Hearback reads."
TOO_MANY_HEADERS: Final = "The message has more headers than a mail should."
HEADER_TOO_LONG: Final = "A header of the message is far too long."
TOO_ENCODED: Final = "The headers of the message are encoded in a way no mail program does."
TOO_NESTED_COMMENTS: Final = "A header of the message nests comments in a way no mail program does."
TOO_DEEP: Final = "The message nests more parts than a mail should."
TOO_MANY_PARTS: Final = "The message has more parts than a mail should."
DAMAGED: Final = "The structure of the message is damaged beyond reading."
HTML_UNSAFE: Final = "The message's HTML is larger or deeper than Hearback reads."
UNREADABLE: Final = frozenset(
    [
        TOO_LARGE,
        TOO_MANY_HEADERS,
        HEADER_TOO_LONG,
        TOO_ENCODED,
        TOO_NESTED_COMMENTS,
        TOO_DEEP,
        TOO_MANY_PARTS,
        DAMAGED,
        HTML_UNSAFE,
    ]
)
"""What makes a message go to the person unread; any other defect is worked around."""


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
        return TOO_LARGE
    if len(head) > MAX_HEADERS * 1024 or _count(_HEADER_LINE, head, MAX_HEADERS) > MAX_HEADERS:
        return TOO_MANY_HEADERS
    if any(len(field) > MAX_HEADER_BYTES for field in re.split(rb"\r?\n(?![ \t])", head)):
        return HEADER_TOO_LONG
    if head.count(b"=?") > MAX_ENCODED_WORDS:
        return TOO_ENCODED
    if _nesting(head) > MAX_COMMENT_DEPTH:
        return TOO_NESTED_COMMENTS
    lower = content.lower()
    if lower.count(b"multipart/") > MAX_DEPTH and _count(_MULTIPART, lower, MAX_DEPTH) > MAX_DEPTH:
        return TOO_DEEP
    if lower.count(b"message/rfc822") > MAX_DEPTH and _count(_ATTACHED, lower, MAX_DEPTH) > MAX_DEPTH:
        return TOO_DEEP
    if content.count(b"\n--") > 4 * MAX_PARTS and _count(_BOUNDARY, content, 4 * MAX_PARTS) > 4 * MAX_PARTS:
        return TOO_MANY_PARTS
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


def lightened(content: bytes) -> bytes:
    """A large message without its long attachments' bytes, and no longer than what may hold its text."""
    if len(content) > MAX_PARSED:
        content = _LONG_BASE64.sub(b"\r\n", content)[:MAX_PARSED]
    if content.count(b"\n") > MAX_LINES:
        beginning = _MANY_LINES.match(content)
        content = content[: beginning.end()] if beginning else content
    return content
