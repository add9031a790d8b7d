"""fold(facts) → applications, leads, interviews, review items. Pure, total, a function of the set.

Per component: duplicates are collapsed, the person's words are applied, accepted signals are grouped, each group's facts
are taken in canonical order (received time, then the provider's id). Nothing here knows the clock or the arrival order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hearback.model.application import Application, Folded, ReviewItem
from hearback.model.deciding import decide
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId
from hearback.model.lesson import Lesson, SenderWord, Taught
from hearback.model.message import Authenticity
from hearback.model.signal import Decision, Kind, Signal
from hearback.pipeline import imitated, review, rulings, supposed
from hearback.pipeline.acts import Said, Word, corrected, decision
from hearback.pipeline.anchors import anchored
from hearback.pipeline.candidacy import candidacy
from hearback.pipeline.candidates import Homes
from hearback.pipeline.finding import Found, Placed
from hearback.pipeline.grouping import components
from hearback.pipeline.groups import Group, group_of
from hearback.pipeline.hearing import Heard, hear
from hearback.pipeline.lessons import Reader, lessons_of
from hearback.pipeline.placing import place
from hearback.pipeline.standing import blocked, trusted

_LOOKS: Final = 5
"""Which application an act means can depend on what others mean; mail that is in one at every look settles it."""


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


def fold_component(facts: Iterable[Fact], lessons: Sequence[Lesson | SenderWord]) -> Folded:
    """The fold of connected facts (of any facts: what is not connected does not meet) under all of the person's lessons."""
    return fold_heard(hear(facts), lessons)


def fold_heard(heard: Heard, lessons: Sequence[Lesson | SenderWord]) -> Folded:
    """See fold_component."""
    words = [each for each in lessons if isinstance(each, SenderWord)]
    reader = Reader(heard, [each for each in lessons if isinstance(each, Lesson)])
    readings = [reader.read(each) for each in heard.signals]
    taught: dict[str, tuple[Taught, ...]] = {each.signal.id: each.taught for each in readings if each.taught}
    spoken, found = _settled([each.signal for each in readings], heard.spoken, words)
    doubted: list[ReviewItem] = []
    homes: list[tuple[Group, Application]] = []
    for group in found.groups:
        application, doubts = candidacy(group, spoken, heard.twins)
        doubted += doubts
        if application is not None:
            homes.append((group, _explained(application, taught)))
    home = Homes(homes, heard.twins)
    waiting = [home.at_home(each) for each in doubted]
    for each in found.read:
        if found.decisions[each.id] is Decision.REVIEW:
            learned = any(because.kind for because in taught.get(each.id, ()))
            item = review.item(each, review.reason(each, learned=learned))
            waiting.append(home.offered(item, found.board.find(group_of(each, spoken))))
        elif (doubt := found.board.unplaced.get(FactId(each.id))) is not None:
            waiting.append(home.offered(review.item(each, _why_doubtful(doubt)), doubt))
    read = {FactId(each.id): each for each in found.read}
    hidden = {
        fact: word for fact, each in read.items() if (word := blocked(each, spoken.word(fact), words)) is not None
    }
    shown = [_because(each, taught) for each in waiting if each.fact not in hidden]
    left_out = [
        review.item(each, review.LEFT_OUT)
        for fact, each in read.items()
        if fact in taught and found.decisions[each.id] is Decision.IGNORE
        if fact not in hidden or each.kind is Kind.OTHER
    ]
    left_out += [
        review.item(each, review.RULED_OUT)
        for fact, each in read.items()
        if fact not in taught and fact not in hidden and found.decisions[each.id] is Decision.IGNORE
        if rulings.ruled_out(each, spoken.word(fact))
    ]
    waited = {each.fact for each in waiting}
    left_out += [
        replace(review.item(read[fact], review.BLOCKED), blocked_by=word.act)
        for fact, word in hidden.items()
        if fact in waited or (found.decisions[read[fact].id] is Decision.IGNORE and read[fact].kind is not Kind.OTHER)
    ]
    return Folded(
        applications=tuple(sorted((each for _, each in homes), key=application_order)),
        review=tuple(sorted(supposed.told(shown, heard, lessons, fold_heard), key=review_order)),
        left_out=tuple(sorted((_because(each, taught) for each in left_out), key=review_order)),
    )


