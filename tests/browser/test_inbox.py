"""A hundred mails that wait are cleared by keyboard in a real browser; every key does what the list of keys says."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hearback import wiring
from hearback.local import serve
from hearback.settings import Settings
from hearback.sync.record import record
from waiting import board, waiting

pytestmark = pytest.mark.browser
MOST_PRESSES = 120


@pytest.fixture
def here(tmp_path: Path) -> Iterator[serve.Server]:
    """An installation with six applications and a hundred mails that wait."""
    settings = Settings.model_validate({"home": tmp_path, "port": serve.free_port()})
    with serve.running(settings, zone="Europe/Berlin") as server:
        now = datetime.now(UTC)
        for mails in (board(now), waiting(now)):
            record(server.installation.rooms, wiring.OWNER, mails, silent=True)
        yield server


@dataclass
class Typist:
    """A person at the keyboard, who looks at what is selected and presses keys. Every press is counted, typing too."""

    page: Any
    presses: int = 0
    problems: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.presses += 1
            self.page.keyboard.press(key)

    def selected(self) -> dict[str, str]:
        """The row the list has selected; empty when there is none."""
        self.page.wait_for_selector("#queue > li.selected, #nothing:not([hidden])")
        found: dict[str, str] = self.page.evaluate(
            """() => { const row = document.querySelector("#queue > li.selected");
            return row ? {fact: row.dataset.fact, text: row.innerText} : {}; }"""
        )
        return found


@pytest.fixture
def typist(chromium: Any, here: serve.Server) -> Iterator[Typist]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    made = Typist(page)
    page.on("pageerror", lambda error: made.problems.append(str(error)))
    page.on("console", lambda message: made.problems.append(message.text) if _is_problem(message) else None)
    page.goto(here.link())
    page.goto(here.url + "/inbox")
    page.wait_for_selector("#queue > li.selected")
    yield made
    context.close()


def _is_problem(message: Any) -> bool:
    """An error, but not that what was fetched ahead is settled by the time it is asked for: no person is as fast."""
    return message.type == "error" and "/inbox/item" not in message.location["url"]


def pending(here: serve.Server) -> set[str]:
    return {each.fact for each in here.installation.store.projections.review(wiring.OWNER)}


def settle(typist: Typist) -> None:
    """Wait until what was pressed is done."""
    typist.page.wait_for_selector("#queue:not([aria-busy])", state="attached")


def test_a_hundred_are_cleared_by_keyboard(here: serve.Server, typist: Typist) -> None:
    """At most 120 presses; afterwards everything is where the person said, and one Undo a batch takes it back."""
    items = {each.fact: each for each in here.installation.store.projections.review(wiring.OWNER)}
    assert len(items) == 100
    began = time.monotonic()
    relayed = mass = False
    while row := typist.selected():
        if "Talent Scouts" in row["text"] or "Massmail" in row["text"]:
            assert not mass, "ignoring the sender takes all of them off the list"
            mass = True
            typist.press("s")
            settle(typist)  # no person presses the next key before this one is answered
        elif "Relayed" in row["text"] and not relayed:
            relayed = True
            typist.press("a")
            typist.page.wait_for_function("() => document.querySelector('[data-ticked]').textContent === '20 ticked:'")
            typist.press("c")
        elif "Could not be read" in row["text"] or "sender in doubt" in row["text"]:
            typist.press("i")
        elif "Relayed" not in row["text"]:
            typist.press("c")
    expect(typist.page.get_by_role("heading", name="Nothing is waiting")).to_be_visible()
    seconds = time.monotonic() - began
    settle(typist)
    assert pending(here) == set()
    sys.stdout.write(f"\n100 pending mails cleared by {typist.presses} key presses in {seconds:.1f} s\n")
    assert typist.presses <= MOST_PRESSES
    store = here.installation.store.projections
    homes = {fact: each for each in store.applications(wiring.OWNER) for fact in each.facts}
    ignored = {fact for fact, each in items.items() if each.kind is None or each.doubtful or "massmail" in each.address}
    assert len(ignored) == 18
    assert set(items) - set(homes) == ignored
    by_company = {each.company: each for each in store.applications(wiring.OWNER)}
    assert len(store.applications(wiring.OWNER)) == 6 + 50 + 20
    stages = {
        "application_confirmation": "applied",
        "interview_invitation": "interviewing",
        "assessment": "technical_round",
        "offer": "offer_extended",
        "rejection": "rejected",
    }
    for fact, item in items.items():
        if fact not in ignored and item.kind in stages and str(item.company) not in {"Aster", "Birch", "Cedar"}:
            assert homes[fact].company == item.company
            assert by_company[item.company].stage == stages[item.kind]
    assert [each.sender for each in here.installation.store.facts.lessons(wiring.OWNER).senders] == [
        "talent@massmail.example"
    ]
    assert typist.problems == []


def test_undo_brings_back_what_the_last_key_did(here: serve.Server, typist: Typist) -> None:
    """One act, then a batch as a whole, also after the page was loaded again; the selection goes to it."""
    before = pending(here)
    first = typist.selected()["fact"]
    typist.press("c")
    expect(typist.page.locator("#did")).to_contain_text("Confirmed.")
    typist.press("x", "j", "x")
    expect(typist.page.locator("[data-ticked]")).to_have_text("2 ticked:")
    typist.press("i")
    expect(typist.page.locator("#did")).to_contain_text("Ignored 2.")
    assert len(pending(here)) == 97
    typist.page.reload()
    typist.page.wait_for_selector("#queue > li.selected")
    typist.press("u")
    expect(typist.page.locator("#waiting")).to_have_text("99")
    assert len(pending(here)) == 99
    typist.press("u")
    expect(typist.page.locator("#waiting")).to_have_text("100")
    assert pending(here) == before
    assert typist.selected()["fact"] == first
    assert typist.problems == []


def test_keys_link_edit_and_move(here: serve.Server, typist: Typist) -> None:
    """L types and links, n founds, e corrects in place with the outcome told before, arrows and letters move."""
    page = typist.page
    first = typist.selected()["fact"]
    typist.press("j", "ArrowDown", "k", "ArrowUp")
    assert typist.selected()["fact"] == first
    typist.press("j")
    linked = typist.selected()["fact"]
    page.wait_for_selector(f"#item[data-fact='{linked}']")
    typist.press("l", *"fern")
    expect(page.locator("#targets button")).to_have_count(1)
    typist.press("Enter")
    expect(page.locator("#did")).to_contain_text("Moves Fern · Data Engineer from Applied to Offer Extended.")
    corrected = typist.selected()["fact"]
    page.wait_for_selector(f"#item[data-fact='{corrected}']")
    typist.press("e")
    page.locator("#edit select[name=kind]").select_option("rejection")
    expect(page.locator("#outcome")).to_contain_text("Rejected.")
    typist.press("Escape", "c")
    expect(page.locator("#did")).to_contain_text("Rejected.")
    founded = typist.selected()["fact"]
    typist.press("n")
    expect(page.locator("#did")).to_contain_text("Starts an application")
    settle(typist)
    homes = {
        fact: each for each in here.installation.store.projections.applications(wiring.OWNER) for fact in each.facts
    }
    assert "w0005" in " ".join(homes[linked].facts)
    assert homes[corrected].stage == "rejected"
    assert homes[founded].facts == (founded,)
    assert typist.problems == []


def test_a_refusal_brings_the_mail_back_and_says_why(here: serve.Server, typist: Typist) -> None:
    """What cannot be settled so is on the list again."""
    page = typist.page
    store = here.installation.store.projections
    (relay, *_) = [each.fact for each in store.review(wiring.OWNER) if "Relayed" in str(each.company)]
    page.goto(here.url + f"/inbox?item={relay}&shown=100")
    page.route("**/review/ignore", lambda route: route.abort())
    page.wait_for_selector("#queue > li.selected")
    typist.press("i")
    expect(page.locator(f"#queue > li[data-fact='{relay}']")).to_have_count(1)
    expect(page.locator("#did")).not_to_be_empty()
    assert relay in pending(here)


def test_single_letters_can_be_switched_off(here: serve.Server, typist: Typist) -> None:
    """Then they do nothing; arrows and Enter still do (WCAG 2.1.4)."""
    typist.press("?")
    typist.page.get_by_label("Use single letters as keys").uncheck()
    typist.page.get_by_role("button", name="Close").click()
    typist.page.locator("body").click(position={"x": 5, "y": 5})
    first = typist.selected()["fact"]
    typist.press("i", "j", "c")
    assert typist.selected()["fact"] == first
    assert len(pending(here)) == 100
    typist.press("ArrowDown")
    assert typist.selected()["fact"] != first
    typist.press("Enter")
    expect(typist.page.locator("#did")).to_contain_text("Confirmed.")


def test_mail_that_is_settled_elsewhere_leaves_the_list_and_new_mail_joins_it(
    here: serve.Server, typist: Typist
) -> None:
    """Without reload, and what somebody is typing stays."""
    from hearback.model.ids import FactId
    from hearback.sync import reviewing

    page = typist.page
    page.evaluate("window.stayed = true")
    typist.press("e")
    page.locator("#edit input[name=role]").fill("Being typed")
    (other, *_) = [fact for fact in pending(here) if fact != typist.selected()["fact"]]
    reviewing.ignore(here.installation.rooms, wiring.OWNER, [FactId(other)])
    expect(page.locator("#waiting")).to_have_text("99", timeout=15_000)
    assert page.locator("#edit input[name=role]").input_value() == "Being typed"
    assert page.evaluate("window.stayed") is True


def test_without_script_it_works_too(chromium: Any, here: serve.Server) -> None:
    """Select by link, confirm, tick and ignore, undo: plain forms."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(here.link())
    page.goto(here.url + "/inbox")
    page.locator("#queue a").nth(2).click()
    page.get_by_role("button", name="Confirm").last.click()
    expect(page.get_by_role("status").first).to_contain_text("1 mail settled.")
    assert len(pending(here)) == 99
    page.locator("#queue input").nth(0).check()
    page.locator("#queue input").nth(1).check()
    page.locator("#batch").get_by_role("button", name="Ignore").click()
    assert len(pending(here)) == 97
    page.get_by_role("button", name="Undo").first.click()
    assert len(pending(here)) == 99
    context.close()


@pytest.mark.parametrize("path", ["/inbox", "/settings/automation"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_whole(chromium: Any, here: serve.Server, scheme: str, path: str) -> None:
    """As wide as the screen; a tap on a row shows that mail."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    page = context.new_page()
    page.goto(here.link())
    page.goto(here.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if path == "/inbox":
        row = page.locator("#queue > li").nth(4)
        fact = row.get_attribute("data-fact")
        row.locator("a").tap()
        page.wait_for_selector(f"#item[data-fact='{fact}']")
        expect(page.locator("#item")).to_be_in_viewport()
    context.close()
