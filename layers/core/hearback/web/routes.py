"""The routes: what a page shows comes from web.pages, what a person does becomes an act or a use case."""

from __future__ import annotations

import json
import mimetypes
import secrets
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from hearback.model.act import Add, Archive, Confirm, Correct, Edit, Ignore, Link, Merge, Note, Revert, SetStage, Undo
from hearback.model.application import Application, Stage
from hearback.model.errors import HearbackError, NeedsPerson, NotFound, Permanent, status_of
from hearback.model.ids import ActId, ApplicationId, FactId, MailboxId, Personal
from hearback.model.mailbox import Provider
from hearback.model.signal import Kind
from hearback.sync import connect, sync_now, tickets
from hearback.sync.record import act as record_act
from hearback.web import pages, rendering
from hearback.web.app import Asked, not_found
from hearback.web.sign_in import SESSION_LIFETIME, begin_session

router: Final = APIGatewayHttpResolver()
HTML: Final = "text/html; charset=utf-8"
CHANGED: Final = "hearback-changed"
_STATIC: Final = {
    "app.css": "text/css",
    "app.js": "text/javascript",
    "vendor/htmx.min.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "manifest.webmanifest": "application/manifest+json",
}
FRAGMENTS: Final = (
    "header",
    "board",
    "rounds",
    "activity",
    "health",
    "inbox-count",
    "review-list",
    "mailboxes",
    "timeline",
)


def resolve(event: dict[str, Any], context: Any, asked: Asked) -> dict[str, Any]:
    """Answer one checked request."""
    router.append_context(asked=asked)  # type: ignore[no-untyped-call]
    return dict(router.resolve(event, context))


@router.exception_handler(HearbackError)  # type: ignore[untyped-decorator]
def _failed(error: HearbackError) -> Response[str]:
    from hearback.web.app import error_answer

    answer = error_answer(error, status_of(error), router.current_event.path)
    return Response(answer["statusCode"], answer["headers"]["content-type"], answer["body"])


@router.not_found
def _nowhere(_error: Exception) -> Response[str]:
    answer: Response[str] = _failed(not_found())
    return answer


def _asked() -> Asked:
    asked: Asked = router.context["asked"]
    return asked


def _page(template: str, **values: Any) -> Response[str]:
    asked = _asked()
    frame = pages.common(asked.rooms, asked.who, asked.csrf)
    body = rendering.render(template, **frame, **values, live_url=asked.web.live_url or "/live", demo=asked.web.demo)
    return Response(200, HTML, body)


def _done(back: str) -> Response[str]:
    """After a change: htmx refreshes what is shown, a plain form is sent back to its page."""
    if _asked().htmx:
        return Response(204, HTML, "", headers={"hx-trigger": CHANGED})
    return Response(303, HTML, "", headers={"location": back})


def _redirect(to: str) -> Response[str]:
    return Response(303, HTML, "", headers={"location": to})


# sign-in, health, static files


@router.get("/start")
def start() -> Response[str]:
    """Redeem a sign-in link and begin a session."""
    asked = _asked()
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


# pages


@router.get("/")
def dashboard() -> Response[str]:
    """The dashboard."""
    asked = _asked()
    return _page("dashboard.html", page="dashboard", **pages.dashboard(asked.rooms, asked.who, asked.query))


