"""HTML → the text a person would see: paragraphs end in a newline, hidden text is left out, links are collected."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hearback.reading.scan import MAX_TEXT

_DROP: Final = "script, style, head, title, template, noscript, svg, object, iframe, [hidden]"
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)
_WHITE: Final = re.compile(r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?|white)\b", re.IGNORECASE)
_BACKGROUND: Final = re.compile(r"background", re.IGNORECASE)
_BLOCK: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_SPACES: Final = re.compile(r"[ \t\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_LINES: Final = re.compile(r"\s*\n\s*")
_LINK: Final = re.compile(r"https?://[^\s<>\"'\])}]{4,500}")
MAX_LINKS: Final = 100
_NEAR: Final = 25
"""How many elements around one may give it its background."""


def from_html(html: str) -> tuple[str, tuple[str, ...]]:
    """Visible text and link targets, in order. The caller has checked the caps (markup.is_safe)."""
    tree = LexborHTMLParser(html)
    for node in tree.css(_DROP):
        node.decompose()
    for node in tree.css("[style]"):
        style = node.attributes.get("style") or ""
        if _HIDDEN.search(style) or (_WHITE.search(style) and not _BACKGROUND.search(style) and not _dark(node)):
            node.decompose()
    root = tree.body or tree.root
    if root is None:
        return "", ()
    links = tuple(
        dict.fromkeys(
            href.strip()
            for node in root.css("a[href]")
            if (href := node.attributes.get("href") or "").strip().lower().startswith(("http://", "https://"))
        )
    )
    return tidy(_visible(root)), links[:MAX_LINKS]


def _dark(node: LexborNode) -> bool:
    """Whether something around the node gives it a background that white text shows on."""
    around = node.parent
    for _ in range(_NEAR):
        if around is None:
            break
        if "bgcolor" in around.attributes or _BACKGROUND.search(around.attributes.get("style") or ""):
            return True
        around = around.parent
    return False


def _visible(root: LexborNode) -> str:
    pieces: list[str] = []
    for node in root.traverse(include_text=True):
        tag = node.tag
        if tag == "-text":
            pieces.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif tag in _BLOCK:
            pieces.append("\n")
    return "".join(pieces)


def tidy(text: str) -> str:
    """One space between words, one newline between lines, at most MAX_TEXT characters."""
    text = _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINES.sub("\n", text).strip()[:MAX_TEXT]


def from_plain(text: str, *, flowed: bool) -> str:
    """Plain text with soft-wrapped lines joined into paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_TEXT]
    if flowed:
        text = re.sub(r" \n(?=[^\n>])", " ", text)
    return tidy(_joined(text))


def _joined(text: str) -> str:
    """Join lines that a mail program wrapped: a long line whose successor goes on in the middle of a sentence."""
    lines = text.split("\n")
    out: list[str] = []
    for line in lines:
        bare = line.strip()
        if (
            out
            and len(out[-1]) >= 50  # noqa: PLR2004  shorter lines are ended on purpose
            and bare
            and not bare.startswith((">", "-", "*", "•", "http"))
            and not out[-1].rstrip().endswith((".", "!", "?", ":", ";", ">"))
            and (
                bare[0].islower()
                or bare[0].isdigit()
                or out[-1].rstrip()[-1:] in ",-–"
                or out[-1].rstrip()[-1:].isalnum()
            )
            and (bare[0].islower() or len(out[-1]) >= 60)  # noqa: PLR2004  a wrapped line is nearly full
        ):
            out[-1] = f"{out[-1].rstrip()} {bare}"
        else:
            out.append(line)
    return "\n".join(out)


def links_in(text: str) -> tuple[str, ...]:
    """http(s) addresses in plain text."""
    return tuple(dict.fromkeys(found.rstrip(".,;:!?") for found in _LINK.findall(text)))[:MAX_LINKS]
