"""Gmail's and Pub/Sub's JSON for what the simulator holds."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any, Final

from hearback.simulators.google import stamp
from hearback.simulators.google_mail import SYSTEM_LABELS, Happened, Stored
from hearback.simulators.google_pubsub import Held, Subscription, Topic

_CHANGES: Final = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def history(happened: Happened) -> dict[str, Any]:
    """One record of history.list."""
    stored = happened.message
    change: dict[str, Any] = {"message": {**_named(stored), **_labelled(stored)}}
    if happened.labels:
        change["labelIds"] = list(happened.labels)
    return {"id": str(happened.number), "messages": [_named(stored)], _CHANGES[happened.kind]: [change]}


def _named(stored: Stored) -> dict[str, Any]:
    return {"id": stored.id, "threadId": stored.thread_id}


def _labelled(stored: Stored) -> dict[str, Any]:
    return {"labelIds": list(stored.labels)} if stored.labels else {}


def listed(stored: Stored) -> dict[str, Any]:
    """One entry of messages.list."""
    return _named(stored)


def message(stored: Stored, form: str, headers: Iterable[str] = ()) -> dict[str, Any]:
    """One message: minimal | full | metadata (with these headers, or all) | raw."""
    answer: dict[str, Any] = {
        **_named(stored),
        **_labelled(stored),
        "snippet": stored.snippet,
        "historyId": str(stored.history_id),
        "internalDate": str(int(stored.received_at.timestamp() * 1000)),
        "sizeEstimate": len(stored.content),
    }
    if form == "raw":
        answer["raw"] = base64.urlsafe_b64encode(stored.content).decode()
    elif form == "full":
        answer["payload"] = _part(stored.headers, "")
    elif form == "metadata":
        wanted = {each.lower() for each in headers}
        answer["payload"] = {
            "mimeType": stored.headers.get_content_type(),
            "headers": [each for each in _headers(stored.headers) if not wanted or each["name"].lower() in wanted],
        }
    return answer


def _headers(part: Message) -> list[dict[str, str]]:
    return [{"name": name, "value": _readable(value)} for name, value in part.raw_items()]


def _readable(raw: str) -> str:
    """A header as Gmail shows it: bytes taken for UTF-8, encoded words read."""
    text = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\r\n", "").replace("\n", "")
    try:
        return str(make_header(decode_header(text))) if "=?" in text else text
    except (HeaderParseError, MessageError, LookupError, ValueError):
        return text


LARGE: Final = 100_000
"""A body with more bytes than this is told by its id alone."""


def _part(part: Message, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "partId": id_,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename("") or "",
        "headers": _headers(part),
    }
    payload = part.get_payload(decode=True)
    if part.is_multipart():
        found["body"] = {"size": 0}
        found["parts"] = [_part(each, f"{id_}.{n}".lstrip(".")) for n, each in enumerate(_inner(part))]
    elif isinstance(payload, bytes):
        held = (
            {"attachmentId": base64.urlsafe_b64encode(f"attachment-{id_}".encode()).decode()}
            if found["filename"] or len(payload) > LARGE
            else {"data": base64.urlsafe_b64encode(payload).decode()}
        )
        found["body"] = {"size": len(payload), **held}
    return found


def _inner(part: Message) -> Iterator[Message]:
    for each in part.get_payload():
        if isinstance(each, Message):
            yield each


def thread(id_: str, messages: Iterable[Stored], form: str, headers: Iterable[str]) -> dict[str, Any]:
    """One thread, its messages oldest first."""
    found = list(messages)
    wanted = list(headers)
    return {
        "id": id_,
        "historyId": str(max(each.history_id for each in found)),
        "messages": [message(each, form, wanted) for each in found],
    }


def threaded(stored: Stored) -> dict[str, Any]:
    """One entry of threads.list, with its newest message."""
    return {"id": stored.thread_id, "snippet": stored.snippet, "historyId": str(stored.history_id)}


def labels(own: dict[str, str]) -> dict[str, Any]:
    """labels.list."""
    categories = (f"CATEGORY_{each}" for each in ("FORUMS", "UPDATES", "PERSONAL", "PROMOTIONS", "SOCIAL"))
    system = [
        {
            "id": each,
            "name": each,
            "type": "system",
            "messageListVisibility": "hide",
            "labelListVisibility": "labelHide",
        }
        for each in (*SYSTEM_LABELS, *categories)
    ]
    return {"labels": [*system, *({"id": id_, "name": name, "type": "user"} for id_, name in own.items())]}


# Pub/Sub


def topic(found: Topic) -> dict[str, Any]:
    """topics.get."""
    return {"name": found.name, "state": "ACTIVE"}


def policy(found: Topic) -> dict[str, Any]:
    """topics.getIamPolicy."""
    bindings = [{"role": role, "members": sorted(members)} for role, members in sorted(found.bindings.items())]
    return {"version": 1, "etag": "BwXhqDVEnqM=", **({"bindings": bindings} if bindings else {})}


def subscription(found: Subscription) -> dict[str, Any]:
    """subscriptions.get."""
    push: dict[str, Any] = {}
    if found.push:
        push["pushEndpoint"] = found.url or found.audience
        push["oidcToken"] = {"serviceAccountEmail": found.account, "audience": found.audience}
    return {
        "name": found.name,
        "topic": found.topic or "_deleted-topic_",
        "pushConfig": push,
        "ackDeadlineSeconds": found.ack_deadline_seconds,
        "messageRetentionDuration": "604800s",
        "state": "ACTIVE",
    }


def received(ack_id: str, held: Held) -> dict[str, Any]:
    """One message of subscriptions.pull."""
    return {
        "ackId": ack_id,
        "message": {"data": held.data, "messageId": held.id, "publishTime": stamp(held.published_at)},
    }
