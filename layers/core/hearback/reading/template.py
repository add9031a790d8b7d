"""What is the same in every mail of one template: its words in threes, with what varies masked. Lives in memory only.

Masked are links, addresses and everything with a digit, and names: company, role, place and people as read, and words with a
capital inside a sentence (not in German, where every noun has one). What becomes of the threes: pipeline.templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Signal

WORDS: Final = 3
"""Words of one shingle."""
MAX_WORDS: Final = 1500
"""Of a mail: enough for any template, and a bound on the work."""
NAME, VARIES, EDGE = "_", "#", "|"
_TOKEN: Final = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\w+(?:['’\-]\w+)*|[.!?:\n]+")
_STOP: Final = re.compile(r"[.!?:\n]")
_CAPITAL_NOUNS: Final = frozenset({"de", "lb"})


def shingles(message: Message, signal: Signal) -> frozenset[str]:
    """The mail's words in threes, subject first; empty where there are too few."""
    names = _names(message, signal)
    words = [EDGE]
    for text in (str(message.subject), message.text):
        words += _masked(text, names, capitals=signal.language not in _CAPITAL_NOUNS)
        words.append(EDGE)
        if len(words) > MAX_WORDS:
            break
    words = words[:MAX_WORDS]
    return frozenset(" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))


def _names(message: Message, signal: Signal) -> frozenset[str]:
    people: list[str] = [each.name for each in message.recipients]
    if signal.interview is not None:
        people += signal.interview.interviewers
    known: Iterable[str | None] = (*people, signal.company, signal.role, signal.location, signal.agency)
    return frozenset(word.casefold() for name in known if name for word in _TOKEN.findall(name) if word.isalnum())


def _masked(text: str, names: frozenset[str], *, capitals: bool) -> list[str]:
    """Words in lower case; a run of names is one name."""
    out: list[str] = []
    begins = True
    for token in _TOKEN.findall(text):
        if _STOP.match(token):
            begins = True
            continue
        word = token.casefold()
        if "/" in token or "@" in token or any(letter.isdigit() for letter in token):
            word = VARIES
        elif word in names or (capitals and not begins and token[0].isupper() and len(token) > 1):
            word = NAME
        begins = False
        if not (out and word == out[-1] and word in {NAME, VARIES}):
            out.append(word)
    return out
