"""Labelled mail and sentences as tokens and targets."""

from __future__ import annotations

import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tokenizers import Tokenizer

from encoder.mail import load, parsed
from encoder.swap import Names, swapped
from hearback.reading.encoder import ACTIONS, DETAILS, KINDS, ROUNDS, pack, shown

ROOT: Final = Path(__file__).resolve().parents[2]
CORPUS: Final = ROOT / "corpus"
SENTENCE_TOKENS: Final = 96
COMPOSED_WEIGHT: Final = 0.4
USUAL: Final = 0.4
"""Share of sentences in put-together mails that are the usual phrases (corpus/sentences/stock.jsonl), where there are any."""
RENAMED: Final = 0.4
"""Share of job mails that tell of another company or role in an epoch."""
TAGS: Final = ("company", "role", "evidence")

#: kind → what may say it; the first intent also makes the subject
CORES: Final[dict[str, list[list[str]]]] = {
    "application_confirmation": [["receipt"], ["receipt", "pending"], ["receipt", "later_steps"]],
    "status_update": [["pending"], ["delayed_hold"], ["advanced"], ["checks"], ["withdrawn_ack"], ["transferred"]],
    "assessment": [["test_invite"], ["advanced", "test_invite"]],
    "interview_invitation": [
        ["interview_invite"],
        ["availability"],
        ["interview_invite", "availability"],
        ["interview_confirm"],
        ["interview_move"],
        ["interview_cancel"],
    ],
    "offer": [["offer"], ["offer", "offer_detail"], ["offer_detail"]],
    "rejection": [["rejection"], ["rejection", "talent_pool"]],
    "recruiter_outreach": [["outreach"]],
}
DESCRIBES_LATER: Final = {"application_confirmation", "assessment", "status_update"}
#: what a sentence of an intent says of an interview or of the process
SAYS: Final[dict[str, tuple[str, str]]] = {
    "interview_invite": ("action", "invite"),
    "availability": ("action", "request_availability"),
    "interview_confirm": ("action", "confirm"),
    "interview_move": ("action", "reschedule"),
    "interview_cancel": ("action", "cancel"),
    "pending": ("detail", "under_review"),
    "advanced": ("detail", "advanced"),
    "checks": ("detail", "checks"),
    "withdrawn_ack": ("detail", "withdrawal_acknowledged"),
    "transferred": ("detail", "transferred"),
}
OTHERS: Final = (
    "job_alert",
    "careers_marketing",
    "other_application",
    "other_offer",
    "other_interview",
    "employer_internal",
    "transactional",
    "social",
    "scam",
)


@dataclass
class Example:
    """One input with the targets it has; a head without a target learns nothing from it."""

    ids: list[int]
    parts: list[int]
    targets: dict[str, int] = field(default_factory=dict)
    weight: float = 1.0
    tags: list[list[float]] | None = None
    tagged: tuple[float, ...] = ()
    """1.0 where the tags of that sort are known."""
    offsets: list[tuple[int, int, int] | None] = field(default_factory=list)
    texts: tuple[str, str, str] = ("", "", "")
    hand: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    last: float = math.inf
    """What its kind and marks last cost in training: little where it is known by now."""
    of: Example | None = None
    """The mail that this is a variant of."""


