"""The time zone a person means: abbreviations, cities and countries in eight languages, Windows names, IANA names.

A named standard time ("EST" in July) means the wall clock of the place, so every word leads to an IANA zone and the
offset is that of the day. Only "UTC+2" and its like are fixed.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PLACES: Final[dict[str, str]] = {
    "Europe/London": "london uk british edinburgh manchester bristol leeds glasgow belfast cardiff londres londra londyn londýn birmingham cambridge oxford",
    "Europe/Dublin": "dublin irish ireland dublino dublín",
    "Europe/Lisbon": "lisbon lisboa lissabon lisbonne lisbona portugal porto lizbona lizbony",
    "Europe/Berlin": "berlin german germany berliner munich münchen hamburg cologne köln frankfurt stuttgart leipzig düsseldorf deutsche deutscher allemande berlín berlim berlino niemieckiego berlińskiego berlina",
    "Europe/Paris": "paris french france française lyon marseille pariser parís parigi toulouse nantes bordeaux lille",
    "Europe/Madrid": "madrid spanish spain peninsular española barcelona valencia sevilla madryt madri bilbao",
    "Atlantic/Canary": "canarias canaries",
    "Europe/Rome": "rome roma italian italy milan milano italiana rom turin torino bologna firenze napoli rzym mailand",
    "Europe/Amsterdam": "amsterdam dutch netherlands nederlandse amsterdamse rotterdam utrecht holland eindhoven",
    "Europe/Brussels": "brussels brussel bruxelles brüssel belgian belgium antwerp antwerpen gent belgische",
    "Europe/Warsaw": "warsaw warszawa polish poland polskiego warszawskiego krakow kraków warschau varsovie varsovia varsavia wrocław warszawy warszawie gdańsk poznań",
    "Europe/Zurich": "zurich zürich swiss switzerland geneva genève bern schweizer basel lausanne",
    "Europe/Vienna": "vienna wien austrian austria österreich vienne wiedeń graz",
    "Europe/Copenhagen": "copenhagen københavn danish denmark kopenhagen aarhus",
    "Europe/Stockholm": "stockholm swedish sweden gothenburg malmö",
    "Europe/Oslo": "oslo norwegian norway bergen",
    "Europe/Helsinki": "helsinki finnish finland",
    "Europe/Prague": "prague praha prag czech brno",
    "Europe/Budapest": "budapest hungarian hungary",
    "Europe/Bucharest": "bucharest romanian romania",
    "Europe/Athens": "athens greek greece athen",
    "Europe/Istanbul": "istanbul turkish turkey",
    "Europe/Kyiv": "kyiv kiev ukrainian ukraine",
    "Europe/Moscow": "moscow",
    "Asia/Jerusalem": "jerusalem israel israeli aviv",
    "Asia/Dubai": "dubai uae abu",
    "Asia/Karachi": "karachi pakistan lahore",
    "Asia/Kolkata": "india indian bangalore bengaluru mumbai delhi kolkata hyderabad chennai pune",
    "Asia/Singapore": "singapore",
    "Asia/Hong_Kong": "hong",
    "Asia/Shanghai": "shanghai beijing china",
    "Asia/Tokyo": "tokyo japan",
    "Asia/Seoul": "seoul korea",
    "Asia/Manila": "manila philippines",
    "Australia/Sydney": "sydney melbourne canberra",
    "Australia/Brisbane": "brisbane queensland townsville cairns",
    "Australia/Adelaide": "adelaide",
    "Australia/Darwin": "darwin",
    "Australia/Hobart": "hobart tasmania",
    "Australia/Perth": "perth",
    "Pacific/Auckland": "auckland wellington",
    "Africa/Johannesburg": "johannesburg cape",
    "Africa/Lagos": "lagos nigeria",
    "Africa/Nairobi": "nairobi kenya",
    "America/New_York": "eastern york nyc boston philadelphia washington atlanta miami toronto montreal ottawa",
    "America/Chicago": "central chicago dallas houston austin minneapolis nashville",
    "America/Denver": "mountain denver boulder",
    "America/Phoenix": "phoenix arizona",
    "America/Los_Angeles": "pacific angeles francisco seattle portland vancouver california",
    "America/Halifax": "atlantic halifax",
    "America/St_Johns": "newfoundland",
    "America/Whitehorse": "yukon whitehorse",
    "America/Regina": "saskatchewan regina saskatoon",
    "America/Edmonton": "calgary edmonton alberta",
    "America/Winnipeg": "winnipeg manitoba",
    "America/Anchorage": "alaska anchorage",
    "Pacific/Honolulu": "hawaii honolulu",
    "America/Manaus": "manaus amazonas",
    "America/Fortaleza": "fortaleza recife",
    "Atlantic/Azores": "açores azores",
    "Atlantic/Madeira": "madeira funchal",
    "America/Sao_Paulo": "brasília brasilia paulo janeiro brazil",
    "America/Argentina/Buenos_Aires": "buenos argentina",
    "America/Mexico_City": "mexico méxico cdmx",
    "America/Bogota": "bogotá bogota colombia",
    "America/Santiago": "santiago chile",
    "America/Lima": "lima perú",
}
_ABBREVIATIONS: Final[dict[str, str]] = {
    short: zone
    for zone, shorts in {
        "UTC": "UTC GMT",
        "Europe/London": "BST",
        "Europe/Lisbon": "WET WEST",
        "Europe/Berlin": "CET CEST MEZ MESZ",
        "Europe/Paris": "HEC",
        "Europe/Helsinki": "EET EEST",
        "Europe/Moscow": "MSK",
        "Asia/Dubai": "GST",
        "Asia/Karachi": "PKT",
        "Asia/Kolkata": "IST",
        "Asia/Singapore": "SGT",
        "Asia/Hong_Kong": "HKT",
        "Asia/Tokyo": "JST",
        "Asia/Seoul": "KST",
        "Asia/Manila": "PHT",
        "Australia/Sydney": "AEST AEDT AET",
        "Australia/Perth": "AWST",
        "Australia/Adelaide": "ACST ACDT",
        "Pacific/Auckland": "NZST NZDT NZT",
        "Africa/Johannesburg": "SAST",
        "Africa/Nairobi": "EAT",
        "America/New_York": "ET EST EDT",
        "America/Chicago": "CT CST CDT",
        "America/Denver": "MT MST MDT",
        "America/Los_Angeles": "PT PST PDT",
        "America/Sao_Paulo": "BRT",
        "America/St_Johns": "NST NDT",
        "America/Halifax": "AST ADT",
        "America/Anchorage": "AKST AKDT",
        "America/Argentina/Buenos_Aires": "ART",
        "Africa/Lagos": "WAT",
        "Africa/Harare": "CAT",
    }.items()
    for short in shorts.split()
}
_BY_WORD: Final[dict[str, str]] = {word: zone for zone, words in _PLACES.items() for word in words.split()}
_LONG: Final[dict[str, str]] = {
    "east coast": "America/New_York",
    "west coast": "America/Los_Angeles",
    "central european": "Europe/Berlin",
    "mitteleuropäische": "Europe/Berlin",
    "mitteleuropäischer": "Europe/Berlin",
    "eastern european": "Europe/Helsinki",
    "greenwich mean": "UTC",
    "coordinated universal": "UTC",
}
#: Where somebody writes whose clock shows an offset, likeliest first; by language where that tells.
_WRITERS: Final[dict[str, tuple[str, ...]]] = {
    "es": (
        "Europe/Madrid",
        "America/Mexico_City",
        "America/Bogota",
        "America/Santiago",
        "America/Argentina/Buenos_Aires",
    ),
    "pt": ("Europe/Lisbon", "America/Sao_Paulo"),
    "": (
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Halifax",
        "America/St_Johns",
        "America/Anchorage",
        "Pacific/Honolulu",
        "Asia/Kolkata",
        "Australia/Sydney",
        "Australia/Adelaide",
        "Australia/Darwin",
        "Australia/Brisbane",
        "Asia/Singapore",
        "Pacific/Auckland",
        "Africa/Johannesburg",
        "Europe/Athens",
        "Africa/Nairobi",
        "Asia/Dubai",
        "Asia/Karachi",
        "Asia/Kathmandu",
        "Asia/Dhaka",
        "Asia/Bangkok",
        "Asia/Tokyo",
        "America/Sao_Paulo",
    ),
}
_FURTHEST: Final = 14 * 60
"""Minutes from UTC of the furthest zone."""
_PLACE: Final = r"[A-Za-zÀ-ž]{2,15}(?:[ _][A-Za-zÀ-ž]{2,15}){0,3}"
_FIXED: Final = re.compile(r"(?:\b(?:UTC|GMT)\s?|^)([+\-−–])\s?(\d{1,2})(?::?(00|15|30|45))?\b")
_IANA: Final = re.compile(
    r"\b(?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic)/[A-Za-z_]{3,20}(?:/[A-Za-z_]{3,20})?\b"
)
_ABBREVIATED: Final = re.compile(r"\b(?:" + "|".join(_ABBREVIATIONS) + r")\b")
_NAMED: Final = re.compile(
    rf"\(({_PLACE})\)|\b({_PLACE})(?:'s)?\s+(?:(?:local|standard|daylight|summer|Local|Standard|Daylight|Summer)\s+)?(?:[Tt]ime|[Zz]eit|Ortszeit|[Tt]ijd)\b"
    rf"|\b(?:heure|hora|horário|ora|czasu|czas|Ortszeit|Zeit|tijd)\s+(?:(?:de|di|d'|del|da|du|in|locale|local|oficial)\s*)?({_PLACE})"
    rf"|^\s(?:aquí |aqui |daqui |aí |hier |here |ici )?(?:in|en|em|à|de|da|do|dos|di|a|w|na)\s(?!Central|Eastern|Mountain|Pacific|Atlantic)([A-ZÀ-Ž][A-Za-zÀ-ž]{{2,15}}(?: [A-ZÀ-Ž][A-Za-zÀ-ž]{{2,15}})?)"
    rf"|^\s(Eastern|Central|Mountain|Pacific|Atlantic|Newfoundland)\b(?!\s[A-Z])"
    rf"|^\s([A-ZÀ-Ž][A-Za-zÀ-ž]{{2,15}}(?: [A-ZÀ-Ž][A-Za-zÀ-ž]{{2,15}})?)(?=\s?[/,;.)(=|–]|\s(?:and|instead|which|so|on|this|next|tomorrow)\b|\s?$)"
    rf"|^\s?\((?:UTC|GMT)[+\-−]\d\d:\d\d\)\s([A-Z][A-Za-z]{{2,15}})\b",
)
_AUSTRALIAN: Final = {
    "America/New_York": ("Australia/Sydney", "Australia/Brisbane", "Australia/Hobart", "Australia/Melbourne"),
    "America/Chicago": ("Australia/Adelaide", "Australia/Darwin"),
}
_AUSTRALIAN_WORDS: Final = re.compile(r"\b(?:Eastern|Central|E[SD]T|C[SD]T)\b")
"""What these zones are called on both sides of the Pacific."""


@functools.lru_cache(maxsize=256)
def known(name: str) -> tzinfo | None:
    """The zone of an IANA name; None where there is none."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder's name is an OSError
        return None


