"""A hundred mails that wait, of every kind: some alone, some of one employer, some of one sort, some that no one can read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hearback.model.ids import MailboxId, Personal, ProviderMessageId, signal_id
from hearback.model.message import Address, Authenticity
from hearback.model.signal import InterviewAction, InterviewNotice, InterviewType, Kind, Signal
from hearback.pipeline.templates import sketch

BOX = MailboxId("gmail-1")
KEY = b"k" * 32
RELAY_FORM = sketch([f"relay form {number}" for number in range(40)], KEY)
SPAM_FORM = sketch([f"mass mailing {number}" for number in range(40)], KEY)
BOARD = ("Aster", "Birch", "Cedar", "Dahlia", "Elder", "Fern")
"""Employers the person has an application with."""
OTHERS = tuple(
    f"{first}{second}"
    for first in ("Nor", "Sol", "Kel", "Tam", "Vor", "Quin", "Bex", "Lum", "Pag", "Rud")
    for second in ("dane", "mora", "vista", "field", "quist")
)
MANY = tuple(f"{company}{end}" for end in ("a", "b") for company in OTHERS)[:60]
_SAYS = {
    Kind.APPLICATION_CONFIRMATION: ("Your application has arrived", "Thank you for applying for {role} at {company}."),
    Kind.STATUS_UPDATE: ("News on your application", "Your application for {role} is being looked at."),
    Kind.ASSESSMENT: ("A task for you", "Please complete the coding task for {role}."),
    Kind.INTERVIEW_INVITATION: ("Invitation to talk", "We would like to invite you to an interview for {role}."),
    Kind.OFFER: ("Our offer", "We are glad to offer you the position of {role} at {company}."),
    Kind.REJECTION: ("Your application", "We will not be moving forward with your application for {role}."),
    Kind.RECRUITER_OUTREACH: ("A role for you?", "I came across your profile and have a role as {role}."),
}
_MIXED = (
    Kind.APPLICATION_CONFIRMATION,
    Kind.INTERVIEW_INVITATION,
    Kind.REJECTION,
    Kind.STATUS_UPDATE,
    Kind.ASSESSMENT,
    Kind.OFFER,
)


def letter(number: int, kind: Kind | None, company: str, now: datetime, **fields: Any) -> Signal:
    """One mail from an employer's own address, of which nobody is quite sure what it says."""
    message = ProviderMessageId(f"w{number:04d}")
    domain = f"{company.lower()}.example"
    role = str(fields.pop("role", "Data Engineer"))
    subject, sentence = _SAYS.get(kind, ("", "")) if kind is not None else ("(unreadable)", "")
    base: dict[str, Any] = {
        "id": signal_id(BOX, message),
        "mailbox_id": BOX,
        "provider_message_id": message,
        "received_at": now - timedelta(days=20) + timedelta(hours=number),
        "message_id": f"{number}@{domain}",
        "digest": f"digest{number}",
        "sender": Address(Personal(f"jobs@{domain}"), Personal(f"{company} Careers")),
        "domain": domain,
        "subject": Personal(f"{subject}: {role} at {company}" if kind is not None else subject),
        "authenticity": Authenticity.PASS,
        "kind": kind,
        "confidence": 0.7 if kind is not None else 0.0,
        "evidence": Personal(sentence.format(role=role, company=company)) if sentence else None,
        "company": Personal(company) if kind is not None else None,
        "role": Personal(role) if kind is not None else None,
        "error": None if kind is not None else "Hearback could not make sense of the message.",
    }
    if kind is Kind.INTERVIEW_INVITATION:
        base["interview"] = InterviewNotice(
            action=InterviewAction.INVITE,
            start_at=(now + timedelta(days=1 + number % 9)).replace(minute=0, second=0, microsecond=0),
            duration_min=45,
            type=InterviewType.TECHNICAL,
            video_link=Personal("https://meet.example/abc-defg"),
        )
    if kind in {Kind.ASSESSMENT, Kind.OFFER}:
        base["deadline"] = (now + timedelta(days=2 + number % 9)).date().isoformat()
    return Signal(**(base | fields))


def board(now: datetime) -> list[Signal]:
    """The receipts of the applications that are on the board already."""
    return [
        letter(number, Kind.APPLICATION_CONFIRMATION, company, now, confidence=0.99)
        for number, company in enumerate(BOARD)
    ]


def many(now: datetime) -> list[Signal]:
    """Of sixty employers, a receipt and an invitation each."""
    return [
        letter(number + apart, kind, company, now, confidence=0.99)
        for number, company in enumerate(MANY)
        for apart, kind in ((0, Kind.APPLICATION_CONFIRMATION), (100, Kind.INTERVIEW_INVITATION))
    ]


def waiting(now: datetime | None = None) -> list[Signal]:
    """A hundred that wait: 50 of employers not on the board, 12 of those on it, 20 receipts through one relay, 12 mailings
    of one recruiter, 4 that cannot be read, 2 forged ones.
    """
    now = now or datetime.now(UTC)
    found: list[Signal] = []

    def add(kind: Kind | None, company: str, **fields: Any) -> None:
        found.append(letter(100 + len(found), kind, company, now, **fields))

    for number, company in enumerate(OTHERS):
        add(_MIXED[number % len(_MIXED)], company)
    for company in BOARD:
        add(Kind.INTERVIEW_INVITATION, company)
        add(Kind.STATUS_UPDATE, company)
    for number in range(20):
        relay = Address(Personal("no-reply@us.greenhouse-mail.io"), Personal("Greenhouse"))
        employer = f"Relayed{chr(97 + number)}co"
        add(Kind.APPLICATION_CONFIRMATION, employer, sender=relay, domain=None, template=RELAY_FORM)
    for _ in range(12):
        mass = Address(Personal("talent@massmail.example"), Personal("Talent Scouts"))
        add(Kind.RECRUITER_OUTREACH, "Massmail", sender=mass, domain="massmail.example", template=SPAM_FORM)
    for _ in range(4):
        add(None, "Broken", domain=None)
    for company in ("Forgery", "Phoney"):
        add(Kind.OFFER, company, authenticity=Authenticity.FAIL)
    return found
