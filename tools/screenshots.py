"""Take the pictures of docs/images from a running demo: dashboard in light and dark, desktop and phone; settings, a conversation.

screenshots.py READY-LINK
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OUT = Path(__file__).resolve().parents[1] / "docs/images"

SETTINGS = {
    ("light", "desktop"): ("integrations", "history"),
    ("light", "phone"): ("integrations",),
    ("dark", "desktop"): ("integrations",),
}
"""Pages of the settings, by what they are seen in."""


def main(link: str) -> None:
    """Write the pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for name, width, height in (("desktop", 1440, 900), ("phone", 390, 844)):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                page.goto(link)
                page.wait_for_selector("#part-board")
                page.wait_for_timeout(800)
                page.screenshot(path=str(OUT / f"dashboard-{scheme}-{name}.png"))
                if name == "desktop":
                    page.goto(
                        page.url.rstrip("/")
                        + page.locator(".column.stage-offer_extended .card a").first.get_attribute("href")
                    )
                    page.wait_for_timeout(600)
                    page.screenshot(path=str(OUT / f"application-{scheme}.png"))
                    page.get_by_role("link", name="Conversation").last.click()
                    page.wait_for_selector("#part-thread[data-state=shown]")
                    page.screenshot(path=str(OUT / f"conversation-{scheme}.png"))
                for settings in SETTINGS.get((scheme, name), ()):
                    page.goto(f"{link.partition('/start')[0]}/settings/{settings}")
                    page.wait_for_timeout(600)
                    page.screenshot(path=str(OUT / f"{settings}-{scheme}-{name}.png"))
                context.close()
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
