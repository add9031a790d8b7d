"""What a style makes of an element: gone, too small to see, or of a colour that may be its background's.

Only what hides is understood. A style sheet's rules count where they hold for every reader: not in @media of widths.
Linear: declarations are split, never searched through.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]

UNKNOWN: Final = (-1, -1, -1)
"""The colour of a picture or a gradient: anything shows on it."""
CLEAR: Final = (-2, -2, -2)
"""No colour at all: the background shows through."""
MAX_SELECTORS: Final = 4000
MAX_CACHED: Final = 500
_ALIKE: Final = 24
"""Sum of the differences of red, green and blue below which text cannot be told from what is behind it."""
_FAR: Final = -400.0
"""Pixels off the screen."""
_ESCAPE: Final = re.compile(r"\\([0-9a-f]{1,6})\s?", re.IGNORECASE)
_LENGTH: Final = re.compile(r"^([+-]?(?:\d{1,8}(?:\.\d{0,8})?|\.\d{1,8}))(px|pt|em|rem|ex|vw|vh|in|cm|mm|pc|%)?$")
_FONT: Final = re.compile(r"(?:^|\s)((?:\d{1,8}(?:\.\d{0,8})?|\.\d{1,8})(?:px|pt|em|rem|%)?)(?=[\s/]|$)")
_NUMBERS: Final = re.compile(r"[\d.]{1,9}%?")
_PIXELS: Final = {
    "pt": 1.33,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "%": 0.16,
    "in": 96.0,
    "cm": 38.0,
    "mm": 3.8,
    "pc": 16.0,
}
_SIDES: Final = ("left", "right", "top", "bottom", "inset-inline-start")
_SIZES: Final = ("height", "width", "max-height", "max-width")
_NAMED: Final[dict[str, Colour]] = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240), "azure": (240, 255, 255), "mintcream": (245, 255, 250),
    "seashell": (255, 245, 238), "aliceblue": (240, 248, 255), "honeydew": (240, 255, 240), "black": (0, 0, 0),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192), "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211), "gainsboro": (220, 220, 220), "navy": (0, 0, 128), "blue": (0, 0, 255),
    "red": (255, 0, 0), "green": (0, 128, 0), "yellow": (255, 255, 0), "orange": (255, 165, 0), "purple": (128, 0, 128),
    "maroon": (128, 0, 0), "teal": (0, 128, 128), "transparent": CLEAR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What an element's own style says; None: nothing, its parent's holds."""

    gone: bool = False
    """It and all in it."""
    shown: bool = False
    """It says how it is displayed, and not "none"."""
    tiny: bool | None = None
    unseen: bool | None = None
    colour: Colour | None = None
    background: Colour | None = None


PLAIN: Final = Look()


def of(style: str) -> Look:
    """What a style attribute says."""
    return _cached(style) if len(style) <= MAX_CACHED else _look(style)


def alike(text: Colour, behind: Colour) -> bool:
    """Whether text of one colour cannot be read on another."""
    if text == CLEAR:
        return True
    return UNKNOWN not in {behind, text} and sum(abs(a - b) for a, b in zip(text, behind, strict=True)) < _ALIKE


def colour(value: str) -> Colour | None:
    """A colour as CSS and old attributes write it; None where it is none that is known."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if value.startswith("#"):
        digits = value[1:]
        if len(digits) not in {3, 4, 6, 8} or any(each not in "0123456789abcdef" for each in digits):
            return None
        if len(digits) in {3, 4}:
            digits = "".join(each * 2 for each in digits)
        pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
        numbers = [int(each, 16) for each in pairs]
        return CLEAR if len(numbers) > 3 and numbers[3] < 13 else (numbers[0], numbers[1], numbers[2])  # noqa: PLR2004  the fourth is how dense it is
    if value.startswith(("rgb(", "rgba(")):
        found = _NUMBERS.findall(value[:80])
        parts = [_number(each) * (2.55 if each.endswith("%") else 1) for each in found[:3]]
        if len(parts) < 3:  # noqa: PLR2004  red, green, blue
            return None
        dense = _share(found[3]) if len(found) > 3 else 1.0  # noqa: PLR2004  the fourth
        return CLEAR if dense < 0.05 else (round(parts[0]), round(parts[1]), round(parts[2]))  # noqa: PLR2004  nearly nothing
    if value.startswith(("hsl(", "hsla(")):
        found = _NUMBERS.findall(value[:80])
        light = _number(found[2]) if len(found) > 2 else 50.0  # noqa: PLR2004  hue, saturation, lightness
        return _NAMED["white"] if light >= 97 else _NAMED["black"] if light <= 3 else None  # noqa: PLR2004  the ends
    return None


def rules(sheet: str) -> dict[str, Look]:
    """Selector → what it makes of its elements, of the rules that hide or show; later ones count."""
    found: dict[str, Look] = {}
    for selectors, body in _blocks(_bare(sheet.replace("<!--", " ").replace("-->", " "))):
        look = of(body)
        hides = look.gone or look.tiny or look.unseen or look.colour is not None or look.background is not None
        for selector in selectors.split(",") if hides or look.shown else ():
            name = selector.strip()
            if hides or name in found:
                found[name] = look
            if len(found) >= MAX_SELECTORS:
                return found
    return found


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations at the top, and in @media that every reader is."""
    at = depth = 0
    skipped = 0
    while (opened := sheet.find("{", at)) >= 0:
        closed = sheet.find("}", at)
        if 0 <= closed < opened:
            depth = max(depth - 1, 0)
            skipped = min(skipped, depth)
            at = closed + 1
            continue
        head = sheet[at:opened].rpartition(";")[2].strip()
        if head.startswith("@"):
            depth += 1
            everyone = " ".join(head.lower().split()) in {"@media screen", "@media all", "@media only screen"}
            skipped = skipped or (0 if everyone else depth)
            at = opened + 1
            continue
        if closed < 0:
            return
        if not skipped:
            yield head, sheet[opened + 1 : closed]
        at = closed + 1


