"""When two company names or two role titles mean the same. "Meta" is not "Metaverse"; "Acme GmbH" is "ACME"."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

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
_ROLE_NOISE: Final = frozenset(
    [
        "m",
        "w",
        "f",
        "d",
        "x",
        "div",
        "divers",
        "all",
        "genders",
        "gn",
        "remote",
        "hybrid",
        "the",
        "a",
        "an",
        "at",
        "for",
        "of",
        "and",
        "in",
        "mit",
        "und",
    ]
)
_JOINTS: Final = frozenset({"and", "und", "et", "y", "e", "en"})
_WORD: Final = re.compile(r"[^\W_]+(?:[+#]+)?")


@functools.lru_cache(maxsize=4096)
def company_words(name: str) -> tuple[str, ...]:
    """A company's name as words without accents, case, punctuation and legal form; never empty unless the name is."""
    kept = [word for word in _words(name) if word not in _JOINTS] or list(_words(name))
    while len(kept) > 1 and kept[-1] in _LEGAL:
        kept.pop()
    if len(kept) > 1 and kept[0] == "the":
        kept = kept[1:]
    return tuple(kept)


def same_company(one: str, other: str) -> bool:
    """Equal words, or one continues the other with nothing but general words ("Acme", "Acme Labs Germany")."""
    short, long = sorted((company_words(one), company_words(other)), key=len)
    if not short:
        return False
    if "".join(short) == "".join(long):
        return True
    return long[: len(short)] == short and all(word in _GENERIC for word in long[len(short) :])


def continues(one: str, other: str) -> bool:
    """One name's words begin the other ("Tidewater", "Tidewater Grid"): the same only if something else says so too."""
    short, long = sorted((company_words(one), company_words(other)), key=len)
    if not short:
        return False
    squeezed = "".join(short)
    starts = {"".join(long[:count]) for count in range(1, len(long) + 1)}
    return long[: len(short)] == short or squeezed in starts


@functools.lru_cache(maxsize=4096)
def role_words(role: str) -> frozenset[str]:
    """The words of a title that tell roles apart."""
    plain = re.sub(
        r"\((?:[mwfdx]|gn|all genders)(?:\s*[/|,*]\s*(?:[mwfdx]|div|divers))*\)", " ", role, flags=re.IGNORECASE
    )
    words = frozenset(word for word in _words(plain.replace("sr.", "senior")) if word not in _ROLE_NOISE)
    return words or frozenset(_words(role))


def same_role(one: str, other: str) -> bool:
    """One title's words are among the other's ("Backend Engineer", "Senior Backend Engineer, Energy")."""
    first, second = role_words(one), role_words(other)
    return bool(first) and bool(second) and (first <= second or second <= first)


def _words(text: str) -> tuple[str, ...]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return tuple(_WORD.findall(plain))
