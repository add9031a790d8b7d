"""What Smart would have done with mail that came while the person reviews everything: the same facts, folded as Smart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hearback.model.application import Folded, ReviewItem
from hearback.model.ids import FactId, Personal
from hearback.model.lesson import Lesson, SenderWord
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision
from hearback.pipeline.hearing import Heard

Fold = Callable[[Heard, Sequence[Lesson | SenderWord]], Folded]


def told(
    waiting: Sequence[ReviewItem], heard: Heard, lessons: Sequence[Lesson | SenderWord], fold: Fold
) -> list[ReviewItem]:
    """The items, those stamped "Review everything" with what Smart would have done."""
    held_back = {FactId(each.id) for each in heard.signals if each.mode is AutomationMode.REVIEW}
    if not any(each.fact in held_back for each in waiting):
        return list(waiting)
    smart = tuple(
        replace(each, mode=AutomationMode.SMART) if each.mode is AutomationMode.REVIEW else each
        for each in heard.signals
    )
    done = fold(replace(heard, signals=smart), lessons)
    return [_with_word(each, done) if each.fact in held_back else each for each in waiting]


def _with_word(item: ReviewItem, done: Folded) -> ReviewItem:
    for application in done.applications:
        for entry in application.timeline:
            if entry.fact == item.fact:
                said = Personal(f"{called(application.company, application.role)}: {entry.title}")
                return replace(item, would=Decision.APPLY, would_say=said)
    why = next((each.reason for each in done.review if each.fact == item.fact), None)
    return replace(item, would=Decision.REVIEW, would_say=Personal(why) if why else None)


def called(company: str | None, role: str | None) -> str:
    """An application's name."""
    return f"{company or 'Unknown company'} · {role or 'role not named'}"
