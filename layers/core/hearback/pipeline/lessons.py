"""What a correction teaches, and which mail it reaches (docs/decisions/0013-lessons.md).

A kind is learned for mail of the same sender in the same template, wherever it is filed. Company and role are learned only
inside the component, where they are sure to be the same: they never move a mail to another employer's mail. No lesson
touches a mail the person had acted on before; what they do later, they do with the mail as it is read by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from hearback.model.act import Correct
from hearback.model.deciding import decide
from hearback.model.ids import FactId, Personal
from hearback.model.lesson import Lesson, SenderWord, Taught
from hearback.model.message import Authenticity
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision, Kind, Signal
from hearback.pipeline.acts import Word
from hearback.pipeline.corrections import as_kind
from hearback.pipeline.hearing import Heard
from hearback.pipeline.names import company_words
from hearback.pipeline.rulings import decided_after, overruled
from hearback.pipeline.standing import words_of
from hearback.pipeline.templates import alike

ALIKE: Final = 0.6
"""From here on two mails of one sender are one template. In corpus/messages, same sender: other templates reach 0.48, the same
one with other names, roles, dates and numbers is below 0.6 once in a hundred (bench/templates.py measures it).
"""
NEARLY_EQUAL: Final = 0.85
"""Needed where the mail was read as something else than the corrected one was: one sentence may be what differs."""
CLOSE: Final = 0.1
"""Lessons that fit about as well: the person's later word counts."""
LEARNED: Final = 0.97
"""How sure a learned kind is. Smart applies it; a rejection or an offer only where the process is known (model.deciding)."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def lessons_of(heard: Heard) -> tuple[Lesson | SenderWord, ...]:
    """What these facts say about mail elsewhere: one lesson a corrected mail at most, and words on senders."""
    found = (_lesson(each, heard.spoken.word(FactId(each.id))) for each in heard.signals)
    return (*(each for each in found if each is not None), *words_of(heard.spoken))


def _lesson(signal: Signal, word: Word) -> Lesson | None:
    act = next((each for each in reversed(word.corrected) if each.kind is not None), None)
    if act is None or act.kind is None or word.ignored is not None or word.reverted is not None:
        return None
    if not signal.template or not signal.sender.address:
        return None
    return Lesson(
        act=FactId(act.id),
        at=act.at,
        about=FactId(signal.id),
        subject=signal.subject,
        sender=signal.sender.address,
        template=signal.template,
        read=signal.kind,
        kind=act.kind,
        forged=_forged(signal),
    )


def _forged(signal: Signal) -> bool:
    return signal.authenticity is Authenticity.FAIL


def fitting(signal: Signal, lessons: Iterable[Lesson]) -> Lesson | None:
    """The lesson that says what `signal` is: the most alike, of those about as alike the person's latest."""
    likely = [
        (likeness, each)
        for each in lessons
        if each.sender == signal.sender.address and each.about != FactId(signal.id)
        if not each.forged or _forged(signal)
        for likeness in (alike(each.template, signal.template),)
        if likeness >= _needed(signal, each)
    ]
    best = max((likeness for likeness, _ in likely), default=0.0)
    close = [each for likeness, each in likely if likeness >= best - CLOSE]
    return max(close, key=lambda each: (each.at, each.act), default=None)


def _needed(signal: Signal, lesson: Lesson) -> float:
    """How alike a mail must be: read as the same is the same mistake; read surely as something else is no mistake."""
    if signal.kind in {lesson.read, lesson.kind}:
        return ALIKE
    return NEARLY_EQUAL if decide(signal, AutomationMode.SMART) is not Decision.APPLY else 2.0


@dataclass(frozen=True, slots=True)
class _Named:
    """One correction of a company or a role, and the mail it is about as read."""

    act: Correct
    of: Signal


@dataclass(frozen=True, slots=True)
class Learned:
    """A mail as lessons say it reads."""

    signal: Signal
    taught: tuple[Taught, ...]


