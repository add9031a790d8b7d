"""What the simulated Google does of itself, by the clock it is given: lateness, watches, pushes, quota, subscriptions, grants."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from fakes import BOX, RECEIPT, challenge, mail
from hearback.simulators.google import Google
from hearback.simulators.google_consent import Consents
from hearback.simulators.google_pubsub import Pubsub, Subscription
from hearback.simulators.google_quota import DAY, PERSON, PROJECT, Meter

if TYPE_CHECKING:
    from conftest import Clock

TOPIC = "projects/p/topics/gmail"


def deliver(made: Google, number: int = 1, **more: Any) -> str:
    return made.deliver(BOX, mail(number, "Thank you for applying", RECEIPT), **more)


def watched(made: Google) -> None:
    made.push_to(None, audience="a", account="b")
    made.watch(made.accounts[BOX], TOPIC, ["SPAM", "TRASH"], exclude=True)
    made.take_pushes()


def told(made: Google) -> list[int]:
    """The history ids of the pushes that are due."""
    bodies = [json.loads(body) for _, body in made.take_pushes()]
    return [json.loads(base64.urlsafe_b64decode(each["message"]["data"]))["historyId"] for each in bodies]


# lateness


def test_a_message_may_be_told_before_it_is_there(made: Google, clock: Clock) -> None:
    """By id, in lists and in its thread: not yet, then it is; history names it all the while."""
    account, made.index_lag_seconds = made.accounts[BOX], 30
    id_ = deliver(made)
    assert [each.message.id for each in made.changes(account, 1000, ()) or ()] == [id_]
    assert (made.found(account, id_), made.matching(account, ""), made.thread(account, id_)) == (None, [], [])
    clock.advance(seconds=30)
    assert made.found(account, id_) is not None
    assert len(made.matching(account, "")) == len(made.thread(account, id_)) == 1


def test_history_may_come_after_its_push(made: Google, clock: Clock) -> None:
    """Empty, and its id behind the one that was pushed; then neither."""
    watched(made)
    account, made.history_lag_seconds = made.accounts[BOX], 60
    deliver(made)
    (pushed,) = told(made)
    assert (made.changes(account, 1000, ()), made.shown_history_id(account) < pushed) == ([], True)
    clock.advance(seconds=60)
    assert (len(made.changes(account, 1000, ()) or ()), made.shown_history_id(account)) == (1, pushed)


# watches


def test_a_watch_ends_after_a_week(made: Google, clock: Clock) -> None:
    """Nothing says so."""
    watched(made)
    clock.advance(days=7, seconds=-1)
    deliver(made)
    assert len(told(made)) == 1
    clock.advance(seconds=1)
    deliver(made)
    assert told(made) == []


def test_a_watch_may_be_gone(made: Google) -> None:
    """Before its time."""
    watched(made)
    made.end_watch(BOX)
    deliver(made)
    assert told(made) == []


def test_a_watch_tells_no_more_than_it_may(made: Google, clock: Clock) -> None:
    """Within the gap the surplus is dropped, not kept."""
    watched(made)
    made.push_gap_seconds = 1
    clock.advance(seconds=1)
    for number in range(3):
        deliver(made, number)
    assert len(told(made)) == 1
    clock.advance(seconds=1)
    assert told(made) == []


def test_a_renamed_mailbox_is_told_by_its_new_address(made: Google) -> None:
    """Its grant still opens it."""
    watched(made)
    made.rename(BOX, "New@gmail.example")
    made.deliver("new@gmail.example", mail(1, "s", "t"))
    ((_, body),) = made.take_pushes()
    data = json.loads(base64.urlsafe_b64decode(json.loads(body)["message"]["data"]))
    assert data["emailAddress"] == "new@gmail.example"


# Pub/Sub


@pytest.mark.parametrize(
    ("fates", "order"),
    [
        ([], [1, 2, 3]),
        (["dropped"], [2, 3]),
        (["twice"], [1, 1, 2, 3]),
        (["late"], [2, 1, 3]),
        (["late", "late"], [3, 1, 2]),
        (["", "", "late"], [1, 2, 3]),
    ],
)
def test_pushes_may_be_dropped_doubled_and_late(fates: list[str], order: list[int], clock: Clock) -> None:
    """As programmed, one by one; what is late is never lost."""
    pubsub = Pubsub(clock)
    pubsub.fates.extend(fates)
    pubsub.subscriptions["s"] = Subscription("s", None, push=True)
    for number in (1, 2, 3):
        pubsub.publish(TOPIC, str(number))
    assert pubsub.take_pushes(lambda _, held: int(held.data)) == order


def test_what_is_not_acknowledged_comes_again(clock: Clock) -> None:
    """After the deadline, under another id; acknowledged by any of its ids, never."""
    pubsub = Pubsub(clock)
    heard = pubsub.subscribe("s", TOPIC, ack_deadline_seconds=10)
    pubsub.publish(TOPIC, "x")
    ((first, held),) = pubsub.pull(heard, 10)
    assert pubsub.pull(heard, 10) == []
    clock.advance(seconds=10)
    ((second, again),) = pubsub.pull(heard, 10)
    assert (again, again.attempts, first != second) == (held, 2, True)
    pubsub.acknowledge(heard, {first})
    clock.advance(seconds=10)
    assert pubsub.pull(heard, 10) == []


def test_a_deadline_may_be_moved(clock: Clock) -> None:
    """Further away; to nothing: it comes at once."""
    pubsub = Pubsub(clock)
    heard = pubsub.subscribe("s", TOPIC, ack_deadline_seconds=10)
    pubsub.publish(TOPIC, "x")
    ((ack_id, _),) = pubsub.pull(heard, 10)
    pubsub.extend(heard, {ack_id}, 60)
    clock.advance(seconds=59)
    assert pubsub.pull(heard, 10) == []
    pubsub.extend(heard, {ack_id}, 0)
    assert len(pubsub.pull(heard, 10)) == 1


def test_a_message_is_kept_for_a_week(clock: Clock) -> None:
    """And no longer."""
    pubsub = Pubsub(clock)
    heard = pubsub.subscribe("s", TOPIC)
    pubsub.publish(TOPIC, "x")
    clock.advance(days=7, seconds=1)
    assert pubsub.pull(heard, 10) == []


# quota


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        ({}, PERSON),
        ({"project_a_minute": 5_999}, PROJECT),
        ({"project_a_day": 5_999}, DAY),
    ],
)
def test_each_limit_is_kept_to_the_unit(limits: dict[str, int], refused: str, clock: Clock) -> None:
    """299 fetches and what is left, then not one unit more; what is refused costs nothing."""
    meter = Meter()
    for name, units in limits.items():
        setattr(meter, name, units)
    room = min([6_000, *limits.values()])
    for _ in range(299):
        assert meter.spend("a", 20, clock()) is None
    assert meter.spend("a", room - 299 * 20 + 1, clock()) == refused
    assert meter.spend("a", room - 299 * 20, clock()) is None
    assert meter.spend("a", 1, clock()) == refused
    assert (meter.total["a"], meter.peak("a"), meter.refused) == (room, room, 2)


def test_a_minute_later_there_is_room_again(clock: Clock) -> None:
    """A sliding minute; another person's is their own."""
    meter = Meter()
    meter.spend("a", 6_000, clock())
    clock.advance(seconds=59)
    assert meter.spend("a", 1, clock()) == PERSON
    assert meter.spend("b", 6_000, clock()) is None
    clock.advance(seconds=1)
    assert meter.spend("a", 6_000, clock()) is None


