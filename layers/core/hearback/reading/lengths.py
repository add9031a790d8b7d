"""How long something takes, in figures and words: "45 minutes", "anderthalb Stunden", "una bonne heure", "drie kwartier".

Not by when ("within 48 hours"), not how early ("ten minutes before"), not a part of it ("20 minutes to read").
"""

from __future__ import annotations

import re
from typing import Final

from hearback.reading.alternatives import any_of
from hearback.reading.hours import PLAIN

MAX_TEXT: Final = 10_000
_SHORTEST: Final = 5
_LONGEST: Final = 600
_CLOCK_HOURS: Final = 5
"""More "uur", "h" or "horas" than these are a time of day."""
_FLAGS: Final = re.IGNORECASE
_NUMBERS: Final = {
    word: number
    for number, words in {
        1: "a an one eine einer un une una uma un' één een jedną jednej",
        2: "two zwei deux dos due duas twee dwie dwóch",
        3: "three drei trois tres tre três drie trzy",
        4: "four vier quatre cuatro quattro quatro cztery",
        5: "five fünf cinq cinco cinque vijf pięć",
        10: "ten zehn dix diez dieci dez tien dziesięć",
        15: "fifteen fünfzehn quinze quince quindici vijftien piętnaście",
        20: "twenty zwanzig vingt veinte venti vinte twintig dwadzieścia",
        25: "twenty-five fünfundzwanzig vingt-cinq veinticinco venticinque vijfentwintig",
        30: "thirty dreißig dreissig trente treinta trenta trinta dertig trzydzieści",
        35: "thirty-five trente-cinq trentacinque",
        40: "forty vierzig quarante cuarenta quaranta quarenta veertig czterdzieści",
        45: "forty-five fünfundvierzig quarante-cinq quarantacinque vijfenveertig",
        50: "fifty fünfzig cinquante cincuenta cinquanta cinquenta vijftig pięćdziesiąt",
        60: "sixty sechzig soixante sesenta sessanta sessenta zestig sześćdziesiąt",
        75: "seventy-five",
        90: "ninety neunzig quatre-vingt-dix noventa novanta negentig dziewięćdziesiąt",
        120: "hundert(?:und)?zwanzig",
    }.items()
    for word in words.split()
}
_WORD: Final = any_of(_NUMBERS)
_GOOD: Final = r"(?:(?:good|full|whole|short|solid|gute[nr]?|knappe[nr]?|volle|bonne|petite|buona|dobrą|dobrej|goede?|klein|około|just (?:over|under)) )?"
_HOUR: Final = r"(?:hours?|hrs?|Stunden?|Stündchen|heures?|horas?|horitas?|horinhas?|or[ae]|oretta|uur(?:tje|ke)?|godzin\w{0,2}|godz|h(?!\s?\d))"
_MINUTE: Final = r"(?:minutes?|mins?|Minuten|Minütchen|minütige\w{0,2}|minutos?|minutinhos?|minut(?:ill|it)os?|minutini|minuti|minutjes|minut\w?|minutow\w{0,3}|min|')"
_ENDINGS: Final = {
    "half": 30,
    "einhalb": 30,
    "demie": 30,
    "media": 30,
    "mezza": 30,
    "meia": 30,
    "quarter": 15,
    "quart": 15,
    "cuarto": 15,
    "quarto": 15,
    "kwartier": 15,
}
_AND: Final = r"(?:,?\s?(?:and|und|et|y|e|en|i|&)?\s?(?:an?\s|un\s|um\s|een\s)?)"
_LENGTH: Final = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<from>\d{{1,2}})\s?(?:[-–]|to|bis|à|a|or|oder)\s?)?(?P<h>\d{{1,2}}|{_WORD})(?:\s\(\d\))?[ -]?{_GOOD}(?P<unit>{_HOUR})(?![\w:])"
    rf"(?:{_AND}(?:(?P<hm>15|20|30|40|45|50)(?:\s?(?:min\w{{0,5}}))?|(?P<hh>half|demie|media|mezza|meia|quarter|quart|cuarto|quarto|kwartier))(?!\w))?"
    r"|(?<![\w.,:/-])(?P<d>[1-4])[.,](?P<tenth>5|25|75)[ -]?(?:hours?|hrs?|h|Stunden|heures|horas|ore|uur|godziny?)\b"
    rf"|(?<![\w.,:/-])(?P<hc>[1-3])\s?h\s?(?P<mc>15|30|45)(?!\w)"
    rf"|(?<![\w.,:/-])(?P<m>\d{{1,3}}|{_WORD})(?:[ -]?(?:to|bis|à|a|or|–|-)[ -]?(?P<m2>\d{{2,3}}|{_WORD}))?(?:\s\(\d+\))?[ -]?{_MINUTE}(?!\w)"
    r"|\b(?P<half>half[ -]an?[ -]?hour|half[ -]hour|halbe(?:n|s)? Stunde|halbstündig\w*|demi-heure|media hora|(?<!hora e )meia hora|mezz['’]\s?or(?:a|etta)|half ?uur(?:tje|ke)?|pół godzin\w*)"
    r"|\b(?P<three>three[ -]quarters of an hour|Dreiviertelstunde|drei viertel Stunden?|trois quarts d['’]heure|tres cuartos de hora|três quartos de hora|tre quarti d['’]ora|trzy kwadranse)"
    r"|\b(?P<ninety>(?<!una )(?<!uma )hora (?:y|e) (?:media|meia)|anderthalb Stunden|eineinhalb Stunden|anderhalf uur|(?:półtorej|półtora) godziny)"
    r"|\b(?P<quarter>quarter of an hour|Viertelstunde|quart d['’]heure|cuarto de hora|quarto d['’]ora|kwartiertje|'n kwartier|kwadrans(?!\spo))"
    rf"|\b(?P<kwartier>{_WORD}|[2-7]) kwartier(?:tje)?\b"
    r"|\b(?P<couple>(?:a )?couple (?:of )?hours|ein paar Stunden|paar uurtjes)"
    r"|\b(?P<lone>un['’]or(?:etta|a)|(?:dem|the|around the|about the) hour\b(?! before)|godzink\w+|(?:około|koło|niecałej|blisko) godziny|(?:przez|z|jakąś|niecałą|dobrą|potrwa|zajmie|trwa) godzinę|uurtje|for the hour)",
    _FLAGS,
)
_LABEL: Final = re.compile(
    r"(?:^|\n|\|)\s{0,4}(?:How long|Duration|Length|Dauer|Durée|Duración|Duração|Durata|Duur|Czas(?: trwania)?)\s{0,2}[:\n]\s{0,3}",
    _FLAGS,
)
_NONE_BEFORE: Final = re.compile(
    r"\b(?:within|next|in|innerhalb von|at least|every|after|before|the past|the last|dans les|antes de|binnen|entro|em até|en las|arrive|sooner than|up to|about the last|\bby|later than|ahead|keep|over|ago|allow|plus|noch|for up to|pelas|às|as|à|um|alle|las|at|om|rond|o|tegen)\s(?:the next\s|about\s|a\s|under\s|another\s|an extra\s|eine\s|einer\s|any\s)?$|\blate by [^.\n]{0,12}$|\b(?:enjoyed|loved|liked|thanks for|thank you for|want|earn|pays?|paid) $|[£€$]\s?\d[\d.,]{0,8} $|\b(?:pisemn\w+|written|schriftlich\w*|écrite|escrita|scritta|schriftelijke?)\b[^.\n]{0,16}$|\d\s?(?:€|euros?|pounds|dollars|zł|CHF) $",
    _FLAGS,
)
_ALLOWS: Final = re.compile(r"(?:\ballow|\bplan on|\breckon(?: on)?|\bin)\s$", _FLAGS)
_NONE_AFTER: Final = re.compile(
    r"^[\s,]{0,2}(?:early|earlier|later|before|prior|beforehand|in advance|ahead|late|notice|vor(?:her)?\b|früher|später|avant|plus tard|antes|más tarde|mais tarde|prima|dopo|van tevoren|voor (?:het begin|aanvang|de afspraak|het gesprek begint|je|uw?)\b|eerder|later|wcześniej|później|przed|"
    r"walk|drive|by (?:bus|train|car|bike)|on foot|zu Fuß|à pied|a pie|a pé|a piedi|lopen|from now|ago|away|of (?:receiving|notice|reading|your|prep)|reading|each\b|apiece|jeweils|chacun|cada\b|ciascun|per (?:person|week|day)|"
    r"to (?:read|look|prepare|make|get|do|find|set|sign|write|go)|for (?:the |it |any |questions|lunch|dinner|a break|dressing)|(?:written |timed )?(?:presentation|lesson|exercise|test|task|break|commute|lead|buffer)|behind|ahead|spare|im Voraus|pro |par semaine|à la semaine|a la semana|por semana|per week|d['’]exposé|tops? late)",
    _FLAGS,
)
_UNIT: Final = re.compile(
    r"hour|hr|stund|stünd|heure|hor(?:a|inh|it)|or[ae]|uur|godz|min(?:ut|üt|s)|kwartier|kwadrans|(?:[h']|min)(?![^\W\d])"
)
"""What stands in whatever `_LENGTH` finds."""
_ROUGH: Final = re.compile(r"^\s(?:and a bit|y pico|e qualcosa)\b", _FLAGS)


