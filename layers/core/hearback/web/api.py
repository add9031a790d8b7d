"""The JSON API and the ticket of a page's WebSocket."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.event_handler import Response

from hearback.model.application import Application
from hearback.model.filter import NotAFilter
from hearback.model.ids import ApplicationId
from hearback.pipeline.conflicts import shadows
from hearback.pipeline.filters import parse_all
from hearback.sync import apply_rules, rulebook, tickets
from hearback.sync.look_ahead import Ahead, look_ahead
from hearback.web import ahead_json, faults, pages, preferences, rule_words
from hearback.web.ahead import Shown
from hearback.web.router import asked_now, router


@router.post("/live/ticket")
def live_ticket() -> Response[str]:
    """A single-use ticket for this page's WebSocket."""
    asked = asked_now()
    value = tickets.issue(asked.rooms.store, asked.who, asked.rooms.clock())
    return Response(200, "application/json", json.dumps({"ticket": value}))


@router.get("/api/applications")
def api_applications() -> Response[str]:
    """All applications."""
    ahead = look_ahead(asked_now().rooms, asked_now().who)
    found = [_application(each.application, ahead) for each in ahead.correspondences]
    return _json({"applications": sorted(found, key=lambda each: str(each["id"]))})


@router.get("/api/applications/<id>")
def api_application(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """One application."""
    asked = asked_now()
    found = asked.rooms.store.projections.application(asked.who, ApplicationId(id))
    shown = _application(found, look_ahead(asked.rooms, asked.who, [found]))
    return _json(shown | {"timeline": pages.timeline_as_json(found)})


@router.get("/api/figures")
def api_figures() -> Response[str]:
    """Response Rate Efficiency, response times and insights."""
    return _json(ahead_json.figures(look_ahead(asked_now().rooms, asked_now().who)))


@router.get("/api/reminders")
def api_reminders() -> Response[str]:
    """What there is to write, with the best time."""
    return _json(ahead_json.reminders(Shown(look_ahead(asked_now().rooms, asked_now().who))))


@router.get("/api/deadlines")
def api_deadlines() -> Response[str]:
    """What must be answered by when."""
    return _json(ahead_json.deadlines(Shown(look_ahead(asked_now().rooms, asked_now().who))))


@router.get("/api/review")
def api_review() -> Response[str]:
    """What waits for the person."""
    asked = asked_now()
    return _json(
        {
            "review": [
                {"fact": each.fact, "kind": each.kind, "reason": each.reason, "company": each.company}
                for each in asked.rooms.store.projections.review(asked.who)
            ]
        }
    )


@router.get("/api/mailboxes")
def api_mailboxes() -> Response[str]:
    """The mailboxes with what is read of them."""
    asked = asked_now()
    plan = asked.rooms.store.people.get(asked.who).plan
    found = [preferences.as_json(each, plan) for each in asked.rooms.store.mailboxes.of_person(asked.who)]
    return _json({"mailboxes": found})


@router.get("/api/rules")
def api_rules() -> Response[str]:
    """The person's rules in order, and what in them never counts."""
    asked = asked_now()
    rules = rulebook.stored(asked.rooms, asked.who)
    hidden = [
        {"rule": each.rule, "by": list(each.by), "lost": list(each.lost), "never": each.never}
        for each in shadows(rules)
    ]
    holds = bool(rulebook.holding(rooms=asked.rooms, person=asked.rooms.store.people.get(asked.who)).rules)
    return _json(
        {
            "version": rules.version,
            "paused": bool(rules.rules) and not holds,
            "rules": [rule_words.as_json(each) for each in rules.rules],
            "shadowed": hidden,
        }
    )


@router.get("/api/rules/dry-run")
def api_dry_run() -> Response[str]:
    """What the rules would change in the mail of before."""
    asked = asked_now()
    rulebook.require(asked.rooms, asked.who)
    rules = rulebook.stored(asked.rooms, asked.who)
    found = apply_rules.try_out(asked.rooms, asked.who, rules)
    effects = sorted(found.effects, key=lambda each: (each.at, each.fact), reverse=True)
    return _json(
        {
            "version": rules.version,
            "fitting": found.fitting,
            "changes": [rule_words.effect_as_json(each) for each in effects],
            "conflicts": [
                {"earlier": pair.earlier, "later": pair.later, "what": pair.what, "mails": count}
                for pair, count in found.contradictions.items()
            ],
        }
    )


@router.post("/api/filters/check")
def api_check_filter() -> Response[str]:
    """Whether `text` is filters, and if not, where and why."""
    text = asked_now().form.get("text", "")
    try:
        found = parse_all(text)
    except NotAFilter as error:
        return _json({"filters": [], "problems": [faults.as_json(each) for each in error.problems]})
    return _json({"filters": [str(each) for each in found], "problems": []})


@router.get("/api/state")
def api_state() -> Response[str]:
    """The version of what is shown: it grows with every change."""
    asked = asked_now()
    state = pages.sync_state(asked.rooms, asked.who)
    return _json({"version": asked.rooms.store.projections.version(asked.who), "sync": state.state, "text": state.text})


def _application(it: Application, ahead: Ahead) -> dict[str, Any]:
    return {**pages.as_json(it, ahead.now, ahead.person), **ahead_json.of_application(it, ahead)}


def _json(value: Any) -> Response[str]:
    return Response(200, "application/json", json.dumps(value, default=str))
