"""The number of a vacancy: what announces it, where it stands, what looks like one and is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.reading import requisition


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("Requisition 2026-5581 has been filled", "", "2026-5581"),
        ("Your application", "Job Number: 26000417", "26000417"),
        ("Thank you", "Vacancy ref: ASO/NGO/26/031.", "ASO/NGO/26/031"),
        ("Application acknowledged", "Staff Nurse - NICU (#88302).", "88302"),
        ("Competition 018890: application submitted", "", "018890"),
        ("Kennziffer 44/2026 - Aufhebung", "", "44/2026"),
        ("Ihre Bewerbung", "Ihre Bewerbung (Kennung 7719) ist da.", "7719"),
        ("Gent.ma", "rif. LOG26, Responsabile Logistica", "LOG26"),
        ("Votre candidature (réf. HL/26/03)", "", "HL/26/03"),
        ("Uw sollicitatie", "Kenmerk: HD-2026-019", "HD-2026-019"),
        ("Dziękujemy", "stanowisko: analityk (nr ref. AB/09/2026)", "AB/09/2026"),
        ("Convocatoria 07/26: elección", "", "07/26"),
        ("Candidatura enviada", "A sua resposta ao anúncio nº 9920417 foi entregue", "9920417"),
    ],
)
def test_what_announces_it(subject: str, text: str, number: str) -> None:
    """In eight languages."""
    assert requisition.find(subject, text) == number


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("490077", "Declan, we have enough people.", "490077"),
        ("LV/26/088", "", "LV/26/088"),
        ("Electrician FIFO - 490077", "", "490077"),
        ("RE: Civils Engineer (TPRP-071): application received", "", "TPRP-071"),
        ("Update", "We looked at your profile for R-20937 with care.", "R-20937"),
        ("Your application to Northgate Water", "REF8841K", "REF8841K"),
        ("Your application for Nursing Staff (NRS/4471)", "", "NRS/4471"),
        ("Hello", "R-55012 | Pune, Kharadi", "R-55012"),
        ("Hello", "Job ID\n\n2026-31877", "2026-31877"),
        ("Electrician", "VAC/1042: Council has appointed an apprentice.", "VAC/1042"),
    ],
)
def test_where_it_stands_by_itself(subject: str, text: str, number: str) -> None:
    """A subject, brackets, the beginning of a line, the shape of an applicant system."""
    assert requisition.find(subject, text) == number


@pytest.mark.parametrize(
    "text",
    [
        "Interview on 24/03/2026 at 11:20 in Room 214.",
        "Call 847-555-0177 or +353 1 555 0101.",
        "Meeting ID: 845 3321, passcode 44X812",
        "Candidate ref 30871, user LPC-114-AH, access key: EVLC-7719",
        "Order no. 4471902 and invoice 2026-118",
        "The pay is €52,000 to €61,500, grade B2-B3, class of 2026/27.",
        "Attached: NoorH_2026.pdf and Dawes_M_2026.docx",
        "Peak Search | EA Licence 00C0000 | Reg R0000000",
        "Be at 21 Jalan Buroh, #03-08, Singapore 619478, at 9.30am on 07-Mar-2026",
        "Hôpital Saint-Elme, poste 4417",
        "Lowther LLP, a partnership registered in England and Wales (OC300000). Company no. 01234567. KvK 12345678",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    """Days, hours, phones, sums, grades, rooms, files, and the numbers of people, orders and meetings."""
    assert requisition.find("Your interview on 12 May 2026", text) is None


def test_the_new_number_of_what_was_moved() -> None:
    """The old one is named first."""
    text = "Requisition R-204418 has been replaced by R-205007, Manager."
    assert requisition.find("Update - R-204418", text, moved=True) == "R-205007"


def test_the_number_that_is_announced_outranks_another() -> None:
    """Wherever it stands."""
    assert requisition.find("Your application AB-4471-X", "Vacancy: 377120 - Caseworker") == "377120"


@given(st.text(alphabet="R-12/0() #:abZ\n.", max_size=400))
def test_any_text_gives_a_number_that_stands_in_it_or_none(text: str) -> None:
    """Never something that was not written."""
    found = requisition.find("", text)
    assert found is None or found in text


def test_a_line_said_again_is_weighed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it stands there."""
    weighed: list[str] = []
    worth = requisition._worth
    monkeypatch.setattr(requisition, "_worth", lambda code, *a, **k: weighed.append(code) or worth(code, *a, **k))
    text = "\n".join(["The job is R-20418."] * 150)
    assert requisition.find("Your application", text) == "R-20418"
    assert len(weighed) <= 2
