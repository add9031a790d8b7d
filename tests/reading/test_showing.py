"""Mail as text for a person's eyes: links with the host a browser would go to, quotes apart, in order."""

from __future__ import annotations

import pytest

from hearback.mailboxes import gmail_payload
from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import RawMessage
from hearback.reading import mime, showing


def shown(body: str, subject: str = "Hello", kind: str = "text/plain") -> tuple[showing.Block, ...]:
    head = f"From: Acme <jobs@acme.example>\r\nSubject: {subject}\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n"
    raw = RawMessage(
        mailbox_id=MailboxId("m"), provider_message_id=ProviderMessageId("1"), content=(head + body).encode()
    )
    return showing.blocks(mime.parse(raw, frozenset(), shown=True))


def words(block: showing.Block) -> list[str]:
    return ["".join(piece.text or f"[{piece.host}]" for piece in line) for line in block.lines]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://acme.example/jobs?x=1#y", ("https://acme.example/jobs?x=1#y", "acme.example")),
        ("HTTPS://ACME.example", ("https://acme.example", "acme.example")),
        ("https://acme.example@evil.example/", None),
        ("https://evil.example\\@acme.example/", None),
        ("https://acme.example\t/", None),
        ("https://аcme.example/", ("https://xn--cme-5cd.example/", "xn--cme-5cd.example")),
        ("javascript:alert(1)", None),
        ("https://localhost/", None),
        ("https://192.0.2.7:8443/x", ("https://192.0.2.7:8443/x", "192.0.2.7")),
        ("https://acme..example/", None),
        (f"https://{'a' * 70}.example/", None),
    ],
)
def test_an_address_leads_where_a_browser_would_go(address: str, found: tuple[str, str] | None) -> None:
    """And nowhere where readers and browsers differ."""
    assert showing.target(address) == found


def test_answers_between_quoted_lines_stay_in_their_places() -> None:
    """Quoted, new, quoted, new."""
    found = shown("> When can you start?\r\n\r\nIn May.\r\n\r\n> Where do you live?\r\n\r\nIn Leeds.\r\n")
    assert [(each.quoted, words(each)) for each in found] == [
        (True, ["> When can you start?"]),
        (False, ["In May."]),
        (True, ["> Where do you live?"]),
        (False, ["In Leeds."]),
    ]


def test_what_stands_below_who_wrote_is_quoted() -> None:
    """To the end."""
    new, old = shown("Thanks!\r\n\r\nOn Tue, 3 Nov 2026, Acme <jobs@acme.example> wrote:\r\nCan you come?\r\n")
    assert (new.quoted, words(new)) == (False, ["Thanks!"])
    assert (old.quoted, words(old)[-1]) == (True, "Can you come?")


def test_a_mail_passed_on_is_no_quote() -> None:
    """It is what was sent."""
    found = shown("---------- Forwarded message ---------\r\nFrom: X <x@y.example>\r\nCan you come?\r\n", "Fwd: x")
    assert [each.quoted for each in found] == [False]


def test_a_link_of_html_shows_its_host_behind_its_words() -> None:
    """Words, then the host; a bare address says its own."""
    (found,) = shown(
        "<p>See <a href='https://calendly.example/a'>my calendar</a> or https://acme.example/b.</p>", kind="text/html"
    )
    assert words(found) == ["See my calendar[calendly.example] or https://acme.example/b."]
    assert [piece.href for piece in found.lines[0] if piece.href] == [
        "https://calendly.example/a",
        "https://acme.example/b",
    ]


def test_a_link_whose_words_are_its_address_is_said_once() -> None:
    """Where both lead to the same host."""
    (found,) = shown("<p><a href='https://acme.example/b'>https://acme.example/b</a></p>", kind="text/html")
    assert words(found) == ["https://acme.example/b"]


def test_marks_in_a_mail_point_nowhere() -> None:
    """What stands for a link inside is taken out of mail that brings it along."""
    (found,) = shown("a\x050\x06b\x00c\x1b[1m")
    assert words(found) == ["abc[1m"]


def test_a_payload_of_gmail_reads_as_the_mail_it_was() -> None:
    """Made UTF-8 by Gmail while the header still says otherwise, header injection, an attachment without a body."""
    import base64

    text = base64.urlsafe_b64encode("Grüße".encode()).decode().rstrip("=")
    payload = {
        "mimeType": "multipart/mixed",
        "headers": [{"name": "From", "value": "A <a@b.example>"}, {"name": "Subject", "value": "x\r\nBcc: evil@x.example\r\n\r\nbody"}, {"name": "bad name", "value": "x"}],
        "parts": [
            {"mimeType": "text/plain", "headers": [{"name": "Content-Type", "value": 'text/plain; charset="iso-8859-1"'}], "body": {"data": text}},
            {"mimeType": "application/pdf", "filename": "Zusage für Ann.pdf", "body": {"attachmentId": "x"}},
            "no part",
        ],
    }  # fmt: skip
    raw = RawMessage(
        mailbox_id=MailboxId("m"), provider_message_id=ProviderMessageId("1"), content=gmail_payload.content(payload)
    )
    message = mime.parse(raw, frozenset(), shown=True)
    assert message.text == "Grüße"
    assert message.subject == "x Bcc: evil@x.example body"
    assert message.files == ("Zusage für Ann.pdf",)


@pytest.mark.parametrize("payload", [{}, {"mimeType": "x", "body": {"data": "%%%"}}, {"parts": 3, "headers": None}])
def test_a_broken_payload_is_an_empty_mail(payload: dict[str, object]) -> None:
    """Never an error."""
    raw = RawMessage(
        mailbox_id=MailboxId("m"),
        provider_message_id=ProviderMessageId("1"),
        content=gmail_payload.content(payload),
    )
    assert mime.parse(raw, frozenset(), shown=True).text == ""
