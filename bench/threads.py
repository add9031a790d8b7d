"""Which application each mail is linked to: bench/threads.py [FILE…] (default: corpus/threads)

A file is one person's mail, each labelled with the candidacy it is about. Scored with the readings of a perfect reader, as
really read (both stages, an import, Smart), and as read if Smart were sure of everything that is kept: what more applying
could link, and what it would cost. A mail is linked wrong where it sits by itself in an application that is
another candidacy's; of two candidacies in one application the smaller is wrong there.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from encoder import mail  # noqa: E402  found through the line above
from matching.links import APART, NOWHERE, RIGHT, SUGGESTED, WAITING, WRONG, Links, judge  # noqa: E402  as above
from matching.mailbox import Mailbox  # noqa: E402  as above

from hearback.model.signal import Kind, Signal  # noqa: E402
from hearback.pipeline.folding import fold  # noqa: E402

ROUNDS: Final = 1000


Read = Mapping[str, Signal]
"""Mail id → what Hearback says of it."""


def person(file: Path) -> Mailbox:
    """One person's mail. What their own mail does is not labelled: it is as read."""
    box = Mailbox(f"{file.parent.name}/{file.stem}", mail.load(file))
    read = {each["id"]: box.read(each).detail for each in box.mails if each.get("sent")}
    return replace(box, acts={name: detail for name, detail in read.items() if detail is not None})


def sure(signal: Signal) -> Signal:
    """The same verdict without a doubt of it; what speaks against its sender stays."""
    if signal.kind in {None, Kind.OTHER}:
        return signal
    return replace(signal, confidence=1.0, other=0.0, faint=False)


def interval(found: list[Links], verdict: str) -> str:
    """The share of one verdict with its 95 % interval (bootstrap over persons)."""
    dice = random.Random(5)  # noqa: S311  draws, no secret
    drawn = sorted(_share(dice.choices(found, k=len(found)), verdict) for _ in range(ROUNDS))
    return f"{_share(found, verdict):.4f} ({drawn[25]:.4f}–{drawn[974]:.4f})"


def _share(found: list[Links], verdict: str) -> float:
    whole = sum(each.verdicts.total() for each in found)
    return sum(each.verdicts[verdict] for each in found) / whole if whole else 0.0


def main(names: list[str]) -> None:
    """Print everything."""
    files = [Path(name) for name in names] or sorted((ROOT / "corpus/threads").rglob("*.yaml"))
    people = [(box, {each["id"]: box.read(each) for each in box.mails}) for box in map(person, files)]
    ways: tuple[tuple[str, Callable[[Mailbox, Read], Iterable[Signal]]], ...] = (
        ("a perfect reader", lambda box, _: map(box.gold, box.mails)),
        ("as read", lambda _, read: read.values()),
        ("as read, were all of it sure", lambda _, read: map(sure, read.values())),
    )
    for way, reader in ways:
        found: list[Links] = []
        print(f"\n{way}")
        for box, read in people:
            links = judge(box, fold(reader(box, read)))
            found.append(links)
            counts = ", ".join(f"{name} {count}" for name, count in links.verdicts.most_common())
            print(f"  {box.name}: {counts}")
            for line in links.lines:
                print(f"    - {line}")
        whole = Links()
        for links in found:
            whole.add(links)
        print(f"  {len(people)} people, {whole.candidacies} candidacies, {whole.threads} threads")
        print(f"  job mail: {whole.verdicts.total()}, the person's own: {whole.sent.total()}")
        for verdict in (RIGHT, WRONG, WAITING, APART, NOWHERE):
            print(
                f"  {verdict:30} {whole.verdicts[verdict]:5}  {interval(found, verdict)}  own mail {whole.sent[verdict]}"
            )
        told = ", ".join(f"{name} {count}" for name, count in whole.waiting.most_common())
        print(f"  of what waits: {told}")
        asked = whole.verdicts[RIGHT] + whole.waiting[SUGGESTED]
        print(f"  linked right, or waiting with the right one first: {asked / whole.verdicts.total():.4f}")
        print(f"  mail about no application in one: {whole.strangers}")


if __name__ == "__main__":
    main(sys.argv[1:])
