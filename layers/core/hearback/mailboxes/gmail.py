"""The Gmail door, through google-api-python-client: history, lists, messages, watch. Read-only.

A cursor is "historyId" or "historyId:pageToken", so that a long history is resumable page by page.
"""

from __future__ import annotations

import base64
import contextlib
import html
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import formataddr, parseaddr
from typing import Any, Final

from hearback.mailboxes.gmail_calls import GmailCalls, Refused
from hearback.mailboxes.google_oauth import GoogleClient
from hearback.mailboxes.protocols import Changes, Glimpse, Listing, Tokens, Wanted
from hearback.model.budget import Budget
from hearback.model.errors import CursorExpired, Hidden, NotFound, Transient
from hearback.model.ids import MailboxId, Personal, ProviderMessageId
from hearback.model.mailbox import Preferences, Watch
from hearback.model.message import RawMessage
from hearback.reading import searches

PAGE: Final = 500
HIDING: Final = frozenset({"SPAM", "TRASH"})
"""Where mail is out of sight, and may come back from."""
NEVER: Final = HIDING | {"DRAFT", "CHAT"}
_LABELS: Final = {"inbox": "INBOX", "sent": "SENT"}


class GmailDoor:
    """The MailboxDoor protocol for one Gmail mailbox. Make one per task: httplib2 is not for several threads."""

    def __init__(
        self,
        address: str,
        tokens: Tokens,
        client: GoogleClient,
        topic: str | None,
        mailbox_id: MailboxId = MailboxId(""),  # noqa: B008  a NewType is a str
        budget: Budget = Budget(),  # noqa: B008  frozen
    ) -> None:
        self._address = address.lower()
        self._mailbox_id = mailbox_id
        self._topic = topic
        self._calls = GmailCalls(self._address, tokens, client, budget)

    def address(self) -> str:
        """See MailboxDoor.address."""
        return self._address

    def cursor_now(self) -> str:
        """See MailboxDoor.cursor_now."""
        return _told(self._calls.call("getProfile", lambda users: users.getProfile(userId="me")), "historyId")

    def changes(self, cursor: str, preferences: Preferences, *, hint: str | None = None) -> Changes:
        """See MailboxDoor.changes. A page token that Gmail refuses is given up for the history it was a page of."""
        start, _, page = cursor.partition(":")
        try:
            answer = self._calls.call(
                "history.list",
                lambda users: users.history().list(
                    userId="me",
                    startHistoryId=start,
                    historyTypes=["messageAdded", "labelAdded", "labelRemoved"],
                    maxResults=PAGE,
                    pageToken=page or None,
                ),
            )
        except NotFound as error:
            raise CursorExpired("Gmail no longer knows where we left off.") from error
        except Refused:
            if not page:
                raise
            return self.changes(start, preferences, hint=hint)
        ids = list(_arrived(answer.get("history", ()), _wanted_labels(preferences)))
        latest = str(answer.get("historyId", start))
        following = answer.get("nextPageToken")
        return Changes(
            ids=tuple(dict.fromkeys(ids)),
            cursor=f"{start}:{following}" if following else latest,
            more=bool(following),
            behind=not ids and not following and _later(hint, latest),
        )

    def searches(self, since: datetime, now: datetime) -> Sequence[str]:
        """See MailboxDoor.searches."""
        return searches.gmail_queries(max((now - since).days, 1))

    def listing(self, wanted: Wanted, preferences: Preferences, *, page: str | None = None) -> Listing:
        """See MailboxDoor.listing. A search and every message by itself tell ids (5 units); threads come with the newest
        snippet (10 units), under the id of their first message. A page token that is refused begins the listing again.
        """
        try:
            return self._threads(wanted, page) if wanted.by_thread else self._messages(wanted, page)
        except Refused:
            if page is None:
                raise
            return self.listing(wanted, preferences)

    def _messages(self, wanted: Wanted, page: str | None) -> Listing:
        answer = self._calls.call(
            "messages.list",
            lambda users: users.messages().list(userId="me", q=_query(wanted), maxResults=PAGE, pageToken=page),
            background=True,
        )
        return Listing(
            glimpses=tuple(
                Glimpse(id=ProviderMessageId(str(each["id"])), thread_id=str(each.get("threadId", "")) or None)
                for each in answer.get("messages", ())
            ),
            next_page=answer.get("nextPageToken"),
            estimate=answer.get("resultSizeEstimate"),
        )

    def _threads(self, wanted: Wanted, page: str | None) -> Listing:
        answer = self._calls.call(
            "threads.list",
            lambda users: users.threads().list(userId="me", q=_query(wanted), maxResults=PAGE, pageToken=page),
            background=True,
        )
        return Listing(
            glimpses=tuple(
                Glimpse(
                    id=ProviderMessageId(str(each["id"])),
                    thread_id=str(each["id"]),
                    snippet=Personal(html.unescape(str(each.get("snippet", "")))),
                )
                for each in answer.get("threads", ())
            ),
            next_page=answer.get("nextPageToken"),
            estimate=answer.get("resultSizeEstimate"),
        )

    def glimpse(self, ids: Iterable[ProviderMessageId]) -> Sequence[Glimpse]:
        """See MailboxDoor.glimpse."""
        found = []
        for id_ in ids:
            with contextlib.suppress(NotFound):
                found.append(self._glimpse(id_))
        return found

    def _glimpse(self, id_: ProviderMessageId) -> Glimpse:
        answer = self._calls.call(
            "messages.get",
            lambda users: users.messages().get(
                userId="me", id=id_, format="metadata", metadataHeaders=["From", "Subject"]
            ),
        )
        headers = {
            str(each["name"]).lower(): str(each["value"]) for each in answer.get("payload", {}).get("headers", ())
        }
        return Glimpse(
            id=id_,
            thread_id=str(answer.get("threadId", "")) or None,
            received_at=_moment(answer),
            sender=Personal(formataddr(parseaddr(headers.get("from", "")))),
            subject=Personal(headers.get("subject", "")),
            snippet=Personal(str(answer.get("snippet", ""))),
            hidden=bool(NEVER & set(answer.get("labelIds", ()))),
        )

    def thread(self, thread_id: str) -> Sequence[ProviderMessageId]:
        """See MailboxDoor.thread."""
        try:
            answer = self._calls.call(
                "threads.get",
                lambda users: users.threads().get(userId="me", id=thread_id, format="minimal"),
                background=True,
            )
        except NotFound:
            return ()
        return [
            ProviderMessageId(str(each["id"]))
            for each in answer.get("messages", ())
            if not NEVER & set(each.get("labelIds", ()))
        ]

    def fetch(self, message: ProviderMessageId) -> RawMessage:
        """See MailboxDoor.fetch."""
        answer = self._calls.call(
            "messages.get", lambda users: users.messages().get(userId="me", id=message, format="raw")
        )
        try:
            content = base64.urlsafe_b64decode(str(answer["raw"]) + "==")
        except (KeyError, ValueError) as error:
            raise Transient("Gmail sent a message that cannot be decoded.") from error
        labels = tuple(str(each) for each in answer.get("labelIds", ()))
        if NEVER & set(labels):
            raise Hidden("This message is in Spam or Trash, which Hearback never reads.")
        return RawMessage(
            mailbox_id=self._mailbox_id,
            provider_message_id=message,
            content=content,
            received_at=_moment(answer),
            thread_id=str(answer.get("threadId", "")) or None,
            labels=labels,
            snippet=str(answer.get("snippet", "")),
        )

    def watch(self) -> Watch | None:
        """See MailboxDoor.watch."""
        if self._topic is None:
            return None
        body = {"topicName": self._topic, "labelIds": ["SPAM", "TRASH", "DRAFT"], "labelFilterBehavior": "exclude"}
        answer = self._calls.call("watch", lambda users: users.watch(userId="me", body=body))
        return Watch(id=self._topic, expires_at=datetime.fromtimestamp(int(_told(answer, "expiration")) / 1000, UTC))

    def unwatch(self, watch: Watch | None) -> None:
        """See MailboxDoor.unwatch."""
        if watch is not None:
            with contextlib.suppress(NotFound):
                self._calls.call("stop", lambda users: users.stop(userId="me"))

    def revoke(self) -> None:
        """See MailboxDoor.revoke."""
        self._calls.access.revoke()


