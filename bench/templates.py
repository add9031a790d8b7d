"""How far apart templates are: likeness of mail of one sender in other templates, and of one template with other details.

Arguments: the share of the corpus to look at, as "one in N" (default 4). The threshold is pipeline.lessons.ALIKE.
"""

from __future__ import annotations

import importlib.util
import itertools
import random
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.pipeline.lessons import ALIKE
from hearback.pipeline.templates import alike, sketch
from hearback.reading import second
from hearback.reading.read import Context, read
from hearback.reading.template import shingles

ROOT: Final = Path(__file__).parent.parent
KEY: Final = b"k" * 32
COMPANIES: Final = ("Northfold Systems", "Kestrel & Vane", "Obermann GmbH", "Lumière Santé", "Quay Foods", "Ibex")
ROLES: Final = ("Senior Payroll Officer", "Warehouse Lead", "Data Scientist II", "Krankenpfleger", "UX Writer")
MONTHS: Final = "January February March April May June July August September October November December".split()  # noqa: SIM905
DECIDES: Final = "After careful review we will not be taking your application further on this occasion."


def corpus() -> Any:
    """tools/encoder/mail.py, which is no package."""
    spec = importlib.util.spec_from_file_location("corpus_mail", ROOT / "tools" / "encoder" / "mail.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def varied(raw: dict[str, Any], dice: random.Random, *, decides: str | None = None) -> dict[str, Any]:
    """The same template about somebody else; with `decides`, also with another deciding sentence."""
    new, gold = {**raw, "ics": None}, raw["gold"]
    for part in ("subject", "text", "html"):
        text = raw.get(part)
        if text is None:
            continue
        if decides and gold.get("evidence"):
            text = text.replace(gold["evidence"], decides)
        for name, choices in (("company", COMPANIES), ("role", ROLES)):
            if gold.get(name):
                text = text.replace(gold[name], dice.choice(choices))
        text = re.sub(r"\d", lambda _: str(dice.randint(0, 9)), text)
        new[part] = re.sub("|".join(MONTHS), lambda _: dice.choice(MONTHS), text)
    return new


def show(name: str, values: list[float]) -> None:
    """One line of the distribution."""
    values.sort()
    at = {
        share: values[min(len(values) - 1, int(len(values) * share))] for share in (0, 0.01, 0.05, 0.5, 0.95, 0.99, 1)
    }
    line = "  ".join(f"{round(share * 100)}%: {value:.2f}" for share, value in at.items())
    over = sum(value >= ALIKE for value in values) / len(values)
    print(f"{name:45} n={len(values):6}  {line}  from {ALIKE}: {over:.1%}")


def main() -> None:
    """Read, sketch, compare. The first reading stage alone: templates do not hang on the verdict."""
    second.judge = lambda _, first: (first, second.Pointed())
    mail, dice = corpus(), random.Random(1)  # noqa: S311  repeatable on purpose
    one_in = int(sys.argv[1]) if len(sys.argv) > 1 else 4

    def template(raw: dict[str, Any]) -> tuple[str, str]:
        owners = frozenset({mail.owner(raw)})
        context = Context(owners=owners, zone="UTC", mode=AutomationMode.SMART, privacy=PrivacyLevel.STRICT)
        reading = read(mail.message(raw), context)
        return str(reading.message.sender.address), sketch(shingles(reading.message, reading.signal), KEY)

    every = [raw for file in sorted((ROOT / "corpus" / "messages").glob("*.yaml")) for raw in mail.load(file)]
    jobs = [raw for raw in every if raw["gold"]["kind"] != "other"]
    found = [(raw, *template(raw)) for raw in jobs]
    senders = defaultdict(list)
    for _, sender, made in found:
        if made:
            senders[sender].append(made)
    pairs = [alike(a, b) for made in senders.values() for a, b in itertools.combinations(made, 2)]
    some = [(raw, made) for raw, _, made in found if made][::one_in]
    same = [alike(made, template(varied(raw, dice))[1]) for raw, made in some]
    other = [
        alike(made, template(varied(raw, dice, decides=DECIDES))[1])
        for raw, made in some
        if raw["gold"].get("evidence") and raw["gold"]["evidence"] in (raw.get("text") or "")
    ]
    show("one sender, another template", pairs)
    show("one template, other names, dates, numbers", same)
    show("one template, another deciding sentence", other)


if __name__ == "__main__":
    main()
