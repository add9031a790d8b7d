"""When something takes place: a day, a time and a zone brought together, as they stand in a text.

A time belongs to the nearest day before it, or to one right behind it ("at 3pm on Thursday"). One hour told for two
places is one. The offset is that of the zone on that day, so a daylight-saving change between mail and meeting counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

from hearback.reading import clock, dates, zones

MAX_TEXT: Final = 20_000
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
_DEADLINE: Final = re.compile(
    r"(?:\b(?:by|before|no later than|until|latest|deadline(?: is| of)?:?|spätestens|bis(?: zum| zu)?|vor dem|avant(?: le)?|"
    r"d['’]ici(?: le| au)?|au plus tard(?: le)?|antes del?|antes de|hasta el|más tardar(?: el)?|até(?: o dia| dia| ao)?|"
    r"mais tardar|entro(?: il| e non oltre)?|prima del?|uiterlijk|vóór|najpóźniej(?: do)?|przed|do dnia|"
    r"expires? (?:on|at)|received on|applied on)\b)[\s:,]{0,3}(?:the end of\s|end of day\s|end of\s|eod\s|"
    r"close of business\s|cob\s|on\s|le\s|el\s|dem\s|den\s|zum\s|the\s|this\s|next\s)?$",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(r"^[^\n.;,]{0,24}[/(|=]\s?(?:that is |i\.e\. |which is )?$")
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
_LENGTH: Final = re.compile(
    r"\b(?:(?P<h>\d|an?|one|two|three|eine|un|une|una|uma|un'|twee|één|een|zwei|deux|dos|due|duas|jedną)[ -]?(?:hours?|hrs?|h|Stunden?|heures?|horas?|or[ae]|uur|godzin\w{0,2})"
    r"(?:,?\s?(?:and|und|et|y|e|en|i)?\s?(?P<hm>15|20|30|45)\s?(?:min\w{0,5})?|(?P<hh>\sand a half|einhalb| et demie| y media| e mezza))?"
    r"|(?P<d>[1-3])[.,]5[ -](?:hours?|Stunden|heures|horas|ore|uur|godziny)"
    r"|(?P<m>\d{1,3})(?:[ -]?(?:to|bis|à|a|–|-)[ -]?(?P<m2>\d{2,3}))?[ -]?(?:minutes?|mins?|Minuten|minütige\w{0,2}|minutos?|minuti|minuten|minut\w?|minutowe?\w{0,2}|min|')"
    r"|(?P<w>ten|fifteen|twenty|thirty|forty|forty-five|sixty|ninety)[ -]minutes?)(?!\w)",
    re.IGNORECASE,
)
_HALF_HOUR: Final = re.compile(
    r"\bhalf[ -]an?[ -]?hour|\bhalf[ -]hour|\bhalbe(?:n|s)? Stunde|\bhalbstündig|\bdemi-heure|\bmedia hora|\bmeia hora|\bmezz['’]ora|\bhalf uur|\bpół godziny",
    re.IGNORECASE,
)
_NO_LENGTH_BEFORE: Final = re.compile(
    r"(?:within|next|\bin|innerhalb von|at least|every|after|before|past|last|dans les|antes de|binnen|entro|em até|en las|arrive|sooner than|up to|about the last)\s(?:the next\s|about\s|a\s|under\s)?$",
    re.IGNORECASE,
)
_NO_LENGTH_AFTER: Final = re.compile(
    r"^\s?(?:early|earlier|before|prior|beforehand|in advance|ahead|late|notice|vor(?:her)?\b|früher|avant|antes|prima|van tevoren|voor\b|wcześniej|przed|walk|away|drive|from now|ago|of (?:receiving|notice))",
    re.IGNORECASE,
)
_WORDS: Final = {
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
}
_TWO: Final = frozenset(["two", "twee", "zwei", "deux", "dos", "due", "duas"])


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
    """The words around it."""

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
        length = (self.end.hour * 60 + self.end.minute) - (self.clock.hour * 60 + self.clock.minute)
        return length if 0 < length <= 600 else None  # noqa: PLR2004  ten hours


def all_in(text: str, said_at: datetime, zone: str) -> list[Moment]:
    """Every day in `text` with the times that belong to it, in order; a time without a day is none."""
    text = clock.spelt_out(text[:MAX_TEXT])
    days = dates.find(text)[:MAX_FOUND]
    if not days:
        return []
    everywhere = _stated_for_all(text)
    written = said_at.date()
    american = bool(_US.search(text)) or zone.startswith(_AMERICAN)
    clocks = [at for at in clock.find(text) if not any(day.start < at.end and at.start < day.end for day in days)]
    read: list[_Read] = []
    behind: set[int] = set()
    for number, at in enumerate(clocks[:MAX_FOUND]):
        day = _day_of(at, days, clocks[number - 1] if number else None, text, behind)
        if day is None and len(days) == 1:
            day = days[0]
        found = dates.resolve(day, written, month_first=american) if day is not None else None
        if day is None or found is None:
            continue
        following = clocks[number + 1].start if number + 1 < len(clocks) else len(text)
        named = zones.named_in(text[at.end : min(at.end + 48, following)].split("\n", maxsplit=1)[0])
        if read and named and read[-1].named and read[-1].at and _ALSO.match(text[read[-1].at.end : at.start]):
            continue  # the same hour, told for another place
        read.append(_Read(day, at, found, named))
    timed = {each.day.start for each in read}
    read += [
        _Read(day, None, resolved, None)
        for day in days
        if day.start not in timed and (resolved := dates.resolve(day, written, month_first=american)) is not None
    ]
    spoken = {each.named for each in read if each.named}
    only = next(iter(spoken)) if len(spoken) == 1 else everywhere
    moments = (_moment(each, only, text) for each in sorted(read, key=lambda each: each.begins))
    return list({(each.day, each.clock, each.zone, each.deadline): each for each in moments}.values())


def first(text: str, said_at: datetime, zone: str) -> Moment | None:
    """The first day in `text`, with its time if it has one."""
    found = all_in(text, said_at, zone)
    return found[0] if found else None


def length_minutes(text: str) -> int | None:
    """How long it takes: "45 minutes", "half an hour", "1,5 Stunden". Not "within 48 hours", not "10 minutes early"."""
    text = text[:MAX_TEXT]
    half = _HALF_HOUR.search(text)
    for found in _LENGTH.finditer(text):
        if half and half.start() < found.start():
            break
        before, after = text[max(found.start() - 30, 0) : found.start()], text[found.end() : found.end() + 16]
        minutes = _length(found)
        if 10 <= minutes <= 600 and not _NO_LENGTH_BEFORE.search(before) and not _NO_LENGTH_AFTER.match(after):  # noqa: PLR2004  a meeting
            return minutes
    return 30 if half else None


def _length(found: re.Match[str]) -> int:
    if found["w"]:
        return _WORDS[found["w"].lower()]
    if found["m"]:
        return int(found["m2"] or found["m"])
    if found["d"]:
        return int(found["d"]) * 60 + 30
    word = found["h"].lower()
    hours = int(word) if word.isdigit() else 3 if word == "three" else 2 if word in _TWO else 1
    return hours * 60 + int(found["hm"] or (30 if found["hh"] else 0))


@dataclass(frozen=True, slots=True)
class _Read:
    """A day with a time of it and the zone named behind that."""

    day: dates.Day
    at: clock.Clock | None
    date: date
    named: tuple[tzinfo, str | None] | None

    @property
    def begins(self) -> int:
        return self.day.start if self.at is None else min(self.day.start, self.at.start)

    @property
    def ends(self) -> int:
        return self.day.end if self.at is None else max(self.day.end, self.at.end)


def _moment(each: _Read, only: tuple[tzinfo, str | None] | None, text: str) -> Moment:
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
        before=before,
        after=text[each.ends : each.ends + _AROUND],
    )


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _stated_for_all(text: str) -> tuple[tzinfo, str | None] | None:
    """As in "All times are in CET", "Both Berlin time": one zone for the whole message."""
    found = _FOR_ALL.search(text)
    return zones.named_in(text[found.end() : found.end() + 40]) if found else None


def _day_of(
    at: clock.Clock, days: list[dates.Day], earlier: clock.Clock | None, text: str, behind: set[int]
) -> dates.Day | None:
    before = max((day for day in days if day.end <= at.start), key=lambda day: day.end, default=None)
    after = min((day for day in days if day.start >= at.end), key=lambda day: day.start, default=None)
    if after is not None and after.start - at.end <= _CLOSE and _ONTO.match(text[at.end : after.start]):
        gap = text[before.end : at.start] if before is not None else ""
        taken = before is None or before.start in behind or (earlier is not None and earlier.start >= before.end)
        apart = len(gap) > _CLOSE or "\n" in text[at.end : after.start]
        turns = bool(_TIGHT.match(text[at.end : after.start]) and re.search(r"[.!?]\s|\n", gap))
        if taken or apart or turns:
            behind.add(after.start)
            return after
    if before is not None and at.start - before.end <= _REACH:
        return before
    return None
