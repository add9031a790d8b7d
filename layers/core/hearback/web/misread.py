""" "Report a misread": the redacted example of a mail, to read and change, and to save as a file. Nothing is sent."""

from __future__ import annotations

from typing import Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.ids import FactId
from hearback.sync import misread
from hearback.web.router import asked_now, page, router, text_of

MAX_SAVED: Final = 50_000


@router.get("/misread")
def show_example() -> Response[str]:
    """The example of one mail."""
    asked = asked_now()
    found = misread.example(asked.rooms, asked.who, FactId(asked.query.get("fact", "")))
    return page("misread.html", page="inbox", example=found)


@router.post("/misread/save")
def save_example() -> Response[str]:
    """The example as the person left it, as a file of theirs."""
    headers = {"content-disposition": 'attachment; filename="misread.txt"'}
    return Response(200, "text/plain; charset=utf-8", text_of("text", MAX_SAVED), headers=headers)
