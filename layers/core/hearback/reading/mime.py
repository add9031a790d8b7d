"""RFC 5322 bytes → a Message: decoded, visible text, quotes apart. Never raises, whatever the bytes are."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import Message as Parsed
from typing import Final

from selectolax.lexbor import SelectolaxError

from hearback.model.ids import Personal
from hearback.model.message import Address, Authenticity, Message, Origin, RawMessage
from hearback.reading import headers, markup, own, quoted, text, trust
from hearback.reading.effort import Effort, Spent
from hearback.reading.headers import Headers
from hearback.reading.scan import (
    DAMAGED,
    HTML_UNSAFE,
    MAX_CALENDAR,
    MAX_HTML,
    MAX_PARTS,
    MAX_TEXT,
    ONLY_A_QUOTE,
    TOO_COSTLY,
    TOO_LARGE,
    Scan,
    scan,
)

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
UNDATED: Final = "The message has no usable date."
CALENDAR_TOO_LARGE: Final = "A calendar entry of the message is larger than Hearback reads."
MAX_ODD: Final = 50
MAX_FILES: Final = 20
MAX_FILE_NAME: Final = 120
NO_SENDER: Final = "The message does not say who sent it."
REPAIRED: Final = "The headers of the message were damaged and have been repaired."
_FIELD: Final = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
MORE_PARTS: Final = "Not every part of the message was read."
CUT: Final = "The end of the message was not read: it is very long."
_NO_TEXT: Final = frozenset(
    [
        "text/x-amp-html",
        "text/css",
        "text/csv",
        "text/rtf",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/xml",
        "text/javascript",
    ]
)
_HEADERS_END: Final = re.compile(rb"(?:\A|\r\n?+|\n)(?:\r\n?+|\n)")
LONG_HEADERS: Final = 256 * 1024
"""Bytes of headers that are not worth parsing twice, should there be parts behind them."""
_FORWARD: Final = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|doorst|pd|vs)\s*:", re.IGNORECASE)
#: what the parsers raise on broken mail, each in its own ways
_PARSER_ERRORS: Final = (
    SelectolaxError,
    RecursionError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    MessageError,
)


def parse(
    raw: RawMessage,
    owners: frozenset[str],
    authserv_ids: frozenset[str] = frozenset(),
    effort: Effort | None = None,
    *,
    shown: bool = False,
) -> Message:
    """The message as far as it can be read; damage and passed caps are in `defects`.

    `shown`: for a person's eyes: the text whole, quotes where they stand, links pointed at (text.from_html).
    """
    effort = effort or Effort()
    checked = scan(raw.content)
    try:
        if checked.over is not None:
            return _only_headers(raw, checked, owners, authserv_ids)
        cut = (CUT,) if checked.cut else ()
        parsed = parsed_as_mime(checked.content)
        effort.check()
        if "from" in parsed:
            return _from_parsed(raw, parsed, owners, authserv_ids, cut, effort, shown=shown)
        parsed = parsed_as_mime(_repaired(checked.content, checked.head))
        effort.check()
        repaired = (NO_SENDER if "from" not in parsed else REPAIRED, *cut)
        return _from_parsed(raw, parsed, owners, authserv_ids, repaired, effort, shown=shown)
    except Spent:
        return _damaged(raw, replace(checked, over=TOO_COSTLY), owners, authserv_ids)
    except _PARSER_ERRORS:
        return _damaged(raw, checked, owners, authserv_ids)


def parsed_as_mime(content: bytes) -> Parsed:
    """What `email.message_from_bytes` makes of it, whose parser is slow by the line: of a message without parts it gets the
    headers, and the text is what is behind them.
    """
    end = _HEADERS_END.search(content)
    if end is not None and end.end() <= LONG_HEADERS:
        message: Parsed = email.message_from_bytes(content[: end.end()], policy=email.policy.compat32)
        has_parts = message.is_multipart() or message.get_content_maintype() in {"multipart", "message"}
        if not has_parts and not message.get_payload():  # no line that is no header ended them before
            message.set_payload(content[end.end() :].decode("ascii", "surrogateescape"))
            return message
    return email.message_from_bytes(content, policy=email.policy.compat32)


def is_forward(subject: str) -> bool:
    """Whether a subject says that the mail passes another one on."""
    return bool(_FORWARD.match(subject))


def _damaged(raw: RawMessage, checked: Scan, owners: frozenset[str], authserv_ids: frozenset[str]) -> Message:
    """The headers alone, or, where even they cannot be read, nothing but what the provider says."""
    try:
        return _only_headers(raw, replace(checked, over=checked.over or DAMAGED), owners, authserv_ids)
    except _PARSER_ERRORS:
        return unopened(raw, checked.over or DAMAGED)


def unopened(raw: RawMessage, why: str) -> Message:
    """A message of which nothing is known but that it is there."""
    return Message(
        mailbox_id=raw.mailbox_id,
        provider_message_id=raw.provider_message_id,
        message_id="",
        received_at=raw.received_at or EPOCH,
        sent_at=None,
        thread_id=raw.thread_id,
        references=(),
        sender=Address(),
        reply_to=None,
        recipients=(),
        subject=Personal(""),
        text="",
        origin=raw.origin,
        digest=hashlib.sha256(raw.content).hexdigest(),
        snippet=raw.snippet,
        defects=(why,),
    )


def _repaired(content: bytes, head: bytes) -> bytes:
    """The message without the lines among its headers that are none, and without blanks before a header's colon."""
    lines = re.split(rb"\r?\n", head)
    kept = [line for number, line in enumerate(lines) if _FIELD.match(line) or (number and line[:1] in {b" ", b"\t"})]
    if not any(line[:5].lower() == b"from:" or line[:5].lower() == b"from " for line in kept):
        return content
    fields = b"\r\n".join(re.sub(rb"^([!-9;-~]{1,76})[ \t]+:", rb"\1:", line) for line in kept)
    return fields + b"\r\n" + content[len(head) :].lstrip(b"\r\n").join((b"\r\n", b""))


