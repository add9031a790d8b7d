"""Pub/Sub in memory: topics with publish rights, push and pull subscriptions, at least once and in no order.

A message that is not acknowledged (pull: within the ack deadline; push: by a 2xx) comes again. `fates` says what happens to
the next ones published: "dropped", "twice", "late" (after those that follow it); else each goes out as it should.
"""

from __future__ import annotations

import collections
import logging
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

log = logging.getLogger(__name__)

GMAIL_PUBLISHER: Final = "serviceAccount:gmail-api-push@system.gserviceaccount.com"
PUBLISHER: Final = "roles/pubsub.publisher"
KEPT: Final = timedelta(days=7)
"""So long is a message kept for a subscription that does not acknowledge it."""
AGAIN_SECONDS: Final = 0.5
"""A push that was not taken is tried again so much later."""


@dataclass
class Topic:
    """Where Gmail publishes."""

    name: str
    bindings: dict[str, set[str]] = field(default_factory=dict)
    """Role → members."""

    def lets_gmail_publish(self) -> bool:
        """Whether Gmail's own service account may."""
        return GMAIL_PUBLISHER in self.bindings.get(PUBLISHER, ())


@dataclass(eq=False)
class Held:
    """One message of a subscription."""

    id: str
    data: str
    """Base64."""
    published_at: datetime
    free_at: datetime
    """When it may be given out (again)."""
    attempts: int = 0
    ack_ids: set[str] = field(default_factory=set)


@dataclass
class Subscription:
    """What hears a topic."""

    name: str
    topic: str | None
    """None: every topic."""
    url: str | None = None
    audience: str = ""
    account: str = ""
    push: bool = False
    ack_deadline_seconds: int = 10
    held: collections.deque[Held] = field(default_factory=collections.deque)


class Pubsub:
    """Topics and subscriptions. Thread-safe."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.topics: dict[str, Topic] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.makes_topics = True
        """Whether a topic that nobody has made comes into being, with Gmail's right, when it is first watched."""
        self.lacks: set[str] = set()
        """Permissions that nobody has who asks through the API."""
        self.pull_wait_seconds = 0.0
        """So long a pull waits for a message where there is none, in real time. Google: up to a minute and a half."""
        self.fates: collections.deque[str] = collections.deque()
        self.published = 0
        self._lock = threading.RLock()
        self._late: list[tuple[str, str]] = []
        self._waiting = threading.Event()
        self._stop = threading.Event()

    def add_topic(self, name: str, *, gmail_may_publish: bool = True) -> Topic:
        """A new topic."""
        members = {PUBLISHER: {GMAIL_PUBLISHER}} if gmail_may_publish else {}
        return self.topics.setdefault(name, Topic(name, members))

    def topic(self, name: str) -> Topic | None:
        """A topic, if there is (or comes to be) one of this name."""
        return self.add_topic(name) if self.makes_topics else self.topics.get(name)

    def subscribe(self, name: str, topic: str | None = None, *, ack_deadline_seconds: int = 10) -> Subscription:
        """A pull subscription."""
        made = Subscription(name, topic, ack_deadline_seconds=ack_deadline_seconds)
        return self.subscriptions.setdefault(name, made)

    def publish(self, topic: str, data: str) -> None:
        """Gmail tells something."""
        with self._lock:
            self.published += 1
            fate = self.fates.popleft() if self.fates else ""
            if fate == "late":
                self._late.append((topic, data))
                return
            if fate != "dropped":
                for _ in range(2 if fate == "twice" else 1):
                    self._hand_out(topic, data)
                self._bring_late()
        self._waiting.set()

    def _bring_late(self) -> None:
        late, self._late = self._late, []
        for each in late:
            self._hand_out(*each)

    def _hand_out(self, topic: str, data: str) -> None:
        now = self.clock()
        for each in self.subscriptions.values():
            if each.topic in {None, topic}:
                each.held.append(Held(str(secrets.randbits(52)), data, now, now))

    # pull

    def pull(self, subscription: Subscription, most: int) -> list[tuple[str, Held]]:
        """Up to `most` messages that wait, each with the id it is acknowledged by."""
        with self._lock:
            now, found = self.clock(), list[tuple[str, Held]]()
            if not subscription.held:
                self._bring_late()
            while subscription.held and now - subscription.held[0].published_at > KEPT:
                subscription.held.popleft()
            for held in subscription.held:
                if held.free_at <= now and len(found) < most:
                    held.free_at = now + timedelta(seconds=subscription.ack_deadline_seconds)
                    held.attempts += 1
                    ack_id = secrets.token_urlsafe(24)
                    held.ack_ids.add(ack_id)
                    found.append((ack_id, held))
            return found

    def acknowledge(self, subscription: Subscription, ack_ids: set[str]) -> None:
        """These are done; ids that are not known (any more) are no error."""
        with self._lock:
            kept = [held for held in subscription.held if not held.ack_ids & ack_ids]
            subscription.held = collections.deque(kept)

    def extend(self, subscription: Subscription, ack_ids: set[str], seconds: int) -> None:
        """Give out these messages no earlier than in `seconds`; 0: now."""
        with self._lock:
            for held in subscription.held:
                if held.ack_ids & ack_ids:
                    held.free_at = self.clock() + timedelta(seconds=seconds)

    # push

    def take_pushes(self, request: Callable[[Subscription, Held], Any]) -> list[Any]:
        """What push subscriptions would send now, as `request` makes it; it counts as delivered."""
        with self._lock:
            self._bring_late()
            due = [(each, held) for each in self.subscriptions.values() if each.push for held in each.held]
            for each in self.subscriptions.values():
                if each.push:
                    each.held.clear()
        return [request(each, held) for each, held in due]

    def push_forever(self, request: Callable[[Subscription, Held], tuple[dict[str, str], bytes]]) -> None:
        """Deliver to push subscriptions with an address until `stop`, in a thread."""
        threading.Thread(target=self._push_forever, args=(request,), name="pubsub", daemon=True).start()

    def stop(self) -> None:
        """End the delivery."""
        self._stop.set()
        self._waiting.set()

    def _push_forever(self, request: Callable[[Subscription, Held], tuple[dict[str, str], bytes]]) -> None:
        while not self._stop.is_set():
            self._waiting.clear()
            with self._lock:
                waiting = [(each, each.held[0]) for each in self.subscriptions.values() if each.url and each.held]
            if not waiting and not self._waiting.wait(timeout=1):
                with self._lock:
                    self._bring_late()
            for each, held in waiting:
                taken = _post(each.url or "", *request(each, held))
                with self._lock:
                    each.held = collections.deque(other for other in each.held if other is not held)
                    if not taken:
                        each.held.append(held)
                if not taken:
                    self._stop.wait(AGAIN_SECONDS)


def _post(url: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the receiver acknowledged a push."""
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310  our own gateway
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  as above
            return 200 <= int(answer.status) < 300  # noqa: PLR2004  acknowledged
    except (urllib.error.URLError, OSError) as error:
        log.info("push not taken: %s", type(error).__name__)
        return False
