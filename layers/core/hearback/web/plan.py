"""The Plan settings: what the plan includes, what is paused under it, and why."""

from __future__ import annotations

from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.model.mailbox import Frequency, MailboxStatus, Provider
from hearback.model.plan import FEATURE_LABELS, PLAN_LABELS, Feature, Plan, allows, cheapest, limits, within
from hearback.sync import plans, rulebook
from hearback.web import pages
from hearback.web.router import asked_now, page, router

SHOWN: Final = (
    Feature.REAL_TIME,
    Feature.ALL_FOLDERS,
    Feature.FILTERS_AND_RULES,
    Feature.DRAFTS,
    Feature.EXPORT,
    Feature.WEBHOOKS,
)
"""What this version has. The page promises nothing that is still to come."""


@router.get("/settings/plan")
def plan_settings() -> Response[str]:
    """The Plan settings."""
    asked = asked_now()
    plan = asked.rooms.store.people.get(asked.who).plan
    values: dict[str, Any] = {
        "name": PLAN_LABELS[plan],
        "most": limits(plan),
        "features": [(FEATURE_LABELS[each], allows(plan, each), PLAN_LABELS[cheapest(each)]) for each in SHOWN],
        "paused": _paused(plan),
    }
    return page("plan.html", page="settings", **values)


def _paused(plan: Plan) -> list[tuple[str, str]]:
    """(what, why) of all that the person has and the plan does not include."""
    asked = asked_now()
    found: list[tuple[str, str]] = []
    over, most = plans.paused_of(asked.rooms, asked.who), limits(plan)
    amount = f"{PLAN_LABELS[plan]} includes {most.mailboxes_per_provider} of a provider and {most.mailboxes} in all"
    for each in asked.rooms.store.mailboxes.of_person(asked.who):
        name = f"{pages.PROVIDERS[each.provider]}, {each.address}"
        if each.provider is Provider.IMPORT or each.status is MailboxStatus.DISCONNECTED:
            continue
        if each.id in over:
            found.append((name, f"{amount}, and this one was connected later. It is not read; all that was is kept."))
            continue
        held = within(plan, each.preferences)
        if held.frequency is not each.preferences.frequency and each.preferences.frequency is Frequency.REAL_TIME:
            found.append(
                (f"{name}: real-time sync", f"{_from(Feature.REAL_TIME)} Until then it is read every 15 minutes.")
            )
        if held.folders != each.preferences.folders:
            found.append((f"{name}: other folders", f"{_from(Feature.ALL_FOLDERS)} Until then its Inbox is read."))
        if held.filters != each.preferences.filters:
            found.append(
                (
                    f"{name}: custom filters",
                    f"{_from(Feature.FILTERS_AND_RULES)} Until then all mail under “What to read” is read.",
                )
            )
    rules = len(rulebook.stored(asked.rooms, asked.who).rules)
    if rules and not allows(plan, Feature.FILTERS_AND_RULES):
        found.append(
            (f"Rules: {rules}", f"{_from(Feature.FILTERS_AND_RULES)} Until then they do nothing with new mail.")
        )
    hooks = len(asked.web.receivers.all(asked.who))
    if hooks and not allows(plan, Feature.WEBHOOKS):
        found.append((f"Webhooks: {hooks}", f"{_from(Feature.WEBHOOKS)} Until then nothing is sent to them."))
    return found


def _from(feature: Feature) -> str:
    return f"{FEATURE_LABELS[feature]} {'are' if feature in {Feature.WEBHOOKS, Feature.ALL_FOLDERS, Feature.FILTERS_AND_RULES} else 'is'} part of {PLAN_LABELS[cheapest(feature)]}."
