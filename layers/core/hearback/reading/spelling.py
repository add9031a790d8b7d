"""How a name is spelled where there is no room for spaces: in domains, and in addresses of applicant systems."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

LABEL: Final = 4
"""A shorter label of a domain is spelled by too many words."""
WORDS: Final = 6
"""A name has no more words than this."""
LINES, LINE = 400, 400
"""So many lines, and so much of each, are searched for what a domain spells."""

_PIECE: Final = re.compile(r"[^\W_](?:[\w'’.+#-]*[^\W_])?")
_SIGNS: Final = re.compile(r"[\W_]+")
_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d"})
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
#: How domains spell "&", and what they leave out within a name.
_AND: Final = ("and", "und", "et", "en", "e", "y", "i")
JOINS: Final = frozenset(["&", "+", "and", "und", "et", "y", "e"])
_SMALL: Final = frozenset(
    [
        "and", "und", "et", "en", "e", "y", "i", "of", "the", "de", "di", "do", "da", "del", "della", "dei", "du", "des",
        "la", "le", "les", "van", "von", "der", "zu",
    ]
)  # fmt: skip


def spelled_out(label: str, text: str) -> str | None:
    """How `text` writes the name a domain spells, in any case: "kwekerijdelinde" → "Kwekerij De Linde".

    A domain may leave out small words ("cantierigallura" → "Cantieri di Gallura") and spell "&" ("phareetbalise") and "ö".
    """
    found: dict[str, int] = {}
    if len(label) < LABEL:
        return None
    known: dict[str, tuple[str, ...]] = {}
    for line, times in Counter(line[:LINE] for line in text.split("\n")[:LINES]).items():
        pieces = list(_PIECE.finditer(line))
        for each in pieces:
            if each[0] not in known:
                known[each[0]] = _spellings(each[0])
        words = [known[each[0]] for each in pieces]
        for first in range(len(words)):
            last = _spells(label, line, pieces, words, first)
            if last is not None:
                name = line[pieces[first].start() : pieces[last].end()]
                found[name] = found.get(name, 0) + times
    best = max(found, key=lambda name: (not name.islower(), found[name], len(name), name), default=None)
    return best.title() if best is not None and best.islower() else best


def _spells(
    label: str, line: str, pieces: Sequence[re.Match[str]], words: Sequence[tuple[str, ...]], first: int
) -> int | None:
    """The last of the words from `first` on that together are spelled by `label`; None: they are not."""
    if not label.startswith(words[first]):
        return None
    left = label
    for place in range(first, min(first + WORDS, len(words))):
        taken = next((each for each in words[place] if left.startswith(each)), None)
        if taken is None and place > first and "&" in line[pieces[place - 1].end() : pieces[place].start()]:
            joined = (f"{small}{each}" for small in _AND for each in words[place])
            taken = next((each for each in joined if left.startswith(each)), None)
        if taken is not None:
            left = left[len(taken) :]
            if not left:
                return place
        elif place == first or words[place][0] not in _SMALL:
            return None
    return None


def _spellings(word: str) -> tuple[str, ...]:
    """How a domain may spell a word: "Töchter" → "tochter", "toechter"; without what is elided before an apostrophe."""
    plain = squeezed(word)
    german = squeezed(word.casefold().translate(_UMLAUTS))
    after = squeezed(re.split("['’]", word, maxsplit=1)[-1])
    return tuple(dict.fromkeys(each for each in (plain, german, after) if each)) or (plain,)


def squeezed(name: str) -> str:
    """As a domain spells it: "Crème & Café" → "cremecafe"."""
    if name.isascii():
        return _SIGNS.sub("", name.lower())
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return _SIGNS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))
