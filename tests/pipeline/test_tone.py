"""How a recruiter writes, and who they are, as far as their mail says it."""

from __future__ import annotations

from typing import Any

import pytest
from strategies import signal

from hearback.model.ids import Personal
from hearback.model.message import Address, Authenticity
from hearback.pipeline.folding import fold
from hearback.pipeline.tone import Language, Manner, Tone, own_name, person_name, tone_of, writer_of


def said(text: str, language: str = "en", **more: Any) -> Any:
    return signal(more.pop("number", 1), evidence=Personal(text), language=language, subject=Personal(""), **more)


@pytest.mark.parametrize(
    ("text", "language", "tone"),
    [
        ("Wir möchten Sie gern zu einem Gespräch einladen.", "de", Tone(Language.GERMAN, Manner.FORMAL)),
        ("Wir würden dich gern kennenlernen.", "de", Tone(Language.GERMAN, Manner.INFORMAL)),
        ("Hast du am Dienstag Zeit?", "de", Tone(Language.GERMAN, Manner.INFORMAL)),
        ("Vielen Dank für die Bewerbung.", "de", Tone(Language.GERMAN, Manner.FORMAL)),
        ("Hi Ann, we'd love to chat!", "en", Tone(Language.ENGLISH, Manner.INFORMAL)),
        ("Dear Ms Berg, we regret to inform you.", "en", Tone(Language.ENGLISH, Manner.FORMAL)),
        ("We have received your application.", "en", Tone(Language.ENGLISH, Manner.FORMAL)),
        ("Nous avons bien reçu votre candidature.", "fr", Tone(Language.ENGLISH, Manner.FORMAL)),
    ],
)
def test_the_sentence_shows_the_tone(text: str, language: str, tone: Tone) -> None:
    """Sie or du, Dear or Hi; formal where it says nothing; other languages are answered in English."""
    assert tone == tone_of([said(text, language)])


def test_without_mail_it_is_formal_english() -> None:
    """An application entered by hand."""
    assert Tone(Language.ENGLISH, Manner.FORMAL) == tone_of([])


def test_the_newest_mail_that_shows_a_tone_decides() -> None:
    """They have said Sie, then du; then a mail that says neither."""
    mail = [
        said("Wir laden Sie ein.", "de", number=1),
        said("Wir freuen uns auf dich.", "de", number=2),
        said("Der Termin steht.", "de", number=3),
    ]
    assert tone_of(mail).manner is Manner.INFORMAL


def test_what_the_person_wrote_says_nothing_of_their_tone() -> None:
    """Own sent mail is left out."""
    assert tone_of([said("Hi, thanks!", sent=True)]).manner is Manner.FORMAL


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Anna Brandt", "Anna Brandt"),
        ("Brandt, Anna", "Anna Brandt"),
        ("Anna Brandt (Acme)", "Anna Brandt"),
        ("Anna Brandt via LinkedIn", "Anna Brandt"),
        ("Anna Brandt | Talent Acquisition", "Anna Brandt"),
        ("Anna-Lena van der Berg", "Anna-Lena van der Berg"),
        ("Seán O’Brien", "Seán O’Brien"),
        ("Dr. Anna Brandt", "Dr. Anna Brandt"),
        ("Acme Careers", ""),
        ("Acme Recruiting Team", ""),
        ("Anna", ""),
        ("noreply", ""),
        ("Anna Acme", ""),
        ("Your Next Big Career Step", ""),
        ("{{ 7*7 }} Brandt", ""),
        ("Anna <script> Brandt", ""),
        ("", ""),
    ],
)
def test_only_a_humans_name_is_greeted(shown: str, name: str) -> None:
    """Departments, employers and machinery are not; what is not sure is not."""
    assert name == person_name(Address(Personal("x@acme.example"), Personal(shown)), "Acme")


def test_the_reply_goes_to_the_person_who_wrote_last() -> None:
    """Not to the machine that wrote after them, nor to an address nobody reads."""
    mail = [
        signal(1, sender=Address(Personal("anna@acme.example"), Personal("Anna Brandt")), subject=Personal("A chat")),
        signal(2, sender=Address(Personal("careers@acme.example"), Personal("Acme Careers"))),
        signal(3, sender=Address(Personal("no-reply@acme.example"), Personal("Bea Blum"))),
    ]
    found = writer_of(mail)
    assert (found.address, found.name, found.first_name, found.subject) == (
        "anna@acme.example",
        "Anna Brandt",
        "Anna",
        "A chat",
    )


@pytest.mark.parametrize("fields", [{"authenticity": Authenticity.FAIL}, {"doubt": Personal("made to look like")}])
def test_a_forged_or_doubted_sender_is_never_answered(fields: dict[str, Any]) -> None:
    """A draft must not lead a person to whoever imitates a recruiter."""
    assert writer_of([signal(1, **fields)]).address == ""


def test_the_own_name_is_learned_from_sent_mail() -> None:
    """As the person signs themselves."""
    sent = signal(1, thread_id="t", sent=True, sender=Address(Personal("a@b.example"), Personal("Ann Berg")))
    assert own_name(fold([signal(0, thread_id="t"), sent]).applications) == "Ann Berg"
    assert own_name(fold([signal(0)]).applications) == ""
