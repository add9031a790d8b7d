"""The Automation settings: how much mail may change without the person, whose mail is ignored, whom they trust."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.deciding import KNOWN, THRESHOLDS
from hearback.model.errors import Permanent
from hearback.model.person import AutomationMode
from hearback.sync import senders
from hearback.web.router import asked_now, done, one_of, page, router

MODE_LABELS: Final = {
    AutomationMode.REVIEW: "Review everything",
    AutomationMode.SMART: "Smart",
    AutomationMode.AUTOMATIC: "Automatic",
}
PAGE: Final = "/settings/automation"


@router.get("/settings/automation")
def automation() -> Response[str]:
    """The Automation settings."""
    return _page()


@router.post("/settings/automation/mode")
def choose_mode() -> Response[str]:
    """Another mode, for mail from now on: each mail keeps the one it came under."""
    keep_mode(asked_now().form.get("mode", ""))
    return done(f"{PAGE}?saved=1")


def keep_mode(value: str) -> None:
    """The person's mode from now on. NotFound: it is none."""
    asked = asked_now()
    mode = one_of(AutomationMode, value)
    asked.rooms.store.people.put(replace(asked.rooms.store.people.get(asked.who), mode=mode))


@router.post("/settings/senders/block")
def block_sender() -> Response[str]:
    """Ignore an address or a domain."""
    typed = asked_now().form.get("sender", "")
    try:
        senders.block_written(asked_now().rooms, asked_now().who, typed)
    except Permanent as error:
        return _page(status=422, block_error=str(error), block_typed=typed)
    return done(f"{PAGE}#senders")


@router.post("/settings/senders/trust")
def trust_domain() -> Response[str]:
    """Trust a domain."""
    typed = asked_now().form.get("sender", "")
    try:
        senders.trust(asked_now().rooms, asked_now().who, typed)
    except Permanent as error:
        return _page(status=422, trust_error=str(error), trust_typed=typed)
    return done(f"{PAGE}#senders")


def modes() -> dict[str, Any]:
    """What choosing a mode shows."""
    asked = asked_now()
    return {
        "mode": asked.rooms.store.people.get(asked.who).mode,
        "mode_labels": MODE_LABELS,
        "thresholds": {mode: (THRESHOLDS[mode], KNOWN[mode]) for mode in AutomationMode},
    }


def _page(*, status: int = 200, **errors: str) -> Response[str]:
    asked = asked_now()
    words = sorted(
        asked.rooms.store.facts.lessons(asked.who).senders, key=lambda each: (each.at, each.act), reverse=True
    )
    shown = {"trust_error": "", "trust_typed": "", "block_error": "", "block_typed": ""} | errors
    return page(
        "automation.html",
        status=status,
        page="settings",
        saved=asked.query.get("saved") == "1",
        trusted=[each for each in words if each.trusted],
        blocked=[each for each in words if not each.trusted],
        **modes(),
        **shown,
    )
