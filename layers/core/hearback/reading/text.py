"""HTML → the text a person would see: paragraphs end in a newline, hidden text is left out, links are collected."""

from __future__ import annotations

import functools
import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hearback.reading.scan import MAX_TEXT

_UNSEEN: Final = ("script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe")
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)
_WHITE: Final = re.compile(r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?|white)\b", re.IGNORECASE)
_BACKGROUND: Final = re.compile(r"background", re.IGNORECASE)
_WHITES: Final = frozenset(["white", "#fff", "#ffffff"])
_APART: Final = r"<(?=/?(?:div|br|t[rdh]|table|li|h[1-6r]|ul|ol|dl|d[dt]|blockquote|section|article|header|footer|main|address|aside|pre|center|form|option|caption|p)[\s>/])"
"""Where a line ends: these elements stand apart from what is before and after them."""
_BREAKS: Final = re.compile(_APART)
_LOUD_BREAKS: Final = re.compile(_APART, re.IGNORECASE)
_LOUD: Final = re.compile("<[A-Z]")
_INVISIBLE: Final = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u200e", "\u200f")
_LINK: Final = re.compile(r"https?://[^\s<>\"'\])}]{4,500}")
MAX_LINKS: Final = 100
_NEAR: Final = 25
"""How many elements around one may give it its background."""


def from_html(html: str) -> tuple[str, tuple[str, ...]]:
    """Visible text and link targets, in order. The caller has checked the caps (markup.is_safe)."""
    if "<pre" not in html:
        html = html.replace("\n", " ").replace("\r", " ")
    breaks = _LOUD_BREAKS if _LOUD.search(html) else _BREAKS
    tree = LexborHTMLParser("\n<".join(breaks.split(html)))
    lower = html.lower()
    unseen = [tag for tag in _UNSEEN if f"<{tag}" in lower] + (["[hidden]"] if "hidden" in lower else [])
    for node in tree.css(", ".join(unseen)) if unseen else ():
        node.decompose()
    for node in tree.css("[style]"):
        hides = _hides(node.attributes.get("style") or "")
        if hides is True or (hides is None and not _dark(node)):
            node.decompose()
    for node in tree.css("font[color]") if "<font" in lower else ():
        if (node.attributes.get("color") or "").strip().lower() in _WHITES and not _dark(node):
            node.decompose()
    root = tree.body or tree.root
    if root is None:
        return "", ()
    links: list[str] = []
    for node in root.css("a[href]"):
        href = (node.attributes.get("href") or "").strip()
        if href[:8].lower().startswith(("http://", "https://")):
            links.append("".join(href.split())[:2000])
    return tidy(root.text(deep=True, separator="")), tuple(dict.fromkeys(links))[:MAX_LINKS]


@functools.lru_cache(maxsize=4096)
def _hides(style: str) -> bool | None:
    """Whether a style hides its element; None where it depends on the background around it."""
    if _HIDDEN.search(style):
        return True
    return None if _WHITE.search(style) and not _BACKGROUND.search(style) else False


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


def tidy(text: str) -> str:
    """One space between words, one newline between lines, at most MAX_TEXT characters."""
    if not text.isascii():
        for invisible in _INVISIBLE:
            text = text.replace(invisible, "")
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_TEXT]


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
