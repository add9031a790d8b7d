"""When something takes place: a day, a time and a zone brought together, as they stand in a text.

A time belongs to the nearest day before it, or to one right behind it ("at 3pm on Thursday"). One hour told for two
places is one. The offset is that of the zone on that day, so a daylight-saving change between mail and meeting counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

from hearback.reading import almanac, clock, dates, language, spoken, zones

MAX_TEXT: Final = 10_000
MAX_FOUND: Final = 80
_REACH: Final = 170
_CLOSE: Final = 45
_AROUND: Final = 90
_ONTO: Final = re.compile(
    r"^[\s,]{0,2}(?:\(?[\w./' +:\-]{2,28}\)?)?[\s,]{0,2}(?:on|am|le|el|em|na|no|il|op|w|we|dnia|the|del|del día|do dia|"
    r"of|vom|de|den|dem)?[\s,(]{0,2}$",
    re.IGNORECASE,
)
_TIGHT: Final = re.compile(r"^\s?\(?[A-Za-z/ ]{0,12}\)?\s?(?:on|am|le|el|em|op|w)\s$")
_OWN: Final = re.compile(r"^[\s,]{0,2}(?:at|um|à|om|alle|às|a las|o)?\s?$", re.IGNORECASE)
"""Between a day and the time that follows it at once."""
_DEADLINE: Final = re.compile(
    r"(?:\b(?:(?<!come )(?<!drop )(?<!stop )(?<!swing )(?<!pop )by|before|no later than|until|latest|deadline(?: is| of)?:?|spätestens|bis(?: zum| zu)?|vor dem|avant(?: le)?|"
    r"d['’]ici(?: le| au)?|au plus tard(?: le)?|antes del?|antes de|hasta el|más tardar(?: el)?|até(?: o dia| dia| ao)?|"
    r"mais tardar|entro(?: il| e non oltre)?|prima del?|uiterlijk|vóór|najpóźniej(?: do)?|przed|do dnia|"
    r"expires? (?:on|at)|received on|applied on)\b)[\s:,]{0,3}(?:the end of\s|end of day\s|end of\s|eod\s|"
    r"close of business\s|cob\s|on\s|le\s|el\s|dem\s|den\s|zum\s|the\s|this\s|next\s)?$",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(r"^[^\n.;,]{0,24}[/(|=]\s?(?:that is |i\.e\. |which is )?$")
_APART: Final = 70
"""Characters between an hour and the same told for another place."""
_IN_BRACKETS: Final = re.compile(r"^[^()\n]{0,40}\([^()\n]{0,44}$")
_WHICH_IS: Final = re.compile(
    r"\b(?:that(?:'s| is)|which is|so|i\.e\.|das (?:sind|ist)|also|soit|donc|c['’]est(?:-à-dire)?|que são|ou seja|que son|o sea|cioè|ossia|dus|czyli)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_FOR_YOU: Final = re.compile(
    r"\b(?:for you|your (?:time|end|side)|where you are|(?:bei|für) (?:dir|Ihnen)|(?:chez|pour) (?:toi|vous)|para (?:ti|vos|você|si)|(?:per|da) (?:te|lei)|(?:bij|voor) (?:jou|u)|u (?:Ciebie|Pani|Pana))\b",
    re.IGNORECASE,
)
_FOR_SOMEBODY: Final = re.compile(r"^\s(?:for|für|bei|pour|chez|para|per|voor|bij|dla|u) [A-ZÀ-Ž][a-zà-ž]+\b")
_YOURS: Final = re.compile(
    r"^,?\s?\(?(?:your (?:local )?time|for you\b|(?:Ihrer|deiner) (?:Orts)?zeit|heure (?:de chez )?(?:toi|vous)|(?:tu|su) hora|tua ora|jouw tijd|Twojego czasu)",
    re.IGNORECASE,
)
_LATER_ON: Final = 600
_NEAR: Final = 90
_TELLING: Final = 120
"""Fewer characters do not tell their language."""
_OVER: Final = re.compile(
    r"(?:\b(?:done|finish\w*|away|out(?: the door| of (?:here|there))?|through|over|home|free|released|wrap(?:ped)? up) (?:by|at|before|around|about)(?: about| around)?|\bfinish(?: about)?|\bends?(?: at| by| around)?:?|\bEnde?:?|\bFin ?:|\bFine:|\bEinde:?|\bKoniec:?|\bkończymy (?:o|około)|\b(?:finit|finira|termine|terminera|remballe|libre|sera fini) (?:vers|à)|\btermina\w* (?:a las|sobre las|às|pelas)|\bfini(?:amo|remo|sce) (?:alle|verso le)|\b(?:klaar|eindigt|eindigen|afgelopen) (?:om|tegen|rond)|\b(?:fertig|Schluss|Ende) (?:um|gegen|bis))[\s|]{0,3}$",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(
    r"\b(?:until|till|up to|bis(?: gegen)?|jusqu['’]à|jusque vers|hasta las|até (?:às|as)|fino alle|tot)(?: about| around| etwa| około)?\s$",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"\b(?:reply|confirm|answer|know|call|ring|reach|open|antwort\w*|bescheid|bestätig\w*|erreichbar|répond\w*|confirm\w*|respond\w*|rispond\w*|antwoord\w*|laat|odpisz\w*|potwierdź\w*)\b",
    re.IGNORECASE,
)
_OVER_AFTER: Final = re.compile(
    r"^\s?(?:Uhr )?(?:vous (?:êtes|serez) libre|you(?:'re| are|'ll be) (?:free|done)|sind (?:Sie|wir) (?:fertig|durch)|is (?:the )?finish)",
    re.IGNORECASE,
)
_FOR_A: Final = re.compile(r"^[^.\n]{0,12} for an? $")
_START_AFTER: Final = re.compile(r"^\s(?:start|kick)", re.IGNORECASE)
_STARTS: Final = re.compile(
    r"\b(?:Start|Starts at|Beginn|Début|Inicio|Início|Inizio|Aanvang|Początek)(?: time)?:?\s{0,2}$", re.IGNORECASE
)
_ARRIVES: Final = re.compile(
    r"\b(?:log-?in|doors?|arriv\w+|registration|sign-?in|Einlass|Ankunft|Accueil|Llegada|Chegada|Arrivo|Accoglienza|Inloop|Ontvangst|Rejestracja)\b[^.\n]{0,16}$",
    re.IGNORECASE,
)
_BEFORE_DAWN: Final = re.compile(
    r"\b(?:bake(?:s|ry|house|r|rs)?|ovens?|barista|behind the machine|breakfast shift|early shift|milking|dairy|Back(?:stube|en)|Bäckerei|frühstücken|Frühschicht|Melken|boulangerie|fournil|traite"
    r"|panadería|obrador|padaria|panificio|forno|pasticceria|bakkerij|ontbijt|melken|piekarni\w*)\b",
    re.IGNORECASE,
)
_WORKS_ALONG: Final = re.compile(
    r"\b(?:trial|shift|bake with|work (?:a|along|with)|Probe\w+|mitarbeiten|Schnupper\w+|essai|prueba|teste|prova|proefdag|meewerk\w*|meelop\w*|meedraai\w*|prób\w+)\b",
    re.IGNORECASE,
)
_US: Final = re.compile(r"\b(?:E[SD]?T|C[SD]T|M[SD]T|P[SD]?T|Eastern|Pacific|U\.?S\.?A?)\b")
_AMERICAN: Final = (
    "America/New_York",
    "America/Chi",
    "America/Den",
    "America/Los",
    "America/Pho",
    "America/Det",
    "US/",
)
_FOR_ALL: Final = re.compile(
    r"\b(?:[Aa]ll|[Bb]oth|[Tt]he) times?\b(?: (?:is|are|in|shown|given|stated|listed|below)){0,3}|\bTime ?[Zz]one:|"
    r"\bZeitzone:|\b[Bb]oth\b|\b[Aa]lle Zeiten\b|\b[Ff]useau horaire ?:|\b[Zz]ona horaria:|\b[Ff]uso horário:|"
    r"\b[Ff]uso orario:|\b[Tt]ijdzone:|\b[Ss]trefa czasowa:"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and, where one is told, the time of it."""

    day: date | None
    clock: time | None
    end: time | None = None
    zone: str | None = None
    """IANA name of the zone named with it; None: none was named, or a bare offset."""
    offset: tzinfo | None = None
    """The zone itself, where one was named."""
    deadline: bool = False
    """By then something is wanted; nothing takes place then."""
    before: str = ""
    after: str = ""
    """The words around it; before it none that another stands in."""
    told: str = ""
    """The words right before its time, those behind its day alone where that comes first."""
    headline: bool = False
    """It stands in the first line, the subject."""

    def at(self, zone: str) -> datetime:
        """The moment with the offset that holds on that day; `zone` where none was named."""
        info = self.offset if self.offset is not None else zones.zone_of(self.zone or zone)[0]
        moment = datetime.combine(self.day or date(1970, 1, 1), self.clock or time(0), tzinfo=info)
        try:
            return moment.astimezone(UTC).astimezone(info)  # an hour the clocks skip becomes the one after it
        except OverflowError:
            return moment

    @property
    def minutes(self) -> int | None:
        """Length of a range in minutes."""
        if self.clock is None or self.end is None:
            return None
        length = ((self.end.hour - self.clock.hour) * 60 + self.end.minute - self.clock.minute) % 1440
        return length if 0 < length <= 600 else None  # noqa: PLR2004  ten hours


