"""Times of day as people write them: 2:30pm, 14h30, 14 Uhr, alle 15, half past two, noon; and ranges of them.

A time without am or pm from 1 to 6 o'clock is the afternoon's: nobody interviews at three in the night.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FLAGS: Final = re.IGNORECASE
_HOUR: Final = 60
_PM: Final = (
    r"p\.?\s?m\.?(?![a-z])|in the (?:afternoon|evening)|nachmittags|abends|de l['’]après-midi|du soir|de la (?:tarde|noche)"
    r"|da (?:tarde|noite)|del pomeriggio|di sera|'s middags|'s avonds|po południu|wieczorem"
)
_AM: Final = (
    r"a\.?\s?m\.?(?![a-zäöü])|in the morning|morgens|vormittags|du matin|de la mañana|da manhã|del mattino|di mattina"
    r"|'s ochtends|'s morgens|rano|przed południem"
)
_TIME: Final = re.compile(
    rf"(?<![\d:.,/€$£#+])(?:(?P<h>[01]?\d|2[0-4])(?P<sep>:|\.|\s?h\s?|\s?uhr\s(?=15|30|45))(?P<m>[0-5]\d)(?!\d|[.,]\d|\s?%)|(?P<bare>[01]?\d|2[0-3])(?![\d:]|[.,/]\d|\s?%))"
    rf"(?::[0-5]\d)?(?:\s?(?P<unit>uhr|uur|hrs?|h|u(?=[ .,])|o['’]?clock|heures?|horas?)(?![a-zà-ž]))?(?:\s?(?:(?P<pm>{_PM})|(?P<am>{_AM})))?",
    _FLAGS,
)
_PREFIX: Final = re.compile(
    r"(?:\b(?:um|ore|alle|dalle|las|às|om|godz|godzinie|godziny|at|à|gegen|ab|time|zeit|uhrzeit|heure|hora|ora|tijd|tijdstip|godzina|from|between|um ca)\b[.:]?)\s{0,2}$",
    _FLAGS,
)
_WEAK: Final = re.compile(r"\b(?:at|à|um|om|às|gegen)\s$", _FLAGS)
_CLOSES: Final = re.compile(
    r"^\s?(?:[.,;:?!)\n]|$|or\b|and\b|on\b|tomorrow|today|this|next|sharp|(?:Mon|Tues|Wednes|Thurs|Fri)day|[A-Z]{2,4}\b|am\b|op\b|\()"
)
_BETWEEN: Final = re.compile(
    r"^\s{0,2}(?:uhr\s?|h\s?|[a-z]{3,4}\s)?(?:-|–|—|−|to|until|till|bis|à|a|al|alle|às|até|tot|do|a las)\s{0,2}(?:um\s|las\s|les\s)?$",
    _FLAGS,
)
_AND: Final = re.compile(r"^\s(?:and|und|et|y|e|en|i|a)\s(?:las\s|as\s|le\s|les\s)?$", _FLAGS)
_OPENS: Final = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|tussen|między|pomiędzy)\s(?:las\s|le\s|as\s)?$", _FLAGS
)
_HEAD: Final = re.compile(
    r"(?<![\d:.,/\-€$£])(\d{1,2})(?::?(?P<m>[0-5]\d))?\s?(?:-|–|—|−|to|until|bis|à|a|tot|do)\s?$", _FLAGS
)
_ONES: Final = {
    word: number
    for number, words in enumerate(
        (
            "one ein eins één una",
            "two zwei twee dos due deux",
            "three drei drie tres tre trois",
            "four vier cuatro quattro quatre",
            "five fünf vijf cinco cinque cinq",
            "six sechs zes seis sei",
            "seven sieben zeven siete sette sept",
            "eight acht ocho otto huit",
            "nine neun negen nueve nove neuf",
            "ten zehn tien diez dieci dix",
            "eleven elf once undici onze",
            "twelve zwölf twaalf doce dodici douze",
        ),
        1,
    )
    for word in words.split()
}
_N: Final = "|".join(sorted(_ONES, key=len, reverse=True))
_HALF: Final = re.compile(
    rf"\b(half past|quarter past|quarter to|halb|half|viertel nach|viertel vor|kwart over|kwart voor)\s({_N}|\d{{1,2}})\b(?!\s?(?:hour|stund|uur|:))",
    _FLAGS,
)
_SPELT: Final = re.compile(
    rf"\b(at|um|om|las|alle|à)\s({_N})\b(?=\s(?:o['’]?clock|uhr|uur|heures|on\b|in the|sharp|tomorrow|y media|e mezza|de la)|[.,])",
    _FLAGS,
)
_AND_HALF: Final = re.compile(
    r"\b(\d{1,2})\s?(?:h(?:eures)?\s)?(y media|e mezza|et demie|e meia|y cuarto|e un quarto|et quart)\b", _FLAGS
)
_NOON: Final = re.compile(
    r"\b(?:12 noon|12 midday|(?:twelve )?noon|midday|mezzogiorno|(?:al? )?mediodía|(?:ao )?meio-dia|(?<!après-)(?<!apres-)à midi)\b",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes after midnight, and the end of its range, if one is given."""

    start: int
    end: int
    minute: int
    until: int | None = None


