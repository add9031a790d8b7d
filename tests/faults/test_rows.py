"""The fault table for Gmail, row by row: nothing lost, nothing doubled, and every effect as without the fault.

Effects are signals, what pages show (the canonical export holds both) and outbox entries.
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from schedules import LETTERS, arrive
from wires import Killed
from world import VISIBILITY_SECONDS, Clock, Short, World, readable

from fakes import BOX, RECEIPT, REJECTION, mail
from hearback import wiring
from hearback.mailboxes.gmail_calls import GmailCalls
from hearback.model.errors import Conflict, Fenced, NeedsPerson, Transient
from hearback.model.mailbox import MailboxStatus
from hearback.model.message import RawMessage
from hearback.model.task import Lane
from hearback.reading.read import Reading
from hearback.reading.scan import TOO_LARGE
from hearback.simulators.google_faults import PASSING
from hearback.sync import classify, renew
from hearback.sync.sync_now import sync_now

JOB = "Thank you for applying to Acme"
PROOF = bool(os.environ.get("HEARBACK_PROOF"))
both = pytest.mark.parametrize("on", ["embedded", "deployed"], indirect=True)
"""For what hangs on store or queue: on those of both deployments."""
both_in_proof = pytest.mark.parametrize("on", ["embedded", "deployed"] if PROOF else ["embedded"], indirect=True)
"""The same, where others tell most of it in less time: the deployed one only in make proof."""


def cases(name: str, values: Iterable[Any], *, deployed: Iterable[Any]) -> pytest.MarkDecorator:
    """All `values` on the embedded deployment; on the other, which is slow to simulate, those that tell something new there, and
    all in make proof.
    """
    values = list(values)
    told = [(each, "embedded") for each in values] + [(each, "deployed") for each in (values if PROOF else deployed)]
    return pytest.mark.parametrize((name, "on"), told, indirect=["on"])


def receipt(world: World, number: int = 1) -> str:
    return world.arrive(mail(number, JOB, RECEIPT))


def read(world: World) -> None:
    world.push_all()
    world.work_all()


@cases("times", [2, 10], deployed=[2])
def test_row_01_one_push_delivered_many_times_has_one_effect(times: int, world: World) -> None:
    """One application, one line, one alert with one id."""
    receipt(world)
    for request in world.google.take_pushes() * times:
        assert world.push(request) == 204
        world.work_all()
        world.stream()
    assert world.stages() == [("Acme", "applied")]
    assert len(world.ledger) == 1
    assert [event for _, event in world.alerts().elements()] == ["application.created"]


@both
def test_row_01_one_task_worked_by_several_workers_at_once_has_one_effect(world: World) -> None:
    """Four threads with the same batch: one signal, one alert."""
    receipt(world)
    world.push_all()
    deliveries = world.here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
    workers = [threading.Thread(target=world.handle, args=(deliveries,)) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    world.stream()
    assert world.stages() == [("Acme", "applied")]
    assert sum(world.alerts().values()) == 1


@both
def test_row_02_mail_read_in_any_order_gives_the_same_bytes(new: Callable[..., World], on: str) -> None:
    """Receipt, interview and offer: every order of reading, one state."""
    exports = set()
    orders = list(itertools.permutations(range(3)))
    for order in orders if PROOF or on == "embedded" else (orders[0], orders[-1]):
        made = new()
        made.consent()
        made.work_all()
        for letter in (0, 2, 3):
            arrive(made, letter, letter, "")
            made.clock.pass_(60)
        made.push_all()
        made.clock.pass_(60)
        deliveries = made.here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
        refs = [each for each in deliveries if '"message"' in each.body]
        assert len(refs) == 3
        for each in order:
            made.handle([refs[each]])
        exports.add(made.export())
    assert len(exports) == 1
    assert readable(exports.pop())["applications"][0]["stage"] == "offer_extended"


def test_row_02_a_reply_that_is_read_before_what_it_answers_is_read_all_the_same(new: Callable[..., World]) -> None:
    """By itself it says nothing of an application; once its thread is about one, it belongs to it."""
    exports = []
    for late in (0, 1, 2):
        made = new()
        made.consent()
        made.work_all()
        for letter in (0, 6, 7):
            subject, text, sender, _ = LETTERS[letter]
            place = "SENT" if letter == 6 else "INBOX"
            made.arrive(mail(letter, subject, text, sender=sender), thread_key="t", labels=(place,))
            made.clock.pass_(60)
        made.push_all()
        made.clock.pass_(60)
        refs = [
            each for each in made.here.queue.receive(lane=Lane.LIVE, visibility_seconds=60) if '"message"' in each.body
        ]
        assert len(refs) == 3
        for each in [*refs[:late], *refs[late + 1 :], refs[late]]:
            made.handle([each])
        made.work_all()
        exports.append(readable(made.export()))
    assert exports[0] == exports[1] == exports[2]
    assert [each["looked"] for each in exports[0]["ledger"]].count("seen") == 0


@both
def test_row_03_a_kill_before_every_effect_of_a_push_and_its_reading_loses_nothing(world: World, on: str) -> None:
    """Whatever was done last, another process resumes: same export, told once."""
    world.google.quota_units = 10**9  # all copies of this moment spend of the same minute
    for letter in (0, 5):
        arrive(world, letter, letter, "")
    requests = world.google.take_pushes()

    def flow(made: World) -> None:
        for each in requests:
            made.push(each)
        made.work(Lane.LIVE)
        made.stream()

    expected = world.copy()
    flow(expected)
    of = len(expected.wires.effects)
    expected.settle()
    assert of > 20
    for number in range(of) if PROOF or on == "embedded" else range(of // 4, of, of // 2):
        made = world.copy()
        made.wires.watch((number, "kill"))
        with pytest.raises(Killed):
            flow(made)
        made.restart()
        for each in requests:  # it was not acknowledged
            made.push(each)
        made.settle()
        as_of = made.clock.now
        assert made.export(as_of=as_of) == expected.export(as_of=as_of), f"killed before effect {number} of {of}"
        told = [each.id for each in made.told if not each.id.startswith("mailbox")]
        assert len(told) == len(set(told)), f"told twice after a kill before effect {number} of {of}"


@both
def test_row_03_a_process_killed_at_every_try_loses_no_mail(world: World) -> None:
    """Five times the machine dies over the same batch: it waits for the person as unread, and a later sweep reads it."""
    id_ = receipt(world)
    world.push_all()
    for _ in range(5):
        assert world.here.queue.receive(lane=Lane.LIVE, visibility_seconds=360)
        world.restart()
        world.clock.pass_(361)
    world.work_all()
    assert world.ledger[id_].reason == "could not be read"
    assert len(readable(world.export())["review"]) == 1
    world.settle()
    assert world.stages() == [("Acme", "applied")]
    assert not world.plain.queue.dead_letters()


@both
def test_row_04_a_worker_that_lost_its_lease_writes_nothing(world: World) -> None:
    """It sleeps past its lease, another takes over: the sleeper's write of cursor and state is refused."""
    box = world.mailbox
    mailboxes = world.plain.store.mailboxes
    zombie = mailboxes.lease(wiring.OWNER, box.id, seconds=60, now=world.clock.now)
    assert zombie is not None
    world.clock.pass_(61)
    receipt(world)
    read(world)
    with pytest.raises((Fenced, Conflict)):
        mailboxes.put(box, fence=zombie)
    after = world.mailbox
    with pytest.raises(Fenced):
        mailboxes.put(after, fence=zombie)
    assert world.stages() == [("Acme", "applied")]


