"""Every way Gmail and what lies before it refuse or break, through the real client library: the error says what is to be done."""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import BOX, RECEIPT, grant, mail
from hearback.mailboxes.gmail import GmailDoor
from hearback.mailboxes.gmail_errors import MOST_SECONDS, Refused
from hearback.mailboxes.google_oauth import GoogleClient
from hearback.mailboxes.protocols import Wanted
from hearback.mailboxes.quota import Quota
from hearback.model.budget import Budget
from hearback.model.errors import Conflict, HearbackError, NeedsPerson, NotFound, PushRefused, Throttled, Transient
from hearback.model.ids import ProviderMessageId
from hearback.model.mailbox import Preferences
from hearback.simulators import google_errors
from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.google_faults import CATALOGUE, Fault
from hearback.simulators.serve import serve

AHEAD = timedelta(hours=3)
"""Google's clock and ours need not agree."""


class Tokens:
    def __init__(self, secret: bytes) -> None:
        self.secret, self.version = secret, 1

    def load(self) -> tuple[bytes, int] | None:
        return self.secret, self.version

    def save(self, secret: bytes, expected: int) -> int:
        if expected != self.version:
            raise Conflict("newer")
        self.secret, self.version = secret, expected + 1
        return self.version


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Google, str]]:
    """One Google for the module: what goes wrong is programmed and gone after each call."""
    made = Google(clock=lambda: datetime.now(UTC) + AHEAD)
    made.add_account(BOX)
    with serve(app(made)) as root:
        yield made, root


@pytest.fixture
def google(served: tuple[Google, str]) -> Google:
    served[0].faults.clear()
    return served[0]


def door_of(served: tuple[Google, str], budget: Budget | None = None, *, expired: bool = False) -> GmailDoor:
    made, root = served
    tokens = Tokens(grant(made, root).secret)
    if expired:
        tokens.secret = json.dumps({**json.loads(tokens.secret), "expires_at": 0}).encode()
    return GmailDoor(
        BOX,
        tokens,
        GoogleClient(made.client_id, made.client_secret, root),
        "projects/p/topics/t",
        budget=budget or Budget(),
    )


MEANT: dict[str, tuple[type[Exception], float | None]] = {
    "metric_403": (Throttled, None),
    "metric_403_seconds": (Throttled, 7),
    "user_rate_403": (Throttled, None),
    "user_rate_403_told": (Throttled, 7),
    "user_rate_429_told": (Throttled, 7),
    "exhausted_429": (Throttled, None),
    "exhausted_429_seconds": (Throttled, 7),
    "exhausted_429_date": (Throttled, 7),
    "concurrent_429": (Throttled, None),
    "quota_403": (Throttled, None),
    "daily_403": (Throttled, MOST_SECONDS),
    "backend_500": (Transient, None),
    "backend_503": (Transient, None),
    "page_502": (Transient, None),
    "page_504": (Transient, None),
    "page_200": (Transient, None),
    "truncated": (Transient, None),
    "cut": (Transient, None),
    "reset": (Transient, None),
    "stall": (Transient, None),
    "scopes_403": (NeedsPerson, None),
    "policy_403": (NeedsPerson, None),
    "no_mail_400": (NeedsPerson, None),
    "api_off_403": (Transient, None),
    "bad_400": (Refused, None),
}


@pytest.mark.parametrize("name", MEANT)
def test_a_refusal_is_the_error_that_says_what_to_do(name: str, google: Google, served: tuple[Google, str]) -> None:
    """And when to come back, where Gmail says it: in seconds, as a date by its own clock, or in words."""
    expected, seconds = MEANT[name]
    door = door_of(served, Budget.of(0.6) if name == "stall" else None)
    google.faults.add(name, times=2)  # a reset connection is tried again by the library itself
    with pytest.raises(expected) as raised:
        door.cursor_now()
    assert type(raised.value) is expected
    told = getattr(raised.value, "retry_after_seconds", None)
    assert told == (None if seconds is None else pytest.approx(seconds, abs=2))


