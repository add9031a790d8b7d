"""A Google in memory: Gmail accounts with history, watches and quota, OAuth grants, Pub/Sub, and faults on demand.

Answers are built by google_app; this module holds the state and its rules, thread-safe. Time is the clock handed in.

    mail       deliver, relabel, move, delete, rename; each writes history and lets the watch publish
    lateness   history_lag_seconds (told by history later than pushed), index_lag_seconds (messages.get is 404 until then)
    history    expire_history_before, expire_history; history_overlap: pages that repeat records;
               history_ahead: ids are named before their records are visible; history_frozen: pages are of the first one's moment
    pushes     drop_pushes, push_gap_seconds, pubsub.fates, end_watch
    grants     untick, deny, testing, revoke_of (see google_consent)
    quota      meter (see google_quota)
    the rest   faults (see google_faults), latency_seconds
"""

from __future__ import annotations

import base64
import collections
import json
import math
import random
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any, Final

from hearback.simulators.google_consent import ISSUER, Bearer, Consents
from hearback.simulators.google_errors import Reply, may_not_publish, no_topic, wrong
from hearback.simulators.google_faults import Faults
from hearback.simulators.google_mail import OUT_OF_SIGHT, Account, Happened, Stored, Watched, matches, text_of
from hearback.simulators.google_pubsub import Held, Pubsub, Subscription
from hearback.simulators.google_quota import Meter

WATCH_DAYS: Final = 7
PUSH_SUBSCRIPTION: Final = "projects/simulated/subscriptions/gmail"
_PLACES: Final = {"inbox": "INBOX", "spam": "SPAM", "trash": "TRASH"}


