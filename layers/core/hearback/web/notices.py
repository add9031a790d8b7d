"""What is told right after something was done, and what takes it back: one line, with and without JavaScript.

Only codes and ids travel in an address; the words are here, so no link can put words on a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hearback.web.saying import VERBS

TOLD: Final[Mapping[str, str]] = {
    **{name: verb.told for name, verb in VERBS.items()},
    "add": "Application added.",
    "revert": "The change is taken back.",
    "link": "Moved to the other application.",
    "correct": "Corrected.",
    "ignore": "Ignored. It will not appear again.",
    "many": "Done for all that were ticked.",
    "nothing": "Nothing to do: all that were ticked are so already.",
    "rewrite": "Note changed.",
    "undone": "Taken back.",
    "already": "That was taken back before.",
}
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True, slots=True)
class Notice:
    """One line after a change."""

    text: str
    undo: str
    """The act or batch that "Undo" (of an Undo: "Redo") takes back; empty: nothing to take back."""
    label: str


def notice(query: Mapping[str, str]) -> Notice | None:
    """The line that an address asks for; None: none, or one there is not."""
    did, act = query.get("did", ""), query.get("act", "")
    if did not in TOLD:
        return None
    label = "Redo" if did == "undone" else "Undo"
    return Notice(TOLD[did], act if _ID.fullmatch(act) else "", label)