@both
def test_row_04_a_worker_that_slept_past_its_tasks_does_nothing_twice(world: World) -> None:
    """They came back and another has done them: what it then does of them, and that it calls them done, changes nothing."""
    receipt(world)
    world.push_all()
    slept = world.plain.queue.receive(lane=Lane.LIVE, visibility_seconds=VISIBILITY_SECONDS)
    world.clock.pass_(VISIBILITY_SECONDS + 1)
    world.work_all()
    before = world.export()
    world.handle(slept)
    for each in slept:
        world.plain.queue.delete(each)
    world.stream()
    assert world.export() == before
    assert sum(world.alerts().values()) == 1


@both_in_proof
def test_row_04_a_worker_that_sleeps_before_it_writes_is_refused(world: World, on: str) -> None:
    """Meanwhile another takes over its tasks, whichever write it is: one line, one alert, and the same state."""
    world.google.quota_units = 10**9  # as above
    receipt(world)
    requests = world.google.take_pushes()

    def flow(made: World, *at: tuple[int, str]) -> None:
        def overtaken() -> None:
            made.clock.pass_(VISIBILITY_SECONDS + 1)
            made.work()

        for each in requests:
            made.push(each)
        made.wires.watch(*at, meanwhile=overtaken)
        made.work()

    expected = world.copy()
    flow(expected)
    writes = [n for n, name in enumerate(expected.wires.effects) if name.endswith((".record", ".TransactWriteItems"))]
    assert writes
    expected.settle()
    for number in writes if PROOF or on == "embedded" else writes[-1:]:
        made = world.copy()
        flow(made, (number, "meanwhile"))
        made.settle()
        as_of = made.clock.now
        assert made.export(as_of=as_of) == expected.export(as_of=as_of)
        assert sum(made.alerts().values()) == 1


