"""The trained linear models in plain Python: intents of a sentence, kind of a message. No numpy, no scikit-learn.

weights.json holds labels, scales and the message model; weights.bin the sentence model, one signed byte a weight.
Both come from tools/train_model.py and are the same bytes every time.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from operator import add

from hearback.reading.features import features


@dataclass(frozen=True, slots=True)
class Model:
    """Everything trained."""

    version: str
    intents: tuple[str, ...]
    rows: tuple[bytes, ...]
    """One row of signed bytes a bucket; empty where no weight is."""
    scale: float
    bias: tuple[float, ...]
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    """Names of the message features."""
    kind_weights: tuple[tuple[float, ...], ...]
    """One row a kind, one weight a column."""
    kind_bias: tuple[float, ...]
    calibration: tuple[tuple[float, float], ...]
    """(raw confidence, share that is right), rising."""


@functools.cache
def model() -> Model:
    """The shipped model, loaded at first use."""
    folder = files("hearback.reading")
    data = json.loads(folder.joinpath("weights.json").read_text(encoding="utf-8"))
    packed = zlib.decompress(folder.joinpath("weights.bin").read_bytes())
    width = len(data["intents"])
    rows = tuple(row if any(row) else b"" for row in (packed[at : at + width] for at in range(0, len(packed), width)))
    return Model(
        version=data["version"],
        intents=tuple(data["intents"]),
        rows=rows,
        scale=data["scale"],
        bias=tuple(data["bias"]),
        kinds=tuple(data["kinds"]),
        columns=tuple(data["columns"]),
        kind_weights=tuple(tuple(row) for row in data["kind_weights"]),
        kind_bias=tuple(data["kind_bias"]),
        calibration=tuple((low, high) for low, high in data["calibration"]),
    )


def intents(sentence: str) -> list[float]:
    """Probability of each intent (in Model.intents' order) for one sentence."""
    known = model()
    total: Sequence[float] = [0] * len(known.intents)
    for bucket in features(sentence):
        row = known.rows[bucket]
        if row:
            total = list(map(add, total, memoryview(row).cast("b")))
    return softmax([value * known.scale + bias for value, bias in zip(total, known.bias, strict=True)])


def kinds(columns: Mapping[str, float]) -> list[float]:
    """Probability of each kind (in Model.kinds' order) for message features."""
    known = model()
    values = [columns.get(name, 0.0) for name in known.columns]
    return softmax(
        [
            sum(weight * value for weight, value in zip(row, values, strict=True)) + bias
            for row, bias in zip(known.kind_weights, known.kind_bias, strict=True)
        ]
    )


def calibrated(raw: float) -> float:
    """The share of verdicts with this raw confidence that were right, on mail the model had not seen."""
    points = model().calibration
    if not points:
        return raw
    if raw <= points[0][0]:
        return points[0][1] * raw / points[0][0] if points[0][0] else points[0][1]
    for (low, low_share), (high, high_share) in itertools.pairwise(points):
        if raw <= high:
            return low_share + (high_share - low_share) * (raw - low) / max(high - low, 1e-9)
    return points[-1][1]


def softmax(values: Sequence[float]) -> list[float]:
    """Probabilities of scores."""
    top = max(values)
    powers = [math.exp(value - top) for value in values]
    whole = sum(powers)
    return [power / whole for power in powers]
