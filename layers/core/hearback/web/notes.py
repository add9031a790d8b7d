"""Changing a note: the old one is undone and the new one stands in its place, as one batch that is taken back in one go."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from hearback.model.act import Note, Undo
from hearback.model.errors import NotFound, Permanent
from hearback.model.facts import fact_id
from hearback.model.ids import FactId
from hearback.model.signal import Signal
from hearback.pipeline.acts import undone
from hearback.pipeline.grouping import fact_key
from hearback.sync import batches
from hearback.web.acts import fields
from hearback.web.fields import TEXT
from hearback.web.router import asked_now, back_to, done, router


@router.post("/facts/rewrite")
def rewrite() -> Response[str]:
    """A note says something else from now on."""
    asked = asked_now()
    old = _note(FactId(asked.form.get("fact", "")))
    text = fields().needed("text", TEXT, lines=True)
    if text == old.text:
        raise Permanent("Nothing was changed.")
    batch = batches.Batch(asked.rooms.clock())
    taken_back = Undo(**batch.base(), about=fact_id(old))
    new = Note(**batch.base(), about=old.about, beside=old.beside, text=text, written_at=old.written_at or old.at)
    batches.record_all(asked.rooms, asked.who, [taken_back, new])
    return done(back_to("/"), did="rewrite", act=batch.id)


def _note(fact: FactId) -> Note:
    """The note as it stands. NotFound: there is none, or it was taken back."""
    asked = asked_now()
    found = asked.rooms.store.facts.touched(asked.who, [fact_key(fact)])
    facts = [each for component in found for each in component.facts]
    note = next((each for each in facts if isinstance(each, Note) and fact_id(each) == fact), None)
    if note is None or note.id in undone(each for each in facts if not isinstance(each, Signal)):
        raise NotFound(batches.GONE)
    return note
