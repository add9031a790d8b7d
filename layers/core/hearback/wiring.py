"""The composition root: the one place that chooses implementations. Everything else sees Protocols.

`installation()` is what a function handler works with: built once a process, at first use, from the environment.
Heavy vendors are imported only by the branch that needs them, so that each function's cold start stays small.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hearback.mailboxes.protocols import Connector, MailboxDoor, Tokens
from hearback.model.budget import Budget
from hearback.model.errors import NeedsPerson, Permanent
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox, Provider
from hearback.model.task import Lane
from hearback.queues.protocols import Queue
from hearback.settings import Settings, StoreKind, from_environment
from hearback.storage.protocols import Keys, Store
from hearback.sync.rooms import Rooms

if TYPE_CHECKING:
    from hearback.alerts.live import Publisher
    from hearback.alerts.rooms import Alerts
    from hearback.mailboxes.google_oauth import GoogleClient
    from hearback.mailboxes.pubsub import PushVerifier
    from hearback.mailboxes.pubsub_pull import Puller
    from hearback.mailboxes.quota import Quota
    from hearback.web.app import Web
    from hearback.web.sign_in import SignIn

OWNER: Final = PersonId("me")
"""The one person of a personal installation."""


def now() -> datetime:
    """The wall clock, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class MailboxTokens:
    """One mailbox's token cache in the store, under its version condition."""

    store: Store
    mailbox: Mailbox

    def load(self) -> tuple[bytes, int] | None:
        """The cache and its version; None after a disconnect."""
        return self.store.mailboxes.secret(self.mailbox.person_id, self.mailbox.id)

    def save(self, secret: bytes, expected: int) -> int:
        """Store it if `expected` is still the version. Conflict."""
        return self.store.mailboxes.put_secret(self.mailbox.person_id, self.mailbox.id, secret, expected=expected)


@dataclass(frozen=True, slots=True)
class MailboxQuota:
    """One mailbox's count of what was spent, in the store under its version condition."""

    store: Store
    person: PersonId
    mailbox: MailboxId

    def load(self) -> tuple[bytes, int] | None:
        """The count and its version; None: nothing was counted yet."""
        return self.store.quotas.get(self.person, self.mailbox)

    def save(self, state: bytes, expected: int) -> int:
        """Store it if `expected` is still the version. Conflict."""
        return self.store.quotas.put(self.person, self.mailbox, state, expected=expected)


