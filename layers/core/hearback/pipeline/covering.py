"""When one pattern, filter or choice certainly means all mail that another means.

Sound, not complete: what is answered yes holds for every mail; no means that it could not be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from hearback.model import pattern
from hearback.model.filter import Filter, Part
from hearback.model.mailbox import Preferences, Reads

_ANYTHING: Final = "\u4e00"
"""A letter in place of the other pattern's stars: only a star takes it in."""
Covers = Callable[[str, str], bool]


def sender(wide: str, narrow: str) -> bool:
    """Whether each sender that `narrow` names is one that `wide` names."""
    one, other = pattern.folded(wide), pattern.folded(narrow)
    if one == other:
        return True
    if "@" in one:
        return "@" in other and _whole(one, other)
    if not pattern.is_domain(wide):  # a word, of name or address
        return "@" not in other and not pattern.is_domain(narrow) and text(wide, narrow)
    if "@" in other:
        domain = other.rpartition("@")[2]
        return _whole(one, domain) or domain.endswith(f".{one}")
    return pattern.is_domain(narrow) and pattern.ANY not in one and other.endswith(f".{one}")


def text(wide: str, narrow: str) -> bool:
    """Whether each text in which `narrow` is found is one in which `wide` is."""
    return pattern.begins_word(pattern.pieces(wide), _as_text(narrow)) if _plain(narrow) else wide == narrow


def company(wide: str, narrow: str) -> bool:
    """The same of names of companies."""
    return pattern.whole_words(pattern.pieces(wide), _as_text(narrow)) if _plain(narrow) else wide == narrow


def _whole(wide: str, narrow: str) -> bool:
    return _plain(narrow) and pattern.whole(tuple(wide.split(pattern.ANY)), _as_text(narrow))


def _plain(written: str) -> bool:
    return _ANYTHING not in written


def _as_text(written: str) -> str:
    return pattern.folded(written).replace(pattern.ANY, _ANYTHING)


def items(wide: Sequence[str], narrow: Sequence[str], covers: Covers) -> bool:
    """Whether what any of `narrow` means is meant by one of `wide`."""
    return all(any(covers(each, other) for each in wide) for other in narrow)


def filters(wide: Filter, narrow: Filter) -> bool:
    """Whether all mail that fits `narrow` fits `wide`: each line of `wide` must follow from one of `narrow`."""
    return all(any(_line(line.part, line.items, each.part, each.items) for each in narrow.lines) for line in wide.lines)


def _line(part: Part, wide: Sequence[str], other: Part, narrow: Sequence[str]) -> bool:
    if part is not other:
        return False
    match part:
        case Part.FROM:
            return items(wide, narrow, sender)
        case Part.SUBJECT:
            return items(wide, narrow, text)
        case Part.EXCLUDE:  # the wider one leaves out less: each of its items is left out by the narrow one too
            return items(narrow, wide, lambda each, by: sender(each, by) and text(each, by))


def widens(before: Preferences, after: Preferences) -> bool:
    """Whether there may be mail that was left out before and is wanted now."""
    return not (
        _reads_less(before, after) and _filters_less(before, after) and set(after.folders) <= set(before.folders)
    )


def _reads_less(before: Preferences, after: Preferences) -> bool:
    if before.reads is Reads.ALL or (before.reads is after.reads is Reads.TRACKED):
        return True
    if before.reads is not after.reads:
        return False
    if after.reads is Reads.KEYWORDS:
        return items(before.keywords, after.keywords, text)
    return items(before.senders, after.senders, sender)


def _filters_less(before: Preferences, after: Preferences) -> bool:
    if not before.filters:
        return True
    return bool(after.filters) and all(any(filters(wide, each) for wide in before.filters) for each in after.filters)
