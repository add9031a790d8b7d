"""What the phrases of a mail say together: the sentence that decides, against courtesy, conditions and other people's news.

Order of weight: an ended application beats everything said kindly beside it; an offer, a test, an interview beat news on
the process; news beats a receipt, except that a receipt which adds "our team is reviewing" stays a receipt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hearback.model.signal import Detail, Kind
from hearback.reading.columns import is_reply
from hearback.reading.rules import hits

_CONDITION: Final = re.compile(
    r"^\W*(?:if|should|in case|provided|once|when we|only|falls|sollte[nt]?|wenn|bei|si|en caso|caso|se|indien|mocht|als|jeśli|jeżeli|w przypadku)\b"
    r"|\b(?:if (?:you are|your|we|selected|shortlisted|successful|there|it)|successful (?:candidates|applicants) will|shortlisted (?:candidates|applicants) will|tips? for|how to|most candidates|other candidates who)\b",
    re.IGNORECASE,
)
_JOB: Final = re.compile(
    r"\b(?:application|applied|applying|applicant|candidat\w+|position|role|vacancy|job|interview\w*|recruit\w+|hiring|talent|take-home|coding|assessment|career\w*|resume|résumé|cv"
    r"|bewerb\w+|stelle|vorstellungsgespräch|personalabteilung|kandidat\w*|poste|entretien|recrutement|puesto|entrevista|vacante|selección|vaga|recrutamento"
    r"|posizione|colloquio|selezione|functie|sollicit\w+|vacature|gesprek|stanowisk\w+|rekrutac\w+|rozmow\w+|aplikacj\w+)\b",
    re.IGNORECASE,
)
_THING: Final = (
    r"(?:loan|mortgage|credit(?: card)?|visa|tenancy|rental|apartment|scholarship|school|nursery|university|college|admission|insurance|membership"
    r"|passport|planning|kredit\w*|darlehen\w*|wohnung\w*|miet\w+|studienplatz|stipendium|versicherung\w*|prêt|logement|bourse|assurance|préstamo|alquiler"
    r"|beca|seguro|empréstimo|aluguel|bolsa|mutuo|affitto|borsa|hypotheek|lening|huur\w*|kredyt\w*|mieszkani\w+|citizenship|grant|talk|paper)"
)
_NOT_JOB: Final = re.compile(
    rf"\b{_THING}\b[^.!?\n]{{0,30}}\b(?:application|antrag|proposal|submission|demande|solicitud|pedido|richiesta|aanvraag|wniosek)\b"
    rf"|\b(?:application|applied|apply|antrag|demande|solicitud|pedido|richiesta|aanvraag|wniosek|bewerbung)\b[^.!?\n]{{0,40}}\b{_THING}\b",
    re.IGNORECASE,
)
_PRODUCT: Final = re.compile(
    r"\b(?:loan|mortgage|overdraft|annual rate|interest rate|credit card|tenancy|landlord|policy number|tuition|kredit\w*|darlehen\w*|zinssatz|mietvertrag|prêt|taux|préstamo|hipoteca|empréstimo|mutuo|hypotheek|kredyt\w*)\b",
    re.IGNORECASE,
)
_HIRING: Final = re.compile(
    r"\b(?:position|role|job|vacancy|candidate|candidacy|hiring|interview|recruit\w*|employ\w+|cv|résumé|stelle|bewerb\w+|gespräch|poste|entretien|candidature|puesto|entrevista|vaga|posizione|colloquio|functie|sollicit\w+|stanowisk\w+|rekrutac\w+)\b",
    re.IGNORECASE,
)
_MOVES: Final = frozenset({"interview_move", "interview_cancel", "interview_confirm", "availability"})
_INTERVIEW: Final = frozenset({"interview_invite", *_MOVES})
_WEAK_REJECTION: Final = re.compile(
    r"^\W*(?:unfortunately|leider|malheureusement|desafortunadamente|infelizmente|purtroppo|helaas|niestety)\b",
    re.IGNORECASE,
)
_STATUS: Final = {
    "delayed_hold": Detail.DELAYED,
    "withdrawn_ack": Detail.WITHDRAWAL_ACKNOWLEDGED,
    "transferred": Detail.TRANSFERRED,
    "checks": Detail.CHECKS,
    "advanced": Detail.ADVANCED,
    "pending": Detail.UNDER_REVIEW,
}
_HOLD: Final = re.compile(
    r"\b(?:on hold|paused?|on ice|frozen|freeze|auf Eis|zurückgestellt|pausiert|en pause|suspendu|pausad\w+|suspens\w+|sospes\w+|in de wacht|wstrzyman\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the phrases say. kind None: they say nothing that decides."""

    kind: Kind | None
    evidence: str | None = None
    detail: Detail | None = None
    job: bool = False
    """The mail speaks of applications, roles, interviews."""
    hiring: bool = False
    """It uses the words of hiring: position, candidate, interview …"""
    foreign: bool = False
    """It speaks of another sort of application: a loan, a flat, a place at a school."""


