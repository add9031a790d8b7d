"""Whatever the bytes are, a message comes out, read as far as it can be."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Origin, RawMessage
from hearback.reading import headers, mime

Make = Callable[..., RawMessage]
OWNERS = frozenset({"me@home.example"})
ORDINARY = (
    b"Received: from a.example by b.example; Mon, 9 Mar 2026 09:00:05 +0100\r\n"
    b"From: =?utf-8?q?Anna_Berg?= <anna@acme.example>\r\nTo: me@home.example\r\nSubject: Your application\r\n"
    b"Date: Mon, 09 Mar 2026 09:00:00 +0100\r\nMessage-ID: <one@acme.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
    b"We received your application.\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(b"<p>We received <b>your</b> application.</p>" * 3)
    + b"\r\n--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--\r\n"
)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=600))
@example(b"")
@example(b"\xff\xfe\x00From: x")
@example(b"Content-Type: text/plain; charset*0*=x''%\r\n\r\na")
@example(b"Content-Type: multipart/mixed; boundary*=''%ff\r\n\r\na")
def test_any_bytes_become_a_message(content: bytes) -> None:
    """Nothing raises, and what comes out is dated and bounded."""
    found = mime.parse(
        RawMessage(mailbox_id=MailboxId("b"), provider_message_id=ProviderMessageId("1"), content=content), OWNERS
    )
    assert found.received_at.tzinfo is not None
    assert len(found.digest) == 64


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ORDINARY)),
            st.integers(0, 40),
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [
                        b"\r\n\r\n",
                        b"=?",
                        b"?=",
                        b"--b\r\n",
                        b"boundary=",
                        b"(",
                        b'"',
                        b"\x00",
                        b"charset=x-y",
                        b"base64",
                    ]
                ),
            ),
        ),
        max_size=6,
    )
)
def test_a_damaged_mail_becomes_a_message(cuts: list[tuple[int, int, bytes]]) -> None:
    """However an ordinary mail is cut and patched, it is parsed without an error."""
    content = ORDINARY
    for at, length, patch in cuts:
        content = content[:at] + patch + content[at + length :]
    found = mime.parse(
        RawMessage(mailbox_id=MailboxId("b"), provider_message_id=ProviderMessageId("1"), content=content), OWNERS
    )
    assert len(found.text) <= 256 * 1024
    assert found.received_at.tzinfo is not None


def test_an_ordinary_mail_is_read_whole(raw: Make) -> None:
    """Headers, text, calendar and times are where they belong."""
    found = mime.parse(raw(ORDINARY), OWNERS)
    assert found.sender.name == "Anna Berg"
    assert found.sender.address == "anna@acme.example"
    assert found.message_id == "one@acme.example"
    assert "We received your application." in found.text
    assert len(found.calendars) == 1
    assert datetime(2026, 3, 9, 8, 0, 5, tzinfo=UTC) == found.received_at
    assert found.defects == ()
    assert not found.sent


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"=?utf-8?q?Vorstellungsgespr=C3=A4ch?=", "Vorstellungsgespräch"),
        (b"=?utf-8?b?w4RwZmVs?= =?utf-8?q?_und_Birnen?=", "Äpfel und Birnen"),
        (b"=?iso-8859-2?q?Zaproszenie_na_rozmow=EA?=", "Zaproszenie na rozmowę"),
        (b"=?windows-1252?q?Caf=E9?=", "Café"),
        (b"=?no-such-charset?q?Hallo?=", "Hallo"),
        (b"Gespr\xc3\xa4ch am Montag", "Gespräch am Montag"),
        (b"Gespr\xe4ch am Montag", "Gespräch am Montag"),
        (b"=?utf-8?q?cut off", "cut off"),
        (b"tab\tand\x07bell", "tab and bell"),
    ],
)
def test_a_subject_is_decoded_however_it_is_written(raw: Make, header: bytes, subject: str) -> None:
    """Encoded words, raw bytes, unknown charsets and broken words all give readable text."""
    assert subject == mime.parse(raw(b"From: a@b.example\r\nSubject: " + header + b"\r\n\r\nx"), OWNERS).subject


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        (b"text/plain; charset=utf-8", "Grüße".encode(), "Grüße"),
        (b"text/plain; charset=utf-8", "Grüße".encode("cp1252"), "Grüße"),
        (b"text/plain; charset=no-such", "Grüße".encode(), "Grüße"),
        (b"text/plain", "Grüße".encode(), "Grüße"),
        (b"text/plain; charset=us-ascii", "Grüße".encode(), "Grüße"),
        (b"text/plain; charset=iso-2022-jp", "日本".encode("iso-2022-jp"), "日本"),
    ],
)
def test_a_wrong_charset_is_worked_around(raw: Make, kind: bytes, body: bytes, text: str) -> None:
    """The claimed charset first, then UTF-8, then Windows-1252."""
    assert text == mime.parse(raw(b"From: a@b.example\r\nContent-Type: " + kind + b"\r\n\r\n" + body), OWNERS).text


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"quoted-printable", b"Your inter=\r\nview"),
        (b"quoted-printable", b"Your=20interview="),
        (b"base64", b"WW91ciBpbnRlcnZpZXc"),
        (b"base64", b"WW91ciBp\r\nbnRlcnZpZXc=\r\n"),
        (b"x-uuencode", b"begin 644 a\n.66]U<B!I;G1E<G9I97<\n`\nend\n"),
        (b"no-such-encoding", b"Your interview"),
        (b"8bit;", b"Your interview"),
    ],
)
def test_a_body_is_decoded_however_it_is_wrapped(raw: Make, encoding: bytes, body: bytes) -> None:
    """Missing padding, stray line ends and unknown encodings lose no text."""
    content = b"From: a@b.example\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
    assert "Your interview" in mime.parse(raw(content), OWNERS).text


def test_an_encoded_name_cannot_smuggle_in_another_sender(raw: Make) -> None:
    """The address is split off before the name is decoded."""
    content = b"From: =?utf-8?q?me=40home=2Eexample=3E=2C_x?= <thief@evil.example>\r\nSubject: x\r\n\r\nx"
    found = mime.parse(raw(content), OWNERS)
    assert found.sender.address == "thief@evil.example"
    assert not found.sent


@pytest.mark.parametrize(
    ("header", "address"),
    [
        (b'"Berg, Anna" <anna@acme.example>', "anna@acme.example"),
        (b"anna@acme.example (Anna Berg)", "anna@acme.example"),
        (b"Anna Berg <anna@acme.example", "anna@acme.example"),
        (b"Anna <ANNA@Acme.Example>", "anna@acme.example"),
        (b"Anna Berg", ""),
        (b"undisclosed-recipients:;", ""),
    ],
)
def test_a_sender_is_found_in_a_broken_header(raw: Make, header: bytes, address: str) -> None:
    """Quotes, comments, missing brackets; and no address where none is."""
    assert address == mime.parse(raw(b"From: " + header + b"\r\nSubject: x\r\n\r\nx"), OWNERS).sender.address


def test_headers_with_a_line_that_is_none_are_repaired(raw: Make) -> None:
    """A stray line among the headers does not turn the rest of them into text."""
    content = b"stray words\r\nFrom : a@b.example\r\nSubject : Your interview\r\n\r\nhello"
    found = mime.parse(raw(content), OWNERS)
    assert found.sender.address == "a@b.example"
    assert found.subject == "Your interview"
    assert found.text == "hello"
    assert found.defects


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            b"Received: by x; Tue, 10 Mar 2026 10:00:00 +0100\r\nDate: Mon, 9 Mar 2026 09:00:00 +0100",
            "2026-03-10T09:00:00",
        ),
        (
            b"Received: by x; Wed, 11 Mar 2026 10:00:00 +0000\r\nReceived: by y; Tue, 10 Mar 2026 10:00:00 +0000",
            "2026-03-11T10:00:00",
        ),
        (b"Received: nonsense\r\nDate: Mon, 9 Mar 2026 09:00:00 +0100", "2026-03-09T08:00:00"),
        (b"Date: Mon, 9 Mar 2026 09:00:00", "2026-03-09T09:00:00"),
        (b"Date: Mon, 9 Mar 2026 09:00:00 -0000", "2026-03-09T09:00:00"),
        (b"Date: 2026-03-09T09:00:00+01:00", "2026-03-09T08:00:00"),
        (b"Date: Sat, 29 Feb 2028 12:00:00 +0000", "2028-02-29T12:00:00"),
        (b"Date: Mon, 9 Mar 9999 09:00:00 +0000", "1970-01-01T00:00:00"),
        (b"Date: Mon, 99 Mar 2026 09:00:00 +0000", "1970-01-01T00:00:00"),
        (b"Date: Mon, 1 Jan 1980 00:00:00 +0000", "1970-01-01T00:00:00"),
        (b"Date: yesterday", "1970-01-01T00:00:00"),
    ],
)
def test_an_export_is_dated_by_its_topmost_hop_then_by_its_date(raw: Make, headers: bytes, expected: str) -> None:
    """Naive dates are UTC; absurd ones are none."""
    found = mime.parse(raw(b"From: a@b.example\r\n" + headers + b"\r\n\r\nx", origin=Origin.IMPORTED), OWNERS)
    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == found.received_at
    assert (mime.UNDATED in found.defects) == (expected.startswith("1970"))


def test_the_providers_time_comes_first(raw: Make) -> None:
    """What the provider says outranks every header."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert at == mime.parse(raw(ORDINARY, received_at=at), OWNERS).received_at


