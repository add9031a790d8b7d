"""RFC 5322 bytes → a Message: decoded, visible text, quotes apart. Never raises, whatever the bytes are."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message as Parsed
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from hearback.model.ids import Personal
from hearback.model.message import Address, Message, Origin, RawMessage
from hearback.reading import markup, quoted, text, trust
from hearback.reading.scan import DAMAGED, HTML_UNSAFE, MAX_CALENDAR, MAX_PARTS, MAX_TEXT, Scan, lightened, scan

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CHARSETS: Final = ("utf-8", "cp1252")
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_ID: Final = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS: Final = re.compile(r"[^\s<>@,;\"()]+@[^\s<>@,;\"()]+")


def parse(raw: RawMessage, owners: frozenset[str], authserv_ids: frozenset[str] = frozenset()) -> Message:
    """The message as far as it can be read; damage and passed caps are in `defects`."""
    checked = scan(raw.content)
    if checked.over is not None:
        return _only_headers(raw, checked, owners, authserv_ids)
    try:
        parsed: Parsed = email.message_from_bytes(lightened(raw.content), policy=email.policy.compat32)
        return _from_parsed(raw, parsed, owners, authserv_ids, ())
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError, AssertionError):
        # the stdlib parser fails in its own ways on broken mail: the headers still say what it is about
        return _only_headers(
            raw, Scan(checked.head, DAMAGED), owners, authserv_ids
        )


def _only_headers(raw: RawMessage, checked: Scan, owners: frozenset[str], authserv_ids: frozenset[str]) -> Message:
    head = b"\n".join(field[:1000] for field in re.split(rb"\r?\n", checked.head)[:200])
    head = re.sub(rb"[()]", b" ", head) if b"(((" in head else head
    parsed: Parsed = email.message_from_bytes(head[:65536] + b"\n\n", policy=email.policy.compat32)
    return _from_parsed(raw, parsed, owners, authserv_ids, (checked.over or "",))


def _from_parsed(
    raw: RawMessage, parsed: Parsed, owners: frozenset[str], authserv_ids: frozenset[str], defects: tuple[str, ...]
) -> Message:
    plain, html, calendars, found = _bodies(parsed)
    defects += found
    body, links = _text_of(plain, html)
    if html and not body:
        defects += () if markup.is_safe(html) else (HTML_UNSAFE,)
    new, old = quoted.split(body)
    sender = _address(_header(parsed, "From"))
    subject = _header(parsed, "Subject")
    sent_at = _date(_header(parsed, "Date"))
    received_at, undated = _received(raw, parsed, sent_at)
    if undated:
        defects += ("The message has no usable date.",)
    addresses = tuple(_addresses(", ".join(_headers(parsed, "To") + _headers(parsed, "Cc"))))
    references = tuple(
        dict.fromkeys(_ID.findall(_header(parsed, "In-Reply-To")[:4096] + " " + _header(parsed, "References")[:16384]))
    )
    digest = hashlib.sha256(
        "\x1f".join((sender.address, sent_at.isoformat() if sent_at else "", subject, body)).encode("utf-8", "replace")
    ).hexdigest()
    mentioned = _ID.search(_header(parsed, "Message-ID"))
    return Message(
        mailbox_id=raw.mailbox_id,
        provider_message_id=raw.provider_message_id,
        message_id=mentioned[1] if mentioned else _header(parsed, "Message-ID").strip()[:500],
        received_at=received_at,
        sent_at=sent_at,
        thread_id=raw.thread_id or _takeout_thread(raw, parsed),
        references=references[-20:],
        sender=sender,
        reply_to=_address(_header(parsed, "Reply-To")) if parsed.get("Reply-To") else None,
        recipients=addresses[:100],
        subject=Personal(subject),
        text=new if new or old else body,
        quoted=old,
        calendars=calendars,
        links=links,
        bulk=any(parsed.get(name) for name in ("List-Unsubscribe", "List-Id"))
        or _header(parsed, "Precedence").lower() in {"bulk", "list", "junk"},
        authenticity=trust.authenticity(
            _headers(parsed, "Authentication-Results"), sender.domain, authserv_ids, raw.origin
        ),
        origin=raw.origin,
        sent=bool(sender.address) and sender.address in owners,
        digest=digest,
        snippet=raw.snippet,
        defects=tuple(dict.fromkeys(each for each in defects if each)),
    )


def _bodies(parsed: Parsed) -> tuple[str, str, tuple[bytes, ...], tuple[str, ...]]:
    """First plain and HTML bodies, calendar parts, defects. Attached messages and files are not opened."""
    plain, html = "", ""
    calendars: list[bytes] = []
    defects: list[str] = []
    for number, part in enumerate(_parts(parsed)):
        if number > MAX_PARTS:
            defects.append("The message has more parts than a mail should.")
            break
        kind = part.get_content_type()
        attached = (part.get_content_disposition() or "") == "attachment"
        if kind == "text/calendar" or (attached and (part.get_filename() or "").lower().endswith(".ics")):
            content = _payload(part)
            if len(content) <= MAX_CALENDAR:
                calendars.append(content)
            else:
                defects.append("A calendar entry of the message is larger than Hearback reads.")
        elif attached:
            continue
        elif kind == "text/html" and not html:
            html = _decoded(part)
        elif kind == "text/plain" or (
            not part.is_multipart() and part.get_content_maintype() == "text" and kind != "text/html"
        ):
            more = _decoded(part)
            flowed = str(part.get_param("format") or "").lower() == "flowed"
            plain += ("\n" if plain else "") + text.from_plain(more[: 2 * MAX_TEXT], flowed=flowed)
    return plain, html, tuple(calendars), tuple(defects)


def _parts(parsed: Parsed) -> list[Parsed]:
    """Leaf parts in order, without recursion; what is inside an attached message is not this message."""
    found: list[Parsed] = []
    waiting = [parsed]
    while waiting and len(found) <= MAX_PARTS + 1:
        part = waiting.pop()
        if part.get_content_type() == "message/rfc822":
            continue
        if part.is_multipart():
            inner = part.get_payload()
            waiting.extend(
                reversed([each for each in inner if isinstance(each, Parsed)] if isinstance(inner, list) else [])
            )
        else:
            found.append(part)
    return found


def _text_of(plain: str, html: str) -> tuple[str, tuple[str, ...]]:
    """The richer of the two: HTML unless it is unsafe or says less than the plain part."""
    from_html = ""
    links: tuple[str, ...] = ()
    if html and markup.is_safe(html):
        from_html, links = text.from_html(html)
    if plain and len(plain) * 3 >= len(from_html):
        return plain, tuple(dict.fromkeys((*text.links_in(plain), *links)))
    return (from_html or plain), links or text.links_in(plain)


def _payload(part: Parsed) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: Parsed) -> str:
    content = _payload(part)[: 4 * MAX_TEXT]
    charset = part.get_content_charset() or ""
    for name in (charset, *_CHARSETS):
        if not name:
            continue
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _headers(parsed: Parsed, name: str) -> list[str]:
    return [_unfolded(str(value)) for value in (parsed.get_all(name) or [])][:20]


def _header(parsed: Parsed, name: str) -> str:
    value = parsed.get(name)
    return _plain(_unfolded(str(value))) if value is not None else ""


def _unfolded(value: str) -> str:
    return re.sub(r"[\r\n\t ]+", " ", value[:16384]).strip()


def _plain(value: str) -> str:
    """RFC 2047 words decoded, broken ones left as they are, raw 8-bit bytes guessed."""
    value = _guessed(value)
    if "=?" not in value:
        return _printable(value)
    pieces: list[str] = []
    try:
        decoded = decode_header(value)
    except (ValueError, LookupError):  # binascii.Error is a ValueError
        return _printable(value)
    for content, charset in decoded:
        if isinstance(content, str):
            pieces.append(content)
            continue
        try:
            pieces.append(content.decode(charset or "utf-8"))
        except (UnicodeDecodeError, LookupError):
            pieces.append(content.decode("cp1252", "replace"))
    return _printable("".join(pieces))


def _guessed(value: str) -> str:
    try:
        raw = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _printable(value: str) -> str:
    clean = "".join(c if c.isprintable() else " " for c in value.encode("utf-8", "replace").decode("utf-8"))
    return re.sub(r"\s+", " ", clean).strip()[:998]


def _addresses(value: str) -> list[Address]:
    try:
        pairs = getaddresses([value[:16384]])
    except (ValueError, IndexError, RecursionError):
        pairs = []
    found = [
        Address(Personal(address.strip().lower()), Personal(name.strip())) for name, address in pairs if "@" in address
    ]
    if not found:
        found = [Address(Personal(each.lower()), Personal("")) for each in _ADDRESS.findall(value[:4096])]
    return found


def _address(value: str) -> Address:
    found = _addresses(value)
    return found[0] if found else Address(Personal(""), Personal(value[:200]))


def _date(value: str) -> datetime | None:
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return aware if EPOCH < aware.astimezone(UTC) < _LATEST else None
    except (OverflowError, ValueError):
        return None


def _received(raw: RawMessage, parsed: Parsed, sent_at: datetime | None) -> tuple[datetime, bool]:
    """The provider's time, else the topmost Received header's, else Date's, else the epoch (undated)."""
    if raw.received_at is not None:
        return raw.received_at, False
    hops = _headers(parsed, "Received")
    hop = _date(hops[0].rpartition(";")[2].strip()) if hops else None
    moment = hop or sent_at
    return (moment.astimezone(UTC), False) if moment is not None else (EPOCH, True)


def _takeout_thread(raw: RawMessage, parsed: Parsed) -> str | None:
    """Gmail's thread id in a Takeout export; in live mail the header is the sender's and means nothing."""
    if raw.origin is not Origin.IMPORTED:
        return None
    value = _header(parsed, "X-GM-THRID")
    return value if value.isdigit() else None
