"""Letters that nobody sees: between those of a word they keep a reader from knowing it."""

from __future__ import annotations

import re
from typing import Final

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
"""Letters that show nothing, and those that turn the direction of writing."""


def visible(text: str) -> str:
    """The text without letters that show nothing."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
