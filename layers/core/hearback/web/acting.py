"""Acts over the JSON API: the same as the pages', by the names of the acts. Each answers what takes it back.

    POST /api/acts   {"type": "set_stage", "application": "…", "stage": "interviewing"}   → {"act": "act-…"}
                     {"type": "tag", "applications": ["…", "…"], "tag": "remote"}           → {"act": "batch-…"}
                     {"type": "correct", "fact": "…", "kind": "rejection"}
                     {"type": "undo", "act": "act-…"}                                       → {"act": "batch-…"}

The session's token goes in the header x-csrf-token.
"""

from __future__ import annotations

import json
import secrets
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.act import Add, Confirm, Correct, Ignore, Link, Revert
from hearback.model.application import Stage
from hearback.model.errors import Permanent
from hearback.model.ids import ActId, FactId
from hearback.sync import batches
from hearback.sync.record import act as record_act
from hearback.web import mail, many, saying
from hearback.web.acts import fields_of, find
from hearback.web.fields import Fields
from hearback.web.router import asked_now, router
from hearback.web.saying import VERBS

_ON_APPLICATION: Final = {verb.type: name for name, verb in VERBS.items()}
_ON_MAIL: Final = frozenset({"confirm", "ignore", "revert", "correct", "link"})
MOST: Final = 200
"""Applications of one go."""
MOST_LETTERS: Final = 100_000
"""Of one request's JSON."""


@router.post("/api/acts")
def act() -> Response[str]:
    """Do one thing to one application, several, or one mail."""
    sent = _sent()
    given = fields_of(sent)
    return Response(200, "application/json", json.dumps({"act": _do(str(sent.get("type", "")), sent, given)}))


def _sent() -> dict[str, Any]:
    event = router.current_event
    text = event.decoded_body if event.body else ""
    try:
        sent = json.loads(text) if text and len(text) <= MOST_LETTERS else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Permanent(f"Send one JSON object of at most {MOST_LETTERS} characters.")
    return sent


def _do(type_: str, sent: dict[str, Any], given: Fields) -> str:
    """The act or batch that was recorded; empty: nothing was left to do."""
    asked = asked_now()
    if type_ == "undo":
        return batches.undo(asked.rooms, asked.who, str(given.needed("act")))
    if type_ in _ON_APPLICATION and "applications" in sent:
        ids = sent["applications"]
        if not isinstance(ids, list) or len(ids) > MOST:
            raise Permanent(f"“applications” must be a list of at most {MOST} ids.")
        return many.do_to([str(each) for each in ids], _ON_APPLICATION[type_], given)
    made = _made(type_, given)
    record_act(asked.rooms, asked.who, made)
    return str(made.id)


def _made(type_: str, given: Fields) -> Any:
    base: dict[str, Any] = {"id": ActId(f"act-{secrets.token_hex(10)}"), "at": asked_now().rooms.clock()}
    if type_ in _ON_APPLICATION:
        it = find(str(given.needed("application")))
        return saying.said(VERBS[_ON_APPLICATION[type_]], it, given, find, base)
    if type_ == "add":
        stage = given.choice("stage", Stage) or Stage.APPLIED
        role, location = given.text("role") or None, given.text("location") or None
        return Add(**base, company=given.needed("company"), role=role, location=location, stage=stage)
    if type_ not in _ON_MAIL:
        known = ", ".join(sorted([*_ON_APPLICATION, *_ON_MAIL, "add", "undo"]))
        raise Permanent(f"“type” must be one of: {known}.")
    fact = FactId(str(given.needed("fact", 400)))
    return _on_mail(type_, fact, given, base)


def _on_mail(
    type_: str, fact: FactId, given: Fields, base: dict[str, Any]
) -> Confirm | Ignore | Revert | Correct | Link:
    match type_:
        case "correct":
            return mail.correction(fact, given, base)
        case "ignore":
            return Ignore(**base, about=fact)
        case "revert":
            return Revert(**base, about=fact)
        case "confirm" if not given.text("application"):
            return Confirm(**base, about=fact)
        case _:
            sort = Link if type_ == "link" else Confirm
            return sort(**base, **saying.put_into(find(str(given.needed("application"))), fact))