@cases("failing", [1, 9], deployed=[])
def test_row_05_only_what_failed_of_a_batch_comes_back(failing: int, world: World) -> None:
    """Of ten references some meet a provider in trouble: the others are done, and those follow."""
    for number in range(10):
        receipt(world, number)
    world.push_all()
    world.google.faults.add("backend_503", times=failing)
    world.work(Lane.LIVE)
    assert world.plain.queue.depth(Lane.LIVE) == failing
    world.google.faults.clear()
    world.settle()
    assert len(readable(world.export())["ledger"]) == 10


@both
def test_row_05_what_a_worker_has_no_time_for_is_done_by_others(world: World) -> None:
    """Each gets to one of seven. SQS counts being given back as a try, so the last of them rest for a while: none is lost."""
    for number in range(7):
        receipt(world, number)
    world.push_all()
    for _ in range(8):
        world.work(context=Short(1))
        world.clock.pass_(1)
    assert len(world.ledger) >= 5
    world.settle()
    assert len(world.ledger) == 7
    assert world.plain.queue.depth(Lane.LIVE) == 0
    assert not world.plain.queue.dead_letters()


def test_row_06_a_poison_message_waits_for_the_person_and_its_neighbours_are_read(world: World) -> None:
    """A parser bomb, a charset nobody knows: in review or read; the mail beside them is on the board."""
    bomb = mail(1, "Your application at Bomb", "x") + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 500
    world.arrive(bomb)
    odd = mail(2, "Your application at Odd", RECEIPT)
    world.arrive(odd.replace(b"\r\n\r\n", b"\r\nContent-Type: text/plain; charset=x-none\r\n\r\n", 1))
    receipt(world, 3)
    read(world)
    assert ("Acme", "applied") in world.stages()
    assert len(world.ledger) == 3
    assert len(readable(world.export())["review"]) >= 1
    assert not world.plain.queue.dead_letters()


def test_row_06_a_mail_of_sixty_megabytes_waits_for_the_person_and_its_neighbours_are_read(world: World) -> None:
    """It is fetched once and shown with its reason."""
    attached = b"Content-Type: application/pdf\r\n\r\n" + b"A" * 60_000_000
    id_ = world.arrive(mail(1, "Your application at Large", "x") + attached)
    receipt(world, 2)
    world.push_all()
    world.work()
    (waits,) = world.plain.store.projections.review(wiring.OWNER)
    assert waits.reason == TOO_LARGE
    assert world.ledger[id_].looked.value == "kept"
    assert world.stages() == [("Acme", "applied")]
    assert world.plain.queue.depth(Lane.LIVE) == 0
    assert not world.plain.queue.dead_letters()


