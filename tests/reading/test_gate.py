"""Job mail is always opened; alerts, newsletters and everyday mail stay closed."""

from __future__ import annotations

import time

import pytest

from hearback.reading import gate

NONE: frozenset[str] = frozenset()

JOB = [
    ("Acme <no-reply@us.greenhouse-mail.io>", "Hello", ""),
    ("jobs-noreply@linkedin.com", "Your application was sent to Acme", ""),
    ("indeedapply@indeed.com", "Indeed Application: Nurse", "The following items were sent to Acme"),
    ("Anna Berg <anna@acme.example>", "Quick chat about the backend role?", "Are you free on Thursday?"),
    ("Anna Berg <anna@acme.example>", "Re: Thursday", "Wonderful, it's in the calendar. See you then on Zoom!"),
    ("Anna Berg <anna@acme.example>", "Python Developer at Acme", "Hi Sam, thank you for writing to us."),
    ("Acme <careers@acme.example>", "Acme", "Hello"),
    ("Acme <no-reply@acme.example>", "Thank you for applying", ""),
    ("Acme <no-reply@acme.example>", "Update", "Unfortunately we have decided to move forward with other candidates."),
    ("Acme <no-reply@acme.example>", "", "We are pleased to offer you the position of nurse"),
    ("", "", "Thank you for your interest in the position of Data Analyst. We regret"),
    ("Tom Ray <tom@agency.example>", "Opportunity", "I came across your profile and have a role with a client"),
    ("HackerRank <support@hackerrankforwork.com>", "Test", ""),
    ("Calendly <notifications@calendly.com>", "Confirmed: 30 min", ""),
    ("Bäckerei <info@baeckerei.example>", "Ihre Bewerbung als Verkäuferin", ""),
    ("Anna <a@werk.example>", "Einladung zum Vorstellungsgespräch", ""),
    (
        "Anna <a@werk.example>",
        "Ihre Unterlagen",
        "leider müssen wir Ihnen mitteilen, dass wir uns für andere Kandidaten entschieden haben",
    ),
    ("RH <contact@usine.example>", "Votre candidature", ""),
    ("Paul <paul@usine.example>", "Entretien du 12 mars", "Nous vous confirmons"),
    ("Lucía <lucia@empresa.example>", "Proceso de selección", ""),
    ("Lucía <lucia@empresa.example>", "Entrevista", "Nos gustaría conocerte"),
    ("Ana <ana@firma.example>", "Processo seletivo Analista", ""),
    ("Ana <ana@firma.example>", "Vaga de analista", "Agradecemos a sua candidatura"),
    ("Luca <luca@ditta.example>", "Colloquio conoscitivo", ""),
    ("Luca <luca@ditta.example>", "La Sua candidatura", "abbiamo ricevuto"),
    ("Joke <joke@bedrijf.example>", "Jouw sollicitatie", ""),
    ("Joke <joke@bedrijf.example>", "Uitnodiging kennismakingsgesprek", ""),
    ("Ewa <ewa@firma.example>", "Rekrutacja na stanowisko analityka", ""),
    ("Ewa <ewa@firma.example>", "Rozmowa", "Zapraszamy na rozmowę kwalifikacyjną"),
    ("DocuSign <dse@docusign.net>", "Please sign: Offer Letter", ""),
    ("Anna Berg <anna@gmail.com>", "Your CV", "Could you send me a more recent version?"),
    ("Acme Recruiting <x@acme.example>", "Sales Manager: next steps", "The sale ends never. Can we speak?"),
]

OTHER = [
    ("LinkedIn <jobalerts-noreply@linkedin.com>", "30 new jobs for nurse", ""),
    ("Indeed <alert@indeed.com>", "Nurse jobs in Leeds", "12 new jobs"),
    (
        "LinkedIn <notifications-noreply@linkedin.com>",
        "Tom appeared in 3 searches",
        "You appeared in 3 searches this week",
    ),
    ("ZipRecruiter <phil@ziprecruiter.com>", "Acme is hiring. Apply now", ""),
    ("StepStone <jobagent@stepstone.de>", "5 neue Jobs für Sie", "Jetzt bewerben"),
    ("Shop <news@shop.example>", "Summer sale: 40% off everything", "Unsubscribe here"),
    ("Shop <orders@shop.example>", "Your order has shipped", "Tracking number 123"),
    ("Bank <service@bank.example>", "Your statement is ready", "Log in to read it"),
    ("Zahnarzt <praxis@zahn.example>", "Rechnung", "Anbei Ihre Rechnung"),
    ("Mum", "Sunday", "Are you coming for lunch?"),
    ("Railway <tickets@rail.example>", "Your ticket to Leeds", "Departure 07:34"),
    ("Gym <hello@gym.example>", "We miss you", "Come back this month"),
    ("The Pager <letters@pager.example>", "Issue 115: databases", "This week: indexes"),
    ("Energie <info@strom.example>", "Neuer Abschlag", "Ab Mai zahlen Sie weniger"),
    ("", "", ""),
]


