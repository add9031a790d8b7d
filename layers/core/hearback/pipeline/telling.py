"""What in one mail tells candidacies apart that fit it alike: a code, a person, a word that only one of them has.

Asked only where each of them fits by itself (pipeline.finding), the surest first. It names one: a code ("SG26-8812"), a word
of its subject in one role or company. It hints at one: who interviews, a word of its subject in what one's mail was about, a
word of the deciding sentence; a hint never outweighs anything else. Words that hiring mail shares ("application", "Termin") tell nothing.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from hearback.model.signal import Signal
from hearback.pipeline.groups import Group
from hearback.pipeline.names import company_words
from hearback.pipeline.titles import role_words
from hearback.pipeline.words import STEM, begin_alike, words

_CODE: Final = re.compile(r"(?<![0-9])[0-9]{4,12}(?![0-9])")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_HONORIFICS: Final = frozenset(
    {"dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "mme", "sr", "sra", "dra", "don"}
)
_NAME: Final = 3
"""Letters of a name."""
_USUAL: Final = tuple(
    """
    about absag accep account addit advanc afterno again agenda anmeld annonc anschreib answer antwort aplik
    appli applyi appoint april assess attach august availab avis before bevestig bewerb boodsch book
    business call came candid career carrier chang chat check choice choose close colloqu complet confirm
    congrat consid contact convers convoc coordin could curric date deadline decemb decid decis demand
    details dienst disponib docu donner doubl eingang einlad email empleo emplo entret entrev entsch evalu
    exerc februa feedback fevrier file follow form forward freit friday friend gesprach gesprek good great
    greet group have hello herz hier hire hiring hour ihnen ihre inform infos interess interv intro invit
    januar janvier juev juillet july june kandid kennen kind know konnen later lavoro lebensl link look
    lunch lunes mail march martes meet message mierc minut mittwo moment monda montag month more morning
    move nachricht neue news next nothing notic novemb octob odpowied offer offre oktober onlin open opport
    option other outcome panel paper person phase phone place please portal position post proceso process
    profil propos prozess question quick rappel reacti readi recei recruit recrut regist reiste rejec rekrut
    remind reply request resched respon result resum retour review right role room round rozmow ruckmeld
    said saturd schedul screen select send sent septem short since small solicit sollicit some sorry spotkan
    stage start stat stelle step still submi suite sunday talk team termin test thank their them there they
    this thursd time today tomorrow trabajo travail tuesda uitnod unser unter updat vacan vacat vaga
    verschieb video viele viern visit vorstell waiting wednes week welcom well what when will with work
    would yester your zeit zusag
    """.split()  # noqa: SIM905  one word a line would be four pages
)
"""Beginnings of words that hiring mail shares, in the languages read; of days and months too."""


class Telling(NamedTuple):
    """Which candidacy one mail speaks of, and how."""

    group: Group
    why: str


def names(groups: Sequence[Group], mail: Signal) -> Telling | None:
    """The one of several candidacies that the mail names by what it alone is called; this outweighs a small lead."""
    return _first(_NAMES, groups, mail)


def hints(groups: Sequence[Group], mail: Signal) -> Telling | None:
    """The one of several candidacies that people or words in the mail hint at; for where nothing else decides."""
    return _first(_HINTS, groups, mail)


def _first(ways: Sequence[_Way], groups: Sequence[Group], mail: Signal) -> Telling | None:
    for way in ways:
        group = _only(groups, way.said(mail), way.had, way.alike)
        if group is not None:
            return Telling(group, way.why)
    return None


def interviewers(mail: Signal) -> frozenset[str]:
    """The names of those it says will be there, word by word."""
    names = mail.interview.interviewers if mail.interview is not None else ()
    return frozenset(word for name in names for word in words(name) if len(word) >= _NAME and word not in _HONORIFICS)


def _only(
    groups: Sequence[Group],
    said: frozenset[str],
    had: Callable[[Group], frozenset[str]],
    alike: Callable[[str, str], bool],
) -> Group | None:
    """The one group that has a word that is said, and that no other has."""
    if not said or len(groups) == 1:
        return None
    theirs = [had(group) for group in groups]
    times = Counter(word for each in theirs for word in each)
    telling = {word for word, count in times.items() if count == 1 and any(alike(word, each) for each in said)}
    hits = [group for group, each in zip(groups, theirs, strict=True) if each & telling]
    return hits[0] if len(hits) == 1 else None


def _equal(one: str, other: str) -> bool:
    return one == other


def _codes(*texts: str | None) -> frozenset[str]:
    return frozenset(run for text in texts if text for run in _CODE.findall(text) if not _YEAR.fullmatch(run))


def _codes_said(mail: Signal) -> frozenset[str]:
    return _codes(mail.subject, mail.evidence)


def _codes_of(group: Group) -> frozenset[str]:
    """An applicant system writes the number of a vacancy into the Message-ID too."""
    mail = ((each.subject, each.evidence, each.requisition_id, each.message_id) for each in group.signals)
    return _codes(*(text for texts in mail for text in texts), *group.requisitions)


def _people_of(group: Group) -> frozenset[str]:
    """Who was announced, and who writes."""
    writers = (
        word
        for each in group.signals
        if not each.sent and (each.domain or each.free_mail)
        for word in words(each.sender.name)
    )
    return frozenset(word for word in writers if len(word) >= _NAME).union(*map(interviewers, group.signals))


def _subject(mail: Signal) -> frozenset[str]:
    """Words of a subject by which roles could be told apart."""
    return frozenset(word for word in role_words(mail.subject) if len(word) >= STEM)


def _called(group: Group) -> frozenset[str]:
    roles = (word for role in group.roles for word in role_words(role))
    return frozenset((*roles, *(word for company in group.companies for word in company_words(company))))


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if len(word) >= STEM and not word.isdigit() and not _usual(word))


@functools.lru_cache(maxsize=8192)
def _usual(word: str) -> bool:
    return any(word.startswith(each) for each in _USUAL)


def _topic(mail: Signal) -> frozenset[str]:
    return _telling(mail.subject)


def _sentence(mail: Signal) -> frozenset[str]:
    return _telling(mail.evidence or "")


def _topics(group: Group) -> frozenset[str]:
    """What its mail was about: subjects, places, what it is called."""
    said = (_telling(f"{each.subject} {each.location or ''}") for each in group.signals)
    return _called(group).union(*said)


class _Way(NamedTuple):
    why: str
    said: Callable[[Signal], frozenset[str]]
    had: Callable[[Group], frozenset[str]]
    alike: Callable[[str, str], bool]


_NAMES: Final = (
    _Way("the number it names", _codes_said, _codes_of, _equal),
    _Way("its subject names it", _subject, _called, begin_alike),
)
_HINTS: Final = (
    _Way("who it says will be there", interviewers, _people_of, _equal),
    _Way("its subject is of this one", _topic, _topics, begin_alike),
    _Way("its words are of this one", _sentence, _topics, begin_alike),
)
