"""Figures that may be a time of day: 2:30pm, 14h30, 1500 hrs, 14 Uhr, alle 15, 7.30, 11; and how sure their form makes it.

A time without am or pm from 1 to 6 o'clock is the afternoon's: nobody interviews at three in the night. What is counted,
numbers a room or belongs to a telephone is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from hearback.reading.hours import SAID

MAX_FIGURES: Final = 600
_LOOKED_BACK, _LOOKED_ON = 60, 40
"""Characters before and behind figures that say what they are: the same figures among the same words are the same."""
_FLAGS: Final = re.IGNORECASE
_HOUR: Final = 60
_LONGEST: Final = 6
"""More hours than these are no length."""
_PM: Final = (
    r"p\.?\s?m\.?(?![a-z])|p(?=\s(?-i:[ECMP][SD]?T)\b)|in the (?:afternoon|evening)|at night|arvo\b|nachmittags|abends|de l['’]après-midi|du soir|de la (?:tarde|noche)"
    r"|da (?:tarde|noite)|del pomeriggio|di sera|(?:'s|in de) (?:na)?middags?|(?:'s|in de) avonds?|po południu|wieczorem"
)
_AM: Final = (
    r"a\.?\s?m\.?(?![a-zäöü]|\s(?:\w{3,7}tag|Mittwoch|kommenden|nächsten|\d{1,2}\.(?!\d))\b)|a(?=\s(?-i:[ECMP][SD]?T)\b)|in the morning|morgens|vormittags|(?:in der |\()?früh\w*|du matin|de la mañana|da manhã|del mattino|di mattina"
    r"|(?:'s|in de) ochtends?|'s morgens|rano|przed południem"
)
_ZONED: Final = r"[ECMPAB][SD]?T|[A-Z]{2,4}T|UTC|GMT|MEZ|MESZ"
_TIME: Final = re.compile(
    rf"(?<![\d:.,/€$£#+{SAID}])(?:(?P<h>[01]?\d|2[0-3])(?:(?P<sep>:|{SAID}|\.|\s?h\s?|u|\s?uhr\s(?=15|30|45))(?P<m>[0-5]\d)(?!\d|[.,]\d|\s?[%€£$])(?::[0-5]\d)?)"
    rf"|(?P<mil>(?:[01]\d|2[0-3])[0-5]\d)(?!\d|[.,:/-]\d)(?:(?P<milunit>\s?(?:hrs?|hours|h|uhr|uur)\b)|(?P<zoned>(?=\s(?-i:{_ZONED})\b)))?"
    rf"|(?<![A-Za-zÀ-ž_&])(?P<bare>[01]?\d|2[0-3])(?![\d:{SAID}]|[.,/]\d|-\d\d-|(?:st|nd|rd|th)\b|\s?[%€£$]))"
    rf"(?:\s?(?P<unit>uhr|uur|hrs?|h|u(?=[ .,)]|$)|o['’]?clock|heures?|horas?)(?![a-zà-ž]))?(?:,?\s?(?:(?P<pm>{_PM})|(?P<am>{_AM})))?",
    _FLAGS,
)
_TOLD: Final = re.compile(
    r"(?:\b(?:um|ore|alle|dalle|las|às|om|godz|godzinie|godziny|godzinach|at|à|gegen|time|zeit|uhrzeit|heure|hora|ora|tijd|tijdstip|godzina|um ca|(?:por volta|cerca) das|alrededor de las|hacia las|sobre las|verso le|omstreeks|make it|bump (?:it )?to|beginn?|start)\b[.:]?|\bh\.|@)\s{0,2}$",
    _FLAGS,
)
_TOLD_WITH_MINUTES: Final = re.compile(
    r"\b(?:for|still|til|till|until|from|between|say|about|around|by|von|ab|zwischen|bis|vor|nach|das|tegen|rond|van|tot|vanaf|vers|dès|pelas|desde|hasta|dopo|od|do|po|około|o)\s$|\|\s?$",
    _FLAGS,
)
_WEAK: Final = re.compile(r"\b(?:at|à|um|om|às|gegen|o)\s$", _FLAGS)
_POLISH: Final = re.compile(r"(?:\b(?:\w{3,}(?:ek|ę|a|o)|jutro|dziś|dzisiaj),?\s)o\s$", _FLAGS)
_COUNTS: Final = re.compile(
    r"^(?:[ -]?(?:€|\$|£|%|euros?|eur|zł|chf|years?|yrs?|days?|weeks?|months?|people|persons?|of (?:our|the|us|these|those)|miles?|km|kg|mins?\b|minut\w*|hours?|hrs|stunden?|tage?n?|wochen?|"
    r"jahren?|uren|dagen|weken|personen|heures? de|horas (?:de duração|de duración)|jours?|días|dias|personas|pessoas|ore di|giorni|persone|godzin|dni|osób|per (?:week|day)|pro woche|x\b|points?|percent|prozent|locations?|sites?|offices?|different|other|or more)\b)",
    _FLAGS,
)
_NAME_FOLLOWS: Final = re.compile(
    r"^,?\s(?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So|Uhr|Hallo|Bitte|Best|See|Please|Is|Let|I|We|You)(?:[a-z]*day|\b))[A-ZÀ-Þ][\w'-]+"
)
_PLACE_BEFORE: Final = re.compile(
    r"\b(?:room|raum|zimmer|sala|salle|salon|kamer|pokój|pok|level|floor|etage|stock|gate|tor|unit|suite|flat|dock|bay|hall|halle|gleis|platform|stage|round|part|step|week|grade|option|chapter|version|question|no|nr|number|straße|str|ul|al|rue|via|calle|rua|page|top|platz|zoom|phase|schritt|etap\w*|fase|punkt|haus|building|bus|line|linie|tram|ligne|lot|step|class|klasse|year|point)\.?,?\s$",
    _FLAGS,
)
_CONNECTS: Final = r"[\s,]{1,3}(?:(?:so )?(?:at|um|à|vers|om|alle|verso le|all['’]|o|às|pelas|a las|a la|sobre las|gegen|rond|tegen|around|about|ab|punkt|klokslag|circa)\s)?$"
_EVENING: Final = re.compile(
    r"\b(?:afternoon|evening|night|tonight|arvo|nachmittags?|abends?|après-midi|soir|(?:esta|la) (?:tarde|noche)|à (?:tarde|noite)|pomeriggio|sera|stasera"
    r"|(?:na|van)?middags?|(?:van)?avonds?|mittags?|po południu|wieczorem)" + _CONNECTS,
    _FLAGS,
)
_LATER: Final = re.compile(
    r"^,?\s(?:(?:this|tomorrow|on \w+day|\w+day) (?:afternoon|evening|night|arvo)|tonight|stasera|ce soir|demain soir|heute abend|morgen abend|vanavond|vanmiddag|dziś wieczorem)\b",
    _FLAGS,
)
_DONE: Final = re.compile(
    r"\b(?:done|finished|finish|away|out|through|over|home|free|up) (?:by|at|before|around)(?: about| around)?\s$|\bhasta las\s$|\bfino alle\s$|\btot\s$|\bkończymy (?:o|około)\s$|\buntil(?: about| around)\s$|\b(?:bis|gegen)\s$",
    _FLAGS,
)
_MIDDAY: Final = re.compile(r"\bmi(?:tt|dd)ags?" + _CONNECTS, _FLAGS)
_MORNING: Final = re.compile(
    r"\b(?:morning|früh|morgens|vormittags?|matin|por la mañana|de manhã|mattina|(?:van)?ochtends?|voormiddags?|rano)"
    + _CONNECTS,
    _FLAGS,
)
_START: Final = re.compile(r"^\s(?:start|kick-?off|sharp)\b", _FLAGS)
_ZONE_AFTER: Final = re.compile(rf"^\s(?:{_ZONED})\b")
_OWNED: Final = re.compile(r"\b(?:your|our|the|my|a|an)\s$", _FLAGS)
_SLOT: Final = re.compile(
    r"^\s(?:with|slot|start|interview|call|chat|meeting|appointment|screen|session|at|on|tomorrow|today|is)\b", _FLAGS
)
"""As in "your 10.30 with Graham"."""
_OFFSET: Final = re.compile(r"(?:UTC|GMT)\s?[+\-−–]\s?$")
_OPEN_HOURS: Final = re.compile(
    r"(?:\b(?:open(?:ing)? (?:hours|times|from)|(?:are|'re) open)|office hours|business hours|working hours|öffnungszeiten|sprechzeiten|geöffnet|erreichbar|reach(?:able| me| us)|hotline|horario de (?:atención|oficina)|orari|openingstijden|bereikbaar|godziny (?:otwarcia|pracy)|lines? (?:are|is) open|abends ab)\b[^.!?\n]{0,30}$|\b(?:after|nach|depois das|dopo le|después de las|après) $",
    _FLAGS,
)
_OPEN_AFTER: Final = re.compile(
    r"^(?:\suhr)?\s(?:erreichbar|geht['’]?s|to reach|bereikbaar|office hours|or call)", _FLAGS
)
_FROM: Final = re.compile(r"\b(?:from|von|de|das|dalle|van|od|desde)\s(?:las\s)?$", _FLAGS)


@dataclass(frozen=True, slots=True)
class Figure:
    """Figures that may be a time: what it shows, and how sure their form makes it."""

    start: int
    end: int
    minute: int
    sure: bool
    half: str
    """"am" or "pm" where it is said, "24" where the hour tells, else ""."""
    bare: bool

    @property
    def exact(self) -> bool:
        """Whether it has minutes, as a clock shows them."""
        return not self.bare and self.minute % 5 == 0


def find(text: str, *, english: bool = True) -> list[Figure]:
    """All of them, in order. `english`: the language writes six in the evening as 6:00, others as 18:00."""
    known: dict[tuple[str, int, int], Figure | None] = {}
    found: list[Figure] = []
    for m in islice(_TIME.finditer(text), MAX_FIGURES):
        opens = max(m.start() - _LOOKED_BACK, 0)
        around = text[opens : m.end() + _LOOKED_ON], m.start() - opens, m.end() - opens
        if around not in known:
            known[around] = _figure(m, text, english=english)
        if (figure := known[around]) is not None:
            found.append(replace(figure, start=m.start(), end=m.end()))
    return found


def _figure(m: re.Match[str], text: str, *, english: bool) -> Figure | None:
    before = text[max(m.start() - 24, 0) : m.start()]
    after = text[m.end() : m.end() + 24]
    digits = m["mil"] or m["h"] or m["bare"]
    hour = int(digits[:2] if m["mil"] else digits)
    minutes = int(m["mil"][2:] if m["mil"] else m["m"] or 0)
    half = "pm" if m["pm"] else "am" if m["am"] else ""
    if _counted(m, text, before, after) or (hour == 0 and half == "pm"):
        return None
    sure = _sure(m, before, after)
    if m["mil"] and not sure:
        return None
    near = text[max(m.start() - 32, 0) : m.start()]
    if not half and (_EVENING.search(near) or _LATER.match(after)):
        half = "am" if hour in {10, 11} and _MIDDAY.search(near) else "pm"
    elif not half and (_MORNING.search(near) or digits.startswith("0")):
        half = "am"
    written = m["sep"] not in {None, SAID} and (not english or (m["unit"] or "").lower() in {"uhr", "uur"})
    minute = _of_day(hour, half, early=5 if written else 7) * _HOUR + minutes
    shown = half if hour <= 12 else "24"  # noqa: PLR2004  no clock of twelve hours shows more
    if m["mil"] or (digits.startswith("0") and not (m["pm"] or m["am"])):
        shown = "24"
    return Figure(m.start(), m.end(), minute, sure, shown, m["bare"] is not None)


def _of_day(hour: int, half: str, *, early: int) -> int:
    if half and hour <= 12:  # noqa: PLR2004  "14:00 pm" is still 14:00
        return hour % 12 + (12 if half == "pm" else 0)
    return hour + 12 if not half and 1 <= hour < early else hour


def _counted(m: re.Match[str], text: str, before: str, after: str) -> bool:
    """Whether something is counted or numbered by it, or somebody's hours are told: no time of a meeting."""
    if m["unit"] and re.match(
        r"\s?(?:per|a|pro|/|por|par)\s?(?:week|woche|semaine|semana|settimana|day|tag)", after, _FLAGS
    ):
        return True
    if _OFFSET.search(before):
        return True
    if _OPEN_AFTER.match(after) or _OPEN_HOURS.search(text[max(m.start() - _LOOKED_BACK, 0) : m.start()]):
        return True
    if m["sep"] in {":", SAID} or m["pm"] or m["am"] or m["milunit"] or m["zoned"] is not None:
        return False
    if not (m["h"] or m["unit"]) and re.search(r"(?:^|\D)\d{3}\s$|\d{5}\s$|\d\d \d\d\s$|\(\+?\d{1,5}\)\s$", before):
        return True  # further on in a telephone number
    if _PLACE_BEFORE.search(before) or re.match(r"\s?(?:\+|[/-]\s?\d{3}|\s\d{2,3}\s\d)", after):
        return True
    if m["h"] and int(m["h"]) > _LONGEST and re.match(r"min\b", after, _FLAGS):
        return False  # 9h30min
    return bool(not m["unit"] and _COUNTS.match(after))


