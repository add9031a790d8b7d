"""What a person does to applications, in a real browser while mail keeps coming: told, undone, and kept apart from refreshes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_what_is_ticked_is_archived_in_one_go_and_undone_in_one(page: Any) -> None:
    """Ticks survive the refreshes that arriving mail causes; the line that tells has the Undo, and the Redo after it."""
    page.evaluate("window.stayed = true")
    expect(page.locator("#many")).to_be_hidden()
    names = [page.locator(".board .pick").nth(number).get_attribute("name") for number in (0, 1)]
    for name in names:
        page.locator(f'[name="{name}"]').check()
    expect(page.locator("#many")).to_be_visible()
    before = page.inner_text("#part-activity")
    page.wait_for_function(
        "before => document.getElementById('part-activity').innerText !== before", arg=before, timeout=30_000
    )
    for name in names:
        expect(page.locator(f'[name="{name}"]')).to_be_checked()
    page.locator("#many button[value=archive]").click()
    expect(page.locator("#told .told")).to_contain_text("Done for all")
    expect(page.locator(f'[name="{names[0]}"]')).to_have_count(0)
    expect(page.locator(f'[name="{names[1]}"]')).to_have_count(0)
    page.locator("#told button").click()
    expect(page.locator("#told .told")).to_contain_text("Taken back")
    expect(page.locator(f'[name="{names[0]}"]')).to_have_count(1)
    expect(page.locator(f'[name="{names[1]}"]')).not_to_be_checked()
    assert page.evaluate("window.stayed") is True
    assert page.problems == []


def test_tag_and_split_on_the_application_page(page: Any) -> None:
    """By keyboard: a tag is added and told without reload; ticked messages are split off; Undo brings them back."""
    page.goto(page.url.rstrip("/") + page.locator(".column.stage-offer_extended .card a").first.get_attribute("href"))
    address = page.url
    page.evaluate("window.stayed = true")
    page.locator("#tag").fill("dream job")
    page.keyboard.press("Enter")
    expect(page.locator("#told .told")).to_contain_text("Tagged")
    expect(page.locator("#part-app-head .tag")).to_have_text("dream job ×")
    assert page.evaluate("window.stayed") is True
    lines = page.locator("#part-timeline .pick")
    count = lines.count()
    name = lines.first.get_attribute("name")
    lines.first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="split it off").click()
    expect(page.locator("#told .told")).to_contain_text("Split off")
    expect(page.locator(f'#part-timeline [name="{name}"]')).to_have_count(0)
    page.locator("#told button").click()
    expect(page.locator("#part-timeline .pick")).to_have_count(count)
    assert page.url.startswith(address)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.problems == []


def test_a_tick_box_of_the_timeline_keeps_the_keyboard_when_its_part_is_fetched_again(page: Any) -> None:
    """What comes meanwhile takes nobody's place away."""
    page.goto(page.url.rstrip("/") + page.locator(".column.stage-offer_extended .card a").first.get_attribute("href"))
    box = page.locator("#part-timeline .pick").first
    box.focus()
    name = box.get_attribute("name")
    page.evaluate("document.getElementById('part-timeline').dataset.old = '1'")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('hearback-changed', {detail: {}}))")
    page.wait_for_selector("#part-timeline:not([data-old])")
    page.wait_for_function("name => document.activeElement.name === name", arg=name)
    page.keyboard.press("Space")
    expect(page.locator(f'#part-timeline [name="{name}"]')).to_be_checked()
