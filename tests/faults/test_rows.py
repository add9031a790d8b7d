"""The fault table for Gmail, row by row: nothing lost, nothing doubled, and every effect as without the fault.

Effects are signals, what pages show (the canonical export holds both) and outbox entries.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from schedules import LETTERS, arrive
from world import Killed, World, readable

from fakes import BOX, RECEIPT, REJECTION, mail
from hearback import wiring
from hearback.model.errors import Conflict, Fenced, NeedsPerson
from hearback.model.mailbox import MailboxStatus
from hearback.model.task import Lane
from hearback.simulators.google_faults import PASSING
from hearback.sync import renew
from hearback.sync.sync_now import sync_now

JOB = "Thank you for applying to Acme"


def receipt(world: World, number: int = 1) -> str:
    return world.arrive(mail(number, JOB, RECEIPT))


def read(world: World) -> None:
    world.push_all()
    world.work_all()


@pytest.mark.parametrize("times", [2, 10])
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


def test_row_02_mail_read_in_any_order_gives_the_same_bytes(new: Callable[..., World]) -> None:
    """Receipt, interview, offer and a rejection in between: every order of reading, one state."""
    exports = set()
    for order in itertools.permutations(range(3)):
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


def crashed(made: World, number: int, do: Callable[[World], None]) -> bool:
    """Killed before effect `number`; False: it had fewer."""
    made.wires.watch((number, "kill"))
    try:
        do(made)
    except Killed:
        made.restart()
        return True
    return False


def test_row_03_a_kill_before_every_effect_of_a_push_and_its_reading_loses_nothing(
    world: World, new: Callable[..., World], memory: Any
) -> None:
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

    expected = world.copy(memory / "calm")
    flow(expected)
    expected.settle()
    for number in range(200):
        made = world.copy(memory / f"killed{number}")
        if not crashed(made, number, flow):
            break
        for each in requests:  # it was not acknowledged
            made.push(each)
        made.settle()
        as_of = made.clock.now
        assert made.export(as_of=as_of) == expected.export(as_of=as_of), f"killed before effect {number}"
        told = [each.id for each in made.told if not each.id.startswith("mailbox")]
        assert len(told) == len(set(told)), f"told twice after a kill before effect {number}"
    assert number > 20


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


@pytest.mark.parametrize("failing", [1, 9])
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


@pytest.mark.parametrize("fault", PASSING)
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


@pytest.mark.parametrize("lag", [1, 7, 30, 55])
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


def test_row_08_a_message_that_cannot_be_fetched_yet_is_read_once_it_can(world: World) -> None:
    """It is not taken for deleted."""
    world.google.index_lag_seconds = 20
    receipt(world)
    world.push_all()
    for _ in range(90):
        world.clock.pass_(1)
        world.work_all()
    assert world.stages() == [("Acme", "applied")]


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


def test_row_11_a_watch_that_was_lost_is_made_again_within_a_day(world: World) -> None:
    """Nobody tells that it is gone; the daily renewal makes it again."""
    world.google.end_watch(BOX)
    world.clock.pass_(24 * 3600 + 60)
    world.schedule("renew")
    world.work_all()
    assert world.account.watch_until is not None


@pytest.mark.parametrize("place", ["deleted", "trash", "spam"])
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


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("Tuesday, 27 October 2026 at 14:00 CET", "2026-10-27T14:00:00+01:00"),  # two days after clocks went back
        ("Monday, 29 February 2028 at 09:30 CET", "2028-02-29T09:30:00+01:00"),
    ],
)
def test_row_17_interviews_beside_a_change_of_clocks_and_on_a_leap_day_are_at_their_time(
    said: str, start: str, world: World
) -> None:
    """Whatever the clock of this machine says meanwhile."""
    text = f"Dear Ann,\r\n\r\nWe would like to invite you to an interview for the Data Engineer position at Acme on {said}."
    world.arrive(mail(1, "Interview for Data Engineer at Acme", text))
    world.clock.pass_(-1800)  # ours is behind
    read(world)
    world.clock.pass_(3600)
    world.settle()
    (application,) = readable(world.export())["applications"]
    assert [each["start"] for each in application["interviews"]] == [start]


def test_row_26_a_push_is_acknowledged_only_once_its_mail_is_queued(world: World) -> None:
    """With the queue out of reach it gets a 5xx and comes again; a sweep loses no turn by it."""
    receipt(world)
    (request,) = world.google.take_pushes()
    queue = world.here.queue._target  # type: ignore[attr-defined]

    def refuse(*_: Any, **__: Any) -> None:
        from hearback.model.errors import Transient

        raise Transient("The queue is out of reach.")

    whole = queue.send
    queue.send = refuse
    try:
        assert world.push(request) >= 500
        world.clock.pass_(301)
        with pytest.raises(Exception, match="out of reach"):
            world.schedule("sweep")
    finally:
        queue.send = whole
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