def spelt_out(text: str) -> str:
    """The text with times in words put in figures: "half past two" → "2:30"."""
    text = _NOON.sub("12:00", text)
    text = _SPELT.sub(lambda m: f"{m[1]} {_ONES[m[2].lower()]}", text)
    text = _HALF.sub(_half, text)
    return _AND_HALF.sub(
        lambda m: (
            f"{m[1]}:{'30' if m[2][-5:].lower() in {'media', 'mezza', 'emie', 'demie'} or m[2].lower() == 'e meia' else '15'}"
        ),
        text,
    )


def _half(m: re.Match[str]) -> str:
    word, hour = m[1].lower(), _ONES.get(m[2].lower()) or int(m[2])
    if word in {"half past", "half", "quarter past", "viertel nach", "kwart over"}:
        return f"{hour}:{'30' if word in {'half past', 'half'} else '15'}"
    before = hour - 1 or 12
    return f"{before}:{'30' if word == 'halb' else '45'}"


def find(text: str) -> list[Clock]:
    """Every time of day, in order, ranges joined. `text` has been through spelt_out."""
    found: list[Clock] = []
    loose: tuple[int, int, int, bool] | None = None
    for m in _TIME.finditer(text):
        minute = _minute(m, text)
        if minute is None:
            continue
        marked = bool(m["pm"] or m["am"])
        last = found[-1] if found else None
        if last is not None and last.until is None and loose is not None:
            gap = text[last.end : m.start()]
            if _BETWEEN.match(gap) or (_AND.match(gap) and _OPENS.search(text[max(last.start - 20, 0) : last.start])):
                begins = _inherited(last.minute, minute) if marked and not loose[3] else last.minute
                found[-1] = Clock(
                    last.start,
                    m.end(),
                    begins,
                    minute if minute > begins else minute + 720 if minute + 720 > begins else None,
                )
                continue
        head = _HEAD.search(text[max(m.start() - 12, 0) : m.start()])
        if head and int(head[1]) <= 23 and not _dated(text, m.start() - len(head[0])):  # noqa: PLR2004  hours
            begins = int(head[1]) * 60 + int(head["m"] or 0)
            begins = _inherited(begins, minute) if marked else _afternoon(begins, head[1])
            if begins < minute:
                found.append(Clock(m.start() - len(head[0]), m.end(), begins, minute))
                continue
        found.append(Clock(m.start(), m.end(), minute))
        loose = (m.start(), m.end(), minute, marked)
    return found


def _dated(text: str, at: int) -> bool:
    """Whether the number before a dash ends a date ("12 March - 15:00" has none; "March 12 - 15:00" has)."""
    return bool(re.search(r"[A-Za-zÀ-ž]{3,}\.?\s(?:the\s)?$", text[max(at - 14, 0) : at])) and not _PREFIX.search(
        text[max(at - 14, 0) : at]
    )


def _minute(m: re.Match[str], text: str) -> int | None:
    before = text[max(m.start() - 12, 0) : m.start()]
    hour = int(m["h"] if m["h"] is not None else m["bare"])
    minutes = int(m["m"] or 0)
    unit = (m["unit"] or "").lower()
    if hour == 24:  # noqa: PLR2004  midnight
        return None
    if m["pm"] or m["am"]:
        if hour > 12 or (hour == 0 and m["pm"]):  # noqa: PLR2004  "14:00 pm" is still 14:00
            return hour * 60 + minutes
        return (hour % 12 + (12 if m["pm"] else 0)) * 60 + minutes
    if m["h"] is not None:
        if m["sep"] == "." and not unit and not _PREFIX.search(before):
            return None
    elif unit in {"h", "hr", "hrs", "u", "heure", "heures", "hora", "horas"}:
        if not (_PREFIX.search(before) or (unit == "h" and hour >= 8)):  # noqa: PLR2004  "2h" alone is a duration
            return None
    elif not unit and not _bare(m, text, before):
        return None
    return _afternoon(hour * 60 + minutes, m["h"] or m["bare"])


def _bare(m: re.Match[str], text: str, before: str) -> bool:
    """A lone number is a time after a word that announces one, and where nothing is counted by it."""
    if not _PREFIX.search(before) or re.search(r"(?:from|between|ab|time)\s?$", before, _FLAGS):
        return False
    return not _WEAK.search(before) or bool(_CLOSES.match(text[m.end() : m.end() + 12]))


def _afternoon(minute: int, written: str) -> int:
    return minute + 720 if _HOUR <= minute < 7 * _HOUR and not written.startswith("0") else minute


def _inherited(begins: int, ends: int) -> int:
    """As in "2–3pm": the start takes the end's half of the day, unless it would come after it ("11–1pm")."""
    morning = begins % 720
    return morning + 720 if morning + 720 < ends else morning
