"""Damaged mail by the thousand: real wording and hostile messages, spliced, cut, doubled, flipped and patched.

Few examples in make test, many with HEARBACK_PROOF=1 (make proof).
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hostile import MARK, Hostile, catalogue, html
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.model.signal import Decision
from hearback.reading import mime, report, scan
from hearback.reading import read as reader
from hearback.reading.read import Context, read

PROOF = bool(os.environ.get("HEARBACK_PROOF"))
CORPUS = Path(__file__).parents[2] / "corpus" / "messages"
CONTEXT = Context(
    frozenset({"me@home.example"}), "Europe/Berlin", AutomationMode.AUTOMATIC, PrivacyLevel.STANDARD, frozenset({"mx"})
)
LARGEST = 200_000
"""A hostile message is cut to this before it is mutated: what is large has its own tests."""
PIECES = [
    b"\r\n\r\n", b"\n\n", b"\r", b"\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"--b\r\n", b"--b--\r\n", b"\r\n--b\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html\r\n\r\n", b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"charset=utf-16", b"charset=x",
    b"=?utf-8?b?", b"?=", b"=?utf-8?q?a?=", b"(", b")", b'"', b"<", b">", b"@", b";", b"<!--", b"-->", b"<style>", b"</style>",
    b"<div hidden>", b"</div>", b'<div style="display:none">', b"<table>", b"<select><option>", b"&#0;", b"&#xd800;",
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"DTSTART;TZID=X:20260312T140000\r\n", b"END:VEVENT\r\n", b"RRULE:FREQ=SECONDLY\r\n",
    b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n", b"From: <@", b"On Mon wrote:\n> ", b"12/12 at 10:00-11:00 ", b"\xe2\x80\xae", b"\x1b$B",
]  # fmt: skip
fuzzed = settings(
    max_examples=4000 if PROOF else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def raw(content: bytes) -> RawMessage:
    """As a live door hands it over."""
    return RawMessage(mailbox_id=MailboxId("box"), provider_message_id=ProviderMessageId("1"), content=content)


@functools.cache
def real() -> tuple[bytes, ...]:
    """Mails of the corpus as they would be sent."""
    mails: list[dict[str, Any]] = [
        each
        for name in ("ats", "de_at_ch", "hard")
        for each in yaml.safe_load((CORPUS / f"{name}.yaml").read_text("utf-8"))
    ]
    return tuple(
        f"From: {each['from']}\r\nTo: {each['to']}\r\nSubject: {each['subject']}\r\nDate: Mon, 09 Mar 2026 09:00:00 +0100\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{each.get('text') or each.get('html') or ''}".encode()
        for each in mails
    )


@functools.cache
def hostile() -> tuple[Hostile, ...]:
    """Hostile messages that are built at once."""
    slow = {"25 MB", "no message at all"}
    return tuple(each for each in catalogue() if each.family not in slow)


def _spliced(pair: tuple[bytes, bytes, float, float]) -> bytes:
    first, second, here, there = pair
    return first[: int(len(first) * here)] + second[int(len(second) * there) :]


def _patched(told: tuple[bytes, list[tuple[float, int, bytes]]]) -> bytes:
    content, patches = told
    for place, length, piece in patches:
        at = int(len(content) * place)
        content = content[:at] + piece + content[at + length :]
    return content


def _flipped(told: tuple[bytes, list[tuple[float, int]]]) -> bytes:
    content = bytearray(told[0])
    for place, bit in told[1]:
        if content:
            content[min(int(len(content) * place), len(content) - 1)] ^= 1 << bit
    return bytes(content)


def _doubled(told: tuple[bytes, float, int, int]) -> bytes:
    content, place, length, times = told
    at = int(len(content) * place)
    return content[:at] + content[at : at + length] * times + content[at:]


share = st.floats(0, 1, allow_nan=False)
whole: st.SearchStrategy[bytes] = st.one_of(
    st.deferred(lambda: st.sampled_from(real())),
    st.deferred(lambda: st.sampled_from(hostile())).map(lambda each: each.build()[:LARGEST]),
)
pieces = st.one_of(st.sampled_from(PIECES), st.binary(max_size=12))
mutated: st.SearchStrategy[bytes] = st.one_of(
    st.tuples(whole, whole, share, share).map(_spliced),
    st.tuples(whole, share).map(lambda told: told[0][: int(len(told[0]) * told[1])]),
    st.tuples(whole, st.lists(st.tuples(share, st.integers(0, 60), pieces), min_size=1, max_size=8)).map(_patched),
    st.tuples(whole, st.lists(st.tuples(share, st.integers(0, 7)), min_size=1, max_size=40)).map(_flipped),
    st.tuples(whole, share, st.integers(1, 300), st.integers(2, 200)).map(_doubled),
)


@fuzzed
@given(mutated)
def test_damaged_mail_gives_one_signal_always_the_same(content: bytes) -> None:
    """Reading never raises and never breaks inside; unread mail says why and waits for the person."""
    reading = read(raw(content), CONTEXT)
    signal = reading.signal
    assert not (signal.error or "").startswith(reader.FAILED)
    assert (signal.kind is None) == (signal.error is not None)
    assert signal.kind is not None or reading.decision is Decision.REVIEW
    assert reading.decision is not Decision.APPLY  # nobody has vouched for it
    line = json.dumps(report.line(reading))
    assert line == json.dumps(report.line(read(raw(content), CONTEXT)))


@settings(fuzzed, max_examples=10_000 if PROOF else 300)
@given(st.one_of(st.binary(max_size=3000), mutated))
def test_the_scan_and_the_parser_take_anything(content: bytes) -> None:
    """What the scan lets through is within its caps and never longer than what came in."""
    found = scan.scan(content)
    assert len(found.content) <= min(len(content), scan.MAX_PARSED)
    message = mime.parse(raw(content), frozenset())
    assert len(message.text) <= scan.MAX_TEXT
    assert all(len(each) <= scan.MAX_CALENDAR for each in message.calendars)


WAYS: list[Callable[[str], str]] = [
    lambda text: f"<script>{text}</script>",
    lambda text: f"<style>.q{{content:'{text}'}}</style>",
    lambda text: f"<template><p>{text}</p></template>",
    lambda text: f"<noscript>{text}</noscript>",
    lambda text: f"<svg><text>{text}</text></svg>",
    lambda text: f"<div hidden>{text}</div>",
    lambda text: f"<div style='display:none'>{text}</div>",
    lambda text: f"<table><tr><td style='visibility:hidden'>{text}</td></tr></table>",
    lambda text: f"<span style='font-size:0'>{text}</span>",
    lambda text: f"<p style='color:#fff;background:white'>{text}</p>",
    lambda text: f"<div class=gone>{text}</div>",
    lambda text: f"<!-- {text} -->",
]
around = st.sampled_from(
    ["div", "p", "table", "tr", "td", "b", "a", "ul", "li", "center", "blockquote", "h1", "font", "span", "pre", "form"]
)
apart = st.sampled_from(["div", "p", "table", "td", "ul", "li", "center", "span"])
"""Not <b> and its like: a parser opens them again within what follows, and their colour is then the one that shows."""
well_formed: st.SearchStrategy[str] = st.recursive(
    st.one_of(
        st.text("abc &<>;-'\"/=", max_size=12).map(lambda text: text.replace("<", "&lt;")),
        st.sampled_from(WAYS).map(lambda way: way(MARK)),
    ),
    lambda inner: st.one_of(
        st.tuples(around, inner).map(lambda told: f"<{told[0]}>{told[1]}</{told[0]}>"),
        st.lists(inner, max_size=5).map("".join),
        st.tuples(apart, inner).map(lambda told: f"<{told[0]} style='color:red;font-size:12px'>{told[1]}</{told[0]}>"),
        st.tuples(st.sampled_from(["b", "i", "div", "p", "table"]), inner).map(lambda told: f"<{told[0]}>{told[1]}"),
    ),
    max_leaves=25,
)


@settings(fuzzed, max_examples=10_000 if PROOF else 300)
@given(well_formed)
def test_text_that_nobody_sees_is_never_shown(inner: str) -> None:
    """In whatever elements it stands, closed or not."""
    body = f"<style>.gone{{display:none}}</style><p>Seen before</p>{inner}<p>Seen behind</p>"
    message = mime.parse(raw(html(body)), frozenset())
    assert MARK not in f"{message.text}{message.quoted}{message.links}{message.subject}"
    assert "Seen before" in f"{message.text}{message.quoted}"
