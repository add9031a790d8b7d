"""A draft: a situation's words, filled from the application's signals, in the recruiter's tone. Never sent by us.

    position       "Data Engineer position", "Stelle als Data Engineer"; without a role "position", "Stelle"
    role, company  as they are
    at_company     " at Acme", " bei Acme"
    topic, about   "Data Engineer at Acme" and ": Data Engineer at Acme", for the end of a subject
    applied_on     " on 3 March", " am 3. März"
    interview_day  " on 12 March", the round that was last held
    interview_at   "Thursday, 12 March at 14:30", the round to come
    due            "12 March", by when a test or an offer is to be answered

What mail says is text in a draft, never part of a template, a header or an address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from hearback.model.application import Application, InterviewStatus
from hearback.model.ids import Personal
from hearback.model.signal import Kind, Signal
from hearback.pipeline.sandbox import fill
from hearback.pipeline.situations import Situation, frame
from hearback.pipeline.tone import Language, Manner, Tone, writer_of
from hearback.pipeline.view import ApplicationView

MOST_LETTERS: Final = 80
MOST_IN_SUBJECT: Final = 150
_GENDERS: Final = re.compile(
    r"\s*[(\[]\s*(?:[mwfdxi*]{1,3}\s*[/|,*]\s*){1,4}[mwfdxi*]{1,3}\s*[)\]]|\s*\(all genders\)", re.IGNORECASE
)
_ANSWER: Final = re.compile(r"^(?:re|aw|antw)\s*:", re.IGNORECASE)
# fmt: off  (a name a line would be a page of names)
_MONTHS: Final = {
    Language.ENGLISH: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    Language.GERMAN: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
}
_DAYS: Final = {
    Language.ENGLISH: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    Language.GERMAN: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to read, change, and send by oneself."""

    to: Personal
    """Empty where no address is known that somebody reads."""
    subject: Personal
    text: Personal

    @property
    def mailto(self) -> str:
        """RFC 6068. Address, subject and text are each percent-encoded whole, so nothing in them can add a field."""
        body = self.text.replace("\n", "\r\n")
        return f"mailto:{quote(self.to, safe='@')}?subject={quote(self.subject, safe='')}&body={quote(body, safe='')}"


def draft(
    situation: Situation, seen: ApplicationView, signals: Sequence[Signal], tone: Tone, *, zone: str, me: str
) -> Draft:
    """`situation` worded for the application in `tone`; `signals` are its own, `zone` and the name `me` are the person's."""
    wording = situation.wordings[tone]
    values = words(seen, signals, tone.language, zone)
    writer = writer_of(signals) if situation.answers else None
    name = "" if writer is None else writer.name if tone.manner is Manner.FORMAL else writer.first_name
    own = fill(wording.subject, values)
    theirs = clean(writer.subject, MOST_IN_SUBJECT) if writer is not None else ""
    subject = own if not theirs else theirs if _ANSWER.match(theirs) else f"Re: {theirs}"
    around = frame().wordings[tone]
    framed = fill(
        around.text,
        {"name": clean(name), "body": fill(wording.text, values), "me": clean(me)},
    )
    return Draft(writer.address if writer is not None else Personal(""), Personal(subject), Personal(framed.strip()))


def words(seen: ApplicationView, signals: Sequence[Signal], language: Language, zone: str) -> dict[str, str]:
    """What templates may name. Each is one line without double spaces, empty where nothing is known."""
    it = seen.application
    german = language is Language.GERMAN
    role = clean(_GENDERS.sub("", it.role or "")).rstrip(".,;:!? ")
    company = clean(it.company or "").rstrip(".,;:!? ")
    at_company = f" {'bei' if german else 'at'} {company}" if company else ""
    position = (f"Stelle als {role}" if role else "Stelle") if german else (_position(role) if role else "position")
    topic = f"{role}{at_company}" if role else company
    applied = _applied(signals)
    held = [each for each in seen.rounds if each.status is InterviewStatus.HELD and each.interview.start_at is not None]
    held_at = max((each.interview.start_at for each in held if each.interview.start_at is not None), default=None)
    return {
        "role": role,
        "company": company,
        "position": position,
        "at_company": at_company,
        "topic": topic,
        "about": f": {topic}" if topic else "",
        "applied_on": _on(applied.astimezone(ZoneInfo(zone)).date(), language) if applied is not None else "",
        "interview_day": _on(held_at.astimezone(ZoneInfo(zone)).date(), language) if held_at is not None else "",
        "interview_at": _next_round(seen, language, zone),
        "due": _due(it, language),
    }


def clean(text: str, most: int = MOST_LETTERS) -> str:
    """One line: no control or invisible characters, single spaces, cut at `most` letters between words."""
    visible = "".join(" " if each.isspace() else each for each in text if each.isspace() or _shown(each))
    line = " ".join(visible.split())
    return line if len(line) <= most else line[:most].rpartition(" ")[0] or line[:most]


def _shown(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("C")


def _position(role: str) -> str:
    return role if role.casefold().endswith((" role", " position", " job")) else f"{role} position"


def _applied(signals: Sequence[Signal]) -> datetime | None:
    """When the receipt came: the day of the application, as near as mail tells."""
    return min((each.at for each in signals if each.kind is Kind.APPLICATION_CONFIRMATION), default=None)


def _on(day: date, language: Language) -> str:
    return f" am {_day(day, language)}" if language is Language.GERMAN else f" on {_day(day, language)}"


def _day(day: date, language: Language) -> str:
    month = _MONTHS[language][day.month - 1]
    return f"{day.day}. {month}" if language is Language.GERMAN else f"{day.day} {month}"


def _next_round(seen: ApplicationView, language: Language, zone: str) -> str:
    coming = seen.next_round
    if coming is None or coming.interview.start_at is None:
        return ""
    start = coming.interview.start_at
    mine, theirs = start.astimezone(ZoneInfo(zone)), start.astimezone(_zone(coming.interview.zone or zone, zone))
    day = f"{_DAYS[language][theirs.weekday()]}, {_day(theirs.date(), language)}"
    clock = f"um {theirs:%H:%M} Uhr" if language is Language.GERMAN else f"at {theirs:%H:%M}"
    return f"{day} {clock}" if mine.utcoffset() == theirs.utcoffset() else f"{day} {clock} ({_offset(theirs)})"


def _zone(named: str, otherwise: str) -> ZoneInfo:
    try:
        return ZoneInfo(named)
    except (KeyError, ValueError, OSError):  # a calendar part may name anything
        return ZoneInfo(otherwise)


def _offset(moment: datetime) -> str:
    minutes = int((moment.utcoffset() or timedelta(0)).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"


def _due(it: Application, language: Language) -> str:
    """Of the last deadline that was named."""
    if not it.deadlines:
        return ""
    try:
        return _day(datetime.fromisoformat(max(each.due for each in it.deadlines)).date(), language)
    except ValueError:
        return ""
