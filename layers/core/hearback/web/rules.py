"""The Rules settings: add, edit, order, switch off, delete; a dry run over the mail of before, applying it, taking it back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.act import ApplyRules
from hearback.model.application import Stage
from hearback.model.filter import Filter, written
from hearback.model.ids import ActId, FactId, MailboxId, Personal
from hearback.model.mailbox import Mailbox
from hearback.model.plan import FEATURE_LABELS, PLAN_LABELS, Feature, allows, cheapest
from hearback.model.rule import MAX_NAME, MAX_TAG, Rule, Rules
from hearback.model.signal import Kind, Ruled
from hearback.pipeline.conflicts import shadows
from hearback.pipeline.filters import parse, parse_items
from hearback.sync import apply_rules, rulebook
from hearback.sync.record import act as record_act
from hearback.web import rule_words
from hearback.web.faults import Faults
from hearback.web.router import asked_now, done, one_of, page, router, text_of

HERE: Final = "/settings/rules"
MAX_FACT: Final = 500
EMPTY: Final = {"name": "", "filter": "", "companies": "", "tag": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it is shown: empty, of a rule that is edited, or as it was just filled in."""

    rule: Rule
    text: Mapping[str, str]
    faults: Faults
    new: bool = True


@router.get("/settings/rules")
def rule_settings() -> Response[str]:
    """The Rules settings; with `edit` the form holds that rule."""
    asked = asked_now()
    if not asked.query.get("edit"):
        return _page(_blank())
    return _page(_of(rulebook.find(rulebook.stored(asked.rooms, asked.who).rules, asked.query["edit"])))


@router.post("/settings/rules")
def save_rule() -> Response[str]:
    """Add or change a rule; with `try` only show what it would change, its form kept as it is."""
    asked = asked_now()
    before = rulebook.stored(asked.rooms, asked.who)
    typed = _filled_in(before, asked.form)
    if typed.faults.of:
        return _page(typed, status=422)
    if asked.form.get("try"):
        rulebook.require(asked.rooms, asked.who)
        draft = replace(before, rules=tuple(rulebook.put(before.rules, typed.rule)))
        return _page(typed, **_tried(draft))
    _change(lambda rules: rulebook.put(rules, typed.rule))
    return done(f"{HERE}?saved=1")


