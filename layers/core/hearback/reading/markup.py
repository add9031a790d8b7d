"""Whether HTML may be given to the parser: its size, the depth of its elements, and what it would make the parser build.

A parser is quadratic in depth, and repeats open formatting (<font>, <b>, …) in every following block. So open elements
are counted, name by name, before anything is parsed. Short documents are counted by a pattern; long ones by a reading
that knows comments, raw text and attribute values, in which an end tag ends nothing. Both are linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from hearback.reading.scan import MAX_HTML, MAX_TAG_DEPTH

MANY_TAGS: Final = 3000
"""Up to here even the deepest nesting is parsed in milliseconds."""
MAX_REPEATED: Final = 400_000
"""Formatting elements the parser may have to open again."""
MAX_OPTIONS: Final = 1000
"""A parser is quadratic in the options of a <select>."""
MAX_COMPARED: Final = 25_000_000
"""A parser compares every attribute of an element with those before it."""
_LONG: Final = 400
"""A tag with attributes worth counting is longer."""
_OPTION: Final = re.compile("<(?:option|optgroup|keygen)", re.IGNORECASE)
_FORMATTING: Final = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_LIGHT: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "tr",
        "td",
        "th",
        "dd",
        "dt",
        "option",
    ]
)
"""Void elements, and those the next of their kind closes."""
_RAW: Final = frozenset(["style", "script", "title", "textarea", "xmp", "iframe", "noembed", "noframes"])
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
_HEAVY: Final = re.compile(r"<(?=[a-zA-Z])(?!(?:br|p|li|tr|td|th|img|hr|input|link|meta|dd|dt)[\s>/])", re.IGNORECASE)
_FORMATS: Final = re.compile(
    f"<(?=[a-z])(?:{'|'.join(sorted(_FORMATTING, key=len, reverse=True))})(?![^\\s/>])", re.IGNORECASE
)
_NAMED: Final = r"=?[^\s/>=]*"
_VALUE: Final = r"(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*)?)?"
_ATTRIBUTE: Final = re.compile(rf"[\s/]*({_NAMED}){_VALUE}")
_TOKEN: Final = re.compile(rf"<(?:(!--)|([!?]|/[^a-zA-Z])|(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]*{_NAMED}{_VALUE})*+)>?)")
_COMMENT_END: Final = re.compile(r"--!?>")


def is_safe(html: str) -> bool:
    """Whether `html` is within its caps."""
    if len(html) > MAX_HTML or len(_OPTION.findall(html)) > MAX_OPTIONS or _is_crowded(html):
        return False
    many = html.count("<") > MANY_TAGS
    if _few(_HEAVY, html, MAX_TAG_DEPTH) and (
        not many or _few(_FORMATS, html, min(MAX_REPEATED // html.count("<"), MAX_TAG_DEPTH))
    ):
        return True  # not even if none of them were closed
    tags = ((end, name) for end, name, _ in _tags(html)) if many else _TAG.findall(html)
    depth = formatting = repeated = 0
    waiting: dict[str, int] = {}
    for end, written in tags:
        name = written.lower()
        if name in _LIGHT:
            repeated += formatting
            continue
        open_now = waiting.get(name, 0)
        if end:
            if open_now:
                waiting[name] = open_now - 1
                depth -= 1
                formatting -= name in _FORMATTING
            continue
        waiting[name] = open_now + 1
        depth += 1
        formatting += name in _FORMATTING
        repeated += formatting
        if depth > MAX_TAG_DEPTH or repeated > MAX_REPEATED:
            return False
    return repeated <= MAX_REPEATED


def _is_crowded(html: str) -> bool:
    """Whether elements have more attributes of different names than they may. Each is a word, or behind a slash or a quote."""
    words = html.replace("/", " ").replace('"', " ").replace("'", " ").split()
    if len(words) * len(set(words)) <= MAX_COMPARED:
        return False
    compared = 0
    for found in _TOKEN.finditer(html):  # raw text and comments, too: what is in an <svg> is neither
        told = found[5]
        if told and not found[3] and len(told) > _LONG:
            compared += len({name.lower() for name in _ATTRIBUTE.findall(told)}) ** 2
            if compared > MAX_COMPARED:
                return True
    return False


def _few(pattern: re.Pattern[str], html: str, most: int) -> bool:
    """Whether a pattern is found no more often than that."""
    return next(islice(pattern.finditer(html), most, None), None) is None


def _tags(html: str) -> Iterator[tuple[str, str, str]]:
    """Start and end tags as an HTML tokenizer sees them: the slash, the name, what is told behind it."""
    at = 0
    while (found := _TOKEN.search(html, at)) is not None:
        at = found.end()
        if found[1]:
            if not html.startswith((">", "->"), at):
                end = _COMMENT_END.search(html, at)
                if end is None:
                    return
                at = end.end()
        elif found[2]:
            at = html.find(">", at - 1) + 1
            if at == 0:
                return
        else:
            yield found[3], found[4], found[5]
            if not found[3] and found[4].lower() in _RAW:
                closing = re.compile(f"</{re.escape(found[4])}(?=[\\s/>])", re.IGNORECASE).search(html, at)
                if closing is None:
                    return
                at = closing.start()
