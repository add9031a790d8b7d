"""One candidacy: its mail and the person's acts, taken in order, as the application they amount to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hearback.model.act import (
    Act,
    Add,
    Archive,
    Confirm,
    Correct,
    DropDeadline,
    DropRound,
    Edit,
    Link,
    MarkPrimary,
    Merge,
    Note,
    NotTheSame,
    SetDeadline,
    SetRound,
    SetStage,
    Split,
    Tag,
    Unarchive,
    Untag,
    named,
)
from hearback.model.application import Application, Part, ReviewItem, Settled, Stage, TimelineEntry
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId, Personal
from hearback.model.signal import Ability, Detail, Signal
from hearback.pipeline import review, rulings, stages
from hearback.pipeline.acts import Said, Word, order
from hearback.pipeline.correspondence import is_answer
from hearback.pipeline.diary import Diary
from hearback.pipeline.groups import Group
from hearback.pipeline.tone import by_hand
from hearback.pipeline.wording import parts, worded

_DIGEST_LETTERS: Final = 16


def candidacy(
    group: Group, spoken: Said, twins: Mapping[FactId, FactId]
) -> tuple[Application | None, list[ReviewItem]]:
    """The application of `group` (None: nothing of it is left), and which of its mail waits for the person."""
    members = group.facts
    ids = {fact_id(each) for each in members}
    acts = [act for act in spoken.all if not isinstance(act, Add) and ids & set(_shown_at(act))]
    taken = _Taken(spoken, group, ids)
    for fact in sorted([*members, *acts], key=order):
        taken.take(fact)
    live = [each for each in taken.applied if not each.sent]
    if not live and not group.adds:
        if not taken.timeline:
            return None, taken.doubts
        live = list(group.signals)
    mails = taken.applied or live
    edits = [act for act in acts if isinstance(act, Edit)]
    put_here = {FactId(each.id) for each in live if spoken.word(FactId(each.id)).linked is not None}
    times = [*(each.at for each in mails), *(each.at for each in group.adds)]
    course = taken.course
    timeline = tuple(
        replace(entry, why=group.why.get(entry.fact, "")) if not entry.by_person else entry
        for entry in sorted(taken.timeline, key=lambda entry: entry.at)
    )
    return (
        Application(
            facts=(*(fact_id(each) for each in members), *sorted(copy for copy, of in twins.items() if of in ids)),
            **worded(live, group, edits, put_here),
            ats=tuple(sorted({each.ats for each in live if each.ats})),
            stage=course.stage,
            stage_history=tuple(course.history),
            on_hold=course.on_hold,
            reopened=course.reopened,
            urgent=course.urgent,
            urgent_said=course.urgent and course.urgent_said,
            archived=course.archived,
            technical_round=course.technical_round,
            message_ids=tuple(dict.fromkeys(each.message_id for each in mails if each.message_id)),
            interviews=taken.diary.interviews(),
            deadlines=taken.diary.deadlines(),
            timeline=timeline,
            contacts=_contacts(live),
            first_contact_at=min(times),
            last_contact_at=max(times),
            answered_at=next((each.at for each in timeline if is_answer(each)), None),
            tags=tuple(sorted((taken.tags_by_rule | taken.tags).values(), key=lambda tag: (tag.casefold(), tag))),
            parts=parts(live, group, edits),
            apart=_apart(acts, ids),
            digests=tuple(dict.fromkeys(each.digest[:_DIGEST_LETTERS] for each in mails if each.digest)),
        ),
        taken.doubts,
    )


def _shown_at(act: Act) -> tuple[FactId, ...]:
    """The facts in whose application the act stands."""
    if isinstance(act, Split | NotTheSame):
        return named(act)
    about = getattr(act, "about", None)
    return (FactId(about),) if about is not None else ()


@dataclass
class _Taken:
    """What has come of the facts taken so far."""

    spoken: Said
    group: Group
    ids: set[FactId]
    course: stages.Course = field(default_factory=stages.Course)
    diary: Diary = field(default_factory=Diary)
    tags: dict[str, Personal] = field(default_factory=dict)
    tags_by_rule: dict[str, Personal] = field(default_factory=dict)
    timeline: list[TimelineEntry] = field(default_factory=list)
    applied: list[Signal] = field(default_factory=list)
    """Mail that acts, in order."""
    doubts: list[ReviewItem] = field(default_factory=list)

    def take(self, fact: Fact) -> None:
        """The next fact, in order."""
        if isinstance(fact, Signal):
            self._take_signal(fact)
        else:
            self._take_act(fact)

    def _take_signal(self, signal: Signal) -> None:
        word = self.spoken.word(FactId(signal.id))
        if word.reverted is not None:
            line = _entry(signal, word, "Change taken back", None, reverted_by=FactId(word.reverted.id))
            self.timeline.append(line)
            return
        if signal.sent:
            self.timeline.append(_entry(signal, word, *self._sent(signal)))
            self.applied.append(signal)
            return
        course = self.course
        vouched = word.confirmed is not None or bool(word.corrected)
        if vouched:
            signal = replace(signal, off=())  # their own word does what mail may not do by itself
        if any(act.kind is not None for act in word.corrected):
            signal = rulings.overruled(signal)
        wanted = stages.target(course, signal)
        if not vouched:
            if (wanted is not None and stages.overturns(course, wanted)) or self.diary.overturns(signal):
                self.doubts.append(review.item(signal, review.OVERTURNS))
                return
            if stages.reopens_by_other_mail(course, signal):
                self.doubts.append(review.item(signal, review.AFTER_REJECTION))
                return
        elif wanted is None and stages.reopens_by_other_mail(course, signal):
            wanted = stages.target(stages.Course(), signal)
        reopened = wanted is not None and course.stage is Stage.REJECTED
        if wanted is not None:
            course.move(wanted, signal.at, FactId(signal.id), signal.message_id)
            course.reopened = course.reopened or reopened
        stages.marks(course, signal)
        if Ability.DETECT_INTERVIEWS not in signal.off:
            self.diary.take(signal)
        for tag in signal.ruled.tags if signal.ruled is not None else ():
            self.tags_by_rule.setdefault(tag.casefold(), tag)
        if wanted is Stage.REJECTED:
            self.diary.end(signal.at, FactId(signal.id), signal.message_id)
        self.timeline.append(_entry(signal, word, stages.title(signal, wanted, reopened=reopened), wanted))
        self.applied.append(signal)

    def _sent(self, signal: Signal) -> tuple[str, Stage | None]:
        """What the person's own mail did."""
        course = self.course
        wanted = {Detail.WITHDRAWS: Stage.WITHDRAWN, Detail.ACCEPTS: Stage.ACCEPTED}.get(
            signal.detail or Detail.DELAYED
        )
        if wanted is None or course.stage is None or course.stage is wanted or Ability.UPDATE_STATUSES in signal.off:
            return "You wrote", None
        if wanted is Stage.ACCEPTED and course.stage is not Stage.OFFER_EXTENDED:
            return "You wrote", None
        course.person_sets(wanted, signal.at, FactId(signal.id), signal.message_id)
        if wanted is Stage.WITHDRAWN:
            self.diary.end(signal.at, FactId(signal.id), signal.message_id)
        return ("You withdrew" if wanted is Stage.WITHDRAWN else "You accepted the offer"), wanted

    def _take_act(self, act: Act) -> None:
        stage: Stage | None = None
        note: Personal | None = None
        course, at, id_ = self.course, act.at, FactId(act.id)
        match act:
            case SetStage():
                course.person_sets(act.stage, at, id_)
                title, stage = f"You moved it to {stages.LABELS[act.stage]}", act.stage
                if act.stage in stages.OVER:
                    self.diary.end(at, id_, "")
            case Add():
                course.person_sets(act.stage, at, id_)
                course.word = None  # entering it by hand is a start, not a verdict against later mail
                course.taken_back = None
                title, stage = "You added it", act.stage
            case Note():
                title, note, at = "You added a note", act.text, act.written_at or at
            case Edit():
                course.on_hold = course.on_hold if act.on_hold is None else act.on_hold
                if act.urgent is not None:
                    course.urgent, course.urgent_said = act.urgent, True
                title = "You edited the details"
            case Archive():
                course.archived, title = True, "You archived it"
            case Unarchive():
                course.archived, title = False, "You brought it back to the board"
            case Tag():
                self.tags.setdefault(act.tag.casefold(), act.tag)
                title, note = "You tagged it", act.tag
            case Untag():
                self.tags.pop(act.tag.casefold(), None)
                self.tags_by_rule.pop(act.tag.casefold(), None)
                title, note = "You took a tag off", act.tag
            case SetRound():
                self.diary.set_round(act)
                title = "You added an interview" if act.which is None else "You changed an interview"
            case DropRound():
                self.diary.drop_round(act)
                title = "You removed an interview"
            case SetDeadline():
                self.diary.set_deadline(act)
                title = "You added a deadline" if act.which is None else "You changed a deadline"
                note = Personal(act.due.replace("T", " "))
            case DropDeadline():
                self.diary.drop_deadline(act)
                title = "You removed a deadline"
            case _:
                told = self._arranged(act)
                if told is None:
                    return
                title, note = told
        self.timeline.append(
            TimelineEntry(at=at, fact=id_, by_person=True, title=title, stage=stage, note=note, batch=act.batch)
        )

    def _arranged(self, act: Act) -> tuple[str, Personal | None] | None:
        """What the person said of which mail is one application."""
        match act:
            case Merge():
                return "You merged another application into it", self._name_of(act.other)
            case MarkPrimary() if self.group.parts:
                return "You marked the main one of the merge", self._name_of(act.about)
            case NotTheSame():
                return "You said that it is not the same as another application", None
            case Split() if self.ids & set(act.signals):
                return "You split it off", None
            case Split():
                count = len(act.signals)
                return f"You split {count} mail{'' if count == 1 else 's'} off it", None
            case _:
                return None

    def _name_of(self, fact: FactId) -> Personal | None:
        """What the merged part that holds `fact` is called."""
        live = [each for each in self.group.signals if not each.sent]
        edits = [act for act in self.spoken.all if isinstance(act, Edit) and act.about in self.ids]
        part = next((each for each in parts(live, self.group, edits) if fact in each.facts), None)
        return _called(part) if part is not None else None


