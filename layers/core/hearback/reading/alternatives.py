"""Many words as one pattern that asks letter by letter: where a text goes on with none of them, a step or two tell.

Written side by side ("one|two|three") each word is tried by itself at every place of a text; of two hundred hours in eight
languages that is most of the time a mail takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest that stands there first. It may stand wherever a group may."""
    tree: _Tree = {}
    for word in words:
        at = tree
        for letter in word:
            at = at.setdefault(letter, {})
        at[""] = {}  # here a word ends
    return f"(?:{_branches(tree)})"


def _branches(tree: _Tree) -> str:
    ways = [re.escape(letter) + _branches(rest) for letter, rest in sorted(tree.items()) if letter]
    if not ways:
        return ""
    if len(ways) == 1 and "" not in tree:
        return ways[0]
    return f"(?:{'|'.join(ways)}){'?' if '' in tree else ''}"
