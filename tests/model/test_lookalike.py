"""A domain that is made to be taken for another is told from one that merely resembles it."""

from __future__ import annotations

import pytest

from hearback.model import lookalike

GENUINE = ("greenhouse-mail.io", "greenhouse.io", "lever.co", "linkedin.com", "smartrecruiters.com", "dover.com")


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("greenhouse-rnail.io", "greenhouse-mail.io"),
        ("linkedln.com", "linkedin.com"),
        ("1inkedin.com", "linkedin.com"),
        ("iever.co", "lever.co"),
        ("grеenhоusе.io", "greenhouse.io"),
        ("xn--greenhuse-57a.io", "greenhouse.io"),
    ],
)
def test_letters_that_look_alike_are_seen_through(domain: str, expected: str) -> None:
    """Letters for letters (rn, m; l, i), a digit, Cyrillic, an accent; in punycode too."""
    assert expected == lookalike.imitated(domain, GENUINE)


@pytest.mark.parametrize(
    "domain", ["smartrecruiter.com", "smartrecruitters.com", "smartrecruitesr.com", "smartrecruitars.com"]
)
def test_a_long_name_one_letter_away_imitates(domain: str) -> None:
    """Left out, added, swapped, changed."""
    assert lookalike.imitated(domain, GENUINE) == "smartrecruiters.com"


@pytest.mark.parametrize("domain", ["rover.com", "clever.com", "levers.co"])
def test_a_short_name_one_letter_away_is_another_name(domain: str) -> None:
    """Short names have honest neighbours."""
    assert lookalike.imitated(domain, GENUINE) is None


@pytest.mark.parametrize("domain", ["linkedin.de", "linked-in.com", "greenhouse.io"])
def test_the_same_name_is_no_imitation(domain: str) -> None:
    """Under another ending or with a hyphen it may be theirs too."""
    assert lookalike.imitated(domain, GENUINE) is None


def test_another_number_is_no_imitation() -> None:
    """Schools and branches are numbered."""
    assert lookalike.imitated("grundschule12.example", ["grundschule13.example"]) is None


@pytest.mark.parametrize(
    "domain", ["greenhouse.io.evil.example", "greenhouse-io.example", "mail.greenhouse-io.example"]
)
def test_another_domain_in_front_is_borrowed(domain: str) -> None:
    """What counts of a domain is its end."""
    assert lookalike.borrowed(domain, GENUINE) == "greenhouse.io"


@pytest.mark.parametrize("domain", ["greenhouse.io", "mail.greenhouse.io", "greenhouse.acme.example"])
def test_a_domain_at_the_end_is_its_own(domain: str) -> None:
    """Subdomains are the owner's; an employer may name one after a vendor."""
    assert lookalike.borrowed(domain, GENUINE) is None


@pytest.mark.parametrize(
    ("domain", "expected"),
    [("gооgle.com", True), ("xn--ggle-55da.com", True), ("müller.de", False), ("пример.рф", False), ("acme.рф", False)],
)
def test_one_name_has_letters_of_one_alphabet(domain: str, expected: bool) -> None:
    """Accents are no other alphabet, and an ending may be of another."""
    assert lookalike.mixes_alphabets(domain) is expected


@pytest.mark.parametrize("domain", ["", ".", "xn--", "xn--\x00", "a" * 500, "xn--" + "9" * 300 + ".io", "@"])
def test_any_text_gets_an_answer(domain: str) -> None:
    """A sender may write anything."""
    assert lookalike.imitated(domain, GENUINE) is None
    assert lookalike.borrowed(domain, GENUINE) is None
    assert not lookalike.mixes_alphabets(domain)
