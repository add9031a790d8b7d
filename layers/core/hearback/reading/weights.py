"""The first stage's linear models in plain Python: no numpy, no scikit-learn.

weights.json holds labels, scales and calibration; weights.bin one signed byte a weight, label after label, bucket after
bucket. Both come from tools/train_model.py and are the same bytes every time.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files
from operator import itemgetter

from hearback.reading.features import BUCKETS


@dataclass(frozen=True, slots=True)
class Head:
    """One question with its possible answers."""

    labels: tuple[str, ...]
    scale: float
    bias: tuple[float, ...]
    columns: tuple[memoryview, ...]
    """One signed byte a bucket, for each label."""

    def sums(self, buckets: Collection[int]) -> list[float]:
        """For each label, what the buckets say for it, added up."""
        if not buckets:
            return [0.0] * len(self.labels)
        pick = itemgetter(*buckets, 0)  # with one bucket more it always gives a tuple; what bucket 0 adds is taken off
        return [(sum(pick(column)) - column[0]) * self.scale for column in self.columns]

    def scores(self, buckets: Collection[int]) -> list[float]:
        """Log odds of each label, up to a constant."""
        share = 1 / math.sqrt(max(len(buckets), 1))
        return [value * share + bias for value, bias in zip(self.sums(buckets), self.bias, strict=True)]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything trained."""

    version: str
    kind: Head
    detail: Head
    heat: float
    """Temperature of the kinds' probabilities, fitted on mail of hands left out."""
    calibration: tuple[tuple[float, float], ...]
    """(probability of the likeliest kind, share that is right), rising, on mail of hands left out."""


@functools.cache
def model() -> Model:
    """The shipped model, loaded at first use."""
    folder = files("hearback.reading")
    data = json.loads(folder.joinpath("weights.json").read_text(encoding="utf-8"))
    packed = memoryview(zlib.decompress(folder.joinpath("weights.bin").read_bytes())).cast("b")
    columns = [packed[at : at + BUCKETS] for at in range(0, len(packed), BUCKETS)]
    heads = {}
    for name in ("kind", "detail"):
        about = data[name]
        own, columns = columns[: len(about["labels"])], columns[len(about["labels"]) :]
        heads[name] = Head(tuple(about["labels"]), about["scale"], tuple(about["bias"]), tuple(own))
    return Model(
        version=data["version"],
        kind=heads["kind"],
        detail=heads["detail"],
        heat=data["heat"],
        calibration=tuple((low, high) for low, high in data["calibration"]),
    )


def kinds(buckets: Collection[int]) -> dict[str, float]:
    """Probability of each kind."""
    known = model()
    return dict(
        zip(known.kind.labels, softmax([each / known.heat for each in known.kind.scores(buckets)]), strict=True)
    )


def detail(buckets: Collection[int]) -> str:
    """The likeliest sort of status update."""
    head = model().detail
    return max(zip(head.scores(buckets), head.labels, strict=True))[1]


def calibrated(raw: float) -> float:
    """The share of verdicts with this probability that were right, on mail the model had not seen."""
    points = model().calibration
    if raw <= points[0][0]:
        return points[0][1] * raw / points[0][0]
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
