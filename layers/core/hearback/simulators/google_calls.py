"""One call to the simulated Google: what must hold before it is answered, and what becomes of its answer on the way.

Every request and every answer of an API is held against its discovery document. A request that it does not know is refused as
Google refuses it; both are noted in `google.violations`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hearback.simulators import google_errors as say
from hearback.simulators.google import Google
from hearback.simulators.google_consent import Bearer
from hearback.simulators.google_errors import Reply
from hearback.simulators.google_faults import Break, Fault, is_gmail
from hearback.simulators.google_schema import Discovery
from hearback.simulators.serve import RESET


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of an API."""

    bearer: Bearer
    path: Mapping[str, str]
    query: QueryParams
    body: Any | None


class _Broken(Response):
    """An answer that arrives damaged."""

    def __init__(self, reply: Reply, headers: Mapping[str, str], how: Break) -> None:
        super().__init__(reply.body, reply.status, headers)
        self._how = how

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Half of the body with the length of all of it, or nothing at all."""
        if self._how is Break.CUT:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            half = bytes(self.body)[: len(self.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["extensions"][RESET](hard=self._how is Break.RESET)
        while (await receive())["type"] != "http.disconnect":
            pass


async def sent(google: Google, request: Request, call: str, make: Callable[[], Awaitable[Reply]]) -> Response:
    """The answer to one call as it arrives: late, replaced or damaged as the programme of faults says."""
    (google.calls if is_gmail(call) else google.other_calls)[call] += 1
    if google.latency_seconds:
        await asyncio.sleep(google.latency_seconds)
    fault = google.faults.take(call, google.clock()) or Fault("none")
    reply = fault.reply(google.clock()) if fault.reply is not None else await make()
    headers = {"date": format_datetime(google.clock().astimezone(UTC), usegmt=True), **reply.headers}
    if fault.seconds:
        await _gone_or(request, fault.seconds)
    if fault.breaks is not None:
        return _Broken(reply, headers, fault.breaks)
    body = fault.alter(reply.body) if fault.alter is not None else reply.body
    return Response(body, reply.status, headers)


async def _gone_or(request: Request, seconds: float) -> None:
    """Wait, but no longer than whoever asked."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return


async def checked(
    google: Google, api: Discovery, method: str, request: Request, path: Mapping[str, str]
) -> Asked | Reply:
    """A call that may be made, or why not: token, scopes, parameters and body."""
    bearer = google.bearer(request.headers.get("authorization", ""))
    if bearer is None:
        return say.unauthorized()
    if not bearer.scopes & set(api.methods[method]["scopes"]):
        return say.insufficient_scopes()
    sent = await request.body()
    try:
        body = json.loads(sent) if sent else None
    except ValueError:
        return say.wrong("Invalid JSON payload received.")
    problems = api.request(method, path, request.query_params.multi_items(), body)
    google.violations += problems
    if problems:
        return say.wrong(f"Invalid JSON payload received. {problems[0]}")
    return Asked(bearer, path, request.query_params, body)


def noted(google: Google, api: Discovery, method: str, reply: Reply) -> Reply:
    """The answer; what is wrong with it is noted."""
    if reply.status < 300:  # noqa: PLR2004  a good one
        google.violations += api.answer(method, json.loads(reply.body) if reply.body else None)
    return reply
