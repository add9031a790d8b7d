"""Each part of the dashboard fetches itself as the page shows it, and works out nothing beside it."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import ask, session
from hearback import wiring
from hearback.model.application import Application
from hearback.model.person import Person
from hearback.pipeline.view import ApplicationView, view
from hearback.settings import Settings
from hearback.sync.record import record
from hearback.web.board import EMPLOYERS, FIRST, FIRST_CARDS, TABLE
from hearback.web.dashboard import PARTS, Dashboard
from waiting import MANY, many

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> wiring.Installation:
    """Sixty employers, each of which wrote a receipt and an invitation."""
    home: Path = tmp_path_factory.mktemp("dashboard")
    made = wiring.build(
        Settings.model_validate({"home": home, "public_url": "http://127.0.0.1:1"}),
        clock=lambda: NOW + timedelta(days=9),
    )
    made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
    record(made.rooms, wiring.OWNER, many(NOW), silent=True)
    return made


@pytest.fixture(scope="module")
def cookie(here: wiring.Installation) -> str:
    return session(here)


def page(here: wiring.Installation, cookie: str, path: str, shown: str = "") -> str:
    """A page, or a part of the page `shown`."""
    headers = {"hx-request": "true", "hx-current-url": f"http://127.0.0.1:1{shown}"} if shown else {}
    answer = ask(here, "GET", path, cookie=cookie, headers=headers)
    assert answer["statusCode"] == 200
    return str(answer["body"])


def rows(shown: str) -> list[str]:
    return re.findall(r'<tr id="(employer-[^"]+)"', shown)


@pytest.mark.parametrize("shown", ["/", "/?view=table&sort=engagement", "/?q=nordane&applied=115&employers=150"])
@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_what_the_page_shows(name: str, shown: str, here: wiring.Installation, cookie: str) -> None:
    """Fetched by the address that it names itself, letter for letter."""
    whole = page(here, cookie, shown)
    found = re.search(rf'id="part-{name}"[^>]* hx-get="([^"]+)"', whole)
    assert found is not None
    assert page(here, cookie, html.unescape(found[1]), shown).strip() in whole


@pytest.mark.parametrize(
    ("name", "needed"), [("board", {"owner"}), ("rounds", {"owner"}), ("activity", set()), ("health", {"ahead"})]
)
def test_a_part_works_out_nothing_beside_it(name: str, needed: set[str], here: wiring.Installation) -> None:
    """Cards, rounds and activity need no figures; figures need no board."""
    made = Dashboard(here.rooms, wiring.OWNER, {})
    PARTS[name](made)
    assert vars(made).keys() & {"owner", "ahead"} == needed


def test_a_part_looks_closely_only_at_the_cards_it_shows(
    here: wiring.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a card says is worked out for the shown ones, and for the one that "Show more" leads to."""
    seen: list[object] = []

    def counted(application: Application, *rest: Any) -> ApplicationView:
        seen.append(application)
        return view(application, *rest)

    monkeypatch.setattr("hearback.web.dashboard.view", counted)
    Dashboard(here.rooms, wiring.OWNER, {}).board()
    assert len(seen) == (FIRST_CARDS + 1) + (FIRST[TABLE] + 1)


def test_employers_are_shown_a_part_at_a_time(here: wiring.Installation, cookie: str) -> None:
    """The heading counts all; the link shows the rest without JavaScript too, at the first that was not shown."""
    first = page(here, cookie, "/")
    assert len(rows(first)) == FIRST[EMPLOYERS]
    assert f'By employer <span class="muted">{len(MANY)}</span>' in first
    found = re.search(r'id="more-employers" href="([^"]+)"', first)
    assert found is not None
    address, _, anchor = html.unescape(found[1]).partition("#")
    after = page(here, cookie, address)
    assert (len(rows(after)), rows(after)[FIRST[EMPLOYERS]]) == (len(MANY), anchor)
    assert "more-employers" not in after


def test_opened_employers_stay_open(here: wiring.Installation, cookie: str) -> None:
    """The list unfolds where its address asks for more of it."""
    assert '<details id="by-employer">' in page(here, cookie, "/")
    assert '<details id="by-employer" open>' in page(here, cookie, "/?employers=150")