@both
def test_row_06_what_gmail_calls_wrong_is_a_dead_letter_at_once_and_its_neighbours_are_read(world: World) -> None:
    """With its reason, at the first try."""
    for number in range(3):
        receipt(world, number)
    world.push_all()
    world.google.faults.add("bad_400", call="messages.get")
    world.work()
    (dead,) = world.plain.queue.dead_letters()
    assert dead.reason == "Gmail refused a request (400)."
    assert '"message"' in dead.body
    assert len(world.ledger) == 2
    assert world.plain.queue.depth(Lane.LIVE) == 0


@both
def test_row_06_what_nobody_foresaw_is_tried_five_times_and_waits_for_the_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its neighbour is read at the first."""
    poison = world.arrive(mail(1, "Your application at Poison", RECEIPT))
    receipt(world, 2)
    whole, tries = classify.read, []

    def breaks(raw: RawMessage, *rest: Any) -> Reading:
        if raw.provider_message_id == poison:
            tries.append(raw)
            raise ZeroDivisionError
        return whole(raw, *rest)

    monkeypatch.setattr(classify, "read", breaks)
    world.push_all()
    world.work()
    assert world.stages() == [("Acme", "applied")]
    for _ in range(10):
        world.clock.pass_(300)
        world.work()
    assert len(tries) == 5
    assert world.ledger[poison].reason == "could not be read"
    assert world.plain.queue.depth(Lane.LIVE) == 0
    assert not world.plain.queue.dead_letters()


@cases("fault", PASSING, deployed=["daily_403"])
def test_row_07_a_provider_in_trouble_heals(fault: str, world: World) -> None:
    """Whatever it answers, the mail is read once it answers rightly, and nothing was given up."""
    receipt(world)
    world.google.faults.add(fault, times=1 if fault == "daily_403" else 4)  # each of those rests an hour
    for request in world.google.take_pushes():
        world.push(request)
    world.work_all()
    world.settle()
    assert world.stages() == [("Acme", "applied")]
    assert "mailbox.authentication_required" not in {each.event for each in world.told}
    assert not world.plain.queue.dead_letters()


def stall(world: World, call: str, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The next `call` gets no answer for thirty seconds. Tells how long it would have been waited for; here it is a moment."""
    met, asked, limit = len(world.google.faults.met), list[float](), GmailCalls._limit

    def moment(calls: GmailCalls, seconds: float) -> None:
        if len(world.google.faults.met) == met:
            asked.append(seconds)
            seconds = 0.1
        limit(calls, seconds)

    world.google.faults.add("stall", call=call)
    monkeypatch.setattr(GmailCalls, "_limit", moment)
    return asked


@both
def test_row_07_a_message_that_stalls_is_given_up_and_read_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After six seconds at most; its neighbours are read in the same batch."""
    for number in range(3):
        receipt(world, number)
    world.push_all()
    asked = stall(world, "messages.get", monkeypatch)
    world.work()
    assert 0 < asked[0] <= 6
    assert len(asked) == 1
    assert len(world.ledger) == 2
    world.clock.pass_(3)
    world.work()
    assert len(world.ledger) == 3


@both
def test_row_07_a_history_that_stalls_gives_the_mailbox_free(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The push is acknowledged, its task in the queue; whoever comes next need not wait for the lease to end."""
    receipt(world)
    asked = stall(world, "history.list", monkeypatch)
    world.push_all()
    assert 0 < asked[0] <= 6
    lease = world.plain.store.mailboxes.lease(wiring.OWNER, world.mailbox.id, seconds=1, now=world.clock.now)
    assert lease is not None
    world.clock.pass_(4)
    world.work_all()
    assert world.stages() == [("Acme", "applied")]


