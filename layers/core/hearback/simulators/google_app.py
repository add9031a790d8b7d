"""Google's wire formats over the state in simulators.google: OAuth and keys here, Gmail v1, Pub/Sub v1. An ASGI app."""

from __future__ import annotations

import base64
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hearback.simulators import google_errors as say
from hearback.simulators import google_gmail, google_topics
from hearback.simulators.google import Google
from hearback.simulators.google_calls import sent
from hearback.simulators.google_errors import Reply


def app(google: Google) -> Starlette:
    """The provider on its own paths; serve it anywhere and give its address as the Google root."""
    return Starlette(routes=[*_oauth(google), *google_gmail.routes(google), *google_topics.routes(google)])


def _oauth(google: Google) -> list[Route]:
    async def consent(request: Request) -> Response:
        query = dict(request.query_params)
        address = query.get("login_hint") or next(iter(google.accounts), "")
        if query.get("client_id") != google.client_id:
            return _sign_in_error("invalid_client")
        if google.redirects is not None and query.get("redirect_uri") not in google.redirects:
            return _sign_in_error("redirect_uri_mismatch")
        if query.get("code_challenge_method") != "S256":
            return _sign_in_error("invalid_request")
        told = {"state": query["state"]}
        told |= {"error": "access_denied"} if google.deny else {"code": google.authorize(query, address)}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(told)}", 302)

    async def token(request: Request) -> Response:
        form = await _form(request)

        async def answer() -> Reply:
            return google.exchange(form)

        return await sent(google, request, "token", answer)

    async def revoke(request: Request) -> Response:
        form = await _form(request)

        async def answer() -> Reply:
            known = google.revoke(form.get("token") or request.query_params.get("token", ""))
            return say.reply(200, {}) if known else say.oauth(400, "invalid_token", "Token expired or revoked")

        return await sent(google, request, "revoke", answer)

    async def certs(request: Request) -> Response:
        async def answer() -> Reply:
            return say.reply(200, google.jwks())

        return await sent(google, request, "certs", answer)

    return [
        Route("/o/oauth2/v2/auth", consent),
        Route("/token", token, methods=["POST"]),
        Route("/revoke", revoke, methods=["POST"]),
        Route("/oauth2/v3/certs", certs),
    ]


def _sign_in_error(problem: str) -> Response:
    """Google says what is wrong with a request for consent on a page of its own, its word for it inside a blob."""
    blob = b"\n" + bytes([len(problem)]) + problem.encode() + b"\x12\x02No"
    told = {"authError": base64.urlsafe_b64encode(blob).decode().rstrip("=")}
    return RedirectResponse(f"/signin/oauth/error?{urlencode(told)}", 302)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode()))
