"""A part that is fetched again while its last answer is still on the way shows the newest, whichever comes first."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import hearback.web

TEMPLATES: Final = Path(hearback.web.__file__).with_name("templates")
FETCHING: Final = [
    pytest.param(tag, id=f"{path.name}-{number}")
    for path in sorted(TEMPLATES.rglob("*.html"))
    for number, tag in enumerate(re.findall(r"<\w+ [^<]*\bhx-get=[^<]*", path.read_text(encoding="utf-8")))
]


def test_parts_are_found() -> None:
    """The dashboard alone has ten."""
    assert len(FETCHING) > 10


@pytest.mark.parametrize("tag", FETCHING)
def test_what_is_asked_for_later_replaces_what_was_asked_for_before(tag: str) -> None:
    """By default htmx lets the later one wait, and drops its answer where the part was exchanged meanwhile."""
    target = re.search(r'hx-target="([^"]+)"', tag)
    once = 'hx-trigger="load"' in tag
    assert once or f'hx-sync="{target[1] if target else "this"}:replace"' in tag