@router.post("/settings/rules/<id>/move")
def move_rule(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """One place up or down."""
    by = -1 if asked_now().form.get("by") == "up" else 1
    _change(lambda rules: rulebook.moved(rules, id, by))
    return done(f"{HERE}#rule-{id}")


@router.post("/settings/rules/<id>/switch")
def switch_rule(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """On or off, as asked for."""
    on = asked_now().form.get("on") == "1"
    at = asked_now().rooms.clock()
    _change(lambda rules: rulebook.put(rules, replace(rulebook.find(rules, id), on=on, at=at)), less=not on)
    return done(f"{HERE}#rule-{id}")


@router.post("/settings/rules/<id>/delete")
def delete_rule(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Forget a rule; what it made of earlier mail stays."""

    def without(rules: Sequence[Rule]) -> list[Rule]:
        gone = rulebook.find(rules, id)
        return [each for each in rules if each is not gone]

    _change(without, less=True)
    return done(f"{HERE}?saved=1")


@router.get("/settings/rules/dry-run")
def dry_run() -> Response[str]:
    """What the rules would change in the mail of before."""
    asked = asked_now()
    rulebook.require(asked.rooms, asked.who)
    rules = rulebook.stored(asked.rooms, asked.who)
    return page("dry_run.html", page="settings", version=rules.version, **_tried(rules))


@router.post("/settings/rules/apply")
def apply_to_past() -> Response[str]:
    """Apply the rules to the mail of before, as one act."""
    asked = asked_now()
    applied = apply_rules.apply(asked.rooms, asked.who, _version())
    count = applied.batch.mails if applied.batch is not None else 0
    return done(f"{HERE}?applied={count}{'&left=1' if applied.left else ''}#applied")


@router.post("/settings/rules/applied/<id>/undo")
def take_back(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Take one application to the past back."""
    asked = asked_now()
    apply_rules.take_back(asked.rooms, asked.who, id)
    return done(f"{HERE}?undone=1#applied")


@router.post("/facts/unrule")
def unrule() -> Response[str]:
    """Of this one mail the rules make nothing."""
    asked = asked_now()
    fact, at = FactId(text_of("fact", MAX_FACT)), asked.rooms.clock()
    act = ApplyRules(id=ActId(f"act-{secrets.token_hex(10)}"), at=at, about=fact, ruled=Ruled(at=at))
    record_act(asked.rooms, asked.who, act)
    return done("/")


def _version() -> int:
    value = asked_now().form.get("version", "")
    return int(value) if value.isdecimal() and len(value) < 10 else -1  # noqa: PLR2004  no version is that large


def _change(to: Callable[[tuple[Rule, ...]], Sequence[Rule]], *, less: bool = False) -> Rules:
    asked = asked_now()
    return rulebook.change(asked.rooms, asked.who, _version(), to, less=less)


def _page(typed: Typed, *, status: int = 200, **more: Any) -> Response[str]:
    asked = asked_now()
    rules = rulebook.stored(asked.rooms, asked.who)
    names = {each.id: each.name for each in rules.rules}
    said = rule_words.shadow_words(shadows(rules), names)
    mailboxes = asked.rooms.store.mailboxes.of_person(asked.who)
    plan = asked.rooms.store.people.get(asked.who).plan
    values: dict[str, Any] = {
        "rules": [(each, _when(each, mailboxes), rule_words.then(each), said.get(each.id, ())) for each in rules.rules],
        "version": rules.version,
        "typed": typed,
        "faults": typed.faults.shown,
        "kinds": list(Kind),
        "stages": list(Stage),
        "mailboxes": mailboxes,
        "included": allows(plan, Feature.FILTERS_AND_RULES),
        "feature": FEATURE_LABELS[Feature.FILTERS_AND_RULES],
        "plan": PLAN_LABELS[cheapest(Feature.FILTERS_AND_RULES)],
        "batches": apply_rules.batches(asked.rooms, asked.who),
        "told": {name: asked.query.get(name, "") for name in ("saved", "applied", "left", "undone")},
        "tried": None,
        "max_name": MAX_NAME,
        "max_tag": MAX_TAG,
    }
    return page("rules.html", status=status, page="settings", **(values | more))


def _when(rule: Rule, mailboxes: Sequence[Mailbox]) -> list[tuple[str, str]]:
    return rule_words.when(rule, {each.id: each.address for each in mailboxes})


def _tried(rules: Rules) -> dict[str, Any]:
    asked = asked_now()
    found = apply_rules.try_out(asked.rooms, asked.who, rules)
    return {"tried": rule_words.trial_words(found, {each.id: each.name for each in rules.rules})}


def _blank() -> Typed:
    rule = Rule(id="", at=asked_now().rooms.clock(), name=Personal(""))
    return Typed(rule=rule, text=EMPTY, faults=Faults())


def _of(rule: Rule) -> Typed:
    text = {
        "name": rule.name,
        "filter": str(rule.filter) if rule.filter is not None else "",
        "companies": written(rule.companies),
        "tag": rule.tag or "",
    }
    return Typed(rule=rule, text=text, faults=Faults(), new=False)


def _filled_in(rules: Rules, form: Mapping[str, str]) -> Typed:
    """The form as a rule, and what in it cannot be taken."""
    asked, faults = asked_now(), Faults()
    text = {name: form.get(name, "").strip() for name in EMPTY}
    none: Filter | None = None
    nobody: tuple[Personal, ...] = ()
    filter_ = faults.read("filter", form.get("filter", ""), parse, none) if text["filter"] else None
    companies = faults.read("companies", form.get("companies", ""), partial(parse_items, senders=False), nobody)
    known = {each.id for each in asked.rooms.store.mailboxes.of_person(asked.who)}
    mailboxes = {MailboxId(name.removeprefix("mailbox:")) for name in form if name.startswith("mailbox:")}
    old = rulebook.find(rules.rules, form["id"]) if form.get("id") else None
    rule = Rule(
        id=old.id if old is not None else f"rule-{secrets.token_hex(6)}",
        at=asked.rooms.clock(),
        name=Personal(" ".join(text["name"].split())[:MAX_NAME]),
        filter=filter_,
        kinds=tuple(each for each in Kind if form.get(f"kind:{each.value}") == "on"),
        companies=companies,
        mailboxes=tuple(sorted(mailboxes & known)),
        kind=one_of(Kind, form["kind"]) if form.get("kind") else None,
        stage=one_of(Stage, form["stage"]) if form.get("stage") else None,
        tag=Personal(" ".join(text["tag"].split())[:MAX_TAG]) if text["tag"] else None,
        ignore=form.get("ignore") == "on",
        notify=form.get("notify") == "on",
        on=old.on if old is not None else True,
    )
    _check(rule, faults)
    return Typed(rule=rule, text={**text, "filter": form.get("filter", "")}, faults=faults, new=old is None)


def _check(rule: Rule, faults: Faults) -> None:
    if not rule.name:
        faults.say("name", "The rule has no name yet.", "a name by which you know it")
    if not (rule.filter or rule.kinds or rule.companies or rule.mailboxes or faults.of):
        faults.say("filter", "It would fit all mail.", "a filter, a kind, a company or a mailbox")
    if not rule.acts:
        faults.say("does", "It does nothing yet.", "at least one thing to do")
    if rule.ignore and (rule.kind or rule.stage or rule.tag or rule.notify):
        faults.say("does", "What is ignored is neither filed nor told.", "“Ignore it” alone, or the rest without it")