def zone_of(name: str) -> tuple[tzinfo, str]:
    """The zone of an IANA name with its name; UTC where it is unknown."""
    found = known(name)
    return (found, name) if found is not None else (UTC, "UTC")


def of_writer(sent_at: datetime | None, own: str, language: str) -> str:
    """The zone a mail is written in: that of its Date's offset; `own` (the reader's) where that is UTC, missing or equal."""
    offset = sent_at.utcoffset() if sent_at is not None else None
    if sent_at is None or not offset:
        return own
    for name in (own, *_WRITERS.get(language, ()), *_WRITERS[""]):
        there = known(name)
        if there is not None and sent_at.astimezone(there).utcoffset() == offset:
            return name
    return own


def named_in(text: str, writer: str = "") -> tuple[tzinfo, str | None] | None:
    """The first zone named in a short stretch of text (what follows a time): the zone and its IANA name, if any.

    `writer`: where it is written; "Eastern" is another in Australia. "(UTC-08:00) Pacific Time" is the place's own time.
    """
    place = next(
        (zone for match in _NAMED.finditer(text) if (zone := _place(next(group for group in match.groups() if group)))),
        None,
    )
    fixed = _FIXED.search(text)
    if fixed and (place is None or not text[max(fixed.start() - 1, 0) :].startswith("(")):
        minutes = int(fixed[2]) * 60 + int(fixed[3] or 0)
        if minutes <= _FURTHEST:
            return timezone(timedelta(minutes=minutes if fixed[1] == "+" else -minutes)), None
    iana = _IANA.search(text)
    if iana and (found := known(iana[0])) is not None:
        return found, iana[0]
    short = _ABBREVIATED.search(text)
    name = place or (_ABBREVIATIONS[short[0]] if short else None)
    if writer == "America/Los_Angeles" and place is None and short and short[0] == "MST":
        name = "America/Phoenix"  # whose clock shows the same in summer; nobody in California writes MST
    if writer.startswith("Australia") and name in _AUSTRALIAN and _AUSTRALIAN_WORDS.search(text):
        name = writer if writer in _AUSTRALIAN[name] else _AUSTRALIAN[name][0]
    there = known(name) if name is not None else None
    return (there, name) if there is not None else None


def _place(words: str) -> str | None:
    lower = words.lower().replace("_", " ")
    for phrase, meant in _LONG.items():
        if phrase in lower:
            return meant
    return next((zone for word in reversed(lower.split()) if (zone := _BY_WORD.get(word))), None)
