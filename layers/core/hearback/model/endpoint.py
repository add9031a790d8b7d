"""A receiver of webhooks that a person added."""

from __future__ import annotations

from dataclasses import dataclass

from hearback.model.ids import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One receiver of a person."""

    id: str
    url: Personal
    secret: Personal
    """whsec_… as Standard Webhooks writes it. Shown once, when the endpoint is added."""
    enabled: bool = True
    failures: int = 0
    """Deliveries in a row that were given up, each after all of its tries."""
    log: tuple[tuple[str, str, str], ...] = ()
    """(time, event, outcome) of each try, newest first."""
