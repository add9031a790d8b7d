"""Everything that can happen to a person's applications, in any order: what must hold after every step."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from memory import Memory, exported
from strategies import RULE_LISTS, SORTS, START, act_of, invitation, signal, signals
from subscribed import BOXES, Subscribed

from hearback.model.act import (
    MOST_BESIDE,
    Act,
    Add,
    ApplyRules,
    Archive,
    BlockSender,
    Confirm,
    Correct,
    Edit,
    Ignore,
    Link,
    Merge,
    NotTheSame,
    SetStage,
    Split,
    Tag,
    TrustDomain,
    Unarchive,
    Undo,
    Untag,
    named,
)
from hearback.model.application import Application, Folded
from hearback.model.errors import Permanent
from hearback.model.facts import fact_id
from hearback.model.ids import ActId, FactId, MailboxId, Personal
from hearback.model.person import AutomationMode
from hearback.model.plan import Plan
from hearback.model.rule import Rules
from hearback.model.signal import Ability, InterviewAction, Kind, Signal
from hearback.pipeline.acts import effective, order
from hearback.pipeline.folding import fold
from hearback.pipeline.stages import RANK
from hearback.sync import renew, rulebook

ON_ONE_MAIL = (Confirm, Ignore, Correct, Link)
TAGS_OF_RULES = {"dream", "far", "x"}
"""No words of the person's (strategies.TAGS)."""
THOROUGH = bool(os.environ.get("HEARBACK_PROOF"))


@st.composite
def close_mail(draw: st.DrawFn, number: int) -> Signal:
    """Sure mail about one of three openings at one employer: it meets."""
    role = draw(st.sampled_from(["Backend Engineer", "Data Analyst", "Night Porter"]))
    kind = draw(st.sampled_from([each for each in Kind if each is not Kind.OTHER]))
    start = draw(st.sampled_from([START + timedelta(days=day) for day in (21, 23)]))
    return signal(
        number,
        received_at=START + timedelta(days=draw(st.integers(0, 12)), minutes=number),
        role=Personal(role),
        thread_id=draw(st.none() | st.just(role)),
        kind=kind,
        interview=invitation(draw(st.sampled_from(list(InterviewAction))), start)
        if kind is Kind.INTERVIEW_INVITATION
        else None,
        deadline=draw(st.none() | st.just("2026-10-01")) if kind in {Kind.ASSESSMENT, Kind.OFFER} else None,
    )


