"""Train the weights shipped in reading/: intents of a sentence, then the kind of a message. Same bytes every time.

Sentences are labelled by hand (corpus/sentences). Messages are composed from them: greeting, what decides, what stands
beside it in such mails. The message model learns from sentence verdicts of models that have not seen the sentences
(five folds), so it knows how unsure they are; its confidence is calibrated on composed mails of a held-out fold.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "layers/core"))

from hearback.reading.columns import Envelope, columns  # noqa: E402  the package is found through the line above
from hearback.reading.features import BUCKETS, features  # noqa: E402  as above
from hearback.reading.rules import hits  # noqa: E402  as above

OUT = ROOT / "layers/core/hearback/reading"
FOLDS = 5
MESSAGES = 14_000
SEED = 7
STOCK_SHARE = 0.6
"""How many composed messages use the usual phrases (corpus/sentences/stock.jsonl); the rest avoid them."""

#: kind → (share, alternatives of what decides, what may stand beside it)
BESIDE_JOB = ["pleasantry", "boilerplate", "later_steps"]
RECIPES: dict[str, tuple[float, list[list[str]], list[str]]] = {
    "application_confirmation": (
        0.13,
        [["receipt"], ["receipt", "pending"], ["receipt", "later_steps"], ["receipt", "talent_pool"]],
        [*BESIDE_JOB, "later_steps", "talent_pool"],
    ),
    "status_update": (
        0.13,
        [
            ["pending"],
            ["delayed_hold"],
            ["advanced"],
            ["checks"],
            ["withdrawn_ack"],
            ["transferred"],
            ["pending", "delayed_hold"],
        ],
        ["pleasantry", "boilerplate"],
    ),
    "assessment": (
        0.10,
        [["test_invite"], ["advanced", "test_invite"], ["test_invite", "test_invite"], ["pending", "test_invite"]],
        BESIDE_JOB,
    ),
    "interview_invitation": (
        0.16,
        [
            ["interview_invite"],
            ["advanced", "interview_invite"],
            ["availability"],
            ["interview_invite", "availability"],
            ["interview_confirm"],
            ["interview_confirm", "interview_confirm"],
            ["interview_move"],
            ["interview_move", "interview_confirm"],
            ["interview_cancel"],
        ],
        BESIDE_JOB,
    ),
    "offer": (
        0.08,
        [
            ["offer"],
            ["offer", "offer_detail"],
            ["offer_detail"],
            ["offer", "checks"],
            ["offer", "offer_detail", "checks"],
        ],
        ["pleasantry", "boilerplate"],
    ),
    "rejection": (
        0.12,
        [["rejection"], ["rejection", "talent_pool"], ["rejection", "rejection"], ["rejection", "pleasantry"]],
        ["pleasantry", "boilerplate", "talent_pool"],
    ),
    "recruiter_outreach": (
        0.06,
        [["outreach"], ["outreach", "outreach"], ["outreach", "availability"]],
        ["pleasantry"],
    ),
}
OTHER = [
    "job_alert",
    "careers_marketing",
    "other_application",
    "other_offer",
    "other_interview",
    "employer_internal",
    "transactional",
    "social",
    "scam",
]


def load() -> list[dict[str, Any]]:
    """All labelled sentences, in file order, duplicates left out."""
    seen: dict[str, dict[str, Any]] = {}
    for file in sorted((ROOT / "corpus/sentences").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = {**json.loads(line), "stock": file.stem == "stock"}
            seen.setdefault(item["text"].casefold(), item)
    return list(seen.values())


def matrix(texts: list[str]) -> csr_matrix:
    """Hashed features of sentences."""
    rows = [features(text) for text in texts]
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    return csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(texts), BUCKETS))


def sentence_model(x: csr_matrix, y: np.ndarray) -> LogisticRegression:
    """Multinomial regression over intents."""
    return LogisticRegression(C=6.0, max_iter=300, tol=1e-3, class_weight="balanced").fit(x, y)


def compose(
    dice: random.Random, pool: dict[tuple[str, str], list[int]], languages: list[str]
) -> tuple[str, list[int], Envelope]:
    """One message as indices of sentences (the first is its subject), with its kind and envelope."""
    language = dice.choices(languages, [0.7 if each == "en" else 0.3 / (len(languages) - 1) for each in languages])[0]

    stock = dice.random() < STOCK_SHARE

    def one(intent: str) -> int | None:
        usual = pool.get((f"stock {intent}", language)) if stock else None
        return dice.choice(usual or pool.get((intent, language)) or pool.get((intent, "en")) or [None])

    job = dice.random() < 0.55
    if job:
        names = list(RECIPES)
        kind = dice.choices(names, [RECIPES[name][0] for name in names])[0]
        core = dice.choice(RECIPES[kind][1])
        beside = [dice.choice(RECIPES[kind][2]) for _ in range(dice.choice([0, 0, 1, 1, 2, 3]))]
        body = (
            (["pleasantry"] if dice.random() < 0.6 else [])
            + [*core]
            + beside
            + (["boilerplate"] if dice.random() < 0.4 else [])
        )
        subject = core[0] if dice.random() < 0.45 else "pleasantry"
        roll = dice.random()
        envelope = Envelope(
            ats=roll < 0.35,
            board=0.35 <= roll < 0.40,
            vendor=0.40 <= roll < 0.43,
            freemail=0.43 <= roll < 0.47,
            bulk=dice.random() < 0.06,
            reply=dice.random() < 0.2,
            calendar=kind == "interview_invitation" and dice.random() < 0.25,
        )
    else:
        kind = "other"
        main = dice.choice(OTHER)
        body = (
            [main] * dice.choice([1, 2, 2, 3, 4])
            + ["pleasantry"] * dice.choice([0, 0, 1])
            + ["boilerplate"] * dice.choice([0, 1, 1, 2])
        )
        if dice.random() < 0.12:
            body = ["candidate_followup"] * dice.choice([1, 2])
        elif dice.random() < 0.12:
            body = ["pleasantry"] * dice.choice([1, 2, 3]) + ["boilerplate"] * dice.choice([0, 1, 2])
        subject = main if dice.random() < 0.7 else "pleasantry"
        boardish = main in {"job_alert", "careers_marketing"}
        roll = dice.random()
        envelope = Envelope(
            ats=roll < (0.10 if main == "transactional" else 0.02),
            board=boardish and roll < 0.5,
            alert=main == "job_alert" and dice.random() < 0.3,
            freemail=main in {"social", "scam"} and dice.random() < 0.5,
            bulk=dice.random() < (0.7 if boardish else 0.2),
            reply=dice.random() < 0.1,
            calendar=main in {"other_interview", "employer_internal", "transactional"} and dice.random() < 0.08,
        )
    picked = [index for index in (one(subject), *map(one, body)) if index is not None]
    return kind, picked, envelope


def message_rows(
    dice: random.Random,
    count: int,
    names: list[str],
    texts: list[str],
    scores: np.ndarray,
    pool: dict[tuple[str, str], list[int]],
    languages: list[str],
) -> tuple[list[dict[str, float]], list[str]]:
    """Feature rows and kinds of `count` composed messages."""
    rows, kinds = [], []
    for _ in range(count):
        kind, picked, envelope = compose(dice, pool, languages)
        if len(picked) < 2:
            continue
        body_hits = [name for each in picked[1:] for name in hits(texts[each])]
        rows.append(
            columns(
                names,
                list(scores[picked[0]]),
                [list(scores[each]) for each in picked[1:]],
                hits(texts[picked[0]]),
                body_hits,
                envelope,
            )
        )
        kinds.append(kind)
    return rows, kinds


def dense(rows: list[dict[str, float]], names: list[str]) -> np.ndarray:
    """Rows as a matrix with the columns in `names`."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def main() -> None:
    """Train, report, write."""
    items = load()
    texts, labels = [each["text"] for each in items], np.array([each["intent"] for each in items])
    x = matrix(texts)
    names = sorted(set(labels))
    fold = np.array([int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS for text in texts])
    scores = np.zeros((len(texts), len(names)))
    for number in range(FOLDS):
        print(f"fold {number + 1}/{FOLDS}", flush=True)
        trained = sentence_model(x[fold != number], labels[fold != number])
        scores[fold == number] = trained.predict_proba(x[fold == number])
    print(f"sentences {len(texts)}  held-out accuracy {(np.array(names)[scores.argmax(1)] == labels).mean():.3f}")
    final = sentence_model(x, labels)
    languages = sorted({each["lang"] for each in items})

    def pool(folds: set[int]) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for index, each in enumerate(items):
            if fold[index] in folds:
                found.setdefault((each["intent"], each["lang"]), []).append(index)
                if each["stock"]:
                    found.setdefault((f"stock {each['intent']}", each["lang"]), []).append(index)
        return found

    dice = random.Random(SEED)
    rows, kinds = message_rows(dice, MESSAGES, names, texts, scores, pool({0, 1, 2, 3}), languages)
    held_rows, held_kinds = message_rows(dice, MESSAGES // 3, names, texts, scores, pool({4}), languages)
    column_names = sorted({name for row in rows for name in row})
    message = LogisticRegression(C=1.0, max_iter=2000, tol=1e-5).fit(dense(rows, column_names), kinds)
    held = message.predict_proba(dense(held_rows, column_names))
    right = message.classes_[held.argmax(1)] == np.array(held_kinds)
    print(f"messages {len(rows)}  held-out accuracy {right.mean():.3f}")
    for each in message.classes_:
        truth, said = np.array(held_kinds) == each, message.classes_[held.argmax(1)] == each
        print(
            f"  {each:26} precision {(truth & said).sum() / max(said.sum(), 1):.3f}  recall {(truth & said).sum() / truth.sum():.3f}"
        )
    steps = IsotonicRegression(out_of_bounds="clip", y_min=0.0, y_max=0.995).fit(held.max(1), right)
    points = [
        (round(raw, 4), round(float(steps.predict([raw])[0]), 4))
        for raw in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 1.0)
    ]
    write(names, final, column_names, message, points)


def write(
    names: list[str],
    final: LogisticRegression,
    column_names: list[str],
    message: LogisticRegression,
    points: list[tuple[float, float]],
) -> None:
    """Quantise and write weights.bin and weights.json."""
    order = [list(final.classes_).index(name) for name in names]
    weights = final.coef_[order]
    scale = float(np.abs(weights).max() / 127)
    quantised = np.round(weights / scale).astype(np.int8)
    packed = zlib.compress(quantised.T.tobytes(), 9)
    data: dict[str, Any] = {
        "intents": names,
        "scale": round(scale, 8),
        "bias": [round(float(final.intercept_[each]), 5) for each in order],
        "kinds": list(message.classes_),
        "columns": column_names,
        "kind_weights": [[round(float(value), 4) for value in row] for row in message.coef_],
        "kind_bias": [round(float(value), 4) for value in message.intercept_],
        "calibration": points,
    }
    digest = hashlib.sha256(packed + json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]
    (OUT / "weights.bin").write_bytes(packed)
    (OUT / "weights.json").write_text(
        json.dumps({"version": digest, **data}, indent=None, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    print(f"version {digest}  {len(packed) / 1024:.0f} KB")


if __name__ == "__main__":
    main()
