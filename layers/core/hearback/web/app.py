"""One HTTP request → one answer: session, CSRF and headers here, the routes in web.routes.

Every answer carries the security headers, every page but sign-in needs a session, every change needs the session's
token and must come from our own pages. An error is a page that says what happened and what to do.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from hearback.mailboxes.protocols import Connector
from hearback.model.endpoint import Endpoint
from hearback.model.errors import AccessDenied, HearbackError, NotFound, Permanent, place_of, status_of
from hearback.model.ids import PersonId
from hearback.model.mailbox import Provider
from hearback.sync.rooms import Rooms
from hearback.web import rendering
from hearback.web.sign_in import SignIn, csrf_token, person_of

log = logging.getLogger(__name__)

PUBLIC: Final = ("/start", "/health", "/static/")
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'{live}; form-action 'self';"
    " manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAX_FIELDS: Final = 200
"""Of one form."""
_TITLES: Final = {
    401: "Please sign in",
    403: "That did not come from this page",
    404: "There is nothing here",
    409: "That cannot be done now",
    422: "That cannot be done",
    500: "Something went wrong on our side",
    503: "Try again in a moment",
}


class Receivers(Protocol):
    """A person's webhooks, as the pages work with them (alerts.receivers)."""

    def included(self, person: PersonId) -> bool:
        """Whether the person's plan has webhooks."""
        ...

    def add(self, person: PersonId, url: str) -> Endpoint:
        """A new one with its secret. Permanent: why the address may not be used."""
        ...

    def remove(self, person: PersonId, endpoint: str) -> None:
        """Forget one. NotFound."""
        ...

    def all(self, person: PersonId) -> Sequence[Endpoint]:
        """All of the person's."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """One installation as its pages see it."""

    rooms: Rooms
    connectors: Mapping[Provider, Connector]
    receivers: Receivers
    sign_in: SignIn
    public_url: str
    live_url: str = ""
    """Where a browser opens its WebSocket; empty: /live on the page's own origin."""
    demo: bool = False
    secure: bool = False

    @property
    def cookie(self) -> str:
        """The session cookie's name."""
        return "__Host-hearback" if self.secure else "hearback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, checked: what the routes work with."""

    web: Web
    person: PersonId | None
    session: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    htmx: bool
    here: str
    """The address of the page that is asked for, or (htmx) is shown: path and query, fit for a form to come back to."""
    json: bool
    """A script asks and wants values, no page."""
    origin: str
    """Where the person sees us: as configured, else as they asked."""

    @property
    def rooms(self) -> Rooms:
        """The use cases' rooms."""
        return self.web.rooms

    @property
    def who(self) -> PersonId:
        """The signed-in person. AccessDenied: nobody is."""
        if self.person is None:
            raise AccessDenied("Your session has ended.")
        return self.person

    @property
    def csrf(self) -> str:
        """The token of this session's forms."""
        return csrf_token(self.session)


one_at_a_time: Final = threading.Lock()
"""Powertools keeps the current request on a class: one at a time, as on Lambda (but see router.meanwhile)."""


def handle(event: dict[str, Any], context: object, web: Web) -> dict[str, Any]:
    """Answer an HTTP API event. Never raises."""
    from hearback.web import (  # noqa: F401  this registers routes
        acting,
        acts,
        api,
        automation,
        connecting,
        history,
        inbox,
        mail,
        many,
        misread,
        notes,
        plan,
        preferences,
        privacy,
        reminders,
        reviewing,
        router,
        routes,
        rules,
        threads,
        webhooks,
    )

    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    http = event["requestContext"]["http"]
    path, method = str(event.get("rawPath", "/")), str(http["method"]).upper()
    session = _cookies(event).get(web.cookie, "")
    wants_json = path.startswith("/api/") or headers.get("accept", "") == "application/json"
    try:
        person = person_of(web.rooms.store, session, web.rooms.clock())
        asked = Asked(
            web=web,
            person=person,
            session=session,
            query=dict(event.get("queryStringParameters") or {}),
            form=_form(event, headers),
            htmx=headers.get("hx-request") == "true",
            here=_here(path, event.get("queryStringParameters") or {}, headers),
            json=wants_json,
            origin=web.public_url
            or f"{'https' if web.secure else 'http'}://{event['requestContext'].get('domainName', '')}",
        )
        if person is None and not path.startswith(PUBLIC):
            raise AccessDenied(  # noqa: TRY301  answered like every other error, below
                "Hearback opens with the link it prints when it starts."
                if not web.secure
                else "Your session has ended."
            )
        if method not in {"GET", "HEAD"} and not path.startswith(PUBLIC):
            _own_page(headers, asked)
        with one_at_a_time:
            answer = router.resolve(event, context, asked)
    except HearbackError as error:
        answer = error_answer(error, status_of(error), json=wants_json)
    except Exception as error:  # noqa: BLE001  a person gets a page, whatever broke; the log its type and place, never its text
        log.error("request failed: %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400  as above
        answer = error_answer(
            HearbackError("Nothing of yours is lost. Reload the page; if it stays, look at the log."),
            500,
            json=wants_json,
        )
    return _with_headers(answer, web)


def _own_page(headers: Mapping[str, str], asked: Asked) -> None:
    """Refuse a change that another site's page caused."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise _Foreign("This change was asked for by another site, so nothing was done.")
    import hmac

    sent = asked.form.get("csrf", "") or headers.get("x-csrf-token", "")
    if not hmac.compare_digest(sent.encode(), asked.csrf.encode()):
        raise _Foreign("This form is too old. Reload the page and try again; nothing was changed.")


class _Foreign(AccessDenied):
    """A change that did not come from our own pages."""


def error_answer(error: Exception, status: int, *, json: bool) -> dict[str, Any]:
    """A page, or JSON, that says what happened and what to do."""
    if isinstance(error, _Foreign):
        status = 403
    if json:
        from json import dumps

        return {
            "statusCode": status,
            "headers": {"content-type": "application/json"},
            "body": dumps({"error": str(error)}),
        }
    body = rendering.render(
        "message.html", title=_TITLES.get(status, "That did not work"), text=str(error), status=status
    )
    return {"statusCode": status, "headers": {"content-type": "text/html; charset=utf-8"}, "body": body}


def not_found() -> NotFound:
    """The error of an address that leads nowhere."""
    return NotFound("This page does not exist, or what it showed is gone.")


def _with_headers(answer: dict[str, Any], web: Web) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    live = f" {web.live_url.rpartition('/')[0]}" if web.live_url else ""
    headers.setdefault("cache-control", "no-store")
    headers |= {
        "content-security-policy": CSP.format(live=live),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    if web.secure:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return {**answer, "headers": headers}


def _here(path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The page's address without what was told on it."""
    if headers.get("hx-request") == "true":
        shown = urlsplit(headers.get("hx-current-url", ""))
        path, query = shown.path or "/", dict(parse_qsl(shown.query))
    kept = {name: value for name, value in query.items() if name not in {"did", "act"}}
    return f"{path}?{urlencode(kept)}" if kept else path


def _cookies(event: Mapping[str, Any]) -> dict[str, str]:
    sent = event.get("cookies") or str((event.get("headers") or {}).get("cookie", "")).split(";")
    pairs = (cookie.partition("=") for cookie in sent)
    return {name.strip(): value for name, _, value in pairs}


def _form(event: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    import base64

    body = event.get("body") or ""
    text = base64.b64decode(body).decode("utf-8", "replace") if event.get("isBase64Encoded") else body
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise Permanent(f"That is too much in one go; tick at most {MAX_FIELDS - 20}.") from None