class Google(Consents):
    """The whole simulated provider."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), seed: int = 1) -> None:
        super().__init__(clock)
        self.accounts: dict[str, Account] = {}
        self.own_labels: dict[str, str] = {}
        """Id → name of labels that the people made."""
        self.meter = Meter()
        self.faults = Faults()
        self.pubsub = Pubsub(clock)
        self.expire_history_before = 0
        self.history_lag_seconds = 0.0
        self.index_lag_seconds = 0.0
        self.history_overlap = 0
        self.history_ahead = False
        self.history_frozen = False
        self.latency_seconds = 0.0
        """Every answer takes so long, in real time."""
        self.api_on = True
        """Whether the project has turned the Gmail API on."""
        self.drop_pushes = False
        self.push_gap_seconds = 0.0
        """A mailbox publishes at most once in so long; what is more is dropped. Gmail: one second."""
        self.calls: collections.Counter[str] = collections.Counter()
        """Of the Gmail API, by kind."""
        self.other_calls: collections.Counter[str] = collections.Counter()
        """Tokens, keys, Pub/Sub."""
        self.violations: list[str] = []
        """Answers given that the discovery document does not allow, and requests it does not know."""
        self._lock = threading.RLock()
        self._dice = random.Random(seed)  # noqa: S311  ids of a simulation

    # accounts and mail

    def account_of(self, bearer: Bearer) -> Account | None:
        """The mailbox a token opens; None: whoever it belongs to has none."""
        grant = self.grants.get(bearer.grant or "")
        return self.accounts.get(grant["address"]) if grant else None

    def add_account(self, address: str) -> Account:
        """A new empty mailbox."""
        with self._lock:
            return self.accounts.setdefault(address.lower(), Account(address.lower()))

    def rename(self, address: str, new: str) -> None:
        """The mailbox has another address from now on; grants, tokens and its watch go with it."""
        with self._lock:
            account = self.accounts.pop(address.lower())
            account.address = new.lower()
            self.accounts[account.address] = account
            for grant in self.grants.values():
                if grant["address"] == address.lower():
                    grant["address"] = account.address

    def deliver(
        self,
        address: str,
        content: bytes,
        *,
        labels: Iterable[str] = ("INBOX",),
        received_at: datetime | None = None,
        thread_key: str | None = None,
    ) -> str:
        """A message arrives; answers its id. A watch pushes it."""
        with self._lock:
            account, now = self.accounts[address.lower()], self.clock()
            headers = message_from_bytes(content)
            id_ = f"{self._dice.getrandbits(60):016x}"
            thread = account.threads.setdefault(thread_key, id_) if thread_key else id_
            visible = now + timedelta(seconds=self.index_lag_seconds)
            stored = Stored(id_, thread, content, tuple(labels), received_at or now, headers, text_of(headers), visible)
            account.messages[id_] = stored
            self._happened(account, "messageAdded", stored)
            return id_

    def relabel(self, address: str, id_: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """A message is moved: labels come and go. A watch pushes it."""
        with self._lock:
            account = self.accounts[address.lower()]
            message, gone, new = account.messages[id_], tuple(remove), tuple(add)
            kept = [each for each in message.labels if each not in {*gone, *new}]
            message.labels = (*kept, *new)
            if gone:
                self._happened(account, "labelRemoved", message, gone)
            if new:
                self._happened(account, "labelAdded", message, new)

    def move(self, address: str, id_: str, place: str) -> None:
        """To inbox | archive | spam | trash, or under a label of the person's own."""
        held = set(self.accounts[address.lower()].messages[id_].labels)
        if place == "archive":
            self.relabel(address, id_, remove=held & {"INBOX", *OUT_OF_SIGHT})
        elif place in _PLACES:
            self.relabel(
                address, id_, add=(_PLACES[place],), remove=held & ({"INBOX", *OUT_OF_SIGHT} - {_PLACES[place]})
            )
        else:
            self.relabel(address, id_, add=(place,))

    def delete(self, address: str, id_: str) -> None:
        """A message disappears for good."""
        with self._lock:
            account = self.accounts[address.lower()]
            message = account.messages.pop(id_, None)
            if message is not None:
                self._happened(account, "messageDeleted", message)

    def _happened(self, account: Account, kind: str, message: Stored, labels: tuple[str, ...] = ()) -> None:
        now = self.clock()
        account.history_id += self._dice.randint(1, 40)
        message.history_id = account.history_id
        visible = now + timedelta(seconds=self.history_lag_seconds)
        account.history.append(Happened(account.history_id, kind, message, labels, visible))
        watched = account.watched
        if watched is not None and watched.until > now and watched.wants(message, labels):
            self._announce(account, watched, now)

    def matching(self, account: Account, query: str) -> list[Stored]:
        """Messages a search finds, newest first."""
        now = self.clock()
        with self._lock:
            found = [each for each in account.messages.values() if each.visible_at <= now and matches(each, query, now)]
        return sorted(found, key=lambda each: (each.received_at, each.id), reverse=True)

    def found(self, account: Account, id_: str) -> Stored | None:
        """A message by its id; None: it is gone, or not found yet."""
        stored = account.messages.get(id_)
        return stored if stored is not None and stored.visible_at <= self.clock() else None

    def thread(self, account: Account, thread_id: str) -> list[Stored]:
        """The messages of a thread, oldest first."""
        now = self.clock()
        with self._lock:
            found = [
                each for each in account.messages.values() if each.thread_id == thread_id and each.visible_at <= now
            ]
        return sorted(found, key=lambda each: each.received_at)

    # history

    def changes(self, account: Account, start: int, kinds: Iterable[str]) -> list[Happened] | None:
        """What happened after `start` as far as history shows it; None: `start` is too old."""
        with self._lock:
            if start < self.expire_history_before:
                return None
            now, asked = self.clock(), set(kinds)
            hidden = [each.number for each in account.history if each.visible_at > now]
            until = min(hidden, default=math.inf) if self.history_ahead else math.inf
            return [
                each
                for each in account.history
                if start < each.number < until and each.visible_at <= now and (not asked or each.kind in asked)
            ]

    def shown_history_id(self, account: Account) -> int:
        """The newest history id that is visible yet; with history_ahead the newest there is."""
        if self.history_ahead:
            return account.history_id
        now = self.clock()
        hidden = [each.number for each in account.history if each.visible_at > now]
        return min(hidden) - 1 if hidden else account.history_id

    def expire_history(self) -> None:
        """Every cursor handed out so far is too old from now on."""
        with self._lock:
            self.expire_history_before = max((each.history_id for each in self.accounts.values()), default=0) + 1
            for account in self.accounts.values():
                account.history_id = max(account.history_id, self.expire_history_before)

    # watches and pushes

    def watch(self, account: Account, topic_name: str, labels: Iterable[str], *, exclude: bool) -> Watched | Reply:
        """Publish changes of this mailbox to a topic for a week, and tell so at once; the error if that cannot be."""
        topic, now = self.pubsub.topic(topic_name), self.clock()
        if topic is None:
            return no_topic(topic_name)
        if not topic.lets_gmail_publish():
            return may_not_publish(topic_name)
        with self._lock:
            old = account.watched
            if old is not None and old.until > now and old.topic != topic_name:
                return wrong("Only one user push notification client allowed per developer (call /stop then try again)")
            account.watched = Watched(topic_name, frozenset(labels), exclude, now + timedelta(days=WATCH_DAYS))
            account.published_at = None
            self._announce(account, account.watched, now)
            return account.watched

    def end_watch(self, address: str) -> None:
        """The watch is gone before its time, and nobody is told."""
        self.accounts[address.lower()].watched = None

    def _announce(self, account: Account, watched: Watched, now: datetime) -> None:
        told = account.published_at
        if self.drop_pushes or (told is not None and (now - told).total_seconds() < self.push_gap_seconds):
            return
        account.published_at = now
        self.pubsub.publish(watched.topic, _data(account.address, account.history_id))

    def push_to(self, url: str | None, *, audience: str, account: str) -> None:
        """Push to `url` from now on, retrying whatever is not answered 2xx; None: pushes wait for `take_pushes`."""
        made = Subscription(PUSH_SUBSCRIPTION, None, url=url, audience=audience, account=account, push=True)
        self.pubsub.subscriptions[made.name] = made
        if url is not None:
            self.pubsub.push_forever(self._request)

    def stop_pushing(self) -> None:
        """End the delivery."""
        self.pubsub.stop()

    def take_pushes(self) -> list[tuple[dict[str, str], bytes]]:
        """Headers and bodies of the pushes that are due, in the order they would come; they count as delivered."""
        return self.pubsub.take_pushes(self._request)

    def push_request(self, address: str, history_id: int, **claims: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of one push; `claims` replace those of a good token."""
        now = self.clock()
        return self._request(
            self.pubsub.subscriptions.get(PUSH_SUBSCRIPTION, Subscription(PUSH_SUBSCRIPTION, None, push=True)),
            Held(str(self._dice.getrandbits(50)), _data(address, history_id), now, now),
            **claims,
        )

    def _request(self, subscription: Subscription, held: Held, **claims: Any) -> tuple[dict[str, str], bytes]:
        token = self.sign(
            {
                "iss": ISSUER,
                "aud": subscription.audience,
                "azp": "1",
                "email": subscription.account,
                "email_verified": True,
                "sub": "1",
                **claims,
            }
        )
        body = {
            "message": {"data": held.data, "messageId": held.id, "publishTime": stamp(held.published_at)},
            "subscription": subscription.name,
        }
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, json.dumps(body).encode()

    # quota

    @property
    def quota_units(self) -> int:
        """What a person may spend in a minute."""
        return self.meter.person_a_minute

    @quota_units.setter
    def quota_units(self, units: int) -> None:
        self.meter.person_a_minute = units

    def spend(self, account: Account, units: int) -> str | None:
        """Take quota units; the name of the limit that is reached, else None."""
        with self._lock:
            return self.meter.spend(account.address, units, self.clock())


def stamp(at: datetime) -> str:
    """A time as Google writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _data(address: str, history_id: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"emailAddress": address, "historyId": history_id}).encode()).decode()
