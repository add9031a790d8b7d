"""Whether a difference between two groups is more than chance: Fisher's exact test, two-sided."""

from __future__ import annotations

from math import exp, lgamma
from typing import Final

LIKELY: Final = 0.1
"""Differences that chance alone makes at least so often are not told."""
_SAME: Final = 1 + 1e-7


def by_chance(one: int, of: int, other: int, of_others: int) -> float:
    """How often chance alone would make shares of `one`/`of` and `other`/`of_others` lie at least so far apart; 0–1."""
    hits, total = one + other, of + of_others

    def probability(drawn: int) -> float:
        return exp(_ln_comb(hits, drawn) + _ln_comb(total - hits, of - drawn) - _ln_comb(total, of))

    seen = probability(one) * _SAME
    possible = range(max(0, of - (total - hits)), min(of, hits) + 1)
    return min(sum(p for p in map(probability, possible) if p <= seen), 1.0)


def _ln_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
