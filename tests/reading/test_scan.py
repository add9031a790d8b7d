"""Hostile mail is bounded before anything parses it, and waits for the person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hearback.model.message import RawMessage
from hearback.model.signal import Decision
from hearback.reading import markup, scan
from hearback.reading.read import Context, read

BASE = b"From: a@acme.example\r\nTo: me@home.example\r\nDate: Mon, 09 Mar 2026 09:00:00 +0100\r\n"
SUBJECT = b"Subject: Your application\r\n"
HTML = BASE + SUBJECT + b"Content-Type: text/html\r\n\r\n"


def _nested(levels: int) -> bytes:
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(levels))
    return BASE + SUBJECT + parts + b"Content-Type: text/plain\r\n\r\nhello"


OVER = {
    "nested_multiparts": _nested(1000),
    "nested_attached_mails": BASE + SUBJECT + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "encoded_words": BASE + b"Subject: " + b"=?utf-8?q?a?=\r\n " * 20_000 + b"\r\n\r\nhello",
    "nested_comments": BASE + SUBJECT + b"Cc: " + b"(" * 2000 + b")" * 2000 + b"\r\n\r\nhello",
    "a_header_of_a_megabyte": BASE + SUBJECT + b"X-Long: " + b"y" * 1_000_000 + b"\r\n\r\nhello",
    "a_hundred_thousand_headers": BASE + SUBJECT + b"X: y\r\n" * 100_000 + b"\r\nhello",
    "a_hundred_thousand_parts": BASE
    + SUBJECT
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\n\r\nx\r\n" * 100_000,
    "sixty_megabytes": BASE + SUBJECT + b"\r\n" + b"a" * 60_000_000,
    "nested_divs": HTML + b"<div>" * 100_000,
    "nested_tables": HTML + b"<table><tr><td>" * 30_000,
    "html_of_a_megabyte": HTML + b"<p>hello</p>" * 100_000,
    "self_closed_divs_close_nothing": HTML + b"<div/>" * 80_000,
    "end_tags_of_others_close_nothing": HTML + b"<div></span>" * 40_000,
    "end_tags_in_comments_close_nothing": HTML + b"<div><!--</div>-->" * 25_000,
    "end_tags_in_attributes_close_nothing": HTML + b'<div a="</div>">' * 25_000,
    "end_tags_in_raw_text_close_nothing": HTML + b"<div><xmp></div></xmp>" * 20_000,
    "formatting_opened_again_and_again": HTML
    + b"<div>"
    + b"".join(b'<font size="%d">' % n for n in range(180))
    + b"</div>"
    + b"<p>x</p>" * 50_000,
}


@pytest.mark.parametrize("name", OVER)
def test_a_mail_over_a_cap_goes_to_review_with_its_subject_and_a_reason(
    name: str, raw: Callable[..., RawMessage], context: Context
) -> None:
    """Nothing of it is parsed or judged; the person sees who sent it and why it waits."""
    reading = read(raw(OVER[name]), context)
    assert reading.decision == Decision.REVIEW
    assert reading.signal.kind is None
    assert reading.signal.error in scan.UNREADABLE
    assert reading.signal.sender.address == "a@acme.example"


BOUNDED = {
    "newlines": BASE + SUBJECT + b"\r\n" + b"\n" * 30_000_000,
    "spaces": BASE + SUBJECT + b"\r\n" + b" " * 3_000_000 + b"x",
    "one_line": BASE + SUBJECT + b"\r\n" + b"a " * 1_000_000,
    "quote_marks": BASE + SUBJECT + b"\r\n" + b"> " * 200_000,
    "half_quote_headers": BASE + SUBJECT + b"\r\n" + b"On a\n" * 200_000,
    "outlook_headers": BASE + SUBJECT + b"\r\n" + b"From: x\n" * 100_000,
    "opening_brackets": HTML + b"<" * 400_000,
    "unclosed_tags": HTML + b"<a " * 150_000,
    "addresses_of_quotes": BASE + SUBJECT + b"Cc: " + b'"' * 15_000 + b"\r\n\r\nx",
    "addresses_of_groups": BASE + SUBJECT + b"Cc: " + b"a:" * 7000 + b"\r\n\r\nx",
    "soft_line_breaks": BASE + SUBJECT + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\n" * 500_000,
    "times_and_dates": BASE
    + b"Subject: Interview invitation\r\n\r\nWe invite you to an interview on "
    + b"12 March at 10:00, 11:00 " * 20_000,
    "names": BASE
    + b"Subject: Interview invitation\r\n\r\nWe invite you to an interview with "
    + b"Anna Berg, " * 20_000,
    "white_on_nothing": HTML + b"<div>" * 150 + b"<p style='color:white'>x</p>" * 15_000,
    "authentication_results": BASE
    + SUBJECT
    + b"Authentication-Results: x; "
    + b"dkim=pass header.i=" * 700
    + b"\r\n\r\nx",
}


@pytest.mark.parametrize("name", BOUNDED)
def test_a_mail_within_the_caps_is_read_in_bounded_time(
    name: str, raw: Callable[..., RawMessage], context: Context
) -> None:
    """It gets a verdict like any other; the suite's own time limit is the proof that it is linear."""
    assert read(raw(BOUNDED[name]), context).decision in Decision


def test_a_long_attachment_costs_little_and_hides_nothing(raw: Callable[..., RawMessage], context: Context) -> None:
    """The text beside a 20 MB attachment is read in full, also what follows the attachment."""
    content = (
        BASE
        + SUBJECT
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: application/pdf\r\n'
        + b"Content-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + (b"QUFB" * 19 + b"\r\n") * 260_000
        + b"--b\r\nContent-Type: text/plain\r\n\r\nWe received your application.\r\n--b--\r\n"
    )
    reading = read(raw(content), context)
    assert reading.message.text == "We received your application."
    assert reading.signal.error is None


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 50_000,
        "<table>" + "<tr><td>x" * 20_000,
        "<ul>" + "<li>x" * 20_000,
        "<div>x</div>" * 20_000,
        "<!-- <div> -->" * 10_000,
        "<DIV>x</div>" * 4000,
        '<a href="x>y">z</a>' * 4000,
    ],
)
def test_flat_html_is_safe_however_long(html: str) -> None:
    """Only depth and repetition are dangerous, not the number of paragraphs."""
    assert markup.is_safe(html)


def test_html_deeper_than_the_cap_is_not_safe() -> None:
    """Two hundred open elements are allowed, one more is not."""
    assert markup.is_safe("<div>" * 200)
    assert not markup.is_safe("<div>" * 201)


def test_plain_text_is_read_where_the_html_is_unsafe(raw: Callable[..., RawMessage], context: Context) -> None:
    """A mail that is partly damaged but readable is read, and the damage noted."""
    content = (
        BASE
        + SUBJECT
        + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        + b"We received your application.\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + b"<div>" * 1000
        + b"\r\n--b--\r\n"
    )
    reading = read(raw(content), context)
    assert reading.signal.error is None
    assert reading.message.text == "We received your application."
    assert reading.message.defects
