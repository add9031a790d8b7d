"""Nested, numberless and broken MIME parts, transfer encodings, charsets, attachments and sizes."""

from __future__ import annotations

import base64
import functools
import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Final

from hostile import CANARY, SUBJECT, VISIBLE, Holds, Hostile, family, head, html, mail, multipart, part

Builds = dict[str, Callable[[], bytes]]
MB: Final = 1024 * 1024
BODY: Final = VISIBLE.encode()


def nested(levels: int, kind: bytes = b"mixed", *, closed: bool = True) -> bytes:
    """Multiparts inside each other, the text in the innermost."""
    opened = b"".join(
        b'Content-Type: multipart/%s; boundary="b%d"\r\n\r\n--b%d\r\n' % (kind, n, n) for n in range(levels)
    )
    ends = b"".join(b"\r\n--b%d--" % n for n in reversed(range(levels))) if closed else b""
    return head() + opened + b"Content-Type: text/plain\r\n\r\n" + BODY + ends + b"\r\n"


def forwarded(levels: int) -> bytes:
    """Attached messages inside each other, the visible text beside the outermost."""
    inner = b"Subject: inner\r\n\r\n" + CANARY.encode()
    for _ in range(levels - 1):
        inner = b"Subject: middle\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return multipart(part(VISIBLE), b"Content-Type: message/rfc822\r\n\r\n" + inner)


def many(count: int, kind: bytes = b"application/octet-stream") -> bytes:
    """The visible text and `count` small parts behind it."""
    return multipart(part(VISIBLE), *([part(b"x", kind)] * count))


def with_boundary(boundary: bytes, *, written: bytes | None = None, quotes: bytes = b'"') -> bytes:
    """A multipart whose boundary is declared as `boundary` and used as `written`."""
    used = boundary if written is None else written
    return (
        head(more=b"Content-Type: multipart/mixed; boundary=" + quotes + boundary + quotes + b"\r\n")
        + b"\r\n--" + used + b"\r\n" + part(VISIBLE) + b"\r\n--" + used + b"--\r\n"
    )  # fmt: skip


