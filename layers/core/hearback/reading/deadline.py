"""By when a test or an offer must be answered: a date, a date-time, or "within 48 hours" of the message's Date."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.message import Message
from hearback.model.signal import Kind
from hearback.reading import moments, sentences

BY: Final = re.compile(
    r"\b(?:by|until|before|no later than|due|deadline|expires?|open until|valid until|bis(?: zum| spätestens)?|avant le|jusqu.au|d.ici le|antes del?|hasta el|até(?: o)?|antes de|entro(?: il)?|uiterlijk|voor|do dnia|do)\b",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(
    r"\b(?:within|in the next|you have|innerhalb von|dans les|sous|en|dentro de|em|entro|binnen|w ciągu)\s+(?:the next\s+)?(\d{1,3}|two|three|five|seven|ten)\s+(hours?|h\b|days?|working days|business days|Stunden|Tagen?|heures|jours|horas|días|dias|ore|giorni|uur|dagen|godzin|dni)",
    re.IGNORECASE,
)
_NUMBERS: Final = {"two": 2, "three": 3, "five": 5, "seven": 7, "ten": 10}
_HOURS: Final = re.compile(r"^(?:hours?|h|Stunden|heures|horas|ore|uur|godzin)$", re.IGNORECASE)


def find(message: Message, kind: Kind, zone: str) -> str | None:
    """ISO date or date-time; None for mail that sets none."""
    if kind not in {Kind.ASSESSMENT, Kind.OFFER}:
        return None
    said_at = (message.sent_at or message.received_at).astimezone(ZoneInfo(zone))
    for sentence in sentences.split(message.text):
        by = BY.search(sentence)
        if by:
            found = moments.first(sentence[by.end() : by.end() + 80], said_at, zone)
            if found is not None and found.day is not None:
                if found.clock is None:
                    return found.day.isoformat()
                return found.at(zone).isoformat()
        within = _WITHIN.search(sentence)
        if within:
            amount = _NUMBERS.get(within[1].lower()) or int(within[1])
            if _HOURS.match(within[2]):
                return (said_at + timedelta(hours=amount)).replace(second=0, microsecond=0).isoformat()
            return (said_at.date() + timedelta(days=amount)).isoformat()
    return None
