"""The same mail about another company or another role: only ever for training."""

from __future__ import annotations

import copy
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

FIELDS: Final = ("from", "subject", "text")
SHORTEST: Final = 3
"""Shorter names stand inside too many other words."""


@dataclass(frozen=True)
class Names:
    """Companies and roles as the corpus tells them, by language; sorted, so that a seed draws the same."""

    company: dict[str, list[str]]
    role: dict[str, list[str]]


def names(mails: Iterable[dict[str, Any]]) -> Names:
    """All names that gold holds."""
    found: dict[str, dict[str, set[str]]] = {"company": defaultdict(set), "role": defaultdict(set)}
    for raw in mails:
        for key, told in found.items():
            if raw["gold"].get(key):
                told[str(raw.get("lang") or "en")].add(str(raw["gold"][key]))
    company, role = ({lang: sorted(each) for lang, each in found[key].items()} for key in ("company", "role"))
    return Names(company, role)


def swapped(raw: dict[str, Any], known: Names, dice: random.Random) -> dict[str, Any] | None:
    """`raw` with its company or its role (or both) exchanged everywhere; None where that cannot be done cleanly."""
    gold = raw["gold"]
    if gold["kind"] == "other" or raw.get("html") is not None or not raw.get("text"):
        return None
    made = copy.deepcopy(raw)
    language = str(raw.get("lang") or "en")
    changed = False
    for key, pool in (("company", known.company), ("role", known.role)):
        old = str(gold.get(key) or "")
        if len(old) > SHORTEST and dice.random() < 0.8:
            new = dice.choice(pool.get(language) or pool["en"])
            done = _exchange(made, key, old, new)
            if done and key == "company" and _left(made, old):
                return None
            changed |= done
    return made if changed else None


def _left(raw: dict[str, Any], old: str) -> bool:
    """Whether the old name still stands somewhere in a shorter or longer writing."""
    first = next((word for word in old.split() if len(word) > SHORTEST), old)
    return any(first.casefold() in str(raw[name]).casefold() for name in FIELDS)


def _exchange(raw: dict[str, Any], key: str, old: str, new: str) -> bool:
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, old.split())) + r"(?!\w)", re.IGNORECASE)
    if not any(pattern.search(str(raw[name])) for name in FIELDS):
        return False

    def write(found: re.Match[str]) -> str:
        text = found[0]
        return new.lower() if text.islower() else new.upper() if text.isupper() else new

    for name in FIELDS:
        raw[name] = pattern.sub(write, str(raw[name]))
    if key == "company":
        label = re.escape(_squeezed(old))
        raw["from"] = re.sub(rf"(?<=[@.]){label}(?=[.-])", _squeezed(new) or "firma", raw["from"], flags=re.IGNORECASE)
        hyphened = re.escape("-".join(re.findall(r"\w+", old.casefold())))
        raw["from"] = re.sub(
            rf"(?<=[@.]){hyphened}(?=[.-])", _squeezed(new) or "firma", raw["from"], flags=re.IGNORECASE
        )
    gold = raw["gold"]
    gold[key] = new
    if gold.get("evidence"):
        gold["evidence"] = pattern.sub(write, str(gold["evidence"]))
    return True


def _squeezed(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "", plain)
