"""Figures of the encoder alone on labelled mail."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from encoder.examples import Example
from hearback.reading.encoder import KINDS, stretch

_FORM = re.compile(r"\b(?:gmbh|ltd|limited|inc|llc|plc|ag|the)\b")


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the kinds that occur; pairs are (gold, said)."""
    values = []
    for kind in KINDS:
        hit = sum(gold == said == kind for gold, said in pairs)
        wrong = sum((gold == kind) != (said == kind) for gold, said in pairs)
        if any(gold == kind for gold, _ in pairs):
            values.append(2 * hit / max(1, 2 * hit + wrong))
    return sum(values) / max(1, len(values))


def figures(held: list[Example], found: list[dict[str, Any]]) -> str:
    """One line: kinds, job-related, details."""
    pairs = [
        (KINDS[each.targets["kind"]], KINDS[int(out["kind"].argmax())]) for each, out in zip(held, found, strict=True)
    ]
    job = sum(gold != "other" for gold, _ in pairs)
    said = sum(kind != "other" for _, kind in pairs)
    both = sum(gold != "other" != kind for gold, kind in pairs)
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for each, out in zip(held, found, strict=True):
        gold = each.raw["gold"]
        for name, names in (("action", "action"), ("round", "round"), ("detail", "detail")):
            if name in each.targets:
                asked[name] += 1
                right[name] += int(out[names].argmax()) == each.targets[name]
        if gold["kind"] == "other":
            continue
        chances = out["tag"].sigmoid().tolist()
        for place, name in enumerate(("company", "role")):
            if gold.get(name):
                asked[name] += 1
                got = stretch(each.texts, each.offsets, [row[place] for row in chances])
                right[name] += got is not None and plain(got[0]) == plain(str(gold[name]))
    return (
        f"{len(held):4} mails  right {sum(a == b for a, b in pairs) / len(pairs):.3f}  macro-F1 {macro_f1(pairs):.3f}  "
        f"job recall {both / max(1, job):.3f} precision {both / max(1, said):.3f}  "
        + "  ".join(f"{name} {right[name] / asked[name]:.3f}" for name in asked)
    )


def plain(name: str) -> str:
    """A name without legal form, case, punctuation."""
    return re.sub(r"[\W_]+", "", _FORM.sub("", name.casefold()))
