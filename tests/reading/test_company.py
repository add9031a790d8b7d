"""Whose job it is: marks of the encoder, the sender's domain, display names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hearback.model.message import Message, RawMessage
from hearback.reading import company
from hearback.reading.encoder import Mark
from hearback.reading.mime import parse
from hearback.reading.spelling import spelled_out


@pytest.fixture
def letter(imported: Callable[[bytes], RawMessage]) -> Callable[[str, str], Message]:
    """A mail with this sender and body."""

    def made(sender: str, body: str) -> Message:
        head = f"From: {sender}\nTo: me@home.example\nSubject: News\nMessage-ID: <1@x>\n"
        return parse(
            imported(f"{head}Date: Mon, 09 Mar 2026 09:00:00 +0100\n\n{body}\n".encode()), frozenset(), frozenset()
        )

    return made


Letter = Callable[[str, str], Message]


def test_a_mark_on_the_address_means_what_its_domain_spells(letter: Letter) -> None:
    """In whatever case the mail writes it."""
    message = letter("Rafa <rafa@thecrookedfork.example>", "See you Saturday.\nrafa / the crooked fork")
    assert company.find(message, [Mark(0, "rafa@thecrookedfork.example", 0.9)], None) == "The Crooked Fork"


def test_a_domain_the_mail_never_writes_out_is_spelled(letter: Letter) -> None:
    """Better than nothing, and the same name to the fold."""
    message = letter("Jonas <jonas@nordlicht-software.example>", "Dienstag passt.")
    assert company.find(message, [Mark(0, "jonas@nordlicht-software.example", 0.8)], None) == "Nordlicht Software"


def test_a_link_to_the_senders_own_host_means_the_same(letter: Letter) -> None:
    """Links are shown as hosts."""
    message = letter("Jonas <jonas@nordlicht-software.example>", "Raum: https://video.nordlicht-software.example/x")
    assert company.find(message, [Mark(2, "video.nordlicht-software.example", 0.8)], None) == "Nordlicht Software"


def test_the_senders_own_name_is_no_company(letter: Letter) -> None:
    """Zubin Contractor runs Parsi Curry."""
    message = letter("Zubin Contractor <zubin@parsicurry.example>", "No post any more. Zubin, Parsi Curry")
    marks = [Mark(0, "Zubin Contractor", 0.87), Mark(0, "zubin@parsicurry.example", 0.85), Mark(2, "Zubin", 0.9)]
    assert company.find(message, marks, None) == "Parsi Curry"


def test_the_fuller_writing_of_a_name_is_taken(letter: Letter) -> None:
    """Auburn & Lake is Auburn & Lake Insurance."""
    message = letter("Auburn & Lake Insurance <x@taleo.net>", "Auburn & Lake thanks you. Auburn & Lake")
    marks = [Mark(0, "Auburn & Lake Insurance", 0.9), Mark(2, "Auburn & Lake", 0.9), Mark(2, "Auburn & Lake", 0.9)]
    assert company.find(message, marks, None) == "Auburn & Lake Insurance"


def test_a_word_that_looks_like_a_department_stays_where_the_domain_spells_it(letter: Letter) -> None:
    """BrightPath People is an agency, not BrightPath's people team."""
    message = letter("Kyle <kyle@brightpathpeople.example>", "Kyle, BrightPath People Ltd")
    assert company.find(message, [Mark(2, "BrightPath People", 0.9)], None) == "BrightPath People"


def test_a_doubtful_mark_decides_nothing(letter: Letter) -> None:
    """The phrases of the mail are asked instead."""
    message = letter("Jobs <no-reply@us.greenhouse-mail.io>", "Thank you for applying to Acme.")
    assert company.find(message, [Mark(2, "Thursday", 0.55)], None) == "Acme"


def test_a_system_is_never_the_company(letter: Letter) -> None:
    """Whatever is marked."""
    message = letter("Workable <x@workablemail.com>", "Thank you for applying to Acme via Workable.")
    assert company.find(message, [Mark(2, "Workable", 0.9)], None) == "Acme"


@pytest.mark.parametrize(
    ("label", "text", "name"),
    [
        ("kwekerijdelinde", "Groeten, Kwekerij De Linde", "Kwekerij De Linde"),
        ("cremecafe", "Crème & Café grüßt", "Crème & Café"),
        ("acme", "at ACME today", "ACME"),
        ("abc", "abc", None),
        ("nowhere", "not written out", None),
    ],
)
def test_how_a_mail_writes_what_a_domain_spells(label: str, text: str, name: str | None) -> None:
    """Accents, case and spaces apart; short labels are spelled by too much."""
    assert spelled_out(label, text) == name


def test_an_employer_before_a_relays_at_sign_is_no_person(letter: Letter) -> None:
    """Personio's addresses hold a word of the employer's name."""
    message = letter("Museum am Kupfergraben <bewerbung-kupfergraben@m.personio.de>", "Ihre Unterlagen sind da.")
    assert company.find(message, [Mark(0, "Museum am Kupfergraben", 0.9)], None) == "Museum am Kupfergraben"


def test_a_mark_that_begins_late_is_completed_by_the_signature(letter: Letter) -> None:
    """Where a line of its own writes the whole name."""
    message = letter("P. Quin <p@bondmail.example>", "It is in hand.\nP. Quin\nArdcath Quin Solicitors, Main Street")
    assert company.find(message, [Mark(2, "Quin Solicitors", 0.97)], None) == "Ardcath Quin Solicitors"


