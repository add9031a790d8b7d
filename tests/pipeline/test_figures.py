"""Recent Activity: the newest lines of all timelines, whichever applications they stand in."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from strategies import START, facts

from hearback.model.application import Application, TimelineEntry
from hearback.model.facts import Fact
from hearback.model.ids import FactId
from hearback.pipeline import figures
from hearback.pipeline.folding import fold


def told(number: int, days: list[int]) -> Application:
    """An application with a line on each of these days."""
    lines = tuple(
        TimelineEntry(at=START + timedelta(days=day), fact=FactId(f"gmail-1/m{number}-{each}"))
        for each, day in enumerate(sorted(days))
    )
    return Application(facts=(FactId(f"gmail-1/m{number}"),), timeline=lines)


timelines = st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=12)


@given(timelines, st.integers(0, 20))
def test_recent_activity_is_the_newest_of_all_lines(days: list[list[int]], limit: int) -> None:
    """As many as are asked for, newest first, of those of one moment always the same ones."""
    applications = [told(number, each) for number, each in enumerate(days)]
    every = [entry for each in applications for entry in each.timeline]
    newest = sorted(every, key=lambda each: (each.at, each.fact), reverse=True)[:limit]
    assert newest == [each.entry for each in figures.recent(applications, limit)]


@given(facts())
def test_timelines_are_oldest_first(made: list[Fact]) -> None:
    """What the newest lines are picked by."""
    for each in fold(made).applications:
        moments = [entry.at for entry in each.timeline]
        assert sorted(moments) == moments
