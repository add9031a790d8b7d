"""What the second stage (reading.encoder) makes of a mail the first is not sure of: a judgement and what it points at."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind
from hearback.reading import encoder, sentences, version, weights
from hearback.reading.encoder import Mark, Seen
from hearback.reading.kinds import Judgement, cut, ranked

RESCUE: Final = 0.25
"""An interview or an offer that is at least this likely is shown to the person, even if something else is likelier."""
GRAVE: Final = (Kind.INTERVIEW_INVITATION, Kind.OFFER)
TINY: Final = 1e-6
"""Keeps the logarithm of the encoder's least likely kinds finite."""
SURE: Final = 0.9
"""So is one of which the first stage alone is so sure."""
FAINT: Final = 0.05
"""A mail that is about an application with this probability, and read as other, still counts if that application is known."""
LEAST: Final = 0.05
"""The first stage may call nothing less likely than this: short mail in the usual words is not what it knows best."""
POINTED: Final = 0.6
"""A stretch of text is taken as role from this probability on."""
WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Pointed:
    """Details the encoder points at, as they stand in the mail."""

    company: tuple[Mark, ...] = ()
    """Every stretch that may be the employer's name."""
    role: str | None = None
    action: InterviewAction | None = None
    round: InterviewType | None = None


def asked(first: Judgement) -> bool:
    """Whether the second stage has a word in it."""
    return not first.settled and "+" in version.current()


def load(first: Judgement) -> None:
    """Load the encoder where `first` needs it: at first use that takes longer than any mail."""
    if not first.settled:
        encoder.installed()


def judge(message: Message, first: Judgement) -> tuple[Judgement, Pointed]:
    """The second opinion where the first stage is in doubt and the encoder is installed; else the first."""
    if first.settled:
        return first, Pointed()
    loaded = encoder.installed()
    if loaded is None:
        return first, Pointed()
    seen = loaded.read(message)
    seen = replace(seen, kinds=together(seen.kinds, first.chances, loaded.both))
    kind, chance = _chosen(seen, first.chances)
    other = seen.kinds[Kind.OTHER.value]
    faint = _faint(seen) if kind is Kind.OTHER else None
    others = ", ".join(f"{name} {seen.kinds[name]:.2f}" for name in ranked(seen.kinds)[:3])
    judgement = replace(
        first,
        kind=kind,
        detail=Detail(seen.detail) if kind is Kind.STATUS_UPDATE else None,
        confidence=round(chance, 4),
        evidence=cut(evidence(message, seen)) if kind is not Kind.OTHER else None,
        other=round(other, 4),
        faint=faint,
        faintly=round(seen.kinds[faint.value], 4) if faint is not None else 0.0,
        reasons=(*first.reasons, f"with the encoder: {others}"),
    )
    return judgement, Pointed(
        company=seen.company,
        role=_sure(seen.role),
        action=InterviewAction(seen.action),
        round=InterviewType(seen.round),
    )


def together(encoder_says: dict[str, float], words_say: Mapping[str, float], heat: float) -> dict[str, float]:
    """Both stages' probabilities as one: they read differently and err on different mail."""
    if not words_say:
        return encoder_says
    logs = {
        name: (math.log(max(chance, TINY)) + math.log(max(words_say[name], LEAST))) / heat
        for name, chance in encoder_says.items()
    }
    return dict(zip(logs, weights.softmax(list(logs.values())), strict=True))


def _chosen(seen: Seen, words_say: Mapping[str, float]) -> tuple[Kind, float]:
    name = ranked(seen.kinds)[0]
    if Kind(name) is Kind.OTHER:
        grave = max(GRAVE, key=lambda kind: (seen.kinds[kind.value], kind))
        if seen.kinds[grave.value] >= RESCUE or words_say.get(grave.value, 0.0) >= SURE:
            return grave, seen.kinds[grave.value]
    return Kind(name), seen.kinds[name]


def _faint(seen: Seen) -> Kind | None:
    """What a mail read as other may be all the same."""
    if 1 - seen.kinds[Kind.OTHER.value] < FAINT:
        return None
    return Kind(next(name for name in ranked(seen.kinds) if name != Kind.OTHER.value))


def _sure(found: tuple[str, float] | None) -> str | None:
    return found[0] if found is not None and found[1] >= POINTED else None


def evidence(message: Message, seen: Seen) -> str | None:
    """The sentence of subject or body that most of the encoder's marks lie on, as it stands in the mail."""
    best: tuple[float, str] | None = None
    for part in (1, 2):
        text = seen.texts[part]
        at = 0
        for sentence in sentences.split(text) if part == 2 else [text]:  # noqa: PLR2004  the body
            start = text.find(sentence, at)
            if start < 0:
                continue
            at = start + len(sentence)
            marks = [
                chance for place, chance in seen.evidence if place[0] == part and place[1] >= start and place[2] <= at
            ]
            if len(marks) < WORDS:
                continue
            worth = sum(marks) / len(marks)
            verbatim = sentence if part == 1 else _verbatim(sentence, message.text)
            if verbatim is not None and (best is None or worth > best[0]):
                best = worth, verbatim
    return best[1] if best is not None else (str(message.subject) or None)


def _verbatim(sentence: str, text: str) -> str | None:
    """The sentence as it stands in the mail: what was shown may have a link shortened or white space joined."""
    if sentence in text:
        return sentence
    pattern = r"\s+".join(re.escape(word) for word in sentence.split()[:12])
    found = re.search(pattern, text)
    if found is not None:
        return found[0]
    words = sentence.split()
    for size in range(len(words) - 1, WORDS, -1):
        if " ".join(words[:size]) in text:
            return " ".join(words[:size])
    return None
