"""The second stage: a small multilingual encoder which reads sender, subject and body of a doubtful mail at once.

It is trained by tools/encoder and lies in layers/model (package hearback_encoder). It and its runtime are loaded at
first use; where they are not installed, the first stage decides alone.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from hearback.model.message import Message
from hearback.reading import weights

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PACKAGE: Final = "hearback_encoder"
KINDS: Final = (
    "application_confirmation",
    "status_update",
    "assessment",
    "interview_invitation",
    "offer",
    "rejection",
    "recruiter_outreach",
    "other",
)
DETAILS: Final = (
    "under_review",
    "on_hold",
    "delayed",
    "advanced",
    "checks",
    "withdrawal_acknowledged",
    "transferred",
)
ACTIONS: Final = ("invite", "request_availability", "confirm", "reschedule", "cancel")
ROUNDS: Final = ("recruiter_screen", "culture_fit", "technical", "panel", "onsite", "final_round", "other")
TAGS: Final = ("company", "role", "evidence")

TOKENS: Final = 256
SENDER_TOKENS: Final = 40
SUBJECT_TOKENS: Final = 50
END_TOKENS: Final = 48
"""Of a long body this many tokens are its end, where the signature stands."""
BODY_CHARS: Final = 1600
END_CHARS: Final = 400
GAP: Final = 3
"""Tokens further apart are not one stretch: the middle of a long body is left out."""
START, PAD, STOP = 0, 1, 2
_LINK: Final = re.compile(r"https?://(?:www\.)?([^\s/<>\"')\]]{1,100})[^\s<>\"')\]]*")

HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_APART: Final = frozenset('<>()[]{},;:!?"“”„«»|/\\')

Place = tuple[int, int, int]
"""(part, first character, end) of a token; parts are sender, subject, body."""


class Mark(NamedTuple):
    """A stretch of text that the encoder points at, whole words of one line."""

    part: int
    text: str
    chance: float
    """Mean over its tokens."""


class Encoding(Protocol):
    """What the tokenizer library gives for one text."""

    @property
    def ids(self) -> list[int]:
        """Token numbers."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each token stands in the text, in characters."""


class Tokens(Protocol):
    """The tokenizer."""

    def encode(self, text: str, /, *, add_special_tokens: bool) -> Encoding:
        """Tokens of one text."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the encoder makes of one message: probabilities, and per sort the stretches of text it points at."""

    kinds: dict[str, float]
    detail: str
    action: str
    round: str
    company: tuple[Mark, ...]
    """Every stretch that is marked as the employer's name."""
    role: tuple[str, float] | None
    """As it stands in the message, and how sure that is."""
    evidence: tuple[tuple[Place, float], ...]
    """Per token of subject and body, how likely it is part of what decides."""
    texts: tuple[str, str, str]
    """The text shown."""


def shown(message: Message) -> tuple[str, str, str]:
    """Sender, subject and body as the encoder is given them: links are their hosts, of a long body start and end."""
    body = _LINK.sub(r"\1", message.text[:20_000])
    if len(body) > BODY_CHARS + END_CHARS:
        body = f"{body[:BODY_CHARS]}\n…\n{body[-END_CHARS:]}"
    return f"{message.sender.name} <{message.sender.address}>", str(message.subject)[:400], body


