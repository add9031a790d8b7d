"""What a person has paid for: one table, and the only questions asked of it (FEATURES 10).

Every gate asks `allows` or `limits`; docs/definitions.md shows the same table, and a test compares the two. A downgrade
keeps everything and pauses what is no longer included: `paused` says which mailboxes wait, `within` what of a mailbox's
preferences holds meanwhile. Both are asked anew each time, so an upgrade brings back what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from hearback.model.ids import MailboxId
from hearback.model.mailbox import Frequency, Mailbox, MailboxStatus, Preferences, Provider


class Plan(StrEnum):
    """PERSONAL is an own installation: everything is included."""

    FREE = "free"
    PREMIUM_PRO = "premium_pro"
    PLATINUM_ELITE = "platinum_elite"
    ENTERPRISE = "enterprise"
    PERSONAL = "personal"


class Feature(StrEnum):
    """What a plan includes or does not."""

    REAL_TIME = "real_time"
    ALL_FOLDERS = "all_folders"
    FILTERS_AND_RULES = "filters_and_rules"
    DRAFTS = "drafts"
    WEB_PUSH = "web_push"
    CALENDAR_FEED = "calendar_feed"
    EXPORT = "export"
    PRIORITY_SUPPORT = "priority_support"
    SLACK = "slack"
    DISCORD = "discord"
    WEBHOOKS = "webhooks"
    AUDIT_EXPORT = "audit_export"
    SSO = "sso"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a plan includes so much of."""

    first_sync_days: int
    mailboxes_per_provider: int
    mailboxes: int
    """Of all providers together; imports do not count."""
    poll_seconds: int
    """The promise: no mail waits longer than this, push or not."""


PLAN_LABELS: Final[Mapping[Plan, str]] = {
    Plan.FREE: "Free",
    Plan.PREMIUM_PRO: "Premium Pro",
    Plan.PLATINUM_ELITE: "Platinum Elite",
    Plan.ENTERPRISE: "Enterprise",
    Plan.PERSONAL: "Personal install",
}
FEATURE_LABELS: Final[Mapping[Feature, str]] = {
    Feature.REAL_TIME: "Real-time sync",
    Feature.ALL_FOLDERS: "All folders",
    Feature.FILTERS_AND_RULES: "Custom filters and rules",
    Feature.DRAFTS: "Follow-up assistant and templates",
    Feature.WEB_PUSH: "Web push",
    Feature.CALENDAR_FEED: "Calendar feed",
    Feature.EXPORT: "Export",
    Feature.PRIORITY_SUPPORT: "Priority support",
    Feature.SLACK: "Slack",
    Feature.DISCORD: "Discord",
    Feature.WEBHOOKS: "Webhooks",
    Feature.AUDIT_EXPORT: "Audit export",
    Feature.SSO: "Single sign-on",
}

_EVERYONE: Final = frozenset({Feature.WEB_PUSH, Feature.CALENDAR_FEED, Feature.EXPORT})
_PAID: Final = _EVERYONE | {
    Feature.REAL_TIME,
    Feature.ALL_FOLDERS,
    Feature.FILTERS_AND_RULES,
    Feature.DRAFTS,
    Feature.PRIORITY_SUPPORT,
}
_POLL: Final = 15 * 60
_POLL_UNDER_PUSH: Final = 5 * 60

_INCLUDED: Final[Mapping[Plan, frozenset[Feature]]] = {
    Plan.FREE: _EVERYONE,
    Plan.PREMIUM_PRO: _PAID,
    Plan.PLATINUM_ELITE: _PAID,
    Plan.ENTERPRISE: frozenset(Feature),
    Plan.PERSONAL: frozenset(Feature),
}
_MOST: Final = Limits(first_sync_days=90, mailboxes_per_provider=10, mailboxes=10, poll_seconds=_POLL_UNDER_PUSH)
_LIMITS: Final[Mapping[Plan, Limits]] = {
    Plan.FREE: Limits(first_sync_days=30, mailboxes_per_provider=1, mailboxes=2, poll_seconds=_POLL),
    Plan.PREMIUM_PRO: Limits(first_sync_days=90, mailboxes_per_provider=2, mailboxes=4, poll_seconds=_POLL_UNDER_PUSH),
    Plan.PLATINUM_ELITE: _MOST,
    Plan.ENTERPRISE: _MOST,
    Plan.PERSONAL: _MOST,
}


def allows(plan: Plan, feature: Feature) -> bool:
    """Whether `plan` includes `feature`."""
    return feature in _INCLUDED[plan]


def limits(plan: Plan) -> Limits:
    """How much `plan` includes."""
    return _LIMITS[plan]


def cheapest(feature: Feature) -> Plan:
    """The first plan that includes it: what a page names beside what is paused."""
    return next(plan for plan in Plan if allows(plan, feature))


def room_for(plan: Plan, provider: Provider, mailboxes: Iterable[Mailbox]) -> bool:
    """Whether one more mailbox of `provider` fits in beside those that are connected."""
    held = [each for each in mailboxes if _counts(each)]
    most = limits(plan)
    alike = sum(1 for each in held if each.provider is provider)
    return alike < most.mailboxes_per_provider and len(held) < most.mailboxes


def paused(plan: Plan, mailboxes: Iterable[Mailbox]) -> frozenset[MailboxId]:
    """Which of a person's mailboxes are not read under `plan`: those connected last, beyond what it includes. Imports never do."""
    kept: list[Mailbox] = []
    over: set[MailboxId] = set()
    for each in sorted(mailboxes, key=lambda each: (each.connected_at or datetime.min.replace(tzinfo=UTC), each.id)):
        if not _counts(each):
            continue
        if room_for(plan, each.provider, kept):
            kept.append(each)
        else:
            over.add(each.id)
    return frozenset(over)


def poll_seconds(plan: Plan, frequency: Frequency) -> int | None:
    """How long mail waits at most under `plan` with this preference; None: until the person asks."""
    if frequency is Frequency.MANUAL:
        return None
    if frequency is Frequency.REAL_TIME and allows(plan, Feature.REAL_TIME):
        return limits(plan).poll_seconds
    return max(limits(plan).poll_seconds, _POLL)


def within(plan: Plan, preferences: Preferences) -> Preferences:
    """What of the person's preferences holds under `plan`; theirs are kept as they chose them."""
    if not allows(plan, Feature.REAL_TIME) and preferences.frequency is Frequency.REAL_TIME:
        preferences = replace(preferences, frequency=Frequency.EVERY_15_MINUTES)
    if not allows(plan, Feature.ALL_FOLDERS):
        preferences = replace(preferences, folders=Preferences().folders)
    if not allows(plan, Feature.FILTERS_AND_RULES):
        preferences = replace(preferences, filters=())
    return preferences


def _counts(mailbox: Mailbox) -> bool:
    return mailbox.provider is not Provider.IMPORT and mailbox.status is not MailboxStatus.DISCONNECTED
