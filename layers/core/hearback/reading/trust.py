"""Whether the sender is who they say: only the receiving provider's topmost Authentication-Results counts.

A sender can write such a header too; theirs stands below the receiver's. So the first one whose authserv-id is the
provider's own is read, and nothing else. In a person's own export any topmost one may say "fail", none may vouch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hearback.model.message import Authenticity, Origin
from hearback.reading.senders import registrable

_MAX: Final = 4096
_RESULT: Final = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
_SIGNER: Final = re.compile(r"header\.(?:i|d)\s*=\s*@?(?:[^@\s;]*@)?([\w.-]+)", re.IGNORECASE)


def authenticity(
    headers: Sequence[str], sender_domain: str, authserv_ids: frozenset[str], origin: Origin
) -> Authenticity:
    """PASS: DMARC, or DKIM aligned with the sender, passed; FAIL: DMARC failed; NONE: nobody we trust says."""
    if not headers:
        return Authenticity.NONE
    header = _without_comments(headers[0][:_MAX])
    authserv, _, results = header.partition(";")
    name = authserv.strip().split(" ")[0].lower()
    trusted = name in authserv_ids
    if origin is Origin.LIVE and not trusted:
        return Authenticity.NONE
    verdict = _verdict(results or header, sender_domain)
    if origin is Origin.IMPORTED and verdict is Authenticity.PASS and not trusted:
        return Authenticity.NONE
    return verdict


def _verdict(results: str, sender_domain: str) -> Authenticity:
    found = [(method.lower(), result.lower(), rest) for method, result, rest in _RESULT.findall(results)]
    if any(method == "dmarc" and result == "pass" for method, result, _ in found):
        return Authenticity.PASS
    for method, result, rest in found:
        if method == "dkim" and result == "pass":
            signer = _SIGNER.search(rest)
            if signer and registrable(signer[1]) == registrable(sender_domain):
                return Authenticity.PASS
    if any(method == "dmarc" and result == "fail" for method, result, _ in found):
        return Authenticity.FAIL
    if any(method == "dkim" and result == "fail" for method, result, _ in found) and any(
        method == "spf" and result in {"fail", "softfail"} for method, result, _ in found
    ):
        return Authenticity.FAIL
    return Authenticity.NONE


def _without_comments(text: str) -> str:
    out: list[str] = []
    depth = 0
    for character in text:
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            out.append(character)
    return "".join(out)
