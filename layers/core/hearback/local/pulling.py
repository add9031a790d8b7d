"""The pump of a pull subscription: a laptop that nothing can be pushed to fetches Gmail's notifications.

    pull ─► sync.notified, the newest notification of each mailbox ─► acknowledge

Invariant: a notification is acknowledged only after what follows from it is in the queue. Where Google cannot be reached or
refuses, the pump rests longer and longer, says why on the settings page, and the sweep finds the mail.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from hearback.model.budget import Budget
from hearback.model.errors import HearbackError, Permanent
from hearback.model.ids import PersonId
from hearback.sync import hearing, notified
from hearback.sync.rooms import Rooms

if TYPE_CHECKING:
    from hearback.mailboxes.pubsub_pull import Pulled

log = logging.getLogger(__name__)

FIRST_REST_SECONDS: Final = 1.0
LONGEST_REST_SECONDS: Final = 300.0
BUDGET_SECONDS: Final = 20.0
"""For what follows from one pull; the subscription gives a notification out again after its ack deadline."""


class Source(Protocol):
    """Where notifications are pulled from (mailboxes.pubsub_pull)."""

    def pull(self) -> Sequence[Pulled]:
        """What waits, after some waiting. Permanent; Transient."""
        ...

    def acknowledge(self, ack_ids: Sequence[str]) -> None:
        """Not to come again. Permanent; Transient."""
        ...


class Pulling:
    """One pump's state: how often in a row it failed."""

    def __init__(self, rooms: Rooms, person: PersonId, source: Source, stopped: Callable[[], bool]) -> None:
        self._rooms, self._person, self._source, self._stopped = rooms, person, source, stopped
        self._failures = 0

    def tick(self) -> float:
        """One pull and what follows from it; answers how many seconds to rest."""
        try:
            pulled = self._source.pull()
            if self._stopped():
                return 0.0  # not acknowledged, so it comes again
            done = self._worked(pulled)
            if done:
                self._source.acknowledge(done)
        except HearbackError as error:
            return self._failed(error)
        self._failures = 0
        self._say(None)
        return 0.0 if pulled and len(done) == len(pulled) else FIRST_REST_SECONDS

    def _worked(self, pulled: Sequence[Pulled]) -> list[str]:
        """The ids of notifications that are done: what follows from them is durable, or nothing does."""
        newest: dict[str, str] = {}
        ids: dict[str, list[str]] = {}
        done = [each.ack_id for each in pulled if each.pushed is None]
        if done:
            log.warning("%d notifications said nothing of Gmail's; acknowledged and left", len(done))
        for each in pulled:
            if each.pushed is not None:
                address = str(each.pushed.address)
                newest[address] = max(newest.get(address, "0"), each.pushed.history_id, key=int)
                ids.setdefault(address, []).append(each.ack_id)
        for address, history_id in newest.items():
            try:
                notified.gmail(self._rooms.within(Budget.of(BUDGET_SECONDS)), address, history_id)
            except HearbackError as error:
                log.warning("a notification will come again: %s", type(error).__name__)
                continue
            done += ids[address]
        return done

    def _say(self, why: str | None) -> None:
        """On the settings page; a store that is busy just now keeps nobody from pulling on, and is told at the next pull."""
        with suppress(HearbackError):
            hearing.trouble(self._rooms, self._person, why)

    def _failed(self, error: HearbackError) -> float:
        log.warning("pulling notifications: %s", type(error).__name__)
        self._failures += 1
        self._say(str(error))
        if isinstance(error, Permanent):
            return LONGEST_REST_SECONDS
        longest = min(FIRST_REST_SECONDS * 2.0 ** min(self._failures - 1, 16), LONGEST_REST_SECONDS)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311  spreads requests, guards nothing
