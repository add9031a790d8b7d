"""Times of day said in words, put in figures: "half past two", "halb drei", "tien voor half vier", "wpół do jedenastej".

Figures made here stand with a sign of their own between hour and minute (`SAID`): what is said is of the twelve-hour
clock, "half six" may be 17:30, where a written 5:30 Uhr would be the morning's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

SAID: Final = "∶"
_FLAGS: Final = re.IGNORECASE
_HOUR_WORDS: Final = (
    "one ein eins één een una une uma pierwszej pierwsza",
    "two zwei twee dos due deux duas drugiej druga",
    "three drei drie tres tre trois três trzeciej trzecia",
    "four vier cuatro quattro quatre quatro czwartej czwarta",
    "five fünf vijf cinco cinque cinq piątej piąta",
    "six sechs zes seis sei szóstej szósta",
    "seven sieben zeven siete sette sept sete siódmej siódma",
    "eight acht ocho otto huit oito ósmej ósma",
    "nine neun negen nueve nove neuf dziewiątej dziewiąta",
    "ten zehn tien diez dieci dix dez dziesiątej dziesiąta",
    "eleven elf once undici onze jedenastej jedenasta",
    "twelve zwölf twaalf doce dodici douze doze dwunastej dwunasta",
    "dreizehn dertien trece tredici treize treze trzynastej trzynasta",
    "vierzehn veertien catorce quattordici quatorze catorze czternastej czternasta",
    "fünfzehn vijftien quince quindici quinze piętnastej piętnasta",
    "sechzehn zestien dieciséis sedici seize dezasseis dezesseis szesnastej szesnasta",
    "siebzehn zeventien diecisiete diciassette dix-sept dezassete dezessete siedemnastej siedemnasta",
    "achtzehn achttien dieciocho diciotto dix-huit dezoito osiemnastej osiemnasta",
    "neunzehn negentien diecinueve diciannove dix-neuf dezanove dezenove dziewiętnastej dziewiętnasta",
    "zwanzig twintig veinte venti vingt vinte dwudziestej dwudziesta",
)
_HOURS: Final = {word: number for number, words in enumerate(_HOUR_WORDS, 1) for word in words.split()}
_MINUTES: Final = {
    word: number
    for number, words in {
        5: "five fünf vijf cinco cinq cinque pięć",
        10: "ten zehn tien diez dez dix dieci dziesięć",
        15: "quarter viertel kwart kwadrans cuarto quart quarto quinze",
        20: "twenty zwanzig twintig veinte vinte vingt venti dwadzieścia",
        25: "twenty-five vijfentwintig veinticinco venticinque",
        30: "half halb media mezza mezzo meia demie demi trenta trente treinta trinta trzydzieści wpół",
        45: "quarantacinque quarante-cinq quarenta",
    }.items()
    for word in words.split()
}


def _any(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


def _all_of(*keys: int) -> str:
    return _any(" ".join(word for word, number in _HOURS.items() if number in keys or not keys))


_N: Final = rf"(?P<n>{_all_of()}|[012]?\d)\b(?![:.h]\d)"
_EN: Final = "one two three four five six seven eight nine ten eleven twelve"
_NL: Final = "een één twee drie vier vijf zes zeven acht negen tien elf twaalf"
_DE: Final = "ein eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
_NO_UNIT: Final = (
    r"(?!\s?(?:-\s?)?(?:hours?|hrs?|minut\w*|mins?|days?|weeks?|months?|years?|people|persons?|times|of\b|stunden?|tage?n?|"
    r"wochen?|monat\w*|jahr\w*|uren|dagen|weken|maanden|jaar|personen|godzin\w*|dni|osób|horas de|ore di|%))"
)
_M: Final = (
    r"(?P<m>five|ten|twenty-five|twenty|fünf|zehn|zwanzig|vijf|tien|twintig|(?:5|10|20)(?=\s(?:vor|nach|voor|over)))"
)


def _figures(hour: int, minute: int) -> str:
    hour, minute = (hour - 1, minute + 60) if minute < 0 else (hour, minute)
    return f"{hour or 12}{SAID}{minute:02}"


def _hour(m: re.Match[str]) -> int:
    word = m["n"].lower()
    return _HOURS.get(word) or int(word)


def _offset(m: re.Match[str]) -> int:
    word = m["m"].lower().removeprefix("un ").removeprefix("um ").removeprefix("le ")
    return _MINUTES.get(word) or int(word)


def _to_half(m: re.Match[str]) -> str:
    sign = -1 if m["way"].lower().startswith("vo") else 1
    return _figures(_hour(m) - 1, 30 + sign * _offset(m))


def _around(m: re.Match[str]) -> str:
    late = m["way"].lower() in {"past", "after", "nach", "over", "po"}
    return _figures(_hour(m), _offset(m) if late else -_offset(m))


def _roman(m: re.Match[str]) -> str:
    less = m["way"].lower() in {"menos", "meno", "moins"}
    if not (m["w"] or less):
        return m[0]  # "deux heures et demie" alone is how long
    return f"{m['w'] or ''} {_figures(_hour(m), -_offset(m) if less else _offset(m))}".lstrip()


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(
            r"\b(?P<n>midi|mezzogiorno|meio-dia) (?P<way>e|et) (?P<m>un quarto|quart|mezz[ao]|demie?|meia)\b", _FLAGS
        ),
        lambda m: _figures(12, _offset(m)),
    ),
    (
        re.compile(
            r"\b(?:12 noon|12 midday|(?:twelve )?noon|midday|mezzogiorno|(?:al? )?mediodía|(?:ao )?meio-dia"
            r"|(?<!après-)(?<!apres-)à midi|w południe)\b",
            _FLAGS,
        ),
        lambda _: _figures(12, 0),
    ),
    (re.compile(rf"\b{_M} (?P<way>vor|nach) halb {_N}", _FLAGS), _to_half),
    (re.compile(rf"\b{_M} (?P<way>voor|over) half {_N}", _FLAGS), _to_half),
    (re.compile(rf"\b(?:halb|wpół do) {_N}{_NO_UNIT}", _FLAGS), lambda m: _figures(_hour(m) - 1, 30)),
    (re.compile(rf"\bhalf (?P<n>{_any(_NL)})\b", _FLAGS), lambda m: _figures(_hour(m) - 1, 30)),
    (
        re.compile(
            rf"(?<!and a )(?<!an hour and )\bhalf (?:past )?(?P<n>{_any(_EN)}|1[0-2]|[1-9])\b(?![:.]\d|-|\s?%){_NO_UNIT}",
            _FLAGS,
        ),
        lambda m: _figures(_hour(m), 30),
    ),
    (re.compile(rf"\bdrei ?viertel {_N}{_NO_UNIT}", _FLAGS), lambda m: _figures(_hour(m) - 1, 45)),
    (
        re.compile(rf"\b(?:a )?(?P<m>quarter) (?P<way>past|after|to|of|before) {_N}{_NO_UNIT}", _FLAGS),
        _around,
    ),
    (re.compile(rf"\b(?P<m>viertel) (?P<way>nach|vor) {_N}{_NO_UNIT}", _FLAGS), _around),
    (re.compile(rf"\b(?P<m>kwart) (?P<way>over|voor) {_N}{_NO_UNIT}", _FLAGS), _around),
    (re.compile(rf"\b(?P<m>kwadrans|pięć|dziesięć|dwadzieścia|5|10|20) (?P<way>po) {_N}{_NO_UNIT}", _FLAGS), _around),
    (re.compile(rf"\b(?P<way>za) (?P<m>kwadrans|pięć|dziesięć|dwadzieścia|5|10|20) {_N}{_NO_UNIT}", _FLAGS), _around),
    (re.compile(rf"\b{_M} (?P<way>past|to) (?P<n>{_any(_EN)})\b{_NO_UNIT}(?!\s[a-z]+s\b)", _FLAGS), _around),
    (re.compile(rf"\b{_M} (?P<way>vor|nach|voor|over) {_N}{_NO_UNIT}", _FLAGS), _around),
    (
        re.compile(rf"\b(?P<m>um quarto|quinze|dez|cinco|vinte) (?P<way>para) (?:as|a|o) {_N}", _FLAGS),
        _around,
    ),
    (
        re.compile(
            rf"\b(?:(?P<w>(?:[aà]|de|sobre|hasta|para) las|alle|dalle|verso le|per le|[aà]s|pelas|à|vers|dès|pour) )?(?P<n>{_all_of()}|[012]?\d) ?(?:h|heures?|horas?)? ?(?P<way>y|e|et|menos|meno|moins) "
            r"(?P<m>(?:un |um |le )?(?:cuarto|quarto|quart)|media|mezz[ao]|meia|demie|diez|dez|dix|dieci|veinte|vinte|vingt|venti|cinco|cinq|cinque|quinze|trinta)\b"
            r"(?!\s?(?:minut|personas|pessoas|persone|anos|años|anni|jours|dias|días|giorni|de (?!la)|di (?!ser|matt)|d'))",
            _FLAGS,
        ),
        _roman,
    ),
    (
        re.compile(
            rf"\b(?P<n>{_all_of()}) (?:heures|uhr|horas) (?P<m>trente|quinze|dreißig|fünfzehn|fünfundvierzig)\b", _FLAGS
        ),
        lambda m: _figures(_hour(m), {"fünf": 45, "drei": 30, "tren": 30}.get(m["m"].lower()[:4], 15)),
    ),
    (
        re.compile(r"\b(?P<n>\w{5,14}(?:ej|ą|a)) (?P<m>trzydzieści|piętnaście|czterdzieści pięć)\b", _FLAGS),
        lambda m: (
            _figures(_HOURS[m["n"].lower()], {"t": 30, "p": 15}.get(m["m"][0].lower(), 45))
            if m["n"].lower() in _HOURS
            else m[0]
        ),
    ),
    (
        re.compile(
            rf"\b(?P<w>at|until|till|til|(?<!one )by|(?:come|here|there|arriv\w+|in|over|down|aim) (?:for|at|by)) (?P<n>{_any(_EN)})\b"
            r"(?=\s(?:o['’]?clock|on\b|in the|sharp|tomorrow|today|tonight|this|next|instead|if|so|then|please|works?|not\b|it is|"
            r"your|our time|a\.?m\b|p\.?m\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|\s?[.,;:?!)]|\s?$|\s?\n)",
            _FLAGS,
        ),
        lambda m: f"{m['w']} {_figures(_hour(m), 0)}",
    ),
    (
        re.compile(rf"\b(?P<n>{_any(_EN)}) o['’]?clock\b", _FLAGS),
        lambda m: _figures(_hour(m), 0),
    ),
    (
        re.compile(
            rf"\b(?P<w>[Uu]m|[Gg]egen|[Aa]b|bis) (?!ein )(?P<n>{_all_of()})\b(?!\s(?!Uhr)[A-ZÄÖÜ]|\s(?:der|von|bis)\b|\s\w{{4,16}}e[nrs]?\s[A-ZÄÖÜ]){_NO_UNIT}"
        ),
        lambda m: f"{m['w']} {_figures(_hour(m), 0)}",
    ),
    (
        re.compile(
            rf"\b(?P<w>om|rond|omstreeks|tegen|vanaf|tot) (?P<n>{_any(_NL)}|dertien|veertien|vijftien|zestien|zeventien|achttien)\b(?! (?:uren|van|of|andere|nieuwe|extra|redenen|dingen|punten|vragen|gesprekken|rondes|verschillende)\b){_NO_UNIT}",
            _FLAGS,
        ),
        lambda m: f"{m['w']} {_figures(_hour(m), 0)}",
    ),
    (
        re.compile(
            rf"\b(?P<w>(?:a|de|sobre|hasta|hacia|alrededor de) las|alle|dalle|verso le|[aà]s|pelas|(?:volta|cerca) das|à|vers) (?P<n>{_all_of()})\b"
            r"(?=\s(?:en punto|em ponto|horas|heures|uhr|de la|della|del|da|do|de l['’]|du|di|por|pour|per|para|no|na|en|chez|con|com|con|nel|in)\b|\s?[.,;:?!)]|\s?$|\s?\n)",
            _FLAGS,
        ),
        lambda m: f"{m['w']} {_figures(_hour(m), 0)}",
    ),
    (
        re.compile(
            r"\b(?P<w>o|do|od|około|koło) (?P<n>\w{5,16}ej)(?=\s(?:rano|po południu|wieczorem|w|we|na|przez|u|z|do|i|lub|albo)\b|\s?[.,;:?!)]|\s?$|\s?\n)",
            _FLAGS,
        ),
        lambda m: f"{m['w']} {_figures(_HOURS[m['n'].lower()], 0)}" if m["n"].lower() in _HOURS else m[0],
    ),
)


_DUTCH_HALF: Final = re.compile(r"\bhalf (?P<n>1[0-2]|[1-9])\b(?![:.]\d)", _FLAGS)


def in_figures(text: str, language: str = "") -> str:
    """The text with times in words put in figures: "half past two" → "2∶30". "half 3" is 2:30 where Dutch is written."""
    if language == "nl":
        text = _DUTCH_HALF.sub(lambda m: _figures(_hour(m) - 1, 30), text)
    for pattern, figures in _RULES:
        text = pattern.sub(figures, text)
    return text
