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
"""A parser compares every attribute of an element with all different ones before it."""
MAX_ATTRIBUTES_READ: Final = 4_000_000
"""Characters of tags; one tag may be read inside another."""
MAX_COPIED: Final = 1_000_000
"""Attributes of formatting elements that are opened again; a parser copies them each time."""
_LONG: Final = 40
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
_BLANK: Final = r"[ \t\n\f\r]"
"""What HTML takes for a space; Python's own notion is wider."""
_NAMED: Final = r"=?[^ \t\n\f\r/>=]*"
_VALUE: Final = rf"(?:{_BLANK}*={_BLANK}*(?:\"[^\"]*\"|'[^']*'|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*)?)?"
_ATTRIBUTES: Final = rf"((?:[ \t\n\f\r/]*{_NAMED}{_VALUE})*+)"
_ATTRIBUTE: Final = re.compile(rf"[ \t\n\f\r/]*({_NAMED}){_VALUE}")
_TOKEN: Final = re.compile(rf"<(?:(!--)|([!?]|/[^a-zA-Z])|(/?)([a-zA-Z][^ \t\n\f\r/>]*+){_ATTRIBUTES}>?)")
_START: Final = re.compile("<(?=[a-zA-Z])")
_START_TAG: Final = re.compile(rf"<([a-zA-Z][^ \t\n\f\r/>]*+){_ATTRIBUTES}")
_ROOTS: Final = frozenset({"html", "body"})
"""However many there are, their attributes become those of one element."""
_COMMENT_END: Final = re.compile(r"--!?>")


def is_safe(html: str) -> bool:
    """Whether `html` is within its caps."""
    if len(html) > MAX_HTML or len(_OPTION.findall(html)) > MAX_OPTIONS:
        return False
    if _is_crowded(html):
        return False
    many = html.count("<") > MANY_TAGS
    told = _may_be_copied(html)
    if (
        not told
        and _few(_HEAVY, html, MAX_TAG_DEPTH)
        and (not many or _few(_FORMATS, html, min(MAX_REPEATED // html.count("<"), MAX_TAG_DEPTH)))
    ):
        return True  # not even if none of them were closed
    tags = _tags(html) if many or told else ((end, name, "") for end, name in _TAG.findall(html))
    depth = formatting = repeated = weight = copied = 0
    waiting: dict[str, int] = {}
    weights: dict[str, list[int]] = {}
    for end, written, attributes in tags:
        name = written.lower()
        copied += 0 if end else weight
        if name in _LIGHT:
            repeated += formatting
            continue
        if told and name in _FORMATTING:
            of_name = weights.setdefault(name, [])
            if not end:
                of_name.append(len(_ATTRIBUTE.findall(attributes)))
                weight += of_name[-1]
            elif of_name:
                weight -= of_name.pop()
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
        if depth > MAX_TAG_DEPTH or repeated > MAX_REPEATED or copied > MAX_COPIED:
            return False
    return repeated <= MAX_REPEATED and copied <= MAX_COPIED


def _is_crowded(html: str) -> bool:
    """Whether elements have more attributes than they may. Each is a word, or behind a slash or a quote.

    A tag is read wherever one may begin, in comments and in other tags, too: nothing can hide one.
    """
    words = html.replace("/", " ").replace('"', " ").replace("'", " ").split()
    if len(words) * len(set(words)) <= MAX_COMPARED:
        return False
    compared = read = of_roots = 0
    root_names: set[str] = set()
    for start in _START.finditer(html):
        tag = _START_TAG.match(html, start.start())
        told = tag[2] if tag is not None else ""
        read += len(told)
        if read > MAX_ATTRIBUTES_READ:
            return True
        if tag is None or len(told) <= _LONG:
            continue
        names = [name.lower() for name in _ATTRIBUTE.findall(told)]
        different = set(names)
        compared += len(names) * len(different)
        if tag[1].lower() in _ROOTS:
            of_roots += len(names)
            root_names |= different
        if compared + of_roots * len(root_names) > MAX_COMPARED:
            return True
    return False


def _may_be_copied(html: str) -> bool:
    """Whether formatting has more attributes than a parser may copy, were none of it closed: a copy for every element behind it."""
    elements = html.count("<")
    told = 0
    for start in _FORMATS.finditer(html):
        tag = _START_TAG.match(html, start.start())
        told += len(tag[2]) if tag is not None else 0
        if told * elements > MAX_COPIED:
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
