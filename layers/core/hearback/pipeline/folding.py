"""fold(facts) → applications, leads, interviews, review items. Pure, total, a function of the set.

Per component: duplicates are collapsed, the person's words are applied, accepted signals are grouped, each group's facts
are taken in canonical order (received time, then the provider's id). Nothing here knows the clock or the arrival order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from hearback.model.act import Act, Add, Archive, Edit, Note, SetStage
from hearback.model.application import (
    Application,
    Deadline,
    Folded,
    ReviewItem,
    Stage,
    TimelineEntry,
)
from hearback.model.deciding import decide
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId, Personal
from hearback.model.lesson import Lesson, Taught
from hearback.model.signal import Decision, Detail, Kind, Signal
from hearback.pipeline import imitated, review, stages
from hearback.pipeline.acts import Said, corrected, decision, order
from hearback.pipeline.grouping import Group, best_fit, candidacies, components, group_of, known_by
from hearback.pipeline.hearing import Heard, hear
from hearback.pipeline.interviews import Rounds
from hearback.pipeline.lessons import Reader, lessons_of
from hearback.pipeline.names import company_words

_ANSWERS = frozenset({Kind.ASSESSMENT, Kind.INTERVIEW_INVITATION, Kind.OFFER, Kind.REJECTION})


def fold(facts: Iterable[Fact]) -> Folded:
    """Everything a person's facts amount to, in canonical order."""
    heard = [hear(component) for component in components(facts)]
    lessons = [lesson for part in heard for lesson in lessons_of(part)]
    parts = [fold_heard(part, lessons) for part in heard]
    return Folded(
        applications=tuple(sorted((a for part in parts for a in part.applications), key=application_order)),
        review=tuple(sorted((r for part in parts for r in part.review), key=review_order)),
        left_out=tuple(sorted((r for part in parts for r in part.left_out), key=review_order)),
    )


def application_order(application: Application) -> tuple[object, ...]:
    """First contact, company, role, then the first fact."""
    first = application.first_contact_at
    return (first is None, first or 0, application.company or "", application.role or "", application.facts[0])


def review_order(item: ReviewItem) -> tuple[object, ...]:
    """Received time, then the fact."""
    return (item.at, item.fact)


def fold_component(facts: Iterable[Fact], lessons: Sequence[Lesson]) -> Folded:
    """The fold of connected facts (of any facts: what is not connected does not meet) under all of the person's lessons."""
    return fold_heard(hear(facts), lessons)


def fold_heard(heard: Heard, lessons: Sequence[Lesson]) -> Folded:
    """See fold_component."""
    spoken, twins = heard.spoken, heard.twins
    reader = Reader(heard, lessons)
    readings = [reader.read(each) for each in heard.signals]
    taught: dict[str, tuple[Taught, ...]] = {each.signal.id: each.taught for each in readings if each.taught}
    read = [corrected(each.signal, spoken.word(FactId(each.signal.id))) for each in readings]
    decisions: dict[str, Decision] = {each.id: decision(each, spoken.word(FactId(each.id))) for each in read}
    accepted = [each for each in read if decisions[each.id] is Decision.APPLY]
    groups = candidacies(accepted, spoken)
    vouched = _vouched_for(read, decisions, groups, spoken)
    if vouched:
        decisions |= dict.fromkeys(vouched, Decision.APPLY)
        groups = candidacies([each for each in read if decisions[each.id] is Decision.APPLY], spoken)
    doubted = imitated.doubts(groups, spoken)
    if doubted:
        read = [replace(each, doubt=doubted.get(each.id, each.doubt)) for each in read]
        decisions |= dict.fromkeys(doubted, Decision.REVIEW)
        groups = candidacies([each for each in read if decisions[each.id] is Decision.APPLY], spoken)
    waiting: list[ReviewItem] = []
    applications: list[Application] = []
    for group in groups:
        if group.ambiguous and not _vouched(group, spoken):
            waiting += [review.item(each, review.SEVERAL_FIT, None) for each in group.signals if not each.sent]
            continue
        application, doubts = _candidacy(group, spoken, twins)
        waiting += doubts
        if application is not None:
            applications.append(application)
    for each in read:
        if decisions[each.id] is Decision.REVIEW:
            home = best_fit(groups, group_of(each, spoken))
            learned = any(because.kind for because in taught.get(each.id, ()))
            waiting.append(review.item(each, review.reason(each, learned=learned), _first_fact(home)))
    left_out = [
        review.item(each, review.LEFT_OUT, None)
        for each in read
        if each.id in taught and decisions[each.id] is Decision.IGNORE
    ]
    return Folded(
        applications=tuple(sorted((_explained(each, taught) for each in applications), key=application_order)),
        review=tuple(sorted((_because(each, taught) for each in waiting), key=review_order)),
        left_out=tuple(sorted((_because(each, taught) for each in left_out), key=review_order)),
    )