def _sure(m: re.Match[str], before: str, after: str) -> bool:
    """Whether its form or the word before it makes a number a time."""
    if m["pm"] or m["am"] or m["milunit"] or m["zoned"] is not None:
        return True
    unit = (m["unit"] or "").lower()
    hour = int((m["mil"] or m["h"] or m["bare"])[:2])
    if m["mil"]:
        return bool(_TOLD.search(before) or _START.match(after)) and int(m["mil"][2:]) % 15 == 0
    if m["h"] is not None:
        if m["sep"] != "." or unit:
            return True
        told = _TOLD.search(before) or _TOLD_WITH_MINUTES.search(before) or _START.match(after)
        return bool(told or (_OWNED.search(before) and _SLOT.match(after))) and int(m["m"]) % 5 == 0
    if unit in {"h", "hr", "hrs", "u", "heure", "heures", "hora", "horas"}:
        return bool(_TOLD.search(before)) or (unit in {"h", "u"} and hour >= 8) or bool(_FROM.search(before))  # noqa: PLR2004  "2h" alone is a duration
    if unit:
        return True
    if _POLISH.search(before) or _DONE.search(before):
        return True
    if not _TOLD.search(before) or re.search(r"(?:time|start|beginn?)\s?$", before, _FLAGS):
        return False
    return bool(_ZONE_AFTER.match(after)) or not (_WEAK.search(before) and _NAME_FOLLOWS.match(after))