def test_every_fault_of_a_gmail_call_has_its_meaning_here() -> None:
    """A new one must be given one; the rest are of a token, or have tests of their own."""
    apart = {"unauthorized_401", "gone_404"}
    assert {name for name in CATALOGUE if not name.startswith("token_")} - apart == set(MEANT)


def test_a_token_that_is_refused_twice_needs_the_person(google: Google, served: tuple[Google, str]) -> None:
    """Once, it is only old."""
    door = door_of(served)
    google.faults.add("unauthorized_401")
    assert door.cursor_now()
    google.faults.add("unauthorized_401", times=2)
    with pytest.raises(NeedsPerson):
        door.cursor_now()


def test_a_message_that_is_gone_is_not_found(google: Google, served: tuple[Google, str]) -> None:
    """Gmail's own 404 alone says so."""
    google.faults.add("gone_404", call="messages.get")
    with pytest.raises(NotFound):
        door_of(served).fetch(ProviderMessageId("1"))


@pytest.mark.parametrize(("name", "cause"), [("scopes_403", "missing_scopes"), ("policy_403", "admin_policy")])
def test_what_is_missing_is_named(name: str, cause: str, google: Google, served: tuple[Google, str]) -> None:
    """A permission that was not given is no revoked grant."""
    google.faults.add(name)
    with pytest.raises(NeedsPerson) as raised:
        door_of(served).cursor_now()
    assert raised.value.cause == cause


@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_error_page_of_another_is_no_word_of_gmails(status: int, google: Google, served: tuple[Google, str]) -> None:
    """A proxy's 404 must not make a message gone, nor its 403 a mailbox disconnected."""
    google.faults.add(Fault("page", reply=lambda _: google_errors.proxy_page(status)))
    with pytest.raises(Transient):
        door_of(served).cursor_now()


@pytest.mark.parametrize(
    "body", [b"[]", b'"x"', b"1", b'{"error": []}', b'{"error": {"errors": 1, "details": [2]}}', b"\xff"]
)
def test_an_error_that_is_not_as_documented_is_read_all_the_same(
    body: bytes, google: Google, served: tuple[Google, str]
) -> None:
    """Whatever stands there, a 503 is tried again."""
    google.faults.append((503, {"content-type": "application/json"}, body))
    with pytest.raises(Transient):
        door_of(served).cursor_now()


@pytest.mark.parametrize("told", ["soon", "-5", "Thu, 99 Nov 2026 12:00:00 GMT", "1e9", ""])
def test_a_retry_after_that_says_nothing_is_none(told: str, google: Google, served: tuple[Google, str]) -> None:
    """The worker's own schedule holds then."""
    google.faults.append((429, {"content-type": "application/json", "retry-after": told}, b"{}"))
    with pytest.raises(Throttled) as raised:
        door_of(served).cursor_now()
    assert raised.value.retry_after_seconds is None


@pytest.mark.parametrize("told", ["999999999", "Thu, 26 Nov 2099 12:00:00 GMT"])
def test_no_wait_that_is_named_is_longer_than_an_hour(told: str, google: Google, served: tuple[Google, str]) -> None:
    """A mailbox is not given up for years because of a header."""
    google.faults.append((429, {"content-type": "application/json", "retry-after": told}, b"{}"))
    with pytest.raises(Throttled) as raised:
        door_of(served).cursor_now()
    assert raised.value.retry_after_seconds == MOST_SECONDS


TOKEN: dict[str, type[Exception]] = {
    "token_invalid_grant": NeedsPerson,
    "token_internal": Transient,
    "token_busy": Transient,
    "page_502": Transient,
    "page_200": Transient,
    "truncated": Transient,
    "cut": Transient,
    "reset": Transient,
}


@pytest.mark.parametrize("name", TOKEN)
def test_a_token_that_cannot_be_renewed(name: str, google: Google, served: tuple[Google, str]) -> None:
    """Only Google's own word that the grant is gone asks the person to reconnect."""
    door = door_of(served, expired=True)
    google.faults.add(name, call="token", times=2)
    with pytest.raises(TOKEN[name]):
        door.cursor_now()
    google.faults.clear()
    assert door.cursor_now()


