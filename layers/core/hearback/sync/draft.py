"""The follow-up assistant: which templates fit an application now, and a draft of one. Nothing is ever sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hearback.model.application import Application
from hearback.model.ids import FactId, PersonId
from hearback.model.plan import Feature, allows
from hearback.model.signal import Signal
from hearback.pipeline import situations
from hearback.pipeline.drafts import Draft
from hearback.pipeline.drafts import draft as worded
from hearback.pipeline.grouping import fact_key
from hearback.pipeline.hearing import hear
from hearback.pipeline.situations import Situation
from hearback.pipeline.tone import Language, Manner, Tone, own_name, tone_of
from hearback.pipeline.view import view
from hearback.sync.rooms import Rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the part "Write" shows of an application."""

    suggested: Sequence[Situation]
    """Those that fit now, the most pressing first."""
    others: Sequence[Situation]
    tone: Tone
    signed: bool
    """Whether the person's name is known from mail they sent."""
    chosen: Situation | None = None
    draft: Draft | None = None


def draft(
    rooms: Rooms,
    person: PersonId,
    application: Application,
    *,
    situation: str = "",
    language: Language | None = None,
    manner: Manner | None = None,
) -> Writing | None:
    """The draft of `situation` (empty: none yet), in the recruiter's tone where none is given. NotFound: no such template.

    None: the person's plan has no follow-up assistant.
    """
    owner = rooms.store.people.get(person)
    if not allows(owner.plan, Feature.DRAFTS):
        return None
    chosen = situations.situation(situation) if situation else None
    now = rooms.clock()
    seen, mail = view(application, now, owner.zone, owner.silence), _mail(rooms, person, application)
    fitting = situations.suggested(situations.moments(seen, mail, now))
    me = own_name(rooms.store.projections.applications(person)) if chosen is not None else ""
    tone = tone_of(mail)
    tone = replace(tone, language=language or tone.language, manner=manner or tone.manner)
    return Writing(
        suggested=fitting,
        others=[each for each in situations.library().values() if each not in fitting],
        tone=tone,
        signed=bool(me),
        chosen=chosen,
        draft=worded(chosen, seen, mail, tone, zone=owner.zone, me=me) if chosen is not None else None,
    )


def _mail(rooms: Rooms, person: PersonId, application: Application) -> list[Signal]:
    """The application's own signals, each mail once."""
    mine = set(application.facts)
    found = rooms.store.facts.touched(person, [fact_key(each) for each in application.facts[:1]])
    heard = hear(fact for component in found for fact in component.facts)
    return [each for each in heard.signals if FactId(each.id) in mine]
