"""Where reading Gmail's history goes on: nothing that becomes visible late is passed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.mailboxes.gmail_cursor import PATIENCE, GmailCursor

IDS = st.integers(1, 10**12).map(str)
PAGES = st.text(alphabet="0123456789.:~@abcXYZ_-", max_size=12)
NOW = 1_800_000_000


@given(IDS, st.one_of(st.just(("", 0)), st.tuples(IDS, st.integers(0, 2**40))), PAGES)
def test_what_is_written_is_read(start: str, told: tuple[str, int], page: str) -> None:
    """Whatever a page token looks like."""
    cursor = GmailCursor(start, *told, page)
    assert GmailCursor.parse(str(cursor)) == cursor


def test_cursors_from_before_are_read() -> None:
    """A bare history id, and one with a page."""
    assert GmailCursor.parse("100") == GmailCursor("100")
    assert GmailCursor.parse("100:7") == GmailCursor("100", page="7")


@pytest.mark.parametrize(
    ("cursor", "latest", "later", "after"),
    [
        ("100", "100", 0, "100"),
        ("100", "140", 0, f"100~140@{NOW}"),
        (f"100~140@{NOW}", "170", PATIENCE - 1, f"100~140@{NOW}"),
        (f"100~140@{NOW}", "140", PATIENCE, "140"),
        (f"100~140@{NOW}", "170", PATIENCE, f"140~170@{NOW + PATIENCE}"),
    ],
)
def test_where_nothing_is_shown_what_was_named_long_enough_ago_is_passed(
    cursor: str, latest: str, later: int, after: str
) -> None:
    """Never what is named with the same answer, however often one looks."""
    assert str(GmailCursor.parse(cursor).after_nothing(latest, NOW + later)) == after


@pytest.mark.parametrize(
    ("shown", "latest", "after"), [("120", "140", "120"), ("120", "110", "110"), ("120", "x", "120")]
)
def test_of_what_is_shown_the_last_record_is_passed(shown: str, latest: str, after: str) -> None:
    """Not what is named beyond it, nor what Gmail itself does not count yet."""
    assert str(GmailCursor("100").after_records(shown, latest)) == after


def test_pages_remember_the_last_record_that_any_of_them_showed() -> None:
    """And not what was named before the history was begun."""
    first = GmailCursor("100", "140", NOW).after_page("", "a")
    second = first.after_page("120", "b")
    assert [str(first), str(second), str(second.after_page("", "c"))] == ["100:a", "100~120:b", "100~120:c"]


@given(IDS, st.one_of(st.just(""), IDS), IDS, st.integers(0, 300))
def test_a_cursor_never_goes_back(start: str, told: str, latest: str, later: int) -> None:
    """Whatever Gmail names."""
    before = GmailCursor(start, told, NOW if told else 0)
    assert int(before.after_nothing(latest, NOW + later).start) >= int(start)


def test_only_what_lies_before_the_start_is_covered() -> None:
    """What was named and not shown is not."""
    cursors = ("99", f"99~120@{NOW}", "100", "100~120:page", "x")
    assert [GmailCursor.parse(each).covers("100") for each in cursors] == [False, False, True, True, False]
