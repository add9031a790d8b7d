"""Whole mailboxes folded, beside the end state their authors expect: bench/mailboxes.py [NAME…] (default: all)

Twice: with the readings of a perfect reader, so that only matching and folding are judged, and as Hearback really reads
them (both stages, an import, Smart). Prints the share right of each thing and every difference in a line, then whether 50
shuffles with duplicates, recorded step by step, export the same bytes as the order of delivery.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "pipeline")]

from matching.expected import Score, compare, total  # noqa: E402  found through the line above
from matching.mailbox import Mailbox, load  # noqa: E402  as above
from memory import Memory  # noqa: E402  as above

from hearback.model.application import Folded  # noqa: E402
from hearback.model.signal import Signal  # noqa: E402
from hearback.pipeline import canonical  # noqa: E402
from hearback.pipeline.folding import fold  # noqa: E402
from hearback.reading import encoder  # noqa: E402

SHUFFLES: Final = 50
AGAIN: Final = 0.3
"""Share of mail that is delivered twice."""


def exported(folded: Folded, as_of: datetime) -> bytes:
    """The canonical export."""
    return canonical.canonical_bytes(canonical.export(folded, owner="me", mailboxes=(), ledger=(), as_of=as_of))


def step_by_step(signals: Sequence[Signal]) -> Folded:
    """Recorded one by one, as they come in."""
    memory = Memory()
    for each in signals:
        memory.add([each])
    return memory.folded()


def shuffles(signals: Sequence[Signal], as_of: datetime) -> int:
    """In how many of the shuffles with duplicates the export is that of the order of delivery."""
    right = exported(step_by_step(signals), as_of)
    same = right == exported(fold(signals), as_of)
    equal = 0
    for seed in range(SHUFFLES):
        dice = random.Random(seed)  # noqa: S311  an order, no secret
        order = [*signals, *(each for each in signals if dice.random() < AGAIN)]
        dice.shuffle(order)
        equal += right == exported(step_by_step(order), as_of)
    return equal if same else 0


def show(title: str, score: Score) -> None:
    """The shares and the differences."""
    print(f"\n{title}")
    print("  " + "  ".join(f"{aspect} {score.share(aspect)}" for aspect in score.right))
    for line in score.differences:
        print(f"  - {line}")


def main(names: list[str]) -> None:
    """Print everything."""
    folders = [each for each in sorted((ROOT / "corpus/mailboxes").iterdir()) if (each / "expected.yaml").exists()]
    boxes = [load(folder) for folder in folders if not names or folder.name in names]
    loaded = encoder.installed()
    ways: tuple[tuple[str, Callable[[Mailbox], Callable[[Mapping[str, Any]], Signal]]], ...] = (
        ("a perfect reader", lambda box: box.gold),
        (f"as read (second stage {loaded.version if loaded else 'not installed'})", lambda box: box.read),
    )
    for way, reader in ways:
        scores = []
        for box, expected in boxes:
            signals = [reader(box)(each) for each in box.delivered()]
            began = time.perf_counter()
            score = compare(box, expected, fold(signals))
            scores.append(score)
            show(f"{box.name}, {way}: {len(signals)} mails", score)
            as_of = datetime.fromisoformat(str(expected["as_of"]))
            print(f"  {shuffles(signals, as_of)} of {SHUFFLES} shuffles equal ({time.perf_counter() - began:.0f} s)")
        show(f"all, {way}", total(scores))


if __name__ == "__main__":
    main(sys.argv[1:])
