"""What rules make of a mail: in their order, the earlier one first; and what never counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import RULE_LISTS, RULES, START, rule, rules, signal

from hearback.model.application import Stage
from hearback.model.ids import MailboxId, Personal
from hearback.model.message import Address
from hearback.model.rule import Rule, Rules
from hearback.model.signal import Kind
from hearback.pipeline.conflicts import contradictions, covers, does, shadows
from hearback.pipeline.rules import Seen, fits, ignored_unopened, ruling, seen

MAIL = seen(signal(1, kind=Kind.STATUS_UPDATE, company=Personal("Acme Labs"), subject=Personal("News")))


@pytest.mark.parametrize(
    ("made", "does_fit"),
    [
        (rule("r"), True),
        (rule("r", "From: *@acme.example"), True),
        (rule("r", "From: *@other.example"), False),
        (rule("r", "Subject: news\nFrom: jobs"), True),
        (rule("r", kinds=(Kind.OFFER, Kind.STATUS_UPDATE)), True),
        (rule("r", kinds=(Kind.OFFER,)), False),
        (rule("r", companies=("acme",)), True),
        (rule("r", companies=("acm",)), False),
        (rule("r", mailboxes=(MailboxId("gmail-1"),)), True),
        (rule("r", mailboxes=(MailboxId("gmail-2"),)), False),
        (rule("r", "From: *@acme.example", kinds=(Kind.OFFER,)), False),
        (rule("r", on=False), False),
    ],
)
def test_a_rule_fits_where_all_it_names_does(made: Rule, does_fit: bool) -> None:
    """Filter, kind, company and mailbox; one that is off fits nothing."""
    assert fits(made, MAIL) is does_fit


def test_what_rules_say_adds_up_and_the_earlier_one_counts() -> None:
    """Of two kinds and two stages the first; all tags; one that adds nothing is not named."""
    found = ruling(
        rules(
            rule("a", tag=Personal("dream")),
            rule("b", kind=Kind.OFFER, tag=Personal("dream"), at=START.replace(year=2027)),
            rule("c", kind=Kind.REJECTION, stage=Stage.INTERVIEWING),
            rule("d", kind=Kind.OTHER, stage=Stage.REJECTED),
            rule("e", tag=Personal("far"), notify=True),
        ),
        MAIL,
    )
    assert found is not None
    assert (found.kind, found.stage, found.tags) == (Kind.OFFER, Stage.INTERVIEWING, ("dream", "far"))
    assert (found.names, found.notify, found.ignore) == (("a", "b", "c", "e"), True, False)
    assert (found.version, found.at.year) == (3, 2027)


def test_ignore_counts_only_before_everything_else() -> None:
    """What comes first decides; after Ignore nothing does anything."""
    ignoring, tagging = rule("i", ignore=True), rule("t", tag=Personal("x"))
    first, second = ruling(rules(ignoring, tagging), MAIL), ruling(rules(tagging, ignoring), MAIL)
    assert first is not None
    assert second is not None
    assert (first.ignore, first.tags, first.names) == (True, (), ("i",))
    assert (second.ignore, second.tags, second.names) == (False, ("x",), ("t",))


def test_rules_that_fit_nothing_say_nothing() -> None:
    """None, so that nothing is stamped."""
    assert ruling(rules(rule("a", "Subject: offer", tag=Personal("x"))), MAIL) is None
    assert ruling(rules(rule("a")), MAIL) is None


@pytest.mark.parametrize(
    ("every", "ignored"),
    [
        ([rule("i", "From: jobs@*", ignore=True)], True),
        ([rule("i", "From: jobs@*", ignore=True, on=False)], False),
        ([rule("i", "From: jobs@*", ignore=True, kinds=(Kind.OFFER,))], False),
        ([rule("t", "From: jobs@*", tag=Personal("x")), rule("i", "From: jobs@*", ignore=True)], False),
        ([rule("t", "From: ann@*", tag=Personal("x")), rule("i", "From: jobs@*", ignore=True)], True),
        ([rule("t", kinds=(Kind.OFFER,), stage=Stage.REJECTED), rule("i", "From: jobs@*", ignore=True)], False),
        ([rule("j", kinds=(Kind.OFFER,), ignore=True), rule("i", "From: jobs@*", ignore=True)], True),
    ],
)
def test_mail_is_ignored_unopened_only_where_nothing_inside_could_change_that(every: list[Rule], ignored: bool) -> None:
    """A rule before it that might do something with the mail has it opened."""
    assert ignored_unopened(rules(*every), MAIL) is ignored


MAILS = st.builds(
    Seen,
    mailbox=st.sampled_from([MailboxId("gmail-1"), MailboxId("gmail-2")]),
    sender=st.sampled_from(["jobs@acme.example", "ann@acme.example", "jobs@other.example"]).map(
        lambda a: Address(Personal(a))
    ),
    subject=st.sampled_from(["News", "Newest offer", "Hello"]),
    kind=st.none() | st.sampled_from([Kind.OFFER, Kind.STATUS_UPDATE]),
    company=st.none() | st.sampled_from(["Acme", "Acme Labs"]),
)


@given(RULE_LISTS, MAILS)
def test_what_is_ignored_unopened_is_ignored_opened(made: Rules, mail: Seen) -> None:
    """Whatever kind and company it would have had."""
    if ignored_unopened(made, replace(mail, kind=None, company=None)):
        found = ruling(made, mail)
        assert found is not None
        assert found.ignore


@given(RULE_LISTS, MAILS)
def test_what_is_said_never_to_count_changes_nothing(made: Rules, mail: Seen) -> None:
    """Without the rules that are told to be for nothing, every mail fares the same."""
    dead = {each.rule for each in shadows(made) if each.never}
    without = replace(made, rules=tuple(each for each in made.rules if each.id not in dead))
    before, after = ruling(made, mail), ruling(without, mail)
    assert (before and replace(before, names=())) == (after and replace(after, names=()))
    assert not before or not dead & set(before.names)


@given(RULES, RULES, MAILS)
def test_a_rule_that_covers_fits_all_that_the_other_fits(wide: Rule, narrow: Rule, mail: Seen) -> None:
    """In all it names."""
    if covers(wide, narrow) and wide.on and fits(narrow, mail):
        assert fits(wide, mail)


def test_a_rule_that_never_counts_is_told_with_those_that_shadow_it() -> None:
    """Wholly, or in what it does; one that is off does not shadow."""
    wide = rule("wide", "From: *@acme.example", kind=Kind.OFFER)
    narrow = rule("narrow", "From: jobs@acme.example", kind=Kind.REJECTION, tag=Personal("x"))
    (only,) = shadows(rules(wide, narrow))
    assert (only.rule, only.by, only.lost, only.never) == ("narrow", ("wide",), ("kind",), False)
    (all_,) = shadows(rules(wide, replace(narrow, tag=None)))
    assert all_.never
    assert shadows(rules(replace(wide, on=False), narrow)) == ()
    assert shadows(rules(narrow, wide)) == ()
    ignoring = rule("ignoring", "From: acme.example", ignore=True)
    (dead,) = shadows(rules(ignoring, narrow))
    assert (dead.lost, dead.never) == (does(narrow), True)
    (never_ignores,) = shadows(rules(wide, rule("late", "From: jobs@acme.example", ignore=True)))
    assert (never_ignores.rule, never_ignores.lost, never_ignores.never) == ("late", ("ignore",), True)


def test_rules_that_say_different_things_of_a_mail_are_told() -> None:
    """Another kind, another stage, or that it is ignored; the same thing said twice is none."""
    made = rules(
        rule("a", kind=Kind.OFFER),
        rule("b", "Subject: news", kind=Kind.REJECTION),
        rule("c", kind=Kind.OFFER),
        rule("d", "Subject: other", kind=Kind.REJECTION),
        rule("e", ignore=True),
    )
    found = [(each.earlier, each.later, each.what) for each in contradictions(made, MAIL)]
    assert found == [
        ("a", "b", "kind"),
        ("b", "c", "kind"),
        ("a", "e", "ignore"),
        ("b", "e", "ignore"),
        ("c", "e", "ignore"),
    ]