def all_in(text: str, said_at: datetime, zone: str, reader: str = "") -> list[Moment]:
    """Every day in `text` with the times that belong to it, in order; a time without a day is none.

    `zone` is where the writer's clock is, `reader` where that of the one addressed as "you" is.
    """
    spoken_in = language.detect(text)
    text = spoken.in_figures(text[:MAX_TEXT], spoken_in)
    days = dates.find(text)[:MAX_FOUND]
    if not days:
        return []
    clocks = _early_where_due(
        text, clock.find(text, [(day.start, day.end) for day in days], english=spoken_in in {"en", "und"})[:MAX_FOUND]
    )
    named_there = bool(_US.search(text)) and not zone.startswith("Australia")
    english = spoken_in in {"en", "und"} or len(text) < _TELLING
    american = english and (zone.startswith(_AMERICAN) or named_there)
    resolved = [almanac.resolve(day, said_at.date(), month_first=american) for day in days]
    known = {day.start: found for day, found in zip(days, resolved, strict=True) if found is not None}
    read = _paired(clocks, days, known, text, zone, reader or zone)
    timed = {each.day.start for each in read}
    read += [_Read(day, None, known[day.start], None) for day in days if day.start in known and day.start not in timed]
    named = {each.named for each in read if each.named}
    only = next(iter(named)) if len(named) == 1 else _stated_for_all(text)
    ordered = sorted(read, key=lambda each: each.begins)
    ends = [0, *(each.ends for each in ordered)]
    moments = (_moment(each, only, text, after) for each, after in zip(ordered, ends, strict=False))
    return list({(each.day, each.clock, each.zone, each.deadline): each for each in moments}.values())


