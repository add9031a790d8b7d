"""By which day they say that they will answer. Written on Tuesday, 10 March 2026, to somebody in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.model.signal import Kind
from hearback.reading import promise

WRITTEN = datetime(2026, 3, 10, 9, tzinfo=UTC)


def found(text: str, kind: Kind = Kind.APPLICATION_CONFIRMATION, *, sent: bool = False) -> str | None:
    message: Any = SimpleNamespace(text=text, sent=sent, sent_at=WRITTEN, received_at=WRITTEN)
    return promise.find(message, kind, "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("We will get back to you within two weeks.", "2026-03-24"),
        ("Our recruiting team will review it and let you know within 10 working days.", "2026-03-24"),
        ("You can expect to hear from us by Friday, 20 March.", "2026-03-20"),
        ("We aim to respond in 5-7 days.", "2026-03-17"),
        ("You'll hear back by the end of the week.", "2026-03-13"),
        ("We hope to make a decision next week.", "2026-03-20"),
        ("We should be able to tell you by the end of the month.", "2026-03-31"),
        ("Expect to hear from us in the week of March 23.", "2026-03-27"),
        ("A member of the hiring team will be in touch within the next three weeks.", "2026-03-31"),
        ("Reviewing applications usually takes up to 4 weeks.", "2026-04-07"),
        ("Wir melden uns innerhalb von zwei Wochen bei Ihnen.", "2026-03-24"),
        ("Eine Rückmeldung erhalten Sie bis zum 27. März.", "2026-03-27"),
        ("Wir werden Sie in den nächsten 10 Werktagen informieren.", "2026-03-24"),
        ("Bis Ende der Woche geben wir Ihnen Bescheid.", "2026-03-13"),
        ("Nous reviendrons vers vous sous quinze jours.", "2026-03-24"),
        ("Vous recevrez une réponse d'ici la semaine prochaine.", "2026-03-20"),
        ("Nos pondremos en contacto contigo en un plazo de dos semanas.", "2026-03-24"),
        ("Te responderemos antes del 25 de marzo.", "2026-03-25"),
        ("Entraremos em contato em até 15 dias.", "2026-03-25"),
        ("Daremos um retorno até o dia 20 de março.", "2026-03-20"),
        ("Le risponderemo entro tre settimane.", "2026-03-31"),
        ("Ti faremo sapere entro il 20 marzo.", "2026-03-20"),
        ("We laten je binnen twee weken iets weten.", "2026-03-24"),
        ("Je hoort uiterlijk 20 maart van ons.", "2026-03-20"),
        ("Odpowiemy w ciągu dwóch tygodni.", "2026-03-24"),
        ("Skontaktujemy się do końca tygodnia.", "2026-03-13"),
    ],
)
def test_an_announced_answer_has_a_day(text: str, day: str) -> None:
    """Spans, dates, and the ends of weeks and months, in eight languages."""
    assert day == found(f"Thank you for your application.\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "We will get back to you soon.",
        "If your profile fits, we will get back to you within two weeks.",
        "If you do not hear from us within two weeks, please assume that you were not successful.",
        "Please get back to us by Friday, 20 March.",
        "We will contact shortlisted candidates within two weeks.",
        "We will get back to you within two weeks of the closing date.",
        "We keep your documents for 12 months.",
        "Interviews are pencilled for the week of 23 March; you will hear by e-mail only.",
        "Falls es passt, melden wir uns binnen zehn Tagen.",
        "Si ton profil correspond, nous reviendrons vers toi sous dix jours.",
        "We will keep you updated. The office is open within 5 minutes of the station.",
        "We will let you know within 52 weeks.",
    ],
)
def test_what_is_no_announcement_has_none(text: str) -> None:
    """What hangs on an "if", is asked of the person, is about others, is vague or too far away."""
    assert found(f"Thank you for your application.\n{text}") is None


@pytest.mark.parametrize("kind", [Kind.OFFER, Kind.REJECTION, Kind.INTERVIEW_INVITATION, Kind.ASSESSMENT, Kind.OTHER])
def test_only_receipts_and_status_mail_announce(kind: Kind) -> None:
    """In other mail such a sentence hangs on what comes first."""
    assert found("We will get back to you within two weeks.", kind) is None


def test_own_mail_announces_nothing() -> None:
    """What the person says is no promise of theirs."""
    assert found("I will get back to you within two weeks.", Kind.STATUS_UPDATE, sent=True) is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="we will get back to you in 0123456789 days weeks of the month , . tygodni", max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Total: a day that is not before the mail, or none."""
    day = found(text)
    assert day is None or "2026-03-10" <= day <= "2026-07-08"
