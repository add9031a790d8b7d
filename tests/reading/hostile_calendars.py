"""Calendar parts: huge, endless, nested, broken, of no year and no zone. The prose of the mail is read instead."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from hostile import Holds, Hostile, family, mail, multipart, part

PROSE = "We would like to invite you to an interview for the Data Analyst position on Thursday, 12 March at 14:00."
START = "DTSTART;TZID=Europe/Berlin:20260312T140000"


def invited(entry: str | bytes, kind: bytes = b"text/calendar; method=REQUEST; charset=utf-8") -> bytes:
    """An invitation with a calendar part."""
    return multipart(part(PROSE), part(entry, kind))


def calendar(*lines: str, end: str = "\r\n") -> str:
    """A calendar of these lines."""
    return end.join(["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", *lines, "END:VCALENDAR", ""])


def event(*lines: str) -> str:
    """A calendar of one event."""
    return calendar("BEGIN:VEVENT", "UID:u", *lines, "END:VEVENT")


def _zones(count: int) -> str:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Z%d\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    return calendar(*(zone % number for number in range(count)), "BEGIN:VEVENT", START, "END:VEVENT")


def families() -> Iterable[Hostile]:
    """Everything that attacks through a calendar part."""
    entries: dict[str, str | bytes] = {
        "every second": event(START, "RRULE:FREQ=SECONDLY"),
        "every second, a billion times": event(START, "RRULE:FREQ=SECONDLY;COUNT=1000000000"),
        "a rule of everything": event(
            START,
            "RRULE:FREQ=YEARLY;BYMONTH=" + ",".join(map(str, range(1, 13))) + ";BYSECOND=" + ",".join(["0"] * 999),
        ),
        "a rule that is none": event(START, "RRULE:FREQ=NEVER;INTERVAL=-1;COUNT=x"),
        "many rules": event(START, *["RRULE:FREQ=SECONDLY"] * 500),
        "many exceptions": event(START, "EXDATE:" + ",".join(["20260312T140000Z"] * 2000)),
        "3,000 dates of repetition": event(START, *["RDATE:20260312T140000Z"] * 1500),
        "an unknown zone": event("DTSTART;TZID=Mars/Olympus:20260312T140000"),
        "a zone with a path": event("DTSTART;TZID=../../etc/passwd:20260312T140000"),
        "a zone of 60,000 letters": event("DTSTART;TZID=" + "Z" * 60_000 + ":20260312T140000"),
        "a zone of nothing": event("DTSTART;TZID=:20260312T140000"),
        "a zone with a nul": event("DTSTART;TZID=Europe\x00/Berlin:20260312T140000"),
        "year 0": event("DTSTART:00000101T000000Z"),
        "year 1": event("DTSTART:00010101T000000Z", "DTEND:99991231T235959Z"),
        "year 9999": event("DTSTART:99991231T235959Z"),
        "year 9999 in Samoa": event("DTSTART;TZID=Pacific/Apia:99991231T235959"),
        "month 13": event("DTSTART:20261332T256199Z"),
        "a start of letters": event("DTSTART:tomorrow"),
        "a start of 50,000 digits": event("DTSTART:" + "2" * 50_000),
        "no start": event("SUMMARY:Interview"),
        "two hundred starts": event(*[START] * 200),
        "a negative length": event(START, "DURATION:-PT1H"),
        "a length of ages": event(START, "DURATION:P999999999W"),
        "a length of digits": event(START, "DURATION:PT" + "9" * 20_000 + "H"),
        "an end before the start": event(START, "DTEND:20200101T000000Z"),
        "broken folding": event(START, "SUMMARY:In\r\nterview\r\n  with\r\n\tus", "\r\n \r\n "),
        "folded at every letter": event(START, "SUMMARY:" + "\r\n ".join("Interview" * 300)),
        "folds alone": event(START, "\r\n " * 15_000),
        "one line of 60,000": event(START, "DESCRIPTION:" + "x" * 60_000),
        "a description of escapes": event(START, "DESCRIPTION:" + "\\n\\," * 12_000),
        "a description of links": event(START, "DESCRIPTION:" + "https://a.example/x " * 2500),
        "a description of backslashes": event(START, "DESCRIPTION:" + "\\" * 50_000),
        "a location of blanks": event(START, "LOCATION:" + " " * 50_000 + "x"),
        "a location of addresses": event(START, "LOCATION:" + "http://" * 8000),
        "a summary of rounds": event(START, "SUMMARY:" + "final technical panel " * 2500),
        "500 attendees": event(START, *["ATTENDEE;CN=Anna Berg:mailto:a@b.example"] * 500),
        "an attendee of quotes": event(START, "ATTENDEE;CN=" + '"' * 20_000 + ":mailto:a@b.example"),
        "a property of parameters": event(START, "X-A" + ";B=c" * 12_000 + ":y"),
        "a property without a colon": event(START, "X-A" * 15_000),
        "colons": event(START, ":" * 50_000),
        "semicolons": event(START, ";" * 50_000),
        "a number that is none": event(START, "SEQUENCE:" + "9" * 10_000),
        "a negative number": event(START, "SEQUENCE:-1"),
        "events in events": calendar(*["BEGIN:VEVENT"] * 25, START, *["END:VEVENT"] * 25),
        "calendars in calendars": "BEGIN:VCALENDAR\r\n" * 59 + "BEGIN:VEVENT\r\n" + START,
        "1,000 calendars in calendars": "BEGIN:VCALENDAR\r\n" * 3000 + "BEGIN:VEVENT\r\n" + START,
        "alarms in an event": event(START, *["BEGIN:VALARM\r\nTRIGGER:-PT1S\r\nEND:VALARM"] * 50),
        "2,000 alarms": event(START, *["BEGIN:VALARM\r\nEND:VALARM"] * 2000),
        "2,000 events": calendar(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 2000),
        "50 events": calendar(*[f"BEGIN:VEVENT\r\n{START}\r\nEND:VEVENT"] * 50),
        "20 zones": _zones(20),
        "300 zones": _zones(300),
        "a zone of leaping rules": calendar(
            "BEGIN:VTIMEZONE", "TZID:Odd", "BEGIN:STANDARD", "DTSTART:00010101T000000", "RRULE:FREQ=SECONDLY",
            "TZOFFSETFROM:+9999", "TZOFFSETTO:-9999", "END:STANDARD", "END:VTIMEZONE",
            "BEGIN:VEVENT", "DTSTART;TZID=Odd:20260312T140000", "END:VEVENT",
        ),
        "a zone that changes every day": calendar(
            "BEGIN:VTIMEZONE", "TZID:Daily", "BEGIN:STANDARD", "DTSTART:16010101T000000", "RRULE:FREQ=DAILY",
            "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T120000",
            "RRULE:FREQ=DAILY", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:DAYLIGHT", "END:VTIMEZONE",
            "BEGIN:VEVENT", "DTSTART;TZID=Daily:20260312T140000", "END:VEVENT",
        ),
        "a zone that changes every hour": calendar(
            "BEGIN:VTIMEZONE", "TZID:Hourly", "BEGIN:STANDARD", "DTSTART:16010101T000000", "RRULE:FREQ=HOURLY",
            "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:STANDARD", "END:VTIMEZONE",
            "BEGIN:VEVENT", "DTSTART;TZID=Hourly:20260312T140000", "END:VEVENT",
        ),
        "a zone of 40 yearly rules": calendar(
            "BEGIN:VTIMEZONE", "TZID:Yearly",
            *["BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=1\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD"] * 40,
            "END:VTIMEZONE", "BEGIN:VEVENT", "DTSTART;TZID=Yearly:20260312T140000", "END:VEVENT",
        ),
        "no calendar at all": b"\x00\xff" * 20_000,
        "ended before it began": "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        "LF alone": event(START).replace("\r\n", "\n"),
        "CR alone": event(START).replace("\r\n", "\r"),
        "in UTF-16": event(START).encode("utf-16"),
        "a binary attachment": event(START, "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "QUFB" * 12_000),
        "names of 8-bit": event(START).encode() + b"\xff:\xfe\r\n",
        "quotes without an end": event('DTSTART;TZID="Europe/Berlin:20260312T140000'),
        "vendor's zones": event("DTSTART;TZID=" + "/a" * 20_000 + ":20260312T140000"),
    }  # fmt: skip
    builds: dict[str, Callable[[], bytes]] = {
        name: functools.partial(invited, entry) for name, entry in entries.items()
    }
    builds |= {
        "just below its cap": lambda: invited(event(START, "DESCRIPTION:" + "x" * 65_300)),
        "just beyond its cap": lambda: invited(event(START, "DESCRIPTION:" + "x" * 65_600)),
        "five megabytes": lambda: invited(event(START, *["X-A:y"] * 700_000)),
        "fifty parts": lambda: multipart(part(PROSE), *[part(event(START), b"text/calendar")] * 50),
        "a calendar alone": lambda: mail(event(START), kind=b"text/calendar"),
        "a calendar that says text": lambda: mail(event(START)),
        "a file named invite.ics": lambda: multipart(
            part(PROSE),
            part(event(START), b"application/ics", b"Content-Disposition: attachment; filename=invite.ics\r\n"),
        ),
    }
    yield from family("calendars", Holds.BOUNDED, builds)
