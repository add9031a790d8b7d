"""Headers: too many, too long, folded, doubled, encoded, dated in year 9999; and those that claim what is not so."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from hostile import PROVED, SUBJECT, VISIBLE, Holds, Hostile, family, head, mail

Builds = dict[str, Callable[[], bytes]]


def extra(fields: bytes) -> bytes:
    """The visible mail with more headers."""
    return mail(VISIBLE, more=fields)


def titled(subject: bytes) -> bytes:
    """The visible mail under another subject."""
    return mail(VISIBLE, subject=subject)


def dated(date: bytes) -> bytes:
    """The visible mail written at another time."""
    return mail(VISIBLE).replace(b"Mon, 09 Mar 2026 09:00:00 +0100", date)


def sent_by(sender: bytes, more: bytes = b"") -> bytes:
    """The visible mail from somebody else."""
    return mail(VISIBLE, sender=sender, more=more)


def families() -> Iterable[Hostile]:
    """Everything that attacks through headers."""
    yield from _counts()
    yield from _shapes()
    yield from _encoded_words()
    yield from _dates()
    yield from _addresses()
    yield from _claims()


def _counts() -> Iterable[Hostile]:
    within: Builds = {f"{n} more headers": functools.partial(extra, b"X-A: y\r\n" * n) for n in (10, 150, 190)}
    within |= {
        f"a header of {n} bytes": functools.partial(extra, b"X-A: " + b"y" * n + b"\r\n") for n in (998, 9000, 16_000)
    }
    within |= {
        "a header folded 200 times": lambda: extra(b"X-A:" + b" y\r\n" * 200),
        "190 hops": lambda: extra(b"Received: from a by b; Mon, 09 Mar 2026 09:00:00 +0100\r\n" * 190),
        "190 subjects": lambda: extra(b"Subject: x\r\n" * 180),
        "190 senders": lambda: extra(b"From: x@y.example\r\n" * 180),
        "190 dates": lambda: extra(b"Date: Mon, 09 Mar 2026 09:00:00 +0100\r\n" * 180),
        "12 headers of 15 KB": lambda: extra((b"X-A: " + b"y" * 15_000 + b"\r\n") * 12),
        "references of 15 KB": lambda: extra(b"References: " + b"<a@b.example> " * 1000 + b"\r\n"),
        "references of one long id": lambda: extra(b"References: <" + b"a" * 15_000 + b">\r\n"),
        "references without an end": lambda: extra(b"References: " + b"<a" * 7000 + b"\r\n"),
    }
    yield from family("headers within the caps", Holds.READS, within)
    over: Builds = {f"{n} headers": functools.partial(extra, b"X-A: y\r\n" * n) for n in (200, 1000, 100_000)}
    over |= {
        f"a header of {n} bytes": functools.partial(extra, b"X-A: " + b"y" * n + b"\r\n")
        for n in (16_400, 200_000, 3_000_000)
    }
    over |= {
        "a header folded 40,000 times": lambda: extra(b"X-A:" + b" y\r\n" * 40_000),
        "20 headers of 15 KB": lambda: extra((b"X-A: " + b"y" * 15_000 + b"\r\n") * 20),
        "a subject of a megabyte": lambda: titled(b"a " * 500_000),
        "headers without an end": lambda: head() + b"X-A: y\r\n" * 300_000,
        "a header of comments in comments": lambda: extra(b"X-A: " + b"(" * 5000 + b")" * 5000 + b"\r\n"),
        "recipients in nested comments": lambda: extra(b"Cc: a@b" + b"(" * 7000 + b"\r\n"),
        "a sender in 30 comments": lambda: sent_by(b"(" * 30 + b"a@b.example" + b")" * 30),
        "an unclosed comment on every line": lambda: extra((b"X-A: " + b"(" * 25 + b"\r\n") * 100),
    }
    yield from family("headers beyond the caps", Holds.UNREADABLE, over)


def _shapes() -> Iterable[Hostile]:
    reads: Builds = {
        "a nul in a subject": lambda: titled(SUBJECT + b"\x00" + SUBJECT),
        "a bell in a subject": lambda: titled(SUBJECT + b"\x07\x08\x1b[2J"),
        "8-bit in a subject": lambda: titled(b"Ihre Bewerbung f\xfcr Gr\xfc\xdfe"),
        "broken UTF-8 in a subject": lambda: titled(SUBJECT + b" \xc3\x28 \xed\xa0\x80"),
        "script in a subject": lambda: titled(b"<script>alert(1)</script> " + SUBJECT),
        "a subject of blanks": lambda: titled(b" " * 5000),
        "a subject of tabs and folds": lambda: titled(b"\t\r\n \t\r\n " * 500 + SUBJECT),
        "a carriage return in a subject": lambda: titled(SUBJECT + b"\rBcc: x@y.example"),
        "8-bit in a name of a header": lambda: extra(b"X-\xff\xfe: y\r\n"),
        "an empty value": lambda: extra(b"X-A:\r\nX-B: \r\n"),
        "LF alone": lambda: mail(VISIBLE).replace(b"\r\n", b"\n"),
        "content type twice": lambda: extra(b"Content-Type: text/plain\r\n"),
        "content type of nothing": lambda: mail(VISIBLE, kind=b""),
        "content type of semicolons": lambda: mail(VISIBLE, kind=b"text/plain" + b";" * 5000),
        "content type of parameters": lambda: mail(
            VISIBLE, kind=b"text/plain" + b"".join(b"; a%d=b" % n for n in range(800))
        ),
        "content type of quotes": lambda: mail(VISIBLE, kind=b'text/plain; a="' + b'\\"' * 3000),
        "content type of pieces": lambda: mail(
            VISIBLE, kind=b"text/plain" + b"".join(b"; charset*%d*=utf" % n for n in range(300))
        ),
        "a mailbox line first": lambda: b"From anna Mon Mar  9 09:00:00 2026\r\n" + mail(VISIBLE),
        "a mailbox line escaped": lambda: b">From anna Mon Mar  9 09:00:00 2026\r\n" + mail(VISIBLE),
        "a stray line first": lambda: b"this is no header\r\n" + mail(VISIBLE),
        "stray lines between": lambda: mail(VISIBLE).replace(b"\r\nTo:", b"\r\nno header here\r\nTo:"),
        "blanks before colons": lambda: mail(VISIBLE).replace(b"From:", b"From :").replace(b"Subject:", b"Subject :"),
        "headers in capitals": lambda: mail(VISIBLE).replace(b"From", b"FROM").replace(b"Subject", b"SUBJECT"),
        "a line of 8-bit among headers": lambda: extra(b"\xe4\xf6\xfc\r\n"),
    }
    yield from family("shapes of headers", Holds.READS, reads)
    bounded: Builds = {
        "CR alone": lambda: mail(VISIBLE).replace(b"\r\n", b"\r"),
        "CR CR LF": lambda: mail(VISIBLE).replace(b"\r\n", b"\r\r\n"),
        "a body in the headers": lambda: head() + b" " + VISIBLE.encode() + b"\r\n" * 3,
        "colons": lambda: b":" * 10_000 + b"\r\n\r\n" + VISIBLE.encode(),
        "a first line that folds": lambda: b" folded\r\n" + mail(VISIBLE),
        "an empty line in the middle": lambda: mail(VISIBLE).replace(b"Subject:", b"\r\nSubject:"),
        "nuls between letters": lambda: b"\x00".join(bytes([byte]) for byte in mail(VISIBLE)),
        "a BOM first": lambda: b"\xef\xbb\xbf" + mail(VISIBLE),
        "UTF-16 throughout": lambda: mail(VISIBLE).decode().encode("utf-16"),
        "an HTTP answer": lambda: b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + VISIBLE.encode(),
        "a header name of 10,000 characters": lambda: extra(b"X" * 10_000 + b": y\r\n"),
    }
    yield from family("shapes that are no headers", Holds.BOUNDED, bounded)


def _encoded_words() -> Iterable[Hostile]:
    reads: Builds = {
        "a charset that is none": lambda: titled(b"=?x-none?q?Your_application?="),
        "an encoding that is none": lambda: titled(b"=?utf-8?z?Your_application?="),
        "base64 of one letter": lambda: titled(b"=?utf-8?b?A?="),
        "base64 of junk": lambda: titled(b"=?utf-8?b?!!!!?="),
        "cut off": lambda: titled(b"=?utf-8?q?Your_appl"),
        "empty": lambda: titled(b"=?utf-8?q??= =?utf-8?b??=" * 20),
        "inside each other": lambda: titled(b"=?utf-8?q?=?utf-8?q?Your?=?="),
        "line ends in it": lambda: titled(b"=?utf-8?q?Your=0D=0ABcc:_x@y.example?="),
        "nuls in it": lambda: titled(b"=?utf-8?q?Your=00application?="),
        "UTF-7": lambda: titled(b"=?utf-7?q?+ADw-script+AD4-?="),
        "utf-16": lambda: titled(b"=?utf-16?b?WQBvAHUAcgA=?="),
        "a codec that is no charset": lambda: titled(b"=?zlib?b?eJwDAAAAAAE=?= =?hex?q?41?= =?rot13?q?a?="),
        "half a letter in each": lambda: titled(b"=?utf-8?q?=C3?= =?utf-8?q?=BC?="),
        "199 of them": lambda: titled(b"=?utf-8?q?a?= " * 199),
        "a name that spells an address": lambda: sent_by(b"=?utf-8?q?=3Cme=40home.example=3E?= <x@evil.example>"),
        "a name with line ends": lambda: sent_by(b"=?utf-8?q?Anna=0D=0ATo:?= <anna@acme.example>"),
        "a word of 10,000 characters": lambda: titled(b"=?utf-8?q?" + b"a" * 10_000 + b"?="),
        "question marks": lambda: titled(b"=?" + b"?" * 15_000),
        "half opened": lambda: titled(b"=?a?b" * 190),
    }
    yield from family("encoded words", Holds.READS, reads)
    over: Builds = {f"{n} of them": functools.partial(titled, b"=?utf-8?q?a?=\r\n " * n) for n in (300, 1000, 20_000)}
    over |= {"300 in recipients": lambda: extra(b"Cc: " + b"=?utf-8?q?a?= <a@b.example>, " * 300 + b"\r\n")}
    yield from family("too many encoded words", Holds.UNREADABLE, over)


def _dates() -> Iterable[Hostile]:
    dates = (
        b"Mon, 01 Jan 0000 00:00:00 +0000",
        b"Mon, 01 Jan 0001 00:00:00 +1400",
        b"Fri, 31 Dec 9999 23:59:59 -1200",
        b"Fri, 31 Dec 99999 23:59:59 +0000",
        b"Mon, 09 Mar 2026 09:00:00 +9999",
        b"Mon, 09 Mar 2026 09:00:00 -9999",
        b"Mon, 09 Mar 2026 09:00:00 +2400",
        b"Mon, 09 Mar 2026 25:61:61 +0100",
        b"Mon, 32 Mar 2026 09:00:00 +0100",
        b"Sun, 29 Feb 2027 09:00:00 +0100",
        b"Mon, 09 Mar 2026 09:00:60 +0000",
        b"Mon, 09 Mar -2026 09:00:00 +0100",
        b"Mon, 09 Mar 26 09:00:00 +0100",
        b"Mon, 09 Mar 2026 09:00:00 XYZ",
        b"Mon, 09 Mar 2026 09:00:00 +99999999999999999999",
        b"1" * 5000,
        b"(" * 15 + b"Mon, 09 Mar 2026 09:00:00 +0100" + b")" * 15,
        b"1/1/" * 3000,
        b"2026-03-09T09:00:00+99:99",
        b"9999-12-31T23:59:59.999999-12:00",
        b"\xff\xfe",
        b"=?utf-8?q?Mon,_09_Mar_2026?=",
        b"",
        b"tomorrow",
    )
    named = {f"date {number}: {date[:34]!r}": functools.partial(dated, date) for number, date in enumerate(dates)}
    yield from family("dates", Holds.READS, named)
    hops = {
        f"hop at {date[:34]!r}": functools.partial(extra, b"Received: from a by b; " + date + b"\r\n")
        for date in dates[:8]
    }
    yield from family("hops", Holds.READS, hops)


def _addresses() -> Iterable[Hostile]:
    senders: Builds = {
        "none": lambda: sent_by(b""),
        "a name alone": lambda: sent_by(b"Anna Berg"),
        "brackets": lambda: sent_by(b"<" * 5000),
        "closed brackets": lambda: sent_by(b">" * 5000),
        "at signs": lambda: sent_by(b"@" * 10_000),
        "an address of at signs": lambda: sent_by(b"a@" * 7000),
        "quotes": lambda: sent_by(b'"' * 15_000),
        "backslashes": lambda: sent_by(b'"' + b"\\" * 15_000),
        "groups": lambda: sent_by(b"a:" * 7000),
        "semicolons": lambda: sent_by(b";" * 15_000),
        "commas": lambda: sent_by(b"," * 15_000),
        "routes": lambda: sent_by(b"<@a,@b,@c:anna@acme.example>"),
        "a host of dots": lambda: sent_by(b"<anna@" + b"a." * 7000 + b">"),
        "a host of 10,000 letters": lambda: sent_by(b"<anna@" + b"a" * 10_000 + b".example>"),
        "a host in Cyrillic": lambda: sent_by("Anna <anna@асме.example>".encode()),
        "a host in punycode": lambda: sent_by(b"Anna <anna@xn--80ak6aa92e.example>"),
        "a name of blanks": lambda: sent_by(b" " * 14_000 + b"<anna@acme.example>"),
        "a name that is an address": lambda: sent_by(b'"me@home.example" <x@evil.example>'),
        "two senders": lambda: sent_by(b"anna@acme.example, me@home.example"),
        "a nul in it": lambda: sent_by(b"anna\x00@acme.example"),
        "blanks around the at": lambda: sent_by(b"anna @ acme . example"),
        "right to left": lambda: sent_by("\u202eelpmaxe.emca@anna <anna@acme.example>".encode()),
        "100 recipients": lambda: extra(b"Cc: " + b"a@b.example, " * 1000 + b"\r\n"),
        "recipients that are none": lambda: extra(b"Cc: " + b"a, " * 5000 + b"\r\n"),
        "20 fields of recipients": lambda: extra((b"Cc: " + b'"a" <a@b.example>, ' * 400 + b"\r\n") * 15),
        "recipients of open brackets": lambda: extra((b"Cc: " + b"<a@" * 2500 + b"\r\n") * 15),
        "recipients of open quotes": lambda: extra((b"Cc: " + b'"a@b ' * 2500 + b"\r\n") * 15),
        "an answer to nobody": lambda: extra(b"Reply-To: \r\n"),
    }
    yield from family("senders", Holds.READS, senders)


def _claims() -> Iterable[Hostile]:
    """What a sender can write of themselves; only the receiver's own word counts."""
    results: Builds = {
        "a pass by nobody": lambda: extra(b"Authentication-Results: evil.example; dmarc=pass\r\n"),
        "a pass by a name like the receiver's": lambda: extra(
            b"Authentication-Results: mx.receiver.example.evil.example; dmarc=pass\r\n"
        ),
        "a pass for another": lambda: extra(
            b"Authentication-Results: mx.receiver.example; dmarc=pass header.from=evil.example\r\n"
        ),
        "a pass in a comment": lambda: extra(
            b"Authentication-Results: mx.receiver.example; dmarc=fail (dmarc=pass header.from=acme.example)\r\n"
        ),
        "a pass in quotes": lambda: extra(
            b'Authentication-Results: mx.receiver.example; dkim=none reason="; dmarc=pass"\r\n'
        ),
        "a pass below a failure": lambda: extra(
            b"Authentication-Results: mx.receiver.example; dmarc=fail\r\n" + PROVED
        ),
        "a pass in ARC alone": lambda: extra(b"ARC-" + PROVED),
        "a pass by SPF alone": lambda: extra(b"Authentication-Results: mx.receiver.example; spf=pass\r\n"),
        "a pass for a subdomain of another": lambda: extra(
            b"Authentication-Results: mx.receiver.example; dkim=pass header.d=acme.example.evil.example\r\n"
        ),
        "700 passes by nobody": lambda: extra(
            b"Authentication-Results: x; " + b"dkim=pass header.i=@acme.example; " * 400 + b"\r\n"
        ),
        "comments": lambda: extra(b"Authentication-Results: mx.receiver.example; " + b"()" * 7000 + b"\r\n"),
        "quotes": lambda: extra(b"Authentication-Results: mx.receiver.example; " + b'"\\' * 7000 + b"\r\n"),
        "blanks": lambda: extra(b"Authentication-Results: mx.receiver.example;" + b" " * 14_000 + b"=pass\r\n"),
        "a header in the subject": lambda: titled(b"x\r Authentication-Results: mx.receiver.example; dmarc=pass"),
        "a header in the body": lambda: mail(PROVED + VISIBLE.encode()),
        "a label of sent mail": lambda: sent_by(b"Me <me@home.example>", b"X-Gmail-Labels: Sent\r\n"),
        "the owner's own address": lambda: sent_by(b"Me <me@home.example>"),
        "the owner's name and another's address": lambda: sent_by(b"Me <me@home.example.evil.example>"),
        "the owner in an encoded name": lambda: sent_by(b"=?utf-8?q?me=40home.example?= <x@evil.example>"),
        "the owner in a group": lambda: sent_by(b"me@home.example:x@evil.example;"),
        "a sender of an applicant system": lambda: sent_by(b"Acme <no-reply@us.greenhouse-mail.io.evil.example>"),
        "a name of an applicant system": lambda: sent_by(b'"no-reply@us.greenhouse-mail.io" <x@evil.example>'),
    }
    yield from family("claims", Holds.UNTRUSTED, results)
