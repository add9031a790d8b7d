"""The demo in a real browser: stages over HTTP, live changes without reload, undo, phone and dark."""

from __future__ import annotations

import re
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_page_over_http_shows_five_stages(demo: str) -> None:
    """A plain HTTP client that follows the ready link sees applications in at least five stages."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    html = opener.open(demo, timeout=10).read().decode()
    stages = set(re.findall(r'class="card" id="card-[^"]+" data-key="[^"]+" data-stage="(\w+)"', html))
    assert len(stages) >= 5, stages


def test_without_the_link_nothing_is_shown(demo: str) -> None:
    """Without a session the dashboard is 401, under a foreign Host header nothing answers."""
    base = demo.partition("/start")[0]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{base}/", timeout=10)
    assert refused.value.code == 401
    with pytest.raises(urllib.error.HTTPError) as misdirected:
        urllib.request.urlopen(urllib.request.Request(f"{base}/health", headers={"Host": "evil.example"}), timeout=10)
    assert misdirected.value.code == 421


def test_new_mail_changes_the_page_without_reload(page: Any) -> None:
    """Within 30 s a pushed message has changed the page through queue, classify and WebSocket."""
    page.evaluate("window.stayed = true")
    before = page.inner_text("#part-activity")
    page.wait_for_function(
        "before => document.getElementById('part-activity').innerText !== before", arg=before, timeout=30_000
    )
    assert page.evaluate("window.stayed") is True
    assert page.evaluate("document.body.dataset.connection") == "open"


def test_a_draft_is_changed_and_opened_with_what_it_says_then(page: Any) -> None:
    """A suggestion is drafted without reload; the mail program gets the text as the person left it; German on request."""
    page.locator('.card[data-stage="offer_extended"] a').first.click()
    page.wait_for_selector("#part-write")
    page.evaluate("window.stayed = true")
    page.locator("#part-write .chip").first.click()
    page.locator("[data-draft-text]").fill("Hello & bye\nsecond + line")
    expect(page.locator("[data-draft-open]")).to_have_attribute(
        "href", re.compile(r"^mailto:[^?]+\?subject=[^&]+&body=Hello%20%26%20bye%0D%0Asecond%20%2B%20line$")
    )
    expect(page.locator("[data-draft-copy]")).to_be_visible()
    page.locator("#part-write select[name=language]").select_option("de")
    page.locator("#part-write form button").click()
    expect(page.locator("[data-draft-text]")).to_have_value(re.compile("^(Guten Tag|Hallo|Sehr geehrte)"))
    assert page.evaluate("window.stayed") is True
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.problems == []


def test_a_reminder_is_put_off_and_shown_again(page: Any) -> None:
    """One click hides it, one brings it back, without reload; its draft is one click away."""
    page.evaluate("window.stayed = true")
    reminders = page.locator("#part-reminders")
    what = reminders.locator(".reminder-head").first.inner_text()
    reminders.get_by_role("button", name="In 3 days").first.click()
    expect(reminders.locator(".hidden-rows")).to_have_count(1)
    expect(reminders.locator(".reminder-head").filter(has_text=what)).to_have_count(0)
    reminders.locator(".hidden-rows summary").click()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('hearback-changed'))")
    page.wait_for_timeout(1000)
    expect(reminders.get_by_role("button", name="Show again")).to_be_visible()  # what was opened stays open
    reminders.get_by_role("button", name="Show again").first.click()
    expect(reminders.locator(".hidden-rows")).to_have_count(0)
    assert page.evaluate("window.stayed") is True
    page.locator("#part-reminders a.chip").first.click()
    page.wait_for_selector("[data-draft-text]")
    assert page.problems == []


def test_an_automatic_change_is_undone_with_one_click_and_brought_back(page: Any) -> None:
    """Undo marks the change as taken back; one more click brings it back."""
    page.goto(page.url.rstrip("/") + page.locator(".column.stage-technical_round .card a").first.get_attribute("href"))
    page.get_by_role("button", name="Undo this change").first.click()
    expect(page.locator(".timeline li.reverted")).to_have_count(1)
    page.get_by_role("button", name="Bring it back").first.click()
    expect(page.locator(".timeline li.reverted")).to_have_count(0)


def test_a_pending_mail_is_settled_in_the_inbox(page: Any) -> None:
    """Ignore takes exactly that item off the list."""
    page.goto(page.url.rstrip("/") + "/inbox")
    page.wait_for_selector("#queue > li.selected")
    fact = page.locator("#item").get_attribute("data-fact")
    page.locator("#item").get_by_role("button", name="Ignore", exact=False).first.click()
    expect(page.locator(f"#queue > li[data-fact='{fact}']")).to_have_count(0)
    expect(page.locator("#did")).to_contain_text("Ignored.")


def test_the_integrations_page_tells_how_syncing_stands(page: Any) -> None:
    """Status, last sync and the activity log are there."""
    page.goto(page.url.rstrip("/") + "/settings/email-sync")
    expect(page.locator(".status-active")).to_have_count(1)
    expect(page.get_by_text("Last Successful Sync").first).to_be_visible()


def test_a_conversation_is_read_live_by_keyboard(page: Any) -> None:
    """From the application: messages come behind the page, folded ones open by Enter, the way into Gmail names the account."""
    page.goto(page.url.rstrip("/") + page.locator('.card[data-stage="offer_extended"] a').first.get_attribute("href"))
    page.get_by_role("link", name="Conversation").first.click()
    page.wait_for_selector("#part-thread[data-state=shown]")
    letter = page.locator(".letter > summary").first
    was = page.locator(".letter").first.get_attribute("open")
    letter.focus()
    page.keyboard.press("Enter")
    assert page.locator(".letter").first.get_attribute("open") != was
    expect(page.get_by_role("link", name="Open in Gmail").first).to_have_attribute(
        "href", re.compile(r"^https://mail\.google\.com/mail/\?authuser=[^#/]+%40[^#/]+#all/[0-9a-f]+$")
    )
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.problems == []


def test_sync_history_leads_to_the_messages_of_a_run(page: Any) -> None:
    """By two links from the settings."""
    page.goto(page.url.rstrip("/") + "/settings/integrations")
    page.get_by_role("link", name="All of it, to filter and save").click()
    page.get_by_role("row").filter(has_text="First sync").get_by_role("link", name="Its messages").click()
    expect(page.get_by_role("heading", name="Messages of one sync")).to_be_visible()
    expect(page.get_by_role("region", name="Activity Log").get_by_role("row").nth(5)).to_be_visible()
    assert page.problems == []


def test_a_webhook_is_added_and_removed_on_the_settings_page(page: Any) -> None:
    """An address that leads inside is explained beside the field; a good one shows its secret, until it is removed."""
    page.goto(page.url.rstrip("/") + "/settings/integrations")
    field, hooks = page.get_by_label("Address of your receiver"), page.locator("#webhooks article")
    field.fill("https://[64:ff9b::a00:1]/hook")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.get_by_role("alert")).to_contain_text("private network")
    expect(field).to_have_value("https://[64:ff9b::a00:1]/hook")
    field.fill("https://93.184.216.34/hook")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.locator(".secret")).to_contain_text("whsec_")
    page.locator("#webhooks summary", has_text="Remove").click()
    page.get_by_role("button", name="Remove this webhook").click()
    expect(hooks).to_have_count(0)


def test_erasing_asks_for_the_words(page: Any) -> None:
    """From the settings to Privacy by its tab; other words erase nothing."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("radio", name="Standard")).to_be_checked()
    page.locator("summary", has_text="Erase everything").click()
    page.get_by_label("Type “erase everything”").fill("yes")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was erased")


@pytest.mark.parametrize(
    "path", ["", "inbox", "settings/integrations", "settings/history", "settings/activity", "settings/privacy"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_does_not_scroll_sideways(chromium: Any, demo: str, scheme: str, path: str) -> None:
    """At 390 pixels the page is as wide as the screen, in both colour schemes."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(demo)
    page.wait_for_selector("#part-board")
    page.goto(page.url.rstrip("/") + f"/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_console_stays_clean(page: Any) -> None:
    """No script error and no violation of the Content-Security-Policy, live updates included."""
    page.wait_for_timeout(4500)
    assert page.problems == []


def test_a_page_fetches_its_parts_when_its_connection_opens(chromium: Any, demo: str) -> None:
    """What changed between the page and its connection was told to nobody; this connection tells nothing at all."""
    context = chromium.new_context()
    page = context.new_page()
    page.route_web_socket("**/live?*", lambda _: None)
    with page.expect_request("**/fragments/board*"):
        page.goto(demo)
    context.close()
