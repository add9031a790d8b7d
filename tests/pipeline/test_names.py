"""When names, titles and numbers mean the same."""

from __future__ import annotations

import pytest

from hearback.pipeline.names import Company, company_likeness, company_starts, domain_starts, spelled_by
from hearback.pipeline.requisitions import requisition_key, same_requisition
from hearback.pipeline.titles import Role, role_likeness, worded_alike


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("ACME GmbH", "Acme", Company.SAME),
        ("Blue Heron", "Blueheron", Company.SAME),
        ("Acme", "Acme Labs Germany", Company.EXTENDED),
        ("Tidewater", "Tidewater Grid", Company.NEAR),
        ("Colegio Peñalara Norte", "Peñalara Norte", Company.NEAR),
        ("Lütjens Versicherung", "Luetjens", Company.NEAR),
        ("Port of Kestrel", "Portofkestrel", Company.SAME),
        ("St Brendan's Hospital", "St Brendans Hospital", Company.SAME),
        ("Blue Heron", "Blü Heron", Company.SAME),
        ("Lakemont Digital Studio", "Lakemont Health System", Company.KIN),
        ("Voltaenergy", "Volta Energy Storage", Company.NEAR),
        ("Meta", "Metaverse", Company.OTHER),
        ("AEON", "Aon", Company.OTHER),
        ("Bauer", "Baur", Company.OTHER),
        ("Tecta", "Tectaris", Company.OTHER),
        ("General Software", "Software", Company.OTHER),
    ],
)
def test_company_names(one: str, other: str, likeness: Company) -> None:
    """In both directions."""
    assert likeness is company_likeness(one, other)
    assert likeness is company_likeness(other, one)


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("halyardsearch.example", "Halyard Search Partners"),
        ("cartwheelhh.example", "Cartwheel Home Health"),
        ("ucorrib.example", "University of Corrib"),
        ("portofkestrel.example", "Port of Kestrel"),
        ("luetjens.example", "Lütjens Versicherung"),
        ("caisse-epargne.example", "Caisse d’Epargne"),
        ("bodan-praezision.example", "Bodan Präzisionsteile"),
        ("orionlabs-people.example", "Orion Labs"),
        ("stbrendansgalway.example", "St Brendan's Private Hospital Galway"),
    ],
)
def test_a_domain_that_spells_a_name(domain: str, company: str) -> None:
    """Words are cut short, run together, left out in the middle."""
    assert spelled_by(domain, company)


@pytest.mark.parametrize(
    ("domain", "company"),
    [("northgatebank.example", "Northgate Water"), ("lkmstudio.example", "Lakemont Health"), ("x.example", "Xylo")],
)
def test_a_domain_that_spells_another_name(domain: str, company: str) -> None:
    """Letters that the name does not have are another name's."""
    assert not spelled_by(domain, company)


def test_a_domain_and_a_name_of_one_letter_are_compared_at_once() -> None:
    """Each letter could be any word's: there are more ways than could be tried one by one."""
    assert not spelled_by("a" * 62 + "b.example", " ".join(["a" * 30] * 6))


def test_names_that_mean_the_same_have_a_beginning_in_common() -> None:
    """Else they would never meet."""
    assert company_starts("Colegio Peñalara Norte") & company_starts("Peñalara Norte")
    assert company_starts("Blue Heron") & company_starts("Blueheron Insurance")
    assert company_starts("Mon Valley Hospice") & company_starts("Monvalleyhospice")
    assert company_starts("Lütjens Versicherung") & domain_starts("luetjens.example")
    assert company_starts("Lakemont Health") & company_starts("Lakemont Digital Studio")


def test_a_general_first_word_leads_nowhere() -> None:
    """Else everybody with “North” in front would be one component."""
    assert not company_starts("North Star Foods") & company_starts("North Shore Clinic")


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Qualitätsingenieur Lieferanten", "Qualitätsingenieurin Lieferanten (m/w/d)", Role.SAME),
        ("BI Developer", "Business Intelligence Developer", Role.SAME),
        ("ADON", "Assistant Director of Nursing", Role.SAME),
        ("Data Engineer", "Data Engineer, Payments", Role.PART),
        ("Pre-Op RN", "Registered Nurse Pre-Op/PACU", Role.PART),
        ("Highways Engineer", "Senior Highways Engineer", Role.LEVEL),
        ("QC Analyst", "QC Analyst II", Role.LEVEL),
        ("Data Engineer", "Software Engineer", Role.OTHER),
    ],
)
def test_titles(one: str, other: str, likeness: Role) -> None:
    """In both directions."""
    assert likeness is role_likeness(one, other)
    assert likeness is role_likeness(other, one)


def test_titles_worded_by_a_board_and_by_an_employer() -> None:
    """Most words begin alike; one common word is not most, and another level is another job."""
    assert worded_alike("Brewery Laboratory Technician", "Lab Technician (Brewing)")
    assert not worded_alike("Data Engineer", "Software Engineer")
    assert not worded_alike("Laboratory Technician", "Senior Lab Technician")


@pytest.mark.parametrize(
    ("one", "other"), [("391-BR-7120", "7120"), ("TNR/902", "902"), ("2026-HL-017", "HL-017"), ("R-3391", "3391")]
)
def test_numbers_cut_short_are_the_same_and_meet(one: str, other: str) -> None:
    """Each sender writes the part it likes; a link key leads from one to the other."""
    assert same_requisition(one, other)
    assert requisition_key(one) == requisition_key(other)


@pytest.mark.parametrize(("one", "other"), [("MVC/PL/1187", "MVC/PL/1192"), ("R-20418", "R-20455"), ("R-12", "12")])
def test_other_numbers_are_other_vacancies(one: str, other: str) -> None:
    """Two digits are too few to be a number cut short."""
    assert not same_requisition(one, other)