def test_a_grant_that_is_taken_back_needs_the_person(google: Google, served: tuple[Google, str]) -> None:
    """The calls are 401, the refresh invalid_grant; a new consent mends it."""
    door = door_of(served)
    google.revoke_of(BOX)
    with pytest.raises(NeedsPerson) as raised:
        door.cursor_now()
    assert raised.value.cause == "authentication_required"
    assert door_of(served).cursor_now()


@pytest.mark.parametrize("there", [False, True])
def test_a_topic_that_cannot_be_published_to_is_no_dead_mailbox(
    there: bool, google: Google, served: tuple[Google, str]
) -> None:
    """Neither gone nor disconnected: who runs the installation must look."""
    name = f"projects/p/topics/{'barred' if there else 'missing'}"
    google.pubsub.makes_topics = False
    if there:
        google.pubsub.add_topic(name, gmail_may_publish=False)
    made, root = served
    client = GoogleClient(made.client_id, made.client_secret, root)
    with pytest.raises(PushRefused):
        GmailDoor(BOX, Tokens(grant(made, root).secret), client, name).watch()


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CALLS: dict[str, Callable[[GmailDoor, str], object]] = {
    "profile": lambda door, _: door.cursor_now(),
    "labels": lambda door, _: door.folders(),
    "history": lambda door, _: door.changes("1000", Preferences(), hint="9"),
    "messages": lambda door, _: door.listing(Wanted(since=LONG_AGO), Preferences()),
    "threads": lambda door, _: door.listing(Wanted(since=LONG_AGO, by_thread=True), Preferences()),
    "glimpse": lambda door, id_: door.glimpse([ProviderMessageId(id_)]),
    "message": lambda door, id_: door.fetch(ProviderMessageId(id_)),
    "thread": lambda door, id_: door.thread(id_),
    "conversation": lambda door, id_: door.conversation(id_),
    "watch": lambda door, _: door.watch(),
}
JUNK: list[Any] = [
    None,
    0,
    -1,
    1.5,
    True,
    "",
    "x",
    "\u00b2",
    "9" * 25,
    "-9" * 9,
    [],
    {},
    [1],
    {"id": 1},
    [[{}]],
    "\ud800",
]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a JSON value with each of its keys."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def damaged(body: bytes, dice: random.Random) -> bytes:
    """The answer with one value somewhere replaced, taken out, or the whole of it replaced."""
    found = json.loads(body)
    spots = list(places(found))
    if not spots or dice.random() < 0.1:
        return json.dumps(dice.choice(JUNK)).encode()
    holder, key = dice.choice(spots)
    if dice.random() < 0.25:
        del holder[key]
    else:
        holder[key] = dice.choice(JUNK)
    return json.dumps(found).encode()


@pytest.fixture(scope="module")
def lively(served: tuple[Google, str]) -> tuple[GmailDoor, str]:
    """A door on a mailbox with a bit of everything."""
    made, _ = served
    made.pubsub.makes_topics = True
    made.own_labels["Label_1"] = "Jobs"
    made.quota_units = 10**9
    id_ = made.deliver(BOX, mail(1, "Thank you for applying", RECEIPT))
    made.relabel(BOX, id_, add=("STARRED",), remove=("INBOX",))
    made.move(BOX, id_, "inbox")
    return door_of(served), id_


@settings(max_examples=1000 if os.environ.get("HEARBACK_PROOF") else 60, deadline=None)
@given(call=st.sampled_from(sorted(CALLS)), seed=st.integers(0, 2**32))
def test_an_answer_that_is_not_as_documented_never_surprises(
    call: str, seed: int, lively: tuple[GmailDoor, str], served: tuple[Google, str]
) -> None:
    """It is read, or it is an error of ours that says what to do: never one that nobody knows."""
    made, (door, id_) = served[0], lively
    door._calls._quota = Quota()
    made.faults.clear()
    dice = random.Random(seed)
    made.faults.add(Fault("damaged", alter=lambda body: damaged(body, dice)))
    with contextlib.suppress(HearbackError):
        repr(CALLS[call](door, id_)).encode()
    assert made.faults.met[-1][1] == "damaged"