@cases("lag", [1, 7, 30, 55], deployed=[7])
def test_row_08_mail_that_history_shows_late_is_found_within_five_seconds(lag: int, world: World) -> None:
    """The push comes first; no sweep helps."""
    world.google.history_lag_seconds = lag
    receipt(world)
    world.push_all()
    for _ in range(lag + 5):
        world.clock.pass_(1)
        world.work_all()
    assert world.stages() == [("Acme", "applied")]


def test_row_08_a_mail_that_shows_later_than_another_is_found_within_five_seconds(world: World) -> None:
    """History shows the first of two, and the second only then; one push told of both."""
    arrive(world, 4, 1, "")
    world.google.history_lag_seconds = 20
    receipt(world, 2)
    assert world.push(world.google.take_pushes()[-1]) == 204
    for _ in range(25):
        world.clock.pass_(1)
        world.work_all()
    assert ("Acme", "applied") in world.stages()


@pytest.mark.parametrize("looks", [0, 1, 3])
def test_row_08_mail_whose_id_is_named_before_it_is_shown_is_found(looks: int, world: World) -> None:
    """Gmail says to be past it and shows nothing, however often one looks meanwhile; the next sweep finds it."""
    world.google.history_ahead, world.google.history_lag_seconds = True, 40
    receipt(world)
    for _ in range(looks):
        sync_now(world.here.rooms, wiring.OWNER)
        world.work_all()
        world.clock.pass_(5)
    read(world)
    for _ in range(60):
        world.clock.pass_(1)
        world.work_all()
    world.tick(330)
    assert world.stages() == [("Acme", "applied")]


@both
def test_row_08_a_message_that_cannot_be_fetched_yet_is_read_once_it_can(world: World) -> None:
    """It is not taken for deleted."""
    world.google.index_lag_seconds = 20
    receipt(world)
    world.push_all()
    for _ in range(90):
        world.clock.pass_(1)
        world.work_all()
    assert world.stages() == [("Acme", "applied")]


@both
def test_row_09_an_expired_cursor_fetches_only_what_is_missing(world: World) -> None:
    """What was read before is not fetched again; what came meanwhile is."""
    receipt(world)
    read(world)
    world.google.drop_pushes = True
    world.arrive(mail(2, "Your application at Acme", REJECTION))
    world.google.expire_history()
    before, generation = world.google.calls["messages.get"], world.mailbox.cursor.generation  # type: ignore[union-attr]
    world.settle()
    assert world.stages() == [("Acme", "rejected")]
    assert world.google.calls["messages.get"] == before + 2  # head and body of the one
    assert world.mailbox.cursor.generation > generation  # type: ignore[union-attr]


def test_row_09_mail_that_is_in_no_list_yet_when_history_is_found_lost_is_found(world: World) -> None:
    """It came just before: the new cursor passes it, and the resync's list does not show it yet."""
    world.google.index_lag_seconds = 20
    world.google.expire_history()
    receipt(world)
    read(world)
    world.tick(330)
    world.tick(330)
    assert world.stages() == [("Acme", "applied")]


def test_a_first_sync_finds_mail_that_came_just_before_it_and_was_in_no_list_yet(new: Callable[..., World]) -> None:
    """Its cursor passes it too."""
    made = new()
    made.google.index_lag_seconds = 20
    receipt(made)
    made.consent()
    made.work_all()
    made.tick(330)
    made.tick(330)
    assert made.stages() == [("Acme", "applied")]


@both
def test_row_10_mail_whose_pushes_were_all_dropped_is_found_within_one_interval(world: World) -> None:
    """A day of nothing, then the next sweep."""
    world.google.drop_pushes = True
    for _ in range(3):
        world.clock.pass_(8 * 3600)
        world.schedule("sweep")
        world.work_all()
    receipt(world)
    world.tick(301)
    assert world.stages() == [("Acme", "applied")]


