"""What a provider is asked to search for, so that a first sync finds job mail without fetching everything else.

Two sorts of search: by sender (applicant systems, vendors of tests and of scheduling) and by the words that gate.txt marks.
Gmail finds whole words anywhere in a message, a quoted phrase word by word; braces hold alternatives. Graph's $search is
KQL: words and phrases in sender, subject and body, a stem with *, operators in capitals. It cannot be combined with $filter
or $orderby, so the days stand in the search itself; it answers at most 1,000 messages, newest first, from every folder:
whoever sends it must split a span that is full, and look at the folder of what comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from hearback.reading import senders
from hearback.reading.gate_words import searched

LONGEST: Final = 1400
"""Characters of a search. Neither provider names a limit for mail; percent-encoded this is a URL of at most 5 KB."""


def gmail_queries(days: int) -> tuple[str, ...]:
    """Values of `q` that together find nearly all job mail of the last `days` days, by sender and by words."""
    newer = f"newer_than:{days}d -in:spam -in:trash"
    no_alerts = f"{newer} -from:{{{' '.join(_alerts())}}}"
    by_sender = _chunks(_domains(), " OR ", LONGEST - len(newer))
    by_words = _chunks(map(_phrase, searched(stems=False)), " ", LONGEST - len(no_alerts))
    return (
        *(f"{newer} from:({chunk})" for chunk in by_sender),
        *(f"{no_alerts} {{{chunk}}}" for chunk in by_words),
    )


def graph_queries(since: date, until: date | None = None) -> tuple[str, ...]:
    """Values of `$search`, quoted and not yet percent-encoded, for mail received from `since` to `until`, both included."""
    days = f"received>={since.isoformat()}" + (f" AND received<={until.isoformat()}" if until else "")
    no_alerts = f"{days} AND NOT ({' OR '.join(f'from:{each}' for each in _alerts())})"
    by_sender = _chunks((f"from:{each}" for each in _domains()), " OR ", LONGEST - len(days))
    by_words = _chunks(map(_phrase, searched(stems=True)), " OR ", LONGEST - len(no_alerts))
    return (
        *(_quoted(f"{days} AND ({chunk})") for chunk in by_sender),
        *(_quoted(f"{no_alerts} AND ({chunk})") for chunk in by_words),
    )


def _domains() -> list[str]:
    """Whose mail is about applications as a rule, without those that a parent domain covers."""
    known = senders.table()
    domains = sorted({*known["ats"], *known["assessment"], *known["scheduling"]})
    return [each for each in domains if not any(each.endswith(f".{other}") for other in domains)]


def _alerts() -> list[str]:
    return sorted(each for each in senders.table()["alerts"] if "@" in each)


def _phrase(term: str) -> str:
    return term if re.fullmatch(r"\w+\*?", term) else f'"{term}"'


def _quoted(kql: str) -> str:
    escaped = kql.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _chunks(terms: Iterable[str], joint: str, room: int) -> Iterator[str]:
    """The terms joined, as many at a time as there is room for."""
    chunk = ""
    for term in terms:
        longer = f"{chunk}{joint}{term}" if chunk else term
        if len(longer) > room and chunk:
            yield chunk
            longer = term
        chunk = longer
    if chunk:
        yield chunk
