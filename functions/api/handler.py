"""Browser → here: pages, JSON and what a person does on them."""

from __future__ import annotations

from typing import Any

from hearback.web import app
from hearback.wiring import installation


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return app.handle(event, context, installation().web)
