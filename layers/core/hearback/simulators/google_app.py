"""Google's wire formats over the state in simulators.google: OAuth, JWKS, Gmail v1. An ASGI app."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from email.message import Message
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from hearback.simulators.google import WATCH_DAYS, Account, Google, Happened, Stored

ME: Final = "/gmail/v1/users/{user}"
Answer = Callable[[Account, Request], Awaitable[Response]]


def app(google: Google) -> Starlette:  # noqa: PLR0915  one closure an endpoint
    """The provider on its own paths; serve it anywhere and give its address as the Google root."""

    def metered(name: str, units: int, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            google.calls[name] += 1
            if google.faults:
                status, headers, body = google.faults.popleft()
                return Response(body, status, headers)
            account = google.account_of(request.headers.get("authorization", ""))
            if account is None:
                return _error(401, "UNAUTHENTICATED", "authError", "Invalid Credentials")
            if not google.spend(account, units):
                return _error(403, "PERMISSION_DENIED", "rateLimitExceeded", "Quota exceeded for quota metric")
            return await answer(account, request)

        return endpoint

    async def consent(request: Request) -> Response:
        query = dict(request.query_params)
        address = query.get("login_hint") or next(iter(google.accounts), "")
        if query.get("client_id") != google.client_id or query.get("code_challenge_method") != "S256":
            return HTMLResponse("<h1>Error 400: invalid_request</h1>", 400)
        if google.deny:
            return RedirectResponse(
                f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}", 302
            )
        code = google.authorize(query, address)
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}", 302)

    async def token(request: Request) -> Response:
        form = {name: str(value) for name, value in (await _form(request)).items()}
        status, answer = google.exchange(form)
        return JSONResponse(answer, status)

    async def revoke(request: Request) -> Response:
        form = await _form(request)
        known = google.revoke(str(form.get("token") or request.query_params.get("token", "")))
        return JSONResponse({}, 200) if known else JSONResponse({"error": "invalid_token"}, 400)

    async def certs(_request: Request) -> Response:
        return JSONResponse(google.jwks())

    async def profile(account: Account, _request: Request) -> Response:
        return JSONResponse(
            {
                "emailAddress": account.address,
                "messagesTotal": len(account.messages),
                "historyId": str(account.history_id),
            }
        )

    async def history(account: Account, request: Request) -> Response:
        start = int(request.query_params["startHistoryId"])
        size, offset = (
            int(request.query_params.get("maxResults", "100")),
            int(request.query_params.get("pageToken") or 0),
        )
        found = google.changes(account, start, request.query_params.getlist("historyTypes"))
        if found is None:
            return _error(404, "NOT_FOUND", "notFound", "Requested entity was not found.")
        page = found[offset : offset + size]
        answer: dict[str, Any] = {"historyId": str(google.shown_history_id(account))}
        if page:
            answer["history"] = [_history(happened, stored) for happened, stored in page]
        if offset + size < len(found):
            answer["nextPageToken"] = str(offset + size)
        return JSONResponse(answer)

    async def messages(account: Account, request: Request) -> Response:
        found = google.matching(account, request.query_params.get("q", ""))
        size, offset = (
            int(request.query_params.get("maxResults", "100")),
            int(request.query_params.get("pageToken") or 0),
        )
        page = found[offset : offset + size]
        answer: dict[str, Any] = {"resultSizeEstimate": len(found)}
        if page:
            answer["messages"] = [{"id": each.id, "threadId": each.thread_id} for each in page]
        if offset + size < len(found):
            answer["nextPageToken"] = str(offset + size)
        return JSONResponse(answer)

    async def threads(account: Account, request: Request) -> Response:
        newest: dict[str, Stored] = {}
        for each in google.matching(account, request.query_params.get("q", "")):
            newest.setdefault(each.thread_id, each)
        size, offset = (
            int(request.query_params.get("maxResults", "100")),
            int(request.query_params.get("pageToken") or 0),
        )
        page = list(newest.items())[offset : offset + size]
        answer: dict[str, Any] = {"resultSizeEstimate": len(newest)}
        if page:
            answer["threads"] = [{"id": id_, "snippet": each.snippet, "historyId": "1"} for id_, each in page]
        if offset + size < len(newest):
            answer["nextPageToken"] = str(offset + size)
        return JSONResponse(answer)

    async def message(account: Account, request: Request) -> Response:
        found = account.messages.get(request.path_params["id"])
        if found is None:
            return _error(404, "NOT_FOUND", "notFound", "Requested entity was not found.")
        return JSONResponse(_message(found, request.query_params.get("format", "full")))

    async def thread(account: Account, request: Request) -> Response:
        found = [each for each in account.messages.values() if each.thread_id == request.path_params["id"]]
        if not found:
            return _error(404, "NOT_FOUND", "notFound", "Requested entity was not found.")
        ordered = sorted(found, key=lambda each: each.received_at)
        return JSONResponse(
            {
                "id": request.path_params["id"],
                "messages": [_message(each, request.query_params.get("format", "full")) for each in ordered],
            }
        )

    async def labels(_account: Account, _request: Request) -> Response:
        system = [{"id": each, "name": each, "type": "system"} for each in ("INBOX", "SENT", "SPAM", "TRASH", "DRAFT")]
        own = [{"id": id_, "name": name, "type": "user"} for id_, name in google.own_labels.items()]
        return JSONResponse({"labels": [*system, *own]})

    async def watch(account: Account, _request: Request) -> Response:
        from datetime import timedelta

        account.watch_until = google.clock() + timedelta(days=WATCH_DAYS)
        return JSONResponse(
            {"historyId": str(account.history_id), "expiration": str(int(account.watch_until.timestamp() * 1000))}
        )

    async def stop(account: Account, _request: Request) -> Response:
        account.watch_until = None
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/o/oauth2/v2/auth", consent),
            Route("/token", token, methods=["POST"]),
            Route("/revoke", revoke, methods=["POST"]),
            Route("/oauth2/v3/certs", certs),
            Route(f"{ME}/profile", metered("getProfile", 1, profile)),
            Route(f"{ME}/history", metered("history.list", 2, history)),
            Route(f"{ME}/messages", metered("messages.list", 5, messages)),
            Route(f"{ME}/messages/{{id}}", metered("messages.get", 20, message)),
            Route(f"{ME}/threads", metered("threads.list", 10, threads)),
            Route(f"{ME}/threads/{{id}}", metered("threads.get", 40, thread)),
            Route(f"{ME}/labels", metered("labels.list", 1, labels)),
            Route(f"{ME}/watch", metered("watch", 100, watch), methods=["POST"]),
            Route(f"{ME}/stop", metered("stop", 50, stop), methods=["POST"]),
        ]
    )


async def _form(request: Request) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl((await request.body()).decode()))


def _history(happened: Happened, stored: Stored) -> dict[str, Any]:
    message = {"id": stored.id, "threadId": stored.thread_id}
    change: dict[str, Any] = {"message": {**message, "labelIds": list(stored.labels)}}
    if happened.labels:
        change["labelIds"] = list(happened.labels)
    name = {"messageAdded": "messagesAdded", "labelAdded": "labelsAdded", "labelRemoved": "labelsRemoved"}
    return {"id": str(happened.number), "messages": [message], name[happened.kind]: [change]}


def _message(stored: Stored, form: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": stored.id,
        "threadId": stored.thread_id,
        "labelIds": list(stored.labels),
        "snippet": stored.snippet,
        "internalDate": str(int(stored.received_at.timestamp() * 1000)),
        "sizeEstimate": len(stored.content),
    }
    if form == "raw":
        answer["raw"] = base64.urlsafe_b64encode(stored.content).decode()
    elif form == "full":
        answer["payload"] = _payload(stored.headers, "")
    elif form == "metadata":
        answer["payload"] = {
            "headers": [
                {"name": name, "value": str(stored.headers[name])}
                for name in ("From", "Subject", "Date", "To")
                if stored.headers[name] is not None
            ]
        }
    return answer


def _payload(part: Message, number: str) -> dict[str, Any]:
    """A message or part as `format=full` tells it: bodies decoded and in base64url, those of attachments by an id."""
    name = part.get_filename() or ""
    answer: dict[str, Any] = {
        "partId": number,
        "mimeType": part.get_content_type(),
        "filename": name,
        "headers": [{"name": each, "value": str(value)} for each, value in part.items()],
        "body": {"size": 0},
    }
    inner = part.get_payload()
    if isinstance(inner, list):
        prefix = f"{number}." if number else ""
        answer["parts"] = [
            _payload(each, f"{prefix}{index}") for index, each in enumerate(inner) if isinstance(each, Message)
        ]
        return answer
    body = part.get_payload(decode=True)
    content = body if isinstance(body, bytes) else b""
    answer["body"] = {"size": len(content)}
    if name:
        answer["body"]["attachmentId"] = f"ANGjdJ{number or 0}"
    else:
        answer["body"]["data"] = base64.urlsafe_b64encode(content).decode()
    return answer


def _error(status: int, name: str, reason: str, text: str) -> Response:
    return JSONResponse(
        {
            "error": {
                "code": status,
                "message": text,
                "errors": [{"message": text, "domain": "usageLimits", "reason": reason}],
                "status": name,
            }
        },
        status,
    )
