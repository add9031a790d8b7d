"""Train the second stage: train.py [--leave-out HAND,HAND] [--epochs N] [--out FILE] [--from FILE]

Prints figures for every hand left out after each epoch. Takes about five minutes an epoch on two cores.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "layers/core")]

from encoder import base, examples, swap, vocabulary  # noqa: E402  found through the lines above
from encoder.network import Reader  # noqa: E402
from encoder.scoring import figures  # noqa: E402
from hearback.reading.encoder import ACTIONS, DETAILS, KINDS, PAD, ROUNDS  # noqa: E402

SEED: Final = 11
BATCH_TOKENS: Final = 1800
COMPOSED: Final = 1500
SENTENCES: Final = 6000
"""How many single sentences are seen an epoch, drawn anew each time."""
RATE, HEAD_RATE = 1.2e-4, 1e-3
WARM_UP: Final = 0.06
EPOCHS: Final = 8
HEAT: Final = 1.3
"""Temperature where no hand is left out: the one found when hands were (docs/reading.md)."""
#: head → weight of its loss, label smoothing
LOSSES: Final = {
    "kind": (1.0, 0.0),
    "intent": (0.7, 0.1),
    "detail": (1.0, 0.05),
    "action": (2.0, 0.05),
    "round": (1.0, 0.05),
}
TAG_WEIGHT: Final = 3.0
EASY: Final = 0.03
"""A mail that cost less than this when it was last seen is left out of every second epoch."""
HEED_FROM: Final = 2
"""Every mail is seen in this many first epochs."""
FORGET: Final = 0.05
"""Share of tokens hidden in training, so that no single word decides."""


def padded(group: list[examples.Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """ids, parts, mask of a batch."""
    length = max(len(each.ids) for each in group)
    ids, parts = torch.full((len(group), length), PAD), torch.zeros(len(group), length, dtype=torch.long)
    mask = torch.zeros(len(group), length)
    for row, each in enumerate(group):
        size = len(each.ids)
        ids[row, :size], parts[row, :size], mask[row, :size] = torch.tensor(each.ids), torch.tensor(each.parts), 1.0
    return ids, parts, mask


def loss(reader: Reader, group: list[examples.Example]) -> torch.Tensor:
    """The weighted sum over all heads that have a target in the batch."""
    ids, parts, mask = padded(group)
    hidden = (torch.rand(ids.shape) < FORGET) & (ids > vocabulary.SPECIAL)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = reader(ids.masked_fill(hidden, vocabulary.SPECIAL - 1), parts, mask)
    whole = torch.zeros(())
    costs = functional.cross_entropy(
        out["kind"].float(), torch.tensor([each.targets.get("kind", -100) for each in group]), reduction="none"
    ).detach()
    for name, (weight, smoothing) in LOSSES.items():
        rows = [row for row, each in enumerate(group) if name in each.targets]
        if rows:
            each = functional.cross_entropy(
                out[name][rows].float(),
                torch.tensor([group[row].targets[name] for row in rows]),
                label_smoothing=smoothing,
                reduction="none",
            )
            shares = torch.tensor([group[row].weight for row in rows])
            whole = whole + weight * (each * shares).sum() / len(group)
    rows = [row for row, each in enumerate(group) if each.tags is not None]
    if rows:
        truth, known = torch.zeros(len(rows), ids.shape[1], 3), torch.zeros(len(rows), 1, 3)
        for place, row in enumerate(rows):
            truth[place, : len(group[row].ids)] = torch.tensor(group[row].tags).T
            known[place, 0] = torch.tensor(group[row].tagged)
        each = functional.binary_cross_entropy_with_logits(
            out["tag"][rows].float(), truth, reduction="none", pos_weight=torch.tensor(3.0)
        )
        each = each * known * mask[rows][..., None]
        costs[rows] += TAG_WEIGHT * (each.sum((1, 2)) / mask[rows].sum(1)).detach()
        whole = whole + TAG_WEIGHT * each.sum() / mask[rows].sum() * len(rows) / len(group)
    for one, cost in zip(group, costs.tolist(), strict=True):
        (one.of or one).last = cost
    return whole


def batches(data: list[examples.Example], dice: random.Random) -> list[list[examples.Example]]:
    """Batches of about BATCH_TOKENS, of like length."""
    dice.shuffle(data)
    made: list[list[examples.Example]] = []
    for start in range(0, len(data), 640):
        current: list[examples.Example] = []
        for each in sorted(data[start : start + 640], key=lambda one: len(one.ids)):
            if current and (len(current) + 1) * len(each.ids) > BATCH_TOKENS:
                made.append(current)
                current = []
            current.append(each)
        made.append(current)
    dice.shuffle(made)
    return made


@torch.no_grad()
def outputs(reader: Reader, data: list[examples.Example]) -> list[dict[str, Any]]:
    """Every head's output for every example."""
    reader.eval()
    found = []
    for start in range(0, len(data), 16):
        group = data[start : start + 16]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = reader(*padded(group))
        for row, each in enumerate(group):
            one = {name: value[row].float() for name, value in out.items()}
            found.append({**one, "tag": one["tag"][: len(each.ids)]})
    reader.train()
    return found


