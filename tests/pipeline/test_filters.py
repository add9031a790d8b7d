"""The grammar of filters: what it reads, where it says that it cannot, and that writing and reading are one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model.filter import MAX_FILTERS, MAX_ITEMS, MAX_LETTERS, Filter, Line, NotAFilter, Part, Problem
from hearback.model.ids import Personal
from hearback.pipeline.filters import parse, parse_all, parse_items

SAMPLE = "From: *@linkedin.com, recruiter@*\nSubject: interview, offer\nExclude: newsletter, digest"


def lines(found: Filter) -> list[tuple[str, list[str]]]:
    return [(each.part.value, [str(item) for item in each.items]) for each in found.lines]


def problems(text: str, read: Any = parse_all) -> list[tuple[int, int, int]]:
    with pytest.raises(NotAFilter) as told:
        read(text)
    return [(each.line, each.column, each.length) for each in told.value.problems]


def told(text: str) -> Any:
    with pytest.raises(NotAFilter) as error:
        parse_all(text)
    return error.value.problems[0]


def test_the_sample_of_the_documentation_is_read() -> None:
    """Three lines, each with two items."""
    assert lines(parse(SAMPLE)) == [
        ("From", ["*@linkedin.com", "recruiter@*"]),
        ("Subject", ["interview", "offer"]),
        ("Exclude", ["newsletter", "digest"]),
    ]


def test_lines_joined_by_a_slash_are_the_same() -> None:
    """A slash with space around it is a new line; one inside a word is a letter."""
    assert parse(SAMPLE.replace("\n", " / ")) == parse(SAMPLE)
    assert lines(parse("Subject: c/c++ / Exclude: a")) == [("Subject", ["c/c++"]), ("Exclude", ["a"])]


def test_a_blank_line_begins_another_filter() -> None:
    """Where several may stand; where one may, it is nothing."""
    text = "From: a@b.c\n\n \nSubject: x"
    assert [len(each.lines) for each in parse_all(text)] == [1, 1]
    assert len(parse(text).lines) == 2
    assert parse_all(" \n") == ()


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('Subject: "Berlin, Germany", x', ["Berlin, Germany", "x"]),
        ('Subject: "say ""yes"" now"', ['say "yes" now']),
        ('Subject: "a / b"', ["a / b"]),
        ('Subject: "From: me"', ["From: me"]),
        ("subject :  two   words ,x", ["two words", "x"]),
        ("Subject: x, x", ["x"]),
    ],
)
def test_quotes_hold_what_would_divide(text: str, items: list[str]) -> None:
    """Commas, slashes, names of parts, and quotes written twice."""
    assert lines(parse(text)) == [("Subject", items)]


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", (1, 1, 0), "Nothing is written"),
        ("Form: a", (1, 1, 4), "no part “Form”"),
        ("From: a@b.c\n  Sujet: x", (2, 3, 5), "no part “Sujet”"),
        ("*@linkedin.com", (1, 1, 14), "not said"),
        ("From:", (1, 6, 0), "Nothing stands here"),
        ("From: a,", (1, 8, 1), "Nothing follows"),
        ("From: a, , b", (1, 10, 0), "before this comma"),
        ('Subject: "open', (1, 10, 1), "do not end"),
        ('Subject: "a" b', (1, 14, 1), "follows the quotes"),
        ('Subject: say "yes"', (1, 14, 1), "inside an item"),
        ("From: a, Subject: b", (1, 10, 8), "new part begins"),
        ("From: a / ", (1, 11, 0), "Nothing stands here"),
        ("From: @acme.com", (1, 7, 9), "begins with @"),
        ("From: recruiter@", (1, 7, 10), "ends with @"),
        ("From: Ann <ann@acme.com>", (1, 7, 18), "more than one address"),
        ("From: a@b.c d@e.f", (1, 7, 11), "more than one address"),
        ("Subject: *", (1, 10, 1), "fits all mail"),
        ("Subject: \u0301", (1, 10, 1), "fits all mail"),
        ("Subject: a\x00b", (1, 11, 1), "cannot be seen"),
        ("Subject: a\ud800b", (1, 11, 1), "cannot be seen"),
        ("Subject: " + "*a" * 9, (1, 10, 18), "more than 8 stars"),
        ("Subject: " + "a" * 121, (1, 10, 121), "longer than 120"),
        ("Subject: ok\n" + "a" * MAX_LETTERS, (2, MAX_LETTERS - 10, 0), "longer than"),
        ("Subject: " + ",".join(str(each) for each in range(MAX_ITEMS + 1)), (1, 700, 3), "more than 200 items"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, where: tuple[int, int, int], words: str) -> None:
    """Line and column of the first letter that is meant, and how many are."""
    with pytest.raises(NotAFilter) as error:
        parse(text)
    first = error.value.problems[0]
    assert (first.line, first.column, first.length) == where
    assert words in first.what
    assert first.expected
    assert f"Line {where[0]}, column {where[1]}" in str(error.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Form: a", "“From:”"),
        ("exclud: a", "“Exclude:”"),
        ("Betreff: a", ""),
        ("Subjet interview", "“Subject: interview”"),
        ("a@b.c", "“From: a@b.c”"),
        ("interview", "“Subject: interview”"),
        ("From: @acme.com", "“*@acme.com”"),
        ("From: jobs@", "“jobs@*”"),
        ("From: Ann <ann@acme.com>", "“ann@acme.com”"),
    ],
)
def test_what_was_probably_meant_is_offered(text: str, hint: str) -> None:
    """Where it can be guessed; taking it mends the line."""
    assert told(text).suggestion == hint


def test_every_line_that_is_wrong_is_told() -> None:
    """One after the other, in the order they stand."""
    assert problems("Form: a\nSubject: ok\nSubject: *, b, *\n x") == [(1, 1, 4), (3, 10, 1), (3, 16, 1), (4, 2, 1)]


def test_only_so_many_filters_are_taken() -> None:
    """One more is told."""
    parse_all("Subject: a\n\n" * MAX_FILTERS)
    assert problems("Subject: a\n\n" * (MAX_FILTERS + 1)) == [(1, 1, 0)]


def test_a_list_of_items_has_no_parts() -> None:
    """Commas and lines divide; a slash and a colon are letters; senders must be able to name one."""
    assert parse_items('a / b, "c, d"\nSubject: e, a / b', senders=False) == ("a / b", "c, d", "Subject: e")
    assert parse_items("", senders=True) == ()
    assert problems("a@b.c\n@x", lambda text: parse_items(text, senders=True)) == [(2, 1, 2)]


TEXT = st.text(st.sampled_from("aAéß ,\"'/:@.*\n\r\t-<>") | st.characters(), max_size=60)
WORDS = st.sampled_from(
    ["From", "subject:", "Exclude:", " / ", ", ", '"', "*@acme.com", "offer", "\n", "\n\n", "@", "**"]
)


def attempt(text: str) -> tuple[tuple[Filter, ...], tuple[Problem, ...]]:
    """What is read, or else what is wrong, never nothing of both for a text that says something."""
    try:
        return parse_all(text), ()
    except NotAFilter as error:
        return (), error.problems or (Problem(0, 0, 0, "", ""),)


@given(TEXT | st.lists(WORDS, max_size=30).map("".join))
def test_nothing_but_its_own_error_is_raised(text: str) -> None:
    """Any text is filters, or is told with places inside it; what is read is read again from what it is written as."""
    found, wrong = attempt(text)
    ends = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in wrong:
        assert 1 <= each.column <= len(ends[each.line - 1]) + 1
        assert each.column - 1 + each.length <= len(ends[each.line - 1])
    assert parse_all("\n\n".join(str(each) for each in found)) == found


ITEMS = st.text(
    st.sampled_from('ab,"/:* .@-é') | st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    """Filters as the parser makes them: items that the grammar takes, in one spacing, each once."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        part = draw(st.sampled_from(list(Part)))
        items = []
        for item in draw(st.lists(ITEMS, min_size=1, max_size=4)):
            quoted = '"' + item.replace('"', '""') + '"'
            try:
                (line,) = parse(f"{part.value}: {quoted}").lines
            except NotAFilter:
                continue
            items += line.items
        if items:
            made.append(Line(part, tuple(dict.fromkeys(Personal(each) for each in items))))
    return Filter(tuple(made or [Line(Part.SUBJECT, (Personal("x"),))]))


@given(filters())
def test_a_filter_is_read_as_it_is_written(made: Filter) -> None:
    """On lines of its own, and joined by slashes."""
    assert parse(str(made)) == made
    assert parse(str(made).replace("\n", " / ")) == made


def steps(run: Callable[[], object]) -> int:
    """How many lines of code `run` goes through: time that no machine changes."""
    count = 0

    def trace(_frame: Any, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece", ['"', '""', ",", " / ", "a:", "From: ", "*", "@", "(", "a,", "x:\n", "\u0301", '"a",']
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    """Twice the text takes twice the steps, whatever it is made of; more than is taken is not looked through."""

    def read(letters: int) -> None:
        with contextlib.suppress(NotAFilter):
            parse_all("Subject: " + piece * (letters // len(piece)))

    short, long = steps(lambda: read(900)), steps(lambda: read(1800))
    assert long < 2.3 * short + 500
    assert steps(lambda: read(1_000_000)) < long + 100 + 4 * MAX_LETTERS
