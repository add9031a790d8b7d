"""A message's text for a person's eyes: lines of plain pieces and links, quoted lines apart. Nothing of its HTML is left.

A link says where it really leads: its host as a browser would reach it (an internationalised one in its ASCII form).
An address that readers and browsers take differently (user names, backslashes, control characters) is shown and leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hearback.model.message import Message
from hearback.reading import mime, quoted
from hearback.reading.scan import MAX_TEXT
from hearback.reading.text import POINT, POINTED

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^\s/?#\\@:]{1,253})(?P<port>:\d{1,5})?(?P<rest>(?:[/?#][^\s\\\x00-\x1f]*)?)",
    re.IGNORECASE,
)
_HOST: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]|\d{1,3}(?:\.\d{1,3}){3}"
)
_IN_LINE: Final = re.compile(
    rf"{POINT}(?P<number>\d{{1,6}}){POINTED}|(?P<address>https?://[^\s<>\"'`{POINT}{POINTED}]{{4,2000}})", re.IGNORECASE
)
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ENDS: Final = ".,;:!?)]}’”"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a link with the host it leads to."""

    text: str
    href: str = ""
    host: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together: new ones, or ones quoted from mail before."""

    quoted: bool
    lines: tuple[Line, ...]


def blocks(message: Message, *, most: int = MAX_TEXT) -> tuple[Block, ...]:
    """The text of a message that was parsed to be `shown`, in order, cut at `most` characters; what is passed on is no quote."""
    text, links, forwarded = message.text, message.links, mime.is_forward(message.subject)
    found: list[Block] = []
    for is_quoted, lines in _runs(text[:most], forwarded=forwarded):
        shown = tuple(tuple(_pieces(line, links)) for line in lines if line.strip())
        if shown:
            found.append(Block(is_quoted, shown))
    return tuple(found)


def target(address: str) -> tuple[str, str] | None:
    """An address and the host it leads to; None: it is no plain web address."""
    told = _ADDRESS.fullmatch(address)
    if told is None:
        return None
    try:
        host = told["host"].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if not _HOST.fullmatch(host):
        return None
    return f"{told['scheme'].lower()}://{host}{told['port'] or ''}{told['rest']}", host


def _runs(text: str, *, forwarded: bool) -> Iterator[tuple[bool, list[str]]]:
    """Neighbouring lines of one sort. All below a line that says who wrote is quoted."""
    lines = text.split("\n")
    begins = quoted.begins(lines, forwarded=forwarded)
    if begins == quoted.PASSED_ON:
        begins = None
    run: list[str] = []
    marked = False
    for line in lines if begins is None else lines[:begins]:
        is_marked = line.lstrip().startswith(">")
        if is_marked != marked and run:
            yield marked, run
            run = []
        marked = is_marked
        run.append(line)
    if run:
        yield marked, run
    if begins is not None:
        yield True, lines[begins:]


def _pieces(line: str, links: tuple[str, ...]) -> Iterator[Piece]:
    end = 0
    before = ""  # where the link just before leads: its words say it already
    for found in _IN_LINE.finditer(line):
        words = _clean(line[end : found.start()])
        end = found.end()
        if words:
            yield Piece(words)
        if found["number"] is not None:
            number = int(found["number"])
            told = target(links[number]) if number < len(links) else None
            if told is not None and not (before and not words.strip() and told[1] == before):
                yield Piece("", *told)
            continue
        address = found["address"].rstrip(_ENDS)
        told = target(address)
        yield Piece(_clean(address), *told) if told is not None else Piece(_clean(address))
        before = told[1] if told is not None else ""
        end -= len(found["address"]) - len(address)
    rest = _clean(line[end:])
    if rest:
        yield Piece(rest)


def _clean(words: str) -> str:
    return _UNSEEN.sub("", words)


def first_words(shown: Iterable[Block], most: int = 120) -> str:
    """How the new text begins, for a message that is folded."""
    words = " ".join(piece.text for block in shown if not block.quoted for line in block.lines for piece in line)
    return " ".join(words.split())[:most]