def sentences() -> list[dict[str, Any]]:
    """All labelled sentences, each text once."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((CORPUS / "sentences").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = {**json.loads(line), "stock": file.stem == "stock"}
            found.setdefault(item["text"].casefold(), item)
    return list(found.values())


def messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """(hand, message) of every labelled mail."""
    for file in sorted((CORPUS / "messages").glob("*.yaml")):
        for raw in load(file):
            yield file.stem, raw


def of_message(hand: str, raw: dict[str, Any], tokens: Tokenizer) -> Example:
    """A labelled mail as the reader sees it."""
    gold = raw["gold"]
    texts = shown(parsed(raw))
    ids, parts, offsets = pack(texts, tokens)
    made = Example(ids, parts, {"kind": KINDS.index(gold["kind"])}, offsets=offsets, texts=texts, hand=hand, raw=raw)
    if gold["kind"] == "other":
        return made
    tags, known = [], []
    for key in TAGS:
        wanted = gold.get(key)
        spans = _spans(texts, str(wanted), whole=key != "evidence") if wanted else []
        tags.append(
            [
                float(place is not None and any(place[0] == n and place[1] < b and place[2] > a for n, a, b in spans))
                for place in offsets
            ]
        )
        known.append(float(bool(spans) or not wanted))
    made.tags, made.tagged = tags, tuple(known)
    if gold["kind"] == "status_update" and gold.get("detail"):
        made.targets["detail"] = DETAILS.index(gold["detail"])
    if gold.get("interview"):
        made.targets["action"] = ACTIONS.index(gold["interview"]["action"])
        made.targets["round"] = ROUNDS.index(gold["interview"]["type"])
    return made


def renamed(data: list[Example], names: Names, tokens: Tokenizer, dice: random.Random) -> list[Example]:
    """The mails of one epoch: some tell of another company or role, so that no name is learned by heart."""
    made = []
    for each in data:
        other = swapped(each.raw, names, dice) if dice.random() < RENAMED else None
        made.append(each if other is None else replace(of_message(each.hand, other, tokens), of=each))
    return made


def _spans(texts: tuple[str, str, str], wanted: str, *, whole: bool) -> list[tuple[int, int, int]]:
    """(part, start, end) of every place where `wanted` stands, whatever the white space."""
    pattern = r"\s+".join(map(re.escape, wanted.split()))
    if whole:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    found = re.compile(pattern, re.IGNORECASE)
    return [(n, hit.start(), hit.end()) for n, text in enumerate(texts) for hit in found.finditer(text)]


def of_sentence(item: dict[str, Any], intents: list[str], tokens: Tokenizer, dice: random.Random) -> Example:
    """A sentence: as a body, now and then as a subject."""
    texts = ("", "", item["text"]) if dice.random() < 0.8 else ("", item["text"], "")
    ids, parts, _ = pack(texts, tokens, SENTENCE_TOKENS)
    return Example(ids, parts, {"intent": intents.index(item["intent"]), **_said(item["intent"])})


def _said(intent: str) -> dict[str, int]:
    if intent not in SAYS:
        return {}
    head, value = SAYS[intent]
    return {head: (ACTIONS if head == "action" else DETAILS).index(value)}


@dataclass(frozen=True)
class Composition:
    """A mail put together from sentences: only ever for training."""

    kind: str
    core: str
    """The intent of the sentence that decides."""
    subject: str
    body: str


def compositions(
    items: list[dict[str, Any]], count: int, dice: random.Random, usual_share: float = USUAL
) -> Iterator[Composition]:
    """Mails put together from sentences of one language; `usual_share` of these are the usual phrases."""
    pool: dict[tuple[str, str], list[str]] = defaultdict(list)
    usual: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        pool[item["intent"], item["lang"]].append(item["text"])
        if item["stock"]:
            usual[item["intent"], item["lang"]].append(item["text"])
    languages = sorted({item["lang"] for item in items})

    def one(intent: str, language: str) -> str:
        said = usual.get((intent, language)) if dice.random() < usual_share else None
        return dice.choice(said or pool.get((intent, language)) or pool[intent, "en"])

    for _ in range(count):
        language = dice.choice(["en"] * 6 + languages)
        if dice.random() < 0.6:
            kind = dice.choice(sorted(CORES))
            core = dice.choice(CORES[kind])
            beside = ["pleasantry", "boilerplate", "later_steps" if kind in DESCRIBES_LATER else "pleasantry"]
            body = [*core, *(dice.choice(beside) for _ in range(dice.choice([0, 0, 1, 2])))]
        elif dice.random() < 0.3:
            kind, core = "other", [dice.choice(["pleasantry", "boilerplate"])]  # a mail that says nothing is no news
            body = core * dice.choice([1, 1, 2])
        else:
            kind, core = "other", [dice.choice(OTHERS)]
            body = core * dice.choice([1, 2, 3]) + ["boilerplate"] * dice.choice([0, 0, 1])
        if dice.random() < 0.5:
            body.insert(0, "pleasantry")
        subject = one(core[0], language)[:80] if dice.random() < 0.3 else ""
        yield Composition(kind, core[-1], subject, "\n".join(one(each, language) for each in body))


def composed(items: list[dict[str, Any]], count: int, tokens: Tokenizer, dice: random.Random) -> list[Example]:
    """Compositions as the encoder sees them."""
    made = []
    for each in compositions(items, count, dice):
        ids, parts, _ = pack(("", each.subject, each.body), tokens)
        said = _said(each.core) if each.kind in {"interview_invitation", "status_update"} else {}
        made.append(Example(ids, parts, {"kind": KINDS.index(each.kind), **said}, COMPOSED_WEIGHT))
    return made
