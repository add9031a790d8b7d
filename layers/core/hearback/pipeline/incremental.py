"""New facts and the components they touch → one Change: refolded components and what must be told.

Equal to folding from scratch by construction: components are connected by link keys, and `touched` holds every stored
component a key of the new facts leads to. What a correction teaches about mail in other components is not part of that
transaction: their fold follows (`fold_again`), and no fold under older lessons can be recorded after it (Change.lessons).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeGuard

from hearback.model.application import Application, Folded, ReviewItem
from hearback.model.change import Change, Component, ComponentWrite
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId, PersonId
from hearback.model.ledger import LedgerEntry
from hearback.model.lesson import NO_LESSONS, Lesson, Lessons, SenderWord, Teaching
from hearback.model.mailbox import Lease
from hearback.model.outbox import OutboxEntry
from hearback.model.signal import InterviewAction, Kind, Signal
from hearback.pipeline.folding import fold_component, fold_heard
from hearback.pipeline.grouping import components, link_keys
from hearback.pipeline.hearing import Heard, hear
from hearback.pipeline.identity import keep_ids
from hearback.pipeline.lessons import lessons_of
from hearback.pipeline.rulings import ruled, told
from hearback.pipeline.standing import name_of, names

_EVENTS: Final = {
    Kind.APPLICATION_CONFIRMATION: "application.created",
    Kind.STATUS_UPDATE: "application.updated",
    Kind.ASSESSMENT: "assessment.received",
    Kind.OFFER: "offer.extended",
    Kind.REJECTION: "application.rejected",
    Kind.RECRUITER_OUTREACH: "lead.created",
}


def plan(
    person: PersonId,
    new: Sequence[Fact],
    touched: Sequence[Component],
    *,
    lessons: Lessons = NO_LESSONS,
    now: datetime,
    silent: bool,
    ledger: tuple[LedgerEntry, ...] = (),
    fence: Lease | None = None,
) -> Change:
    """The transaction that records `new`. Facts the touched components hold already are left out.

    `lessons` are all of the person's. What the change teaches about mail elsewhere is left to `fold_again`.
    """
    held = {fact_id(fact) for component in touched for fact in component.facts}
    unique = {fact_id(fact): fact for fact in new if fact_id(fact) not in held}
    everything: list[Fact] = [fact for component in touched for fact in component.facts]
    everything += unique.values()
    parts = [
        members
        for members in components(everything, (each.facts for each in touched))
        if any(fact_id(fact) in unique for fact in members)
    ]
    heard = [hear(members) for members in parts]
    known, teaching = _learned(lessons, [fact_id(fact) for part in parts for fact in part], heard)
    writes: list[ComponentWrite] = []
    outbox: list[OutboxEntry] = []
    for members, part in zip(parts, heard, strict=True):
        ids = {fact_id(fact) for fact in members}
        fresh = [fact for fact in members if fact_id(fact) in unique]
        sources = [each for each in touched if any(fact_id(fact) in ids for fact in each.facts)]
        write, old = _refold(members, fresh, sources, fold_heard(part, known))
        writes.append(write)
        cause = _digest(sorted(fact_id(fact) for fact in fresh))
        outbox += _tell(person, cause, old, write, sources, fresh, now=now, silent=silent)
        outbox += _tell_by_rule(person, part, write, fresh, now=now, silent=silent)
    return Change(
        person_id=person,
        facts=tuple(unique.values()),
        components=tuple(writes),
        ledger=ledger,
        outbox=tuple(outbox),
        lessons=lessons.version,
        teaching=teaching,
        fence=fence,
    )


def restate(person: PersonId, component: Component, said: Sequence[Fact], *, lessons: Lessons = NO_LESSONS) -> Change:
    """The transaction that stores `said` in place of the component's facts with the same ids, folded again."""
    by_id = {fact_id(fact): fact for fact in said}
    members = [by_id.get(fact_id(fact), fact) for fact in component.facts]
    heard = hear(members)
    known, teaching = _learned(lessons, [fact_id(fact) for fact in members], [heard])
    write, _ = _refold(members, (), [component], fold_heard(heard, known))
    return Change(
        person_id=person, replaced=tuple(said), components=(write,), lessons=lessons.version, teaching=teaching
    )


def revise(
    person: PersonId,
    said: Signal,
    touched: Sequence[Component],
    *,
    lessons: Lessons,
    ledger: tuple[LedgerEntry, ...] = (),
    now: datetime,
) -> Change:
    """The transaction that stores `said` in place of the signal with its id, where a new model reads the mail otherwise.

    `touched` holds the component of the old one and every one a link key of the new one leads to: from now on they are one.
    """
    members: list[Fact] = [
        said if fact_id(fact) == fact_id(said) else fact for component in touched for fact in component.facts
    ]
    heard = hear(members)
    known, teaching = _learned(lessons, [fact_id(fact) for fact in members], [heard])
    write, old = _refold(members, [said], touched, fold_heard(heard, known))
    cause = _digest([fact_id(said), said.model_version])
    return Change(
        person_id=person,
        replaced=(said,),
        components=(write,),
        ledger=ledger,
        outbox=tuple(_tell(person, cause, old, write, touched, (), now=now, silent=True)),
        lessons=lessons.version,
        teaching=teaching,
    )


