"""The routes by which the person settles mail that waits: confirm, ignore, ignore the sender; one, or all that is ticked."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import ApplicationId, FactId
from hearback.sync import reviewing
from hearback.sync.batches import GONE
from hearback.sync.reviewing import Confirmed, Settled
from hearback.web import inbox
from hearback.web.corrections import corrections
from hearback.web.router import asked_now, done, router, settled, values

TICK: Final = "tick:"
"""Begins the name of a row's box; the fact follows."""


@router.post("/review/confirm")
def confirm() -> Response[str]:
    """Pending mail is right; each joins an application or founds one."""
    asked = asked_now()
    facts = _facts()
    if len(facts) == 1:
        mails = [Confirmed(facts[0], _target(), _corrections(facts[0]))]
    else:
        mails = [Confirmed(each) for each in facts]
    return _settled(reviewing.confirm(asked.rooms, asked.who, mails), "Confirmed")


@router.post("/review/ignore")
def ignore() -> Response[str]:
    """Pending mail is none of the job search."""
    asked = asked_now()
    return _settled(reviewing.ignore(asked.rooms, asked.who, _facts()), "Ignored")


@router.post("/review/ignore-sender")
def ignore_sender() -> Response[str]:
    """Nor is whatever this sender writes."""
    asked = asked_now()
    facts = _facts()
    if len(facts) != 1:
        raise Permanent("Ignore one sender at a time.")
    return _settled(reviewing.ignore_sender(asked.rooms, asked.who, facts[0]), "Ignored")


@router.post("/review/outcome")
def outcome() -> Response[str]:
    """What confirming it as the form says would do; nothing is done."""
    asked = asked_now()
    item = inbox.pending(FactId(asked.form.get("fact", "")))
    told = reviewing.outcome(asked.rooms, asked.who, item, _target(), _corrections(item.fact))
    return values({"told": told})


def _facts() -> list[FactId]:
    """The mails meant: one, a list, or the ticked ones."""
    form = asked_now().form
    found = [form.get("fact", ""), *form.get("facts", "").split("\n")]
    found += [name.removeprefix(TICK) for name in form if name.startswith(TICK)]
    facts = [FactId(each) for each in dict.fromkeys(each.strip() for each in found) if each]
    if not facts:
        if "fact" in form:
            raise NotFound(GONE)
        raise Permanent("Tick what you mean first.")
    return facts


def _target() -> str:
    """Where the mail belongs: as suggested, to a new application, or to the one of a fact or an application id."""
    asked = asked_now()
    if application := asked.form.get("application", ""):
        return asked.rooms.store.projections.application(asked.who, ApplicationId(application)).anchors[0]
    return asked.form.get("target", "") or reviewing.SUGGESTED


def _corrections(fact: FactId) -> dict[str, Any]:
    asked = asked_now()
    waiting = asked.rooms.store.projections.review(asked.who)
    item = next((each for each in waiting if each.fact == fact), None)
    return corrections(asked.form, item, asked.rooms.store.people.get(asked.who).zone)


def _settled(what: Settled, verb: str) -> Response[str]:
    asked = asked_now()
    if asked.json:
        return settled(
            _said(what, verb), what.batch if what.done else "", left=[[fact, why] for fact, why in what.left]
        )
    query = {"did": what.batch, "done": len(what.done), "left": len(what.left)}
    return done(f"/inbox?{urlencode(query)}")


def _said(what: Settled, verb: str) -> str:
    """For one mail what became of it; for more how many, and why some were left."""
    count = len(what.done)
    if verb == "Ignored" and what.told != "Ignored.":
        said = what.told if count <= 1 else f"{what.told} {count} that waited are gone."
    elif count == 1:
        said = f"{verb}. {what.told}" if verb == "Confirmed" else what.told
    else:
        said = f"{verb} {count}."
    if what.left:
        why = "; ".join(dict.fromkeys(reason.rstrip(".") for _, reason in what.left))
        said += f" {len(what.left)} still {'waits' if len(what.left) == 1 else 'wait'}: {why}."
    return said