def test_flowed_lines_are_joined(raw: Make) -> None:
    """format=flowed: a line that ends in a space goes on in the next."""
    content = (
        b"From: a@b.example\r\nContent-Type: text/plain; format=flowed\r\n\r\nOne sentence \r\nover two lines.\r\n"
    )
    assert mime.parse(raw(content), OWNERS).text == "One sentence over two lines."


def test_an_attached_mail_is_not_this_mail(raw: Make) -> None:
    """What somebody attached is not what they wrote."""
    content = (
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nmine\r\n--b\r\n'
        b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ntheirs\r\n--b--\r\n"
    )
    assert mime.parse(raw(content), OWNERS).text == "mine"


def test_a_part_without_a_closing_boundary_is_read(raw: Make) -> None:
    """A mail cut short keeps what arrived."""
    content = b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nYour interview is on'
    assert mime.parse(raw(content), OWNERS).text == "Your interview is on"


def test_a_calendar_over_its_cap_is_left_out(raw: Make) -> None:
    """The rest of the mail is read, and the defect noted."""
    content = (
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n'
        b"Content-Type: text/calendar\r\n\r\n" + b"X:y\r\n" * 20_000 + b"--b--\r\n"
    )
    found = mime.parse(raw(content), OWNERS)
    assert found.calendars == ()
    assert mime.CALENDAR_TOO_LARGE in found.defects


