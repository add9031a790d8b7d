"""What a provider's door must do for sync. Everything a provider answers is untrusted input.

Errors: Transient (429, quota, 5xx, resets, broken answers; with retry_after_seconds if told), CursorExpired,
NeedsPerson (revoked grant, missing scope), NotFound (the message is gone), Permanent (an answer that can never work).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hearback.model.ids import Personal, ProviderMessageId
from hearback.model.mailbox import Preferences, Watch
from hearback.model.message import RawMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What can be known of a message without opening it. Fields are empty where the provider does not tell."""

    id: ProviderMessageId
    thread_id: str | None = None
    received_at: datetime | None = None
    sender: Personal = Personal("")
    """From header or display form; may be empty."""
    subject: Personal = Personal("")
    snippet: Personal = Personal("")
    folders: tuple[str, ...] = ()
    """Where it lies, in the words of Preferences.folders; empty where the provider does not tell."""
    hidden: bool = False
    """In Spam or Trash by now: not to be read, and not to be noted as final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder (Gmail: a label) of the person's own."""

    id: str
    name: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a listing shall hold: messages received in a span of time."""

    since: datetime
    until: datetime | None = None
    query: str | None = None
    """Narrows it, in the provider's search language."""
    by_thread: bool = False
    """A glimpse a thread, with the newest message's snippet where the provider tells it; else one a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One page of what is new since a cursor."""

    ids: tuple[ProviderMessageId, ...]
    cursor: str
    """Where to continue once these ids are durable."""
    more: bool = False
    behind: bool = False
    """A notification named a later state than the provider shows yet: look again soon."""
    unsure: bool = False
    """The provider says to be past what a notification named, and shows nothing since the cursor: look again a few times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a listing, newest first."""

    glimpses: tuple[Glimpse, ...]
    next_page: str | None = None
    estimate: int | None = None
    """The provider's guess at the total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A thread as its mailbox has it now."""

    messages: tuple[RawMessage, ...]
    """Oldest first; attachments are named in them, and empty."""
    hidden: int = 0
    """Messages of it in Spam or Trash, and drafts: dropped unread."""


class MailboxDoor(Protocol):
    """One connected mailbox of one person."""

    def address(self) -> str:
        """The mailbox's own address, lower-case."""
        ...

    def spent(self) -> int:
        """Units of the provider's quota that this door has used; 0 where the provider counts none."""
        ...

    def cursor_now(self) -> str:
        """The provider's cursor as of this moment: everything later will be found after it."""
        ...

    def folders(self) -> Sequence[Folder]:
        """The person's own folders that can be chosen beside the well-known ones, by name."""
        ...

    def changes(self, cursor: str, preferences: Preferences, *, hint: str | None = None) -> Changes:
        """Messages that came into the chosen folders since `cursor`, one page: new ones, and those moved there or out of
        Spam and Trash. `hint` is the state a notification named. CursorExpired.
        """
        ...

    def covers(self, cursor: str, hint: str) -> bool:
        """Whether what a notification named lies before `cursor`: there is nothing to ask for. Asks nobody."""
        ...

    def searches(self, since: datetime, now: datetime) -> Sequence[str]:
        """Provider searches that together find nearly all job mail since then (for `listing`); may be empty."""
        ...

    def listing(self, wanted: Wanted, preferences: Preferences, *, page: str | None = None) -> Listing:
        """One page of what is wanted, newest first. A `page` the provider no longer takes begins at the first again."""
        ...

    def glimpse(self, ids: Iterable[ProviderMessageId]) -> Sequence[Glimpse]:
        """Headers and snippets, bodies untouched. Messages that are gone are left out."""
        ...

    def thread(self, thread_id: str) -> Sequence[ProviderMessageId]:
        """All messages of a thread. Empty when it is gone."""
        ...

    def conversation(self, thread_id: str) -> Conversation:
        """A thread with the texts of its messages, for somebody who waits for it. NotFound: it is gone."""
        ...

    def fetch(self, message: ProviderMessageId) -> RawMessage:
        """One message whole. NotFound when it is gone; Hidden when it is in Spam or Trash."""
        ...

    def watch(self) -> Watch | None:
        """Register or renew push; None where this installation has no push."""
        ...

    def unwatch(self, watch: Watch | None) -> None:
        """Stop push at the provider. A watch that is gone is no error."""
        ...

    def revoke(self) -> None:
        """Give the grant back to the provider. An already dead grant is no error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a person's consent gave."""

    address: str
    """The mailbox's address as the provider vouches for it, lower-case."""
    scopes: frozenset[str]
    secret: bytes
    """The token cache to keep, opaque to everybody but its connector and door."""
    lasting: bool = True
    """Whether it brought lasting access of its own; else what is held of the mailbox goes on (`Connector.kept`)."""


class Tokens(Protocol):
    """One mailbox's token cache, stored under a version condition: two workers may refresh at once, one wins."""

    def load(self) -> tuple[bytes, int] | None:
        """The cache and its version; None after a disconnect."""
        ...

    def save(self, secret: bytes, expected: int) -> int:
        """Store it if `expected` is still the version; answers the new one. Conflict: somebody was first, read again."""
        ...


class Connector(Protocol):
    """A provider's consent: OAuth code with PKCE, state and nonce."""

    def authorize_url(
        self, *, redirect_uri: str, state: str, nonce: str, challenge: str, login_hint: str | None, consent: bool
    ) -> str:
        """The consent page; `challenge` is the S256 PKCE challenge, `consent` asks for a fresh refresh token."""
        ...

    def redeem(self, *, code: str, verifier: str, redirect_uri: str, nonce: str) -> Grant:
        """Exchange the code. NeedsPerson with cause missing_scopes | admin_policy | client_refused | expired_link; Transient."""
        ...

    def kept(self, held: bytes, granted: bytes) -> bytes:
        """The token cache after a consent without lasting access of its own: `held`'s, with what `granted` renewed."""
        ...

    def ends_at(self, secret: bytes) -> datetime | None:
        """When the provider said that this access ends whatever happens; None: it did not."""
        ...

    def give_back(self, secret: bytes) -> None:
        """Give a grant back that leads to no mailbox. One that is dead already is no error. Transient."""
        ...
