"""Text of a mail in pieces, those marked that say what was read: the deciding sentence, the company, the role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 2
"""A shorter word stands in too many others."""


def pieces(text: str, marked: Iterable[str | None]) -> list[tuple[str, bool]]:
    """`text` cut into (piece, marked), whole words only, whatever their case; the longest of overlapping ones is marked."""
    wanted = sorted({each.strip() for each in marked if each and len(each.strip()) >= SHORTEST}, key=len, reverse=True)
    if not wanted or not text:
        return [(text, False)] if text else []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in wanted), re.IGNORECASE)
    found: list[tuple[str, bool]] = []
    end = 0
    for match in pattern.finditer(text):
        if match.start() > end:
            found.append((text[end : match.start()], False))
        found.append((match[0], True))
        end = match.end()
    if end < len(text):
        found.append((text[end:], False))
    return found