def fold_again(person: PersonId, component: Component, lessons: Lessons, *, now: datetime) -> Change | None:
    """The transaction that shows `component` under `lessons`; None where that changes nothing."""
    write, old = _refold(component.facts, (), [component], fold_component(component.facts, lessons.all))
    before = (set(component.applications), component.review, component.left_out)
    if before == (set(write.applications), write.review, write.left_out):
        return None
    cause = _digest([component.id, str(component.version)])
    told = _tell(person, cause, old, write, [component], (), now=now, silent=True)
    return Change(person_id=person, components=(write,), outbox=tuple(told), lessons=lessons.version)


def _learned(
    lessons: Lessons, members: Iterable[FactId], heard: Iterable[Heard]
) -> tuple[list[Lesson | SenderWord], Teaching | None]:
    """All lessons once these members teach what they now do, and how that moves the stored ones on."""
    ids = set(members)
    before = {each.about: each for each in lessons.all if each.about in ids}
    after = {each.about: each for part in heard for each in lessons_of(part)}
    known = [each for each in lessons.all if each.about not in ids] + list(after.values())
    if before == after:
        return known, None
    learned = [each for about, each in after.items() if before.get(about) != each]
    moved = [*learned, *(each for about, each in before.items() if after.get(about) != each)]
    return known, Teaching(
        learned=tuple(learned),
        forgotten=tuple(sorted(set(before) - set(after))),
        spreading=tuple(sorted({name_of(each.sender) for each in moved})),
    )


def _refold(
    members: Sequence[Fact], fresh: Sequence[Fact], sources: Sequence[Component], folded: Folded
) -> tuple[ComponentWrite, dict[str, Application]]:
    before = [application for source in sources for application in source.applications]
    main = max(sources, key=lambda each: (len(each.facts), each.id), default=None)
    id_ = main.id if main is not None else "c" + hashlib.sha256(fact_id(members[0]).encode()).hexdigest()[:24]
    expected = tuple((each.id, each.version) for each in sources) or ((id_, 0),)
    write = ComponentWrite(
        id=id_,
        expected=expected,
        facts=tuple(fact_id(fact) for fact in members),
        link_keys=tuple(sorted(frozenset[str]().union(*(link_keys(fact) for fact in fresh)))),
        applications=keep_ids(before, folded.applications),
        review=folded.review,
        left_out=folded.left_out,
        senders=tuple(sorted({name for each in fresh if _is_received(each) for name in names(each.sender)})),
    )
    return write, {application.id: application for application in before}


def _is_received(fact: Fact) -> TypeGuard[Signal]:
    return isinstance(fact, Signal) and not fact.sent


def _digest(of: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(of).encode()).hexdigest()[:20]


def _tell(
    person: PersonId,
    cause: str,
    old: dict[str, Application],
    write: ComponentWrite,
    sources: Sequence[Component],
    fresh: Sequence[Fact],
    *,
    now: datetime,
    silent: bool,
) -> Iterable[OutboxEntry]:
    for application in write.applications:
        if old.get(application.id) != application:
            yield OutboxEntry(
                id=f"{cause}:{application.id}",
                person_id=person,
                at=now,
                topic="application.changed",
                application_id=application.id,
                event=_event(application, fresh),
                silent=silent,
            )
    for gone in sorted(set(old) - {application.id for application in write.applications}):
        yield OutboxEntry(
            id=f"{cause}:{gone}",
            person_id=person,
            at=now,
            topic="application.changed",
            application_id=old[gone].id,
            silent=True,
        )
    if _ids(item for source in sources for item in source.review) != _ids(write.review):
        yield OutboxEntry(
            id=f"{cause}:review",
            person_id=person,
            at=now,
            topic="review.changed",
            event="review.pending",
            silent=silent,
        )


def _tell_by_rule(
    person: PersonId, heard: Heard, write: ComponentWrite, fresh: Sequence[Fact], *, now: datetime, silent: bool
) -> Iterable[OutboxEntry]:
    """Of new mail, each once, what a rule of the person's wants told."""
    mails = {each.id for each in heard.signals}
    for fact in fresh:
        if isinstance(fact, Signal) and fact.id in mails and told(fact):
            home = next((each for each in write.applications if fact_id(fact) in each.facts), None)
            yield OutboxEntry(
                id=f"{_digest([fact.digest or fact.id])}:rule",  # the same for a copy in another mailbox
                person_id=person,
                at=now,
                topic="rule.matched",
                application_id=home.id if home is not None else None,
                event="rule.matched",
                silent=silent,
            )


def _ids(items: Iterable[ReviewItem]) -> set[FactId]:
    return {item.fact for item in items}


def _event(application: Application, fresh: Sequence[Fact]) -> str | None:
    """What a person would want to hear of: the last new signal this application took."""
    members = set(application.facts)
    news = [fact for fact in fresh if isinstance(fact, Signal) and not fact.sent and fact_id(fact) in members]
    if not news:
        return None
    last = ruled(news[-1])
    if last.kind is Kind.INTERVIEW_INVITATION:
        action = last.interview.action if last.interview is not None else InterviewAction.INVITE
        return {
            InterviewAction.RESCHEDULE: "interview.rescheduled",
            InterviewAction.CANCEL: "interview.cancelled",
            InterviewAction.CONFIRM: "interview.confirmed",
        }.get(action, "interview.invited")
    return _EVENTS.get(last.kind) if last.kind is not None else None
