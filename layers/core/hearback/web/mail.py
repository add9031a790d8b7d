"""One mail of an application, as it reads: to correct it, to put it elsewhere, or to say that it is about none."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.act import Correct, Ignore
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import ActId, FactId
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind, Signal
from hearback.pipeline.acts import corrected
from hearback.pipeline.grouping import fact_key
from hearback.pipeline.hearing import hear
from hearback.pipeline.lessons import Reader
from hearback.sync.record import act as record_act
from hearback.web import rendering
from hearback.web.acts import fields, is_there
from hearback.web.fields import Fields
from hearback.web.router import asked_now, done, page, router

_GONE: Final = "That is not there any more. Reload the page to see how things stand."


@router.get("/mail")
def show_mail() -> Response[str]:
    """Everything a mail says, to be corrected."""
    asked = asked_now()
    fact = FactId(asked.query.get("fact", ""))
    every = sorted(
        asked.rooms.store.projections.applications(asked.who), key=lambda each: (each.company or "", each.role or "")
    )
    home = next((each for each in every if fact in each.facts), None)
    return page(
        "mail.html",
        page="dashboard",
        mail=as_read(fact),
        fact=fact,
        home=home,
        others=[each for each in every if each is not home],
        kinds=rendering.KIND_LABELS,
        details=rendering.DETAIL_LABELS,
        actions=rendering.ACTION_LABELS,
        rounds=rendering.ROUND_LABELS,
    )


@router.post("/facts/correct")
def correct() -> Response[str]:
    """What the mail really says."""
    asked = asked_now()
    fact = FactId(asked.form.get("fact", ""))
    act = correction(fact, fields(), _base())
    record_act(asked.rooms, asked.who, act)
    return done(_home_of(fact), did="correct", act=act.id)


@router.post("/facts/ignore")
def ignore() -> Response[str]:
    """The mail is about no application."""
    asked = asked_now()
    fact = FactId(asked.form.get("fact", ""))
    home = _home_of(fact)
    act = Ignore(**_base(), about=fact)
    record_act(asked.rooms, asked.who, act)
    return done(home if is_there(home) else "/", did="ignore", act=act.id)


def correction(fact: FactId, given: Fields, base: dict[str, Any]) -> Correct:
    """The Correct that says what differs from how the mail reads. Permanent: nothing does, or a value cannot be."""
    shown = as_read(fact)
    interview = shown.interview
    texts = ("company", "role", "location", "requisition_id", "agency")
    said: dict[str, Any] = {name: given.changed(name, getattr(shown, name)) for name in texts}
    said |= {
        "kind": _other(given.choice("kind", Kind), shown.kind),
        "detail": _other(_detail(given), shown.detail or ""),
        "deadline": _unless_shown(given, "deadline", shown.deadline, given.due("deadline")),
        "urgent": _other(given.flag("urgent"), shown.urgent),
        "action": _other(given.choice("action", InterviewAction), interview.action if interview else None),
        "start_at": _unless_shown(
            given, "start_at", interview.start_at if interview else None, given.moment("start_at")
        ),
        "duration_min": _other(given.minutes("duration_min"), (interview.duration_min if interview else None) or 0),
        "round_type": _other(given.choice("round_type", InterviewType), interview.type if interview else None),
        "interviewers": _other(given.people("interviewers"), interview.interviewers if interview else ()),
        "place": given.changed("place", interview.location if interview else None, 200),
        "video_link": _other(given.link("video_link"), (interview.video_link if interview else None) or ""),
    }
    if said["start_at"]:
        said["zone"] = given.zone
    if all(value is None for value in said.values()):
        raise Permanent("Nothing was changed.")
    return Correct(**base, about=fact, **said)


def _other(value: Any, shown: Any) -> Any:
    """None where the field says what was shown."""
    return None if value == shown else value


def _unless_shown(given: Fields, name: str, shown: datetime | str | None, value: Any) -> Any:
    """None where the field holds the time as it was put into the form."""
    return None if given.text(name) == rendering.for_input(shown, given.zone) else value


def _detail(given: Fields) -> Detail | str | None:
    return given.choice("detail", Detail) or ("" if given.given("detail") else None)


def as_read(fact: FactId) -> Signal:
    """A mail as it reads by now, the person's corrections and what they taught included. NotFound."""
    asked = asked_now()
    store = asked.rooms.store
    found = store.facts.touched(asked.who, [fact_key(fact)])
    heard = hear(each for component in found for each in component.facts)
    original = heard.twins.get(fact, fact)
    signal = next((each for each in heard.signals if FactId(each.id) == original), None)
    if signal is None:
        raise NotFound(_GONE)
    reading = Reader(heard, store.facts.lessons(asked.who).taught).read(signal)
    return corrected(reading.signal, heard.spoken.word(original))


def _home_of(fact: FactId) -> str:
    asked = asked_now()
    every = asked.rooms.store.projections.applications(asked.who)
    return next((f"/applications/{each.id}" for each in every if fact in each.facts), "/")


def _base() -> dict[str, Any]:
    return {"id": ActId(f"act-{secrets.token_hex(10)}"), "at": asked_now().rooms.clock()}
