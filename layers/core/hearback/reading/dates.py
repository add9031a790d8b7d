"""Days as people write them in eight languages: numeric, with month names, weekdays, relative; with or without a year.

A day is found as what its words say (`almanac.Day`) and neighbours are merged ("tomorrow, Thursday 12 March"). Linear:
bounded patterns over a bounded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from hearback.reading.almanac import Day
from hearback.reading.alternatives import any_of
from hearback.reading.hours import PLAIN

_MONTH_WORDS: Final = (
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari stycznia styczeń",
    "february feb februar février fevrier févr fév febrero fevereiro fev febbraio februari lutego luty",
    "march mar märz maerz mrz mars marzo março marco maart mrt marca marzec",
    "april apr avril avr abril abr aprile kwietnia kwiecień",
    "may mai mayo maio maggio mag mei maja",
    "june jun juni juin junio junho giugno giu czerwca czerwiec",
    "july jul juli juillet juil julio julho luglio lug lipca lipiec",
    "august aug août aout agosto ago augustus sierpnia sierpień",
    "september sep sept septembre septiembre setiembre setembro settembre set września wrzesień",
    "october oct oktober okt octobre octubre outubro out ottobre ott października październik",
    "november nov novembre noviembre novembro listopada listopad",
    "december dec dezember dez décembre déc decembre diciembre dic dezembro dicembre grudnia grudzień",
)
_WEEKDAY_WORDS: Final = (
    "monday mon montag lundi lunes segunda-feira lunedì lunedi maandag poniedziałek poniedziałku",
    "tuesday tue tues dienstag mardi martes terça-feira martedì martedi dinsdag wtorek wtorku",
    "wednesday wed weds mittwoch mercredi miércoles miercoles quarta-feira mercoledì mercoledi woensdag środa środę środy",
    "thursday thu thur thurs donnerstag jeudi jueves quinta-feira giovedì giovedi donderdag czwartek czwartku",
    "friday fri freitag vendredi viernes sexta-feira venerdì venerdi vrijdag piątek piątku",
    "saturday sat samstag sonnabend samedi sábado sabado sabato zaterdag sobota sobotę soboty",
    "sunday sun sonntag dimanche domingo domenica zondag niedziela niedzielę niedzieli",
)
MONTHS: Final = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
WEEKDAYS: Final = {word: number for number, words in enumerate(_WEEKDAY_WORDS) for word in words.split()}
_GERMAN_SHORT: Final = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6}
_PORTUGUESE: Final = {"segunda": 0, "terça": 1, "quarta": 2, "quinta": 3, "sexta": 4}
_SHORT: Final = r"mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom|seg|ter|qua|qui|sex|gio|ma|wo|vr|za|zo|pon|pn|wt|śr|czw|pt|sob|nd"
"""Weekdays cut short: they only show that the figures behind them are a date."""
_NEEDS_DE: Final = frozenset(["out", "set", "ago"])
"""Portuguese and Spanish short months that are words elsewhere: only after "de" or with a point."""
_M: Final = any_of(MONTHS)
_W: Final = any_of(WEEKDAYS)
_Y: Final = r"20\d\d|'\d\d"
_FLAGS: Final = re.IGNORECASE
_FIGURE: Final = re.compile(r"\d")
_ISO: Final = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_NUMERIC: Final = re.compile(
    r"(?<![\d.,/\-])(\d{1,2})([./-])(\d{1,2})(?:\2(20\d\d|\d\d)(?!\d)|(\.)(?!\d)|(?![\d.:/\-]|,\d|\s?(?:h|uhr|uur|am|pm)\b))",
    _FLAGS,
)
_DAY_MONTH: Final = re.compile(
    rf"(?<![\d.,:])(\d{{1,2}})(?:st|nd|rd|th|er|[.ºª°])?\s{{0,2}}(?:(?:day\s)?of\s|de\s|di\s|d'|del\s|-)?\s?({_M})\b(\.?),?(?:\s?(?:de\s|del\s|of\s|-)?\s?({_Y})(?![\d:]))?",
    _FLAGS,
)
_MONTH_DAY: Final = re.compile(
    rf"\b({_M})\.?\s{{1,2}}(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\.\d|\s?(?:am|pm|uhr|h)\b)(?:,?\s({_Y})(?![\d:]))?",
    _FLAGS,
)
_WEEKDAY_DAY: Final = re.compile(
    rf"\b({_W}|segunda|terça|quarta|quinta|sexta)\.?,?\s(?:the\s|den\s|dem\s|le\s|el\s|día\s|dia\s|de\s)?(\d{{1,2}})(st|nd|rd|th|\.(?!\d)|er|e)?(?![\d:∶/\-]|\.\d|\s?(?:am|pm|a\.m|p\.m|uhr|uur|[ap]\s[ecmp][sd]?t\b|heures?\b|horas?\b|u\b|h\b|h\d|o'clock|[-–]\s?\d|to\b|till?\b|bis\b|arvo\b|(?:of\s|de\s|di\s)?{_M}\b)|u\d)",
    _FLAGS,
)
_TO_HOUR: Final = re.compile(r"\sa\s\d")
_THE_DAY: Final = re.compile(
    r"\b(?:(?:on|for|to|till|until|be|is|of|than) the (\d{1,2})(?:st|nd|rd|th)\b(?!\s(?:floor|century|round|stage|interview|time|of\b))"
    r"|the (\d{1,2})(?:st|nd|rd|th)(?=,?\s(?:at|from|instead|works|suits|is fine|for|it is)\b|\s?[.,;:?!)(]))"
    rf"|\b(?:dia|día|dnia) (\d{{1,2}})\b(?![\d:.,/-]?\d|º?\s(?:de\s)?{_M}\b|\s?h\b)"
    rf"|\b(?:le|el|il|den|dem|de|am|der) (\d{{1,2}})(?:er|e|\.)?(?=\s(?:à|a las|alle|um|om|ore|ab|gegen)\s|\s?[,)]\s)(?!\s(?:de\s)?{_M}\b)",
    _FLAGS,
)
_NEXT: Final = r"next|volgende|przyszł(?:y|ą|ym|ej)"
_COMING: Final = (
    r"this|this coming|coming|kommenden|kommender|diesen|nächsten|am|ce|cet|este|esta|próximo|próxima|proximo|"
    r"questo|questa|prossimo|prossima|deze|dit|aanstaande|komende|najbliższ(?:y|ą)|t[eęy]n?"
)
_NEXT_WEEK: Final = (
    r"next week|nächste[rn]? woche|kommende[rn]? woche|la semaine prochaine|la (?:próxima semana|semana que viene)|"
    r"(?:na |da |a )?(?:próxima semana|semana que vem)|(?:la|della) (?:prossima settimana|settimana prossima)|"
    r"volgende week|(?:w )?przyszłym tygodniu|przyszłego tygodnia"
)
_WEEKDAY: Final = re.compile(
    rf"\b(?:(?P<next>{_NEXT})\s|(?P<coming>{_COMING})\s)?(?:(?P<before>{_NEXT_WEEK}|za tydzień)\s(?:on\s|am\s|le\s|el\s|op\s|w\s)?)?"
    rf"(?:(?<!\d[ª°] )(?P<day>{_W}))\b(?P<mark>\.?)(?:\s(?P<prochain>prochain|que viene|que vem|prossimo|próximo|próxima))?"
    rf"(?:\s(?:of\s|in\s|der\s|de\s)?(?P<after>{_NEXT_WEEK}))?",
    _FLAGS,
)
_LATER_ON: Final = re.compile(
    r"^,?\s(?:(?P<week>week\b(?! of| commenc| beg)|(?:in|über) (?:einer woche|acht tagen)|en huit|en ocho|over een week|over acht dagen|za tydzień)"
    r"|(?:fortnight|in (?:zwei|2) wochen|in (?:vierzehn|14) tagen|en quinze|over (?:twee|2) weken|over (?:veertien|14) dagen|za (?:dwa|2) tygodnie)\b)",
    _FLAGS,
)
_WEEK_ON: Final = re.compile(
    rf"\b(?:(?P<week>a week)|a fortnight|two weeks) (?:(?:on|from|this) )?(?P<day>{_W}|today|tomorrow)\b", _FLAGS
)
_BEFORE_TIME: Final = r"(?=,?\s(?:at|um|à|vers|alle|às|a las|om|o|ab|gegen|verso|por volta)\b|,?\s\d)"
_IN_WEEKS: Final = re.compile(
    r"\b(?:(?P<two>in (?:a fortnight|(?:two|2) weeks)(?:['’]? time)?|in (?:zwei|2) wochen|in (?:vierzehn|14) tagen|dans (?:quinze|15) jours|dans (?:deux|2) semaines"
    r"|(?:dentro de|en) (?:quince|15) días|(?:dentro de|en) (?:dos|2) semanas|daqui a (?:quinze|15) dias|daqui a (?:duas|2) semanas"
    r"|(?:fra|tra) (?:due|2) settimane|(?:fra|tra) (?:quindici|15) giorni|over (?:twee|2) weken|over (?:veertien|14) dagen|za (?:dwa|2) tygodnie)"
    r"|in a week(?:['’]s time)?|in einer woche|in acht tagen|dans une semaine|dans huit jours|(?:dentro de|en) una semana|(?:dentro de|en) ocho días"
    r"|daqui a uma semana|daqui a (?:oito|8) dias|(?:fra|tra) una settimana|(?:fra|tra) (?:otto|8) giorni|over een week|over (?:acht|8) dagen|za tydzień)"
    + _BEFORE_TIME,
    _FLAGS,
)
"""By itself, with a time behind it: what is heard of "in two weeks" is no appointment."""
_WEEKS: Final = (
    "fortnight", "week", "woche", "tagen", "jours", "semaine", "semana", "días", "dias", "settiman", "giorni", "weken", "dagen",
    "tygodni", "tydzień",
)  # fmt: skip
_WEEKS_ON: Final = ("a week ", "a fortnight ", "two weeks ")
"""What stands in whatever `_IN_WEEKS` and `_WEEK_ON` find."""
_AFTER_NEXT: Final = ("übernächsten ", "übernächster ")
_LOOSE: Final = re.compile(
    r"\b(segunda|terça|quarta|quinta|sexta)(?=,?\s(?:às|à uma|ao meio-dia|as \d|à tarde|à noite|de manhã|de tarde|que vem|a partir das|lá pelas|pelas|entre as|\d)|,?\s(?:dia)\b|[.?!]|,\s\d\d?/\d)|(?<=\bna )(segunda|terça|quarta|quinta|sexta)(?=[,.;?!]|\s(?:à|às|de|que)\b)",
    _FLAGS,
)
_AT_HAND: Final = re.compile(r"^\.?,?\s(?:at\s|@\s?|the\s)?\d|^\.?\s?$", _FLAGS)
_TIME_BEFORE: Final = re.compile(
    r"(?:\d(?:[:.]\d\d)?\s?(?:am|pm)?\s(?:on\s)?|\b(?:on|this|next|do|for|til|till|until)\s)$", _FLAGS
)
_WORDS_TOO: Final = frozenset(["sat", "sun", "wed", "mar", "dom", "sam"])
_SHORT_GERMAN: Final = re.compile(r"\b(Mo|Di|Mi|Do|Fr|Sa|So)(?:\.,?|,)\s(?=(?:den\s|dem\s)?\d)")
_TWO_ON: Final = (
    "after tomorrow", "übermorgen", "après-demain", "pasado mañana", "depois de", "dopodomani", "overmorgen", "pojutrze",
)  # fmt: skip
_TOMORROW: Final = (
    "tomorrow", "morgen", "demain", "mañana", "amanhã", "domani", "domattina", "tmrw", "tomoz", "jutro", "jutrzejsz",
    "morgigen",
)  # fmt: skip
_TODAY: Final = (
    "today", "tonight", "this ", "heute", "aujourd", "ce ", "cet ", "hoy", "esta ", "hoje", "oggi", "stamattina", "stasera",
    "vandaag", "vanmiddag", "vanavond", "vanochtend", "vanmorgen", "dziś", "dzisiaj",
)  # fmt: skip
"""What stands in whatever tells such a day."""
_RELATIVE: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], int], ...]] = (
    (
        _TWO_ON,
        re.compile(
            r"\b(?:the )?day after tomorrow\b|\bübermorgen\b|\baprès-demain\b|\bpasado mañana\b|\bdepois de amanhã\b|\bdopodomani\b|\bovermorgen\b|\bpojutrze\b",
            _FLAGS,
        ),
        2,
    ),
    (
        _TOMORROW,
        re.compile(
            r"\btomorrow\b|(?-i:(?<!'s )(?<!uten )(?<!oede )(?<!heute )(?<!jeden )\bmorgen\b|\bMorgen(?=,? (?:um|om|früh|vor|nach|abend|gegen|middag|ochtend|\d)))|\bdemain\b|(?<!la )(?<!esta )\bmañana\b|\bamanhã\b|\bdomani\b|\bdomattina\b|\btmrw\b|\btomoz\b|\bjutro\b|\bjutrzejsz\w{1,4}\b|\bmorgigen\b",
            _FLAGS,
        ),
        1,
    ),
    (
        _TODAY,
        re.compile(
            r"\btoday\b|\btonight\b|\bthis (?:afternoon|morning|evening|arvo)\b|\bheute\b|\baujourd['’]hui\b|\bce (?:matin|soir)\b|\bcet après-midi\b|\bhoy\b|\besta (?:tarde|noche)\b|\bhoje\b|\boggi\b|\bsta(?:mattina|sera)\b"
            r"|\bvan(?:daag|middag|avond|ochtend|morgen)\b|\bdziś\b|\bdzisiaj\b",
            _FLAGS,
        ),
        0,
    ),
)
_ENGLISH_DAY: Final = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s$|\bon\s$", _FLAGS)
"""Behind it "3.30" is a time: no English date is written so."""
_AT: Final = re.compile(r"\bat\s$")
_DATED: Final = re.compile(
    rf"^\s(?:at|@|à|às|alle|a las|ore|from|um|om|o)\s?\d|^,?\s\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\b|^\s?,\s\(?(?:{_W}|segunda|terça|quarta|quinta|sexta)\b|^\s\((?:{_W}|segunda|terça|quarta|quinta|sexta)\b",
    _FLAGS,
)
"""Behind it "4/3" is a date."""
_THROUGH: Final = re.compile(r"^\.?\s?(?:-|–|—|to|through|thru|bis|au|a|al|t/m|tot en met|do)\s?$", _FLAGS)
_GLUE: Final = re.compile(
    r"^[\s,.(–\-]{0,3}(?:the|den|dem|le|el|il|dia|día|op|w dniu|also|i\.e\.|am|on|d\.h\.|dnia)?[\s,(]{0,2}$", _FLAGS
)


def find(text: str) -> list[Day]:
    """Every day in the text, in order, neighbours that mean one day merged."""
    text = text.translate(PLAIN)
    found: list[Day] = []
    for day in sorted(_all(text), key=lambda each: (each.start, -each.end)):
        if found and day.start < found[-1].end:
            continue
        if found and (merged := _merge(found[-1], day, text)) is not None:
            found[-1] = merged
        else:
            found.append(day)
    spans = {end for a, b in pairwise(found) if _office_hours(a, b, text) for end in (a, b)}
    return [day for day in found if day not in spans]


def _office_hours(a: Day, b: Day, text: str) -> bool:
    """As in "Mon–Fri 9–17": when somebody works, not when somebody meets."""
    return (
        a.end <= b.start
        and a.weekday == 0
        and b.weekday is not None
        and a.day is None
        and b.day is None
        and bool(_THROUGH.match(text[a.end : b.start]))
        and not text[max(a.start - 5, 0) : a.start].lower().endswith(("from ", "von "))
    )


def _all(text: str) -> list[Day]:
    lower, figures = text.lower(), _FIGURE.search(text) is not None
    days = [*(_with_month(text, lower) if figures else ()), *_without_month(text, lower, figures=figures)]
    return [each for each in days if (each.day or 1) <= 31 and (each.month or 1) <= 12]  # noqa: PLR2004  a calendar's


def _stands(words: Iterable[str], lower: str) -> bool:
    """Whether a text has one of the words a pattern needs: without, it is not asked at every place of the text."""
    return any(word in lower for word in words)


def _with_month(text: str, lower: str) -> Iterator[Day]:
    for m in _ISO.finditer(text):
        yield Day(m.start(), m.end(), int(m[1]), int(m[2]), int(m[3]))
    for m in _NUMERIC.finditer(text):
        if (day := _numeric(m, text)) is not None:
            yield day
    if not _stands(MONTHS, lower):
        return
    for m in _DAY_MONTH.finditer(text):
        word = m[2].lower()
        plain = word in _NEEDS_DE and not m[3] and " de " not in m[0].lower()
        if not (plain or m[2] == "may"):
            yield Day(m.start(), m.end(), _year(m[4]), MONTHS[word], int(m[1]))
    for m in _MONTH_DAY.finditer(text):
        if m[1].lower() not in _NEEDS_DE and m[1] not in {"may", "mars", "mar"}:
            yield Day(m.start(), m.end(), _year(m[3]), MONTHS[m[1].lower()], int(m[2]))


def _without_month(text: str, lower: str, *, figures: bool) -> Iterator[Day]:
    if figures:
        yield from _numbered(text, lower)
    if _stands(_PORTUGUESE, lower):
        for m in _LOOSE.finditer(text):
            yield Day(m.start(), m.end(), weekday=_PORTUGUESE[(m[1] or m[2]).lower()])
    if _stands(WEEKDAYS, lower):
        yield from _weekdays(text)
    if _stands(_WEEKS_ON, lower):
        for m in _WEEK_ON.finditer(text):
            word = m["day"].lower()
            offset = {"today": 0, "tomorrow": 1}.get(word)
            yield Day(m.start(), m.end(), weekday=WEEKDAYS.get(word), offset=offset, plus=7 if m["week"] else 14)
    if _stands(_WEEKS, lower):
        for m in _IN_WEEKS.finditer(text):
            yield Day(m.start(), m.end(), offset=14 if m["two"] else 7)
    for needs, pattern, offset in _RELATIVE:
        for m in pattern.finditer(text) if _stands(needs, lower) else ():
            yield _put_off(Day(m.start(), m.end(), offset=offset), text)


def _numbered(text: str, lower: str) -> Iterator[Day]:
    """Days told by their number in the month."""
    for m in _WEEKDAY_DAY.finditer(text) if _stands(WEEKDAYS, lower) or _stands(_PORTUGUESE, lower) else ():
        if " de " in m[0].lower() and _TO_HOUR.match(text[m.end() : m.end() + 4]):
            continue  # "jueves de 9 a 10"
        word = m[1].lower()
        yield Day(m.start(), m.end(), day=int(m[2]), weekday=WEEKDAYS.get(word, _PORTUGUESE.get(word)))
    for m in _THE_DAY.finditer(text):
        start = m.start() + max(m[0].lower().find("the "), 0)
        yield Day(start, m.end(), day=int(m[1] or m[2] or m[3] or m[4]))
    for m in _SHORT_GERMAN.finditer(text):
        yield Day(m.start(), m.end(), weekday=_GERMAN_SHORT[m[1].lower()])


def _weekdays(text: str) -> Iterator[Day]:
    for m in _WEEKDAY.finditer(text):
        word = m["day"]
        if len(word) <= 4 and word.islower() and not _meant(m, text):  # noqa: PLR2004  "sat", "sun", "wed" are words
            continue
        later = m["next"] or m["before"] or m["after"]
        weeks = 1 if later else 0 if m["coming"] or m["prochain"] else None
        plus = 7 if text[max(m.start() - 13, 0) : m.start()].lower().endswith(_AFTER_NEXT) else 0
        yield _put_off(Day(m.start(), m.end(), weekday=WEEKDAYS[word.lower()], weeks=weeks, plus=plus), text)


def _put_off(day: Day, text: str) -> Day:
    """The day with the week or two that stand behind it: "Thursday week", "jeudi en quinze", "heute in 14 Tagen"."""
    later = _LATER_ON.match(text[day.end : day.end + 24])
    return replace(day, end=day.end + later.end(), plus=7 if later["week"] else 14) if later else day


def _meant(m: re.Match[str], text: str) -> bool:
    """Whether a weekday cut short in small letters is one: by the time beside it, or the word before."""
    word, after = m["day"].lower(), text[m.end() : m.end() + 8]
    before = _TIME_BEFORE.search(text[max(m.start() - 12, 0) : m.start()])
    if word in _WORDS_TOO:
        return bool(re.match(r"\.?,?\s(?:at\s|@\s?)?\d", after) or (before and before[0][0].isdigit()))
    return bool(_AT_HAND.match(after) or before or re.match(r"\s(?:morning|afternoon|evening|same)\b", after))


def _numeric(m: re.Match[str], text: str) -> Day | None:
    first, second, mark = int(m[1]), int(m[3]), m[2]
    year = int(m[4]) + (2000 if len(m[4]) == 2 else 0) if m[4] else None  # noqa: PLR2004  two digits
    if year is None:
        before = text[max(m.start() - 22, 0) : m.start()].lower()
        named = re.search(
            rf"(?:{_W}|\b(?:segunda|terça|quarta|quinta|sexta|{_SHORT}))[.,]?\s*(?:,|den|dem|le|el|the|dia|día)?\s*\(?$|\b(?:am|on|le|el|dia|día|dnia|op|il|vom|den|dem)\s$|date:?\s$|datum:?\s$|data:?\s$|fecha:?\s$",
            before,
        )
        english = mark == "." and bool(_AT.search(before) or (not m[5] and _ENGLISH_DAY.search(before)))
        told = named or ((mark == "/" or len(m[3]) == len("03")) and _DATED.match(text[m.end() : m.end() + 20]))
        if english or mark == "-" or (mark == "." and not m[5] and not told) or (mark == "/" and not told):
            return None
    if mark == "." and second > 12:  # noqa: PLR2004  months: with points the day comes first
        return None
    if first > 12:  # noqa: PLR2004  months
        return Day(m.start(), m.end(), year, second, first)
    if second > 12:  # noqa: PLR2004  months
        return Day(m.start(), m.end(), year, first, second)
    return Day(m.start(), m.end(), year, second, first, swapped=mark == "/" and first != second)


def _year(word: str | None) -> int | None:
    return None if not word else 2000 + int(word[1:]) if word.startswith("'") else int(word)


def _merge(a: Day, b: Day, text: str) -> Day | None:
    """One day out of two neighbours that complete each other; None where they are two."""
    if not _GLUE.match(text[a.end : b.start]):
        return None
    if (a.month and b.month) or (a.day and b.day and a.day != b.day) or (a.offset is not None and b.offset is not None):
        return None
    if a.weekday is not None and b.weekday is not None and a.weekday != b.weekday:
        return None
    base, extra = (a, b) if a.month else (b, a)
    return replace(
        base,
        start=a.start,
        end=b.end,
        day=base.day or extra.day,
        weekday=base.weekday if base.weekday is not None else extra.weekday,
        weeks=base.weeks if base.weeks is not None else extra.weeks,
        offset=base.offset if base.offset is not None else extra.offset,
        plus=base.plus or extra.plus,
    )
