"""The board shows a part of long columns: "Show more", true counts, search, and what was opened stays opened."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes import ask, session
from hearback import wiring
from hearback.model.person import Person
from hearback.model.signal import Kind
from hearback.settings import Settings
from hearback.sync.record import record
from hearback.web.board import FIRST_CARDS
from waiting import OTHERS, letter

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
COUNT = 40


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> wiring.Installation:
    """Forty applications, all Applied."""
    home: Path = tmp_path_factory.mktemp("board")
    made = wiring.build(
        Settings.model_validate({"home": home, "public_url": "http://127.0.0.1:1"}),
        clock=lambda: NOW + timedelta(days=1),
    )
    made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
    receipts = [
        letter(number, Kind.APPLICATION_CONFIRMATION, company, NOW, confidence=0.99)
        for number, company in enumerate(OTHERS[:COUNT])
    ]
    record(made.rooms, wiring.OWNER, receipts, silent=True)
    return made


def page(here: wiring.Installation, path: str) -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200
    return str(answer["body"])


def cards(shown: str) -> list[str]:
    return re.findall(r'<li class="card" id="(card-[^"]+)"', shown)


def test_a_long_column_shows_its_first_cards_and_its_true_count(here: wiring.Installation) -> None:
    """The heading counts all; the button says how many more there are."""
    shown = page(here, "/")
    assert len(cards(shown)) == FIRST_CARDS
    assert f'Applied <span class="muted">{COUNT}</span>' in shown
    assert f"Show {COUNT - FIRST_CARDS} more" in shown


def test_the_link_shows_the_rest_without_javascript(here: wiring.Installation) -> None:
    """It leads to the first card that was not shown; nothing is left to show then."""
    before = cards(page(here, "/"))
    found = re.search(r'id="more-applied" href="([^"]+)"', page(here, "/"))
    assert found is not None
    address, _, anchor = html.unescape(found[1]).partition("#")
    after = page(here, address)
    assert len(cards(after)) == COUNT
    assert cards(after)[:FIRST_CARDS] == before
    assert cards(after)[FIRST_CARDS] == anchor
    assert "more-applied" not in after


def test_a_live_refresh_keeps_what_was_opened_and_searched(here: wiring.Installation) -> None:
    """The board fetches itself again by an address with the count, the words and the order."""
    shown = page(here, "/?q=dane+engineer&sort=company&applied=115")
    found = re.search(r'id="part-board"[^>]* hx-get="([^"]+)"', shown)
    assert found is not None
    again = page(here, html.unescape(found[1]))
    assert cards(again) == cards(shown) != []
    assert len(cards(page(here, "/fragments/board?applied=115"))) == COUNT


def test_search_finds_what_is_not_shown(here: wiring.Installation) -> None:
    """Words are looked for in all applications."""
    hidden = set(cards(page(here, "/?applied=115"))) - set(cards(page(here, "/")))
    found = [each for company in OTHERS[:COUNT] for each in cards(page(here, f"/?q={company}"))]
    assert hidden <= set(found)


@pytest.mark.parametrize("count", ["-1", "x", "٣", "9" * 30, "0", ""])
def test_a_count_that_is_none_shows_the_first(count: str, here: wiring.Installation) -> None:
    """An address is anybody's to write."""
    assert len(cards(page(here, f"/?applied={count}"))) == FIRST_CARDS