def _called(part: Part) -> Personal:
    return Personal(f"{part.company or 'Unknown company'} · {part.role or 'role not named'}")


_SETTLED: Final = {Confirm: "You confirmed it", Correct: "You corrected it", Link: "You put it here"}


def _entry(
    signal: Signal, word: Word, title: str, stage: Stage | None, *, reverted_by: FactId | None = None
) -> TimelineEntry:
    acts: Sequence[Confirm | Correct | Link] = sorted(
        {act.id: act for act in (word.confirmed, *word.corrected, word.linked) if act is not None}.values(), key=order
    )
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
        ruled=signal.ruled,
        from_human=not signal.sent and by_hand(signal.sender, signal.company),
        promised=signal.promised,
        reverted_by=reverted_by,
        settled=tuple(Settled(act=FactId(act.id), at=act.at, title=_SETTLED[type(act)]) for act in acts),
    )


def _apart(acts: Sequence[Act], ids: set[FactId]) -> tuple[FactId, ...]:
    """What the person said this one is not: the other side of each parting."""
    other: set[FactId] = set()
    for act in acts:
        match act:
            case NotTheSame():
                other |= {act.about, act.other} - ids
            case Split():
                other |= {act.about, *act.signals} - ids
            case _:
                pass
    return tuple(sorted(other))


def _contacts(live: Sequence[Signal]) -> tuple[tuple[Personal, Personal], ...]:
    found: dict[Personal, Personal] = {}
    for each in live:
        if each.domain and each.sender.address:
            found[each.sender.address] = each.sender.name or found.get(each.sender.address, Personal(""))
    return tuple(sorted(((name, address) for address, name in found.items()), key=lambda pair: (pair[1], pair[0])))
