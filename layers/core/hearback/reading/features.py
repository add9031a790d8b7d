"""What the linear model sees of a sentence: hashed words, pairs and word beginnings. The same code trains and reads."""

from __future__ import annotations

import itertools
import re
import zlib
from typing import Final

BUCKETS: Final = 1 << 15
MAX_WORDS: Final = 70
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[?!€$£%@]")
_PREFIX: Final = 5


def tokens(sentence: str) -> list[str]:
    """Lower-case words; numbers become 0; a name keeps its letters, for lack of anything better."""
    return ["0" if word[0].isdigit() else word for word in _TOKEN.findall(sentence.casefold())[:MAX_WORDS]]


def features(sentence: str) -> list[int]:
    """Buckets of the sentence, each once, sorted."""
    words = tokens(sentence)
    names = {f"w{word}" for word in words}
    names |= {f"p{word[:_PREFIX]}" for word in words if len(word) > _PREFIX}
    names |= {f"b{a} {b}" for a, b in itertools.pairwise(words)}
    names |= {f"t{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)}
    if words:
        names.add(f"^{words[0]}")
        names.add(f"${words[-1]}")
    return sorted({zlib.crc32(name.encode()) % BUCKETS for name in names})
