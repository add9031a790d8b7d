"""What the first stage sees of a mail: its words, pairs and word beginnings, who sends, how long. The same code trains and reads.

Everything is hashed to a bucket; a bucket is there or not, however often its word occurs.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterable
from typing import Final

BUCKETS: Final = 1 << 17
BODY_CHARS: Final = 2000
"""So much of a body is looked at."""
MAX_WORDS: Final = 400
_PREFIX: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[?!€$£%@]")
_LETTERS: Final = re.compile(r"[a-z]+")
_MASK: Final = 0xFFFFFFFF
_PRIME: Final = 0x9E3779B1
_SHIFT: Final = 32 - 17
#: one number a sort of feature, so that the same word in another place is another feature
_BODY, _BEGINS, _PAIR, _SUBJECT, _SUBJECT_BEGINS, _SUBJECT_PAIR, _NAME, _LOCAL, _FLAG = (
    zlib.crc32(name.encode()) for name in ("body", "begins", "pair", "s", "s begins", "s pair", "name", "local", "flag")
)


def words(text: str) -> list[str]:
    """Lower-case words; numbers become 0."""
    return ["0" if word[0].isdigit() else word for word in _WORD.findall(text.casefold())[:MAX_WORDS]]


def of_mail(subject: str, text: str, sender: str = "", address: str = "", flags: Iterable[str] = ()) -> list[int]:
    """Buckets of a mail, each once, sorted; never empty. `flags` are what the envelope says (kinds.flags)."""
    body = text[:BODY_CHARS]
    found = of_words(body)
    _add(found, words(subject), _SUBJECT, _SUBJECT_BEGINS, _SUBJECT_PAIR)
    found |= of_words(subject)
    found.update(_bucket(_hash(word), _NAME) for word in words(sender))
    found.update(_bucket(_hash(word), _LOCAL) for word in _LETTERS.findall(address.partition("@")[0]))
    shape = (
        f"length {min(8, len(text) // 250)}",
        f"lines {min(8, body.count(chr(10)) // 3)}",
        f"questions {min(3, body.count('?'))}",
        f"links {min(4, body.count('http'))}",
    )
    found.update(_bucket(_hash(name), _FLAG) for name in (*flags, *shape))
    return sorted(found)


def of_words(text: str) -> set[int]:
    """Buckets of a stretch of body text."""
    found: set[int] = set()
    _add(found, words(text), _BODY, _BEGINS, _PAIR)
    return found


def _add(found: set[int], said: list[str], word: int, begins: int, pair: int) -> None:
    hashes = [_hash(each) for each in said]
    found.update(_bucket(each, word) for each in hashes)
    found.update(_bucket(_hash(each[:_PREFIX]), begins) for each in said if len(each) > _PREFIX)
    found.update(_bucket(one * 31 + other, pair) for one, other in itertools.pairwise(hashes))


def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def _bucket(value: int, sort: int) -> int:
    return (((value ^ sort) * _PRIME) & _MASK) >> _SHIFT
