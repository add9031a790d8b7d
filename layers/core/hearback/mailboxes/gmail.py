"""The Gmail door, through google-api-python-client: history, lists, messages, watch. Read-only.

A cursor is "historyId" or "historyId:pageToken", so that a long history is resumable page by page.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import html
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import formataddr, parseaddr
from typing import Any, Final

import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError, InvalidJsonError
from googleapiclient.http import HttpRequest

from hearback.mailboxes.google_oauth import Access, GoogleClient
from hearback.mailboxes.protocols import Changes, Glimpse, Listing, Tokens
from hearback.mailboxes.quota import Quota
from hearback.model.errors import CursorExpired, NeedsPerson, NotFound, Permanent, Transient
from hearback.model.ids import MailboxId, Personal, ProviderMessageId
from hearback.model.mailbox import Preferences, Watch
from hearback.model.message import RawMessage
from hearback.reading import gate

TIMEOUT_SECONDS: Final = 30
PAGE: Final = 500
NEVER: Final = frozenset({"SPAM", "TRASH", "DRAFT", "CHAT"})
_LABELS: Final = {"inbox": "INBOX", "sent": "SENT"}
_QUOTA_REASONS: Final = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "backendError", "RATE_LIMIT_EXCEEDED"}
)


@functools.cache
def _document() -> dict[str, Any]:
    """The discovery document that ships with the client library."""
    from importlib.resources import files

    path = files("googleapiclient.discovery_cache").joinpath("documents", "gmail.v1.json")
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


_quotas: dict[str, Quota] = {}
_quotas_lock = threading.Lock()


def _quota_of(address: str, workers: int) -> Quota:
    with _quotas_lock:
        return _quotas.setdefault(address, Quota.share(workers))


class GmailDoor:
    """The MailboxDoor protocol for one Gmail mailbox. Make one per task: httplib2 is not for several threads."""

    def __init__(
        self,
        address: str,
        tokens: Tokens,
        client: GoogleClient,
        topic: str | None,
        mailbox_id: MailboxId = MailboxId(""),  # noqa: B008  a NewType is a str
    ) -> None:
        self._address = address.lower()
        self._mailbox_id = mailbox_id
        self._client = client
        self._topic = topic
        self._access = Access(client, tokens)
        self._quota = _quota_of(f"{client.api}/{self._address}", client.workers)
        self._users: Any = None

    def address(self) -> str:
        """See MailboxDoor.address."""
        return self._address

    def cursor_now(self) -> str:
        """See MailboxDoor.cursor_now."""
        return _told(self._call("getProfile", lambda users: users.getProfile(userId="me")), "historyId")

    def changes(self, cursor: str, preferences: Preferences, *, hint: str | None = None) -> Changes:
        """See MailboxDoor.changes."""
        start, _, page = cursor.partition(":")
        try:
            answer = self._call(
                "history.list",
                lambda users: users.history().list(
                    userId="me",
                    startHistoryId=start,
                    historyTypes=["messageAdded"],
                    maxResults=PAGE,
                    pageToken=page or None,
                ),
            )
        except NotFound as error:
            raise CursorExpired("Gmail no longer knows where we left off.") from error
        wanted = _wanted_labels(preferences)
        ids = [
            ProviderMessageId(str(added["message"]["id"]))
            for entry in answer.get("history", ())
            for added in entry.get("messagesAdded", ())
            if _in_scope(added["message"].get("labelIds", ()), wanted)
        ]
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
        return gate.gmail_queries(max((now - since).days, 1))

    def listing(
        self, since: datetime, preferences: Preferences, *, page: str | None = None, query: str | None = None
    ) -> Listing:
        """See MailboxDoor.listing. A search tells ids (5 units); everything is told thread by thread, with its snippet
        (10 units), under the id of the thread's first message.
        """
        del preferences  # folders are checked when a message is fetched: its labels come with it
        scope = f"after:{int(since.timestamp())} -in:spam -in:trash"
        if query is None:
            return self._threads(scope, page)
        answer = self._call(
            "messages.list",
            lambda users: users.messages().list(userId="me", q=f"{query} {scope}", maxResults=PAGE, pageToken=page),
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

    def _threads(self, scope: str, page: str | None) -> Listing:
        answer = self._call(
            "threads.list",
            lambda users: users.threads().list(userId="me", q=scope, maxResults=PAGE, pageToken=page),
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
        answer = self._call(
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
            labels=tuple(str(each) for each in answer.get("labelIds", ())),
        )

    def thread(self, thread_id: str) -> Sequence[ProviderMessageId]:
        """See MailboxDoor.thread."""
        try:
            answer = self._call(
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
        answer = self._call("messages.get", lambda users: users.messages().get(userId="me", id=message, format="raw"))
        try:
            content = base64.urlsafe_b64decode(str(answer["raw"]) + "==")
        except (KeyError, ValueError) as error:
            raise Transient("Gmail sent a message that cannot be decoded.") from error
        labels = tuple(str(each) for each in answer.get("labelIds", ()))
        if NEVER & set(labels):
            raise NotFound("This message is in Spam or Trash, which Hearback never reads.")
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
        answer = self._call("watch", lambda users: users.watch(userId="me", body=body))
        return Watch(id=self._topic, expires_at=datetime.fromtimestamp(int(_told(answer, "expiration")) / 1000, UTC))

    def unwatch(self, watch: Watch | None) -> None:
        """See MailboxDoor.unwatch."""
        if watch is not None:
            with contextlib.suppress(NotFound):
                self._call("stop", lambda users: users.stop(userId="me"))

    def revoke(self) -> None:
        """See MailboxDoor.revoke."""
        self._access.revoke()

    def _call(self, cost: str, make: Callable[[Any], Any], *, background: bool = False) -> dict[str, Any]:
        """One request, with its error in our words; a refused token is renewed once."""
        for fresh in (False, True):
            self._quota.spend(cost, background=background)
            token = self._access.token(fresh=fresh)
            with _in_our_words():
                request = make(self._resource())
                request.headers["authorization"] = f"Bearer {token}"
                try:
                    answer = request.execute(num_retries=0)
                except HttpError as error:
                    if error.status_code == 401 and not fresh:  # noqa: PLR2004  unauthorised
                        continue
                    raise
                if answer and not isinstance(answer, dict):  # the library hands on what is no JSON
                    raise Transient("Gmail's answer was damaged.")
                return answer or {}
        raise NeedsPerson("Google does not let Hearback read this mailbox any more. Reconnect it in settings.")

    def _resource(self) -> Any:
        if self._users is None:
            http = httplib2.Http(timeout=TIMEOUT_SECONDS)
            options = {"api_endpoint": self._client.api} if self._client.root else None
            service = build_from_document(_document(), http=http, client_options=options, requestBuilder=HttpRequest)
            self._users = service.users()
        return self._users


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    """Vendor errors as Transient, NotFound, NeedsPerson or Permanent."""
    try:
        yield
    except HttpError as error:
        raise _translated(error) from error
    except InvalidJsonError as error:
        raise Transient("Gmail's answer was damaged.") from error
    except (TimeoutError, httplib2.HttpLib2Error, OSError, ValueError) as error:
        raise Transient("Gmail is out of reach.") from error


def _translated(error: HttpError) -> Exception:
    status = error.status_code
    retry_after = error.resp.get("retry-after", "")
    seconds = float(retry_after) if str(retry_after).isdigit() else None
    reasons = _reasons(error)
    if status == 404:  # noqa: PLR2004  gone
        return NotFound("Gmail has no such thing any more.")
    if status == 429 or status >= 500 or (status == 403 and reasons & _QUOTA_REASONS):  # noqa: PLR2004  busy
        return Transient(f"Gmail is busy ({status}).", retry_after_seconds=seconds)
    if status in {401, 403}:
        return NeedsPerson("Google does not let Hearback read this mailbox any more. Reconnect it in settings.")
    return Permanent(f"Gmail refused a request ({status}).")


def _reasons(error: HttpError) -> set[str]:
    try:
        problem = json.loads(error.content)["error"]
        return {str(each.get("reason", "")) for each in problem.get("errors", ())} | {str(problem.get("status", ""))}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def _wanted_labels(preferences: Preferences) -> frozenset[str] | None:
    """Labels of the folders to read; None: everything but Spam and Trash."""
    if "all" in preferences.folders:
        return None
    return frozenset(_LABELS.get(folder, folder) for folder in (*preferences.folders, "sent"))


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