def _paired(
    clocks: list[clock.Clock], days: list[almanac.Day], known: dict[int, date], text: str, zone: str, reader: str
) -> list[_Read]:
    """Each time with the day it belongs to and the zone named behind it."""
    read: list[_Read] = []
    behind: set[int] = set()
    homeless: list[_Read] = []
    owned = len(days) == 1 and any(
        _OWN.match(text[days[0].end : at.start][: _CLOSE + 1]) for at in clocks if at.start >= days[0].end
    )
    for number, at in enumerate(clocks):
        following = clocks[number + 1] if number + 1 < len(clocks) else None
        tail = text[at.end : min(at.end + 48, following.start if following else len(text))].split("\n", maxsplit=1)[0]
        named = zones.zone_of(reader) if _YOURS.match(tail) else zones.named_in(tail, zone)
        if following is not None and _beforehand(at, following, text):
            continue
        last = read[-1] if read else None
        if last is not None and last.at is not None and _also(last, at, text, tail, named=named is not None):
            continue  # the same hour, told for another place
        if last is not None and last.is_over(at, text):
            open_ = next(
                i for i, each in enumerate(read) if each.date == last.date and each.at and each.at.until is None
            )
            read[open_] = read[open_].until(at)
            continue
        day = _day_of(at, days, clocks[number - 1] if number else None, following, text, behind)
        if day is None and len(days) == 1 and not owned:
            day = days[0]
        if day is None or day.start not in known:
            homeless += [_Read(days[0], at, known[days[0].start], named)] if days[0].start in known else []
            continue
        read.append(_Read(day, at, known[day.start], named))
    if read or len(set(known.values())) != 1:
        return read
    return homeless


def _beforehand(at: clock.Clock, following: clock.Clock, text: str) -> bool:
    """Whether one only arrives then: "08:45 for a 09:00 start", "Log-in opens: 08:50. Start: 09:00"."""
    gap = text[at.end : following.start]
    if len(gap) > _NEAR or at.until is not None or not at.minute < following.minute <= at.minute + 60:
        return False
    starts = _START_AFTER.match(text[following.end : following.end + 8])
    if starts and _FOR_A.match(gap):
        return True
    return bool(_STARTS.search(gap) and _ARRIVES.search(text[max(at.start - 40, 0) : at.start]))


def _early_where_due(text: str, clocks: list[clock.Clock]) -> list[clock.Clock]:
    """The times as they are meant where one works along in a trade that begins before dawn: a baker's 5.30."""
    if not (_BEFORE_DAWN.search(text) and _WORKS_ALONG.search(text)):
        return clocks
    noon = 720
    return [
        replace(at, minute=at.minute - noon) if at.open and noon + 270 <= at.minute < noon + 420 else at
        for at in clocks
    ]