class Reader:
    """Reads the mail of one component as the person's corrections say."""

    def __init__(self, heard: Heard, lessons: Sequence[Lesson]) -> None:
        self._lessons = lessons
        self._spoken = heard.spoken
        self._acted_on = heard.acted_on
        by_id = {FactId(each.id): each for each in heard.signals}
        self._named = [
            _Named(act, by_id[id_])
            for id_, word in heard.spoken.about.items()
            if id_ in by_id and word.ignored is None and not _forged(by_id[id_])
            for act in word.corrected
            if act.company or act.role
        ]

    def read(self, signal: Signal) -> Learned:
        """`signal` with what was taught about mail like it; what the person said of itself, or wrote, is left alone."""
        word = self._spoken.word(FactId(signal.id))
        if signal.sent or word.ignored is not None:
            return Learned(signal, ())
        acted_at = self._acted_on.get(FactId(signal.id), _NEVER)
        taught: list[Taught] = []
        after = signal
        lesson = None
        if signal.template and not any(act.kind for act in word.corrected):
            earlier = (each for each in self._lessons if each.at < acted_at and not decided_after(signal, each.at))
            lesson = fitting(signal, earlier)
        if lesson is not None and (signal.kind is not lesson.kind or signal.confidence < LEARNED):
            after = replace(
                overruled(as_kind(signal, lesson.kind)), confidence=max(LEARNED, _sure_of(signal, lesson.kind))
            )
            taught.append(
                Taught(act=lesson.act, at=lesson.at, about=lesson.about, subject=lesson.subject, kind=lesson.kind)
            )
        named = [each for each in self._named if each.act.at < acted_at]
        company = _latest(each for each in named if each.act.company and _same_employer(each.of, signal))
        if company is not None and company.act.company != signal.company:
            after = replace(after, company=company.act.company)
            taught.append(_taught(company, company=company.act.company))
        role = _latest(each for each in named if each.act.role and _same_opening(each.of, signal))
        if role is not None and role.act.role != signal.role:
            after = replace(after, role=role.act.role)
            taught.append(_taught(role, role=role.act.role))
        return Learned(after, tuple(taught))


def _latest(corrections: Iterable[_Named]) -> _Named | None:
    return max(corrections, key=lambda each: (each.act.at, each.act.id), default=None)


def _sure_of(signal: Signal, kind: Kind) -> float:
    return signal.confidence if signal.kind is kind else 0.0


def _taught(named: _Named, *, company: Personal | None = None, role: Personal | None = None) -> Taught:
    return Taught(
        act=FactId(named.act.id),
        at=named.act.at,
        about=FactId(named.of.id),
        subject=named.of.subject,
        company=company,
        role=role,
    )


def _same_employer(corrected: Signal, signal: Signal) -> bool:
    """Read as the same company by the same mistake: in one thread, or in one template from an employer's own address.

    A relay's template is every employer's, and an agency writes for many: there only the thread counts.
    """
    if company_words(corrected.company or "") != company_words(signal.company or ""):
        return False
    if signal.company and _one_thread(corrected, signal):
        return True
    return (
        signal.domain is not None
        and signal.domain == corrected.domain
        and signal.sender.address == corrected.sender.address
        and not (signal.agency or corrected.agency)
        and alike(corrected.template, signal.template) >= ALIKE
    )


def _same_opening(corrected: Signal, signal: Signal) -> bool:
    """Read as the same role by the same mistake, in one thread or under one requisition of one sender."""
    if not signal.role or not corrected.role or signal.role.casefold() != corrected.role.casefold():
        return False
    requisition = signal.requisition_id is not None and signal.requisition_id == corrected.requisition_id
    return _one_thread(corrected, signal) or (requisition and signal.sender.address == corrected.sender.address)


def _one_thread(one: Signal, other: Signal) -> bool:
    return one.thread_id is not None and (one.mailbox_id, one.thread_id) == (other.mailbox_id, other.thread_id)
