"""What a person's rules make of a mail.

A rule looks at the mail as Hearback reads it (what the person taught included), never at what another rule made of it. All
that fit count, in their order: of two kinds or stages the earlier one, tags add up, and Ignore counts only where no rule
before it does anything; after it nothing does. How the outcome enters the fold: pipeline.rulings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hearback.model import pattern
from hearback.model.ids import MailboxId
from hearback.model.lesson import Lesson
from hearback.model.message import Address
from hearback.model.rule import Rule, Rules
from hearback.model.signal import Kind, Ruled, Signal
from hearback.pipeline.corrections import as_kind
from hearback.pipeline.lessons import fitting


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What of a mail rules look at."""

    mailbox: MailboxId
    sender: Address
    subject: str
    kind: Kind | None = None
    company: str | None = None


def seen(signal: Signal) -> Seen:
    """What rules see of a signal, as it reads."""
    return Seen(
        mailbox=signal.mailbox_id,
        sender=signal.sender,
        subject=signal.subject,
        kind=signal.kind,
        company=signal.company,
    )


def fits(rule: Rule, mail: Seen) -> bool:
    """Whether a rule that is on means this mail."""
    return (
        _fits_unopened(rule, mail)
        and (not rule.kinds or mail.kind in rule.kinds)
        and (not rule.companies or any(pattern.of_company(each, mail.company or "") for each in rule.companies))
    )


def _fits_unopened(rule: Rule, mail: Seen) -> bool:
    """Whether it may mean this mail, as far as mailbox, sender and subject say."""
    return (
        rule.on
        and (not rule.mailboxes or mail.mailbox in rule.mailboxes)
        and (rule.filter is None or rule.filter.fits(mail.sender, mail.subject))
    )


def ruling(rules: Rules, mail: Seen) -> Ruled | None:
    """What the rules make of the mail; None: nothing."""
    found = [rule for rule in rules.rules if fits(rule, mail) and rule.acts]
    if not found:
        return None
    if found[0].ignore:
        found = found[:1]
    found = [rule for index, rule in enumerate(found) if index == 0 or not rule.ignore]
    deciding = [rule for index, rule in enumerate(found) if _adds(rule, found[:index])]
    said = [rule for rule in deciding if rule.kind is not None][:1] or deciding
    return Ruled(
        at=max(rule.at for rule in said),
        version=rules.version,
        names=tuple(rule.name for rule in deciding),
        kind=next((rule.kind for rule in found if rule.kind is not None), None),
        stage=next((rule.stage for rule in found if rule.stage is not None), None),
        tags=tuple(dict.fromkeys(rule.tag for rule in found if rule.tag is not None)),
        ignore=found[0].ignore,
        notify=any(rule.notify for rule in found),
    )


def _adds(rule: Rule, before: Sequence[Rule]) -> bool:
    """Whether something of what the rule does counts, after those before it."""
    return (
        rule.ignore
        or (rule.kind is not None and not any(each.kind is not None for each in before))
        or (rule.stage is not None and not any(each.stage is not None for each in before))
        or (rule.tag is not None and all(each.tag != rule.tag for each in before))
        or (rule.notify and not any(each.notify for each in before))
    )


def ignored_unopened(rules: Rules, mail: Seen) -> bool:
    """Whether mailbox, sender and subject alone are enough to say that the rules ignore the mail, whatever it says."""
    for rule in rules.rules:
        if not rule.acts or not _fits_unopened(rule, mail):
            continue
        if not rule.ignore:
            return False  # it may do something first, and then nothing is ignored any more
        if not rule.needs_opening:
            return True
    return False


def as_taught(signal: Signal, lessons: Iterable[Lesson]) -> Signal:
    """The signal as what the person taught says it reads, before anything was done about it."""
    lesson = fitting(signal, (each for each in lessons if each.sender == signal.sender.address))
    return signal if lesson is None else as_kind(signal, lesson.kind)
