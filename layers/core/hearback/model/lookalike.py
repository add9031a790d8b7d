"""Domains made to be taken for another: letters that look alike, one letter more or less, another's name put in front.

Pure text; whose domains are worth imitating is said by the caller. The same name under another ending (acme.com, acme.de)
is no imitation: employers own several. Nor is a hyphen more or less, nor another number.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST_ALIKE: Final = 4
"""Shorter names look like too much."""
SHORTEST_EDITED: Final = 8
"""A name of so many letters that another one letter away is hardly a word of its own."""
#: Letters of other alphabets, and digits, that are read as Latin ones.
_ALIKE: Final = str.maketrans("аеорсухіјѕԁһӏкмтвνοαρτιεκ01354", "aeopcyxijsdhlkmtbvoaptiekolesa")
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_MIXED: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def looks_like(genuine: str) -> str:
    """The sentence for the person."""
    return f"The address looks like {genuine} but is not."


def readable(domain: str) -> str:
    """A domain as a mail program shows it: punycode decoded where it can be."""
    return ".".join(_decoded(label) for label in domain.lower().strip(".").split("."))


def mixes_alphabets(domain: str) -> bool:
    """Whether one name of a domain has letters of several alphabets that are taken for each other."""
    return any(len(_alphabets(label) & _MIXED) > 1 for label in readable(domain).split("."))


def imitated(domain: str, genuine: Iterable[str]) -> str | None:
    """Which of the `genuine` registrable domains the registrable `domain` is made to look like: one with its ending first."""
    name, _, ending = readable(domain).partition(".")
    alike = [each for each in genuine if each != domain and _resembles(name, each.partition(".")[0])]
    return min(alike, key=lambda each: each.partition(".")[2] != ending, default=None)


def borrowed(domain: str, genuine: Iterable[str]) -> str | None:
    """Which of the `genuine` domains stands in front in another's: greenhouse.io.evil.example, greenhouse-io.example."""
    dotted = f".{readable(domain)}."
    return next(
        (
            other
            for other in genuine
            if (f".{other}." in dotted and not dotted.endswith(f".{other}."))
            or f".{other.replace('.', '-')}." in dotted
        ),
        None,
    )


def _resembles(name: str, other: str) -> bool:
    if name == other:
        return False
    if len(other) >= SHORTEST_ALIKE and _skeleton(name) == _skeleton(other):
        return name.replace("-", "") != other.replace("-", "")
    return len(other) >= SHORTEST_EDITED and _one_letter_apart(name, other)


@functools.lru_cache(maxsize=4096)
def _skeleton(name: str) -> str:
    """What is left of a name for a hasty eye."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    plain = plain.translate(_ALIKE).replace("-", "")
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain.replace("i", "l")


def _one_letter_apart(name: str, other: str) -> bool:
    """A letter changed, added, left out, or two neighbours swapped. Digits and hyphens do not count."""
    if abs(len(name) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), min(len(name), len(other)))
    mine, theirs = name[start:], other[start:]
    if len(mine) == len(theirs):
        swapped = mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:]
        return swapped or (mine[1:] == theirs[1:] and mine[0].isalpha() and theirs[0].isalpha())
    longer, shorter = (mine, theirs) if len(mine) > len(theirs) else (theirs, mine)
    return longer[1:] == shorter and longer[0].isalpha()


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _alphabets(label: str) -> set[str]:
    return {unicodedata.name(each, "?").partition(" ")[0] for each in label if each.isalpha()}