@router.get("/applications/<id>")
def application(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """One application."""
    asked = _asked()
    found = asked.rooms.store.projections.application(asked.who, ApplicationId(id))
    return _page("application.html", page="dashboard", **pages.application(asked.rooms, asked.who, found))


@router.get("/inbox")
def inbox() -> Response[str]:
    """The Email Inbox."""
    asked = _asked()
    return _page("inbox.html", page="inbox", **pages.inbox(asked.rooms, asked.who))


@router.get("/settings/integrations")
def integrations() -> Response[str]:
    """The Integrations settings."""
    asked = _asked()
    available = frozenset(asked.web.connectors)
    return _page("integrations.html", page="settings", **pages.integrations(asked.rooms, asked.who, available))


@router.get("/settings/email-sync")
def email_sync() -> Response[str]:
    """The same page under its other address."""
    return integrations()


@router.get("/fragments/<name>")
def fragment(name: str) -> Response[str]:
    """One part of a page, fetched again when something changed."""
    asked = _asked()
    if name not in FRAGMENTS:
        raise not_found()
    values: dict[str, Any] = {}
    if name in {"board", "rounds", "activity", "health"}:
        values = pages.dashboard(asked.rooms, asked.who, asked.query)
    elif name == "review-list":
        values = pages.inbox(asked.rooms, asked.who)
    elif name == "mailboxes":
        values = pages.integrations(asked.rooms, asked.who, frozenset(asked.web.connectors))
    elif name == "timeline":
        found = asked.rooms.store.projections.application(asked.who, ApplicationId(asked.query.get("id", "")))
        values = pages.application(asked.rooms, asked.who, found)
    return _page(f"parts/{name}.html", page="", **values)


# what a person does


@router.post("/applications/<id>/stage")
def set_stage(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Move an application by hand."""
    stage = _one_of(Stage, _asked().form.get("stage", ""))
    return _act_on(id, lambda about, base: SetStage(**base, about=about, stage=stage))


@router.post("/applications/<id>/note")
def note(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Add a note."""
    text = _text("text", 2000)
    return _act_on(id, lambda about, base: Note(**base, about=about, text=text))


@router.post("/applications/<id>/edit")
def edit(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Change company, role or place."""
    form = _asked().form
    values: dict[str, Any] = {
        name: Personal(form[name].strip()[:120])
        for name in ("company", "role", "location")
        if form.get(name, "").strip()
    }
    return _act_on(id, lambda about, base: Edit(**base, about=about, **values))


@router.post("/applications/<id>/archive")
def archive(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Take an application off the board."""
    return _act_on(id, lambda about, base: Archive(**base, about=about))


@router.post("/applications/<id>/merge")
def merge(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Make two applications one; this one is primary."""
    asked = _asked()
    other = asked.rooms.store.projections.application(asked.who, ApplicationId(asked.form.get("other", "")))
    return _act_on(id, lambda about, base: Merge(**base, about=about, other=other.facts[0]))


@router.post("/applications")
def add() -> Response[str]:
    """Enter an application by hand."""
    company, form = _text("company", 120), _asked().form
    role = Personal(form["role"].strip()[:120]) if form.get("role", "").strip() else None
    _do(Add(**_base(), company=company, role=role))
    return _done("/")


@router.post("/facts/revert")
def revert() -> Response[str]:
    """Undo an automatic change."""
    _do(Revert(**_base(), about=_fact()))
    return _done("/")


@router.post("/facts/undo")
def undo() -> Response[str]:
    """Take an act back."""
    _do(Undo(**_base(), about=_fact()))
    return _done("/")


@router.post("/review/confirm")
def confirm() -> Response[str]:
    """A pending mail is right; it joins an application or founds one."""
    target = _target(_asked().form.get("application", ""))
    _correct()
    _do(Confirm(**_base(), about=_fact(), application=target))
    return _done("/inbox")


@router.post("/review/ignore")
def ignore() -> Response[str]:
    """A pending mail is none of the job search."""
    _do(Ignore(**_base(), about=_fact()))
    return _done("/inbox")


@router.post("/facts/link")
def link() -> Response[str]:
    """A mail belongs to another application."""
    target = _target(_asked().form.get("application", ""))
    if target is None:
        raise Permanent("Choose the application it belongs to.")
    _do(Link(**_base(), about=_fact(), application=target))
    return _done("/")


@router.post("/sync")
def sync() -> Response[str]:
    """Sync Now."""
    asked = _asked()
    wanted = asked.form.get("mailbox")
    sync_now.sync_now(asked.rooms, asked.who, MailboxId(wanted) if wanted else None)
    return _done("/settings/integrations" if wanted else "/")


# connecting


@router.get("/connect/<provider>")
def before_consent(provider: str) -> Response[str]:
    """What is read and what never happens, before the provider asks."""
    which = _one_of(Provider, provider)
    if which not in _asked().web.connectors:
        raise Permanent(
            "This installation has no client for that provider yet. Import an export of the mailbox instead: hearback import PATH."
        )
    return _page("connect.html", page="settings", provider=which, name=pages.PROVIDERS[which])


@router.post("/connect/<provider>")
def consent(provider: str) -> Response[str]:
    """On to the provider."""
    asked = _asked()
    url = connect.begin(
        asked.rooms,
        asked.web.connectors,
        asked.who,
        _one_of(Provider, provider),
        browser=asked.session,
        redirect_uri=f"{asked.origin}/connect/google/callback",
        mailbox_id=MailboxId(asked.form["mailbox"]) if asked.form.get("mailbox") else None,
    )
    if asked.htmx:
        return Response(204, HTML, "", headers={"hx-redirect": url})
    return _page("leaving.html", page="settings", url=url, name=pages.PROVIDERS[_one_of(Provider, provider)])


@router.get("/connect/google/callback")
def callback() -> Response[str]:
    """Back from the provider."""
    asked = _asked()
    try:
        mailbox = connect.finish(
            asked.rooms,
            asked.web.connectors,
            asked.who,
            state=asked.query.get("state", ""),
            code=asked.query.get("code"),
            browser=asked.session,
        )
    except NeedsPerson as error:
        return _page("not_connected.html", page="settings", cause=error.cause, text=str(error))
    return _page("connected.html", page="settings", mailbox=mailbox, name=pages.PROVIDERS[mailbox.provider])


@router.post("/mailboxes/<id>/disconnect")
def disconnect(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Disconnect a mailbox; applications and history stay."""
    asked = _asked()
    connect.disconnect(asked.rooms, asked.who, MailboxId(id))
    return _done("/settings/integrations")


# live and JSON


@router.post("/live/ticket")
def live_ticket() -> Response[str]:
    """A single-use ticket for this page's WebSocket."""
    asked = _asked()
    value = tickets.issue(asked.rooms.store, asked.who, asked.rooms.clock())
    return Response(200, "application/json", json.dumps({"ticket": value}))


@router.get("/api/applications")
def api_applications() -> Response[str]:
    """All applications."""
    asked = _asked()
    zone = asked.rooms.store.people.get(asked.who).zone
    found = [
        pages.as_json(each, asked.rooms.clock(), zone) for each in asked.rooms.store.projections.applications(asked.who)
    ]
    return _json({"applications": sorted(found, key=lambda each: str(each["id"]))})


@router.get("/api/applications/<id>")
def api_application(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """One application."""
    asked = _asked()
    found = asked.rooms.store.projections.application(asked.who, ApplicationId(id))
    return _json(pages.as_json(found, asked.rooms.clock(), asked.rooms.store.people.get(asked.who).zone))


@router.get("/api/review")
def api_review() -> Response[str]:
    """What waits for the person."""
    asked = _asked()
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
    asked = _asked()
    state = pages.sync_state(asked.rooms, asked.who)
    return _json({"version": asked.rooms.store.projections.version(asked.who), "sync": state.state, "text": state.text})


def _json(value: Any) -> Response[str]:
    return Response(200, "application/json", json.dumps(value, default=str))


# small readers of forms


def _base() -> dict[str, Any]:
    return {"id": ActId(f"act-{secrets.token_hex(10)}"), "at": _asked().rooms.clock()}


def _do(act: Any) -> None:
    record_act(_asked().rooms, _asked().who, act)


def _act_on(id_: str, make: Callable[[FactId, dict[str, Any]], Any]) -> Response[str]:
    asked = _asked()
    found: Application = asked.rooms.store.projections.application(asked.who, ApplicationId(id_))
    _do(make(found.facts[0], _base()))
    return _done(f"/applications/{id_}")


def _fact() -> FactId:
    value = _asked().form.get("fact", "")
    if not value:
        raise NotFound("That is not there any more. Reload the page to see how things stand.")
    return FactId(value)


def _target(application_id: str) -> FactId | None:
    if not application_id:
        return None
    asked = _asked()
    return asked.rooms.store.projections.application(asked.who, ApplicationId(application_id)).facts[0]


def _correct() -> None:
    """In review, changed fields are a correction."""
    asked = _asked()
    item = pages.pending_item(asked.rooms, asked.who, asked.form.get("fact", ""))
    if item is None:
        return
    kind = _one_of(Kind, asked.form["kind"]) if asked.form.get("kind") else None
    company, role = (asked.form.get(name, "").strip()[:120] for name in ("company", "role"))
    changed: dict[str, Any] = {
        "kind": kind if kind is not item.kind else None,
        "company": Personal(company) if company and company != (item.company or "") else None,
        "role": Personal(role) if role and role != (item.role or "") else None,
    }
    if any(value is not None for value in changed.values()):
        _do(Correct(**_base(), about=item.fact, **changed))


def _text(name: str, most: int) -> Personal:
    value = _asked().form.get(name, "").strip()
    if not value:
        raise Permanent("There is nothing in that field yet.")
    return Personal(value[:most])


def _one_of(choices: Any, value: str) -> Any:
    try:
        return choices(value)
    except ValueError:
        raise not_found() from None
