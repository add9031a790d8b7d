"""A template as it is kept: the smallest keyed hashes of a mail's shingles. Without the person's key they say nothing.

Bottom-k: of the HMACs of all shingles the KEPT smallest are kept, so two sketches under one key tell how alike two texts
are (the share of shingles they have in common) and nothing else. Other people's sketches never match: their keys differ.
"""

from __future__ import annotations

import base64
import functools
import hmac
from collections.abc import Iterable
from typing import Final

KEPT: Final = 64
"""Hashes of one sketch: a likeness of 0.6 is off by 0.06 on average."""
BYTES: Final = 4
FEWEST: Final = 10
"""A mail with fewer different shingles has no template: a line of text is like too many others."""


def sketch(shingles: Iterable[str], key: bytes) -> str:
    """The shingles' sketch under the person's key, at most 344 characters; empty where there are too few."""
    hashes = {hmac.digest(key, each.encode(), "sha256")[:BYTES] for each in shingles}
    if len(hashes) < FEWEST:
        return ""
    return base64.b64encode(b"".join(sorted(hashes)[:KEPT])).decode()


def alike(one: str, other: str) -> float:
    """0–1: about which share of the shingles of both texts they have in common. 0 where one has no sketch."""
    if not one or not other:
        return 0.0
    first, second = _hashes(one), _hashes(other)
    smallest = sorted(first | second)[:KEPT]
    return sum(1 for each in smallest if each in first and each in second) / len(smallest)


@functools.lru_cache(maxsize=4096)
def _hashes(template: str) -> frozenset[bytes]:
    packed = base64.b64decode(template)
    return frozenset(packed[at : at + BYTES] for at in range(0, len(packed), BYTES))
