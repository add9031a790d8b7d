"""What is done to all ticked applications in one go: one batch, one Undo."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from hearback.model.application import Application
from hearback.model.errors import Permanent
from hearback.sync import batches
from hearback.web import saying
from hearback.web.acts import fields, find
from hearback.web.fields import Fields
from hearback.web.router import asked_now, back_to, done, router
from hearback.web.saying import MANY, TICK, VERBS


@router.post("/applications/many")
def do_to_many() -> Response[str]:
    """Archive, bring back, tag, untag, or set the stage of every ticked application."""
    asked = asked_now()
    ticked = [name.removeprefix(TICK) for name in asked.form if name.startswith(TICK)]
    batch = do_to(ticked, asked.form.get("do", ""), fields())
    return done(back_to("/"), did="many" if batch else "nothing", act=batch)


def do_to(ids: list[str], name: str, given: Fields) -> str:
    """The batch by which `name` is done to all of them; empty where nothing is left to do. Permanent: it cannot be done."""
    asked = asked_now()
    if name not in MANY:
        raise Permanent(f"To several applications at once you can do one of: {', '.join(MANY)}.")
    if not ids:
        raise Permanent("Tick the applications you mean first.")
    batch = batches.Batch(asked.rooms.clock())
    meant = {found.id: found for found in map(find, ids)}.values()
    acts = [saying.said(VERBS[name], it, given, find, batch.base()) for it in meant if not _is_so(it, name, given)]
    batches.record_all(asked.rooms, asked.who, acts)
    return batch.id if acts else ""


def _is_so(it: Application, name: str, given: Fields) -> bool:
    """Whether there is nothing to do: so that trying again after a fault does nothing twice."""
    match name:
        case "archive":
            return it.archived
        case "unarchive":
            return not it.archived
        case "stage":
            return it.stage is not None and it.stage == given.values.get("stage")
        case _:
            tagged = given.tag().casefold() in {each.casefold() for each in it.tags}
            return tagged if name == "tag" else not tagged
