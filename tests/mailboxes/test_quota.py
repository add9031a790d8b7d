"""The provider's quota: each process keeps to its share, and the shares of all that may run add up to it at most."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearback.local import template
from hearback.mailboxes.gmail import GmailDoor
from hearback.mailboxes.google_oauth import GoogleClient
from hearback.mailboxes.quota import COST, UNITS_A_MINUTE, Quota
from hearback.model.errors import Permanent, Transient
from hearback.queues import batch
from hearback.settings import from_environment

ROOT = Path(__file__).resolve().parents[2]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def spent_in_any_minute(workers: int) -> float:
    """The most units that one process of `workers` spends within a minute, from a full bucket on."""
    clock = Clock()
    quota = Quota(UNITS_A_MINUTE // workers, clock, clock.sleep)
    units = 0
    while clock.now < 60:
        quota.spend("messages.get")
        units += COST["messages.get"] if clock.now < 60 else 0
    return units


@pytest.mark.parametrize("workers", [1, 5, 10, 20])
def test_all_workers_together_stay_below_the_quota(workers: int) -> None:
    """Even where all of them read the same mailbox in its first minute."""
    assert workers * spent_in_any_minute(workers) <= UNITS_A_MINUTE


@pytest.mark.parametrize("workers", [1, 20, 1000])
def test_a_share_holds_every_call(workers: int) -> None:
    """The dearest call can be made at once from a full bucket, in the background too."""
    quota = Quota.share(workers)
    quota._sleep = lambda _: pytest.fail("it would wait for ever")
    quota.spend(max(COST, key=COST.__getitem__), background=True)


def test_a_door_takes_its_processs_share() -> None:
    """One bucket a mailbox, as large as the client's workers leave it."""
    client = GoogleClient("id", "secret", "http://quota.example", workers=10)
    door = GmailDoor("ann@gmail.example", None, client, None)  # type: ignore[arg-type]
    quota = door._calls._quota
    assert quota._most == UNITS_A_MINUTE / 10 / 2
    assert GmailDoor("ANN@gmail.example", None, client, None)._calls._quota is quota  # type: ignore[arg-type]


def test_a_small_share_is_not_waited_for_beyond_a_tasks_time() -> None:
    """Whoever is out of patience hears how long it takes, and nobody has slept or spent meanwhile."""
    quota = Quota.share(10)
    quota._sleep = lambda _: pytest.fail("it waited")
    while quota._units >= COST["threads.get"]:
        quota.spend("threads.get")
    with pytest.raises(Transient) as refused:
        quota.spend("threads.get", patience_seconds=1)
    assert refused.value.retry_after_seconds is not None
    assert 1 < refused.value.retry_after_seconds < 10


def test_a_batch_of_mail_can_be_read_within_a_function_at_a_workers_share() -> None:
    """What its quota comes too late for is given back, and on SQS that is a try."""
    loaded = template.load(ROOT / "template.yaml")
    share = UNITS_A_MINUTE / int(loaded["Globals"]["Function"]["Environment"]["Variables"]["HEARBACK_WORKERS"])
    classify = loaded["Resources"]["Classify"]["Properties"]
    units_in_time = (classify["Timeout"] - batch.TASK_SECONDS) * share / 60 / 2
    for each in classify["Events"].values():
        looked_at_and_opened = 2 * COST["messages.get"] * each["Properties"]["BatchSize"]
        assert looked_at_and_opened <= units_in_time


def test_what_is_deployed_runs_no_more_workers_than_share_the_quota() -> None:
    """The concurrency of the functions that read mail, by their queues, is HEARBACK_WORKERS."""
    loaded = template.load(ROOT / "template.yaml")
    events = loaded["Resources"]["Classify"]["Properties"]["Events"].values()
    together = sum(each["Properties"]["ScalingConfig"]["MaximumConcurrency"] for each in events)
    assert int(loaded["Globals"]["Function"]["Environment"]["Variables"]["HEARBACK_WORKERS"]) == together


def test_more_workers_than_can_share_are_refused() -> None:
    """A setting that would starve every call is an error a person can read."""
    with pytest.raises(Permanent, match="HEARBACK_WORKERS"):
        from_environment({"HEARBACK_WORKERS": "21"})
