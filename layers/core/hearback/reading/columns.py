"""What the message model sees: per intent how strongly the best and the second sentence say it, and who sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_REPLY: Final = re.compile(r"^\s*(?:re|aw|sv|antw|odp|res|rif)\s*:", re.IGNORECASE)
STRONG: Final = 0.5


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say, as yes or no."""

    ats: bool = False
    board: bool = False
    alert: bool = False
    vendor: bool = False
    freemail: bool = False
    bulk: bool = False
    calendar: bool = False
    reply: bool = False


def is_reply(subject: str) -> bool:
    """Whether a subject begins like an answer's."""
    return bool(_REPLY.match(subject))


def columns(
    names: Sequence[str],
    subject: Sequence[float],
    body: Sequence[Sequence[float]],
    subject_hits: Iterable[str],
    body_hits: Iterable[str],
    envelope: Envelope,
) -> dict[str, float]:
    """Message features by name. `names` are the intents; probabilities of the subject and of each sentence follow,
    then the phrases (reading.rules) found in either.
    """
    found: dict[str, float] = {}
    for name in subject_hits:
        found[f"phrase-subject:{name}"] = 1.0
    for name in body_hits:
        found[f"phrase:{name}"] = min(found.get(f"phrase:{name}", 0.0) + 1.0, 2.0)
    sentences = [*body, subject] if subject else list(body)
    for index, name in enumerate(names):
        ranked = sorted((probabilities[index] for probabilities in sentences), reverse=True)
        if not ranked:
            continue
        found[f"max:{name}"] = ranked[0]
        found[f"strong:{name}"] = float(min(sum(1 for value in ranked if value > STRONG), 3))
        if subject:
            found[f"subject:{name}"] = subject[index]
    for flag in ("ats", "board", "alert", "vendor", "freemail", "bulk", "calendar", "reply"):
        if getattr(envelope, flag):
            found[f"is:{flag}"] = 1.0
    found["length"] = min(len(sentences), 30) / 10
    return found
