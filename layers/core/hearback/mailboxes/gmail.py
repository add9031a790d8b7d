"""The Gmail door, through google-api-python-client: history, lists, messages, watch. Read-only.

Cursors are mailboxes.gmail_cursor's, so that a long history is resumable page by page.
"""

from __future__ import annotations

import base64
import contextlib
import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import formataddr, parseaddr
from typing import Any, Final

from hearback.mailboxes import gmail_payload
from hearback.mailboxes.gmail_calls import GmailCalls
from hearback.mailboxes.gmail_cursor import GmailCursor, later
from hearback.mailboxes.gmail_errors import Refused
from hearback.mailboxes.google_oauth import GoogleClient
from hearback.mailboxes.protocols import Changes, Conversation, Folder, Glimpse, Listing, Tokens, Wanted
from hearback.mailboxes.quota import Quota
from hearback.model.budget import Budget
from hearback.model.errors import CursorExpired, Hidden, NotFound, Transient
from hearback.model.ids import MailboxId, Personal, ProviderMessageId
from hearback.model.mailbox import ARCHIVE, EVERYWHERE, INBOX, PLACES, SENT, Preferences, Watch
from hearback.model.message import RawMessage
from hearback.reading import searches

PAGE: Final = 500
LARGE_TEXTS: Final = 3
"""So many messages of a thread are fetched by themselves because of their size."""
HIDING: Final = frozenset({"SPAM", "TRASH"})
"""Where mail is out of sight, and may come back from."""
NEVER: Final = HIDING | {"DRAFT", "CHAT"}
_LABELS: Final = {"INBOX": INBOX, "SENT": SENT}


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
        quota: Quota | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`quota` is the mailbox's, shared by all its doors; None: a count of this door's own."""
        self._clock = clock
        self._address = address.lower()
        self._mailbox_id = mailbox_id
        self._topic = topic
        self._calls = GmailCalls(tokens, client, quota or Quota(), budget)

    def address(self) -> str:
        """See MailboxDoor.address."""
        return self._address

    def spent(self) -> int:
        """See MailboxDoor.spent."""
        return self._calls.units

    def cursor_now(self) -> str:
        """See MailboxDoor.cursor_now."""
        with _a_mailbox():
            return _told(self._calls.call("getProfile", lambda users: users.getProfile(userId="me")), "historyId")

    def folders(self) -> Sequence[Folder]:
        """See MailboxDoor.folders."""
        with _a_mailbox():
            answer = self._calls.call("labels.list", lambda users: users.labels().list(userId="me"))
        own = [each for each in answer.get("labels", ()) if each.get("type") == "user" and each.get("id")]
        found = [Folder(id=str(each["id"]), name=Personal(str(each.get("name", each["id"])))) for each in own]
        return sorted(found, key=lambda each: each.name.casefold())

    def changes(self, cursor: str, preferences: Preferences, *, hint: str | None = None) -> Changes:
        """See MailboxDoor.changes. A page token that Gmail refuses is given up for the history it was a page of.

        Every sort of change is asked for, so that an answer without any means that nothing is visible yet.
        """
        here = GmailCursor.parse(cursor)
        try:
            answer = self._calls.call(
                "history.list",
                lambda users: users.history().list(
                    userId="me", startHistoryId=here.start, maxResults=PAGE, pageToken=here.page or None
                ),
            )
        except NotFound as error:
            raise CursorExpired("Gmail no longer knows where we left off.") from error
        except Refused:
            if not here.page:
                raise
            return self.changes(here.start, preferences, hint=hint)
        records, latest = answer.get("history", ()), str(answer.get("historyId", here.start))
        ids = tuple(dict.fromkeys(_arrived(records, frozenset(preferences.folders))))
        shown = max((str(each["id"]) for each in records if str(each.get("id", "")).isdecimal()), key=int, default="")
        if following := answer.get("nextPageToken"):
            return Changes(ids=ids, cursor=str(here.after_page(shown, str(following))), more=True)
        if here.page:
            shown, here = shown or here.told, GmailCursor(here.start)
        if shown:
            return Changes(ids=ids, cursor=str(here.after_records(shown, latest)), behind=later(hint, latest))
        unsure = later(hint, here.start)
        after = here if unsure else here.after_nothing(latest, self._clock().timestamp())
        return Changes(ids=ids, cursor=str(after), behind=later(hint, latest), unsure=unsure)

    def covers(self, cursor: str, hint: str) -> bool:
        """See MailboxDoor.covers. In the middle of a history only what it began after is certain."""
        return GmailCursor.parse(cursor).covers(hint)

    def searches(self, since: datetime, now: datetime) -> Sequence[str]:
        """See MailboxDoor.searches."""
        return searches.gmail_queries(max((now - since).days, 1))

    def listing(self, wanted: Wanted, preferences: Preferences, *, page: str | None = None) -> Listing:
        """See MailboxDoor.listing. A search and every message by itself tell ids (5 units); threads come with the newest
        snippet (10 units), under the id of their first message. A page token that is refused begins the listing again.
        """
        query = _query(wanted, preferences)
        try:
            with _a_mailbox():
                return self._threads(query, page) if wanted.by_thread else self._messages(query, page)
        except Refused:
            if page is None:
                raise
            return self.listing(wanted, preferences)

    def _messages(self, query: str, page: str | None) -> Listing:
        answer = self._calls.call(
            "messages.list",
            lambda users: users.messages().list(userId="me", q=query, maxResults=PAGE, pageToken=page),
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

    def _threads(self, query: str, page: str | None) -> Listing:
        answer = self._calls.call(
            "threads.list",
            lambda users: users.threads().list(userId="me", q=query, maxResults=PAGE, pageToken=page),
            background=True,
        )
        return Listing(
            glimpses=tuple(
                Glimpse(
                    id=ProviderMessageId(str(each["id"])),
                    thread_id=str(each["id"]),
                    snippet=_snippet(each),
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
            str(each.get("name", "")).lower(): str(each.get("value", ""))
            for each in answer.get("payload", {}).get("headers", ())
        }
        return Glimpse(
            id=id_,
            thread_id=str(answer.get("threadId", "")) or None,
            received_at=_moment(answer),
            sender=_sender(headers.get("from", "")),
            subject=Personal(_text(headers.get("subject", ""))),
            snippet=_snippet(answer),
            folders=_folders(answer.get("labelIds", ())),
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

    def conversation(self, thread_id: str) -> Conversation:
        """See MailboxDoor.conversation. One request of 40 units, whatever the thread's length, and one of 20 for each of the
        newest messages whose text is too large to be told with it.
        """
        answer = self._calls.call(
            "threads.get", lambda users: users.threads().get(userId="me", id=thread_id, format="full")
        )
        told = [each for each in answer.get("messages", ()) if each.get("id")]
        seen = [each for each in told if not NEVER & set(each.get("labelIds", ()))]
        if not seen:
            raise NotFound("Gmail has this conversation no more.")
        large = [str(each["id"]) for each in seen if gmail_payload.lacks_text(each.get("payload") or {})][-LARGE_TEXTS:]
        return Conversation(
            messages=tuple(self._again(each) if each["id"] in large else self._told_whole(each) for each in seen),
            hidden=len(told) - len(seen),
        )

    def _again(self, answer: dict[str, Any]) -> RawMessage:
        """A message of a thread, fetched by itself; as the thread tells it where it went meanwhile."""
        try:
            return self.fetch(ProviderMessageId(str(answer["id"])))
        except NotFound:
            return self._told_whole(answer)

    def _told_whole(self, answer: dict[str, Any]) -> RawMessage:
        return RawMessage(
            mailbox_id=self._mailbox_id,
            provider_message_id=ProviderMessageId(str(answer["id"])),
            content=gmail_payload.content(answer.get("payload") or {}),
            received_at=_moment(answer),
            thread_id=str(answer.get("threadId", "")) or None,
            labels=tuple(str(each) for each in answer.get("labelIds", ())),
        )

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
            snippet=_snippet(answer),
        )

    def watch(self) -> Watch | None:
        """See MailboxDoor.watch."""
        if self._topic is None:
            return None
        body = {"topicName": self._topic, "labelIds": ["SPAM", "TRASH", "DRAFT"], "labelFilterBehavior": "exclude"}
        with _a_mailbox():
            try:
                answer = self._calls.call("watch", lambda users: users.watch(userId="me", body=body))
            except Refused:  # another topic is watched still: Gmail knows one at a time
                self._calls.call("stop", lambda users: users.stop(userId="me"))
                answer = self._calls.call("watch", lambda users: users.watch(userId="me", body=body))
        expires_at = _moment(answer, "expiration")
        if expires_at is None:
            raise Transient("Gmail's answer was incomplete.")
        return Watch(id=self._topic, expires_at=expires_at)

    def unwatch(self, watch: Watch | None) -> None:
        """See MailboxDoor.unwatch."""
        if watch is not None:
            with contextlib.suppress(NotFound):
                self._calls.call("stop", lambda users: users.stop(userId="me"))

    def revoke(self) -> None:
        """See MailboxDoor.revoke."""
        self._calls.access.revoke()


def _query(wanted: Wanted, preferences: Preferences) -> str:
    """Gmail's search for a listing, in the folders to read where its search language has a word for each of them."""
    scope = [wanted.query, f"after:{int(wanted.since.timestamp())}"]
    if wanted.until is not None:
        scope.append(f"before:{int(wanted.until.timestamp())}")
    places = set(preferences.folders)
    if wanted.query is None and not wanted.by_thread:
        places.add(SENT)  # every message: own replies in known threads are among them
    if places <= PLACES:
        scope.append(f"{{{' '.join(f'in:{each}' for each in sorted(places))}}}")
    return " ".join(filter(None, [*scope, "-in:spam -in:trash -in:drafts"]))


