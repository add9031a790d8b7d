"""Words that make a pattern go back and forth: each is repeated far beyond the caps, in text, subject and name.

The mail around them is an invitation, so that every step looks at them: kind, company, role, times, people, places.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Final

from hostile import Holds, Hostile, family, head, html, mail

INVITED: Final = "We would like to invite you to an interview for the Data Analyst position at Acme. "
LENGTH: Final = 250_000
BAIT: Final = (
    " ", "\t", "\u00a0", "\n", " \n", "a ", "A ", "a", "A", "Ab ", "Ab", "Ab.", "Ab-", "ab_", "a.", "a. ", "A. ", "A.b. ",
    ".", "...", ". A", "! ", "?", ",", ", ", ";", ":", ": ", "-", "- ", "–", "_", "_ ", "|", "/", "\\", "*", "#", "&", "%",
    "€", "$1 ", "@", "a@", "a@b ", "a@b.", "@a.b", "'", '"', "’", "“", "(", ")", "()", "( ", "(a ", "[", "[]", "{", "<", "<a",
    ">", ">>", "> ", ">\n", "> a\n", "http://", "https://a", "https://a.b/", "https://a/ ", "www.", "a.b.c.", "zoom.us/",
    "x.zoom.us", "meet.a.", "meet.ab-", "https://meet.", "https://a/book/", "https://a/a/", "1", "1 ", "12", "12 ", "1.", "1,",
    "1:", "1-", "1/", "1/1/", "1/1/1 ", "1.1.", "1-1-", "12.12.", "2026-03-12 ", "20", "2026 ", "12/12/2026 ", "12:", "12:30",
    "12:30 ", "12.30 ", "12h", "12h30 ", "12 h ", "1230 ", "10:00-11:00 ", "10-11 ", "10 to 11 ", "between 10 and ", "at 10 ",
    "at ", "um 10 Uhr ", "Uhr ", "am ", "pm ", "p.m. ", "10am ", "10 a.m. ", "+49 30 1234567 ", "030 12 34 ", "(030) ", "+1",
    "monday ", "Mon, ", "mon", "Mo. ", "next monday ", "next week monday ", "this coming ", "next ", "monday 12 ", "the 12th ",
    "on the 12th at ", "12 march ", "12 march 2026 ", "12th of ", "march 12 ", "march ", "12 de março de ", "12. ", "le 12 ",
    "tomorrow ", "tomorrow at 10 ", "day after ", "a week on ", "segunda ", "na quarta, ", "half past ", "half ", "half 3 ",
    "quarter to ", "quarter to 3 ", "five past ", "halb ", "viertel ", "wpół do ", "kwadrans po ", "at three ", "o'clock ",
    "las tres y ", "trois heures et ", "45 minutes ", "an hour and a ", "an ", "one ", "one hour ", "1 to 2 hours ",
    "half an hour ", "anderthalb ", "within ", "within 48 hours ", "by friday ", "by ", "until ", "CET ", "UTC+1 ", "UTC",
    "GMT+", "(Berlin) ", "Berlin time ", "Berlin ", "Europe/", "Europe/Berlin ", "America/A/", "heure de ", "your time ",
    "16h in Manaus (", "GmbH ", "Acme GmbH & ", "Acme ", "Acme and ", "Acme of the ", "at Acme ", "bei ", "position of ",
    "position of Data ", "application for ", "application for the position of ", "for the Data ", "the Data ", "Engineer ",
    "Senior Engineer ", "Engineer, ", "Engineer - ", "Engineer (", "engineerengineer", "(m/w/d) ", "m/w/d ", "m/", "(m/w/", "als ",
    "als Data ", "poste de ", "poste de data ", "puesto de ", "stanowisko ", "vacature voor ", "Ref: ", "Ref. No. ", "Ref A1 ",
    "JR-1", "REQ", "#A1", "Location: ", "based in Berlin, ", "Where: x\n", "at our ", "at our offices, ", "in unserem ",
    "with ", "with Anna ", "with Anna Berg ", "with Anna Berg and ", "Anna Berg, ", "Anna Berg (", "Dr. ", "Mr. Dr. ", "van der ",
    "Mc", "O'B", "with me and ", "meet ", "Hiring Team\n", "Recruiter, Acme\n", "Acme Talent\n", "Manager, ", "cancel ",
    "cancel the ", "interview ", "interview cancel ", "reschedule ", "move your ", "moved from ", "instead of ", "if you ", "if ",
    "confirm ", "please confirm ", "confirmed ", "invite ", "would you ", "would ", "would like to ", "which ", "choose a ",
    "your availability ", "let me know ", "unfortunately ", "unfortunately we ", "not ", "not be moving ", "decided to ",
    "your application ", "your application was ", "thank you for ", "received your ", "thank you for your interest in the ",
    "pleased to ", "offer ", "offer you ", "Bewerbung ", "Bewerbung erhalten ", "Gespräch ", "ziehe ", "trek ", "loan ",
    "application loan ", "position ", "same time ", "day after, same time ", "an hour later ", "On ", "On a ", "On a\n",
    "On a wrote", "On a b c d e wrote ", "Am schrieb ", "Le a écrit", "W dniu ", "From: x\n", "From: x\nSent: y\n", "Sent: ",
    "Date: ", "De: ", "-----", "--- ", "-- \n", "---- Original Message ", "_" * 40 + "\n", "wrote:\n", "e\u0301", "ß", "İ", "ﬁ",
    "\u202e", "\u200b", "\U0001f600", "½", "²", "=?", "?=", "=?a?q?", "=", "=\n", "x" * 399 + " ", "1" * 399 + " ", "Ab" * 200 + " ",
    "option 1 ", "(a) ", "• ", "- 10:00\n", "| 10:00 | ", "9:00\nTalk\n", "page 1 of ", "no. 1 ", "$10,000 ", "10% ", "10€ ",
)  # fmt: skip


def in_text(bait: str) -> bytes:
    """A body full of it."""
    return mail(INVITED + bait * (LENGTH // len(bait.encode())))


def in_lines(bait: str) -> bytes:
    """Sentences full of it, each as long as one is read."""
    line = (bait * (390 // len(bait) + 1))[:390].replace("\n", " ")
    return mail("\n".join([INVITED, *[f"{INVITED}{line}"] * 120]))


def in_headers(bait: str) -> bytes:
    """A subject and a sender's name full of it; header's own signs left out."""
    plain = bait.replace("\n", " ").replace("=?", "=").replace("(", "[").encode()
    text = plain * (2000 // len(plain))
    name = text.replace(b"<", b"").replace(b">", b"").replace(b",", b"").replace(b'"', b"")
    more = b"Content-Type: text/plain; charset=utf-8\r\n"
    return head(subject=b"Interview " + text, sender=name[:1500] + b" <anna@acme.example>", more=more) + (
        b"\r\n" + INVITED.encode()
    )


def families() -> Iterable[Hostile]:
    """Everything that attacks through words."""
    shown = {f"{number} {bait[:24]!r}": bait for number, bait in enumerate(BAIT)}
    yield from family("words without end", Holds.BOUNDED, _each(in_text, shown))
    every = {name: bait for number, (name, bait) in enumerate(shown.items()) if number % 4 == 0}
    yield from family("sentences without end", Holds.BOUNDED, _each(in_lines, every))
    other = {name: bait for number, (name, bait) in enumerate(shown.items()) if number % 4 == 2}
    yield from family("subjects and names without end", Holds.BOUNDED, _each(in_headers, other))
    mixed = {
        f"{a!r} and {b!r}": a + b for a in ("12 ", "Ab ", "> ", "(", "at ") for b in ("march", "@", ":", "Uhr ", ")")
    }
    yield from family("words in turns", Holds.BOUNDED, _each(in_text, mixed))
    yield from family(
        "words in HTML",
        Holds.BOUNDED,
        {
            name: functools.partial(html, (INVITED + bait * (200_000 // len(bait.encode()))))
            for number, (name, bait) in enumerate(shown.items())
            if number % 9 == 0
        },
    )


def _each(build: Callable[[str], bytes], baits: dict[str, str]) -> dict[str, Callable[[], bytes]]:
    return {name: functools.partial(build, bait) for name, bait in baits.items()}
