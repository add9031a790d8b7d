"""Whatever happens, in whatever order: once it is over, all that is held is what an undisturbed run holds, byte for byte.

Mail that was deleted or moved out of reach before anybody could keep it is not compared. HEARBACK_PROOF=1 (make proof) runs
a thousand schedules, fifty a test.
"""

from __future__ import annotations

import collections
import difflib
import hashlib
import itertools
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from grounds import Embedded
from hypothesis import HealthCheck, Phase, event, given, seed, settings
from schedules import SCHEDULE, Run, Step, calm
from world import Clock, Site, World

from hearback.model.ids import ProviderMessageId, signal_id
from hearback.sync.classify import LIVE_ALERT_AGE

PROOF = bool(os.environ.get("HEARBACK_PROOF"))
BATCHES, EACH = (20, 50) if PROOF else (1, 15)
_homes = itertools.count()


def connected(home: Path, here: Site) -> World:
    made = World(Embedded(home), here, clock=Clock())
    made.consent()
    made.work_all()
    made.google.take_pushes()
    return made


def heard(world: World, run: Run) -> dict[str, list[str]]:
    """What was told of each mail that came: aloud where it was a day old at most when it was read, else not.

    When something is found to wait for the person depends on the order of reading, and is left out.
    """
    told = collections.defaultdict[str, list[str]](list)
    for each in run.mailed:
        if each.what == "arrive":
            fact = signal_id(world.mailbox.id, ProviderMessageId(each.id))
            cause = hashlib.sha256(fact.encode()).hexdigest()[:20]
            for entry in world.told:
                if entry.event not in {None, "review.pending"} and entry.id.startswith(f"{cause}:"):
                    assert entry.silent == (entry.at - each.at > LIVE_ALERT_AGE), f"{each} was told as {entry}"
                    told[each.id].append(str(entry.event))
    return {id_: sorted(events) for id_, events in told.items()}


def compare(steps: list[Step], here: Site, tmp_path: Path) -> None:
    number = next(_homes)
    world = connected(tmp_path / f"faults{number}", here)
    run = Run(world)
    run.run(steps)
    assert not world.plain.queue.dead_letters()
    gone = world.unread(each.id for each in run.mailed)
    as_of = world.clock.now
    found, shown = world.export(without=gone, as_of=as_of), world.shown(without=gone, as_of=as_of)
    quiet = connected(tmp_path / f"calm{number}", here)
    calm(quiet, run.mailed, gone, as_of)
    differs = "\n".join(
        difflib.unified_diff(
            quiet.export(without=gone, as_of=as_of).decode().splitlines(), found.decode().splitlines(), "calm", "faults"
        )
    )
    assert not differs, differs
    assert shown == found, "what pages show is not the fold"
    told = collections.Counter(each.id for each in world.told)
    assert all(count == 1 for count in told.values()), "something was told twice"
    assert heard(world, run) == heard(quiet, run), "not the same was told"
    assert world.mailbox.backfill is None
    for each in sorted(run.met):
        event(each)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_schedule_of_faults_ends_as_a_run_without(batch: int, here: Site, memory: Path) -> None:
    """Same canonical export, same pages, nothing told twice, no cursor back, no dead letter."""

    @seed(batch)
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(SCHEDULE)
    def schedule(steps: list[Any]) -> None:
        compare(steps, here, memory)

    schedule()
    if PROOF:
        sys.__stderr__.write(f"schedules {batch * EACH}–{(batch + 1) * EACH} of {BATCHES * EACH} hold\n")