def arguments() -> argparse.Namespace:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leave-out", default="", help="hands to measure on, joined by commas")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=ROOT / ".build/encoder.pt")
    parser.add_argument("--from", dest="first", type=Path, help="go on from saved weights")
    parser.add_argument("--rate", type=float, default=RATE)
    return parser.parse_args()


def main() -> None:
    """Train, report, save."""
    chosen = arguments()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    dice = random.Random(SEED)
    left_out = set(filter(None, chosen.leave_out.split(",")))
    items, mails = examples.sentences(), list(examples.messages())
    reader, tokens, about = beginning(chosen.first, items)
    made = [examples.of_message(hand, raw, tokens) for hand, raw in mails]
    train = [each for each in made if each.hand not in left_out]
    held = [each for each in made if each.hand in left_out]
    parts = [examples.of_sentence(item, about["intents"], tokens, dice) for item in items]
    print(f"mails {len(train)}  left out {len(held)}  sentences {len(parts)}  pieces {len(about['kept'])}", flush=True)

    known = swap.names(raw for hand, raw in mails if hand not in left_out)

    def data(epoch: int) -> list[examples.Example]:
        some = dice.sample(parts, min(SENTENCES, len(parts)))
        due = [each for each in train if epoch < HEED_FROM or each.last > EASY or dice.random() < 0.5]
        mail = examples.renamed(due, known, tokens, dice)
        return [*mail, *some, *examples.composed(items, COMPOSED, tokens, dice)]

    optimiser = made_optimiser(reader, chosen.rate)
    reader.train()
    for epoch in range(chosen.epochs):
        walk(reader, batches(data(epoch), dice), optimiser, epoch, chosen.epochs)
        for hand in sorted({each.hand for each in held}):
            own = [each for each in held if each.hand == hand]
            print(f"  {hand:20} {figures(own, outputs(reader, own))}", flush=True)
        about |= {
            "weights": reader.state_dict(),
            "heat": _heat(held, outputs(reader, held)) if held else HEAT,
            "hands": sorted({each.hand for each in train}),
            "mails": len(train),
            "sentences": len(parts),
        }
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(about, chosen.out)
    print(f"saved {chosen.out}  temperature {about['heat']:.3f}")


def beginning(first: Path | None, items: list[dict[str, Any]]) -> tuple[Reader, Tokenizer, dict[str, Any]]:
    """The network to start from, its tokenizer, and what is saved beside it."""
    start = base.load()
    saved = torch.load(first, weights_only=True) if first else None
    kept = saved["kept"] if saved else vocabulary.kept(start.pieces, start.scores, [item["text"] for item in items])
    intents = saved["intents"] if saved else sorted({item["intent"] for item in items})
    sizes = {"kind": len(KINDS), "detail": len(DETAILS), "action": len(ACTIONS), "round": len(ROUNDS)}
    reader = Reader(start, kept, {**sizes, "intent": len(intents)})
    if saved:
        reader.load_state_dict(saved["weights"])
    tokens = vocabulary.tokenizer([start.pieces[each] for each in kept], [start.scores[each] for each in kept])
    return reader, tokens, {"kept": kept, "intents": intents}


def made_optimiser(reader: Reader, rate: float) -> torch.optim.Optimizer:
    """New heads learn faster than the layers they stand on."""
    fresh = ("out.", "tag.", "look.")
    heads = [value for name, value in reader.named_parameters() if name.startswith(fresh)]
    body = [value for name, value in reader.named_parameters() if not name.startswith(fresh)]
    groups = [{"params": body, "top": rate}, {"params": heads, "top": HEAD_RATE}]
    return torch.optim.AdamW(groups, lr=rate, weight_decay=0.01, fused=True)


def slope(progress: float) -> float:
    """Share of the full rate after this share of the training: up for a moment, then down in a line."""
    return min((progress + 1e-3) / WARM_UP, max(0.02, (1 - progress) / (1 - WARM_UP)))


def walk(
    reader: Reader, groups: list[list[examples.Example]], optimiser: torch.optim.Optimizer, epoch: int, epochs: int
) -> None:
    """One epoch."""
    began = time.monotonic()
    total = 0.0
    for number, group in enumerate(groups, 1):
        for each in optimiser.param_groups:
            each["lr"] = each["top"] * slope((epoch + (number - 1) / len(groups)) / epochs)
        value = loss(reader, group)
        optimiser.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        total += value.item()
        if number % 50 == 0 or number == len(groups):
            title = f"epoch {epoch + 1}/{epochs}  {number}/{len(groups)}"
            print(f"\r{title}  loss {total / number:.3f}  {time.monotonic() - began:.0f} s", end="", flush=True)
    print(flush=True)


def _heat(held: list[examples.Example], found: list[dict[str, Any]]) -> float:
    """The temperature under which held-out kinds are likeliest."""
    scores = torch.stack([each["kind"] for each in found])
    truth = torch.tensor([each.targets["kind"] for each in held])
    tried = [0.5 + 0.05 * step for step in range(40)]
    return min(tried, key=lambda heat: functional.cross_entropy(scores / heat, truth).item())


if __name__ == "__main__":
    main()
