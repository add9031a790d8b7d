"""Company, role, place, requisition, deadline, urgency: what a job mail is about. The ATS or board is never the company."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Detail, Kind
from hearback.reading import company, promise, requisition, roles, senders
from hearback.reading import deadline as deadlines
from hearback.reading.kinds import Judgement
from hearback.reading.second import Pointed

_LOCATION: Final = re.compile(
    r"\b(?:based in|located in|[Ll]ocation:|[Ss]tandort:?|[Oo]rt:) ({0}(?:, {0})?)".format(
        r"[A-ZÀ-Ö][\w-]+(?: [A-ZÀ-Ö][\w-]+){0,2}"
    )
)
_URGENT: Final = re.compile(
    r"\b(?:urgent(?:ly)?|as soon as possible|asap|within (?:24|48|twenty-four) hours|by (?:tomorrow|tonight|end of (?:the )?day|eod|cob)|today(?: at| by|\b)|dringend|innerhalb von (?:24|48) Stunden|bis morgen|heute noch|dans les (?:24|48) heures|en (?:24|48) horas|entro (?:24|48) ore|binnen (?:24|48) uur)\b",
    re.IGNORECASE,
)
_AGENCY: Final = re.compile(
    r"\b(?:my client|our client|a client of (?:mine|ours)|on behalf of (?:my|our) client|mein Kunde|unser Kunde|mon client|mi cliente)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Details:
    """What the mail is about; all empty for mail that is not."""

    company: str | None = None
    role: str | None = None
    location: str | None = None
    ats: str | None = None
    requisition_id: str | None = None
    deadline: str | None = None
    promised: str | None = None
    urgent: bool = False
    agency: str | None = None


def extract(message: Message, judgement: Judgement, pointed: Pointed, zone: str) -> Details:
    """Everything `message` says of the job it is about."""
    if judgement.kind is Kind.OTHER:
        return Details()
    subject, text = str(message.subject), message.text[:20_000]
    role = (roles.clean(pointed.role, pointed_at=True) if pointed.role else None) or roles.find(subject, text)
    employer = company.find(message, pointed.company, role)
    place = _LOCATION.search(text)
    agency = None
    if judgement.kind is Kind.RECRUITER_OUTREACH and _AGENCY.search(text):
        agency = company.agency(message)
    return Details(
        company=employer,
        role=role,
        location=place[1] if place else None,
        ats=senders.vendor_of(message.sender.domain),
        requisition_id=requisition.find(subject, text, moved=judgement.detail is Detail.TRANSFERRED),
        deadline=deadlines.find(message, judgement.kind, zone),
        promised=promise.find(message, judgement.kind, zone),
        urgent=bool(_URGENT.search(text)) and judgement.kind is not Kind.APPLICATION_CONFIRMATION,
        agency=agency if agency != employer else None,
    )
