"""What the person chose to have read: decided on sender, subject and first words, and never more than the gate."""

from __future__ import annotations

from typing import Any

import pytest

from hearback.model.ids import Personal
from hearback.model.ledger import LeftOut
from hearback.model.mailbox import Preferences, Reads
from hearback.pipeline.filters import parse_all
from hearback.reading import scope
from hearback.reading.scope import Sight, Tracked

BOARD = Tracked(names=("Acme Labs", "HP"), domains=frozenset({"acme.example"}))


def preferences(reads: Reads = Reads.ALL, *, senders: str = "", keywords: str = "", filters: str = "") -> Preferences:
    items = [tuple(Personal(each) for each in text.split("|") if each) for text in (senders, keywords)]
    return Preferences(reads=reads, senders=items[0], keywords=items[1], filters=parse_all(filters))


def sight(sender: str, subject: str = "", words: str = "", **more: Any) -> Sight:
    return Sight(sender=scope.address_of(sender), subject=subject, words=words, **more)


def unopened(wanted: Preferences, mail: Sight, tracked: Tracked = BOARD) -> LeftOut | None:
    return scope.unopened(wanted, mail, lambda: tracked)


@pytest.mark.parametrize(
    ("wanted", "mail", "why"),
    [
        (preferences(), sight("x@y.example"), None),
        (preferences(Reads.SENDERS, senders="*@acme.example"), sight("Ann <ann@acme.example>"), None),
        (preferences(Reads.SENDERS, senders="*@acme.example"), sight("ann@other.example"), LeftOut.SENDER),
        (preferences(Reads.SENDERS), sight(""), LeftOut.SENDER),
        (preferences(Reads.BOARDS), sight("no-reply@greenhouse.io"), None),
        (preferences(Reads.BOARDS), sight("jobs-listings@linkedin.com"), None),
        (preferences(Reads.BOARDS), sight("careers@acme.example"), None),
        (preferences(Reads.BOARDS), sight("ann@acme.example"), LeftOut.BOARD),
        (preferences(Reads.BOARDS), sight("careers@gmail.com"), LeftOut.BOARD),
        (preferences(Reads.BOARDS), sight(""), LeftOut.BOARD),
        (preferences(Reads.BOARDS, senders="acme.example"), sight("ann@acme.example"), None),
        (preferences(Reads.KEYWORDS, keywords="offer|interview"), sight("x@y.example", "Interviews"), None),
        (preferences(Reads.KEYWORDS, keywords="offer"), sight("x@y.example", "Hi", "we offer you"), None),
        (preferences(Reads.KEYWORDS, keywords="offer"), sight("offer@y.example", "Hi", "hello"), LeftOut.KEYWORD),
        (preferences(Reads.TRACKED), sight("x@mail.acme.example", "Hi"), None),
        (preferences(Reads.TRACKED), sight("x@y.example", "Your application at Acme Labs"), None),
        (preferences(Reads.TRACKED), sight("HP Careers <x@y.example>"), None),
        (preferences(Reads.TRACKED), sight("x@y.example", "HPC and Acme"), LeftOut.TRACKED),
        (preferences(Reads.TRACKED), sight("no-reply@greenhouse.io", "Your application"), None),
        (preferences(Reads.TRACKED), sight("x@y.example", known_thread=True), None),
        (preferences(filters="Subject: offer\n\nFrom: ann@*"), sight("ann@acme.example", "Hi"), None),
        (preferences(filters="Subject: offer\nFrom: ann@*"), sight("ann@acme.example", "Hi"), LeftOut.FILTER),
        (
            preferences(Reads.SENDERS, senders="ann@*", filters="Subject: hi"),
            sight("bo@y.example", "Hi"),
            LeftOut.SENDER,
        ),
        (
            preferences(Reads.SENDERS, senders="ann@*", filters="Subject: hi"),
            sight("ann@y.example", "X"),
            LeftOut.FILTER,
        ),
    ],
)
def test_what_is_left_out_and_by_which_choice(wanted: Preferences, mail: Sight, why: LeftOut | None) -> None:
    """Each choice by itself, and filters on top of it."""
    assert unopened(wanted, mail) is why


def test_without_applications_there_is_nothing_to_track() -> None:
    """Not even what an applicant system sends is opened."""
    mail = sight("no-reply@greenhouse.io", "Your application")
    assert unopened(preferences(Reads.TRACKED), mail, Tracked()) is LeftOut.TRACKED


@pytest.mark.parametrize("reads", list(Reads))
def test_own_replies_in_a_known_thread_belong_to_it(reads: Reads) -> None:
    """Whatever is chosen; outside of one they are as other mail."""
    wanted = preferences(reads, filters="Subject: no such thing")
    assert unopened(wanted, sight("me@y.example", own=True, known_thread=True)) is None
    assert unopened(wanted, sight("me@y.example", own=True)) is not None
    assert unopened(wanted, sight("ann@y.example", known_thread=True)) is not None


def test_companies_are_not_looked_up_where_nobody_asks() -> None:
    """Only for "Threads with tracked companies"."""

    def never() -> Tracked:
        raise AssertionError

    assert scope.unopened(preferences(Reads.BOARDS), sight("x@y.example"), never) is LeftOut.BOARD


@pytest.mark.parametrize(
    ("reads", "known", "tracked", "why"),
    [
        (Reads.TRACKED, False, False, LeftOut.TRACKED),
        (Reads.TRACKED, True, False, None),
        (Reads.TRACKED, False, True, None),
        (Reads.SENDERS, False, False, None),
    ],
)
def test_what_was_opened_to_see_its_company(reads: Reads, known: bool, tracked: bool, why: LeftOut | None) -> None:
    """Is kept where it is tracked, or its thread is."""
    assert scope.opened(preferences(reads), known_thread=known, is_tracked=tracked) is why


@pytest.mark.parametrize(
    ("wanted", "narrows"),
    [(preferences(), False), (preferences(Reads.BOARDS), True), (preferences(filters="Subject: a"), True)],
)
def test_only_a_choice_needs_a_look_before_opening(wanted: Preferences, narrows: bool) -> None:
    """What a search found is opened at once where nothing was chosen."""
    assert scope.narrows(wanted) is narrows
