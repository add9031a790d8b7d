"""The Email Inbox: a list of what waits, what is at stake first, and everything about the one that is selected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.application import Application, Candidate, ReviewItem
from hearback.model.errors import NotFound
from hearback.model.ids import FactId
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision
from hearback.pipeline import ranking
from hearback.pipeline.supposed import called
from hearback.sync import reviewing
from hearback.sync.batches import GONE
from hearback.web import corrections, pages, rendering
from hearback.web.highlight import pieces
from hearback.web.router import asked_now, page, router, values

WINDOW: Final = 50
"""Rows at first; more on request, and as the list grows short."""
MOST_ROWS: Final = 500
FOUND: Final = 8
"""Applications a search shows."""
_DID: Final = re.compile(r"(?:batch|act)-[0-9a-f]{20}")

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """A place for the mail, as offered."""

    value: str
    name: str
    stage: str
    why: str = ""


@router.get("/inbox")
def inbox() -> Response[str]:
    """The page; `item` selects, `q` searches an application for it, `sort` ticks all of its sort, `smart` what Smart would
    have applied.
    """
    asked = asked_now()
    items = _ranked()
    wanted = asked.query.get("item", "")
    item = next((each for each in items if each.fact == wanted), items[0] if items else None)
    ticked = ranking.same_sort(item, items) if item is not None and asked.query.get("sort") else []
    smart = _smart(items)
    shown = _queue(items, item, smart if asked.query.get("smart") else ticked)
    shown |= {"item": item, "did": _did(asked.query), "smart": len(smart)}
    if item is not None:
        shown |= _item(item, items)
    mode = asked.rooms.store.people.get(asked.who).mode
    shown |= {
        "reviews_all": mode is AutomationMode.REVIEW,
        "missing": bool(wanted) and item is not None and item.fact != wanted,
    }
    return page("inbox.html", page="inbox", **(shown | pages.lessons(asked.rooms, asked.who)))


@router.get("/inbox/queue")
def queue() -> Response[str]:
    """The rows again."""
    items = _ranked()
    return page("parts/queue.html", page="", **_queue(items, None, []))


@router.get("/inbox/item")
def one() -> Response[str]:
    """Everything about one pending mail."""
    items = _ranked()
    item = _pending(items, FactId(asked_now().query.get("fact", "")))
    return page("parts/item.html", page="", item=item, **_item(item, items))


@router.get("/inbox/targets")
def targets() -> Response[str]:
    """Applications that words lead to, for one pending mail."""
    item = pending(FactId(asked_now().query.get("fact", "")))
    return page("parts/targets.html", page="", item=item, found=_found(item, asked_now().query.get("q", "")), q="")


@router.get("/inbox/sort")
def sort() -> Response[str]:
    """The pending mails of one sort with this one, or those that Smart would have applied."""
    items = _ranked()
    if asked_now().query.get("smart"):
        return values({"facts": [each.fact for each in _smart(items)]})
    item = _pending(items, FactId(asked_now().query.get("fact", "")))
    return values({"facts": [each.fact for each in ranking.same_sort(item, items)]})


def _smart(items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """What waits only because the person reviews everything."""
    return [each for each in items if each.would_say is not None and each.would is Decision.APPLY]


def pending(fact: FactId) -> ReviewItem:
    """A mail that waits. NotFound: it does not, or is not theirs."""
    asked = asked_now()
    return _pending(asked.rooms.store.projections.review(asked.who), fact)


def _pending(items: Sequence[ReviewItem], fact: FactId) -> ReviewItem:
    found = next((each for each in items if each.fact == fact), None)
    if found is None:
        raise NotFound(GONE)
    return found


def _zone() -> str:
    asked = asked_now()
    return asked.rooms.store.people.get(asked.who).zone


def _ranked() -> list[ReviewItem]:
    asked = asked_now()
    return ranking.ranked(asked.rooms.store.projections.review(asked.who), asked.rooms.clock(), _zone())


def _queue(items: Sequence[ReviewItem], selected: ReviewItem | None, ticked: Sequence[ReviewItem]) -> dict[str, Any]:
    zone = _zone()
    shown = min(max(_number("shown"), WINDOW), MOST_ROWS)
    return {
        "rows": [(each, ranking.due_at(each, zone), _summary(each)) for each in items[:shown]],
        "selected": selected.fact if selected is not None else "",
        "ticked": {each.fact for each in ticked},
        "total": len(items),
        "shown": shown,
        "more": min(shown + WINDOW, MOST_ROWS) if len(items) > shown else 0,
    }


def _summary(item: ReviewItem) -> str:
    """Where confirming puts it, for the row."""
    if item.kind is None:
        return "say what it is"
    if item.undecided:
        return "several applications fit"
    first = item.candidates[0] if item.suggestion is not None else None
    if first is None:
        return "new"
    return f"{called(first.company, first.role)}, {rendering.stage_label(first.stage)}"


def _item(item: ReviewItem, items: Sequence[ReviewItem]) -> dict[str, Any]:
    asked = asked_now()
    zone = _zone()
    named = (item.company, item.role, item.location)
    query = asked.query.get("q", "")
    return {
        "subject": pieces(item.subject, (*named, item.evidence)),
        "sentence": pieces(item.evidence or "", named),
        "fields": corrections.shown(item, zone),
        "targets": [_target(each) for each in item.candidates],
        "suggested": item.suggestion is not None,
        "outcome": reviewing.outcome(asked.rooms, asked.who, item, reviewing.SUGGESTED, {}),
        "due": ranking.due_at(item, zone),
        "alike": len(ranking.same_sort(item, items)),
        "q": query,
        "found": _found(item, query) if query else [],
        "kinds": rendering.KIND_LABELS,
        "details": corrections.DETAIL_LABELS,
        "actions": corrections.ACTION_LABELS,
        "rounds": corrections.ROUND_LABELS,
        "homes": pages.homes(asked.rooms.store.projections.applications(asked.who)) if item.taught else {},
    }


def _target(candidate: Candidate) -> Target:
    why = "; ".join(candidate.reasons)
    if candidate.against is not None:
        why = f"{why}, but {candidate.against}" if why else candidate.against
    name = called(candidate.company, candidate.role)
    return Target(candidate.fact, name, rendering.stage_label(candidate.stage), why)


def _found(item: ReviewItem, words: str) -> list[Target]:
    """All of the person's applications are searched; those last active come first."""
    asked = asked_now()
    wanted = words.casefold().split()
    fitting = [
        each
        for each in asked.rooms.store.projections.applications(asked.who)
        if all(word in f"{each.company} {each.role} {each.location} {each.agency}".casefold() for word in wanted)
    ]
    fitting.sort(key=lambda each: (each.last_contact_at or _NEVER, each.facts), reverse=True)
    return [found for each in fitting if (found := _as_target(each, item)) is not None][:FOUND]


def _as_target(application: Application, item: ReviewItem) -> Target | None:
    fact = next((each for each in application.anchors if each != item.fact), None)
    if fact is None:
        return None
    return Target(fact, called(application.company, application.role), rendering.stage_label(application.stage))


def _did(query: Mapping[str, str]) -> dict[str, Any] | None:
    """What was just done, where a plain form led back here."""
    batch = query.get("did", "")
    if not _DID.fullmatch(batch):
        return None
    return {"batch": batch, "done": _number("done"), "left": _number("left")}


def _number(name: str) -> int:
    value = asked_now().query.get(name, "")[:4]
    return int(value) if value.isascii() and value.isdigit() else 0
