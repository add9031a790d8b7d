"""When two requisition numbers mean the same vacancy: each sender cuts them short in its own way."""

from __future__ import annotations

import re
from typing import Final

from hearback.pipeline.words import words

DIGITS: Final = 3
"""Of a number that is called by its last part alone."""
_RUN: Final = re.compile(r"[0-9]+")


def same_requisition(one: str, other: str) -> bool:
    """Equal, or one is the end of the other: "391-BR-7120" and "7120", "TNR/902" and "902", "R-3391" and "3391"."""
    short, long = sorted(("".join(words(one)), "".join(words(other))), key=len)
    return short == long or (long.endswith(short) and requisition_key(one) == requisition_key(other))


def requisition_key(requisition: str) -> str:
    """What two requisitions that are the same have in common: the last run of digits, if it is long enough to tell."""
    runs = _RUN.findall(requisition)
    return runs[-1] if runs and len(runs[-1]) >= DIGITS else "".join(words(requisition))