def test_the_day_begins_at_midnight_in_california(clock: Clock) -> None:
    """08:00 UTC in winter."""
    meter = Meter()
    meter.project_a_day = 10
    meter.spend("a", 10, clock())
    clock.advance(hours=19, minutes=59)
    assert meter.spend("a", 1, clock()) == DAY
    clock.advance(minutes=1)
    assert meter.spend("a", 1, clock()) is None


# grants


def exchange(made: Consents, **asked: str) -> tuple[int, dict[str, Any]]:
    """A consent of this kind, its code exchanged."""
    query = {"scope": "openid email", "redirect_uri": "x", "code_challenge": challenge("v"), **asked}
    form = {"client_id": made.client_id, "client_secret": made.client_secret, "redirect_uri": "x", "code_verifier": "v"}
    return told_by(made, {**form, "grant_type": "authorization_code", "code": made.authorize(query, BOX)})


def refresh(made: Consents, token: str) -> tuple[int, dict[str, Any]]:
    form = {"client_id": made.client_id, "client_secret": made.client_secret, "grant_type": "refresh_token"}
    return told_by(made, {**form, "refresh_token": token})


def told_by(made: Consents, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    reply = made.exchange(form)
    return reply.status, json.loads(reply.body)


LASTING = {"access_type": "offline", "prompt": "consent"}


def test_lasting_access_is_given_once_and_when_it_is_asked_for(made: Google) -> None:
    """Not for the hour alone, not again without a new consent."""
    assert "refresh_token" not in exchange(made)[1]
    made.grants.clear()
    assert "refresh_token" in exchange(made, access_type="offline")[1]
    assert "refresh_token" not in exchange(made, access_type="offline")[1]
    assert "refresh_token" in exchange(made, **LASTING)[1]


@pytest.mark.parametrize(
    ("testing", "days", "status"),
    [(True, 7, 200), (True, 8, 400), (False, 8, 200), (False, 180, 200), (False, 181, 400)],
)
def test_grants_end_by_themselves(testing: bool, days: int, status: int, made: Google, clock: Clock) -> None:
    """After a week while the consent screen is in Testing, after half a year unused."""
    made.testing = testing
    token = exchange(made, **LASTING)[1]["refresh_token"]
    clock.advance(days=days)
    found, answer = refresh(made, token)
    assert (found, answer.get("error")) == (status, None if status == 200 else "invalid_grant")


def test_the_hundred_and_first_grant_ends_the_first(made: Google) -> None:
    """Of one person for one client."""
    tokens = [exchange(made, **LASTING)[1]["refresh_token"] for _ in range(101)]
    assert [refresh(made, tokens[index])[0] for index in (0, 1, 100)] == [400, 200, 200]


def test_a_service_account_shows_a_signed_assertion(made: Google) -> None:
    """Signed with its own key: an access token of its scopes; with another: invalid_grant."""
    made.service_account("other@p.iam.gserviceaccount.com")
    key = made.service_account("puller@p.iam.gserviceaccount.com")
    claims = {"scope": "s", "aud": key["token_uri"], "iat": int(time.time()), "exp": int(time.time()) + 60}

    def asked(email: str) -> tuple[int, dict[str, Any]]:
        assertion = jwt.encode({**claims, "iss": email}, key["private_key"], algorithm="RS256")
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        return told_by(made, form)

    status, answer = asked(key["client_email"])
    bearer = made.bearer(f"Bearer {answer['access_token']}")
    assert (status, bearer and bearer.scopes) == (200, frozenset({"s"}))
    assert asked("other@p.iam.gserviceaccount.com")[0] == 400
