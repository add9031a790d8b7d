"""The routes of what a person does to their applications and mail: each becomes an act, and each act can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from hearback.model.act import Add, Link, Revert
from hearback.model.application import Application
from hearback.model.errors import NeedsPerson, NotFound
from hearback.model.ids import ActId, ApplicationId, FactId, MailboxId
from hearback.sync import batches, sync_now
from hearback.sync.record import act as record_act
from hearback.web import saying
from hearback.web.fields import Fields
from hearback.web.router import HTML, asked_now, back_to, done, router, settled
from hearback.web.saying import VERBS, Verb


def _route(name: str, verb: Verb) -> None:
    """POST /applications/<id>/<name>: do `verb` to one application."""

    @router.post(f"/applications/<id>/{name}")
    def _(id: str) -> Response[str]:  # noqa: A002  the name in the route
        it = find(id)
        act = saying.said(verb, it, fields(), find, _base())
        _do(act)
        return done(back_to(f"/applications/{id}"), did=name, act=act.id)


for _name, _verb in VERBS.items():
    _route(_name, _verb)


def find(application: str) -> Application:
    """One of the person's applications. NotFound."""
    asked = asked_now()
    return asked.rooms.store.projections.application(asked.who, ApplicationId(application))


def fields() -> Fields:
    """The form's fields."""
    return fields_of(asked_now().form)


def fields_of(values: Mapping[str, Any]) -> Fields:
    """Fields whose times are in the person's zone."""
    asked = asked_now()
    return Fields(values, asked.rooms.store.people.get(asked.who).zone)


@router.post("/applications")
def add() -> Response[str]:
    """Enter an application by hand."""
    given = fields()
    act = Add(
        **_base(),
        company=given.needed("company"),
        role=given.text("role") or None,
        location=given.text("location") or None,
    )
    _do(act)
    return done("/", did="add", act=act.id)


@router.post("/facts/revert")
def revert() -> Response[str]:
    """Undo an automatic change."""
    act = Revert(**_base(), about=_fact())
    _do(act)
    return done(back_to("/"), did="revert", act=act.id)


@router.post("/facts/undo")
def undo() -> Response[str]:
    """Take an act back, or all acts of a batch."""
    asked = asked_now()
    batch = batches.undo(asked.rooms, asked.who, _fact())
    if asked.json:
        return settled("Taken back.", batch)
    back = back_to("/")
    gone = not is_there(back)
    return done("/" if gone else back, did="undone" if batch else "already", act=batch, leave=gone)


def is_there(page: str) -> bool:
    """Whether the page is left: that of an application entered by hand goes with the act."""
    kind, _, application = page.partition("?")[0].lstrip("/").partition("/")
    try:
        return kind != "applications" or bool(find(application))
    except NotFound:
        return False


@router.post("/facts/link")
def link() -> Response[str]:
    """A mail belongs to another application."""
    target = find(fields().needed("application"))
    act = Link(**_base(), **saying.put_into(target, _fact()))
    _do(act)
    return done(f"/applications/{target.id}", did="link", act=act.id)


@router.post("/sync")
def sync() -> Response[str]:
    """Sync Now. Where nothing can be synced, a page that acts in the background is sent to where that is mended."""
    asked = asked_now()
    wanted = asked.form.get("mailbox")
    try:
        _queue_sync(MailboxId(wanted) if wanted else None)
    except NeedsPerson:
        if not asked.htmx:
            raise
        return Response(204, HTML, "", headers={"hx-redirect": "/settings/integrations"})
    return done("/settings/integrations" if wanted else "/")


def _queue_sync(wanted: MailboxId | None) -> None:
    if not sync_now.sync_now(asked_now().rooms, asked_now().who, wanted):
        raise NeedsPerson("No mailbox is connected. Connect one in settings, then it syncs.")


def _base() -> dict[str, Any]:
    return {"id": ActId(f"act-{secrets.token_hex(10)}"), "at": asked_now().rooms.clock()}


def _do(act: Any) -> None:
    record_act(asked_now().rooms, asked_now().who, act)


def _fact() -> FactId:
    value = asked_now().form.get("fact", "")
    if not value:
        raise NotFound("That is not there any more. Reload the page to see how things stand.")
    return FactId(value)
