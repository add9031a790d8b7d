"""Rules, what is wrong between them, and what a dry run found, in words for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hearback.model.filter import written
from hearback.model.ids import MailboxId
from hearback.model.rule import Rule
from hearback.model.signal import Ruled
from hearback.pipeline.conflicts import Shadow, does
from hearback.pipeline.trial import Effect, Filed, Trial
from hearback.web.rendering import kind_label, stage_label

SHOWN: Final = 200
"""Mails of a dry run on one page, the newest."""
_DOES: Final = {
    "kind": "its kind",
    "stage": "its stage",
    "tag": "its tag",
    "ignore": "“Ignore it”",
    "notify": "its notice",
}
_SAYS: Final = {
    "kind": "say different kinds",
    "stage": "say different stages",
    "ignore": "contradict: one ignores what the other files",
}


def when(rule: Rule, mailboxes: Mapping[MailboxId, str]) -> list[tuple[str, str]]:
    """(what, which) of all that must hold."""
    found = [(line.part.value, written(line.items)) for line in rule.filter.lines] if rule.filter is not None else []
    if rule.kinds:
        found.append(("Kind", ", ".join(kind_label(each) for each in rule.kinds)))
    if rule.companies:
        found.append(("Company", written(rule.companies)))
    if rule.mailboxes:
        found.append(("Mailbox", ", ".join(mailboxes.get(each, "one that is gone") for each in rule.mailboxes)))
    return found


def then(rule: Rule) -> list[str]:
    """All it does."""
    found = [f"It is “{kind_label(rule.kind)}”"] if rule.kind is not None else []
    if rule.stage is not None:
        found.append(f"It moves its application to {stage_label(rule.stage)}")
    if rule.tag is not None:
        found.append(f"Its application is tagged “{rule.tag}”")
    if rule.ignore:
        found.append("Ignore it")
    if rule.notify:
        found.append("Notify me")
    return found


def ruled(word: Ruled) -> str:
    """What rules made of a mail."""
    found = [f"“{kind_label(word.kind)}”"] if word.kind is not None else []
    if word.stage is not None:
        found.append(f"moves to {stage_label(word.stage)}")
    if word.tags:
        found.append("tagged " + ", ".join(f"“{each}”" for each in word.tags))
    if word.ignore:
        found.append("ignored")
    return ", ".join(found)


def shadow_words(found: Iterable[Shadow], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Rule → what of it never counts, and why."""
    said: dict[str, list[str]] = {}
    for each in found:
        others = " and ".join(f"“{names[id_]}”" for id_ in each.by)
        fit = "fits" if len(each.by) == 1 else "together fit"
        what = "This rule never does anything" if each.never else f"Of this rule, {_joined(each.lost)} never counts"
        said.setdefault(each.rule, []).append(
            f"{what}: {others}, before it, {fit} all of its mail, and the earlier rule counts. Move it up, or make one narrower."
        )
    return said


def _joined(names: Sequence[str]) -> str:
    return " and ".join(_DOES[each] for each in names)


def trial_words(found: Trial, names: Mapping[str, str]) -> dict[str, Any]:
    """A dry run for its page."""
    effects = sorted(found.effects, key=lambda each: (each.at, each.fact), reverse=True)
    return {
        "fitting": found.fitting,
        "count": len(effects),
        "lines": [{"effect": each, "changes": changes(each)} for each in effects[:SHOWN]],
        "conflicts": [
            {
                "earlier": names[pair.earlier],
                "later": names[pair.later],
                "says": _SAYS[pair.what],
                "count": count,
                "example": found.examples[pair],
            }
            for pair, count in sorted(
                found.contradictions.items(), key=lambda each: (-each[1], each[0].earlier, each[0].later)
            )
        ],
    }


def changes(effect: Effect) -> list[tuple[str, str, str]]:
    """(what, before, after) of all that would be otherwise."""
    before, after = effect.before, effect.after
    pairs = [("Where it is", _place(before), _place(after))]
    if "left_out" not in {before.place, after.place}:
        pairs.append(("Kind", kind_label(before.kind), kind_label(after.kind)))
    if before.place == after.place == "application":
        pairs += [
            ("It moves to", _step(before), _step(after)),
            ("Stage of its application", stage_label(before.stage), stage_label(after.stage)),
            ("Tags", _tags(before), _tags(after)),
        ]
    return [each for each in pairs if each[1] != each[2]]


def _place(filed: Filed) -> str:
    if filed.place == "application":
        return f"{filed.company or 'Unknown company'} · {filed.role or 'role not named'}"
    return "waits for you" if filed.place == "review" else "left out"


def _step(filed: Filed) -> str:
    return stage_label(filed.moves_to) if filed.moves_to is not None else "no other stage"


def _tags(filed: Filed) -> str:
    return ", ".join(filed.tags) or "none"


def as_json(rule: Rule) -> dict[str, Any]:
    """A rule as the JSON API gives it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "on": rule.on,
        "filter": str(rule.filter) if rule.filter is not None else None,
        "kinds": [each.value for each in rule.kinds],
        "companies": list(rule.companies),
        "mailboxes": list(rule.mailboxes),
        "does": {name: getattr(rule, name) for name in does(rule)},
    }


def effect_as_json(effect: Effect) -> dict[str, Any]:
    """One line of a dry run as the JSON API gives it."""
    return {
        "fact": effect.fact,
        "at": effect.at.isoformat(),
        "sender": effect.sender.name or effect.sender.address,
        "subject": effect.subject,
        "kind": effect.kind,
        "company": effect.company,
        "rules": list(effect.names),
        "changes": [{"what": what, "before": before, "after": after} for what, before, after in changes(effect)],
    }
