"""The Pub/Sub API of the simulated Google: what a puller and a set-up check need of topics and subscriptions."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hearback.simulators import google_answers as give
from hearback.simulators import google_errors as say
from hearback.simulators import google_schema
from hearback.simulators.google import Google
from hearback.simulators.google_calls import checked, noted, sent
from hearback.simulators.google_errors import Reply

_RIGHTS: Final = {
    "topics.get": "pubsub.topics.get",
    "topics.getIamPolicy": "pubsub.topics.getIamPolicy",
    "topics.testIamPermissions": "",
    "subscriptions.get": "pubsub.subscriptions.get",
    "subscriptions.pull": "pubsub.subscriptions.consume",
    "subscriptions.acknowledge": "pubsub.subscriptions.consume",
    "subscriptions.modifyAckDeadline": "pubsub.subscriptions.consume",
    "subscriptions.testIamPermissions": "",
}
"""The calls served, with the right each one needs."""


def routes(google: Google) -> list[Route]:
    """Every method that is served."""
    api, held = google_schema.pubsub(), google.pubsub

    async def endpoint(request: Request) -> Response:
        kind, (name, _, verb) = request.path_params["kind"], request.path_params["name"].partition(":")
        call, full = f"{kind}.{verb or 'get'}", f"projects/{request.path_params['project']}/{kind}/{name}"
        method = f"pubsub.projects.{call}"
        if call not in _RIGHTS or api.methods[method]["httpMethod"] != request.method:
            return Response(status_code=404)

        async def make() -> Reply:
            named = "resource" if "Iam" in verb else kind.removesuffix("s")
            asked = await checked(google, api, method, request, {named: full})
            if isinstance(asked, Reply):
                return asked
            if _RIGHTS[call] in held.lacks:
                text = "User not authorized to perform this action."
                return say.problem(403, text, "forbidden", "PERMISSION_DENIED")
            found = (held.topics if kind == "topics" else held.subscriptions).get(full)
            if found is None:
                return say.problem(404, f"Resource not found (resource={name}).", "notFound", "NOT_FOUND")
            return noted(google, api, method, await _answer(google, call, found, asked.body or {}))

        return await sent(google, request, call, make)

    return [Route("/v1/projects/{project}/{kind}/{name}", endpoint, methods=["GET", "POST"])]


async def _answer(google: Google, call: str, found: Any, body: dict[str, Any]) -> Reply:
    held = google.pubsub
    if call == "topics.get":
        return say.reply(200, give.topic(found))
    if call == "topics.getIamPolicy":
        return say.reply(200, give.policy(found))
    if call.endswith("testIamPermissions"):
        return say.reply(200, {"permissions": [each for each in body.get("permissions", ()) if each not in held.lacks]})
    if call == "subscriptions.get":
        return say.reply(200, give.subscription(found))
    ids = set(body.get("ackIds", ()))
    if call == "subscriptions.acknowledge":
        held.acknowledge(found, ids)
        return say.reply(200, {})
    if call == "subscriptions.modifyAckDeadline":
        held.extend(found, ids, int(body.get("ackDeadlineSeconds", 0)))
        return say.reply(200, {})
    pulled = held.pull(found, int(body.get("maxMessages", 1)))
    waited = 0.0
    while not pulled and waited < held.pull_wait_seconds and not body.get("returnImmediately"):
        await asyncio.sleep(0.02)
        waited += 0.02
        pulled = held.pull(found, int(body.get("maxMessages", 1)))
    return say.reply(200, {"receivedMessages": [give.received(*each) for each in pulled]} if pulled else {})