def _because(item: ReviewItem, taught: Mapping[str, tuple[Taught, ...]]) -> ReviewItem:
    return replace(item, taught=taught[item.fact]) if item.fact in taught else item


def _explained(application: Application, taught: Mapping[str, tuple[Taught, ...]]) -> Application:
    if not any(entry.fact in taught for entry in application.timeline):
        return application
    lines = (replace(each, taught=taught.get(each.fact, ())) for each in application.timeline)
    return replace(application, timeline=tuple(lines))


def _vouched_for(
    read: Sequence[Signal], decisions: Mapping[str, Decision], groups: Sequence[Group], spoken: Said
) -> list[str]:
    """Signals nearly sure by themselves whose thread or employer is already known from an application of the person's:
    knowing that there is a process makes what the mail says about it sure enough.
    """
    process = [group for group in groups if any(_is_process(each) for each in group.signals) or group.adds]
    return [
        each.id
        for each in read
        if decisions[each.id] is Decision.REVIEW
        and decide(each, known=True) is Decision.APPLY
        and _is_process(each)
        and known_by(process, group_of(each, spoken))
    ]


def _is_process(signal: Signal) -> bool:
    return not signal.sent and signal.kind not in {None, Kind.OTHER, Kind.RECRUITER_OUTREACH}


def _vouched(group: Group, spoken: Said) -> bool:
    return any(spoken.word(FactId(each.id)).confirmed is not None for each in group.signals)


def _first_fact(group: Group | None) -> FactId | None:
    if group is None:
        return None
    return fact_id(group.facts[0])


def _candidacy(
    group: Group, spoken: Said, twins: Mapping[FactId, FactId]
) -> tuple[Application | None, list[ReviewItem]]:
    members = group.facts
    ids = {fact_id(each) for each in members}
    copies = [copy for copy, original in twins.items() if original in ids]
    course, rounds = stages.Course(), Rounds()
    timeline: list[TimelineEntry] = []
    doubts: list[ReviewItem] = []
    applied: list[Signal] = []
    acts = [act for act in spoken.all if getattr(act, "about", None) in ids]
    happened: list[Fact] = [*members, *acts]
    for fact in sorted(happened, key=order):
        if isinstance(fact, Signal):
            entry, doubt = _take_signal(fact, course, rounds, spoken)
            if doubt is not None:
                doubts.append(doubt)
                continue
            if entry is not None:
                timeline.append(entry)
            if entry is None or not entry.reverted:
                applied.append(fact)
        else:
            entry = _take_act(fact, course)
            if entry is not None:
                timeline.append(entry)
    live = [each for each in applied if not each.sent]
    if not live and not group.adds:
        if not timeline:
            return None, doubts
        live = list(group.signals)
    mails = [each for each in applied if isinstance(each, Signal)] or live
    named = _Named(live, group, acts)
    times = [*(each.at for each in mails), *(each.at for each in group.adds)]
    return (
        Application(
            facts=(*(fact_id(each) for each in members), *sorted(copies)),
            company=named.company,
            role=named.role,
            location=named.location,
            requisition_id=next((each.requisition_id for each in live if each.requisition_id), None),
            ats=tuple(sorted({each.ats for each in live if each.ats})),
            agency=next((each.agency for each in reversed(live) if each.agency), None),
            stage=course.stage,
            stage_history=tuple(course.history),
            on_hold=course.on_hold,
            reopened=course.reopened,
            urgent=bool(live) and live[-1].urgent,
            archived=any(isinstance(act, Archive) for act in acts),
            technical_round=course.technical_round,
            message_ids=tuple(dict.fromkeys(each.message_id for each in mails if each.message_id)),
            interviews=rounds.sorted(),
            deadlines=_deadlines(live),
            timeline=tuple(timeline),
            contacts=_contacts(live),
            first_contact_at=min(times),
            last_contact_at=max(times),
            answered_at=next((each.at for each in live if each.kind in _ANSWERS), None),
        ),
        doubts,
    )


def _take_signal(
    signal: Signal, course: stages.Course, rounds: Rounds, spoken: Said
) -> tuple[TimelineEntry | None, ReviewItem | None]:
    word = spoken.word(FactId(signal.id))
    if word.reverted is not None:
        return _entry(signal, "Change taken back", None, reverted_by=FactId(word.reverted.id)), None
    if signal.sent:
        return _entry(signal, *_sent(signal, course)), None
    vouched = word.confirmed is not None or bool(word.corrected)
    wanted = stages.target(course, signal)
    if not vouched:
        if wanted is not None and stages.overturns(course, wanted):
            return None, review.item(
                signal, review.OVERTURNS, FactId(course.history[0].fact) if course.history else None
            )
        if stages.reopens_by_other_mail(course, signal):
            return None, review.item(signal, review.AFTER_REJECTION, FactId(course.history[0].fact))
    elif wanted is None and stages.reopens_by_other_mail(course, signal):
        wanted = stages.target(stages.Course(), signal)
    reopened = wanted is not None and course.stage is Stage.REJECTED
    if wanted is not None:
        course.move(wanted, signal.at, FactId(signal.id), signal.message_id)
        course.reopened = course.reopened or reopened
    stages.marks(course, signal)
    rounds.take(signal)
    return _entry(signal, stages.title(signal, wanted, reopened=reopened), wanted), None