def _query(wanted: Wanted) -> str:
    """Gmail's search for a listing. Folders are checked when a message is fetched: its labels come with it."""
    scope = [wanted.query, f"after:{int(wanted.since.timestamp())}"]
    if wanted.until is not None:
        scope.append(f"before:{int(wanted.until.timestamp())}")
    return " ".join(filter(None, [*scope, "-in:spam -in:trash -in:drafts"]))


def _wanted_labels(preferences: Preferences) -> frozenset[str] | None:
    """Labels of the folders to read; None: everything but Spam and Trash."""
    if "all" in preferences.folders:
        return None
    return frozenset(_LABELS.get(folder, folder) for folder in (*preferences.folders, "sent"))


def _arrived(history: Iterable[dict[str, Any]], wanted: frozenset[str] | None) -> Iterator[ProviderMessageId]:
    """Messages that are in the chosen folders now and were not before: new, moved there, or out of Spam or Trash."""
    for entry in history:
        moved = [
            change["message"]
            for name, labels in (("labelsAdded", wanted or frozenset()), ("labelsRemoved", HIDING))
            for change in entry.get(name, ())
            if labels & set(change.get("labelIds", ()))
        ]
        for message in [*(added["message"] for added in entry.get("messagesAdded", ())), *moved]:
            if _in_scope(message.get("labelIds", ()), wanted):
                yield ProviderMessageId(str(message["id"]))


def _in_scope(labels: Iterable[str], wanted: frozenset[str] | None) -> bool:
    found = set(labels)
    return not NEVER & found and (wanted is None or bool(wanted & found) or not found & {"INBOX", "SENT"})


def _told(answer: dict[str, Any], name: str) -> str:
    """A field that every good answer has."""
    if name not in answer:
        raise Transient("Gmail's answer was incomplete.")
    return str(answer[name])


def _later(hint: str | None, latest: str) -> bool:
    return hint is not None and hint.isdigit() and latest.isdigit() and int(hint) > int(latest)


def _moment(answer: dict[str, Any]) -> datetime | None:
    value = str(answer.get("internalDate", ""))
    return datetime.fromtimestamp(int(value) / 1000, UTC) if value.isdigit() else None
