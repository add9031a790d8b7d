"""A board of many applications in a real browser: "Show more" by keyboard, and answers that overtake each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hearback import wiring
from hearback.local import serve
from hearback.settings import Settings
from hearback.sync.record import record
from waiting import MANY, many

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serve.Server]:
    """Sixty applications, all Interviewing. No mail comes."""
    home: Path = tmp_path_factory.mktemp("board")
    settings = Settings.model_validate({"home": home, "port": serve.free_port()})
    with serve.running(settings, zone="Europe/Berlin") as server:
        record(server.installation.rooms, wiring.OWNER, many(datetime.now(UTC)), silent=True)
        yield server


@pytest.fixture
def page(chromium: Any, here: serve.Server) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.goto(here.link())
    opened.wait_for_selector('body[data-connection="open"]')
    yield opened
    context.close()


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/", "#part-board [id^=open-]"),
        ("/?view=table", "#part-board [id^=open-]"),
        ("/", "#by-employer tbody a"),
    ],
    ids=["board", "table", "employers"],
)
def test_the_keyboard_goes_on_at_the_first_that_came(path: str, rows: str, page: Any, here: serve.Server) -> None:
    """After "Show more" the focus is on it, in sight, and a change elsewhere takes it nowhere."""
    page.goto(here.url + path)
    page.locator("#by-employer > summary").click()
    shown = page.locator(rows)
    before = shown.count()
    scope = page.locator("#part-board" if "board" in rows else "#part-health")
    scope.get_by_role("link", name=re.compile(rf"^Show \d+ more of {len(MANY)} ")).press("Enter")
    expect(shown).to_have_count(len(MANY))
    expect(shown.nth(before)).to_be_focused()
    expect(shown.nth(before)).to_be_in_viewport()
    page.evaluate("document.querySelectorAll('[id^=part-]').forEach(part => { part.dataset.old = '1'; })")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('hearback-changed'))")
    expect(page.locator("#part-board[data-old], #part-health[data-old]")).to_have_count(0)
    expect(shown.nth(before)).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/?view=table", "/?interviewing=115"])
def test_a_phone_does_not_scroll_sideways(path: str, chromium: Any, here: serve.Server) -> None:
    """Columns and tables scroll, the page does not, whatever is hidden in them for screen readers."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(here.link())
    page.goto(here.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_focused_card_is_ringed_without_its_tick_box(page: Any) -> None:
    """Two things to press, two places."""
    ends, starts = page.evaluate(
        "[document.querySelector('.card > a').getBoundingClientRect().right,"
        " document.querySelector('.card > .pick').getBoundingClientRect().left]"
    )
    assert ends < starts


class Held:
    """The first time a part fetches itself, its answer waits until it is let go."""

    def __init__(self, page: Any, address: str) -> None:
        self.first: Any = None
        page.route(address, self._route)

    def _route(self, route: Any) -> None:
        if self.first is None:
            self.first = route
        else:
            route.continue_()


def is_rounds(request: Any) -> bool:
    return str(request.url).endswith("/fragments/rounds")


def test_an_older_answer_never_covers_a_newer_one(page: Any) -> None:
    """Something changes while a part is being fetched: it is fetched anew, and what was on the way counts no more."""
    page.wait_for_function("() => window.htmx")
    Held(page, "**/fragments/rounds")
    with page.expect_request(is_rounds):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('hearback-changed'))")
    page.evaluate("document.getElementById('part-rounds').dataset.old = '1'")
    with page.expect_event("requestfailed", is_rounds):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('hearback-changed'))")
    expect(page.locator("#part-rounds:not([data-old])")).to_have_count(1)


def test_changes_without_end_are_shown_all_the_same(chromium: Any, here: serve.Server) -> None:
    """What is told while parts are being fetched waits for their answers, and is shown after them."""
    context = chromium.new_context()
    page = context.new_page()
    sockets: list[Any] = []
    page.route_web_socket("**/live?*", lambda socket: sockets.append(socket))  # noqa: PLW0108  Playwright marks what it calls
    page.goto(here.link())
    page.wait_for_selector('body[data-connection="open"]')
    given_up: list[Any] = []
    page.on("requestfailed", lambda request: given_up.append(request))  # noqa: PLW0108  as above
    held = Held(page, "**/fragments/rounds")
    with page.expect_request(is_rounds):
        sockets[0].send('{"type": "changed", "version": 1}')
    sockets[0].send('{"type": "changed", "version": 2}')
    page.wait_for_timeout(500)
    assert given_up == []
    with page.expect_request(is_rounds):
        held.first.continue_()
    context.close()


def test_what_was_opened_as_its_part_comes_again_stays_open(page: Any) -> None:
    """The press is on what is about to be replaced; no "toggle" of it is told any more."""
    page.evaluate(
        """() => {
            document.querySelector("#part-health").dataset.old = "1";
            document.addEventListener("htmx:before:swap", event => {
                if (event.detail.ctx.sourceElement.id === "part-health")
                    document.querySelector("[data-old] #by-employer:not([open]) > summary")?.click();
            });
            document.body.dispatchEvent(new CustomEvent("hearback-changed"));
        }"""
    )
    page.wait_for_selector("#part-health:not([data-old])", state="attached")
    expect(page.locator("#by-employer")).to_have_attribute("open", "")
