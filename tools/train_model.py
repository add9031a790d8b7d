"""Train the first stage's weights shipped in reading/: train_model.py [HAND…], hands named are left out. Same bytes every time.

Linear weights over the words of whole mails (corpus/messages) and of labelled sentences (corpus/sentences). Hands are left out
in turn, to see how sure the weights are of mail whose author they have not read: temperature, calibration and what is printed
come from that; then everything is learned from.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "layers/core")]

from encoder.examples import CORES, OTHERS, SAYS, compositions, messages, sentences  # noqa: E402  found through the line above
from encoder.mail import parsed  # noqa: E402  as above

from hearback.reading import features, kinds  # noqa: E402  as above
from hearback.reading.encoder import DETAILS, KINDS  # noqa: E402  as above

OUT: Final = ROOT / "layers/core/hearback/reading"
FOLDS: Final = 6
SENTENCE_WEIGHT: Final = 0.3
COMPOSED: Final = 6000
COMPOSED_WEIGHT: Final = 0.3
SEED: Final = 7
GREETED: Final = (
    ("Dear {0},", "Kind regards\n{0}"),
    ("Hi {0},", "Best,\n{0}"),
    ("Hello {0},", "Best wishes, {0}"),
    ("Guten Tag {0},", "Mit freundlichen Grüßen\n{0}"),
    ("Bonjour {0},", "Cordialement\n{0}"),
    ("Hola {0}:", "Un saludo\n{0}"),
    ("Olá {0},", "Com os melhores cumprimentos\n{0}"),
    ("Gentile {0},", "Cordiali saluti\n{0}"),
    ("Beste {0},", "Met vriendelijke groet\n{0}"),
    ("Dzień dobry {0},", "Pozdrawiam\n{0}"),
)
NAMES: Final = ("Ann", "Sam", "Jo", "Mira", "Alex", "Team", "Noor", "Kim", "Robin", "Lena")
LOOSE: Final = 40.0
"""Inverse of the regularisation; 10, 20 and 40 differ little on hands left out, 40 is the surest of other mail."""
STEPS: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 1.0)


@dataclass
class Rows:
    """Mails or sentences as buckets, with what they are."""

    buckets: csr_matrix
    kind: np.ndarray
    detail: np.ndarray
    hand: np.ndarray


def matrix(rows: list[list[int]]) -> csr_matrix:
    """Rows of unit length."""
    starts = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(max(len(row), 1))) for row in rows])
    columns = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    return csr_matrix((values, columns, starts), shape=(len(rows), features.BUCKETS))


def of_mails(without: frozenset[str] = frozenset()) -> Rows:
    """Every labelled mail, but of the hands left out."""
    made = [(hand, raw["gold"], kinds.buckets_of(parsed(raw))) for hand, raw in messages() if hand not in without]
    return Rows(
        matrix([each for _, _, each in made]),
        np.array([gold["kind"] for _, gold, _ in made]),
        np.array([gold.get("detail") or "" for _, gold, _ in made]),
        np.array([hand for hand, _, _ in made]),
    )


def of_sentences() -> Rows:
    """Every labelled sentence that says what a mail is."""
    means = {intent: kind for kind, cores in CORES.items() for core in cores for intent in core[:1]}
    means |= {"interview_invite": "interview_invitation", "offer_detail": "offer", "talent_pool": "rejection"}
    means |= dict.fromkeys(OTHERS, "other")
    made = [item for item in sentences() if item["intent"] in means]
    details = [SAYS.get(item["intent"], ("", "")) for item in made]
    return Rows(
        matrix([sorted(features.of_words(item["text"])) for item in made]),
        np.array([means[item["intent"]] for item in made]),
        np.array([value if head == "detail" else "" for head, value in details]),
        np.array([""] * len(made)),
    )


def regression() -> LogisticRegression:
    """Stopped early on purpose: what is gained after that is only surer of the mail it has seen."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    return LogisticRegression(C=LOOSE, max_iter=100, tol=1e-4)


def of_compositions() -> Rows:
    """Mails put together from sentences, with and without greeting."""
    dice = random.Random(SEED)
    made = [*compositions(sentences(), COMPOSED, dice), *compositions(sentences(), COMPOSED, dice, usual_share=1.0)]
    texts = []
    for each in made:
        hello, bye = dice.choice(GREETED)
        name, own = dice.choice(NAMES), dice.choice(NAMES)
        greeted = f"{hello.format(name)}\n\n{each.body}\n\n{bye.format(own)}"
        texts.append(greeted if dice.random() < 0.7 else each.body)
    return Rows(
        matrix([features.of_mail(each.subject, text) for each, text in zip(made, texts, strict=True)]),
        np.array([each.kind for each in made]),
        np.array([""] * len(made)),
        np.array([""] * len(made)),
    )