def _settled(mail: Sequence[Signal], heard: Said, words: Sequence[SenderWord]) -> tuple[Said, _Sorted]:
    """What the acts mean, and how the mail sorts under that."""
    spoken, found = heard, _sorted(mail, heard, words)
    placed = found.placed
    for _ in range(_LOOKS):
        before, spoken = spoken, anchored(heard, placed, lambda some: _sorted(mail, some, words).groups)
        if spoken.all == before.all:
            break
        found = _sorted(mail, spoken, words)
        placed &= found.placed
    if placed != found.placed:
        spoken = anchored(heard, found.placed, lambda some: _sorted(mail, some, words).groups, shaped=spoken)
    return spoken, found


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Mail as the person says it reads, what happens to each, and which of it is one candidacy."""

    read: Sequence[Signal]
    decisions: Mapping[str, Decision]
    board: Placed

    @property
    def groups(self) -> Sequence[Group]:
        """The candidacies."""
        return self.board.groups

    @property
    def placed(self) -> set[FactId]:
        """What is in a candidacy."""
        return {fact_id(fact) for group in self.groups for fact in group.facts}


def _sorted(mail: Sequence[Signal], spoken: Said, words: Sequence[SenderWord]) -> _Sorted:
    read = [corrected(each, spoken.word(FactId(each.id))) for each in mail]
    decisions: dict[str, Decision] = {each.id: decision(each, spoken.word(FactId(each.id))) for each in read}
    decisions |= dict.fromkeys(_come_since_blocked(read, spoken, words), Decision.IGNORE)
    placed = _placed(read, decisions, spoken)
    vouched = _vouched_for(read, decisions, placed, spoken, words)
    decisions |= vouched
    if vouched:
        placed = _placed(read, decisions, spoken)
    doubted = imitated.doubts(placed.groups, spoken)
    if doubted:
        read = [replace(each, doubt=doubted.get(each.id, each.doubt)) for each in read]
        decisions |= dict.fromkeys(doubted, Decision.REVIEW)
        placed = _placed(read, decisions, spoken)
    return _Sorted(read, decisions, placed)


def _placed(read: Sequence[Signal], decisions: Mapping[str, Decision], spoken: Said) -> Placed:
    """What counts, put into candidacies; what waits takes part where nothing speaks against its sender."""
    held_back = [
        each
        for each in read
        if decisions[each.id] is Decision.REVIEW and each.doubt is None and each.authenticity is not Authenticity.FAIL
    ]
    return place([each for each in read if decisions[each.id] is Decision.APPLY], spoken, held_back)


def _because(item: ReviewItem, taught: Mapping[str, tuple[Taught, ...]]) -> ReviewItem:
    return replace(item, taught=taught[item.fact]) if item.fact in taught else item


def _explained(application: Application, taught: Mapping[str, tuple[Taught, ...]]) -> Application:
    if not any(entry.fact in taught for entry in application.timeline):
        return application
    lines = (replace(each, taught=taught.get(each.fact, ())) for each in application.timeline)
    return replace(application, timeline=tuple(lines))


def _come_since_blocked(read: Sequence[Signal], spoken: Said, words: Sequence[SenderWord]) -> list[str]:
    """Mail received after its sender was blocked. What came before keeps what it has done; what of it waits is left out."""
    found = ((each, blocked(each, spoken.word(FactId(each.id)), words)) for each in read)
    return [each.id for each, word in found if word is not None and each.at > word.at]


def _vouched_for(
    read: Sequence[Signal],
    decisions: Mapping[str, Decision],
    placed: Placed,
    spoken: Said,
    words: Sequence[SenderWord],
) -> dict[str, Decision]:
    """What becomes of signals not sure enough by themselves whose thread or employer is already known from an application of
    the person's, or whose sender they trust: knowing that there is a process makes what the mail says about it surer, and
    what seemed to be about none worth a look.
    """
    found: dict[str, Decision] = {}
    for each in read:
        if decisions[each.id] is Decision.REVIEW or (each.faint and _open(each, spoken.word(FactId(each.id)), words)):
            by_word = trusted(each, words)
            home = placed.find(group_of(each, spoken)) if _is_process(each) and not by_word else None
            if by_word or (home is not None and _known(home)):
                then = decide(each, known=True)
                if then is not decisions[each.id]:
                    found[each.id] = then
            elif each.faint and home is not None and _goes_on(home):
                found[each.id] = Decision.REVIEW  # no more than that: who approaches could write both
    return found


def _open(signal: Signal, word: Word, words: Sequence[SenderWord]) -> bool:
    """The person has said nothing by which the mail is to be left alone."""
    ruled_out = signal.ruled is not None and signal.ruled.leaves_out
    return word.ignored is None and word.reverted is None and not ruled_out and blocked(signal, word, words) is None


def _known(found: Found) -> bool:
    return found.home is not None and found.home.is_process


def _goes_on(found: Found) -> bool:
    """It goes on with the conversation of an approach, and the same person or house writes."""
    return any(each.group is found.home and each.match.threaded and each.match.contact for each in found.ranked)


def _is_process(signal: Signal) -> bool:
    return not signal.sent and signal.kind not in {None, Kind.OTHER, Kind.RECRUITER_OUTREACH}


def _why_doubtful(found: Found) -> str:
    if found.home is not None:
        return review.OTHER_WAITS
    return review.SEVERAL_FIT if any(each.match.joins for each in found.ranked) else review.NO_NAMES
