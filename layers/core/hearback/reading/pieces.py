"""MIME parsing as the standard library does it, with less to do: its parser is slow by the line, and one text needs none.

Of a message without parts it gets the headers; the text is what is behind them.
"""

from __future__ import annotations

import email
import re
from email.message import Message as Parsed
from email.policy import compat32
from typing import Final

_HEADERS_END: Final = re.compile(rb"(?:\A|\r\n?+|\n)(?:\r\n?+|\n)")
LONGEST: Final = 256 * 1024
"""Bytes of headers that are worth parsing twice, should there be parts behind them."""


def parsed(content: bytes) -> Parsed:
    """What `email.message_from_bytes` makes of it."""
    end = _HEADERS_END.search(content)
    if end is not None and end.end() <= LONGEST:
        message: Parsed = email.message_from_bytes(content[: end.end()], policy=compat32)
        has_parts = message.is_multipart() or message.get_content_maintype() in {"multipart", "message"}
        if not has_parts and not message.get_payload():  # no line that is no header ended them before
            message.set_payload(content[end.end() :].decode("ascii", "surrogateescape"))
            return message
    return email.message_from_bytes(content, policy=compat32)