def _only_headers(raw: RawMessage, checked: Scan, owners: frozenset[str], authserv_ids: frozenset[str]) -> Message:
    """What a message that is not opened says of itself: its headers, cut short, as a mail without a body."""
    lines = [line[:1000] for line in re.split(rb"\r?\n", checked.head[:262144])[:200]]
    head = b"\n".join(line for line in lines if not line[:40].lower().startswith(b"content-"))
    head = (
        re.sub(rb"[()]|=\?(?=.{0,200}=\?.{0,200}=\?)", b" ", head)
        if max(head.count(b"("), head.count(b"=?")) > MAX_ODD
        else head
    )
    parsed: Parsed = email.message_from_bytes(head[:65536] + b"\n\n", policy=email.policy.compat32)
    return _from_parsed(raw, parsed, owners, authserv_ids, (checked.over or DAMAGED,))


def _from_parsed(
    raw: RawMessage,
    parsed: Parsed,
    owners: frozenset[str],
    authserv_ids: frozenset[str],
    defects: tuple[str, ...],
    effort: Effort | None = None,
    *,
    shown: bool = False,
) -> Message:
    effort = effort or Effort()
    fields = Headers((str(name), str(value)) for name, value in parsed.raw_items())
    plain, html, calendars, files, found = _bodies(parsed, effort)
    body, links, unsafe = _text_of(plain, html, shown=shown)
    effort.check()
    if unsafe:
        found += (HTML_UNSAFE,) if not body else ("The HTML of the message was left out; its plain text was read.",)
    if CUT in defects and not body:
        found += (TOO_LARGE,)
    subject = fields.text("subject")
    new, old = (body, "") if shown else quoted.split(body, forwarded=is_forward(subject))
    if old and not new and quoted.is_marked(old):
        found += (ONLY_A_QUOTE,)
    sender = headers.address(fields.first("from"))
    sent_at = headers.date(fields.first("date"))
    received_at, undated = _received(raw, fields, sent_at)
    authenticity = trust.authenticity(fields.every("authentication-results"), sender.domain, authserv_ids, raw.origin)
    mine = str(sender.address) in owners
    sent = mine and own.sent(raw, fields, authenticity)
    if mine and not sent and authenticity is Authenticity.NONE:  # in the owner's name, and yet it came in
        authenticity = Authenticity.FAIL
    if undated:
        found += (UNDATED,)
    references = headers.ids([*fields.every("references")[:1], *fields.every("in-reply-to")[:1]])
    return Message(
        mailbox_id=raw.mailbox_id,
        provider_message_id=raw.provider_message_id,
        message_id=headers.message_id(fields.first("message-id")),
        received_at=received_at,
        sent_at=sent_at,
        thread_id=raw.thread_id or _takeout_thread(raw, fields),
        references=references[-20:],
        sender=sender,
        reply_to=headers.address(fields.first("reply-to")) if "reply-to" in fields else None,
        recipients=tuple(headers.addresses([*fields.every("to"), *fields.every("cc")])),
        subject=Personal(subject),
        text=new or body,
        quoted=old if new else "",
        calendars=calendars,
        links=links,
        files=files,
        bulk="list-unsubscribe" in fields
        or "list-id" in fields
        or fields.first("precedence").lower() in {"bulk", "list", "junk"},
        authenticity=authenticity,
        origin=raw.origin,
        sent=sent,
        digest=_digest(str(sender.address), sent_at, subject, body),
        snippet=raw.snippet,
        defects=tuple(dict.fromkeys((*defects, *found))),
    )


