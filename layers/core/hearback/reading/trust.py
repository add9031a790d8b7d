"""Whether the sender is who they say: only the receiving provider's topmost Authentication-Results counts.

A sender can write such a header too; theirs stands below the receiver's. So the first one whose authserv-id is the
provider's own is read, and nothing else. In a person's own export the topmost one may say "fail", whoever wrote it, and
none may vouch. Comments and quoted strings are taken out first: what stands in them is the sender's to choose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hearback.model.message import Authenticity, Origin
from hearback.reading.senders import registrable

_MAX: Final = 4096
_MAX_HEADERS: Final = 10
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"?')
_RESULT: Final = re.compile(r"^\s*(dmarc|dkim|spf)(?:\s*/\s*\d+)?\s*=\s*(\w+)(.*)$", re.IGNORECASE | re.DOTALL)
_SIGNER: Final = re.compile(r"(?:^|\s)header\.(?:i|d)\s*=\s*(?:[^@\s;]{0,200}@)?([\w.-]+)", re.IGNORECASE)
_FROM: Final = re.compile(r"(?:^|\s)header\.from\s*=\s*(?:[^@\s;]{0,200}@)?([\w.-]+)", re.IGNORECASE)


def authenticity(
    headers: Sequence[str], sender_domain: str, authserv_ids: frozenset[str], origin: Origin
) -> Authenticity:
    """PASS: DMARC, or DKIM aligned with the sender, passed; FAIL: DMARC failed; NONE: nobody we trust says."""
    if not sender_domain:
        return Authenticity.NONE
    stripped = [bare(header[:_MAX]) for header in headers[:_MAX_HEADERS]]
    mine = next((header for header in stripped if _author(header) in authserv_ids), None)
    if mine is not None:
        return _verdict(mine, sender_domain)
    if origin is Origin.IMPORTED and stripped and _verdict(stripped[0], sender_domain) is Authenticity.FAIL:
        return Authenticity.FAIL
    return Authenticity.NONE


def _author(header: str) -> str:
    """The authserv-id, lower-case; a version may follow it."""
    words = header.partition(";")[0].split()
    return words[0].lower() if words else ""


def _verdict(header: str, sender_domain: str) -> Authenticity:
    found = [
        (each[1].lower(), each[2].lower(), each[3]) for part in header.split(";")[1:] if (each := _RESULT.match(part))
    ]
    sender = registrable(sender_domain)
    for method, result, rest in found:
        if method == "dmarc" and result == "pass" and _aligned(_FROM.search(rest), sender, absent=True):
            return Authenticity.PASS
        if method == "dkim" and result == "pass" and _aligned(_SIGNER.search(rest), sender, absent=False):
            return Authenticity.PASS
    failed = {method for method, result, _ in found if result in {"fail", "permerror"}}
    soft = {method for method, result, _ in found if result == "softfail"}
    if "dmarc" in failed or ("dkim" in failed and "spf" in failed | soft):
        return Authenticity.FAIL
    return Authenticity.NONE


def _aligned(named: re.Match[str] | None, sender: str, *, absent: bool) -> bool:
    return registrable(named[1]) == sender if named else absent


def bare(text: str) -> str:
    """Without quoted strings and comments, nested ones included."""
    out: list[str] = []
    depth = 0
    for character in _QUOTED.sub("", text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            out.append(character)
    return "".join(out)
