"""MIME parsing as the standard library does it, with less to do: its parser is slow by the line, and gets text in one piece.

A line begins a part only if it begins with two dashes, and the headers of a part end with an empty line. So whatever is
between the two counts as one line. Only an attached message has headers in what is the text of its part.
"""

from __future__ import annotations

import email
import re
from email.feedparser import FeedParser
from email.message import Message as Parsed
from email.policy import compat32
from typing import Final

_LINE: Final = r"([^\r\n]++(?:\r\n?|\n)?+)"
_EMPTY: Final = r"(\r\n?|\n)"
_OF_PARTS: Final = re.compile(rf"{_LINE}|{_EMPTY}((?!--)(?:[^\r\n]++|[\r\n](?!--))++(?:\r\n?|\n)?+)?+")
_OF_ONE: Final = re.compile(rf"{_LINE}|{_EMPTY}(.++)?+", re.DOTALL)
_INNER_HEADERS: Final = (b"message/", b"/digest")


def parsed(content: bytes) -> Parsed:
    """What `email.message_from_bytes` makes of it."""
    lower = content.lower()
    if any(each in lower for each in _INNER_HEADERS):
        return email.message_from_bytes(content, policy=compat32)
    pattern = _OF_PARTS if b"boundary" in lower else _OF_ONE
    found = pattern.findall(content.decode("ascii", "surrogateescape"))
    parser: FeedParser[Parsed] = FeedParser(policy=compat32)
    lines = parser._input  # type: ignore[attr-defined]  # noqa: SLF001  feed() would cut the pieces into lines
    lines.pushlines([piece for pieces in found for piece in pieces if piece])
    return parser.close()