def _digest(sender: str, sent_at: datetime | None, subject: str, body: str) -> str:
    told = "\x1f".join((sender, sent_at.isoformat() if sent_at else "", subject, body))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _bodies(
    parsed: Parsed, effort: Effort
) -> tuple[str, str, tuple[bytes, ...], tuple[Personal, ...], tuple[str, ...]]:
    """Plain and HTML bodies, calendar parts, names of files, defects. Attached messages and files are not opened."""
    plain, html = "", ""
    calendars: list[bytes] = []
    files: list[Personal] = []
    defects: list[str] = []
    for number, part in enumerate(_parts(parsed)):
        effort.check()
        if number >= MAX_PARTS:
            defects.append(MORE_PARTS)
            break
        kind = part.get_content_type()
        attached = (part.get_content_disposition() or "") == "attachment"
        if attached and len(files) < MAX_FILES and (name := part.get_filename()):
            files.append(Personal(headers.printable(headers.decoded(str(name)))[:MAX_FILE_NAME]))
        if kind == "text/calendar" or (attached and (part.get_filename() or "").lower().endswith(".ics")):
            content = _payload(part)
            if len(content) <= MAX_CALENDAR:
                calendars.append(content)
            else:
                defects.append(CALENDAR_TOO_LARGE)
        elif attached or kind in _NO_TEXT or part.get_content_maintype() not in {"text", "multipart"}:
            continue  # a multipart without parts is text whose boundary is broken
        elif kind == "text/html":
            more = _decoded(part)
            html = f"{html}\n{more}" if html and len(html) + len(more) <= MAX_HTML else html or more
        elif len(plain) < MAX_TEXT:
            flowed = str(part.get_param("format") or "").lower() == "flowed"
            plain += ("\n" if plain else "") + text.from_plain(_decoded(part)[: 2 * MAX_TEXT], flowed=flowed)
    return plain[:MAX_TEXT], html, tuple(calendars[:5]), tuple(files), tuple(defects)


def _parts(parsed: Parsed) -> list[Parsed]:
    """Leaf parts in order, without recursion; what is inside an attached message is not this message."""
    found: list[Parsed] = []
    waiting = [parsed]
    while waiting and len(found) <= MAX_PARTS + 1:
        part = waiting.pop()
        if part.get_content_maintype() == "message":
            continue
        if part.is_multipart():
            inner = part.get_payload()
            waiting.extend(
                reversed([each for each in inner if isinstance(each, Parsed)] if isinstance(inner, list) else [])
            )
        else:
            found.append(part)
    return found


def _text_of(plain: str, html: str, *, shown: bool = False) -> tuple[str, tuple[str, ...], bool]:
    """The richer of the two with its links: HTML unless it is unsafe or says less than the plain part."""
    if not html:
        return plain, text.links_in(plain), False
    if not markup.is_safe(html):
        return plain, text.links_in(plain), True
    from_html, links = text.from_html(html, pointed=shown)
    if plain and len(plain) * 3 >= len(from_html):
        return plain, tuple(dict.fromkeys((*links, *text.links_in(plain)))), False
    return from_html or plain, links or text.links_in(plain), False


def _payload(part: Parsed) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: Parsed) -> str:
    return headers.as_text(_payload(part)[: 4 * MAX_TEXT], part.get_content_charset())


def _received(raw: RawMessage, fields: Headers, sent_at: datetime | None) -> tuple[datetime, bool]:
    """The provider's time, else the topmost Received header's, else Date's, else the epoch (undated)."""
    if raw.received_at is not None:
        return raw.received_at, False
    hops = fields.every("received")
    hop = headers.date(hops[0].rpartition(";")[2]) if hops else None
    moment = hop or sent_at
    return (moment.astimezone(UTC), False) if moment is not None else (EPOCH, True)


def _takeout_thread(raw: RawMessage, fields: Headers) -> str | None:
    """Gmail's thread id in a Takeout export; in live mail the header is the sender's and means nothing."""
    if raw.origin is not Origin.IMPORTED:
        return None
    value = fields.first("x-gm-thrid")
    return value[:40] if value.isdigit() else None
