"""Faults of the simulated Google: programmed, they meet the call they are meant for, and the door says what they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hearback.simulators.google_faults import CATALOGUE, PASSING, Faults

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def met(faults: Faults, *calls: str, now: datetime = NOW) -> list[str]:
    return [getattr(faults.take(call, now), "name", "") for call in calls]


def test_a_fault_meets_only_the_call_it_is_for() -> None:
    """The next of its kind, once."""
    faults = Faults()
    faults.add("backend_503", call="messages.get")
    assert met(faults, "history.list", "messages.get", "messages.get") == ["", "backend_503", ""]


def test_a_fault_of_no_kind_meets_gmail_alone() -> None:
    """Tokens and pulls have answers of their own."""
    faults = Faults()
    faults.add("backend_503")
    assert met(faults, "token", "subscriptions.pull", "watch") == ["", "", "backend_503"]


def test_a_fault_may_come_later_and_more_than_once() -> None:
    """After so many calls, so many times."""
    faults = Faults()
    faults.add("cut", call="messages.get", after=1, times=2)
    assert met(faults, *["messages.get"] * 4) == ["", "cut", "cut", ""]


def test_a_fault_may_last_until_a_moment() -> None:
    """Every call until then, none from then on."""
    faults = Faults()
    faults.add("exhausted_429", until=NOW + timedelta(minutes=1))
    assert met(faults, "watch", "watch") == ["exhausted_429"] * 2
    assert met(faults, "watch", now=NOW + timedelta(minutes=1)) == [""]


def test_a_scattered_schedule_is_repeatable() -> None:
    """The same seed, the same calls: the same faults; another seed, others; about the share asked for."""

    def drawn(seed: int) -> list[str]:
        faults = Faults()
        faults.scatter(PASSING, share=0.2, seed=seed)
        return met(faults, *["messages.get"] * 500)

    assert drawn(1) == drawn(1) != drawn(2)
    assert 60 < sum(map(bool, drawn(1))) < 140


def test_faults_that_pass_are_none_that_a_person_must_mend() -> None:
    """What a random schedule is drawn from."""
    assert set(PASSING) < set(CATALOGUE)
    assert not {"scopes_403", "gone_404", "token_invalid_grant", "stall"} & set(PASSING)
