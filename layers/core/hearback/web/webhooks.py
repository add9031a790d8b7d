"""The webhooks of the Integrations settings: add one (its secret is shown once), see how its deliveries went, remove it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from hearback.model.endpoint import Endpoint
from hearback.model.errors import Permanent
from hearback.web import pages
from hearback.web.router import asked_now, done, page, router


@router.post("/webhooks")
def add_webhook() -> Response[str]:
    """A new receiver; the answer is the section with its secret, or with why the address may not be used."""
    asked = asked_now()
    url = asked.form.get("url", "").strip()
    try:
        added = asked.web.receivers.add(asked.who, url)
    except Permanent as error:
        return _section(status=422, error=str(error), typed=url)
    return _section(added=added)


@router.post("/webhooks/<id>/remove")
def remove_webhook(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Forget a receiver."""
    asked = asked_now()
    asked.web.receivers.remove(asked.who, id)
    return _section() if asked.htmx else done("/settings/integrations#webhooks")


def shown(*, added: Endpoint | None = None, error: str = "", typed: str = "") -> dict[str, Any]:
    """What the section shows."""
    asked = asked_now()
    return {
        "webhooks": asked.web.receivers.all(asked.who),
        "webhooks_included": asked.web.receivers.included(asked.who),
        "added": added,
        "webhook_error": error,
        "typed": typed,
    }


def _section(*, status: int = 200, **values: Any) -> Response[str]:
    """With htmx the section alone; a plain form gets the whole page."""
    asked = asked_now()
    if asked.htmx:
        return page("parts/webhooks.html", status=status, page="", **shown(**values))
    whole = pages.integrations(asked.rooms, asked.who, asked.web.connectors)
    return page("integrations.html", status=status, page="settings", **whole, **shown(**values))
