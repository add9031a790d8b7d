"""What the first stage makes of a mail: ordinary mail in eight languages, look-alikes, sent mail."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Origin, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.model.signal import Detail, Kind
from hearback.reading import encoder
from hearback.reading.read import Context, Reading, read


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the encoder, as where it is not installed."""
    monkeypatch.setattr(encoder, "installed", lambda: None)


def reading(
    subject: str, text: str, *, sender: str = "Acme <jobs@acme.example>", privacy: PrivacyLevel = PrivacyLevel.STANDARD
) -> Reading:
    content = f"From: {sender}\nTo: ann@mail.example\nSubject: {subject}\nDate: Tue, 24 Nov 2026 09:00:00 +0100\nMessage-ID: <1@x>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    raw = RawMessage(
        mailbox_id=MailboxId("m"),
        provider_message_id=ProviderMessageId("p"),
        content=content.encode(),
        origin=Origin.IMPORTED,
    )
    context = Context(
        owners=frozenset({"ann@mail.example"}), zone="Europe/Berlin", mode=AutomationMode.SMART, privacy=privacy
    )
    return read(raw, context)


ORDINARY = [
    (
        "Thank you for applying",
        "Thank you for applying to Acme. We have received your application for the Data Engineer position.",
        Kind.APPLICATION_CONFIRMATION,
    ),
    (
        "Your application",
        "Your application for the Data Engineer role has been received and our team is reviewing it.",
        Kind.APPLICATION_CONFIRMATION,
    ),
    ("Update", "Your application for the Data Engineer role is currently under review.", Kind.STATUS_UPDATE),
    (
        "Next step",
        "Please complete the online assessment for the Data Engineer role within five days.",
        Kind.ASSESSMENT,
    ),
    (
        "Interview",
        "We would like to invite you to an interview for the Data Engineer position on 3 December at 10:00.",
        Kind.INTERVIEW_INVITATION,
    ),
    (
        "Interview",
        "We'd like to offer you an interview for the Data Engineer position on 3 December at 10:00.",
        Kind.INTERVIEW_INVITATION,
    ),
    (
        "Your interview",
        "Unfortunately we have to reschedule your interview for the Data Engineer role to Friday at 11:00.",
        Kind.INTERVIEW_INVITATION,
    ),
    ("Offer", "We are pleased to offer you the position of Data Engineer at Acme.", Kind.OFFER),
    (
        "Your application",
        "Thank you for your interest in Acme. Unfortunately, we have decided not to move forward with your application for Data Engineer.",
        Kind.REJECTION,
    ),
    (
        "Role",
        "I came across your profile and think you could be a great fit for a Data Engineer role with my client.",
        Kind.RECRUITER_OUTREACH,
    ),
    (
        "Ihre Bewerbung",
        "Vielen Dank für Ihre Bewerbung als Projektleiter. Wir haben Ihre Unterlagen erhalten.",
        Kind.APPLICATION_CONFIRMATION,
    ),
    (
        "Ihre Bewerbung",
        "Leider müssen wir Ihnen mitteilen, dass wir uns für einen anderen Bewerber entschieden haben. Ihre Bewerbung als Projektleiter hat uns gefallen.",
        Kind.REJECTION,
    ),
    (
        "Einladung",
        "Wir möchten Sie gerne zu einem Vorstellungsgespräch für die Stelle als Projektleiter einladen.",
        Kind.INTERVIEW_INVITATION,
    ),
    (
        "Votre candidature",
        "Nous avons bien reçu votre candidature pour le poste de comptable.",
        Kind.APPLICATION_CONFIRMATION,
    ),
    (
        "Tu candidatura",
        "Lamentamos comunicarte que no has sido seleccionado para el puesto de analista.",
        Kind.REJECTION,
    ),
    ("Sua candidatura", "Recebemos a sua candidatura para a vaga de analista.", Kind.APPLICATION_CONFIRMATION),
    ("Candidatura", "Abbiamo ricevuto la tua candidatura per la posizione di analista.", Kind.APPLICATION_CONFIRMATION),
    (
        "Sollicitatie",
        "Helaas hebben we besloten om met andere kandidaten verder te gaan voor de functie van adviseur.",
        Kind.REJECTION,
    ),
    ("Rekrutacja", "Dziękujemy za przesłanie aplikacji na stanowisko analityk.", Kind.APPLICATION_CONFIRMATION),
]

LOOK_ALIKES = [
    ("27 new jobs in Berlin", "27 new jobs match your search. Apply now.", "Indeed <alert@indeed.com>"),
    (
        "Your application has been approved",
        "We have reviewed your application and are pleased to offer you a loan at an annual rate of 5 %.",
        "Bank <loans@bank.example>",
    ),
    ("Your security code", "Your security code is 123456.", "Greenhouse <no-reply@us.greenhouse-mail.io>"),
    ("Automatic reply: Interview", "I am out of the office until Monday.", "Ann <ann@acme.example>"),
    ("Dinner on Sunday", "Are you coming to dinner on Sunday? Mum asks about the interview.", "Jo <jo@family.example>"),
    ("Invoice 55", "Your invoice is attached.", "Host <billing@host.example>"),
]


@pytest.mark.parametrize(("subject", "text", "kind"), ORDINARY)
def test_ordinary_mail_is_read(subject: str, text: str, kind: Kind) -> None:
    """Stock phrases in the languages Hearback reads."""
    assert reading(subject, f"Dear Ann,\n\n{text}\n\nKind regards\nAcme").signal.kind is kind


@pytest.mark.parametrize(("subject", "text", "sender"), LOOK_ALIKES)
def test_look_alikes_change_nothing(subject: str, text: str, sender: str) -> None:
    """Alerts, loans, codes, absence, family, invoices are never applied."""
    assert reading(subject, text, sender=sender).decision.value == "ignore"


def test_the_evidence_stands_in_the_mail() -> None:
    """Verbatim, at most 200 characters."""
    sentence = (
        "We have received your application for the Data Engineer position " + "and look forward to reading it " * 9
    )
    found = reading("Thank you", f"Dear Ann,\n\n{sentence}.").signal.evidence
    assert found is not None
    assert len(found) <= 200
    assert found in " ".join(sentence.split())


def test_strict_privacy_keeps_no_sentence() -> None:
    """What was derived stays, the evidence does not."""
    signal = reading(
        "Thank you for applying",
        "We have received your application for the Data Engineer position.",
        privacy=PrivacyLevel.STRICT,
    ).signal
    assert (signal.evidence, signal.role) == (None, "Data Engineer")


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("I would like to withdraw my application.", Detail.WITHDRAWS),
        ("I am happy to accept your offer.", Detail.ACCEPTS),
        ("Tuesday works for me.", None),
        ("I cannot accept your offer.", None),
    ],
)
def test_the_persons_own_mail_acts_as_they_do(text: str, detail: Detail | None) -> None:
    """Sent mail withdraws or accepts; anything else only dates the thread."""
    signal = reading("Re: Data Engineer", text, sender="Ann <ann@mail.example>").signal
    assert (signal.sent, signal.kind, signal.detail) == (True, Kind.OTHER, detail)


@given(st.text(max_size=600), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_verdict(text: str, subject: str) -> None:
    """Never an exception, and what is called job mail has its evidence."""
    found = reading(subject.replace("\n", " ").replace("\r", " "), text)
    if found.job_related:
        assert found.signal.evidence
