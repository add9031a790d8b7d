"""What certainly covers what: an answer of yes holds for every mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model import pattern
from hearback.model.filter import Filter, NotAFilter
from hearback.model.ids import Personal
from hearback.model.mailbox import Preferences, Reads
from hearback.model.message import Address
from hearback.pipeline import covering
from hearback.pipeline.filters import parse, parse_all

PATTERNS = st.text("ab.@ *", min_size=1, max_size=5).filter(lambda text: bool(pattern.folded(text).strip("* ")))
TEXTS = st.text("ab.@ ", max_size=8)
ADDRESSES = st.builds(lambda local, domain: f"{local}@{domain}", st.text("ab.", max_size=4), st.text("ab.", max_size=5))


@given(PATTERNS, PATTERNS, TEXTS, ADDRESSES)
def test_what_covers_fits_all_that_the_other_fits(wide: str, narrow: str, text: str, address: str) -> None:
    """In texts, names of companies, and senders."""
    if covering.text(wide, narrow) and pattern.in_text(narrow, text):
        assert pattern.in_text(wide, text)
    if covering.company(wide, narrow) and pattern.of_company(narrow, text):
        assert pattern.of_company(wide, text)
    sender = Address(Personal(address), Personal(text))
    if covering.sender(wide, narrow) and pattern.of_sender(narrow, sender):
        assert pattern.of_sender(wide, sender)


FILTERS = st.lists(
    st.tuples(
        st.sampled_from(["From", "Subject", "Exclude"]),
        st.lists(st.sampled_from(["a", "ab", "a*", "b.a", "a@b", "*@b"]), min_size=1),
    ),
    min_size=1,
    max_size=3,
).map(lambda lines: parse("\n".join(f"{part}: {', '.join(items)}" for part, items in lines)))


@given(FILTERS, FILTERS, TEXTS, ADDRESSES)
def test_a_filter_that_covers_fits_all_that_the_other_fits(
    wide: Filter, narrow: Filter, text: str, address: str
) -> None:
    """Whatever their lines are."""
    sender = Address(Personal(address), Personal("a"))
    if covering.filters(wide, narrow) and narrow.fits(sender, text):
        assert wide.fits(sender, text)


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ("From: *@acme.com", "From: jobs@acme.com", True),
        ("From: acme.com", "From: *@mail.acme.com", True),
        ("From: *@acme.com", "From: *@*", False),
        ("Subject: inter", "Subject: interview", True),
        ("Subject: interview", "Subject: inter", False),
        ("Subject: a", "Subject: a\nFrom: *@acme.com", True),
        ("Subject: a\nFrom: *@acme.com", "Subject: a", False),
        ("Subject: a", "Subject: a\nExclude: b", True),
        ("Subject: a\nExclude: b", "Subject: a", False),
        ("Subject: a\nExclude: news", "Subject: a\nExclude: new", True),
        ("Subject: a\nExclude: new", "Subject: a\nExclude: news", False),
        ("Subject: a, b", "Subject: b", True),
        ("Subject: b", "Subject: a, b", False),
    ],
)
def test_what_is_plain_to_see_is_seen(wide: str, narrow: str, covers: bool) -> None:
    """More lines mean less mail, more items more, more that is excluded less."""
    assert covering.filters(parse(wide), parse(narrow)) is covers


def preferences(reads: Reads = Reads.ALL, filters: str = "", **more: tuple[str, ...]) -> Preferences:
    items = {name: tuple(Personal(each) for each in value) for name, value in more.items() if name != "folders"}
    folders = more.get("folders", ("inbox",))
    return Preferences(reads=reads, filters=parse_all(filters), folders=folders, **items)


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        (preferences(), preferences(), False),
        (preferences(), preferences(Reads.TRACKED), False),
        (preferences(Reads.TRACKED), preferences(), True),
        (preferences(Reads.TRACKED), preferences(Reads.BOARDS), True),
        (preferences(Reads.SENDERS, senders=("a@b",)), preferences(Reads.SENDERS, senders=("a@b", "c@d")), True),
        (preferences(Reads.SENDERS, senders=("a@b", "*@d")), preferences(Reads.SENDERS, senders=("c@d",)), False),
        (preferences(Reads.KEYWORDS, keywords=("inter",)), preferences(Reads.KEYWORDS, keywords=("interview",)), False),
        (preferences(Reads.KEYWORDS, keywords=("offer",)), preferences(Reads.KEYWORDS, keywords=("interview",)), True),
        (preferences(), preferences(filters="Subject: a"), False),
        (preferences(filters="Subject: a"), preferences(), True),
        (preferences(filters="Subject: a"), preferences(filters="Subject: a\nExclude: b"), False),
        (preferences(filters="Subject: a"), preferences(filters="Subject: a\n\nSubject: b"), True),
        (preferences(), preferences(folders=("inbox", "archive")), True),
        (preferences(folders=("inbox", "archive")), preferences(), False),
    ],
)
def test_a_wider_choice_is_known(before: Preferences, after: Preferences, wider: bool) -> None:
    """There may be mail now that was left out before."""
    assert covering.widens(before, after) is wider


def test_a_letter_that_stands_for_stars_is_no_star() -> None:
    """A pattern that holds that very letter is only taken to cover itself."""
    assert not covering.text("a", "a\u4e00")
    with pytest.raises(NotAFilter):
        parse("Subject: *")