def _folders(labels: Iterable[str]) -> tuple[str, ...]:
    """Where a message with these labels lies: in the inbox, sent, else archived; and under labels of the person's own."""
    found = [_LABELS.get(label, label) for label in labels]
    return tuple(found if PLACES & set(found) else [*found, ARCHIVE])


def _arrived(history: Iterable[dict[str, Any]], folders: frozenset[str]) -> Iterator[ProviderMessageId]:
    """Messages that are in the chosen folders now and were not before: new, moved there, or out of Spam or Trash. Sent mail is
    among them whatever was chosen: it may be a reply in a thread that is known.
    """
    left = HIDING | ({"INBOX"} if ARCHIVE in folders else frozenset())
    for entry in history:
        moved = [
            change["message"]
            for name, labels in (("labelsAdded", folders), ("labelsRemoved", left))
            for change in entry.get(name, ())
            if labels & {place for label in change.get("labelIds", ()) for place in (label, _LABELS.get(label, label))}
        ]
        for message in [*(added["message"] for added in entry.get("messagesAdded", ())), *moved]:
            labels = message.get("labelIds", ())
            if not NEVER & set(labels) and (folders | {SENT}) & {*_folders(labels), EVERYWHERE}:
                yield ProviderMessageId(str(message["id"]))


@contextlib.contextmanager
def _a_mailbox() -> Iterator[None]:
    """Messages, threads and histories go; a mailbox that is connected does not: not to find it now is Gmail's trouble."""
    try:
        yield
    except NotFound as error:
        raise Transient("Gmail does not find this mailbox at the moment.") from error


def _snippet(answer: dict[str, Any]) -> Personal:
    """The first words of a message or thread, which Gmail escapes as for a page."""
    return Personal(_text(html.unescape(str(answer.get("snippet", "")))))


def _sender(header: str) -> Personal:
    """A From header in one form; one whose address is not ASCII stays as it is."""
    try:
        return Personal(formataddr(parseaddr(_text(header))))
    except UnicodeError:
        return Personal(_text(header))


def _text(told: str) -> str:
    """Text that can be stored: JSON may hold half a character, as where a snippet is cut within an emoji."""
    return told.encode("utf-8", "replace").decode("utf-8")


def _told(answer: dict[str, Any], name: str) -> str:
    """A field that every good answer has."""
    if name not in answer:
        raise Transient("Gmail's answer was incomplete.")
    return str(answer[name])


def _moment(answer: dict[str, Any], name: str = "internalDate") -> datetime | None:
    """A time told in milliseconds; None: it is none."""
    try:
        return datetime.fromtimestamp(int(str(answer.get(name, ""))) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