@pytest.mark.parametrize(("sender", "subject", "snippet"), JOB)
def test_job_mail_is_opened(sender: str, subject: str, snippet: str) -> None:
    """Whichever of sender, subject and snippet says so, in any of the eight languages."""
    assert gate.decide(sender, subject, snippet, known_domains=NONE, known_thread=False).open


@pytest.mark.parametrize(("sender", "subject", "snippet"), OTHER)
def test_other_mail_stays_closed(sender: str, subject: str, snippet: str) -> None:
    """With a reason for the ledger that holds nothing of the mail."""
    decided = gate.decide(sender, subject, snippet, known_domains=NONE, known_thread=False)
    assert not decided.open
    assert decided.reason in {"job alert", "nothing in sender, subject or snippet is about an application"}


def test_a_thread_with_an_application_is_always_opened() -> None:
    """An answer may say nothing but "fine"."""
    assert gate.decide("a@b.example", "", "Fine.", known_domains=NONE, known_thread=True).open


def test_an_employer_applied_to_is_always_opened() -> None:
    """Their subdomains included."""
    known = frozenset({"acme.example"})
    assert gate.decide("a@mail.acme.example", "Hi", "Fine.", known_domains=known, known_thread=False).open


def test_a_hostile_header_is_decided_on_its_beginning() -> None:
    """However long the fields are."""
    decided = gate.decide("<" * 100_000, "(" * 100_000, "a " * 100_000, known_domains=NONE, known_thread=False)
    assert not decided.open


@pytest.mark.parametrize(
    ("sender", "subject", "snippet"),
    [
        ("Con Stavros <con@stavrosmotors.example>", "mate", "You start Monday, bring boots"),
        ("Tessa Lindqvist via LinkedIn <inmail-hit-reply@linkedin.com>", "hello", "We have not met"),
        ("Kestrel Boats <info@kestrel.example>", "Your letter", "Come in on Tuesday and meet the others"),
    ],
)
def test_a_letter_that_a_person_wrote_at_work_is_opened(sender: str, subject: str, snippet: str) -> None:
    """Much of what people write to an applicant names neither job nor application."""
    assert gate.decide(sender, subject, snippet, known_domains=NONE, known_thread=False).open


@pytest.mark.parametrize(
    ("sender", "subject", "snippet"),
    [
        ("Ana Ruiz <ana@rubyfolk.example>", "[ruby-users] hash order", "There is none."),
        ("Ana Ruiz <ana@lists.rubyfolk.example>", "Re: hash order", "There is none."),
        ("Ana Ruiz <ana@acme.example>", "Your invoice", "The parcel has shipped. Your rental is due"),
    ],
)
def test_a_letter_to_a_list_or_about_a_purchase_stays_closed(sender: str, subject: str, snippet: str) -> None:
    """Though a person signed it."""
    assert not gate.decide(sender, subject, snippet, known_domains=NONE, known_thread=False).open


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("Zoë Müller <z.mueller@acme.example>", False),
        ("Zoë Müller <zoe@acme.example>", True),
        ("René Dubois <rene.dubois@acme.example>", True),
        ("Acme <noreply@acme.example>", False),
        ("Acme Office <office@acme.example>", False),
        ("Park Pharmacy <rx@park.example>", False),
    ],
)
def test_a_person_is_who_writes_from_an_address_of_their_name(sender: str, expected: bool) -> None:
    """Accents or not; a desk or a machine is nobody, whatever it is called."""
    assert gate.written_by_a_person(sender) is expected


@pytest.mark.parametrize("hostile", ["your " * 2000, "a" * 100_000, "1 " * 5000, "your " + "a" * 100_000, "% " * 9000])
def test_the_patterns_take_linear_time(hostile: str) -> None:
    """However the text repeats itself."""
    began = time.perf_counter()
    gate.decide(f"{hostile} <x@y.example>", hostile, hostile, known_domains=NONE, known_thread=False)
    assert time.perf_counter() - began < 1