def _bare(css: str) -> str:
    """CSS without its comments; one without an end takes the rest along."""
    first, *rest = css.split("/*")  # a comment begun within a comment is part of it
    return "".join([first, *(piece.partition("*/")[2] for piece in rest)])


def _look(style: str) -> Look:
    told = _declarations(style)
    if not told:
        return PLAIN
    display, sight = told.get("display"), told.get("visibility")
    text = told.get("color")
    behind = told.get("background-color") or told.get("background")
    size = told.get("font-size")
    if size is None and "font" in told:
        short = _FONT.search(told["font"][:100])
        size = short[1] if short else None
    tiny = _pixels(size)
    return Look(
        gone=display == "none" or _gone(told),
        shown=display is not None or sight == "visible",
        tiny=None if tiny is None else 0 <= tiny <= 1.34,  # noqa: PLR2004  one point
        unseen=None if sight is None else sight in {"hidden", "collapse"},
        colour=colour(text) if text else None,
        background=_behind(behind) if behind else None,
    )


_cached = functools.lru_cache(maxsize=4096)(_look)


def _declarations(style: str) -> dict[str, str]:
    if "/*" in style:
        style = _bare(style)
    if "\\" in style:
        style = _ESCAPE.sub(lambda m: chr(min(int(m[1], 16), 0x10FFFF)), style)
    told: dict[str, str] = {}
    for each in style.lower().split(";"):
        name, _, value = each.partition(":")
        if value:
            told[name.strip()] = value.partition("!important")[0].strip()[:1000]
    return told


def _gone(told: dict[str, str]) -> bool:
    if told.get("mso-hide") == "all" or _share(told.get("opacity", "1")) <= 0.05:  # noqa: PLR2004  nearly nothing
        return True
    if told.get("position") in {"absolute", "fixed"} and any(_off(told.get(side)) for side in _SIDES):
        return True
    if _off(told.get("text-indent")) or _off(told.get("margin-left")) or _off(told.get("margin-top")):
        return True
    if _nought(told.get("max-height")):
        return True
    if told.get("overflow") in {"hidden", "clip"} and any(_nought(told.get(size)) for size in _SIZES):
        return True
    clip = told.get("clip", "").replace(" ", "")
    if clip.startswith("rect(") and not any(digit in clip for digit in "23456789"):
        return True
    path = told.get("clip-path", "").replace(" ", "")
    if path.startswith(("inset(50%", "inset(100%", "circle(0", "polygon(00")):
        return True
    whole = told.get("transform", "").replace(" ", "")
    return whole.startswith(("scale(0)", "scale(0,", "scalex(0)", "scaley(0)")) or told.get("filter", "").replace(
        " ", ""
    ).startswith(("opacity(0)", "opacity(0%)"))


def _behind(value: str) -> Colour | None:
    if "url(" in value or "gradient(" in value:
        return UNKNOWN
    whole = colour(value)
    if whole is None:
        whole = next((found for word in value.split()[:8] if (found := colour(word)) is not None), None)
    return None if whole == CLEAR else whole


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.match(value[:30]) if value else None
    return float(found[1]) * _PIXELS.get(found[2] or "px", 1.0) if found else None


def _off(value: str | None) -> bool:
    pixels = _pixels(value)
    return pixels is not None and pixels <= _FAR


def _nought(value: str | None) -> bool:
    pixels = _pixels(value)
    return pixels is not None and 0 <= pixels <= 1


def _number(word: str) -> float:
    try:
        return float(word.rstrip("%"))
    except ValueError:
        return 0.0


def _share(value: str) -> float:
    found = _LENGTH.match(value[:30])
    return (float(found[1]) / (100 if found[2] == "%" else 1)) if found else 1.0
