"""Reads filters and lists of patterns as a person writes them. What cannot be read is told with its line and column.

    filters = filter *( blank-line filter )
    filter  = line *( ( newline | " / " ) line )
    line    = ( "From" | "Subject" | "Exclude" ) ":" items
    items   = item *( "," item )
    item    = anything without comma, quote and " / " | '"' anything, a quote written twice '"'

Every character is looked at a bounded number of times, and only so many are taken.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from hearback.model import pattern
from hearback.model.filter import (
    MAX_FILTERS,
    MAX_ITEMS,
    MAX_LETTERS,
    Filter,
    Line,
    NotAFilter,
    Part,
    Problem,
    begun_part,
    is_bar,
)
from hearback.model.ids import Personal

_LINES: Final = re.compile(r"\r\n|\r|\n")
_NAMES: Final = "From:, Subject: or Exclude:"
_ITEM: Final = "an address, a word or several words"
_SENDER: Final = "an address, a domain or a name"
_AROUND: Final = "the whole item in quotes"
_HINT_LETTERS: Final = 40


def parse(text: str) -> Filter:
    """The one filter that is written there. NotAFilter."""
    found = _read(text, several=False)
    if not found:
        raise NotAFilter((Problem(1, 1, 0, "Nothing is written here yet.", _NAMES),))
    return found[0]


def parse_all(text: str) -> tuple[Filter, ...]:
    """All filters that are written there, those between blank lines each by itself; none where there is nothing. NotAFilter."""
    return _read(text, several=True)


def _read(text: str, *, several: bool) -> tuple[Filter, ...]:
    reader = _Reader()
    blocks: list[list[Line]] = [[]]
    for number, line in enumerate(reader.lines(text), 1):
        if line.strip():
            blocks[-1] += reader.filter_line(line, number)
        elif several:
            blocks.append([])
    found = tuple(Filter(tuple(block)) for block in blocks if block)
    if len(found) > MAX_FILTERS:
        reader.say(1, 0, 0, f"These are more than {MAX_FILTERS} filters.", "fewer, or several joined into one")
    reader.finish()
    return found


def parse_items(text: str, *, senders: bool) -> tuple[Personal, ...]:
    """A list of patterns, divided by commas or lines. NotAFilter. `senders`: each must be able to name one."""
    reader = _Reader()
    items: list[Personal] = []
    for number, line in enumerate(reader.lines(text), 1):
        if line.strip():
            scan = _Scan(line, number, reader, bars=False)
            items += scan.items(Part.FROM if senders else Part.SUBJECT)
    reader.finish()
    return tuple(dict.fromkeys(items))


@dataclass
class _Reader:
    """What is found wrong, and how much there is of everything."""

    problems: list[Problem] = field(default_factory=list)
    items: int = 0

    def say(self, line: int, at: int, length: int, what: str, expected: str, suggestion: str = "") -> None:
        """One more problem, `at` characters into the line."""
        self.problems.append(Problem(line, at + 1, length, what, expected, suggestion))

    def finish(self) -> None:
        """NotAFilter, if anything was wrong."""
        if self.problems:
            raise NotAFilter(tuple(sorted(self.problems, key=lambda each: (each.line, each.column))))

    def lines(self, text: str) -> list[str]:
        """The lines of `text`, if there are not too many; none otherwise."""
        lines = _LINES.split(text[: MAX_LETTERS + 1])
        if len(text) > MAX_LETTERS:
            self.say(len(lines), len(lines[-1]), 0, f"This is longer than {MAX_LETTERS} characters.", "less")
            return []
        for number, line in enumerate(lines, 1):
            for at, letter in enumerate(line):
                if unicodedata.category(letter) in {"Cc", "Cs"} and not letter.isspace():
                    self.say(number, at, 1, "Here stands a character that cannot be seen.", "letters")
        return [] if self.problems else lines

    def filter_line(self, line: str, number: int) -> list[Line]:
        """The parts of one written line, those divided by " / " included."""
        scan = _Scan(line, number, self, bars=True)
        found: list[Line] = []
        while True:
            part = scan.part()
            items = scan.items(part or Part.SUBJECT)
            if part is not None and items:
                found.append(Line(part, tuple(dict.fromkeys(items))))
            if not scan.bar():
                return found


class _Scan:
    """One line, read from left to right."""

    def __init__(self, line: str, number: int, reader: _Reader, *, bars: bool) -> None:
        self._line, self._number, self._reader, self._bars = line, number, reader, bars
        self._at = 0
        self._broken = False
        """What is left of the line cannot be made sense of."""
        self._told = False
        """Something was found wrong."""

    def part(self) -> Part | None:
        """The part's name and its colon; None where there is none (which has been said)."""
        self._space()
        start = self._at
        end = self._end_of_segment(start)
        name, colon, _ = self._line[start:end].partition(":")
        if not colon or any(each in name for each in '",@'):
            self._nameless(start, end)
            return None
        self._at = start + len(name) + 1
        wanted = name.strip()
        for part in Part:
            if wanted.casefold() == part.value.casefold():
                return part
        near = difflib.get_close_matches(wanted[:20].capitalize(), [part.value for part in Part], 1, 0.5)
        hint = f"“{near[0]}:”" if near else ""
        self._say(start, len(name.rstrip()), f"There is no part “{_short(wanted)}”.", _NAMES, hint)
        return None

    def _nameless(self, start: int, end: int) -> None:
        text = self._line[start:end].strip()
        if not text:
            self._say(start, 0, "Nothing stands here.", _NAMES)
            return
        first, _, rest = text.partition(" ")
        near = difflib.get_close_matches(first[:20].capitalize(), [part.value for part in Part], 1, 0.75)
        if near and rest:
            hint = f"“{near[0]}: {_short(rest)}”"
        else:
            hint = f"“{Part.FROM if '@' in text else Part.SUBJECT}: {_short(text)}”"
        self._say(start, len(text), "It is not said what this is about.", f"{_NAMES} in front of it", hint)
        self._at = end

    def items(self, part: Part) -> list[Personal]:
        """What stands up to the next " / " or the end."""
        found: list[Personal] = []
        if self._broken:
            return found
        self._space()
        if self._over() and not self._told:
            self._say(self._at, 0, "Nothing stands here.", _SENDER if part is Part.FROM else _ITEM)
        while not self._broken and not self._over():
            item = self._item(part)
            if item is not None:
                found.append(item)
            self._space()
            if self._over() or self._broken:
                break
            comma = self._at
            self._at += 1
            self._space()
            if self._over():
                self._say(comma, 1, "Nothing follows this comma.", _SENDER if part is Part.FROM else _ITEM)
        return found

    def bar(self) -> bool:
        """Step over a " / "; whether there was one."""
        if self._broken or self._at >= len(self._line):
            return False
        self._at += 1
        return True

    def _item(self, part: Part) -> Personal | None:
        start = self._at
        if self._line[start] == '"':
            text = self._in_quotes()
            if text is None:
                return None
            begun = None
        else:
            end = self._bare_end(start)
            text, self._at = self._line[start:end], end
            if '"' in text:
                self._say(start + text.index('"'), 1, "A quote stands inside an item.", _AROUND)
                self._broken = True
                return None
            begun = begun_part(text)
        text = " ".join(text.split())
        if not text:
            self._say(start, 0, "Nothing stands before this comma.", _SENDER if part is Part.FROM else _ITEM)
            return None
        if begun is not None and self._bars:
            self._say(start, len(begun), "A new part begins here.", "a new line or “ / ” in front of it")
            return None
        return self._checked(text, start, part)

    def _in_quotes(self) -> str | None:
        """What stands in the quotes that begin here; None where they do not end, or something else follows."""
        start, line = self._at, self._line
        at, said = start + 1, ""
        while at < len(line):
            if line[at] != '"':
                said, at = said + line[at], at + 1
            elif line[at : at + 2] == '""':
                said, at = said + '"', at + 2
            else:
                self._at = at + 1
                self._space()
                if not self._over() and line[self._at] != ",":
                    self._say(self._at, 1, "Something follows the quotes.", "a comma")
                    self._broken = True
                    return None
                return said
        self._say(start, 1, "These quotes do not end.", "a second quote behind the item")
        self._broken = True
        return None

    def _checked(self, text: str, start: int, part: Part) -> Personal | None:
        self._reader.items += 1
        if self._reader.items > MAX_ITEMS:
            if self._reader.items == MAX_ITEMS + 1:
                self._say(start, len(text), f"These are more than {MAX_ITEMS} items.", "fewer")
            return None
        plain = pattern.folded(text)
        if len(text) > pattern.MAX_LETTERS:
            what = f"This item is longer than {pattern.MAX_LETTERS} characters."
        elif plain.count(pattern.ANY) > pattern.MAX_STARS:
            what = f"This item has more than {pattern.MAX_STARS} stars."
        elif not plain.replace(pattern.ANY, "").strip():
            what = "This fits all mail."
        else:
            return self._sender(text, start) if part is Part.FROM and "@" in text else Personal(text)
        self._say(start, len(text), what, "letters around the star" if "all" in what else "less")
        return None

    def _sender(self, text: str, start: int) -> Personal | None:
        """An address: one @, no spaces, something on both sides."""
        bare = next((each.strip("<>()[],;:") for each in text.split() if "@" in each), text)
        local, _, domain = bare.partition("@")
        if bare != text or "@" in domain:
            self._say(
                start, len(text), "This is more than one address.", "one address, or a comma between two", f"“{bare}”"
            )
        elif not local:
            self._say(start, len(text), "No address begins with @.", "something in front of the @", f"“*{text}”")
        elif not domain:
            self._say(start, len(text), "No address ends with @.", "something behind the @", f"“{text}*”")
        else:
            return Personal(text)
        return None

    def _bare_end(self, start: int) -> int:
        at = start
        while at < len(self._line) and self._line[at] != "," and not self._is_bar(at):
            at += 1
        return at

    def _end_of_segment(self, start: int) -> int:
        return next((at for at in range(start, len(self._line)) if self._is_bar(at)), len(self._line))

    def _is_bar(self, at: int) -> bool:
        return self._bars and is_bar(self._line, at)

    def _over(self) -> bool:
        return self._at >= len(self._line) or self._is_bar(self._at)

    def _space(self) -> None:
        while self._at < len(self._line) and self._line[self._at].isspace():
            self._at += 1

    def _say(self, at: int, length: int, what: str, expected: str, suggestion: str = "") -> None:
        self._told = True
        self._reader.say(self._number, at, length, what, expected, suggestion)


def _short(text: str) -> str:
    return text if len(text) <= _HINT_LETTERS else f"{text[:_HINT_LETTERS]}…"
