"""The part "Write" of an application's page: which templates fit, and a draft to change, copy, or open in a mail program.

It has no form that changes anything: a draft is asked for by its address, and is not stored.
"""

from __future__ import annotations

from typing import Any, Final

from hearback.model.application import Application
from hearback.model.plan import PLAN_LABELS, Feature, cheapest
from hearback.pipeline.tone import Language, Manner
from hearback.sync.draft import draft
from hearback.web.router import asked_now, one_of

LANGUAGES: Final = {Language.ENGLISH: "English", Language.GERMAN: "German"}
MANNERS: Final = {Manner.FORMAL: "Formal", Manner.INFORMAL: "Informal"}


def shown(found: Application) -> dict[str, Any]:
    """What the part shows, as the address asks for it. NotFound: it asks for what there is not."""
    asked = asked_now()
    language, manner = asked.query.get("language", ""), asked.query.get("manner", "")
    return {
        "writing": draft(
            asked.rooms,
            asked.who,
            found,
            situation=asked.query.get("write", ""),
            language=one_of(Language, language) if language else None,
            manner=one_of(Manner, manner) if manner else None,
        ),
        "languages": LANGUAGES,
        "manners": MANNERS,
        "drafts_from": PLAN_LABELS[cheapest(Feature.DRAFTS)],
    }
