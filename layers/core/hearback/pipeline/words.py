"""Words of names and titles: small letters without accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:[+#]+)?")
STEM: Final = 4
"""Letters that two words of one stem begin with."""


def plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, plain; "C++" and "C#" stay."""
    return tuple(_WORD.findall(plain(text)))


def begin_alike(one: str, other: str) -> bool:
    """Two words of one stem: "signals", "signalling"."""
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= STEM and (shared == min(len(one), len(other)) or shared >= STEM + 2)
