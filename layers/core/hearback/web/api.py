"""The JSON API and the ticket of a page's WebSocket."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.event_handler import Response

from hearback.model.ids import ApplicationId
from hearback.sync import tickets
from hearback.web import pages
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
    asked = asked_now()
    zone = asked.rooms.store.people.get(asked.who).zone
    found = [
        pages.as_json(each, asked.rooms.clock(), zone) for each in asked.rooms.store.projections.applications(asked.who)
    ]
    return _json({"applications": sorted(found, key=lambda each: str(each["id"]))})


@router.get("/api/applications/<id>")
def api_application(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """One application."""
    asked = asked_now()
    found = asked.rooms.store.projections.application(asked.who, ApplicationId(id))
    return _json(pages.as_json(found, asked.rooms.clock(), asked.rooms.store.people.get(asked.who).zone))


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


@router.get("/api/state")
def api_state() -> Response[str]:
    """The version of what is shown: it grows with every change."""
    asked = asked_now()
    state = pages.sync_state(asked.rooms, asked.who)
    return _json({"version": asked.rooms.store.projections.version(asked.who), "sync": state.state, "text": state.text})


def _json(value: Any) -> Response[str]:
    return Response(200, "application/json", json.dumps(value, default=str))
