"""Times of day said in words, put in figures: "half past two", "halb drei", "tien voor half vier", "wpół do jedenastej".

Figures made here stand with a sign of their own between hour and minute (`SAID`): what is said is of the twelve-hour
clock, "half six" may be 17:30, where a written 5:30 Uhr would be the morning's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from hearback.reading.hours import (
    ANY_HOUR,
    ANY_MINUTES,
    DUTCH,
    ENGLISH,
    FULL_MINUTES,
    GERMAN,
    HOURS,
    MINUTES,
    PLAIN,
    POLISH_AT,
    POLISH_TO,
    SAID,
    any_of,
    figures,
    hour_of,
    minute_of,
)

__all__ = ["SAID", "in_figures"]

_FLAGS: Final = re.IGNORECASE
_Match = re.Match[str]
_N: Final = rf"(?P<n>{ANY_HOUR}|[012]?\d)\b(?![:.h]\d)"
_NO_UNIT: Final = (
    r"(?!\s?(?:-\s?)?(?:hours?|hrs?|minut\w*|mins?|days?|weeks?|months?|years?|people|persons?|times|of\b|stunden?|tage?n?|"
    r"wochen?|monat\w*|jahr\w*|uren|dagen|weken|maanden|jaar|personen|godzin\w*|dni|osób|horas de|ore di|%))"
)
_NO_NOUN: Final = r"(?!\s(?-i:(?!Uhr)[A-ZÄÖÜ])|\s(?:der|von)\b|\s\w{4,16}e[nrs]?\s(?-i:[A-ZÄÖÜ]))"
"""No German noun behind it, which it would count."""
_M: Final = (
    r"(?P<m>five|ten|twenty[- ]five|twenty|fünf|zehn|zwanzig|vijf|tien|twintig"
    r"|(?:5|10|20)(?=\s(?:vor|nach|voor|over|past|to)))"
)
_ENDS: Final = r"(?=\s?[.,;:?!)]|\s?$|\s?\n)"
_DAY: Final = (
    r"(?:\w{3,7}(?:tag|dag|feira|woch)|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|tomorrow|\w{3,6}day|heute|morgen|früh|abend|nachmittag|vormittag|vandaag|ochtend|middag|avond"
    r"|demain|matin|soir|après-midi|mañana|tarde|amanhã|manhã|hoje|domani|mattina|pomeriggio)"
)
_PART: Final = re.compile(
    r"\s(?:da (?:manhã|tarde|noite)|de la (?:mañana|tarde|noche)|del (?:mattino|pomeriggio)|di (?:mattina|sera)|du (?:matin|soir)|de l['’]après-midi)\b",
    _FLAGS,
)
_AT: Final = (
    r"(?:(?:a|de|desde|sobre|hasta|para|hacia|alrededor de|a eso de|a partir de) las|(?:a|de|sobre|hacia|a eso de|hasta) la(?= una\b)"
    r"|alle|dalle|verso le|per le|ore|all['’]|dall['’]|verso l['’]|(?<!entre )[aà]s|das|pelas|à|(?:volta|cerca) das"
    r"|(?:vers|sur)(?: les)?|dès|jusqu['’]à|sur le coup de|aux (?:alentours|environs) de)"
)
"""What stands before an hour in Spanish, Italian, Portuguese and French."""
_SO_FAR: Final = (
    r"(?=\s(?:en punto|em ponto|in punto|précises?|pile|tapantes|horas|heures|uhr|de la|della|del|da|do|de l['’]|du|di|por|pour|per|para|no|na|en|chez|con|com|nel|in"
    r"|y (?:a )?las|e (?:al)?le|e (?:à|a)s|a las|hasta|até|[aà]s|alle|te|le)\b|\s?[.,;:?!)]|\s?$|\s?\n)"
)
_CLOSES: Final = r"\s?[.,;:?!)]|\s?$|\s?\n|\s(?:da|de la|del|di|em|en|in|por|per|no|na|op|bij|aan|met)\b"
_TEENS: Final = "dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn|zwanzig"
_POLISH_WORDS: Final = tuple(word for word in HOURS if word.endswith(("ej", "a")) and word not in {"una", "uma"})
_POLISH: Final = any_of(" ".join(_POLISH_WORDS))
_POLISH_TO_WORDS: Final = tuple(word for word in HOURS if word.endswith("ą"))
_ENGLISH_WORDS: Final = tuple(word for word in HOURS if re.fullmatch(ENGLISH, word))
_NOON_TOLD: Final = r"(?!,?\s(?:um |om |at |à |a la|às |alle |all['’]|o )?\d|,?\s(?:a las?|às|alle|um|om)\s)"
"""Midday is no time where one is told behind it."""


def _whole(m: _Match) -> str:
    return f"{m['w']} {figures(hour_of(m['n']), 0)}"


def _hour_alone(m: _Match) -> str:
    return figures(hour_of(m["n"]), 0)


def _half_to(m: _Match) -> str:
    return figures(hour_of(m["n"]) - 1, 30)


def _to_half(m: _Match) -> str:
    sign = -1 if m["way"].lower().startswith("vo") else 1
    return figures(hour_of(m["n"]) - 1, 30 + sign * minute_of(m["m"]))


def _to_three_quarters(m: _Match) -> str:
    sign = -1 if m["way"].lower().startswith("vo") else 1
    minute = 45 + sign * minute_of(m["m"])
    return figures(hour_of(m["n"]) - 1 + minute // 60, minute % 60)


def _around(m: _Match) -> str:
    late = m["way"].lower() in {"past", "after", "nach", "over", "na", "po"}
    minute = minute_of(m["m"].replace(" ", "-") if m["m"].lower().startswith("twenty") else m["m"])
    return figures(hour_of(m["n"]), minute if late else -minute)


def _with_minutes(m: _Match) -> str:
    return figures(hour_of(m["n"]), minute_of(m["m"]))


def _noon(m: _Match) -> str:
    less = m["way"].lower() in {"menos", "meno", "moins"}
    return figures(12, -minute_of(m["m"]) if less else minute_of(m["m"]))


_DAY_BEFORE: Final = re.compile(rf"\b{_DAY},?\s(?:umas\s)?$", _FLAGS)


def _roman(m: _Match) -> str:
    less = m["way"].lower() in {"menos", "meno", "moins"}
    told = m["w"] or less or _PART.match(m.string, m.end())
    if not (told or _DAY_BEFORE.search(m.string[max(m.start() - 16, 0) : m.start()])):
        return m[0]  # "deux heures et demie" alone is how long
    if m["m"].isdigit() and not m["w"]:
        return m[0]
    return f"{m['w'] or ''} {figures(hour_of(m['n']), -minute_of(m['m']) if less else minute_of(m['m']))}".lstrip()


def _whole_half(m: _Match) -> str:
    return f"{m['w']} {_half_to(m)}"


def _between(m: _Match) -> str:
    if m["w"].lower() in {"de", "das", "from", "von", "van", "between"} and not _DAY_BEFORE.search(
        m.string[max(m.start() - 16, 0) : m.start()]
    ):
        return m[0]
    return _both(m)


def _both(m: _Match) -> str:
    last = m["n2"] if SAID in m["n2"] else figures(hour_of(m["n2"]), 0)
    return f"{m['w']} {figures(hour_of(m['n']), 0)} {m['and']} {last}"


class _Rule(NamedTuple):
    """One way of saying a time."""

    needs: tuple[str, ...]
    """One of these stands in whatever the pattern finds: it is asked only where a text has one."""
    pattern: re.Pattern[str]
    made: Callable[[_Match], str]


def _rule(needs: Iterable[str], pattern: str, made: Callable[[_Match], str], flags: int = _FLAGS) -> _Rule:
    return _Rule(tuple(needs), re.compile(pattern, flags), made)


_NOON: Final[tuple[_Rule, ...]] = (
    _rule(
        ("midi", "mezzogiorno", "dia", "mediodía"),
        r"\b(?P<n>midi|mezzogiorno|meio[- ]dia|mediodía) (?P<way>e|et|y|menos|meno|moins) (?:(?:un|um|le) )?(?P<m>cuarto|quarto|quart|mezz[ao]|demie?|mei[ao]|media|quinze|dez|vinte|cinq|dix|vingt|cinque|dieci|venti|diez|veinte)\b",
        lambda m: figures(12, 30) if m["m"].lower() == "meio" else _noon(m),
    ),
    _rule(
        ("dia",),
        r"\b(?P<m>um quarto|quinze|dez|cinco|vinte) (?:para o|pro) meio[- ]dia\b",
        lambda m: figures(12, -minute_of(m["m"])),
    ),
    _rule(
        ("noon", "midday", "mezzogiorno", "mediodía", "dia", "midi", "południe"),
        r"\b(?:12 noon|12 midday|(?:twelve )?noon|midday|mezzogiorno|(?:al? )?mediodía|(?:ao )?meio[- ]dia"
        rf"|(?<=\bà )midi|w (?:samo )?południe)\b{_NOON_TOLD}",
        lambda _: figures(12, 0),
    ),
    _rule(
        ("midi",),
        rf"\b(?P<w>(?:lun|mar|mercre|jeu|vendre|same)di|demain) midi\b{_NOON_TOLD}",
        lambda m: f"{m['w']} {figures(12, 0)}",
    ),
)
_GERMANIC: Final[tuple[_Rule, ...]] = (
    _rule(("halb",), rf"\b{_M} (?P<way>vor|nach) halb {_N}", _to_half),
    _rule(("half",), rf"\b{_M} (?P<way>voor|over|na) half {_N}", _to_half),
    _rule(("viertel",), rf"\b{_M} (?P<way>vor|nach) drei ?viertel {_N}", _to_three_quarters),
    _rule(("halb", "pół"), rf"\b(?:halb|w ?pół do) {_N}{_NO_UNIT}", _half_to),
    _rule(("half",), rf"\bhalf (?P<n>{DUTCH})\b", _half_to),
    _rule(
        ("half",), r"\b(?P<w>om|rond|omstreeks|tegen|vanaf|tot|naar) half (?P<n>1[0-2]|[1-9])\b(?![:.]\d)", _whole_half
    ),
    _rule(
        ("half",),
        rf"(?<!and a )(?<!an hour and )\bhalf (?:past )?(?P<n>{ENGLISH}|1[0-2]|[1-9])\b(?![:.]\d|-|\s?%){_NO_UNIT}",
        lambda m: figures(hour_of(m["n"]), 30),
    ),
    _rule(("viertel",), rf"\bdrei ?viertel {_N}{_NO_UNIT}", lambda m: figures(hour_of(m["n"]) - 1, 45)),
    _rule(("quarter",), rf"\b(?:a )?(?P<m>quarter) (?P<way>past|after|to|till|of|before) {_N}{_NO_UNIT}", _around),
    _rule(("viertel",), rf"\b(?P<m>viertel) (?P<way>nach|vor) {_N}{_NO_UNIT}", _around),
    _rule(
        ("viertel",),
        rf"(?<!ein )(?<!im )\bviertel (?P<n>{GERMAN}|(?<=um viertel )1?\d)\b(?![:.]\d){_NO_NOUN}{_NO_UNIT}",
        lambda m: figures(hour_of(m["n"]) - 1, 15),
    ),
    _rule(
        ("kwart", "vijf", "tien", "twintig"),
        rf"\b(?P<m>kwart|vijf(?= na)|tien(?= na)|twintig(?= na)) (?P<way>over|voor|na) {_N}{_NO_UNIT}",
        _around,
    ),
    _rule((" past ", " to "), rf"\b{_M} (?P<way>past|to) (?P<n>{ENGLISH})\b{_NO_UNIT}(?!\s[a-z]+s\b)", _around),
    _rule((" vor ", " nach ", " voor ", " over "), rf"\b{_M} (?P<way>vor|nach|voor|over) {_N}{_NO_UNIT}", _around),
)
_SLAVIC: Final[tuple[_Rule, ...]] = (
    _rule((" po ",), rf"\b(?P<m>kwadrans|pięć|dziesięć|dwadzieścia|5|10|20) (?P<way>po) {_N}{_NO_UNIT}", _around),
    _rule(("za ",), rf"\b(?P<way>za) (?P<m>kwadrans|pięć|dziesięć|dwadzieścia|5|10|20) {_N}{_NO_UNIT}", _around),
    _rule(_POLISH_WORDS, rf"\b(?P<n>{_POLISH}) (?P<m>{FULL_MINUTES})\b(?! minut)", _with_minutes),
    _rule(
        ("między",),
        rf"\b(?P<w>między|pomiędzy) (?P<n>{POLISH_TO}) (?P<and>a|i) (?P<n2>{POLISH_TO})\b",
        _both,
    ),
    _rule(
        _POLISH_WORDS,
        rf"\b(?P<w>o godzinie|o godz\.|o|do|od|około|koło) (?P<n>{POLISH_AT})(?=\s(?:rano|po południu|wieczorem|w|we|na|przez|u|z|do|i|lub|albo)\b|\s?[.,;:?!)]|\s?$|\s?\n)",
        _whole,
    ),
    _rule(
        _POLISH_TO_WORDS,
        rf"\b(?P<w>na) (?P<n>{POLISH_TO})(?=\s(?:rano|po południu|wieczorem|do|w|we|u)\b|\s?[.,;:?!)]|\s?$|\s?\n)",
        _whole,
    ),
    _rule(("punkt", "równo", "godzina"), rf"\b(?P<w>punkt|równo|godzina) (?P<n>{_POLISH})\b", _whole),
)
_ROMANCE: Final[tuple[_Rule, ...]] = (
    _rule(
        ("para", "pra", "p'ra", "p’ra"),
        rf"(?<!das )(?<!de las )\b(?:un )?(?P<m>um quarto|cuarto|quinze|quince|dez|diez|cinco|vinte e cinco|vinte|veinte) (?P<way>para las?|para as?|para o|pra as?|pras?|p['’]ras?) {_N}",
        _around,
    ),
    _rule(
        (*MINUTES, "15", "20", "30", "40", "45", "50"),
        rf"\b(?:(?P<w>{_AT}) ?)?(?P<n>{ANY_HOUR}|[012]?\d) ?(?:h|heures?|horas?)? ?(?P<way>y|e|et|menos|meno|moins) "
        rf"(?:(?:una?|um|le) )?(?P<m>{ANY_MINUTES}|15|20|30|40|45|50)\b(?![.:,]?\d)"
        r"(?!\s?(?:minut|personas|pessoas|persone|anos|años|anni|jours|dias|días|giorni|de (?!la)|di (?!ser|matt)|d['’]))",
        _roman,
    ),
    _rule(
        ("heure",),
        rf"\b(?P<n>{ANY_HOUR}|[012]?\d) ?heures? (?:un )?(?P<m>{FULL_MINUTES}|quart)\b(?! minutes)",
        _with_minutes,
    ),
    _rule(
        ("heure", "horas", "uhr", "uur"),
        r"\b(?P<n>[012]?\d) (?:heures?|horas|uhr|uur) (?:en )?(?P<m>[0-5]\d)\b(?![.:]\d|\s?min)",
        _with_minutes,
    ),
    _rule(
        ("alle ", "ore ", "verso le "),
        r"\b(?P<w>alle|ore|dalle|verso le) (?P<n>[012]?\d),(?P<m>[0-5][05])\b(?!,?\d)",
        lambda m: f"{m['w']} {_with_minutes(m)}",
    ),
    _rule(
        ("entre ", "tra ", "fra ", "dalle ", "de ", "das "),
        rf"\b(?P<w>entre|tra|fra|dalle|de|das) (?P<n>{ANY_HOUR})(?: heures)? (?P<and>et|alle|a|à|às|e le) (?P<n2>12{SAID}00|{ANY_HOUR})(?: heures?\b|\b(?={_CLOSES}))",
        _between,
    ),
    _rule(
        ("entre ", "tra le ", "fra le "),
        rf"\b(?P<w>entre (?:las?|as?)|[tf]ra le) (?P<n>{ANY_HOUR}) (?P<and>y las|e as|e le) (?P<n2>{ANY_HOUR})\b",
        _both,
    ),
    _rule(HOURS, rf"\b(?P<w>{_AT}) ?(?P<n>{ANY_HOUR})\b{_SO_FAR}", _whole),
)
_WHOLE: Final[tuple[_Rule, ...]] = (
    _rule(
        ("fifteen", "thirty", "forty", "twenty", "fifty"),
        rf"\b(?P<n>{ENGLISH})[ -](?P<m>fifteen|thirty|forty[- ]five|twenty|forty|fifty)\b(?![ -]?(?:minut|min\b|mins|odd|year|people|percent|pound|dollar|k\b|one|two|three|four|five|six|seven|eight|nine|pages|seat))(?<!one twenty)(?<!one fifty)",
        lambda m: figures(hour_of(m["n"]), minute_of(m["m"].replace(" ", "-"))),
    ),
    _rule(("ish",), rf"\b(?P<n>{ENGLISH}|1[0-2]|[1-9])[ -]?ish\b", _hour_alone),
    _rule(("clock",), rf"\b(?P<n>{ENGLISH}) o['’]?clock\b", _hour_alone),
    _rule(
        _ENGLISH_WORDS,
        rf"\b(?P<n>{ENGLISH})(?= (?:in the (?:morning|afternoon|evening)|at night|sharp|on the dot|[ap]\.?m\b))",
        _hour_alone,
    ),
    _rule(
        _ENGLISH_WORDS,
        rf"\b(?P<w>(?:come|get|meet|arrive|be|over|here|there)\b[^.!?\n]{{0,40}} (?:for|at|by)) (?P<n>{ENGLISH})\b{_ENDS}",
        _whole,
    ),
    _rule(
        _ENGLISH_WORDS,
        rf"\b(?P<w>(?:at |at or )?around|at about|at|until|till|til|(?<!one )by|(?:come|here|there|arriv\w+|in|over|down|aim) (?:for|at|by)) (?P<n>{ENGLISH})\b"
        r"(?=\s(?:o['’]?clock|on\b|in the|sharp|tomorrow|today|tonight|this|next|instead|if|so|then|please|works?|not\b|it is|"
        r"your|our time|a\.?m\b|p\.?m\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|\s?[.,;:?!)]|\s?$|\s?\n)",
        _whole,
    ),
    _rule(
        (" uhr",),
        rf"\b(?P<n>{GERMAN}|ein|{_TEENS}) uhr (?:und )?(?P<m>{FULL_MINUTES})\b(?! minuten)",
        _with_minutes,
    ),
    _rule((" uhr",), rf"\b(?P<n>{GERMAN}|ein|{_TEENS})(?= uhr\b)", _hour_alone),
    _rule(
        ("between ",),
        rf"\b(?P<w>between) (?P<n>{ENGLISH}) (?P<and>and) (?P<n2>{ENGLISH})(?={_CLOSES}|\s(?:on|this|next|tomorrow)\b)",
        _between,
    ),
    _rule(
        ("from ", "von ", "van "),
        rf"\b(?P<w>from|von|van) (?P<n>{ENGLISH}|{GERMAN}|{DUTCH}) (?P<and>till|until|to|bis|tot) (?P<n2>{ENGLISH}|{GERMAN}|{DUTCH}|noon|12{SAID}00)(?={_CLOSES}| uur\b| uhr\b)",
        _between,
    ),
    _rule(
        ("wischen ",),
        rf"\b(?P<w>[Zz]wischen) (?P<n>{ANY_HOUR}) (?P<and>und) (?P<n2>{ANY_HOUR})\b{_NO_NOUN}{_NO_UNIT}",
        _both,
        0,
    ),
    _rule(
        ("um ", "gegen ", "ab ", "bis ", "punkt ", "schlag ", "pünktlich "),
        rf"\b(?P<w>[Uu]m|[Gg]egen|[Aa]b|bis|[Pp]unkt|[Ss]chlag|[Pp]ünktlich) (?!ein )(?P<n>{ANY_HOUR})\b(?!\sbis\b){_NO_NOUN}{_NO_UNIT}",
        _whole,
        0,
    ),
    _rule(
        ("tussen ",), rf"\b(?P<w>tussen) (?P<n>{ANY_HOUR}) (?P<and>en) (?P<n2>{ANY_HOUR})(?= uur\b|{_CLOSES})", _both
    ),
    _rule(
        ("om ", "rond ", "omstreeks ", "tegen ", "vanaf ", "tot ", "klokslag ", "stipt ", "precies "),
        rf"\b(?P<w>om|rond|omstreeks|tegen|vanaf|tot|klokslag|stipt|precies) (?P<n>{DUTCH}|dertien|veertien|vijftien|zestien|zeventien|achttien)\b(?! (?:uren|van|of|andere|nieuwe|extra|redenen|dingen|punten|vragen|gesprekken|rondes|verschillende)\b){_NO_UNIT}",
        _whole,
    ),
    _rule(
        (" uur", " heure", " horas"),
        rf"\b(?P<w>{_DAY},?) (?P<n>{ANY_HOUR})(?= (?:uur|heures?|horas)\b)(?! (?:uur (?:per|lang|werk)|heures? (?:de|d['’]|et)|horas (?:de|y|e)))",
        _whole,
    ),
    _rule((" uur",), rf"\b(?P<n>{DUTCH})(?= uur (?:'s|in de) )", _hour_alone),
    _rule(
        (" heure", " horas"),
        rf"\b(?P<n>{ANY_HOUR})(?= (?:heures? (?:précises?|pile|tapantes|du matin|du soir|de l['’]après)|horas da (?:manhã|tarde|noite)))",
        _hour_alone,
    ),
)
_PORTUGUESE_DAYS: Final = {"2": "segunda", "3": "terça", "4": "quarta", "5": "quinta", "6": "sexta"}


def _apart(m: _Match) -> str:
    part = m["part"].lower()
    if part == "morgen":  # alone it is tomorrow
        part = "ochtend" if m["day"].lower().endswith("dag") and not m["day"].lower().endswith("tag") else "früh"
    return f"{m['day']} {part}"


_DAYS: Final[tuple[_Rule, ...]] = (
    _rule(
        ("tag", "dag", "mittwoch", "morgen"),
        r"\b(?P<day>(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:maan|dins|woens|donder|vrij|zater|zon)dag|morgen)"
        r"(?P<part>früh|morgen|vormittag|mittag|nachmittag|abend|ochtend|middag|namiddag|voormiddag|avond)s?\b",
        _apart,
    ),
    _rule(("feira",), r"\b([2-6])[ªa][ -]?feira\b", lambda m: f"{_PORTUGUESE_DAYS[m[1]]}-feira"),
)
_DUTCH: Final[tuple[_Rule, ...]] = (
    _rule(("half",), r"(?<!voor )(?<!over )(?<!na )\bhalf (?P<n>1[0-2]|[1-9])\b(?![:.]\d)", _half_to),
)


def in_figures(text: str, language: str = "") -> str:
    """The text with times in words put in figures: "half past two" → "2∶30". "half 3" is 2:30 where Dutch is written.

    A day and its part written as one word come apart: "woensdagochtend" → "woensdag ochtend".
    """
    text = text.translate(PLAIN)
    lower = text.lower()
    for rule in (*_DAYS, *(_DUTCH if language == "nl" else ()), *_NOON, *_GERMANIC, *_SLAVIC, *_ROMANCE, *_WHOLE):
        if any(word in lower for word in rule.needs):
            put = rule.pattern.sub(rule.made, text)
            if put != text:
                text, lower = put, put.lower()
    return text
