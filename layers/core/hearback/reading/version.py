"""Which model reads: the first stage's weights and, where it is installed, the encoder. Every signal says who read it."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from importlib.util import find_spec

from hearback.reading import weights
from hearback.reading.encoder import PACKAGE


@functools.cache
def current() -> str:
    """The present model: "weights+encoder", or "weights" where no encoder is installed. Nothing is loaded for it."""
    first = weights.model().version
    if any(find_spec(name) is None for name in (PACKAGE, "onnxruntime", "tokenizers")):
        return first
    folder = files(PACKAGE)
    if not folder.joinpath("encoder.onnx").is_file():
        return first
    about = json.loads(folder.joinpath("encoder.json").read_text(encoding="utf-8"))
    return f"{first}+{about['version']}"


def outdated(read_by: str) -> bool:
    """Whether the present model should read again what `read_by` read: it is another, and has not fewer stages."""
    return read_by != current() and ("+" in current() or "+" not in read_by)