@pytest.mark.parametrize(
    "line", ["Team Veloscoop", "Employer: Veloscoop", "Ihr Veloscoop", "Toni Veloscoop", "Toni Veloscoop."]
)
def test_what_stands_before_a_name_on_its_line_is_not_always_part_of_it(letter: Letter, line: str) -> None:
    """The team, a field's label, a greeting, the writer's first name."""
    message = letter("Toni Veloscoop <toni@veloscoop.example>", f"We have your papers.\n{line}")
    assert company.find(message, [Mark(2, "Veloscoop", 0.9), Mark(2, "Veloscoop", 0.9)], None) == "Veloscoop"


def test_a_name_inside_a_longer_word_is_no_late_beginning(letter: Letter) -> None:
    """TestHub is not Test Hub."""
    message = letter("P. Quin <p@bondmail.example>", "It is in hand.\nTestHub, Main Street")
    assert company.find(message, [Mark(2, "Hub", 0.97)], None) == "Hub"


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("quillandpocket", "Quill & Pocket"),
        ("seilundtoechter", "Seil & Töchter"),
        ("officinasantelmo", "Officina di Sant'Elmo"),
        ("ateliersaigrette", "Ateliers de l'Aigrette"),
        ("kwekerijdelinde", "Kwekerij De Linde"),
    ],
)
def test_a_domain_spells_a_name_without_its_small_words_and_signs(label: str, written: str) -> None:
    """ "&" in any language, umlauts, articles that are left out."""
    assert spelled_out(label, f"Ciao, hallo!\n{written}, 12 High Street") == written


def test_what_a_domain_spells_is_a_name_though_it_ends_like_a_post(letter: Letter) -> None:
    """A porter is a role, Quill & Porter a firm."""
    message = letter("Dee <dee@quillandporter.example>", "Ten minutes?\nQuill & Porter | Technology")
    assert company.find(message, [Mark(2, "Quill & Porter", 0.9)], None) == "Quill & Porter"


@pytest.mark.parametrize(("code", "is_name"), [("10", False), ("TPRP-071", False), ("JR88120", False), ("G4S", True)])
def test_a_number_or_code_is_no_company(letter: Letter, code: str, is_name: bool) -> None:
    """The mark slipped."""
    message = letter("Ada <ada@sableharbour.example>", f"Ten it is, {code}.")
    assert (company.find(message, [Mark(2, code, 0.97)], None) == code) is is_name


def test_a_mark_that_begins_after_the_and_is_completed(letter: Letter) -> None:
    """Partners have names, too."""
    message = letter("P. Quin <p@bondmail.example>", "It is in hand.\nP. Quin\nArdcath & Quin, Main Street")
    assert company.find(message, [Mark(2, "Quin", 0.97)], None) == "Ardcath & Quin"


def test_a_surname_after_an_initial_in_the_address_is_the_writer(letter: Letter) -> None:
    """Whatever the mark says."""
    message = letter("Yolanda Drewitt-Salas <ydrewitt@norvane.example>", "Thank you for telling me.\nYolanda Drewitt")
    assert company.find(message, [Mark(2, "Yolanda Drewitt", 0.9)], None) == "Norvane"


@pytest.mark.parametrize(("chance", "found"), [(0.9, "Harborhealth"), (0.97, "MSICU")])
def test_an_employers_own_domain_outranks_a_doubtful_name(letter: Letter, chance: float, found: str) -> None:
    """A ward, a place, a colleague: a mark elsewhere has to be surer."""
    message = letter("Luis Arroyo <larroyo@harborhealth.example>", "You shadow on the MSICU on Thursday.")
    assert company.find(message, [Mark(2, "MSICU", chance)], None) == found


def test_an_agencys_domain_does_not(letter: Letter) -> None:
    """It names its clients."""
    message = letter("Ann Bright <ann@brightwatersearch.example>", "Pellgrove would like to meet you.")
    assert company.find(message, [Mark(2, "Pellgrove", 0.8)], None) == "Pellgrove"


@pytest.mark.parametrize("name", ["Marqués", "Elena Marqués", "Elena"])
def test_the_writers_name_with_accents_is_no_company(letter: Letter, name: str) -> None:
    """Addresses spell it without."""
    message = letter("Elena Marqués <elena.marques@mirasierra.example>", f"Un saludo,\n{name}")
    assert company.find(message, [Mark(2, name, 0.98)], None) == "Mirasierra"


def test_the_other_half_of_the_writers_name_is_no_company(letter: Letter) -> None:
    """The address has the last name only."""
    message = letter("Kristine Abara <kabara@cartiertalent.example>", "Talk soon,\nKristine")
    assert company.find(message, [Mark(2, "Kristine", 0.98)], None) == "Cartiertalent"


def test_an_offices_name_is_the_employers(letter: Letter) -> None:
    """What an office's address spells is no person."""
    message = letter("Stadtwerke Personal <personal@sw-lindenau.example>", "Ihre Bewerbung ist da.")
    assert company.find(message, [Mark(0, "Stadtwerke", 1.0)], None) == "Stadtwerke"


def test_a_video_service_is_nobodys_employer(letter: Letter) -> None:
    """The link to the room is marked at times."""
    message = letter("Ann <ann@slievehealth.example>", "Join at https://slieve.webex.com/meet/ann")
    assert company.find(message, [Mark(2, "slieve.webex.com", 0.98)], None) == "Slievehealth"


def test_a_saint_ends_no_sentence(letter: Letter) -> None:
    """St. Lucius is one name."""
    message = letter("St. Lucius Medical Center <stlucius@myworkday.com>", "We have your application.")
    assert company.find(message, [Mark(0, "St. Lucius Medical Center", 1.0)], None) == "St. Lucius Medical Center"