def fitted(mails: Rows, parts: Rows, whole: Rows, chosen: np.ndarray) -> LogisticRegression:
    """Weights of the kinds, learned from the chosen mails, from all sentences and from mails put together of them."""
    weights = np.concatenate(
        [
            np.ones(chosen.sum()),
            np.full(len(parts.kind), SENTENCE_WEIGHT),
            np.full(len(whole.kind), COMPOSED_WEIGHT),
        ]
    )
    return regression().fit(
        vstack([mails.buckets[chosen], parts.buckets, whole.buckets]),
        np.concatenate([mails.kind[chosen], parts.kind, whole.kind]),
        sample_weight=weights,
    )


def left_out(mails: Rows, parts: Rows, whole: Rows) -> np.ndarray:
    """Scores of every mail by weights that have not seen its hand."""
    fold = np.array([int(hashlib.sha256(hand.encode()).hexdigest(), 16) % FOLDS for hand in mails.hand])
    scores = np.zeros((len(mails.kind), len(KINDS)))
    for number in range(FOLDS):
        trained = fitted(mails, parts, whole, fold != number)
        scores[fold == number] = trained.decision_function(mails.buckets[fold == number])
        print(f"\rhands left out {number + 1}/{FOLDS}", end="", flush=True)
    print()
    return scores


def soft(scores: np.ndarray, heat: float) -> np.ndarray:
    """Probabilities."""
    powers = np.exp((scores - scores.max(1, keepdims=True)) / heat)
    return powers / powers.sum(1, keepdims=True)


def report(names: np.ndarray, mails: Rows, chances: np.ndarray) -> None:
    """What the weights make of mail by hands left out."""
    said = names[chances.argmax(1)]
    scores = []
    for name in names:
        hit, wrong = ((mails.kind == name) & (said == name)).sum(), ((mails.kind == name) != (said == name)).sum()
        scores.append(2 * hit / (2 * hit + wrong))
        print(f"  {name:26} F1 {scores[-1]:.3f}")
    print(
        f"mails {len(said)}  hands left out in turn: right {(said == mails.kind).mean():.3f}  macro-F1 {np.mean(scores):.3f}"
    )
    other = mails.kind == "other"
    for least in (0.95, 0.97, 0.98, 0.985, 0.99, 0.995):
        sure = chances[:, list(names).index("other")] >= least
        lost = (sure & ~other).sum()
        print(
            f"other from {least}: {(sure & other).sum() / other.sum():.3f} of other mail, {lost} of {(~other).sum()} job mails"
        )


def main(without: frozenset[str]) -> None:
    """Train, report, write."""
    mails, parts, whole = of_mails(without), of_sentences(), of_compositions()
    print(f"mails {len(mails.kind)}  sentences {len(parts.kind)}")
    scores = left_out(mails, parts, whole)
    names = np.array(sorted(KINDS))
    truth = np.array([list(names).index(kind) for kind in mails.kind])
    heats = [0.4 + 0.02 * step for step in range(60)]
    heat = min(heats, key=lambda each: -np.log(soft(scores, each)[np.arange(len(truth)), truth] + 1e-9).mean())
    chances = soft(scores, heat)
    report(names, mails, chances)
    right = chances.argmax(1) == truth
    rises = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=0.995).fit(chances.max(1), right)
    points = [(each, round(float(rises.predict([each])[0]), 4)) for each in STEPS]
    final = fitted(mails, parts, whole, np.ones(len(mails.kind), dtype=bool))
    known, spoken = mails.detail != "", parts.detail != ""
    details = regression().fit(
        vstack([mails.buckets[known], parts.buckets[spoken]]),
        np.concatenate([mails.detail[known], parts.detail[spoken]]),
    )
    write(final, details, round(heat, 3), points, sorted(set(mails.hand)))


def head(trained: LogisticRegression, labels: tuple[str, ...]) -> tuple[dict[str, Any], bytes]:
    """One head as JSON and bytes."""
    order = [list(trained.classes_).index(name) for name in sorted(labels)]
    weights = trained.coef_[order]
    scale = float(np.quantile(np.abs(weights[weights != 0]), 0.9995) / 127)
    packed = np.clip(np.round(weights / scale), -127, 127).astype(np.int8).tobytes()
    bias = [round(float(trained.intercept_[each]), 5) for each in order]
    return {"labels": sorted(labels), "scale": round(scale, 8), "bias": bias}, packed


def write(
    final: LogisticRegression,
    details: LogisticRegression,
    heat: float,
    points: list[tuple[float, float]],
    hands: list[str],
) -> None:
    """weights.bin and weights.json."""
    kind, first = head(final, KINDS)
    detail, second = head(details, DETAILS)
    packed = zlib.compress(first + second, 9)
    data = {"kind": kind, "detail": detail, "heat": heat, "calibration": points, "hands": [str(hand) for hand in hands]}
    digest = hashlib.sha256(packed + json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]
    (OUT / "weights.bin").write_bytes(packed)
    text = json.dumps({"version": digest, **data}, separators=(",", ":"))
    (OUT / "weights.json").write_text(text + "\n", encoding="utf-8")
    print(f"version {digest}  {len(packed) / 1024:.0f} KB")


if __name__ == "__main__":
    main(frozenset(sys.argv[1:]))
