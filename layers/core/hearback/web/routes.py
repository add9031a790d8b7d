"""The routes of pages: sign-in, health, static files, dashboard, application, settings, fragments."""

from __future__ import annotations

import mimetypes
from importlib.resources import files
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from hearback.model.ids import ApplicationId
from hearback.web import pages, webhooks, writing
from hearback.web.app import not_found
from hearback.web.dashboard import PARTS, Dashboard
from hearback.web.router import HTML, asked_now, page, router
from hearback.web.sign_in import SESSION_LIFETIME, begin_session

_STATIC: Final = {
    "app.css": "text/css",
    "app.js": "text/javascript",
    "inbox.js": "text/javascript",
    "vendor/htmx.min.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "manifest.webmanifest": "application/manifest+json",
}
FRAGMENTS: Final = (
    *PARTS,
    "header",
    "banner",
    "ahead",
    "inbox-count",
    "lessons",
    "mailboxes",
    "timeline",
    "write",
    "app-head",
    "agreed",
    "merge",
    "duplicates",
    "waits",
    "told",
)


@router.get("/start")
def start() -> Response[str]:
    """Redeem a sign-in link and begin a session."""
    asked = asked_now()
    person = asked.web.sign_in.redeem(asked.query.get("link", ""))
    session = begin_session(asked.rooms.store, person, asked.rooms.clock())
    cookie = Cookie(
        name=asked.web.cookie,
        value=session,
        path="/",
        secure=asked.web.secure,
        http_only=True,
        same_site=SameSite.LAX_MODE,
        max_age=int(SESSION_LIFETIME.total_seconds()),
    )
    return Response(303, HTML, "", headers={"location": "/"}, cookies=[cookie])


@router.get("/health")
def health() -> Response[str]:
    """Whether this installation answers."""
    return Response(200, "application/json", '{"ok": true}')


@router.get("/static/<name>")
def static(name: str) -> Response[str]:
    """One of our own static files."""
    return _static(name)


@router.get("/static/vendor/<name>")
def static_vendor(name: str) -> Response[str]:
    """The browser library."""
    return _static(f"vendor/{name}")


def _static(name: str) -> Response[str]:
    if name not in _STATIC:
        raise not_found()
    file = files("hearback.web").joinpath("static", *name.split("/"))
    kind = _STATIC[name] or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(
        200, kind, file.read_text(encoding="utf-8"), headers={"cache-control": "public, max-age=31536000, immutable"}
    )


@router.get("/")
def dashboard() -> Response[str]:
    """The dashboard."""
    asked = asked_now()
    shown = Dashboard(asked.rooms, asked.who, asked.query).whole() | {
        "pairs": pages.proposals(asked.rooms, asked.who),
        "banners": pages.banners(asked.rooms, asked.who),
    }
    return page("dashboard.html", page="dashboard", **shown)


@router.get("/applications/<id>")
def application(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """One application."""
    asked = asked_now()
    found = asked.rooms.store.projections.application(asked.who, ApplicationId(id))
    shown = pages.application(asked.rooms, asked.who, found, asked.query)
    return page("application.html", page="dashboard", **shown, **writing.shown(found))


@router.get("/settings/integrations")
def integrations() -> Response[str]:
    """The Integrations settings."""
    asked = asked_now()
    shown = pages.integrations(asked.rooms, asked.who, asked.web.connectors)
    return page("integrations.html", page="settings", **shown, **webhooks.shown())


@router.get("/settings/email-sync")
def email_sync() -> Response[str]:
    """The same page under its other address."""
    return integrations()


@router.get("/fragments/<name>")
def fragment(name: str) -> Response[str]:
    """One part of a page, fetched again when something changed."""
    asked = asked_now()
    if name not in FRAGMENTS:
        raise not_found()
    values: dict[str, Any] = {}
    if name in PARTS:
        values = PARTS[name](Dashboard(asked.rooms, asked.who, asked.query))
    elif name == "banner":
        values = {"banners": pages.banners(asked.rooms, asked.who)}
    elif name == "lessons":
        values = pages.lessons(asked.rooms, asked.who)
    elif name == "mailboxes":
        values = pages.integrations(asked.rooms, asked.who, asked.web.connectors)
    elif name in {"timeline", "app-head", "agreed", "merge", "ahead"}:
        found = asked.rooms.store.projections.application(asked.who, ApplicationId(asked.query.get("id", "")))
        values = pages.application(asked.rooms, asked.who, found, asked.query)
    elif name == "duplicates":
        wanted = asked.query.get("id")
        of = asked.rooms.store.projections.application(asked.who, ApplicationId(wanted)) if wanted else None
        values = {"pairs": pages.proposals(asked.rooms, asked.who, of), "it": of}
    elif name == "waits":
        found = asked.rooms.store.projections.application(asked.who, ApplicationId(asked.query.get("id", "")))
        values = {"it": found, "waits": pages.waits(asked.rooms, asked.who, found)}
    elif name == "write":
        found = asked.rooms.store.projections.application(asked.who, ApplicationId(asked.query.get("id", "")))
        values = {"it": found, **writing.shown(found)}
    return page(f"parts/{name}.html", page="", **values)
