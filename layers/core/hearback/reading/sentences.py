"""Text → sentences, as they stand in the text: linear, bounded, the same in every language Hearback reads."""

from __future__ import annotations

import re
from typing import Final

MAX_SENTENCES: Final = 80
MAX_CHARS: Final = 400
MAX_TEXT: Final = 16_000
"""Eighty sentences are shorter in any mail; what is behind is not looked at."""
_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]?\s+(?=[\"'“‘(¿¡]?[A-ZÀ-ÞŁŚŻŹĆÓ0-9])|(?<=[:;])\s*\n|\n")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nr|Ref|approx|e\.g|i\.e|z\.B|bzw|ca|Hr|Fr|Sra?|Mme|vs|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Sr|Jr)|\b[A-Z]|\b\d{1,2})\.$"
)


def split(text: str) -> list[str]:
    """Sentences in order, whitespace trimmed, long ones cut, at most MAX_SENTENCES."""
    found: list[str] = []
    text = text[:MAX_TEXT]
    start = 0
    for end in _END.finditer(text):
        piece = text[start : end.start()]
        if "\n" not in end[0] and _ABBREVIATION.search(piece[-12:]):
            continue
        _add(found, piece)
        start = end.end()
        if len(found) >= MAX_SENTENCES:
            return found
    _add(found, text[start:])
    return found


def _add(found: list[str], piece: str) -> None:
    piece = piece.strip()
    if len(piece) > 1:
        found.append(piece[:MAX_CHARS])