def pack(
    texts: tuple[str, str, str], tokens: Tokens, most: int = TOKENS
) -> tuple[list[int], list[int], list[Place | None]]:
    """Token ids, the part each belongs to, and where it stands (None for markers): <s> sender </s> subject </s> body </s>."""
    ids: list[int] = [START]
    parts = [0]
    places: list[Place | None] = [None]
    for part, text in enumerate(texts):
        found = tokens.encode(text, add_special_tokens=False)
        pairs = list(zip(found.ids, found.offsets, strict=True))
        room = (SENDER_TOKENS, SUBJECT_TOKENS, most - 1 - len(ids))[part]
        if len(pairs) > room:
            end = min(END_TOKENS, room // 3) if part == 2 else 0  # noqa: PLR2004  the body
            pairs = pairs[: room - end] + pairs[len(pairs) - end :]
        ids += [each for each, _ in pairs]
        places += [(part, start, stop) for _, (start, stop) in pairs]
        parts += [part] * len(pairs)
        ids.append(STOP)
        places.append(None)
        parts.append(part)
    return ids, parts, places


@dataclass(frozen=True, slots=True)
class Encoder:
    """The loaded network."""

    version: str
    tokens: Tokens
    session: Any
    heat: float
    """Temperature of the kinds' probabilities, fitted on mail by hands it was not trained on."""
    both: float
    """The same for what both stages say together."""

    def read(self, message: Message) -> Seen:
        """Read one message."""
        import numpy as np

        texts = shown(message)
        ids, parts, places = pack(texts, self.tokens)
        kind, detail, action, around, tag = self.session.run(
            None, {"ids": np.array([ids], dtype=np.int64), "parts": np.array([parts], dtype=np.int64)}
        )
        tags = [[1 / (1 + math.exp(-float(value))) for value in row] for row in tag[0]]
        kinds = weights.softmax([float(value) / self.heat for value in kind[0]])
        return Seen(
            kinds=dict(zip(KINDS, kinds, strict=True)),
            detail=DETAILS[int(detail[0].argmax())],
            action=ACTIONS[int(action[0].argmax())],
            round=ROUNDS[int(around[0].argmax())],
            company=marks(texts, places, [row[0] for row in tags]),
            role=stretch(texts, places, [row[1] for row in tags]),
            evidence=tuple(
                (place, row[2]) for place, row in zip(places, tags, strict=True) if place is not None and place[0]
            ),
            texts=texts,
        )


@functools.cache
def described() -> dict[str, Any] | None:
    """What encoder.json says of the encoder; None where it or its runtime is not installed. Neither is loaded for it."""
    if any(find_spec(name) is None for name in (PACKAGE, "onnxruntime", "tokenizers")):
        return None
    folder = files(PACKAGE)
    if not folder.joinpath("encoder.onnx").is_file():
        return None
    about: dict[str, Any] = json.loads(folder.joinpath("encoder.json").read_text(encoding="utf-8"))
    return about


@functools.cache
def installed() -> Encoder | None:
    """The encoder; None where it or its runtime is not installed."""
    about = described()
    if about is None:
        return None
    import onnxruntime
    from tokenizers import Tokenizer

    folder = files(PACKAGE)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(_bytes(folder, "encoder.onnx"), options, providers=["CPUExecutionProvider"])
    tokens = Tokenizer.from_str(folder.joinpath("tokens.json").read_text(encoding="utf-8"))
    return Encoder(about["version"], tokens, session, about["heat"], about["both"])


def _bytes(folder: Traversable, name: str) -> bytes:
    return folder.joinpath(name).read_bytes()


def marks(texts: tuple[str, str, str], places: Sequence[Place | None], chances: Sequence[float]) -> tuple[Mark, ...]:
    """All marked stretches, in the order they stand."""
    found = (
        Mark(
            part,
            " ".join(_whole_words(texts[part], start, stop).split()).strip(" ,.;:-–|\"'()<>"),
            sum(held) / len(held),
        )
        for part, start, stop, held in _runs(texts, places, chances)
    )
    return tuple(mark for mark in found if len(mark.text) > 1)


def stretch(
    texts: tuple[str, str, str], places: Sequence[Place | None], chances: Sequence[float]
) -> tuple[str, float] | None:
    """The text that most of the marked stretches agree on; None where nothing is marked.

    A longer name that begins with the chosen one is the fuller writing of it. Addresses and hosts are no names.
    """
    votes: dict[str, float] = {}
    best: dict[str, float] = {}
    for _, text, mean in marks(texts, places, chances):
        if "@" not in text and not HOST.fullmatch(text):
            votes[text] = votes.get(text, 0.0) + mean
            best[text] = max(best.get(text, 0.0), mean)
    if not votes:
        return None
    chosen = max(votes, key=lambda text: (votes[text], len(text), text))
    fuller = [text for text in votes if text.casefold().startswith(f"{chosen.casefold()} ")]
    name = max(fuller, key=lambda text: (votes[text], len(text), text), default=chosen)
    return name, best[chosen]


def _runs(
    texts: tuple[str, str, str], places: Sequence[Place | None], chances: Sequence[float]
) -> list[tuple[int, int, int, list[float]]]:
    """Marked tokens that stand together: (part, start, end, probabilities)."""
    runs: list[tuple[int, int, int, list[float]]] = []
    last: int | None = None
    for index, (place, chance) in enumerate(zip(places, chances, strict=True)):
        if place is None or chance <= 0.5:  # noqa: PLR2004  likelier not
            continue
        part, start, stop = place
        joins = last == index - 1 and runs[-1][0] == part and start - runs[-1][2] <= GAP
        if joins and "\n" not in texts[part][runs[-1][2] : start + 1].rstrip(" "):
            runs[-1] = (part, runs[-1][1], stop, [*runs[-1][3], chance])
        else:
            runs.append((part, start, stop, [chance]))
        last = index
    return runs


def _whole_words(text: str, start: int, stop: int) -> str:
    """The stretch, grown to the ends of its words: marks lie on pieces of words."""
    while start < stop and text[start].isspace():
        start += 1
    while start > 0 and not text[start - 1].isspace() and text[start - 1] not in _APART:
        start -= 1
    while stop < len(text) and not text[stop].isspace() and text[stop] not in _APART:
        stop += 1
    return text[start:stop]