@dataclass(frozen=True, slots=True)
class ConfiguredDoors:
    """Opens the doors this installation has clients for."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    quotas: dict[tuple[PersonId, MailboxId], Quota] = field(default_factory=dict)
    """By mailbox, for the life of the process: what one task took and left, the next one spends."""

    def _quota(self, mailbox: Mailbox) -> Quota:
        from hearback.mailboxes.quota import Quota

        place = (mailbox.person_id, mailbox.id)
        made = Quota(MailboxQuota(self.store, *place), lambda: self.clock().timestamp(), self.sleep)
        return self.quotas.setdefault(place, made)

    def open(self, mailbox: Mailbox, budget: Budget) -> MailboxDoor:
        """The door of `mailbox`. Permanent: no client is configured; NeedsPerson: it has no token any more."""
        tokens: Tokens = MailboxTokens(self.store, mailbox)
        if mailbox.provider is not Provider.GMAIL:
            raise Permanent("This installation cannot open that mailbox; import an export of it instead.")
        client = google_client(self.settings)
        if client is None:
            raise Permanent("No Google client is configured (HEARBACK_GOOGLE_CLIENT); the README says how to make one.")
        if tokens.load() is None:
            raise NeedsPerson(
                "Hearback has no access to this mailbox any more; reconnect it in settings.", token_version=0
            )
        from hearback.mailboxes.gmail import GmailDoor

        return GmailDoor(
            mailbox.address,
            tokens,
            client,
            self.settings.gmail_topic or None,
            mailbox.id,
            budget,
            self._quota(mailbox),
            self.clock,
        )


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One installation: the rooms of the use cases and, built at first use, what only some functions need."""

    settings: Settings
    store: Store
    keys: Keys
    queue: Queue
    clock: Callable[[], datetime] = now
    publisher_override: Publisher | None = field(default=None)
    """The embedded deployment's own hub; None: API Gateway's."""
    demo: bool = False

    @functools.cached_property
    def rooms(self) -> Rooms:
        """What use cases work with."""
        return Rooms(
            store=self.store,
            queue=self.queue,
            doors=ConfiguredDoors(self.store, self.settings, self.clock),
            clock=self.clock,
        )

    @functools.cached_property
    def connectors(self) -> Mapping[Provider, Connector]:
        """Providers a mailbox can be connected at."""
        client = google_client(self.settings)
        if client is None:
            return {}
        from hearback.mailboxes.google_oauth import GoogleConnector

        return {Provider.GMAIL: GoogleConnector(client)}

    @functools.cached_property
    def pubsub(self) -> PushVerifier:
        """Verifies Pub/Sub pushes; one that has no audience or account set denies every push."""
        from hearback.mailboxes.pubsub import PushVerifier

        root = self.settings.google_root
        certs = f"{root}/oauth2/v3/certs" if root else None
        return PushVerifier(self.settings.push_audience, self.settings.push_account, certs)

    @functools.cached_property
    def puller(self) -> Puller | None:
        """Fetches Gmail's notifications where nothing can be pushed here. Permanent: the key file cannot be used."""
        held = self.settings
        if held.google_service_account is None or not held.gmail_subscription or held.push_account:
            return None
        from hearback.mailboxes.google_files import key_file
        from hearback.mailboxes.pubsub_pull import Puller, ServiceAccount

        root = held.google_root or None
        account = ServiceAccount(key_file(held.google_service_account.read_text(encoding="utf-8")), root)
        return Puller(account, held.gmail_subscription, root)

    @functools.cached_property
    def publisher(self) -> Publisher:
        """Where live updates go."""
        if self.publisher_override is not None:
            return self.publisher_override
        from hearback.alerts.apigateway import ApiGatewayPublisher

        return ApiGatewayPublisher(self.settings.websocket_url)

    @functools.cached_property
    def alerts(self) -> Alerts:
        """What leaves: live updates and webhooks."""
        from hearback.alerts.rooms import Alerts

        return Alerts(store=self.store, queue=self.queue, publisher=self.publisher, clock=self.clock)

    @functools.cached_property
    def sign_in(self) -> SignIn:
        """Embedded: a link. Deployed: nobody, until sign-in is configured; the deploy test brings a token."""
        from hearback.web.sign_in import Closed, LinkSignIn, TokenSignIn

        token = self.settings.test_sign_in_token.get_secret_value()
        if self.settings.store is StoreKind.SQLITE:
            return LinkSignIn(self.store, self.clock, reusable=self.demo)
        if token:
            return TokenSignIn(token, OWNER)
        return Closed()

    @functools.cached_property
    def web(self) -> Web:
        """The pages."""
        from hearback.alerts.receivers import Receivers
        from hearback.web.app import Web

        return Web(
            rooms=self.rooms,
            connectors=self.connectors,
            receivers=Receivers(self.alerts),
            sign_in=self.sign_in,
            public_url=self.settings.public_url,
            live_url=self.settings.live_url,
            demo=self.demo,
            secure=self.settings.store is StoreKind.DYNAMODB or self.settings.public_url.startswith("https://"),
        )


def google_client(settings: Settings) -> GoogleClient | None:
    """The Google client of this installation, if it has one."""
    secret = settings.google_client.get_secret_value()
    if not secret:
        return None
    from hearback.mailboxes.google_oauth import GoogleClient

    client_id, _, client_secret = secret.partition(":")
    return GoogleClient(client_id, client_secret, settings.google_root or None)


def build(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now,
    publisher: Publisher | None = None,
    demo: bool = False,
) -> Installation:
    """Put an installation together. Permanent: the home or the settings cannot be used."""
    if settings.store is StoreKind.SQLITE:
        return _embedded(settings, clock, publisher, demo=demo)
    return _deployed(settings, clock, publisher)


def _embedded(
    settings: Settings, clock: Callable[[], datetime], publisher: Publisher | None, *, demo: bool
) -> Installation:
    from hearback.queues.sqlite import SqliteQueue
    from hearback.storage.keys_file import FileKeys
    from hearback.storage.sqlite import SqliteStore

    home: Path = settings.home
    keys = FileKeys(home)
    return Installation(
        settings=settings,
        store=SqliteStore(home / "store.db", keys),
        keys=keys,
        queue=SqliteQueue(home / "queue.db", clock),
        clock=clock,
        publisher_override=publisher,
        demo=demo,
    )


def _deployed(settings: Settings, clock: Callable[[], datetime], publisher: Publisher | None) -> Installation:
    from hearback.queues.sqs import SqsQueue
    from hearback.storage.dynamodb import DynamoStore
    from hearback.storage.keys_kms import KmsKeys

    keys = KmsKeys(settings.keys_table, settings.kms_key)
    return Installation(
        settings=settings,
        store=DynamoStore(settings.table, keys),
        keys=keys,
        queue=SqsQueue(
            {
                Lane.LIVE: settings.queue_url,
                Lane.BACKFILL: settings.backfill_queue_url,
                Lane.DELIVER: settings.deliver_queue_url,
            },
            settings.dlq_url,
        ),
        clock=clock,
        publisher_override=publisher,
    )


_current: list[Installation] = []


def use(installation: Installation) -> None:
    """Make this the process's installation (the embedded deployment and tests)."""
    _current[:] = [installation]


def installation() -> Installation:
    """The process's installation, built from the environment at first use."""
    if not _current:
        use(build(from_environment()))
    return _current[0]