def encoded(encoding: bytes, body: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    """A body in a transfer encoding."""
    return mail(body, kind=kind, more=b"Content-Transfer-Encoding: " + encoding + b"\r\n")


def charset(name: bytes, body: bytes) -> bytes:
    """A body in a charset."""
    return mail(body, kind=b"text/plain; charset=" + name)


def attachment(name: bytes, content: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """The visible text with a file."""
    lines = base64.encodebytes(content).replace(b"\n", b"\r\n")
    more = b"Content-Disposition: attachment; filename=" + name + b"\r\nContent-Transfer-Encoding: base64\r\n"
    return multipart(part(VISIBLE), part(lines, kind, more))


@functools.cache
def zip_bomb() -> bytes:
    """Zip of zips."""
    inner = b"0" * (4 * MB)
    for _ in range(4):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(4):
                archive.writestr(f"{number}.zip", inner)
        inner = file.getvalue()
    return inner


def families() -> Iterable[Hostile]:
    """Everything that attacks how a message is put together."""
    yield from _nests()
    yield from _boundaries()
    yield from _encodings()
    yield from _charsets()
    yield from _files()
    yield from _sizes()


def _nests() -> Iterable[Hostile]:
    within = {f"multiparts {n} deep": functools.partial(nested, n) for n in (1, 5, 19, 20)}
    within |= {f"{kind.decode()} 20 deep": functools.partial(nested, 20, kind) for kind in (b"alternative", b"related")}
    within |= {f"{n} deep, none closed": functools.partial(nested, n, closed=False) for n in (3, 20)}
    within |= {f"{n} attached messages nested": functools.partial(forwarded, n) for n in (1, 10, 19, 20)}
    within |= {f"{n} parts": functools.partial(many, n) for n in (2, 50, 98, 99, 100, 300)}
    within |= {f"{n} text parts": functools.partial(many, n, b"text/plain") for n in (98, 99, 300)}
    yield from family("nests and parts within the caps", Holds.READS, within)
    over: Builds = {f"multiparts {n} deep": functools.partial(nested, n) for n in (21, 50, 1000, 10_000)}
    over |= {f"{n} deep, none closed": functools.partial(nested, n, closed=False) for n in (21, 3000)}
    over |= {f"{n} attached messages nested": functools.partial(forwarded, n) for n in (21, 200, 3000)}
    over |= {f"{n} parts": functools.partial(many, n) for n in (401, 5000, 100_000)}
    over |= {
        "multiparts spelled in odd cases": lambda: nested(40).replace(b"multipart", b"MuLtIpArT"),
        "types folded behind the colon": lambda: nested(40).replace(b"Content-Type: ", b"Content-Type:\r\n "),
        "types behind blanks": lambda: nested(40).replace(b"Content-Type: ", b"Content-Type : "),
        "digests of digests": lambda: nested(60, b"digest"),
    }
    yield from family("nests and parts beyond the caps", Holds.UNREADABLE, over)


def _boundaries() -> Iterable[Hostile]:
    reads: Builds = {
        "of 70 characters": lambda: with_boundary(b"b" * 70),
        "of 200 characters": lambda: with_boundary(b"b" * 200),
        "with odd characters": lambda: with_boundary(b"=_(b)+,./:=? '"),
        "unquoted": lambda: with_boundary(b"b123", quotes=b""),
        "never closed": lambda: with_boundary(b"b").replace(b"--b--", b""),
        "closed twice": lambda: with_boundary(b"b") + b"--b--\r\n--b--\r\n",
        "opened again behind its end": lambda: with_boundary(b"b") + b"--b\r\n\r\nmore\r\n",
        "declared twice": lambda: with_boundary(b"b").replace(b'boundary="b"', b'boundary="b"; boundary="c"'),
        "one a prefix of another": lambda: multipart(
            b'Content-Type: multipart/alternative; boundary="bb"\r\n\r\n--bb\r\n' + part(VISIBLE) + b"\r\n--bb--\r\n"
        ),
        "the same inside and outside": lambda: multipart(
            part(VISIBLE), b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' + part("x") + b"\r\n--b--\r\n"
        ),
        "missing, the type says multipart": lambda: head(more=b"Content-Type: multipart/mixed\r\n") + b"\r\n" + BODY,
        "empty": lambda: head(more=b'Content-Type: multipart/mixed; boundary=""\r\n') + b"\r\n" + BODY,
        "with preamble and epilogue": lambda: (
            with_boundary(b"b").replace(b"\r\n\r\n--b", b"\r\n\r\npre\r\n--b", 1) + b"after\r\n"
        ),
        "lines ended by LF": lambda: with_boundary(b"b").replace(b"\r\n", b"\n"),
        "with blanks behind": lambda: with_boundary(b"b", written=b"b  "),
        "an empty part first": lambda: multipart(b"\r\n", part(VISIBLE)),
    }
    yield from family("boundaries", Holds.READS, reads)
    bounded: Builds = {
        "never used": lambda: with_boundary(b"b", written=b"c"),
        "of 5,000 characters": lambda: with_boundary(b"b" * 5000),
        "of 15,000 characters": lambda: with_boundary(b"b" * 15_000),
        "with line ends": lambda: with_boundary(b"b\r\n b"),
        "with a nul": lambda: with_boundary(b"b\x00b"),
        "of 8-bit characters": lambda: with_boundary(b"\xff\xfe\xe4"),
        "in RFC 2231 pieces": lambda: head(
            more=b"Content-Type: multipart/mixed; " + b"; ".join(b"boundary*%d=b" % n for n in range(300)) + b"\r\n"
        )
        + b"\r\n--" + b"b" * 300 + b"\r\n\r\nx",
        "in a charset that is none": lambda: head(more=b"Content-Type: multipart/mixed; boundary*=x-y''b%ff\r\n")
        + b"\r\n--b\r\n\r\nx",
        "of dashes": lambda: with_boundary(b"-" * 60),
        "half a megabyte of dashes": lambda: multipart(part(b"\r\n--" * 99 + b"-" * 500_000)),
        "its text repeated in lines that are none": lambda: multipart(part(b"--bb\r\n" * 399)),
    }  # fmt: skip
    yield from family("boundaries that lose a part", Holds.BOUNDED, bounded)


def _encodings() -> Iterable[Hostile]:
    text64 = base64.b64encode(BODY)
    reads: Builds = {
        "base64 without padding": lambda: encoded(b"base64", text64.rstrip(b"=")),
        "base64 in lines of four": lambda: encoded(
            b"base64", b"\n".join(text64[n : n + 4] for n in range(0, len(text64), 4))
        ),
        "base64 in one line": lambda: encoded(b"base64", base64.b64encode(BODY + b" " * 300_000)),
        "base64 with junk between": lambda: encoded(b"base64", text64.replace(b"a", b"a!\x00*\n")),
        "base64 claimed twice": lambda: encoded(b"base64\r\nContent-Transfer-Encoding: base64", text64),
        "base64 in odd case": lambda: encoded(b"BaSe64", text64),
        "quoted-printable soft ends": lambda: encoded(b"quoted-printable", b"=\r\n".join([BODY[:50], BODY[50:]])),
        "quoted-printable broken escapes": lambda: encoded(b"quoted-printable", BODY + b" =zz =4 =\xff="),
        "quoted-printable of every byte": lambda: encoded(
            b"quoted-printable", b"".join(b"=%02X" % byte for byte in BODY)
        ),
        "an encoding that is none": lambda: encoded(b"rot13", BODY),
        "binary": lambda: encoded(b"binary", BODY + b"\x00\x01\x02"),
    }
    yield from family("transfer encodings", Holds.READS, reads)
    bounded: Builds = {
        "uuencode": lambda: encoded(b"x-uuencode", b"begin 644 a\n.66]U<B!I;G1E<G9I97<\n`\nend\n" + BODY),
        "uuencode without an end": lambda: encoded(b"x-uuencode", b"begin 644 a\n" + b"M" * 60 + b"\n" * 5000),
        "base64 that is text": lambda: encoded(b"base64", BODY),
        "base64 of one character": lambda: encoded(b"base64", b"A"),
        "base64 of equals signs": lambda: encoded(b"base64", b"=" * 500_000),
        "base64 of nothing but junk": lambda: encoded(b"base64", b"!@#$%^&*()" * 50_000),
        "base64 of random bytes": lambda: encoded(b"base64", base64.encodebytes(bytes(range(256)) * 2000)),
        "a megabyte of base64 in one line": lambda: encoded(b"base64", b"QUFB" * 262_144),
        "quoted-printable soft ends alone": lambda: encoded(b"quoted-printable", b"=\r\n" * 300_000),
        "quoted-printable equals signs": lambda: encoded(b"quoted-printable", b"=" * 1_000_000),
        "quoted-printable nuls": lambda: encoded(b"quoted-printable", b"=00" * 300_000),
        "quoted-printable blanks at line ends": lambda: encoded(b"quoted-printable", (b" " * 500 + b"\r\n") * 2000),
        "one line of five megabytes": lambda: mail(b"a" * (5 * MB)),
        "one line of blanks, a word at its end": lambda: mail(b" " * 3_000_000 + b"x"),
        "lines of one character": lambda: mail(b"a\r\n" * 400_000),
        "line ends alone": lambda: mail(b"\n" * 30_000_000),
        "carriage returns alone": lambda: mail(b"\r" * 2_000_000),
        "form feeds and vertical tabs": lambda: mail(b"\x0b\x0c\x1c\x1d\x1e\x85" * 300_000),
        "nuls alone": lambda: mail(b"\x00" * 1_000_000),
    }
    yield from family("transfer encodings of nothing", Holds.BOUNDED, bounded)


def _charsets() -> Iterable[Hostile]:
    reads: Builds = {
        f"{name} that says {claimed}": functools.partial(charset, claimed.encode(), f"{VISIBLE} Grüße".encode(name))
        for name, claimed in (
            ("utf-8", "us-ascii"),
            ("utf-8", "x-unknown"),
            ("utf-8", '"utf-8"'),
            ("utf-8", "'utf8'"),
            ("utf-8", "utf-8; charset=utf-16"),
            ("utf-8", "=?utf-8?q?x?="),
            ("utf-8", "../../etc/passwd"),
            ("utf-8", "a" * 5000),
            ("utf-8", "rot13"),
            ("utf-8", "hex"),
            ("utf-8", "zlib"),
            ("utf-8", "bz2"),
            ("utf-8", "base64"),
            ("utf-8", "idna"),
            ("utf-8", "unicode_escape"),
            ("utf-8", "undefined"),
            ("utf-8", "utf-8-sig"),
            ("utf-8-sig", "utf-8"),
            ("cp1252", "utf-8"),
            ("latin-1", "utf-8"),
            ("cp1252", "us-ascii"),
            ("utf-7", "utf-7"),
            ("utf-16", "utf-16"),
            ("utf-32", "utf-32"),
            ("cp037", "cp037"),
        )
    }
    reads |= {
        "UTF-8 with stray bytes": lambda: charset(b"utf-8", BODY + b" \xc3\x28 \xff \xe2\x82"),
        "overlong UTF-8": lambda: charset(b"utf-8", BODY + b" \xc0\xbc\xe0\x80\xbc"),
        "surrogates in UTF-8": lambda: charset(b"utf-8", BODY + b" \xed\xa0\x80\xed\xb0\x80"),
        "beyond Unicode": lambda: charset(b"utf-8", BODY + b" \xf4\x90\x80\x80\xf8\x88\x80\x80\x80"),
        "two charsets in one body": lambda: charset(b"utf-8", BODY + " Grüße ".encode() + "Grüße".encode("cp1252")),
        "a BOM in every line": lambda: charset(b"utf-8", BODY + b"\r\n\xef\xbb\xbf" * 2000),
        "escape sequences of JIS": lambda: charset(b"iso-2022-jp", BODY + b" \x1b$B\x1b(B" * 500),
    }
    yield from family("charsets", Holds.READS, reads)
    bounded: Builds = {
        "UTF-16 that says utf-8": lambda: charset(b"utf-8", VISIBLE.encode("utf-16")),
        "ASCII that says utf-16": lambda: charset(b"utf-16", BODY),
        "odd bytes of utf-16": lambda: charset(b"utf-16-le", BODY + b"x"),
        "utf-7 that spells markup": lambda: html(b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
        "random bytes": lambda: charset(b"utf-8", bytes(n * 97 % 256 for n in range(200_000))),
        "punycode": lambda: charset(b"punycode", b"a-" * 20_000),
        "idna of length": lambda: charset(b"idna", b"xn--" + b"a" * 200_000),
        "raw unicode escapes": lambda: charset(b"raw_unicode_escape", b"\\u0041" * 40_000),
        "half a JIS sequence": lambda: charset(b"iso-2022-jp", b"\x1b$B" * 60_000),
        "hz": lambda: charset(b"hz", b"~{" * 60_000),
    }
    yield from family("charsets that say nothing", Holds.BOUNDED, bounded)


def _files() -> Iterable[Hostile]:
    files: Builds = {
        "zip of zips": lambda: attachment(b"a.zip", zip_bomb(), b"application/zip"),
        "gzip of 20 MB of nothing": lambda: attachment(b"a.gz", gzip.compress(b"\x00" * (20 * MB), 1)),
        "winmail.dat": lambda: attachment(b"winmail.dat", b"\x78\x9f\x3e\x22" + b"\x00" * 5000, b"application/ms-tnef"),
        "winmail.dat of 5 MB": lambda: attachment(
            b"winmail.dat", b"\x78\x9f\x3e\x22" + b"\x01" * 5 * MB, b"application/ms-tnef"
        ),
        "a text file": lambda: attachment(b"a.txt", CANARY.encode(), b"text/plain"),
        "an HTML file": lambda: attachment(b"a.html", CANARY.encode(), b"text/html"),
        "a message": lambda: attachment(b"a.eml", CANARY.encode(), b"message/rfc822"),
        "a calendar that is none": lambda: attachment(b"a.ics", b"\x00" * 9000, b"text/calendar"),
        "a file with a path": lambda: attachment(b'"../../../etc/passwd"', b"x"),
        "a name of 10,000 characters": lambda: attachment(b'"' + b"n" * 10_000 + b'"', b"x"),
        "a name in 200 pieces": lambda: attachment(b"x; " + b"; ".join(b"filename*%d=n" % n for n in range(200)), b"x"),
        "a name in a charset that is none": lambda: attachment(b"x; filename*=x-y''%ff%fe", b"x"),
        "rtf": lambda: multipart(part(VISIBLE), part(CANARY, b"text/rtf")),
        "amp": lambda: multipart(part(VISIBLE), part(f"<p>{CANARY}", b"text/x-amp-html")),
        "css": lambda: multipart(part(VISIBLE), part(CANARY, b"text/css")),
        "a vcard": lambda: multipart(part(VISIBLE), part(CANARY, b"text/vcard")),
        "a type that is none": lambda: multipart(part(VISIBLE), part("x", b"x/y/z;;;===")),
        "an image that says html": lambda: multipart(part(VISIBLE), part(CANARY, b"image/svg+xml")),
        "parts of an external body": lambda: multipart(
            part(VISIBLE), part(CANARY, b"message/external-body; access-type=URL")
        ),
        "a delivery report": lambda: multipart(part(VISIBLE), part(f"X: {CANARY}", b"message/delivery-status")),
        "20 MB of base64": lambda: attachment(b"a.pdf", b"\x00" * (15 * MB), b"application/pdf"),
        "20 MB before the text": lambda: multipart(
            part(
                base64.encodebytes(b"\x00" * (15 * MB)),
                b"application/pdf",
                b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n",
            ),
            part(VISIBLE),
        ),
    }
    yield from family("files", Holds.READS, files)


def _sizes() -> Iterable[Hostile]:
    nothing: Builds = {
        "no byte": lambda: b"",
        "a nul": lambda: b"\x00",
        "a letter": lambda: b"a",
        "a line end": lambda: b"\n",
        "a colon": lambda: b":",
        "a blank": lambda: b" ",
        "a brand": lambda: b"From ",
        "8-bit": lambda: b"\xff",
        "a BOM": lambda: b"\xef\xbb\xbf",
        "line ends": lambda: b"\r\n" * 10_000,
        "nuls": lambda: b"\x00" * 100_000,
        "a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 20_000,
        "a zip": lambda: b"PK\x03\x04" + b"\x00" * 5000,
        "40 MB of nothing": lambda: b"\x00" * (40 * MB),
        "50 MB": lambda: mail(b"a" * (50 * MB)),
        "60 MB of lines": lambda: mail(b"a line of mail\r\n" * (4 * MB)),
        "headers of nothing": lambda: b"From: \r\nSubject: \r\nDate: \r\n\r\n",
        "a mail without a word": lambda: head(subject=b"") + b"\r\n \r\n\t\r\n",
    }
    yield from family("no message at all", Holds.UNREADABLE, nothing)
    large: Builds = {
        "25 MB of text": lambda: mail(BODY + b"\r\n" + b"words and words and words\r\n" * (MB - 40_000)),
        "25 MB in one line": lambda: mail(BODY + b"\r\n" + b"a " * (12 * MB)),
        "25 MB of dashes": lambda: mail(BODY + b"\r\n" + (b"-" * 70 + b"\r\n") * 350_000),
        "25 MB of commas": lambda: mail(BODY + b"\r\n" + b"," * (25 * MB)),
        "25 MB of types": lambda: mail(BODY + b"\r\n" + b"multipart/x message/rfc822 " * 900_000),
        "25 MB of capitals": lambda: mail(BODY + b"\r\n" + b"CONTENT TYPE " * 2_000_000),
        "a file of 39 MB": lambda: multipart(part(VISIBLE), part(b"Q" * 76 + b"\r\n", b"x/y") + b"\0" * (39 * MB)),
    }
    yield from family("25 MB", Holds.READS, large)
    yield from family("25 MB", Holds.UNREADABLE, {"25 MB of HTML": lambda: html(BODY + b"<br>word" * (3 * MB))})
    few: Builds = {
        "a subject alone": lambda: b"Subject: " + SUBJECT + b"\r\n\r\n",
        "headers alone": head,
        "headers without an end": lambda: head().rstrip(),
        "a sender alone": lambda: b"From: a@b.example\r\n\r\n",
        "text alone": lambda: BODY,
        "text behind an empty line": lambda: b"\r\n" + BODY,
        "a body without headers but a mailbox line": lambda: b"From a@b Mon Mar  9 09:00:00 2026\n" + head() + b"\n",
    }
    yield from family("little of a message", Holds.BOUNDED, few)
