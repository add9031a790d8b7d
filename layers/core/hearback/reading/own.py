"""Whether a mail in the owner's name was written by the owner. Anyone can write their address into From.

Live: only the provider's own mark of sent mail counts (Gmail's SENT label, Outlook's Sent Items folder). In an export:
Gmail's labels where it has them; else nothing may show that the mail came in from outside, for what one wrote oneself
was handed in, never delivered.
"""

from __future__ import annotations

import re
from typing import Final

from hearback.model.message import Authenticity, Origin, RawMessage
from hearback.reading.headers import Headers, decoded
from hearback.reading.trust import bare

_LIVE: Final = frozenset({"sent", "sentitems"})
#: What Google Takeout calls the label, in the languages Hearback reads.
_TAKEOUT: Final = frozenset(
    {
        "sent",
        "sent mail",
        "gesendet",
        "messages envoyés",
        "envoyés",
        "enviado",
        "enviados",
        "enviada",
        "enviadas",
        "inviati",
        "posta inviata",
        "verzonden",
        "wysłane",
    }
)
_LABELS: Final = "x-gmail-labels"
_RESULTS: Final = "authentication-results"
#: A receiving server writes these when it delivers.
_DELIVERY: Final = ("delivered-to", "x-original-to", "received-spf", "arc-authentication-results")
_PROTOCOL: Final = re.compile(r"\bwith\s+(\S+)", re.IGNORECASE)
#: How an author hands a mail in: signed in (RFC 3848's protocols with an A), from a web page, an API or Exchange's own.
_HANDED_IN: Final = re.compile(r"(?:UTF8)?E?SMTPS?A|HTTP\w*|mapi", re.IGNORECASE)


def sent(raw: RawMessage, fields: Headers, authenticity: Authenticity) -> bool:
    """Whether a mail whose From is the owner's address was sent by them."""
    if authenticity is Authenticity.FAIL:
        return False
    labels = {label.lower().replace(" ", "") for label in raw.labels}
    if raw.origin is Origin.LIVE or labels:
        return bool(labels & _LIVE)
    if fields.above(_LABELS, ("received", _RESULTS, *_DELIVERY)):  # Takeout's own; a sender's would stand below
        named = decoded(fields.first(_LABELS)).split(",")
        return any(each.strip(' "').casefold() in _TAKEOUT for each in named)
    return not _came_in(fields)


def _came_in(fields: Headers) -> bool:
    """A receiving server delivered it: by its marks, or because the last hop was none by which an author hands mail in."""
    if any(name in fields for name in _DELIVERY):
        return True
    if _RESULTS in fields and "auth=pass" not in bare(fields.first(_RESULTS)).replace(" ", "").lower():
        return True
    if "received" not in fields:
        return False
    protocols = _PROTOCOL.findall(bare(fields.first("received")).partition(";")[0])
    return not (protocols and _HANDED_IN.fullmatch(protocols[-1]))
