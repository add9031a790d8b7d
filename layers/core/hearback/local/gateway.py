"""HTTP and WebSocket of the embedded deployment, in API Gateway's shapes. Bound to loopback, Host header checked.

A page of another site cannot reach it by DNS rebinding (the Host must be ours) and cannot change anything by a form
(web checks the CSRF token and Sec-Fetch-Site).
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route as HttpRoute
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from hearback.local.template import Route, Wiring
from hearback.model.errors import NotFound

log = logging.getLogger(__name__)

MAX_BODY: Final = 6 * 1024 * 1024
"""Lambda's own limit of a request."""
LOOPBACK: Final = "127.0.0.1"
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

Invoke = Callable[[dict[str, Any]], Any]


class Hub:
    """The open WebSockets of this process: the Publisher of the embedded deployment."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[WebSocket, asyncio.AbstractEventLoop]] = {}

    def add(self, connection_id: str, socket: WebSocket) -> None:
        """Remember an accepted socket (called in its event loop)."""
        self._open[connection_id] = (socket, asyncio.get_running_loop())

    def remove(self, connection_id: str) -> None:
        """Forget a socket that was closed."""
        self._open.pop(connection_id, None)

    def post(self, connection_id: str, data: bytes) -> None:
        """Send `data` from any thread. NotFound: the connection is gone."""
        entry = self._open.get(connection_id)
        if entry is None:
            raise NotFound("This connection is gone.")
        socket, loop = entry
        asyncio.run_coroutine_threadsafe(self._send(connection_id, socket, data), loop)

    async def _send(self, connection_id: str, socket: WebSocket, data: bytes) -> None:
        try:
            await socket.send_text(data.decode())
        except (WebSocketDisconnect, RuntimeError):
            self.remove(connection_id)


def build(wiring: Wiring, invoke: Mapping[str, Invoke], hub: Hub, hosts: frozenset[str]) -> Starlette:
    """The ASGI app. `invoke` maps a function's folder to what runs it; `hosts` are the Host headers answered to."""

    async def http(request: Request) -> Response:
        host = request.headers.get("host", "")
        if host in hosts and host.startswith("localhost:") and request.method == "GET":
            # One name for one machine: the session and the way back from a provider belong to it.
            return RedirectResponse(str(request.url.replace(hostname=LOOPBACK)), 307)
        if host not in hosts:
            return PlainTextResponse("This address does not belong to Hearback.\n", status_code=421)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("That is more than Hearback accepts at once.\n", status_code=413)
        function = find(wiring.routes, request.method, request.url.path)
        if function is None:
            return PlainTextResponse("There is nothing here.\n", status_code=404)
        answer = await run_in_threadpool(invoke[function], to_event(request, body))
        return from_answer(answer)

    async def live(socket: WebSocket) -> None:
        if socket.headers.get("host", "") not in hosts:
            await socket.close(code=1008)
            return
        connection_id = uuid.uuid4().hex
        opening = _socket_event(socket, "$connect", "CONNECT", connection_id)
        answer = await run_in_threadpool(invoke[wiring.websocket["$connect"]], opening)
        if int(answer.get("statusCode", 500)) != 200:  # noqa: PLR2004  API Gateway's own rule
            await socket.close(code=1008)
            return
        await socket.accept()
        hub.add(connection_id, socket)
        try:
            while True:
                text = await socket.receive_text()
                event = _socket_event(socket, "$default", "MESSAGE", connection_id) | {"body": text[:32_768]}
                if "$default" in wiring.websocket:
                    await run_in_threadpool(invoke[wiring.websocket["$default"]], event)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            hub.remove(connection_id)
            closing = _socket_event(socket, "$disconnect", "DISCONNECT", connection_id)
            with contextlib.suppress(asyncio.CancelledError):
                await run_in_threadpool(invoke[wiring.websocket["$disconnect"]], closing)

    return Starlette(
        routes=[WebSocketRoute("/live", live), HttpRoute("/{path:path}", http, methods=_METHODS)],
    )


def find(routes: tuple[Route, ...], method: str, path: str) -> str | None:
    """The function of a request: exact path first, then the longest greedy one, then $default."""

    def fits(route: Route) -> int:
        if route.method not in {"ANY", "*", method}:
            return -1
        if route.path == path:
            return 1_000_000
        if route.path == "$default":
            return 0
        if route.path.endswith("/{proxy+}"):
            prefix = route.path[: -len("{proxy+}")]
            return len(prefix) if path.startswith(prefix) else -1
        return -1

    best = max(routes, key=fits, default=None)
    return best.function if best is not None and fits(best) >= 0 else None


async def _body(request: Request) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def to_event(request: Request, body: bytes) -> dict[str, Any]:
    """An HTTP API event, payload format 2.0."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        if name != "cookie":
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    try:
        text, encoded = body.decode("utf-8"), False
    except UnicodeDecodeError:
        text, encoded = base64.b64encode(body).decode(), True
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        query[name] = f"{query[name]},{value}" if name in query else value
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.url.path,
        "rawQueryString": request.url.query,
        "cookies": [f"{name}={value}" for name, value in request.cookies.items()],
        "headers": headers,
        "queryStringParameters": query,
        "requestContext": {
            "accountId": "local",
            "apiId": "local",
            "domainName": headers.get("host", ""),
            "http": {
                "method": request.method,
                "path": request.url.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.client.host if request.client else "",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex,
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": int(time.time() * 1000),
        },
        "body": text or None,
        "isBase64Encoded": encoded,
    }


def from_answer(answer: Mapping[str, Any]) -> Response:
    """The HTTP response of a proxy answer."""
    body = answer.get("body") or ""
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else str(body).encode()
    response = Response(content, status_code=int(answer.get("statusCode", 200)))
    for name, value in (answer.get("headers") or {}).items():
        response.headers[name] = str(value)
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        if name.lower() == "set-cookie":
            for value in values:
                response.headers.append("set-cookie", value)
        else:
            response.headers[name] = ", ".join(str(value) for value in values)
    for cookie in answer.get("cookies") or ():
        response.headers.append("set-cookie", cookie)
    return response


def _socket_event(socket: WebSocket, route: str, kind: str, connection_id: str) -> dict[str, Any]:
    return {
        "headers": {name: value for name, value in socket.headers.items() if name != "cookie"},
        "queryStringParameters": dict(socket.query_params),
        "requestContext": {
            "routeKey": route,
            "eventType": kind,
            "connectionId": connection_id,
            "domainName": socket.headers.get("host", ""),
            "stage": "live",
            "requestId": uuid.uuid4().hex,
        },
        "isBase64Encoded": False,
    }
