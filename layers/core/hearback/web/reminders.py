"""The routes of reminders: put one off or bring it back, and after how much silence an application is called ghosted."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from hearback.model.errors import Permanent
from hearback.model.person import Silence
from hearback.sync import look_ahead
from hearback.web.router import asked_now, done, page, router


@router.post("/reminders/put-off")
def put_off() -> Response[str]:
    """Leave a reminder out for some days, or for good."""
    asked = asked_now()
    days = asked.form.get("days", "")
    look_ahead.put_off(asked.rooms, asked.who, asked.form.get("key", ""), days=_days("days") if days else None)
    return done("/")


@router.post("/reminders/bring-back")
def bring_back() -> Response[str]:
    """Show a reminder again."""
    asked = asked_now()
    look_ahead.bring_back(asked.rooms, asked.who, asked.form.get("key", ""))
    return done("/")


@router.get("/settings/reminders")
def reminder_settings() -> Response[str]:
    """The Reminders settings."""
    return _page()


@router.post("/settings/reminders")
def choose_silence() -> Response[str]:
    """After how many days of silence an application is marked as ghosted."""
    asked = asked_now()
    try:
        chosen = Silence(after_applying=_days("after_applying"), after_interview=_days("after_interview"))
        look_ahead.call_ghosted(asked.rooms, asked.who, chosen)
    except Permanent as error:
        return _page(status=422, error=str(error))
    return done("/settings/reminders?saved=1")


def _days(name: str) -> int:
    value = asked_now().form.get(name, "").strip()
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(look_ahead.LONGEST))):
        raise Permanent(f"Choose between 1 and {look_ahead.LONGEST} days.")
    return int(value)


def _page(*, status: int = 200, error: str = "") -> Response[str]:
    asked = asked_now()
    silence = asked.rooms.store.people.get(asked.who).silence
    values: dict[str, Any] = {
        "after_applying": asked.form.get("after_applying", silence.after_applying),
        "after_interview": asked.form.get("after_interview", silence.after_interview),
        "most": look_ahead.LONGEST,
        "saved": asked.query.get("saved") == "1",
        "error": error,
    }
    return page("reminders.html", status=status, page="settings", **values)
