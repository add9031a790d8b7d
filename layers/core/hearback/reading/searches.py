"""What a provider is asked to search for, so that a first sync finds job mail without fetching everything else.

Three sorts of search: by sender (applicant systems, vendors of tests and of scheduling), by the words that gate.txt marks,
and by fainter words in letters: in what neither says how to unsubscribe nor comes from an address of machines.
Gmail finds whole words anywhere in a message, a quoted phrase word by word; braces hold alternatives. Graph's $search is
KQL: words and phrases in sender, subject and body, a stem with *, operators in capitals. It cannot be combined with $filter
or $orderby, so the days stand in the search itself; it answers at most 1,000 messages, newest first, from every folder:
whoever sends it must split a span that is full, and look at the folder of what comes back.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from hearback.reading import senders
from hearback.reading.gate_words import ANYWHERE, IN_LETTERS, mailings, searched

LONGEST: Final = 1400
"""Characters of a search. Neither provider names a limit for mail; percent-encoded this is a URL of at most 5 KB."""


@functools.lru_cache(maxsize=64)
def gmail_queries(days: int) -> tuple[str, ...]:
    """Values of `q` that together find nearly all job mail of the last `days` days."""
    newer = f"newer_than:{days}d -in:spam -in:trash"
    told, senders_of = mailings()
    alerts = f"{newer} -from:{{{' '.join(_alerts())}}}"
    letters = f"{newer} -from:{{{' '.join(senders_of)}}} -{{{' '.join(map(_phrase, told))}}}"
    return (
        *(f"{newer} from:{{{chunk}}}" for chunk in _chunks(_domains(), " ", LONGEST - len(newer))),
        *(f"{alerts} {{{chunk}}}" for chunk in _words(ANYWHERE, " ", LONGEST - len(alerts))),
        *(f"{letters} {{{chunk}}}" for chunk in _words(IN_LETTERS, " ", LONGEST - len(letters))),
    )


def graph_queries(since: date, until: date | None = None) -> tuple[str, ...]:
    """Values of `$search`, quoted and not yet percent-encoded, for mail received from `since` to `until`, both included."""
    days = f"received>={since.isoformat()}" + (f" AND received<={until.isoformat()}" if until else "")
    told, senders_of = mailings()
    alerts = f"{days} AND NOT ({_any(f'from:{each}' for each in _alerts())})"
    bulk = [*(f"from:{each}*" for each in senders_of), *map(_phrase, told)]
    letters = f"{days} AND NOT ({_any(bulk)})"
    by_sender = (f"from:{each}" for each in _domains())
    found = (
        *(f"{days} AND ({chunk})" for chunk in _chunks(by_sender, " OR ", LONGEST - len(days))),
        *(f"{alerts} AND ({chunk})" for chunk in _words(ANYWHERE, " OR ", LONGEST - len(alerts))),
        *(f"{letters} AND ({chunk})" for chunk in _words(IN_LETTERS, " OR ", LONGEST - len(letters))),
    )
    return tuple(map(_quoted, found))


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(terms)


def _words(mark: str, joint: str, room: int) -> Iterator[str]:
    return _chunks(map(_phrase, searched(mark, stems=joint != " ")), joint, room)


@functools.cache
def _domains() -> tuple[str, ...]:
    """Whose mail is about applications as a rule, without those that a parent domain covers."""
    known = senders.table()
    domains = {*known["ats"], *known["assessment"], *known["scheduling"]}
    return tuple(sorted(each for each in domains if domains.isdisjoint(_parents(each))))


def _parents(domain: str) -> Iterator[str]:
    while domain:
        domain = domain.partition(".")[2]
        yield domain


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