def spoken(subject: str, sentences: Sequence[str], *, relay: bool) -> Spoken:
    """Weigh the phrases of the sentences and the subject."""
    whole = " ".join((subject, *sentences))
    job = relay or bool(_JOB.search(whole))
    foreign = not relay and (bool(_NOT_JOB.search(whole)) or bool(_PRODUCT.search(whole) and not _HIRING.search(whole)))
    if not job:
        return Spoken(None)  # most mail ends here, before any sentence is weighed
    hiring = bool(_HIRING.search(whole))
    said: dict[str, str] = {}
    for sentence in sentences if is_reply(subject) else (*sentences, subject):
        found = hits(sentence)
        conditional = ("later_steps" in found and bool(_CONDITION.search(sentence))) or bool(_CONDITION.match(sentence))
        for intent in found:
            if conditional and intent in {
                *_INTERVIEW,
                "test_invite",
                "offer",
                "offer_detail",
                "rejection",
                "checks",
                "advanced",
                "delayed_hold",
            }:
                continue
            if intent == "rejection" and found & _MOVES and _WEAK_REJECTION.match(sentence):
                continue
            said.setdefault(intent, sentence)
    kind, intent = _kind(said, job=job)
    if kind is None:
        return Spoken(None, job=job, hiring=hiring, foreign=foreign)
    evidence = said[intent]
    detail = None
    if kind is Kind.STATUS_UPDATE:
        detail = _STATUS[intent]
        if detail is Detail.DELAYED and _HOLD.search(evidence):
            detail = Detail.ON_HOLD
    return Spoken(kind, evidence, detail, job=job, hiring=hiring, foreign=foreign)


def _kind(said: dict[str, str], *, job: bool) -> tuple[Kind | None, str]:
    if not job:
        return None, ""
    if "job_alert" in said and not {"receipt", "rejection", "offer", *_INTERVIEW} & set(said):
        return Kind.OTHER, "job_alert"
    if "rejection" in said:
        return Kind.REJECTION, "rejection"
    if "offer" in said and "outreach" not in said:
        return Kind.OFFER, "offer"
    if "test_invite" in said and not ("interview_invite" in said and "receipt" in said):
        return Kind.ASSESSMENT, "test_invite"
    for intent in ("interview_cancel", "interview_move", "interview_confirm", "interview_invite"):
        if intent in said and not (intent == "interview_move" and "transferred" in said):
            return Kind.INTERVIEW_INVITATION, intent
    if "receipt" in said:
        return Kind.APPLICATION_CONFIRMATION, "receipt"
    if "outreach" in said and "advanced" not in said:
        return Kind.RECRUITER_OUTREACH, "outreach"
    if "availability" in said:
        return Kind.INTERVIEW_INVITATION, "availability"
    for intent in _STATUS:
        if intent in said:
            return Kind.STATUS_UPDATE, intent
    if "talent_pool" in said:
        return Kind.REJECTION, "talent_pool"
    return None, ""
