"""The routes of what a person does: each becomes an act, and each act can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from hearback.model.act import Add, Archive, Confirm, Correct, Edit, Ignore, Link, Merge, Note, Revert, SetStage, Undo
from hearback.model.application import Application, Stage
from hearback.model.errors import NeedsPerson, NotFound, Permanent
from hearback.model.ids import ActId, ApplicationId, FactId, MailboxId, Personal
from hearback.model.signal import Kind
from hearback.sync import sync_now
from hearback.sync.record import act as record_act
from hearback.web import pages
from hearback.web.router import HTML, asked_now, done, one_of, router, text_of


@router.post("/applications/<id>/stage")
def set_stage(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Move an application by hand."""
    stage = one_of(Stage, asked_now().form.get("stage", ""))
    return _act_on(id, lambda about, base: SetStage(**base, about=about, stage=stage))


@router.post("/applications/<id>/note")
def note(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Add a note."""
    text = text_of("text", 2000)
    return _act_on(id, lambda about, base: Note(**base, about=about, text=text))


@router.post("/applications/<id>/edit")
def edit(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Change company, role or place."""
    form = asked_now().form
    values: dict[str, Any] = {
        name: Personal(form[name].strip()[:120])
        for name in ("company", "role", "location")
        if form.get(name, "").strip()
    }
    return _act_on(id, lambda about, base: Edit(**base, about=about, **values))


@router.post("/applications/<id>/archive")
def archive(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Take an application off the board."""
    return _act_on(id, lambda about, base: Archive(**base, about=about))


@router.post("/applications/<id>/merge")
def merge(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Make two applications one; this one is primary."""
    asked = asked_now()
    other = asked.rooms.store.projections.application(asked.who, ApplicationId(asked.form.get("other", "")))
    return _act_on(id, lambda about, base: Merge(**base, about=about, other=other.facts[0]))


@router.post("/applications")
def add() -> Response[str]:
    """Enter an application by hand."""
    company, form = text_of("company", 120), asked_now().form
    role = Personal(form["role"].strip()[:120]) if form.get("role", "").strip() else None
    _do(Add(**_base(), company=company, role=role))
    return done("/")


@router.post("/facts/revert")
def revert() -> Response[str]:
    """Undo an automatic change."""
    _do(Revert(**_base(), about=_fact()))
    return done("/")


@router.post("/facts/undo")
def undo() -> Response[str]:
    """Take an act back."""
    _do(Undo(**_base(), about=_fact()))
    return done("/")


@router.post("/review/confirm")
def confirm() -> Response[str]:
    """A pending mail is right; it joins an application or founds one."""
    target = _target(asked_now().form.get("application", ""))
    _correct()
    _do(Confirm(**_base(), about=_fact(), application=target))
    return done("/inbox")


@router.post("/review/ignore")
def ignore() -> Response[str]:
    """A pending mail is none of the job search."""
    _do(Ignore(**_base(), about=_fact()))
    return done("/inbox")


@router.post("/facts/link")
def link() -> Response[str]:
    """A mail belongs to another application."""
    target = _target(asked_now().form.get("application", ""))
    if target is None:
        raise Permanent("Choose the application it belongs to.")
    _do(Link(**_base(), about=_fact(), application=target))
    return done("/")


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


def _act_on(id_: str, make: Callable[[FactId, dict[str, Any]], Any]) -> Response[str]:
    asked = asked_now()
    found: Application = asked.rooms.store.projections.application(asked.who, ApplicationId(id_))
    _do(make(found.facts[0], _base()))
    return done(f"/applications/{id_}")


def _fact() -> FactId:
    value = asked_now().form.get("fact", "")
    if not value:
        raise NotFound("That is not there any more. Reload the page to see how things stand.")
    return FactId(value)


def _target(application_id: str) -> FactId | None:
    if not application_id:
        return None
    asked = asked_now()
    return asked.rooms.store.projections.application(asked.who, ApplicationId(application_id)).facts[0]


def _correct() -> None:
    """In review, changed fields are a correction; so is a kind that another correction taught, once it is confirmed here."""
    asked = asked_now()
    item = pages.pending_item(asked.rooms, asked.who, asked.form.get("fact", ""))
    if item is None:
        return
    kind = one_of(Kind, asked.form["kind"]) if asked.form.get("kind") else None
    company, role = (asked.form.get(name, "").strip()[:120] for name in ("company", "role"))
    changed: dict[str, Any] = {
        "kind": kind if kind is not item.kind or any(each.kind for each in item.taught) else None,
        "company": Personal(company) if company and company != (item.company or "") else None,
        "role": Personal(role) if role and role != (item.role or "") else None,
    }
    if any(value is not None for value in changed.values()):
        _do(Correct(**_base(), about=item.fact, **changed))
