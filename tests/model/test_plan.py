"""What a plan includes: the table in code is the table in the docs; what no longer fits is paused, and comes back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model import plan as plans
from hearback.model.ids import MailboxId, Personal, PersonId
from hearback.model.mailbox import Frequency, Mailbox, MailboxStatus, Preferences, Provider
from hearback.model.plan import FEATURE_LABELS, PLAN_LABELS, Feature, Plan, allows, limits

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 9, 1, tzinfo=UTC)


def documented() -> dict[tuple[str, str], str]:
    """(row, plan) → cell of the table in docs/definitions.md."""
    section = (ROOT / "docs/definitions.md").read_text(encoding="utf-8").split("\n## Plans\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line]
    head, _, *body = rows
    return {(row[0], name): cell for row in body for name, cell in zip(head[1:], row[1:], strict=True)}


TABLE = documented()
AMOUNTS = {
    "Mail waits at most": lambda of: f"{of.poll_seconds // 60} min",
    "First sync": lambda of: f"{of.first_sync_days} days",
    "Mailboxes of one provider": lambda of: str(of.mailboxes_per_provider),
    "Mailboxes in all": lambda of: str(of.mailboxes),
}


@pytest.mark.parametrize("plan", list(Plan))
@pytest.mark.parametrize("feature", list(Feature))
def test_the_docs_say_what_each_plan_includes(feature: Feature, plan: Plan) -> None:
    """Feature by plan, in the docs as in code."""
    assert TABLE[FEATURE_LABELS[feature], PLAN_LABELS[plan]] == ("yes" if allows(plan, feature) else "–")


@pytest.mark.parametrize("plan", list(Plan))
@pytest.mark.parametrize("row", AMOUNTS)
def test_the_docs_say_how_much_each_plan_includes(row: str, plan: Plan) -> None:
    """Amount by plan, in the docs as in code."""
    assert TABLE[row, PLAN_LABELS[plan]] == AMOUNTS[row](limits(plan))


def test_the_docs_promise_nothing_else() -> None:
    """No row and no plan that code does not know."""
    rows = {*AMOUNTS, *FEATURE_LABELS.values()}
    assert set(TABLE) == {(row, label) for row in rows for label in PLAN_LABELS.values()}


def test_nobody_reads_the_table_but_through_its_questions() -> None:
    """A gate that compares plans by name would drift from the table."""
    package = ROOT / "layers/core/hearback"
    elsewhere = [each for each in package.rglob("*.py") if each.name not in {"plan.py", "person.py"}]
    assert not [each.name for each in elsewhere if re.search(r"\bPlan\.[A-Z]", each.read_text(encoding="utf-8"))]


def test_a_personal_install_has_everything() -> None:
    """Every feature, and no plan has more of anything."""
    assert all(allows(Plan.PERSONAL, each) for each in Feature)
    assert limits(Plan.PERSONAL) == limits(Plan.ENTERPRISE)


@pytest.mark.parametrize(("feature", "plan"), [(Feature.DRAFTS, Plan.PREMIUM_PRO), (Feature.WEBHOOKS, Plan.ENTERPRISE)])
def test_the_first_plan_that_has_it_is_named(feature: Feature, plan: Plan) -> None:
    """What a page says beside what is paused."""
    assert plans.cheapest(feature) is plan


def box(number: int, provider: Provider = Provider.GMAIL, status: MailboxStatus = MailboxStatus.ACTIVE) -> Mailbox:
    return Mailbox(
        id=MailboxId(f"box{number}"),
        person_id=PersonId("ann"),
        provider=provider,
        address=Personal(f"{number}@x.example"),
        status=status,
        connected_at=START + timedelta(days=number),
    )


@pytest.mark.parametrize(
    ("plan", "boxes", "paused"),
    [
        (Plan.FREE, [box(1), box(2)], {"box2"}),
        (Plan.FREE, [box(2), box(1)], {"box2"}),
        (Plan.FREE, [box(1), box(2, Provider.OUTLOOK)], set()),
        (Plan.FREE, [box(1), box(2), box(3, Provider.OUTLOOK), box(4, Provider.OUTLOOK)], {"box2", "box4"}),
        (Plan.FREE, [box(1, status=MailboxStatus.DISCONNECTED), box(2)], set()),
        (Plan.FREE, [box(1, status=MailboxStatus.AUTHENTICATION_REQUIRED), box(2)], {"box2"}),
        (Plan.FREE, [box(1), box(2, Provider.IMPORT), box(3, Provider.IMPORT)], set()),
        (Plan.PREMIUM_PRO, [box(1), box(2), box(3)], {"box3"}),
        (Plan.PLATINUM_ELITE, [box(n) for n in range(12)], {"box10", "box11"}),
        (Plan.PERSONAL, [box(n) for n in range(10)], set()),
    ],
)
def test_the_mailboxes_connected_last_are_paused(plan: Plan, boxes: list[Mailbox], paused: set[str]) -> None:
    """In whatever order they are listed; imports and disconnected ones do not count."""
    assert plans.paused(plan, boxes) == paused


@given(st.lists(st.tuples(st.sampled_from(Provider), st.sampled_from(MailboxStatus)), max_size=14))
def test_a_larger_plan_pauses_no_more(made: list[tuple[Provider, MailboxStatus]]) -> None:
    """Going up the plans, what is paused only becomes less."""
    boxes = [box(number, *each) for number, each in enumerate(made)]
    up = [plans.paused(plan, boxes) for plan in (Plan.FREE, Plan.PREMIUM_PRO, Plan.PLATINUM_ELITE, Plan.ENTERPRISE)]
    assert all(more <= less for less, more in pairwise(up))


@pytest.mark.parametrize(
    ("plan", "frequency", "seconds"),
    [
        (Plan.FREE, Frequency.REAL_TIME, 900),
        (Plan.FREE, Frequency.EVERY_15_MINUTES, 900),
        (Plan.FREE, Frequency.MANUAL, None),
        (Plan.PREMIUM_PRO, Frequency.REAL_TIME, 300),
        (Plan.PREMIUM_PRO, Frequency.EVERY_15_MINUTES, 900),
        (Plan.PERSONAL, Frequency.REAL_TIME, 300),
    ],
)
def test_mail_waits_as_plan_and_preference_say(plan: Plan, frequency: Frequency, seconds: int | None) -> None:
    """Five minutes is the safety net under push; who asked for fifteen gets fifteen."""
    assert plans.poll_seconds(plan, frequency) == seconds


def test_preferences_are_paused_and_come_back() -> None:
    """Free reads the inbox, every 15 minutes; what was chosen is untouched and holds again under a larger plan."""
    chosen = Preferences(folders=("inbox", "archive"))
    free = plans.within(Plan.FREE, chosen)
    assert (free.frequency, free.folders) == (Frequency.EVERY_15_MINUTES, ("inbox",))
    assert plans.within(Plan.PREMIUM_PRO, chosen) == chosen
    assert plans.within(Plan.FREE, Preferences(frequency=Frequency.MANUAL)).frequency is Frequency.MANUAL
