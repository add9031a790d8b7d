"""HTML → the text a person would see: paragraphs end in a newline, hidden text is left out, links are collected."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from hearback.reading import seen
from hearback.reading.letters import visible
from hearback.reading.scan import MAX_TEXT

_APART: Final = r"<(?=/?(?:div|br|t[rdh]|table|li|h[1-6r]|ul|ol|dl|d[dt]|blockquote|section|article|header|footer|main|address|aside|pre|center|form|option|caption|p)[\s>/])"
"""Where a line ends: these elements stand apart from what is before and after them."""
_ODD_SPACES: Final = re.compile(r"[^\S\n ][^\S\n]*")
_SPACES: Final = re.compile("  +")
_LINE_ENDS: Final = re.compile(r"\n[ \n]+")
_EMPTY_LINES: Final = re.compile(r"(?:<br ?/?>\s*){3,}")
_BREAKS: Final = re.compile(_APART)
_LOUD_BREAKS: Final = re.compile(_APART, re.IGNORECASE)
_LOUD: Final = re.compile("<[A-Z]")
_LINK: Final = re.compile(r"https?://[^\s<>\"'\])}]{4,500}")
MAX_LINKS: Final = 100
WRAPPED: Final = 50
"""Shorter lines are ended on purpose."""
MAX_JOINED: Final = MAX_TEXT // WRAPPED
"""No text has more lines that a mail program wrapped: what is behind so many is left as it is."""
POINT, POINTED = "\x05", "\x06"


def from_html(html: str, *, pointed: bool = False) -> tuple[str, tuple[str, ...]]:
    """Visible text and link targets, in order. The caller has checked the caps (markup.is_safe).

    `pointed`: behind each link's words stands, between POINT and POINTED, which of the targets it leads to.
    """
    if "<pre" not in html:
        html = _EMPTY_LINES.sub("<br>", html.replace("\n", " ").replace("\r", " "))
    breaks = _LOUD_BREAKS if _LOUD.search(html) else _BREAKS
    for mark in (seen.OPEN, seen.CLOSE, POINT, POINTED):
        if mark in html:
            html = html.replace(mark, " ")
    tree = LexborHTMLParser("\n<".join(breaks.split(html)))
    seen.keep_only_the_seen(tree)
    root = tree.body or tree.root
    if root is None:
        return "", ()
    links: dict[str, int] = {}
    for node in root.css("a[href]"):
        href = (node.attributes.get("href") or "").strip()
        if href[:8].lower().startswith(("http://", "https://")):
            number = links.setdefault("".join(href.split())[:2000], len(links))
            if pointed:
                node.insert_after(f"{POINT}{number}{POINTED}")
    return _marked(tidy(root.text(deep=True, separator=""))), tuple(links)[:MAX_LINKS]


def _marked(text: str) -> str:
    """The text with a quote mark before every line that stands in a quote."""
    if seen.OPEN not in text:
        return text
    depth = 0
    lines: list[str] = []
    for line in text.split("\n"):
        if line in {seen.OPEN, seen.CLOSE}:
            depth = max(depth + (1 if line == seen.OPEN else -1), 0)
        else:
            lines.append(f"> {line}" if depth else line)
    return "\n".join(lines)[:MAX_TEXT]


def tidy(text: str) -> str:
    """One space between words, one newline between lines, at most MAX_TEXT characters."""
    words = _SPACES.sub(" ", _ODD_SPACES.sub(" ", visible(text).replace("\r", "\n")))
    return _LINE_ENDS.sub("\n", words.replace(" \n", "\n")).strip(" \n")[:MAX_TEXT]


def from_plain(text: str, *, flowed: bool) -> str:
    """Plain text with soft-wrapped lines joined into paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_TEXT]
    if flowed:
        text = re.sub(r" \n(?=[^\n>])", " ", text)
    return tidy(_joined(text))


def _joined(text: str) -> str:
    """Join lines that a mail program wrapped: a long line whose successor goes on in the middle of a sentence."""
    lines = text.split("\n")
    wrapped = iter([*(index for index, line in enumerate(lines) if len(line) >= WRAPPED), len(lines)])
    pieces: list[str] = []
    length = 0  # of the paragraph that the last piece belongs to
    last = ""
    index = following = joined = 0
    while index < len(lines):
        if joined > MAX_JOINED:
            return "".join([*pieces[1:], "\n", "\n".join(lines[index:])])
        if length < WRAPPED:
            while following < index:
                following = next(wrapped)
            if index < following:
                pieces += ("\n", "\n".join(lines[index:following]))
                index, length = following, 0
                continue
        line = lines[index]
        bare = line.strip()
        if length >= WRAPPED and bare and _goes_on(bare, last, length):
            length += 1 + len(bare)
            pieces += (" ", bare)
            joined += 1
        else:
            length = len(line)
            pieces += ("\n", line)
        last = bare
        index += 1
    return "".join(pieces[1:])


def _goes_on(bare: str, last: str, length: int) -> bool:
    """Whether the line goes on with a paragraph of `length` letters whose last line is `last`."""
    return (
        not bare.startswith((">", "-", "*", "•", "http"))
        and not last.endswith((".", "!", "?", ":", ";", ">"))
        and (bare[0].islower() or bare[0].isdigit() or last[-1:] in ",-–" or last[-1:].isalnum())
        and (bare[0].islower() or length >= 60)  # noqa: PLR2004  a wrapped line is nearly full
    )


def links_in(text: str) -> tuple[str, ...]:
    """http(s) addresses in plain text."""
    return tuple(dict.fromkeys(found.rstrip(".,;:!?") for found in _LINK.findall(text)))[:MAX_LINKS]