def minutes(text: str) -> int | None:
    """How long it takes; the labelled length first, else the first one told."""
    text = text[:MAX_TEXT]
    label = _LABEL.search(text)
    if label is not None and (told := _first(text[label.end() : label.end() + 40], 0)) is not None:
        return told
    return _first(text, 0) if _UNIT.search(text.translate(PLAIN).lower()) else None


def _first(text: str, start: int) -> int | None:
    for found in _LENGTH.finditer(text, start):
        before, after = text[max(found.start() - 30, 0) : found.start()], text[found.end() : found.end() + 24]
        length = _length(found)
        refused = _NONE_BEFORE.search(before) and not _ALLOWS.search(before)
        if _SHORTEST <= length <= _LONGEST and not refused and not _NONE_AFTER.match(after) and not _ROUGH.match(after):
            return length
    return None


def _length(found: re.Match[str]) -> int:
    fixed = {"half": 30, "three": 45, "ninety": 90, "quarter": 15, "couple": 120, "lone": 60}
    told = next((length for name, length in fixed.items() if found[name]), None)
    if told is not None:
        return told
    if found["kwartier"]:
        return _number(found["kwartier"]) * 15
    if found["d"]:
        return int(found["d"]) * 60 + {"5": 30, "25": 15, "75": 45}[found["tenth"]]
    if found["hc"]:
        return int(found["hc"]) * 60 + int(found["mc"])
    if found["h"]:
        hours, unit = _number(found["h"]), found["unit"].lower()
        if hours > _CLOCK_HOURS and not unit.startswith(("hour", "hr", "stund", "godz")):
            return 0
        return hours * 60 + int(found["hm"] or _ENDINGS.get((found["hh"] or "").lower(), 0))
    return _number(found["m2"] or found["m"])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower(), 0)
