"""Who a domain is: an applicant system, a board, a vendor, free mail, or an employer."""

from __future__ import annotations

import pytest

from hearback.reading import senders


@pytest.mark.parametrize(
    ("domain", "vendor"),
    [
        ("us.greenhouse-mail.io", "greenhouse"),
        ("acme.teamtailor-mail.com", "teamtailor"),
        ("candidates.workablemail.com", "workable"),
        ("invalidemail.com", "taleo"),
        ("JOBS2WEB.com", "sap successfactors"),
        ("hire.lever.co", "lever"),
        ("acme.example", None),
        ("notgreenhouse.io", None),
        ("greenhouse.io.evil.example", None),
        ("", None),
        ("com", None),
    ],
)
def test_an_applicant_system_is_known_by_its_domains_suffix(domain: str, vendor: str | None) -> None:
    """Tenants stand before it; look-alikes are none."""
    assert vendor == senders.vendor_of(domain)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("jobs.acme.co.uk", "acme.co.uk"),
        ("acme.com.br", "acme.com.br"),
        ("a.b.acme.com.br", "acme.com.br"),
        ("mail.acme.de", "acme.de"),
        ("acme.example", "acme.example"),
        ("acme.github.io", "github.io"),
        ("x.ac.jp", "x.ac.jp"),
        ("careers.acme.gov.au", "acme.gov.au"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_registrable_domain_is_one_label_below_the_public_suffix(domain: str, expected: str) -> None:
    """Offline: the list that comes with the library, nothing fetched."""
    assert expected == senders.registrable(domain)


@pytest.mark.parametrize("domain", ["us.greenhouse-mail.io", "linkedin.com", "mail.calendly.com", "gmail.com", "", "x"])
def test_relays_boards_vendors_and_free_mail_are_never_the_employer(domain: str) -> None:
    """Their domain says nothing about who the employer is."""
    assert senders.employer_domain(domain) is None


def test_an_employers_own_domain_is_theirs() -> None:
    """Whatever the subdomain."""
    assert senders.employer_domain("careers.acme.co.uk") == "acme.co.uk"


def test_addresses_that_send_alerts_are_known() -> None:
    """The board sends receipts from its other addresses."""
    assert senders.is_alert("jobalerts-noreply@linkedin.com")
    assert not senders.is_alert("jobs-noreply@linkedin.com")
    assert not senders.is_alert("anna@acme.example")


def test_boards_and_free_mail_are_known() -> None:
    """By suffix, as all of the table."""
    assert senders.is_board("mail.indeed.com")
    assert senders.is_freemail("gmx.de")
    assert not senders.is_board("acme.example")


@pytest.mark.parametrize("domain", ["yahoo.com.au", "outlook.ie", "hotmail.fr", "mail.gmx.at", "bigpond.com"])
def test_free_mail_of_any_country_is_nobodys_employer(domain: str) -> None:
    """A recruiter who writes from home is no employer called Yahoo."""
    assert senders.is_freemail(domain)
    assert senders.employer_domain(domain) is None


@pytest.mark.parametrize(
    "domain", ["yahooinc.com", "outlook-hotels.de", "jobs.outlook.agency", "gmx.plc", "firma.seznam.cz"]
)
def test_an_employer_called_nearly_like_free_mail_is_one(domain: str) -> None:
    """Only the whole name under a country's top level is free mail, and of a provider only the domain its customers have."""
    assert not senders.is_freemail(domain)


def test_what_was_learned_of_since_training_is_no_flag_for_the_weights() -> None:
    """Else a longer list would ask for new weights."""
    assert list(senders.flags("jobs.rezoomo.com")) == list(senders.flags("yahoo.com.au")) == []
    assert list(senders.flags("gmail.com")) == ["freemail"]
    assert senders.vendor_of("jobs.rezoomo.com") == "rezoomo"


@pytest.mark.parametrize(
    ("domain", "known"), [("mail.hackerrank.com", True), ("calendly.com", True), ("x.example", False)]
)
def test_vendors_of_tests_and_of_scheduling_are_known(domain: str, known: bool) -> None:
    """By suffix too."""
    assert senders.is_vendor(domain) is known