class Person(RuleBasedStateMachine):
    """Mail comes, late and twice; the person does all they can do, takes it back, and does it again."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.mode = AutomationMode.SMART
        self.count = 0
        self.now = START + timedelta(days=20)
        self.rules = Rules().rules
        self.plan = Plan.PERSONAL
        self.desk = Subscribed(lambda: self.now, self._is_read)

    # what happens

    @initialize(data=st.data())
    def there_is_mail(self, data: st.DataObject) -> None:
        """A few mails about few openings, before anybody acts."""
        for _ in range(4):
            self._comes(BOXES[0], data.draw(close_mail(self._next())))

    @rule(data=st.data(), late=st.booleans(), box=st.sampled_from(BOXES))
    def mail_arrives(self, data: st.DataObject, late: bool, box: MailboxId) -> None:
        """Late: it was received long ago. What is imported has been ruled already, by whatever rules there were."""
        number = self._next()
        read = data.draw(close_mail(number) | signals(number))
        self._comes(box, replace(read, received_at=read.received_at if late else self.now))

    @precondition(lambda self: self.memory.facts)
    @rule(data=st.data())
    def something_comes_again(self, data: st.DataObject) -> None:
        """A duplicate changes nothing."""
        before = exported(self.memory.folded())
        self.memory.add([data.draw(st.sampled_from(list(self.memory.facts.values())))])
        assert exported(self.memory.folded()) == before

    @precondition(lambda self: self.mail())
    @rule(data=st.data())
    def a_new_model_reads_a_mail_otherwise(self, data: st.DataObject) -> None:
        """As after an update."""
        old = data.draw(st.sampled_from(self.mail()))
        names = ("id", "mailbox_id", "provider_message_id", "received_at", "mode", "sent", "digest")
        kept = {name: getattr(old, name) for name in names}
        read = data.draw(signals(self._next()))
        self.memory.revise(replace(read, **kept, kind=Kind.OTHER if old.sent else read.kind))

    @rule(mode=st.sampled_from(list(AutomationMode)))
    def the_mode_is_changed(self, mode: AutomationMode) -> None:
        """It is stamped on mail that is read from now on."""
        self.mode = mode

    @rule(to=st.sampled_from(list(Plan)))
    def the_plan_changes(self, to: Plan) -> None:
        """That changes nothing of what was read; then what waited is read."""
        before = exported(self.memory.folded())
        self.plan = to
        self.desk.change(to)
        assert exported(self.memory.folded()) == before
        self.desk.work()

    @rule(wanted=RULE_LISTS)
    def the_person_writes_rules(self, wanted: Rules) -> None:
        """For mail that is read from now on, and only where the plan has them."""
        before = exported(self.memory.folded())
        if self.desk.has_rules:
            self.desk.write_rules(wanted.rules)
            self.rules = wanted.rules
        else:
            with pytest.raises(Permanent):
                self.desk.write_rules(wanted.rules)
        assert exported(self.memory.folded()) == before

    @rule(data=st.data(), sort=st.sampled_from(SORTS))
    def the_person_acts(self, data: st.DataObject, sort: type[Act]) -> None:
        """In any way."""
        self._act(data, sort)

    @rule(data=st.data(), sort=st.sampled_from([Split, Merge, Link, NotTheSame, Ignore, Correct]))
    def the_person_arranges(self, data: st.DataObject, sort: type[Act]) -> None:
        """Which mail is one application."""
        self._act(data, sort)

    @rule(data=st.data(), sort=st.sampled_from([SetStage, Tag, Untag, Archive]))
    def the_person_files(self, data: st.DataObject, sort: type[Act]) -> None:
        """Where an application stands."""
        self._act(data, sort)

    def _act(self, data: st.DataObject, sort: type[Act]) -> None:
        """On an application or a pending mail mostly, at times on what is not there; two applications are two."""
        folded = self.memory.folded()
        shown = [fact for each in folded.applications for fact in each.facts] + [each.fact for each in folded.review]
        anchors = [each.anchors[0] for each in folded.applications]
        about = data.draw(st.sampled_from([*((shown if sort in ON_ONE_MAIL else anchors) or ["nobody"]), "nobody"]))
        home = next((each for each in folded.applications if about in each.facts), None)
        own = [each for each in home.anchors if each != about] if home is not None else []
        others = [each.anchors[0] for each in folded.applications if each is not home]
        if sort in {Link, Merge, NotTheSame} and not others:
            return
        other, ids = data.draw(st.sampled_from(others or ["nobody"])), [about, *own]
        if sort is Split:
            if not own:
                return
            about, other, ids = own[-1], about, own[:-1] or own
        base = self._base()
        if sort is Link:
            base["beside"] = next(each.anchors[1:] for each in folded.applications if each.anchors[0] == other)
        elif sort not in {*ON_ONE_MAIL, Add}:
            base["beside"] = tuple(own[:MOST_BESIDE])
        self._do(data.draw(act_of(sort, base, about, other, ids)))

    @precondition(lambda self: self.acts())
    @rule(data=st.data())
    def an_act_is_taken_back(self, data: st.DataObject) -> None:
        """Mail may have come since: it is as if the act had never been. An Undo taken back is a redo."""
        act = data.draw(st.sampled_from(self.acts()))
        without = [fact for fact in self.memory.facts.values() if fact is not act]
        self._do(Undo(**self._base(), about=FactId(act.id)))
        if not any(act.id in named(each) for each in without if not isinstance(each, Signal)):
            assert exported(fold(without)) == exported(self.memory.folded())

    @precondition(lambda self: self.acts())
    @rule(data=st.data())
    def an_act_taken_back_and_done_again_is_there(self, data: st.DataObject) -> None:
        """A redo is exact."""
        act = data.draw(st.sampled_from([each for each in self.acts() if each in self.held()] or self.acts()[-1:]))
        undo = Undo(**self._base(), about=FactId(act.id))
        redo = Undo(**self._base(), about=FactId(undo.id))
        assert exported(fold([*self.memory.facts.values(), undo, redo])) == exported(self.memory.folded())

    # what must hold

    @invariant()
    def mail_waits_only_where_the_plan_has_no_room(self) -> None:
        """In the mailbox connected last, under Free. All else was read, once."""
        paused = {BOXES[1]} if self.plan is Plan.FREE else set()
        assert self.desk.paused() == paused
        assert self.desk.waiting({each.provider_message_id for each in self.mail()}) <= paused

    @invariant()
    def providers_tell_of_new_mail_where_the_plan_has_it(self) -> None:
        """A smaller plan ends the watch, a larger one makes it anew."""
        watched = {each.id for each in self.desk.mailboxes if each.watch is not None}
        assert watched == (set() if self.plan is Plan.FREE else set(BOXES))
        assert watched == {each.id for each in self.desk.mailboxes if renew.wants_push(self.desk.rooms, each)}

    @invariant()
    def the_rules_are_as_last_written(self) -> None:
        """Whatever plan there was meanwhile."""
        assert rulebook.stored(self.desk.rooms, self.desk.person).rules == self.rules

    @invariant()
    def step_by_step_is_from_scratch_in_any_order(self) -> None:
        """Incremental, ordered and shuffled folds are one."""
        facts = list(self.memory.facts.values())
        scratch = exported(fold(facts))
        assert exported(self.memory.folded()) == scratch
        Random(self.count).shuffle(facts)
        assert exported(fold(facts)) == scratch

    @invariant()
    def every_mail_is_in_one_place(self) -> None:
        """One line of one application, one review item or left out; nowhere only what nobody wants to see."""
        places = self._places()
        for mail in originals(self.mail()):
            count = places[FactId(mail.id)]
            assert count <= 1, mail
            if count == 0:
                assert self._unwanted(mail), mail

    @invariant()
    def every_act_on_an_application_shows_once(self) -> None:
        """Whatever became of the mail it named, as long as that is somewhere."""
        folded = self.memory.folded()
        lines = Counter(entry.fact for each in folded.applications for entry in each.timeline if entry.by_person)
        home = homes(folded)
        for act in self.held():
            if isinstance(act, (*ON_ONE_MAIL, Split, NotTheSame, ApplyRules, BlockSender, TrustDomain)) or type(
                act
            ).__name__ in {
                "Revert",
                "MarkPrimary",
            }:
                continue
            beside = () if isinstance(act, Merge | Edit) else act.beside
            if isinstance(act, Add) or any(each in home for each in (act.about, *beside)):
                assert lines[FactId(act.id)] == 1, act

    @invariant()
    def the_persons_stage_holds(self) -> None:
        """It is what shows unless something later moved it; an end only they, or mail they vouched for, can reopen."""
        for application in self.memory.folded().applications:
            words = [each for each in self._shown(application) if isinstance(each, SetStage | Add)]
            if not words or isinstance(words[-1], Add) or application.stage is words[-1].stage:
                continue
            last = application.stage_history[-1]
            assert last.at >= words[-1].at, application
            if words[-1].stage not in RANK:
                mover = self.memory.facts[last.fact]
                vouched = {each.about for each in self.held() if isinstance(each, Confirm | Correct)}
                assert isinstance(mover, Signal)
                assert mover.sent or vouched & self._copies(mover), application

    @invariant()
    def what_was_put_somewhere_stays(self) -> None:
        """A link and a merge hold, unless a later act moved what they name."""
        home, moved = homes(self.memory.folded()), self._moved()
        for act in self.held():
            match act:
                case Link() | Merge():
                    target = act.application if isinstance(act, Link) else act.other
                    ends = [self._original(each) for each in (act.about, target)]
                    after = [moved.get(each, act) for each in ends]
                    settled = all(each is act or order(each) < order(act) for each in after)
                    mail = isinstance(act, Merge) or isinstance(self.memory.facts.get(act.about), Signal)
                    if settled and mail and all(each in home for each in ends):
                        assert home[ends[0]] is home[ends[1]], act
                case _:
                    pass

    @invariant()
    def what_was_split_off_stays(self) -> None:
        """Together, and without mail that was there before."""
        home, moved, placed = homes(self.memory.folded()), self._moved(), self._moved(placed=True)
        for act in self.held():
            if not isinstance(act, Split):
                continue
            split = {self._original(each) for each in act.signals}
            kept = [each for each in split if moved.get(each) is act and each in home]
            assert len({id(home[each]) for each in kept}) <= 1, act
            if not kept or home[kept[0]].parts:
                continue
            for each in home[kept[0]].facts:
                fact = self.memory.facts[each]
                there = self._original(each) in split or isinstance(placed.get(self._original(each)), Link | Confirm)
                assert there or fact.at > act.at, (act, each)

    @invariant()
    def ignored_mail_never_shows(self) -> None:
        """Not in a timeline, not in review, not among what is left out."""
        places = self._places()
        last: dict[FactId, Act] = {}
        for act in self.held():
            if isinstance(act, Confirm | Ignore):
                last[self._original(act.about)] = act
        assert not [fact for fact, act in last.items() if isinstance(act, Ignore) and places[fact]]

    @invariant()
    def tags_and_the_archive_are_as_last_said(self) -> None:
        """Only mail that asks something brings back what was archived."""
        for application in self.memory.folded().applications:
            words = self._shown(application)
            tags = {each.tag.casefold(): isinstance(each, Tag) for each in words if isinstance(each, Tag | Untag)}
            shown = {each.casefold() for each in application.tags}
            assert shown >= {tag for tag, there in tags.items() if there}
            assert shown - TAGS_OF_RULES <= {tag for tag, there in tags.items() if there}
            filed = [each for each in words if isinstance(each, Archive | Unarchive)]
            last = filed[-1] if filed else None
            if not isinstance(last, Archive):
                assert not application.archived
            elif not application.archived:
                later = [each for each in application.timeline if each.at >= last.at and not each.by_person]
                assert any(each.kind in {Kind.ASSESSMENT, Kind.OFFER, Kind.INTERVIEW_INVITATION} for each in later)

    # how it is told

    def mail(self) -> list[Signal]:
        return [each for each in self.memory.facts.values() if isinstance(each, Signal)]

    def acts(self) -> list[Act]:
        return [each for each in self.memory.facts.values() if not isinstance(each, Signal)]

    def held(self) -> tuple[Act, ...]:
        return effective(self.acts())

    def _comes(self, box: MailboxId, said: Signal) -> None:
        if said.mailbox_id == "import-2":
            self.memory.add([replace(said, mode=self.mode)])
        else:
            self.desk.arrives(box, said)

    def _is_read(self, said: Signal) -> None:
        assert said.ruled is None or self.plan is not Plan.FREE
        assert fact_id(said) not in self.memory.facts
        self.memory.add([replace(said, mode=self.mode)])

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _base(self) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        return {"id": ActId(f"act{self._next()}"), "at": self.now}

    def _do(self, act: Act) -> None:
        self.memory.add([act])
        self.now += timedelta(minutes=1)

    def _places(self) -> Counter[FactId]:
        folded = self.memory.folded()
        lines = (entry.fact for each in folded.applications for entry in each.timeline if not entry.by_person)
        return Counter([*lines, *(each.fact for each in (*folded.review, *folded.left_out))])

    def _shown(self, application: Application) -> list[Act]:
        """The acts of an application's timeline, in order."""
        found = (self.memory.facts[each.fact] for each in application.timeline if each.by_person)
        return sorted((each for each in found if not isinstance(each, Signal)), key=order)

    def _unwanted(self, signal: Signal) -> bool:
        """Nobody asked to see it: own mail, or none of the job search by its reading or the person's word."""
        copies = self._copies(signal)
        words = [each for each in self.held() if isinstance(each, ON_ONE_MAIL) and each.about in copies]
        kinds = [each.kind for each in words if isinstance(each, Correct) and each.kind is not None]
        ignored = [each for each in words if isinstance(each, Confirm | Ignore)]
        return (
            signal.sent
            or (kinds[-1] if kinds else signal.kind) is Kind.OTHER
            or bool(ignored and isinstance(ignored[-1], Ignore))
        )

    def _copies(self, signal: Signal) -> set[FactId]:
        return {fact_id(each) for each in self.mail() if twin(each) == twin(signal)}

    def _original(self, fact: FactId) -> FactId:
        signal = self.memory.facts.get(fact)
        if not isinstance(signal, Signal):
            return fact
        return fact_id(min((each for each in self.mail() if twin(each) == twin(signal)), key=order))

    def _moved(self, *, placed: bool = False) -> dict[FactId, Act]:
        """The last act that put each mail where it is, or (not only `placed`) took it out."""
        moved: dict[FactId, Act] = {}
        for act in self.held():
            out = isinstance(act, Ignore | Correct) and not placed
            if out or isinstance(act, Link) or (isinstance(act, Confirm) and act.application is not None):
                moved[self._original(act.about)] = act
            elif isinstance(act, Split):
                moved |= {self._original(each): act for each in act.signals}
        return moved


def twin(signal: Signal) -> tuple[str, str, str]:
    """What copies of one mail have in common."""
    if not signal.digest or Ability.DUPLICATE_DETECTION in signal.off:
        return ("", "", signal.id)
    return (signal.message_id, signal.sender.address, signal.digest)


def originals(mail: Iterable[Signal]) -> list[Signal]:
    first: dict[tuple[str, str, str], Signal] = {}
    return [each for each in sorted(mail, key=order) if first.setdefault(twin(each), each) is each]


def homes(folded: Folded) -> dict[FactId, Application]:
    """Where each mail has its line, and where each Add is."""
    found: dict[FactId, Application] = {}
    for application in folded.applications:
        lines = {entry.fact for entry in application.timeline}
        found |= {fact: application for fact in application.facts if fact in lines}
    return found


Person.TestCase.settings = settings(
    max_examples=1000 if THOROUGH else 100,
    stateful_step_count=60 if THOROUGH else 30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestPerson = Person.TestCase