@both_in_proof
def test_row_11_a_watch_that_cannot_be_renewed_raises_the_alarm_and_is_made_again(world: World) -> None:
    """Under 48 hours it counts as lapsing; mail comes by the sweep; once Gmail lets us, there is a watch again."""
    first = world.mailbox.watch
    assert first is not None
    world.google.faults.add("backend_503", call="watch", times=None)
    for _ in range(5):
        world.tick(23 * 3600)
        assert renew.lapsing(world.plain.rooms) == 0
    world.tick(8 * 3600)
    assert renew.lapsing(world.plain.rooms) == 1
    world.tick(3 * 24 * 3600)
    assert world.account.watch_until is not None
    assert world.account.watch_until < world.clock.now
    receipt(world)
    world.tick(301)
    assert world.stages() == [("Acme", "applied")]
    world.google.faults.clear()
    world.tick(301)
    assert world.account.watch_until > world.clock.now
    assert renew.lapsing(world.plain.rooms) == 0


@both
def test_row_11_a_watch_that_was_lost_is_made_again_within_a_day(world: World) -> None:
    """Nobody tells that it is gone; the daily renewal makes it again."""
    world.google.end_watch(BOX)
    world.clock.pass_(24 * 3600 + 60)
    world.schedule("renew")
    world.work_all()
    assert world.account.watch_until is not None


@cases("place", ["deleted", "trash", "spam"], deployed=[])
def test_row_12_mail_that_goes_before_it_is_read_is_skipped_and_its_neighbour_read(place: str, world: World) -> None:
    """Deleted: a line says so. In Trash or Spam: no line, for it may come out again; and then it is read."""
    id_ = receipt(world)
    arrive(world, 4, 2, "")
    world.push_all()
    if place == "deleted":
        world.google.delete(BOX, id_)
    else:
        world.google.move(BOX, id_, place)
    world.settle()
    assert world.stages() == [("Northwind", "applied")]
    if place == "deleted":
        assert world.ledger[id_].looked.value == "gone"
        return
    assert id_ not in world.ledger
    world.google.move(BOX, id_, "inbox")
    world.settle()
    assert ("Acme", "applied") in world.stages()


@both_in_proof
def test_row_15_a_revoked_grant_is_told_once_and_caught_up_after_reconnecting(world: World) -> None:
    """Authentication Required, one alert, the cursor kept; mail of days is there after reconnecting."""
    cursor = world.mailbox.cursor
    world.google.revoke_of(BOX)
    for number in range(3):
        receipt(world, number)
        read(world)
        world.tick(3600)
    world.stream()
    assert world.mailbox.status is MailboxStatus.AUTHENTICATION_REQUIRED
    assert world.mailbox.cursor == cursor
    events = [event for _, event in world.alerts().elements()]
    assert events == ["mailbox.authentication_required"]
    world.clock.pass_(3 * 24 * 3600)
    world.settle()
    assert len(world.ledger) == 3
    assert world.stages() == [("Acme", "applied")]


@both_in_proof
def test_row_16_two_workers_that_renew_one_token_leave_one(world: World) -> None:
    """Both go on, the store holds the winner's, and nobody has to reconnect."""
    for number in range(8):
        arrive(world, number % len(LETTERS), number, "")
    world.push_all()
    world.google.access.clear()
    version = world.plain.store.mailboxes.secret(wiring.OWNER, world.mailbox.id)[1]  # type: ignore[index]
    deliveries = world.here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
    workers = [threading.Thread(target=world.handle, args=([each],)) for each in deliveries]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    held = world.plain.store.mailboxes.secret(wiring.OWNER, world.mailbox.id)
    assert held is not None
    assert held[1] > version
    assert json.loads(held[0])["access_token"] in world.google.access
    assert world.mailbox.status is MailboxStatus.ACTIVE
    world.settle()
    assert len(world.ledger) == 8


