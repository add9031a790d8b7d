"""Before a mail is opened: is it about the person's job search? Decided on sender, subject and snippet alone.

Recall comes first: what may be about an application is opened. Board alerts, newsletters and mail without a word of it
stay closed, and their bodies are never fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from hearback.reading import senders

_TERMS: Final = re.compile(
    r"\b(?:appl(?:y|ied|ying|ication|icant)\w*|candidat\w*|interview\w*|recruit\w*|hiring|hire[ds]?|vacanc\w*|position|role|job|career\w*|offer|assessment|coding|challenge|take-home|test|exercise"
    r"|resume|résumé|cv|talent|screening|onboarding|opportunit\w*|unfortunately|regret|availability|phone screen|next (?:step|stage|round)s?|shortlist\w*|background check|references?|start date|contract|call|chat|conversation|schedul\w*|meet(?:ing)?|confirmed|invitation|reschedul\w*|decision|move forward|team"
    r"|bewerb\w*|stelle\w*|vorstellungsgespräch|gespräch|personal\w*|karriere|einladung|absage|zusage|termin\w*|kennenlern\w*|unterlagen|leider|vertrag\w*|referenz\w*"
    r"|poste|entretien|recrutement|embauche|offre|postul\w*|malheureusement|puesto|entrevista|vacante|selección|empleo|solicitud|lamentamos|contratación|proceso"
    r"|vaga|entrevista|recrutamento|emprego|inscrição|infelizmente|processo|posizione|colloquio|selezione|lavoro|assunzione|purtroppo"
    r"|functie|sollicit\w*|vacature|gesprek|baan|helaas|stanowisk\w*|rekrutac\w*|rozmow\w*|aplikacj\w*|ofert\w*|prac[aęy]|niestety)\b",
    re.IGNORECASE,
)
_ROLE_ADDRESS: Final = re.compile(
    r"^(?:.*[._+-])?(?:jobs?|careers?|recruit\w*|talent|hiring|hr|people|bewerb\w*|karriere|personal|recrutement|rrhh|rh|seleccion|applicant\w*|candidat\w*)(?:[._+-].*)?$",
    re.IGNORECASE,
)
_GENERAL_TERMS: Final = (
    "application",
    "interview",
    "position",
    "candidate",
    "recruiter",
    "Bewerbung",
    "Vorstellungsgespräch",
    "candidature",
    "entretien",
    "candidatura",
    "entrevista",
    "colloquio",
    "sollicitatie",
    "rekrutacja",
)


@dataclass(frozen=True, slots=True)
class Gate:
    """The decision, with a fixed phrase for the ledger."""

    open: bool
    reason: str


def decide(sender: str, subject: str, snippet: str, *, known_domains: frozenset[str], known_thread: bool) -> Gate:
    """Whether to open a message. `sender` is a From header or a bare address; fields may be empty."""
    if known_thread:
        return Gate(True, "in a thread with an application")
    address = parseaddr(sender)[1].lower() or sender.lower()
    local, _, domain = address.rpartition("@")
    if senders.is_alert(address):
        return Gate(False, "job alert")
    if domain and (senders.vendor_of(domain) or senders.is_vendor(domain)):
        return Gate(True, "from an applicant system")
    if domain and senders.registrable(domain) in known_domains:
        return Gate(True, "from an employer you applied to")
    if _ROLE_ADDRESS.match(local) or _TERMS.search(f"{subject} {snippet}"):
        return Gate(True, "it may be about an application")
    return Gate(False, "nothing in sender, subject or snippet is about an application")


def gmail_queries(days: int) -> tuple[str, ...]:
    """Gmail searches that together find nearly all job mail of the last `days` days."""
    newer = f"newer_than:{days}d -in:spam -in:trash"
    ats = sorted(senders.table()["ats"])
    chunks = [ats[at : at + 40] for at in range(0, len(ats), 40)]
    by_sender = tuple(f"{newer} from:({' OR '.join(chunk)})" for chunk in chunks)
    words = " OR ".join(f'"{term}"' if " " in term else term for term in _GENERAL_TERMS)
    return (f"{newer} ({words})", *by_sender)
