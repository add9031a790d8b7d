"""What a person writes to name senders, words and companies: letters and `*`, which stands for any run of characters.

Case and accents are of no account. A pattern is never compiled to a regular expression: its literal pieces are looked for
one after the other, each as early as it can stand, so a text is gone through once, whatever the pattern is.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

from hearback.model.message import Address

MAX_LETTERS: Final = 120
"""Of one pattern."""
MAX_STARS: Final = 8
SENDER_LETTERS: Final = 400
SUBJECT_LETTERS: Final = 1000
SNIPPET_LETTERS: Final = 2000
"""What is looked at of a sender, a subject and the first words: the rest of an endless header matches nothing."""
ANY: Final = "*"


def folded(text: str) -> str:
    """Text as patterns see it: lower-case, without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())


@functools.lru_cache(maxsize=2048)
def pieces(pattern: str) -> tuple[str, ...]:
    """The literal pieces between the stars, folded; empty ones stand where a star begins or ends it."""
    return tuple(folded(pattern).split(ANY))


def of_sender(pattern: str, sender: Address) -> bool:
    """Whether it names the sender. With @: the whole address ("*@acme.com"). Else a domain with all below it ("acme.com"),
    or how a word of the shown name or of the address begins ("recruit").
    """
    address = folded(sender.address[:SENDER_LETTERS])
    parts = pieces(pattern)
    if any("@" in each for each in parts):
        return whole(parts, address)
    domain = address.rpartition("@")[2]
    if is_domain(pattern) and domain:
        if len(parts) == 1 and (domain == parts[0] or domain.endswith(f".{parts[0]}")):
            return True
        if len(parts) > 1 and whole(parts, domain):
            return True
        return begins_word(parts, folded(sender.name[:SENDER_LETTERS]))
    return begins_word(parts, folded(sender.name[:SENDER_LETTERS])) or begins_word(parts, address)


def is_domain(pattern: str) -> bool:
    """Whether it looks like a domain: a dot inside, no space, no @."""
    text = folded(pattern)
    return "." in text.strip(".") and " " not in text and "@" not in text


def in_text(pattern: str, text: str) -> bool:
    """Whether a word of `text` begins so: "interview" finds "Interviews", not "reinterview"; "*view" finds both."""
    return begins_word(pieces(pattern), folded(text))


def of_company(pattern: str, company: str) -> bool:
    """Whether the whole words of it stand in a company's name: "Meta" is in "Meta Platforms", not in "Metaverse"."""
    return whole_words(pieces(pattern), folded(company))


def whole(parts: tuple[str, ...], text: str) -> bool:
    """Whether the pieces, in order, make up all of `text`."""
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    at = _through(middle, text, len(first)) if text.startswith(first) else -1
    return at >= 0 and len(text) - at >= len(last) and text.endswith(last)


def begins_word(parts: tuple[str, ...], text: str) -> bool:
    """Whether the pieces stand in `text` in order, the first at the beginning of a word."""
    at = _at_word(text, parts[0])
    return at >= 0 and _through(list(parts[1:]), text, at + len(parts[0])) >= 0


def whole_words(parts: tuple[str, ...], text: str) -> bool:
    """Whether the pieces stand in `text` in order, from the beginning of a word to the end of one."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return _at_word(text, first, ends=True) >= 0
    at = _at_word(text, first)
    at = _through(list(parts[1:-1]), text, at + len(first)) if at >= 0 else -1
    return at >= 0 and _at_end(text, last, at)


def _through(middle: list[str], text: str, at: int) -> int:
    """Where the pieces, each as early as it can stand, end; -1: one does not stand in what is left."""
    for piece in middle:
        found = text.find(piece, at)
        if found < 0:
            return -1
        at = found + len(piece)
    return at


def _at_word(text: str, piece: str, *, ends: bool = False) -> int:
    """Where `piece` first stands at the beginning of a word, with `ends` also up to the end of one; -1: nowhere."""
    if not piece:
        return 0
    at = text.find(piece)
    while at >= 0 and not (_bounds(text, at) and (not ends or _bounds(text, at + len(piece)))):
        at = text.find(piece, at + 1)
    return at


def _at_end(text: str, piece: str, at: int) -> bool:
    """Whether `piece` stands at `at` or later, up to the end of a word."""
    if not piece:
        return True
    found = text.find(piece, at)
    while found >= 0 and not _bounds(text, found + len(piece)):
        found = text.find(piece, found + 1)
    return found >= 0


def _bounds(text: str, at: int) -> bool:
    """Whether a word begins or ends at `at`: no letter or number goes on there."""
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())