def _sent(signal: Signal, course: stages.Course) -> tuple[str, Stage | None]:
    wanted = {Detail.WITHDRAWS: Stage.WITHDRAWN, Detail.ACCEPTS: Stage.ACCEPTED}.get(signal.detail or Detail.DELAYED)
    if wanted is None or course.stage is None or course.stage is wanted:
        return "You wrote", None
    if wanted is Stage.ACCEPTED and course.stage is not Stage.OFFER_EXTENDED:
        return "You wrote", None
    course.person_sets(wanted, signal.at, FactId(signal.id), signal.message_id)
    return ("You withdrew" if wanted is Stage.WITHDRAWN else "You accepted the offer"), wanted


def _take_act(act: Act, course: stages.Course) -> TimelineEntry | None:
    title = ""
    stage: Stage | None = None
    note: Personal | None = None
    match act:
        case SetStage():
            course.person_sets(act.stage, act.at, FactId(act.id))
            title, stage = f"You moved it to {stages.LABELS[act.stage]}", act.stage
        case Note():
            title, note = "You added a note", act.text
        case Archive():
            title = "You archived it"
        case Edit():
            title = "You edited the details"
        case Add():
            course.person_sets(act.stage, act.at, FactId(act.id))
            course.word = None  # entering it by hand is a start, not a verdict against later mail
            course.taken_back = None
            title, stage = "You added it", act.stage
        case _:
            return None
    return TimelineEntry(at=act.at, fact=fact_id(act), by_person=True, title=title, stage=stage, note=note)


def _entry(signal: Signal, title: str, stage: Stage | None, *, reverted_by: FactId | None = None) -> TimelineEntry:
    return TimelineEntry(
        at=signal.at,
        fact=FactId(signal.id),
        kind=signal.kind,
        detail=signal.detail,
        title=title,
        stage=stage,
        evidence=signal.evidence,
        confidence=signal.confidence,
        subject=signal.subject,
        sender=Personal(signal.sender.name or signal.sender.address),
        sent=signal.sent,
        reverted=reverted_by is not None,
        reverted_by=reverted_by,
    )


class _Named:
    """Company, role and place as the person worded them, else as most mails do (the later one of equals)."""

    def __init__(self, live: Sequence[Signal], group: Group, acts: Sequence[Act]) -> None:
        edits = [act for act in acts if isinstance(act, Edit)]
        worded: list[Add | Edit] = [*group.adds, *edits]
        self.company = _last(each.company for each in worded) or _most(
            [each.company for each in live], lambda name: " ".join(company_words(name))
        )
        transferred = [each.role for each in live if each.detail is Detail.TRANSFERRED and each.role]
        self.role = (
            _last(each.role for each in worded)
            or _last(transferred)
            or _most([each.role for each in live], str.casefold)
        )
        self.location = _last(each.location for each in worded) or _most([each.location for each in live], str.casefold)


def _last(values: Iterable[Personal | None]) -> Personal | None:
    found = [each for each in values if each]
    return found[-1] if found else None


def _most(values: Sequence[Personal | None], normal: Callable[[str], str]) -> Personal | None:
    """The value most agree on; of equals the longest, then the first in the alphabet, whatever came first."""
    named = [each for each in values if each]
    if not named:
        return None
    votes: dict[str, int] = {}
    for each in named:
        votes[normal(each)] = votes.get(normal(each), 0) + 1
    return max(named, key=lambda each: (votes[normal(each)], len(each), each))


def _deadlines(live: Sequence[Signal]) -> tuple[Deadline, ...]:
    last: dict[Kind, Deadline] = {}
    for each in live:
        if each.deadline and each.kind in {Kind.ASSESSMENT, Kind.OFFER}:
            last[each.kind] = Deadline(due=each.deadline, kind=each.kind, fact=FactId(each.id))
    return tuple(last[kind] for kind in sorted(last))


def _contacts(live: Sequence[Signal]) -> tuple[tuple[Personal, Personal], ...]:
    found: dict[Personal, Personal] = {}
    for each in live:
        if each.domain and each.sender.address:
            found[each.sender.address] = each.sender.name or found.get(each.sender.address, Personal(""))
    return tuple(sorted(((name, address) for address, name in found.items()), key=lambda pair: (pair[1], pair[0])))
