"""Pushes come in bursts, again and again and in any order: what they tell of is asked for once and read once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, connected, install, mail, work_all
from hearback import wiring
from hearback.local.functions import Pool
from hearback.model.mailbox import Preferences
from hearback.model.task import Lane
from hearback.sync import notified

ROOT = Path(__file__).resolve().parents[2]
AUDIENCE, ACCOUNT = "https://hearback.example/push/gmail", "push@p.iam.gserviceaccount.com"
MAILS, PUSHES, AT_ONCE = 10, 200, 8


@pytest.fixture
def here(google: Any, tmp_path: Path) -> Any:
    """Connected and caught up; nobody has asked Google for anything since."""
    made = install(tmp_path / "home", *google)
    wiring.use(made)
    connected(made, *google)
    google[0].push_to(None, audience=AUDIENCE, account=ACCOUNT)
    google[0].calls.clear()
    yield made
    wiring._current.clear()


def arrive(google: Any) -> list[int]:
    """Some mail of nobody's application comes; the history id after each."""
    reached = []
    for number in range(MAILS):
        google[0].deliver(BOX, mail(number, f"Holiday photos {number}", "The beach.", sender="Eve <eve@x.example>"))
        reached.append(google[0].accounts[BOX].history_id)
    return reached


def events(google: Any, reached: list[int]) -> list[dict[str, Any]]:
    """Two hundred pushes of it, twenty of each state, shuffled."""
    told = [reached[number % MAILS] for number in range(PUSHES)]
    random.Random(5).shuffle(told)
    made = [google[0].push_request(BOX, history_id) for history_id in told]
    return [{"headers": {"authorization": head["Authorization"]}, "body": body.decode()} for head, body in made]


def burst(google: Any, reached: list[int]) -> list[int]:
    """Their answers, when as many are worked at a time as the process has room for."""
    pool = Pool(ROOT, "gmail_push", AT_ONCE)
    with ThreadPoolExecutor(4 * AT_ONCE) as lines:
        return [answer["statusCode"] for answer in lines.map(pool, events(google, reached))]


def test_two_hundred_pushes_at_once_ask_for_one_history(here: Any, google: Any) -> None:
    """All are acknowledged; the first finds everything, and whoever came while it looked asks no more than once each later."""
    assert set(burst(google, arrive(google))) == {204}
    assert dict(google[0].calls) == {"history.list": 1}


def test_what_two_hundred_pushes_tell_of_is_looked_at_once(
    here: Any, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when those that waited have had their turn: one glimpse a mail, no further history, an empty queue."""
    burst(google, arrive(google))
    monkeypatch.setattr(here.queue, "_clock", lambda: wiring.now() + timedelta(minutes=1))
    work_all(here)
    assert dict(google[0].calls) == {"history.list": 1, "messages.get": MAILS}
    assert len(here.store.ledger.entries(wiring.OWNER)) == MAILS
    assert sum(here.queue.depth(lane) for lane in Lane) == 0


def test_a_push_of_what_is_behind_the_cursor_asks_nobody(here: Any, google: Any) -> None:
    """A late one, or one delivered again."""
    reached = arrive(google)
    notified.gmail(here.rooms, BOX, str(reached[-1]))
    google[0].calls.clear()
    for history_id in reached:
        notified.gmail(here.rooms, BOX, str(history_id))
    assert not google[0].calls


def test_a_push_of_what_is_new_is_never_taken_for_an_old_one(here: Any, google: Any) -> None:
    """One past the cursor is asked for, also in the middle of a history, and so is what is no number."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    door = here.rooms.door(box)
    assert [door.covers(cursor, "100") for cursor in ("99", "99~120:page", "100", "100:page", "101")] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert not door.covers("100", "")
    assert not door.covers("100", "x")
    assert door.changes(box.cursor.value, Preferences()).ids == ()
