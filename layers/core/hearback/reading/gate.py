"""Before a mail is opened: is it about the person's job search? Decided on sender, subject and snippet alone.

Recall comes first: whoever names an application, an interview or a job of the person's is opened, and so are every
applicant system and most letters that a person wrote from a workplace. Alerts and digests of boards stay closed, and so
does mail with no word of it; their bodies are never fetched. The words and what they weigh stand in gate.txt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from hearback.reading import senders
from hearback.reading.gate_words import pattern
from hearback.reading.wordlists import folded

OPENS: Final = 4
"""From this weight on a mail is opened."""
SURE, STRONG, TITLE, WEAK, AGAINST = 5, 3, 3, 1, -2
"""What one term of each weight is worth."""
LETTER, PRIVATE, DESK, BOARD, LISTED = 4, 3, 3, 1, -1
"""What the sender is worth: a person at an organisation, from an address of their own name; anybody from free mail; anybody
else but a machine; a job board; a mailing list."""
SENDER_LETTERS: Final = 1000
"""What is looked at of a From header."""
_REPLY: Final = re.compile(r"^\s*(?:re|aw|sv|antw|odp|res|rif|r)\s*:", re.IGNORECASE)
_LIST: Final = re.compile(r"^\s*(?:(?:re|aw|fwd?|sv|antw|odp)\s*:\s*){0,3}\[[^\]]{2,40}\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gate:
    """The decision, with a fixed phrase for the ledger."""

    open: bool
    reason: str


def decide(sender: str, subject: str, snippet: str, *, known_domains: frozenset[str], known_thread: bool) -> Gate:
    """Whether to open a message. `sender` is a From header or a bare address; fields may be empty."""
    if known_thread:
        return Gate(True, "in a thread with an application")
    name, address = parseaddr(sender[:SENDER_LETTERS])
    address = (address if "@" in address else sender[:SENDER_LETTERS]).strip().lower()
    local, _, domain = address.rpartition("@")
    head, text = folded(subject[:1000]), folded(f"{subject[:1000]} . {snippet[:2000]}")
    answered = bool(pattern("answered").search(text))
    if senders.is_alert(address) and not answered:
        return Gate(False, "job alert")
    if domain and (senders.vendor_of(domain) or senders.is_vendor(domain)):
        return Gate(True, "from an applicant system")
    if domain and senders.registrable(domain) in known_domains:
        return Gate(True, "from an employer you applied to")
    if (
        not answered
        and pattern("alert").search(text)
        and (senders.is_board(domain) or not (_REPLY.match(subject) or _signed(name, local)))
        and not pattern("ours").search(head)
    ):
        return Gate(False, "job alert")
    if recruits(address):
        return Gate(True, "from a recruiting address")
    if answered or _weight(head, text, name) + _writer(name, local, domain, subject) >= OPENS:
        return Gate(True, "it may be about an application")
    return Gate(False, "nothing in sender, subject or snippet is about an application")


def speaks_plainly(subject: str, text: str) -> bool:
    """Whether a mail holds a sure word of a job search, whatever else it is about."""
    return bool(pattern("sure").search(folded(f"{subject[:1000]} . {text[:2000]}")))


def recruits(address: str) -> bool:
    """Whether an address, lower-case, is one that recruits: "careers@" of an organisation."""
    local, _, domain = address.rpartition("@")
    return _pieces("role", local) and not senders.is_freemail(domain)


def written_by_a_person(sender: str) -> bool:
    """Whether a From header is of one person, by name: not of a desk, a machine or a shop."""
    name, address = parseaddr(sender[:SENDER_LETTERS])
    return _signed(name, address.lower().rpartition("@")[0])


def _weight(head: str, text: str, name: str) -> int:
    """How much the words speak of a job search."""
    return (
        SURE * min(_count("sure", text), 2)
        + STRONG * min(_count("strong", text), 2)
        + TITLE * min(_count("title", head), 1)
        + WEAK * min(_count("title", text) + _count("weak", text), 5)
        + AGAINST * min(_count("against", f"{folded(name)} . {text}"), 3)
    )


def _writer(name: str, local: str, domain: str, subject: str) -> int:
    """How much the sender does: a person rather than a machine, at work rather than at home."""
    answers = bool(_REPLY.match(subject))
    if senders.is_board(domain):
        return LETTER if _pieces("carried", local) else BOARD + answers
    if _LIST.match(subject) or domain.startswith(("list.", "lists.")):
        return LISTED
    if _pieces("machine", local) or not local:
        return int(answers)
    if senders.is_freemail(domain):
        return PRIVATE + answers
    if _signed(name, local):
        return LETTER + answers
    return DESK + answers


def _signed(name: str, local: str) -> bool:
    return _names(name, local) and not _pieces("desk", local) and not _pieces("machine", local)


def _names(name: str, local: str) -> bool:
    """Whether the local part is made of the name that is shown: a person's address."""
    plain = _ascii(local)
    return any(word in plain for word in re.findall(r"\w{3,}", _ascii(name)))


def _ascii(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(each))


def _pieces(weight: str, local: str) -> bool:
    return bool(pattern(weight).search(local.replace("_", "-")))


def _count(weight: str, text: str) -> int:
    """How many different terms, told apart by their first letters, so that a stem counts once."""
    return len({found[:6] for found in pattern(weight).findall(text)[:20]})
