"""The Privacy settings: how much is kept of a mail, and erasing everything."""

from __future__ import annotations

from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie

from hearback.model.person import PrivacyLevel
from hearback.sync import erase, privacy
from hearback.web import rendering
from hearback.web.router import HTML, asked_now, done, one_of, page, router

CONFIRMATION: Final = "erase everything"
_NOT_CONFIRMED: Final = f"Nothing was erased. To go on, type the words “{CONFIRMATION}”."


@router.get("/settings/privacy")
def privacy_settings() -> Response[str]:
    """The Privacy settings."""
    return _page()


@router.post("/settings/privacy/level")
def choose_level() -> Response[str]:
    """Standard or Strict; Strict holds for what is stored already."""
    asked = asked_now()
    privacy.choose(asked.rooms, asked.who, one_of(PrivacyLevel, asked.form.get("level", "")))
    return done("/settings/privacy?saved=1")


@router.post("/settings/privacy/erase")
def erase_everything() -> Response[str]:
    """Erase the person, once they typed that they mean it; the answer is the receipt, and the session is gone."""
    asked = asked_now()
    if asked.form.get("confirm", "").strip().casefold() != CONFIRMATION:
        return _page(status=422, error=_NOT_CONFIRMED)
    receipt = erase.erase(asked.rooms, asked.who)
    gone = Cookie(name=asked.web.cookie, value="", path="/", secure=asked.web.secure, http_only=True, max_age=0)
    return Response(200, HTML, rendering.render("erased.html", receipt=receipt), cookies=[gone])


def _page(*, status: int = 200, error: str = "") -> Response[str]:
    asked = asked_now()
    values: dict[str, Any] = {
        "level": asked.rooms.store.people.get(asked.who).privacy.value,
        "saved": asked.query.get("saved") == "1",
        "confirmation": CONFIRMATION,
        "erase_error": error,
    }
    return page("privacy.html", status=status, page="settings", **values)