STARTS = {
    "Tuesday, 27 October 2026 at 14:00 CET": "2026-10-27T14:00:00+01:00",  # two days after clocks went back
    "Monday, 29 February 2028 at 09:30 CET": "2028-02-29T09:30:00+01:00",
    "Thursday, 5 November at 09:30 CET": "2026-11-05T09:30:00+01:00",
    "14 January at 10:00": "2027-01-14T10:00:00+01:00",
    "Friday, 2 April at 10:00": "2027-04-02T10:00:00+02:00",
}


@cases("said", STARTS, deployed=[])
def test_row_17_interviews_beside_a_change_of_clocks_and_on_a_leap_day_are_at_their_time(
    said: str, world: World
) -> None:
    """Whatever the clock of this machine says meanwhile."""
    text = f"Dear Ann,\r\n\r\nWe would like to invite you to an interview for the Data Engineer position at Acme on {said}."
    world.arrive(mail(1, "Interview for Data Engineer at Acme", text))
    world.clock.pass_(-1800)  # ours is behind
    read(world)
    world.clock.pass_(3600)
    world.settle()
    (application,) = readable(world.export())["applications"]
    assert [each["start"] for each in application["interviews"]] == [STARTS[said]]


@pytest.mark.parametrize(
    ("said", "came", "start"),
    [
        ("14 January at 10:00", datetime(2026, 12, 31, 22, 30, tzinfo=UTC), "2027-01-14T10:00:00+01:00"),
        ("29 February at 10:00", datetime(2028, 2, 20, 9, tzinfo=UTC), "2028-02-29T10:00:00+01:00"),
        ("tomorrow at 10:00", datetime(2027, 3, 27, 9, tzinfo=UTC), "2027-03-28T10:00:00+02:00"),
        ("30 December at 10:00", datetime(2026, 12, 29, 9, tzinfo=UTC), "2026-12-30T10:00:00+01:00"),
    ],
)
def test_row_17_a_day_without_its_year_is_of_the_time_the_mail_came(
    said: str, came: datetime, start: str, new: Callable[..., World]
) -> None:
    """However much later it is read, in another year even."""
    made = new(clock=Clock(came - timedelta(hours=1)))
    made.consent()
    made.work_all()
    made.clock.now = came
    text = f"Dear Ann,\r\n\r\nWe would like to invite you to an interview for the Data Engineer position at Acme on {said}."
    made.arrive(mail(1, "Interview for Data Engineer at Acme", text))
    made.clock.pass_(100 * 24 * 3600)
    made.settle()
    (application,) = readable(made.export())["applications"]
    assert [each["start"] for each in application["interviews"]] == [start]


@both
def test_row_26_a_push_is_acknowledged_only_once_its_mail_is_queued(world: World) -> None:
    """With the queue out of reach it gets a 5xx and comes again; a sweep loses no turn by it."""
    receipt(world)
    (request,) = world.google.take_pushes()
    with world.ground.away(world.plain.queue):
        assert world.push(request) >= 500
        world.clock.pass_(301)
        with pytest.raises(Transient, match="out of reach"):
            world.schedule("sweep")
    assert world.stages() == []
    world.schedule("sweep")
    world.work_all()
    assert world.stages() == [("Acme", "applied")]


def test_row_15_a_refused_token_of_before_a_reconnect_says_nothing_of_the_new_one(world: World) -> None:
    """A worker that was slow to hear of the refusal does not take back what the person has just mended."""
    from hearback.sync import status

    version = world.plain.store.mailboxes.secret(wiring.OWNER, world.mailbox.id)[1]  # type: ignore[index]
    world.google.revoke_of(BOX)
    world.consent()
    status.require_person(
        world.plain.rooms, wiring.OWNER, world.mailbox.id, NeedsPerson("refused", token_version=version)
    )
    assert world.mailbox.status is MailboxStatus.ACTIVE
