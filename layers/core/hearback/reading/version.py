"""Which model reads: the first stage's weights and, where it is installed, the encoder. Every signal says who read it."""

from __future__ import annotations

import functools

from hearback.reading import encoder, weights


@functools.cache
def current() -> str:
    """The present model: "weights+encoder", or "weights" where no encoder is installed. Nothing is loaded for it."""
    first = weights.model().version
    about = encoder.described()
    return first if about is None else f"{first}+{about['version']}"


def outdated(read_by: str) -> bool:
    """Whether the present model should read again what `read_by` read: it is another, and has not fewer stages."""
    return read_by != current() and ("+" in current() or "+" not in read_by)