def first(text: str, said_at: datetime, zone: str) -> Moment | None:
    """The first day in `text`, with its time if it has one."""
    found = all_in(text, said_at, zone)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Read:
    """A day with a time of it and the zone named behind that."""

    day: almanac.Day
    at: clock.Clock | None
    date: date
    named: tuple[tzinfo, str | None] | None

    @property
    def begins(self) -> int:
        return self.day.start if self.at is None else min(self.day.start, self.at.start)

    @property
    def ends(self) -> int:
        return self.day.end if self.at is None else max(self.day.end, self.at.end)

    def told(self, text: str) -> str:
        """The words right before the time."""
        if self.at is None:
            return ""
        opens = self.day.end if self.day.end <= self.at.start else 0
        return text[max(self.at.start - _CLOSE, opens) : self.at.start]

    def is_over(self, at: clock.Clock, text: str) -> bool:
        """Whether a later time is when this is over: "9.15 … you'll be away by 11"."""
        if self.at is None or self.at.until is not None or at.until is not None:
            return False
        gap = at.start - self.at.end
        before, after = text[max(at.start - 40, self.at.end) : at.start], text[at.end : at.end + 40]
        if gap <= _LATER_ON and (_OVER.search(before) or _OVER_AFTER.match(after)):
            return True
        return gap <= _NEAR and bool(_UNTIL.search(before)) and not _ASKED.search(before)

    def until(self, at: clock.Clock) -> _Read:
        """The same with its end; none where it would come first."""
        if self.at is None:
            return self
        end = at.minute if at.minute > self.at.minute else at.minute + 720
        return replace(self, at=replace(self.at, until=end)) if self.at.minute < end <= 1440 else self  # noqa: PLR2004  a day


def _also(last: _Read, at: clock.Clock, text: str, tail: str, *, named: bool) -> bool:
    """Whether a time is one told before, for another place: "15h in Manaus (16h em Brasília)", "2pm, so 3pm for you"."""
    if last.at is None or at.start - last.at.end > _APART:
        return False
    gap = text[last.at.end : at.start]
    if last.named and named and _ALSO.match(gap):
        return True
    theirs = named or bool(_FOR_YOU.search(gap) or _FOR_YOU.search(tail[:30]) or _FOR_SOMEBODY.match(tail))
    return theirs and at.until is None and bool(_IN_BRACKETS.match(gap) or _WHICH_IS.search(gap))


def _moment(each: _Read, only: tuple[tzinfo, str | None] | None, text: str, after: int) -> Moment:
    info, name = each.named or only or (None, None)
    before = text[max(each.begins - _AROUND, 0) : each.begins]
    until = each.at.until if each.at is not None else None
    return Moment(
        each.date,
        _time(each.at.minute) if each.at is not None else None,
        _time(until) if until is not None else None,
        zone=name,
        offset=info,
        deadline=bool(_DEADLINE.search(before)),
        before=text[max(each.begins - _AROUND, min(after, each.begins)) : each.begins],
        after=text[each.ends : each.ends + _AROUND],
        told=each.told(text),
        headline="\n" not in text[: each.ends],
    )


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _stated_for_all(text: str) -> tuple[tzinfo, str | None] | None:
    """As in "All times are in CET", "Both Berlin time": one zone for the whole message."""
    found = _FOR_ALL.search(text)
    return zones.named_in(text[found.end() : found.end() + 40]) if found else None


def _day_of(
    at: clock.Clock,
    days: list[almanac.Day],
    earlier: clock.Clock | None,
    following: clock.Clock | None,
    text: str,
    behind: set[int],
) -> almanac.Day | None:
    before = max((day for day in days if day.end <= at.start), key=lambda day: day.end, default=None)
    after = min((day for day in days if day.start >= at.end), key=lambda day: day.start, default=None)
    if after is not None and after.start - at.end <= _CLOSE and _ONTO.match(text[at.end : after.start]):
        gap = text[before.end : at.start] if before is not None else ""
        own = following is not None and _OWN.match(text[after.end : following.start][: _CLOSE + 1])
        taken = before is None or before.start in behind or (earlier is not None and earlier.start >= before.end)
        apart = len(gap) > _CLOSE or ("\n" in text[at.end : after.start] and "\n" in gap)
        turns = bool(_TIGHT.match(text[at.end : after.start]) and re.search(r"[.!?]\s|\n", gap))
        if (taken or apart or turns) and not (own and not _TIGHT.match(text[at.end : after.start])):
            behind.add(after.start)
            return after
    if before is not None and at.start - before.end <= _REACH:
        return before
    return None
