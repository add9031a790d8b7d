"""When two company names mean the same. "Meta" is not "Metaverse"; "Acme GmbH" is "ACME"."""

from __future__ import annotations

import functools
import unicodedata
from enum import IntEnum
from typing import Final

from hearback.pipeline.words import words

_LEGAL: Final = frozenset(
    [
        "ab",
        "ag",
        "as",
        "asa",
        "bv",
        "co",
        "corp",
        "corporation",
        "ev",
        "gbr",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
        "kgaa",
        "limited",
        "llc",
        "llp",
        "ltd",
        "mbh",
        "nv",
        "oy",
        "plc",
        "pty",
        "sa",
        "sarl",
        "se",
        "spa",
        "srl",
        "ug",
    ]
)
_GENERIC: Final = frozenset(
    [
        "and",
        "berlin",
        "careers",
        "company",
        "deutschland",
        "digital",
        "europe",
        "germany",
        "global",
        "group",
        "gruppe",
        "holding",
        "international",
        "jobs",
        "labs",
        "lab",
        "recruiting",
        "recruitment",
        "services",
        "software",
        "solutions",
        "studio",
        "studios",
        "systems",
        "talent",
        "team",
        "tech",
        "technologies",
        "technology",
        "the",
        "uk",
        "us",
        "usa",
    ]
)
_COMMON: Final = _GENERIC | frozenset(
    [
        "american",
        "blue",
        "british",
        "care",
        "center",
        "central",
        "city",
        "data",
        "east",
        "eastern",
        "first",
        "general",
        "green",
        "grand",
        "great",
        "health",
        "home",
        "hotel",
        "house",
        "medical",
        "metro",
        "mount",
        "national",
        "new",
        "next",
        "north",
        "northern",
        "old",
        "open",
        "park",
        "point",
        "red",
        "river",
        "royal",
        "saint",
        "silver",
        "south",
        "southern",
        "stadt",
        "star",
        "state",
        "summit",
        "sun",
        "union",
        "united",
        "universal",
        "urban",
        "valley",
        "white",
        "west",
        "western",
        "world",
    ]
)
"""First words that many names share."""
_INSTITUTIONS: Final = frozenset(
    [
        "clinica",
        "clinique",
        "clinic",
        "colegio",
        "college",
        "ecole",
        "escuela",
        "fondation",
        "foundation",
        "fundacion",
        "groupe",
        "group",
        "grupo",
        "gruppe",
        "hospital",
        "hotel",
        "institut",
        "institute",
        "instituto",
        "kanzlei",
        "klinik",
        "klinikum",
        "lycee",
        "school",
        "studio",
        "universidad",
        "universitat",
        "universite",
        "university",
        "of",
    ]
)
"""Words before a name that say what it is."""
_SMALL: Final = frozenset({"of", "the", "de", "la", "du", "der", "die", "das", "and", "und"})
_DOMAIN_ENDS: Final = ("people", "careers", "jobs", "hr", "hiring", "talent", "recruiting", "group", "mail")
_JOINTS: Final = frozenset({"and", "und", "et", "y", "e", "en"})
_UMLAUTS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
"""As letters are spelled where there are none of them: "Lütjens", "Luetjens"."""
_APOSTROPHES: Final = str.maketrans("", "", "'’")
START: Final = 4
"""Letters a first word needs to lead anywhere by itself."""
SPELLED_WORDS: Final = 6
SPELLED: Final = 4
"""Letters a domain and a name must share at least."""
KIN_LETTERS: Final = 5
"""From here on a first word that two names share says something."""


class Company(IntEnum):
    """How alike two company names are."""

    OTHER = 0
    KIN = 1
    """They share the first word ("Lakemont Digital Studio", "Lakemont Health"): a sub-brand, or strangers."""
    NEAR = 2
    """One continues the other ("Tidewater", "Tidewater Grid")."""
    EXTENDED = 3
    """One continues the other with general words only ("Acme", "Acme Labs Germany")."""
    SAME = 4


@functools.lru_cache(maxsize=4096)
def company_words(name: str) -> tuple[str, ...]:
    """A company's name as words without accents, case, punctuation and legal form; never empty unless the name is."""
    kept = [word for word in words(name) if word not in _JOINTS] or list(words(name))
    while len(kept) > 1 and kept[-1] in _LEGAL:
        kept.pop()
    if len(kept) > 1 and kept[0] == "the":
        kept = kept[1:]
    return tuple(kept)


@functools.lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """The words of a name as it may be spelled elsewhere: "Lütjens" Luetjens, "St Brendan's" St Brendans. Most have one."""
    name = unicodedata.normalize("NFC", name)
    written = (name, name.translate(_APOSTROPHES))
    return tuple(
        dict.fromkeys(company_words(each.translate(table)) for each in written for table in ({}, _SPELLED_OUT))
    )


