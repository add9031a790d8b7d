"""In which tone a recruiter writes, and who they are: what a reply to them should sound like.

Drawn from what signals hold: language, sender, subject, the evidence sentence. Where that says nothing, formal: too
polite never hurts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hearback.model.application import Application
from hearback.model.ids import Personal
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Signal
from hearback.pipeline.names import company_words


class Language(StrEnum):
    """The languages drafts are written in; mail in any other is answered in English."""

    ENGLISH = "en"
    GERMAN = "de"


class Manner(StrEnum):
    """Sie or du; Dear or Hi."""

    FORMAL = "formal"
    INFORMAL = "informal"


@dataclass(frozen=True, slots=True)
class Tone:
    """How a draft is worded."""

    language: Language = Language.ENGLISH
    manner: Manner = Manner.FORMAL


_SAYS_DU: Final = re.compile(r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(?:e[mnrs]?)?|[Ee]uch|[Ee]ure?[mnrs]?)\b")
_SAYS_SIE: Final = re.compile(r"\b(?:Sie|Ihnen|Ihre?[mnrs]?|Sehr geehrte\w*)\b")
_EASY: Final = re.compile(
    r"\b(?:hi|hey|hiya|cheers|thanks|awesome|super excited|great news|can't wait|fancy)\b|\w(?:'ll|'re|'ve|'d|n't|'m)\b|!",
    re.IGNORECASE,
)
_STIFF: Final = re.compile(
    r"\b(?:dear|sincerely|regret|kindly|hereby|we are pleased to|would like to|please find|candidate|applicant)\b",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"[(\[{<].*$")
_BEHIND: Final = re.compile(r"\s+(?:via|from|von|at|bei|@)\s.*$|\s*[|/•·].*$|\s+[-–—]\s.*$", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_NO_PERSON: Final = re.compile(
    r"^(?:careers?|jobs?|recruit\w*|talents?|team|hr|human|resources|people|hiring|no-?reply|notifications?|support|info|karriere"
    r"|bewerb\w*|personal\w*|stellen\w*|mailer|alerts?|system|services?|accounts?|admin\w*|office|kontakt|contact|hello|news\w*"
    r"|the|gmbh|inc|ltd|ag|se|llc|group|labs?|linkedin|xing|indeed|stepstone|greenhouse|workday|lever|ashby|personio"
    r"|application\w*|candidate\w*|acquisition|department|university|bank|company|insurance)$",
    re.IGNORECASE,
)
_UNATTENDED: Final = re.compile(
    r"no[._-]?reply|do[._-]?not[._-]?reply|nicht[._-]?antworten|notif|mailer|daemon|bounce|automat|^system|^alerts?$"
)
_ADDRESS: Final = re.compile(r"[a-z0-9._+'=~-]{1,64}@[a-z0-9.-]{1,190}\.[a-z0-9-]{2,60}")
FEWEST_WORDS: Final = 2
MOST_WORDS: Final = 4
MOST_LETTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Writer:
    """Whom a reply goes to; empty where nobody is known."""

    name: Personal = Personal("")
    """As one says it: first name first."""
    address: Personal = Personal("")
    subject: Personal = Personal("")
    """Of their last mail."""

    @property
    def first_name(self) -> Personal:
        """What an informal greeting calls them."""
        return Personal(self.name.split(" ")[0])


def heard_from(signals: Iterable[Signal]) -> list[Signal]:
    """The mail others wrote, newest first; without what is not trusted to be from whom it says."""
    mine = [
        each
        for each in signals
        if not each.sent and each.authenticity is not Authenticity.FAIL and not each.doubt and not each.error
    ]
    return sorted(mine, key=lambda each: (each.at, each.id), reverse=True)


def tone_of(signals: Iterable[Signal]) -> Tone:
    """The tone of the newest mail that shows one."""
    mail = heard_from(signals)
    language = _language(mail)
    for each in mail:
        manner = _manner(f"{each.subject}. {each.evidence or ''}", language)
        if manner is not None:
            return Tone(language, manner)
    return Tone(language)


def writer_of(signals: Iterable[Signal]) -> Writer:
    """The person who wrote last, else who wrote last from an address that is read; their last subject."""
    mail = [each for each in heard_from(signals) if attended(each.sender.address)]
    found = next((each for each in mail if person_name(each.sender, each.company)), mail[0] if mail else None)
    if found is None:
        return Writer()
    return Writer(person_name(found.sender, found.company), found.sender.address, found.subject)


def own_name(applications: Iterable[Application]) -> Personal:
    """The person's own name as the newest mail they sent says it, in any application; empty where none does."""
    sent = [entry for each in applications for entry in each.timeline if entry.sent and entry.sender]
    sent.sort(key=lambda entry: (entry.at, entry.fact), reverse=True)
    names = (person_name(Address(name=entry.sender or Personal("")), None) for entry in sent)
    return next(filter(None, names), Personal(""))


def attended(address: str) -> bool:
    """Whether somebody reads what is sent there, as far as the address says; one that is no plain address is not used."""
    lowered = address.lower()
    return bool(_ADDRESS.fullmatch(lowered)) and not _UNATTENDED.search(lowered.partition("@")[0])


def by_hand(sender: Address, company: str | None) -> bool:
    """Whether a human wrote it, as far as the sender tells: a human's name over an address that somebody reads."""
    return attended(sender.address) and bool(person_name(sender, company))


def person_name(sender: Address, company: str | None) -> Personal:
    """The sender's display name where it is a human's: "Brandt, Anna (Acme)" → "Anna Brandt". Empty where it is not."""
    name = _BEHIND.sub("", _BRACKETS.sub("", sender.name)).strip().strip("\"'")
    last, comma, first = name.partition(",")
    words = (f"{first} {last}" if comma else name).split()
    employer = set(company_words(company)) if company else set()
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or sum(map(len, words)) > MOST_LETTERS:
        return Personal("")
    for word in words:
        if not _WORD.fullmatch(word) or _NO_PERSON.match(word) or word.casefold() in employer:
            return Personal("")
    if not words[0][0].isupper() or not words[-1][0].isupper():
        return Personal("")
    return Personal(" ".join(words))


def _language(mail: Sequence[Signal]) -> Language:
    told = next((each.language for each in mail if each.language != "und"), Language.ENGLISH)
    return Language.GERMAN if told == Language.GERMAN else Language.ENGLISH


def _manner(text: str, language: Language) -> Manner | None:
    text = text.replace("’", "'")
    if language is Language.GERMAN:
        easy, stiff = bool(_SAYS_DU.search(text)), bool(_SAYS_SIE.search(text))
    else:
        easy, stiff = bool(_EASY.search(text)), bool(_STIFF.search(text))
    if easy is stiff:
        return None
    return Manner.INFORMAL if easy else Manner.FORMAL
