"""What patterns fit: senders, words and companies, whatever case and accents, and only what is meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model import pattern
from hearback.model.filter import Filter, Line, Part
from hearback.model.ids import Personal
from hearback.model.message import Address


def sender(address: str, name: str = "") -> Address:
    return Address(Personal(address), Personal(name))


@pytest.mark.parametrize(
    ("written", "address", "name", "fits"),
    [
        ("*@linkedin.com", "jobs@linkedin.com", "", True),
        ("*@LinkedIn.com", "Jobs@linkedin.COM", "", True),
        ("*@linkedin.com", "jobs@e.linkedin.com", "", False),
        ("*@linkedin.com", "jobs@linkedin.com.evil.example", "", False),
        ("*@*linkedin.com", "jobs@e.linkedin.com", "", True),
        ("recruiter@*", "recruiter@acme.example", "", True),
        ("recruiter@*", "a-recruiter@acme.example", "", False),
        ("ann@acme.example", "ann@acme.example", "", True),
        ("ann@acme.example", "joann@acme.example", "", False),
        ("acme.example", "ann@acme.example", "", True),
        ("acme.example", "ann@mail.acme.example", "", True),
        ("acme.example", "ann@notacme.example", "", False),
        ("*.acme.example", "ann@mail.acme.example", "", True),
        ("*.acme.example", "ann@acme.example", "", False),
        ("acme.*", "ann@acme.example", "", True),
        ("linkedin", "jobs-noreply@linkedin.com", "", True),
        ("linkedin", "x@y.example", "LinkedIn Jobs", True),
        ("linked", "x@y.example", "LinkedIn Jobs", True),
        ("kedin", "x@y.example", "LinkedIn Jobs", False),
        ("josé álvarez", "x@y.example", "JOSE ALVAREZ", True),
        ("Jose Alvarez", "x@y.example", "José Álvarez", True),
        ("acme", "", "", False),
    ],
)
def test_a_sender_is_named_by_address_domain_or_name(written: str, address: str, name: str, fits: bool) -> None:
    """With @ the whole address; with a dot the domain and what is below it; else how a word begins."""
    assert pattern.of_sender(written, sender(address, name)) is fits


@pytest.mark.parametrize(
    ("written", "text", "fits"),
    [
        ("interview", "Interviews next week", True),
        ("interview", "Your reinterview", False),
        ("*interview", "Your reinterview", True),
        ("offer", "A coffer", False),
        ("your offer", "About your offers", True),
        ("your offer", "About your  OFFER", True),
        ("gesprach", "Vorstellungsgespräch", False),
        ("*gesprach", "Vorstellungsgespräch", True),
        ("strasse", "Hauptstraße 1", False),
        ("haupt*1", "Hauptstraße 1", True),
        ("interview*acme", "Interview at Acme", True),
        ("acme*interview", "Interview at Acme", False),
        ("a*a", "a", False),
        ("c++", "Senior C++ developer", True),
        ("(m/w/d)", "Entwickler (m/w/d)", True),
    ],
)
def test_words_are_found_where_they_begin(written: str, text: str, fits: bool) -> None:
    """Case and accents are of no account; a star stands for anything."""
    assert pattern.in_text(written, text) is fits


@pytest.mark.parametrize(
    ("written", "company", "fits"),
    [
        ("Meta", "Meta", True),
        ("Meta", "Meta Platforms", True),
        ("Meta", "Metaverse", False),
        ("Meta*", "Metaverse", True),
        ("*verse", "Metaverse", True),
        ("acme labs", "The ACME Labs GmbH", True),
        ("acme", "Notacme", False),
        ("a*c", "a bc d", True),
        ("a*c", "a cd", False),
        ("a*c", "a cd c", True),
        ("x", "xx x", True),
    ],
)
def test_a_company_is_named_by_whole_words(written: str, company: str, fits: bool) -> None:
    """ "Meta" is not "Metaverse"."""
    assert pattern.of_company(written, company) is fits


LETTERS = st.text("ab.@ -", max_size=12)
PATTERNS = st.text("ab.@ -*", min_size=1, max_size=6)


def expression(written: str) -> str:
    return ".*".join(re.escape(each) for each in pattern.pieces(written))


@given(PATTERNS, LETTERS)
def test_stars_mean_what_they_do_in_an_expression(written: str, text: str) -> None:
    """Looking for the pieces one by one finds what trying every way would."""
    plain, parts = pattern.folded(text), pattern.pieces(written)
    assert pattern.whole(parts, plain) is bool(re.fullmatch(expression(written), plain))
    begins = rf"(?<![a-z0-9]){expression(written)}" if parts[0][:1].isalnum() else expression(written)
    assert pattern.begins_word(parts, plain) is bool(re.search(begins, plain))
    ends = rf"{begins}(?![a-z0-9])" if parts[-1][-1:].isalnum() else begins
    assert pattern.whole_words(parts, plain) is bool(re.search(ends, plain))


@given(st.text(max_size=40), st.text(min_size=1, max_size=10))
def test_folding_twice_is_folding_once(text: str, written: str) -> None:
    """And no text or pattern breaks it."""
    assert pattern.folded(pattern.folded(text)) == pattern.folded(text)
    pattern.in_text(written, text)
    pattern.of_company(written, text)
    pattern.of_sender(written, sender(text, text))


def test_all_lines_of_a_filter_must_fit() -> None:
    """Of a line's items one; of what is excluded none, in sender or subject."""
    made = Filter(
        (
            Line(Part.FROM, (Personal("*@linkedin.com"), Personal("recruiter@*"))),
            Line(Part.SUBJECT, (Personal("interview"), Personal("offer"))),
            Line(Part.EXCLUDE, (Personal("newsletter"), Personal("x@linkedin.com"))),
        )
    )
    assert made.fits(sender("jobs@linkedin.com"), "An offer")
    assert made.fits(sender("recruiter@acme.example"), "Interview")
    assert not made.fits(sender("jobs@acme.example"), "Interview")
    assert not made.fits(sender("jobs@linkedin.com"), "News")
    assert not made.fits(sender("newsletter@linkedin.com"), "An offer")
    assert not made.fits(sender("jobs@linkedin.com"), "Offer newsletter")
    assert not made.fits(sender("x@linkedin.com"), "An offer")
