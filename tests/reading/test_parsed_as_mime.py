"""A text that the MIME parser never sees makes the message that its lines make."""

from __future__ import annotations

import email
from email.message import Message as Parsed
from email.policy import compat32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.reading import mime

PIECES = [
    b"\r\n", b"\n", b"\r", b"\n\n", b"\r\n\r\n", b"--b", b"--b--", b"--c", b"--c--", b"--", b"-- ", b"x", b" y", b"\t",
    b"A: b", b"From: z", b"From x", b":", b"\xff", b"\x00", b"\x0b", b"\x85", b"boundary", b"one of many words " * 500,
    b"Content-Type: multipart/mixed; boundary=b\n", b'Content-Type: multipart/mixed; boundary="c"\r\n',
    b"Content-Type: multipart/mixed\n", b"Content-Type: multipart/mixed; boundary=\n", b"Content-Type: text/html\r\n\r\n",
    b"Content-Type: multipart/digest; boundary=c\n", b"Content-Type: message/rfc822\n\n", b"\n--b\n\n",
    b"Content-Type: message/delivery-status\n\n", b"Content-Transfer-Encoding: base64\n\n",
]  # fmt: skip
BEGINNINGS = [b"", *(each for each in PIECES if each.startswith(b"Content"))]


def told(message: Parsed) -> list[object]:
    """All that a parsed message says."""
    payload = message.get_payload()
    inner = [told(each) for each in payload if isinstance(each, Parsed)] if isinstance(payload, list) else payload
    defects = [type(each).__name__ for each in message.defects]
    around = message.get_unixfrom(), message.preamble, message.epilogue, message.get_default_type()
    return [list(message.raw_items()), inner, defects, *around]


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.lists(st.sampled_from(PIECES), max_size=30))
def test_it_is_the_message_that_the_standard_library_parses(beginning: bytes, rest: list[bytes]) -> None:
    """Headers, parts, what is around them and what is wrong with them."""
    content = beginning + b"".join(rest)
    try:
        expected = told(email.message_from_bytes(content, policy=compat32))
    except (TypeError, ValueError, LookupError, AttributeError, AssertionError) as error:
        with pytest.raises(type(error)):
            told(mime.parsed_as_mime(content))
        return
    assert told(mime.parsed_as_mime(content)) == expected