@functools.lru_cache(maxsize=16384)
def company_likeness(one: str, other: str) -> Company:
    """How alike two names are, in the spellings in which they are most alike."""
    return max(_likeness(first, second) for first in spellings(one) for second in spellings(other))


def _likeness(first: tuple[str, ...], second: tuple[str, ...]) -> Company:
    if not first or not second:
        return Company.OTHER
    if "".join(first) == "".join(second):
        return Company.SAME
    if _same(first, second):
        return Company.EXTENDED
    if _continues(first, second) or _is_tail(first, second) or _is_tail(second, first):
        return Company.NEAR
    if first[0] == second[0] and len(first[0]) >= KIN_LETTERS and first[0] not in _GENERIC:
        return Company.KIN
    return Company.OTHER


def _is_tail(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """A name without the words that say what it is: "Peñalara Norte", "Colegio Peñalara Norte"."""
    if len(short) >= len(long) or long[-len(short) :] != short or all(word in _GENERIC for word in short):
        return False
    return len(short) > 1 or all(word in _INSTITUTIONS for word in long[: -len(short)])


@functools.lru_cache(maxsize=4096)
def company_starts(name: str) -> frozenset[str]:
    """How a name may begin elsewhere, squeezed: its first word, its first two, all of them, and the same without what says
    what it is.

    Two names that may be one have one in common. A general first word leads nowhere by itself.
    """
    found: set[str] = set()
    for spelled in spellings(name):
        words = list(spelled)
        found |= _first_words(words) | {"".join(words)} - {""}
        while len(words) > 1 and words[0] in _INSTITUTIONS:
            words.pop(0)
            found |= _first_words(words)
    return frozenset(found)


def _first_words(words: list[str]) -> set[str]:
    telling = words and (len(words) == 1 or (len(words[0]) >= START and words[0] not in _COMMON))
    return {*(words[:1] if telling else ()), "".join(words[:2])} - {""}


def domain_starts(domain: str) -> frozenset[str]:
    """How a company's name may begin that a domain spells: "kaltenbach-med.example", "orionlabs-people.example"."""
    label = domain.split(".", maxsplit=1)[0]
    ends = (end for end in _DOMAIN_ENDS if label.endswith(end) and len(label) > len(end))
    return frozenset(
        {label.replace("-", ""), label.split("-", maxsplit=1)[0], *(label.removesuffix(end) for end in ends)}
    )


@functools.lru_cache(maxsize=16384)
def spelled_by(domain: str, company: str) -> bool:
    """Whether a registrable domain spells the name or its beginning, words cut short or to their first letters:
    "halyardsearch" Halyard Search Partners, "cartwheelhh" Cartwheel Home Health, "ucorrib" University of Corrib.
    """
    label = words(domain.split(".", maxsplit=1)[0].replace("-", ""))
    if len(label) != 1 or len(label[0]) < SPELLED:
        return False
    spelled = label[0]
    ways = {each for said in spellings(company) for each in (said, tuple(word for word in said if word not in _SMALL))}
    return any(
        _made_of(each, parts[:SPELLED_WORDS])
        for parts in ways | {words(company)}
        if parts
        for whole in {spelled, *(spelled.replace(a, b) for a, b in _UMLAUTS)}
        for each in {whole, *(whole.removesuffix(end) for end in _DOMAIN_ENDS)}
        if len(each) >= SPELLED
    )


def _made_of(label: str, parts: tuple[str, ...]) -> bool:
    """`label` is made of beginnings of `parts`, in order, of the first one at least."""
    reached = {0}  # letters of the label that the parts so far may have spelled
    for at, part in enumerate(parts):
        further = {
            start + count
            for start in reached
            for count in range(1, len(part) + 1)
            if label.startswith(part[:count], start)
        }
        reached = further | (reached if at else set())
    return len(label) in reached


def same_company(one: str, other: str) -> bool:
    """Equal words, or one continues the other with nothing but general words ("Acme", "Acme Labs Germany")."""
    return any(_same(first, second) for first in spellings(one) for second in spellings(other))


def _same(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    short, long = sorted((first, second), key=len)
    if not short:
        return False
    if "".join(short) == "".join(long):
        return True
    return long[: len(short)] == short and all(word in _GENERIC for word in long[len(short) :])


def continues(one: str, other: str) -> bool:
    """One name's words begin the other ("Tidewater", "Tidewater Grid"): the same only if something else says so too."""
    return any(_continues(first, second) for first in spellings(one) for second in spellings(other))


def _continues(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    short, long = sorted((first, second), key=len)
    if not short:
        return False
    squeezed = "".join(short)
    starts = {"".join(long[:count]) for count in range(1, len(long) + 1)}
    return long[: len(short)] == short or squeezed in starts
