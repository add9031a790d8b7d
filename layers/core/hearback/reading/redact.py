"""A mail's text without who it is about: names, addresses, links and numbers masked. What decides how it reads stays.

Names are those the mail itself gives away: of sender, recipients and everybody in its addresses, whoever is greeted, whoever
signs, and the company, role and place that were read. More may be masked than need be; what is missed, the person sees and
takes out, since nothing leaves before they have read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Signal

NAME, COMPANY, ROLE, PLACE, ADDRESS, LINK = "[name]", "[company]", "[role]", "[place]", "[address]", "[link]"
MAX_TEXT: Final = 20_000
"""Of a mail: what decides stands before."""
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"“”]+@[^\s<>()\[\],;:\"“”]+")
_HOST: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_GREETED: Final = re.compile(
    r"^(\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten tag|moin|sehr geehrte[rs]?|bonjour|cher|chère"
    r"|hola|buenos días|estimad[oa]|querid[oa]|olá|prezad[oa]|car[oa]|ciao|gentile|buongiorno|beste|geachte|cześć|szanown[ya]|dzień dobry)"
    r"\b)([^\n,!.:;–-]{1,60})",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED: Final = 10
"""Lines at the end where people sign."""
_SIGNATURE_WORDS: Final = 4
_SHORTEST: Final = 3
"""Letters of a word that is taken for a name because an address holds it."""
_COMMON: Final = frozenset(
    [
        "info",
        "jobs",
        "job",
        "careers",
        "career",
        "team",
        "talent",
        "hiring",
        "recruiting",
        "recruitment",
        "noreply",
        "reply",
        "donotreply",
        "application",
        "applications",
        "apply",
        "hello",
        "contact",
        "support",
        "mail",
        "news",
        "no",
        "not",
        "the",
        "and",
        "for",
        "from",
        "via",
        "bewerbung",
        "karriere",
        "people",
        "work",
        "human",
        "resources",
        "staff",
        "group",
    ]
)


def redacted(message: Message, signal: Signal) -> tuple[str, str]:
    """Subject and text of a mail, masked."""
    names = _names(message, signal)
    return _masked(str(message.subject), signal, names), _signed(_masked(message.text[:MAX_TEXT], signal, names))


def redacted_kept(text: str, signal: Signal) -> str:
    """What a signal holds of its mail, masked."""
    return _masked(text, signal, _words((signal.sender.name, signal.sender.address.partition("@")[0])))


def _names(message: Message, signal: Signal) -> frozenset[str]:
    people = [message.sender, *message.recipients, *([message.reply_to] if message.reply_to else [])]
    known: list[str] = [each.name for each in people] + [each.address.partition("@")[0] for each in people]
    known += [found.partition("@")[0] for found in _ADDRESS.findall(message.text[:MAX_TEXT])]
    known += [found[1] for found in _GREETED.findall(message.text[:MAX_TEXT])]
    if signal.interview is not None:
        known += signal.interview.interviewers
    return _words(known)


def _words(names: Iterable[str]) -> frozenset[str]:
    found = (word.casefold() for name in names for word in _WORD.findall(name))
    return frozenset(word for word in found if len(word) >= _SHORTEST and word not in _COMMON)


def _masked(text: str, signal: Signal, names: frozenset[str]) -> str:
    text = _HOST.sub(LINK, _ADDRESS.sub(ADDRESS, _LINK.sub(LINK, text)))
    for value, mask in (
        (signal.company, COMPANY),
        (signal.agency, COMPANY),
        (signal.role, ROLE),
        (signal.location, PLACE),
    ):
        if value:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", mask, text, flags=re.IGNORECASE)
    text = _GREETED.sub(lambda found: f"{found[1]} {NAME}", text)
    text = _outside_masks(text, lambda part: _WORD.sub(lambda w: NAME if w[0].casefold() in names else w[0], part))
    text = re.sub(r"\d", "0", text)
    return re.sub(r"\[name\](?:[ .-]+\[name\])+", NAME, text)


def _outside_masks(text: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(\[[a-z]+\])", text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _signed(text: str) -> str:
    """The text with lines near its end that are nothing but a name masked."""
    lines = text.split("\n")
    for at in range(max(0, len(lines) - _SIGNED), len(lines)):
        words = lines[at].split()
        if 1 < len(words) <= _SIGNATURE_WORDS and all(word[0].isupper() for word in words) and words[-1][-1].isalpha():
            lines[at] = NAME
    return "\n".join(lines)
