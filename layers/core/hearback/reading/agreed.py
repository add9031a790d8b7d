"""What had been agreed before: the time in the mail quoted below, which "same time, day after" leans on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from hearback.reading import almanac, dates, moments
from hearback.reading.moments import Moment

MAX_QUOTED: Final = 6_000
_MAX_MAILS: Final = 5
_I: Final = re.IGNORECASE
_SENT: Final = re.compile(
    r"^(?:Sent|Gesendet|Envoyé|Enviado(?: el| em)?|Inviato|Verzonden|Wysłano)\s?:|^[^\n]{6,160}\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|napisał\(?a?\)?)\b[^\n]{0,80}:?$",
    _I,
)
_FROM: Final = re.compile(r"^\*?(?:From|Von|De|Da|Van|Od)\s?:\*?\s", _I)
_FIELD: Final = re.compile(
    r"^\*?(?:From|Von|De|Da|Van|Od|To|An|À|A|Para|Aan|Do|Cc|Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Temat|Date|Datum)\s?:",
    _I,
)
_SAME: Final = re.compile(
    r"\b(?:same (?:time|hour|slot)|gleiche[rn]? (?:Uhrzeit|Zeit)|selbe[rn]? (?:Uhrzeit|Zeit)|même (?:heure|créneau|horaire)|misma hora|mesm[ao] (?:hora|horário)|stess[ao] (?:ora|orario)|zelfde (?:tijd|uur|tijdstip)|(?:tej|o tej) samej (?:porze|godzinie)|ta sama godzina)\b(?![\s,:(–-]{1,3}(?:at |um |à |alle |a las |às |om |o )?\d)",
    _I,
)
_DAY_AFTER: Final = re.compile(
    r"\b(?:(?:the )?(?:day after|next day|following day|day later)|(?:einen )?Tag (?:später|danach)|le lendemain|(?:al )?día siguiente|(?:no )?dia seguinte|il giorno (?:dopo|seguente|successivo)|(?:een )?dag(?:je)? later|(?:de )?dag erna|dzień później|następnego dnia)\b(?! tomorrow)",
    _I,
)
_WEEK_AFTER: Final = re.compile(
    r"\b(?:a|one|the) week (?:later|after)|\b(?:back|out) (?:a|one|by a) week|\beine Woche (?:später|nach hinten)|\bune semaine plus tard|\bun[ao]? (?:semana|settimana) (?:más tarde|mais tarde|dopo)|\been week later|\btydzień później",
    _I,
)
_SHIFT: Final = re.compile(
    r"\b(?P<length>an|one|half an|two|30 min\w*|15 min\w*|eine|eine halbe|une|una|uma|een|un') ?(?P<unit>hours?|minutes?|mins?|Stunde|heure|hora|ora|uur|half ?uur)? (?P<way>later|earlier|später|früher|plus tard|plus tôt|más tarde|antes|mais tarde|mais cedo|più tardi|prima|eerder)\b",
    _I,
)
_LATER: Final = frozenset(["later", "später", "plus tard", "más tarde", "mais tarde", "più tardi"])
_MINUTES: Final = {"half an": 30, "eine halbe": 30, "two": 120}


def apart(text: str) -> tuple[str, str]:
    """One's own words and the mail quoted below them where no mark of a quote tells: its From and Sent lines do."""
    lines = text.split("\n")
    for at, line in enumerate(lines[1:], 1):
        bare = line.strip()
        if len(bare) < 8 or len(bare) > 240 or not _SENT.match(bare):  # noqa: PLR2004  no such line is shorter or longer
            continue
        headed = ":" in bare[:12] or (bare.endswith(":") and any(day.month for day in dates.find(bare)))
        if headed:
            start = at - 1 if _FROM.match(lines[at - 1].strip()) else at
            return "\n".join(lines[:start]).strip(), "\n".join(lines[start:])
    return text, ""


def before(quoted: str, said_at: datetime, zone: str) -> Moment | None:
    """The time last agreed, as the newest quoted mail with one tells it."""
    for written, mail in _mails(quoted[:MAX_QUOTED], said_at)[:_MAX_MAILS]:
        found = moments.all_in(mail, written, zone)
        timed = [each for each in found if each.clock is not None and not each.deadline]
        if timed:
            return timed[-1] if len(timed) == 1 else timed[0]
    return None


def moved(text: str, found: list[Moment], days: list[Moment], old: Moment | None) -> Moment | None:
    """The new time where it is told by the old one: "same time, day after", "Wednesday, same time", "an hour later"."""
    basis = old if old is not None and old.clock is not None else (found[0] if found else None)
    if basis is None:
        return None
    same, next_day, shift = _SAME.search(text), _DAY_AFTER.search(text), _SHIFT.search(text)
    if same and not next_day and (day := _nearest(days, text, same.start())) is not None:
        source = found[0] if found else basis
        return replace(source, day=day.day, end=source.end, deadline=False)
    if basis.day is None:
        return None
    if (same or not found) and (next_day or _WEEK_AFTER.search(text)):
        return replace(basis, day=_later(basis.day, 1 if next_day else 7))
    if shift and not found:
        return _shifted(basis, shift)
    return None


def known(days: list[Moment], old: Moment | None) -> Moment | None:
    """What was agreed, where the mail names its day alone: "all set for Tuesday"."""
    return old if old is not None and any(each.day == old.day for each in days) else None


def _nearest(days: list[Moment], text: str, at: int) -> Moment | None:
    """The day told closest to "same time"; a day of the subject is the old one's."""
    around = text[max(at - 80, 0) : at + 80]
    near = [each for each in days if not each.headline and (each.before[-20:] + each.after[:20]).strip()]
    fitting = [each for each in near if each.after[:12].strip() and each.after[:12].strip() in around]
    return (fitting or near)[-1] if fitting or len(near) == 1 else None


def _shifted(known: Moment, shift: re.Match[str]) -> Moment | None:
    if known.clock is None or known.day is None:
        return None
    told = shift["length"].lower()
    minutes = int(told[:2]) if told[0].isdigit() else _MINUTES.get(told, 30 if "half" in (shift["unit"] or "") else 60)
    moment = datetime.combine(known.day, known.clock) + timedelta(
        minutes=minutes if shift["way"].lower() in _LATER else -minutes
    )
    return replace(known, day=moment.date(), clock=moment.time(), end=None)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _mails(quoted: str, said_at: datetime) -> list[tuple[datetime, str]]:
    """The quoted mails, newest first, each with when it was written."""
    mails: list[tuple[datetime, list[str]]] = [(said_at, [])]
    for line in quoted.split("\n"):
        bare = line.strip().lstrip("> ").strip()
        if _SENT.match(bare[:240]):
            mails.append((_written(bare[:240], mails[-1][0]), []))
        elif not _FIELD.match(bare):
            mails[-1][1].append(bare)
    return [(written, "\n".join(lines).strip()) for written, lines in mails if any(lines)]


def _written(line: str, said_at: datetime) -> datetime:
    """The day in a header line; that of the answer where it tells none."""
    for day in dates.find(line):
        found = almanac.resolve(day, said_at.date(), month_first=False) if day.month else None
        if found is not None and found <= said_at.date():
            return said_at.replace(year=found.year, month=found.month, day=found.day)
    return said_at
