"""A message as Gmail's `format=full` tells it (headers and a tree of parts) → RFC 5322 bytes for the one reader of mail.

Bodies of attachments are not in the tree, and large texts may not be: their part stands there, empty. Source: the Gmail API's discovery
document, Message.payload (MessagePart).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hearback.reading.scan import MAX_DEPTH

_NAME: Final = re.compile(r"[!-9;-~]{1,76}")
_KIND: Final = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*(?:\"[^\"]*\"|[^;]*)", re.IGNORECASE)
_OURS: Final = frozenset({"content-transfer-encoding", "content-type"})
"""Fields written anew: bodies come decoded, and boundaries are ours."""


def content(payload: Mapping[str, Any]) -> bytes:
    """The message of a payload. Never raises: what is not as documented is left out."""
    return b"\r\n".join(_part(payload, 0))


def lacks_text(payload: Mapping[str, Any], depth: int = 0) -> bool:
    """Whether a text of the message is not in the tree, but behind an id."""
    if inner := _mappings(payload.get("parts")):
        return depth < MAX_DEPTH and any(lacks_text(each, depth + 1) for each in inner)
    body = payload.get("body")
    apart = isinstance(body, Mapping) and bool(body.get("attachmentId")) and not body.get("data")
    return apart and not payload.get("filename") and str(payload.get("mimeType") or "").startswith("text/")


def _part(part: Mapping[str, Any], depth: int) -> Iterator[bytes]:
    fields = _mappings(part.get("headers"))
    for field in fields:
        name, value = str(field.get("name", "")), str(field.get("value", ""))
        if _NAME.fullmatch(name) and name.lower() not in _OURS:
            yield f"{name}: {_line(value)}".encode("utf-8", "replace")
    kind = str(part.get("mimeType") or "")
    kind = kind if _KIND.fullmatch(kind) else "text/plain"
    inner = _mappings(part.get("parts"))
    if kind.startswith("multipart/") and inner and depth < MAX_DEPTH:
        boundary = f"=_hearback_{depth}"
        yield f'Content-Type: {kind}; boundary="{boundary}"'.encode()
        yield b""
        for each in inner:
            yield f"--{boundary}".encode()
            yield from _part(each, depth + 1)
        yield f"--{boundary}--".encode()
        return
    body = _body(part)
    told = next(
        (str(each.get("value", "")) for each in fields if str(each.get("name", "")).lower() == "content-type"), ""
    )
    told = _line(told) if told.lower().startswith(kind.lower()) else kind
    if any(each > 127 for each in body) and _is_utf8(body):  # noqa: PLR2004  Gmail may have made it UTF-8
        told = f"{_CHARSET.sub('', told)}; charset=utf-8"
    yield f"Content-Type: {told}".encode("utf-8", "replace")
    if part.get("filename") and not any(str(each.get("name", "")).lower() == "content-disposition" for each in fields):
        yield b"Content-Disposition: attachment; filename*=utf-8''" + _encoded(str(part["filename"]))
    yield b"Content-Transfer-Encoding: base64"
    yield b""
    yield base64.encodebytes(body).rstrip().replace(b"\n", b"\r\n")


def _mappings(told: Any) -> list[Mapping[str, Any]]:
    return [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []


def _body(part: Mapping[str, Any]) -> bytes:
    body = part.get("body")
    data = body.get("data", "") if isinstance(body, Mapping) else ""
    try:
        return base64.urlsafe_b64decode(str(data) + "==")
    except (binascii.Error, ValueError):
        return b""


def _line(value: str) -> str:
    return " ".join(value.split("\r")).replace("\n", " ")


def _encoded(name: str) -> bytes:
    from urllib.parse import quote

    return quote(name[:200]).encode()


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
