"""Row 3 of the fault table for a first sync: killed between any two steps, it ends the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from wires import Killed
from world import World, readable

from fakes import BOX, RECEIPT, REJECTION, mail
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.plan import Plan

EVERY: Final = 1 if os.environ.get("HEARBACK_PROOF") else 13
"""In make test the kills are so far apart, in make proof they come before every effect."""
SHARES: Final = 2
"""Of the kills, each a test of its own."""


def unread(new: Callable[..., World]) -> World:
    """A mailbox just connected, nothing listed yet: a thread with a reply that no search finds, another that only its newest
    snippet gives away, a letter of seven weeks ago, and one from a friend.
    """
    made = new()
    made.google.quota_units = 10**9  # its clock stands still for all worlds that are copied from this one
    person = made.plain.store.people.get(wiring.OWNER)
    made.plain.store.people.put(replace(person, plan=Plan.PREMIUM_PRO))
    own = mail(2, "Re: Thursday", "Thanks, that suits me.", sender=f"Ann <{BOX}>")
    friend = mail(3, "Dinner", "See you at seven, bring wine.", sender="Mum <mum@family.example>")
    zenith = "Zenith <jobs@zenith.example>"
    for days, content, how in (
        (3, mail(1, "Thank you for applying to Acme", RECEIPT), {"thread_key": "a"}),
        (2, own, {"thread_key": "a", "labels": ("SENT",)}),
        (9, friend, {}),
        (8, mail(4, "Hello", "See you there.", sender=zenith), {"thread_key": "z"}),
        (7, mail(5, "Your application", REJECTION.replace("Acme", "Zenith"), sender=zenith), {"thread_key": "z"}),
        (50, mail(6, "Thank you for applying to Borealis", RECEIPT.replace("Acme", "Borealis")), {}),
    ):
        made.arrive(content, received_at=made.clock.now - timedelta(days=days), **how)  # type: ignore[arg-type]
    made.consent()
    return made


def synced(made: World) -> None:
    """A first sync with a worker on each lane, until nothing is left."""
    for _ in range(12):
        made.work_all()
        if made.mailbox.backfill is None and made.mailbox.cursor is not None:
            return
        made.clock.pass_(3)


@pytest.mark.parametrize("share", range(SHARES))
def test_row_03_a_first_sync_killed_before_any_effect_ends_the_same(
    share: int, new: Callable[..., World], memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process resumes: the same bytes as without the kill, and nothing is waited for any more."""
    searches = GmailDoor.searches
    monkeypatch.setattr(GmailDoor, "searches", lambda *args: searches(*args)[:2])  # of two dozen that are all alike
    world = unread(new)
    calm = world.copy()
    calm.wires.watch()
    synced(calm)
    assert calm.mailbox.backfill is None
    of = len(calm.wires.effects)
    calm.settle()
    lines = readable(calm.export())["ledger"]
    assert {line["looked"] for line in lines} >= {"kept", "seen"}
    numbers = range(share * EVERY // SHARES, of, EVERY) if EVERY > 1 else range(share, of, SHARES)
    assert len(numbers) > 3
    for number in numbers:
        made = world.copy()
        made.wires.watch((number, "kill"))
        with pytest.raises(Killed):
            synced(made)
        made.restart()
        made.settle()
        as_of = made.clock.now
        assert made.mailbox.backfill is None
        assert made.export(as_of=as_of) == calm.export(as_of=as_of), f"killed before effect {number} of {of}"
        assert made.shown(as_of=as_of) == made.export(as_of=as_of)
