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
MAX_PART: Final = 740 * 1024
"""What is kept of a part of text: more than its caps let through. Of any other part this long only the headers are."""
_MANY_LINES: Final = re.compile(rb"(?:[^\r\n]*+(?>\r\n|\r|\n)){60000}+")
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
ONLY_A_QUOTE: Final = "There is nothing new in the message, only a quote of an earlier one."
TOO_COSTLY: Final = "The message took longer to read than a mail may."
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
        ONLY_A_QUOTE,
        TOO_COSTLY,
    ]
)
"""What makes a message go to the person unread; any other defect is worked around."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scan found; `over` names the cap that was passed, in words for a person."""

    head: bytes
    content: bytes
    """What the parser may be given: without long attachments, and no longer than what may hold the text."""
    over: str | None = None
    cut: bool = False
    """Whether the end of the message is not in `content`."""


def scan(content: bytes) -> Scan:
    """Check a whole message before it is parsed."""
    end = _HEAD_END.search(content, 0, MAX_HEADERS * MAX_HEADER_BYTES)
    head = content[: end.start()] if end else content[: MAX_HEADERS * 1024]
    if len(content) > MAX_BYTES:
        return Scan(head, b"", TOO_LARGE)
    light = _without_long_parts(content) if len(content) > MAX_PARSED else content
    kept = _few_lines(light[:MAX_PARSED])
    return Scan(head, kept, _over(kept, head), cut=len(kept) < len(light))


def _over(content: bytes, head: bytes) -> str | None:
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


def _without_long_parts(content: bytes) -> bytes:
    """A large message without what its long parts hold beyond what is read of them.

    A long part covers one of the places looked at; the line that begins with two dashes before and behind it is found
    from there, so that every byte is passed once.
    """
    kept: list[bytes] = []
    done = 0
    for place in range(MAX_PART // 2, len(content), MAX_PART // 2):
        if place < done:
            continue
        start = max(content.rfind(b"\n--", done, place), done)
        end = content.find(b"\n--", place)
        end = len(content) if end < 0 else end
        if end - start > MAX_PART:
            kept += (content[done:start], _beginning(content[start : start + MAX_PART]))
            done = end
    return b"".join([*kept, content[done:]])


def _beginning(part: bytes) -> bytes:
    """A long part as far as it is read: its headers, and its text where it is one."""
    end = _HEAD_END.search(part, 0, MAX_HEADER_BYTES)
    head = part[: end.end()] if end else part[:MAX_HEADER_BYTES]
    lower = head.lower()
    named = b"content-type" in lower
    return part if not named or re.search(rb"content-type[ \t]*:\s*(?:text|multipart)/", lower) else head


def _few_lines(content: bytes) -> bytes:
    """No more lines than MAX_LINES: the parser is slow by the line, and a carriage return alone ends one."""
    if content.count(b"\n") + content.count(b"\r") <= MAX_LINES:
        return content
    beginning = _MANY_LINES.match(content)
    return content[: beginning.end()] if beginning else content