def test_the_digest_is_equal_for_one_mail_in_two_mailboxes(raw: Make) -> None:
    """Hops and ids of the mailbox do not count; sender, date, subject and text do."""
    other = ORDINARY.replace(b"by b.example", b"by c.example")
    assert mime.parse(raw(ORDINARY), OWNERS).digest == mime.parse(raw(other), OWNERS).digest
    changed = ORDINARY.replace(b"Subject: Your", b"Subject: My")
    assert mime.parse(raw(ORDINARY), OWNERS).digest != mime.parse(raw(changed), OWNERS).digest
    assert hashlib.sha256().digest_size * 2 == len(mime.parse(raw(ORDINARY), OWNERS).digest)


def test_mail_by_an_owner_is_sent(raw: Make) -> None:
    """Whoever owns the mailbox wrote it; their recipients are kept."""
    content = b"From: Me <ME@home.example>\r\nTo: Anna <anna@acme.example>\r\n\r\nhi"
    found = mime.parse(raw(content, labels=("SENT",)), OWNERS)
    assert found.sent
    assert tuple(each.address for each in found.recipients) == ("anna@acme.example",)


@pytest.mark.parametrize(
    ("header", "bulk"),
    [
        (b"List-Unsubscribe: <mailto:x@y>", True),
        (b"List-Id: <news.example>", True),
        (b"Precedence: Bulk", True),
        (b"X-Other: y", False),
    ],
)
def test_mailings_are_marked(raw: Make, header: bytes, bulk: bool) -> None:
    """Bulk headers tell a mailing from a letter."""
    assert bulk is mime.parse(raw(b"From: a@b.example\r\n" + header + b"\r\n\r\nhi"), OWNERS).bulk


def test_all_references_are_kept(raw: Make) -> None:
    """A long References header is not cut at a subject's length; the newest twenty count."""
    many = b" ".join(b"<%04d@a-rather-long-domain-of-a-mail-server.example>" % n for n in range(40))
    found = mime.parse(
        raw(b"From: a@b.example\r\nReferences: " + many + b"\r\nIn-Reply-To: <last@x>\r\n\r\nhi"), OWNERS
    )
    assert found.references[-1] == "last@x"
    assert found.references[-2] == "0039@a-rather-long-domain-of-a-mail-server.example"
    assert len(found.references) == 20


def test_a_thread_id_of_an_export_is_gmails(raw: Make) -> None:
    """X-GM-THRID counts in the person's own export only."""
    content = b"From: a@b.example\r\nX-GM-THRID: 1234567890\r\n\r\nhi"
    assert mime.parse(raw(content, origin=Origin.IMPORTED), OWNERS).thread_id == "1234567890"
    assert mime.parse(raw(content), OWNERS).thread_id is None


def test_of_addresses_that_take_the_parser_only_the_first_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifteen fields of them cost no more than one."""
    given: list[int] = []
    monkeypatch.setattr(headers, "getaddresses", lambda values: given.append(len(values[0])) or [])
    headers.addresses(["<a@" * 2500] * 15)
    assert sum(given) == headers.MAX_VALUE
