"""Every template in every tone, with all that can be known and with nothing; hostile names change nothing but text."""

from __future__ import annotations

import re
from datetime import timedelta
from email.headerregistry import HeaderRegistry
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import START, invitation, signal

from hearback.model.act import Add
from hearback.model.facts import Fact
from hearback.model.ids import ActId, Personal
from hearback.model.message import Address
from hearback.model.signal import InterviewAction, Kind, Signal
from hearback.pipeline import situations
from hearback.pipeline.drafts import Draft, clean, draft, words
from hearback.pipeline.folding import fold
from hearback.pipeline.tone import Language, Manner, Tone, own_name
from hearback.pipeline.view import view

TONES = [Tone(language, manner) for language in Language for manner in Manner]
ANNA = Address(Personal("anna.brandt@acme.example"), Personal("Anna Brandt"))
BARE: list[Fact] = [Add(id=ActId("act1"), at=START, company=Personal("Acme"))]


def full(**fields: Any) -> list[Fact]:
    """A receipt, a held round and one to come, a test and an offer with deadlines, own mail."""
    base: dict[str, Any] = {"thread_id": "t", "sender": ANNA, "subject": Personal("Your application")} | fields
    held, coming = START + timedelta(days=2), START + timedelta(days=20)
    return [
        signal(0, **base),
        signal(
            1, **base, kind=Kind.INTERVIEW_INVITATION, interview=invitation(InterviewAction.INVITE, held, uid="one")
        ),
        signal(4, **base, kind=Kind.ASSESSMENT, deadline="2026-09-12"),
        signal(
            5,
            **base,
            kind=Kind.INTERVIEW_INVITATION,
            interview=invitation(InterviewAction.INVITE, coming, uid="two", zone="America/New_York"),
        ),
        signal(6, **base, kind=Kind.OFFER, deadline="2026-09-20T17:00"),
        signal(
            7,
            **{
                **base,
                "sender": Address(Personal("ann@gmail.example"), Personal("Ann Berg")),
                "sent": True,
                "kind": Kind.OTHER,
            },
        ),
    ]


def drafted(name: str, facts: list[Fact], tone: Tone) -> Draft:
    (application,) = fold(facts).applications
    seen = view(application, START + timedelta(days=8), "Europe/Berlin")
    mail = [each for each in facts if isinstance(each, Signal)]
    return draft(situations.situation(name), seen, mail, tone, zone="Europe/Berlin", me=own_name([application]))


def test_the_library_is_large_enough() -> None:
    """At least 25 situations, each in all four tones."""
    assert len(situations.library()) >= 25
    assert all(set(each.wordings) == set(TONES) for each in situations.library().values())


@pytest.mark.parametrize("facts", [full(), BARE], ids=["full", "bare"])
@pytest.mark.parametrize("tone", TONES, ids=lambda tone: f"{tone.language}-{tone.manner}")
@pytest.mark.parametrize("name", situations.library())
def test_every_template_makes_a_mail_one_could_send(name: str, tone: Tone, facts: list[Fact]) -> None:
    """No hole, no double space, no doubled or stray stop, greeting and closing, at most 200 words."""
    made = drafted(name, facts, tone)
    for text in (made.subject, made.text):
        assert text == text.strip()
        assert not re.search(r"[{}\[\]<>%]|\bNone\b|…", text)
        assert "  " not in text
        assert not re.search(r"\s[.,;:!?]|[.,;:!?]{2}|\n{3}|,\.|\ba the\b", text)
    assert made.subject
    assert "\n" not in made.subject
    assert len(made.text.split()) <= 200
    lines = made.text.split("\n")
    assert lines[0].endswith(",")
    assert made.text.count("\n\n") >= 2


@pytest.mark.parametrize("name", situations.library())
def test_german_manners_are_kept_apart(name: str) -> None:
    """No du in a formal draft, no Sie in an informal one."""
    formal = drafted(name, full(), Tone(Language.GERMAN, Manner.FORMAL)).text
    informal = drafted(name, full(), Tone(Language.GERMAN, Manner.INFORMAL)).text
    assert not re.search(r"\b(?:du|dich|dir|dein\w*|euch|euer|eure\w*|ihr)\b", formal)
    assert not re.search(r"(?<![.!?] )(?<!\n)\b(?:Sie|Ihnen|Ihre?[mnrs]?)\b", informal)


@pytest.mark.parametrize(
    ("tone", "first", "last"),
    [
        (TONES[0], "Dear Anna Brandt,", "Kind regards,\nAnn Berg"),
        (TONES[1], "Hi Anna,", "Best,\nAnn Berg"),
        (TONES[2], "Guten Tag Anna Brandt,", "Mit freundlichen Grüßen\nAnn Berg"),
        (TONES[3], "Hallo Anna,", "Viele Grüße\nAnn Berg"),
    ],
)
def test_greeting_and_closing_follow_the_tone(tone: Tone, first: str, last: str) -> None:
    """With the recruiter's name and the person's own."""
    text = drafted("ask-about-process", full(), tone).text
    assert text.startswith(first)
    assert text.endswith(last)


def test_a_draft_answers_the_mail_it_answers() -> None:
    """Their address, their subject with one Re:."""
    made = drafted("thank-for-offer", full(), TONES[0])
    assert (made.to, made.subject) == (ANNA.address, "Re: Your application")
    again = drafted("thank-for-offer", full(subject=Personal("AW: Your application")), TONES[0])
    assert again.subject == "AW: Your application"


def test_a_draft_to_somebody_else_has_its_own_subject() -> None:
    """Whoever recommended the person is not the recruiter."""
    made = drafted("thank-referrer", full(), TONES[0])
    assert (made.to, made.subject) == ("", "Thank you for your recommendation")
    assert "Anna" not in made.text


def test_words_say_what_is_known() -> None:
    """Days as one says them, a round in the zone it was named in, roles without (m/w/d) and names without a last stop."""
    (application,) = fold(full(role=Personal("Data Engineer (m/w/d)"), company=Personal("Acme Inc."))).applications
    seen = view(application, START + timedelta(days=8), "Europe/Berlin")
    mail = [each for each in full() if isinstance(each, Signal)]
    assert words(seen, mail, Language.GERMAN, "Europe/Berlin") == {
        "role": "Data Engineer",
        "company": "Acme Inc",
        "position": "Stelle als Data Engineer",
        "at_company": " bei Acme Inc",
        "topic": "Data Engineer bei Acme Inc",
        "about": ": Data Engineer bei Acme Inc",
        "applied_on": " am 1. September",
        "interview_day": " am 3. September",
        "interview_at": "Montag, 21. September um 05:00 Uhr (UTC-4)",
        "due": "20. September",
    }


NASTY = st.text(max_size=120) | st.sampled_from(
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "Acme\r\nBcc: everyone@example.com",
        "x?bcc=evil@example.com&body=hi",
        "\u202egnp.exe",
        "<script>alert(1)</script>",
        "a\x00b",
        "%0d%0aCc: evil@example.com",
    ]
)


@given(company=NASTY, role=NASTY, name=NASTY, subject=NASTY, address=NASTY | st.emails())
def test_hostile_names_are_harmless(company: str, role: str, name: str, subject: str, address: str) -> None:
    """A mailto: has one address or none, one subject, one text; a subject is one line; nothing is run or invisible."""
    facts = full(
        company=Personal(company),
        role=Personal(role),
        sender=Address(Personal(address), Personal(name)),
        subject=Personal(subject),
        domain="acme.example",
    )
    applications = fold(facts).applications
    mail = [each for each in facts if isinstance(each, Signal)]
    for application in applications:
        seen = view(application, START + timedelta(days=8), "UTC")
        made = draft(
            situations.situation("follow-up-after-interview"),
            seen,
            mail,
            TONES[0],
            zone="UTC",
            me=own_name([application]),
        )
        parts = urlsplit(made.mailto)
        fields = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
        assert parts.scheme == "mailto"
        assert list(fields) == ["subject", "body"]
        assert fields == {"subject": made.subject, "body": made.text.replace("\n", "\r\n")}
        assert re.fullmatch(r"[A-Za-z0-9._+%~@-]*", parts.path)
        assert made.to in {"", address}
        HeaderRegistry()("subject", made.subject)  # refuses a line break
        assert made.subject.isprintable()
        assert all(line.isprintable() for line in made.text.split("\n"))
        assert "  " not in made.text
        assert len(made.text.split()) <= 260


@given(st.text())
def test_a_cleaned_value_is_one_short_line(text: str) -> None:
    """Cleaning twice is cleaning once."""
    line = clean(text)
    assert line == clean(line)
    assert len(line) <= 80
    assert line.isprintable()
