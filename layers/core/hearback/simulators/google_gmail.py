"""The Gmail API of the simulated Google: its methods on the paths of the discovery document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hearback.simulators import google_answers as give
from hearback.simulators import google_errors as say
from hearback.simulators import google_quota, google_schema
from hearback.simulators.google import Google
from hearback.simulators.google_calls import Asked, checked, noted, sent
from hearback.simulators.google_errors import Reply
from hearback.simulators.google_mail import Account, Stored

MOST_RESULTS: Final = 500
_USUAL_RESULTS: Final = "100"
_TOKEN: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,18}))?")
"""A page token of ours."""
_METADATA: Final = "https://www.googleapis.com/auth/gmail.metadata"
_READING: Final = frozenset(
    {
        "https://mail.google.com/",
        "https://www.googleapis.com/auth/gmail.modify",
        "https://www.googleapis.com/auth/gmail.readonly",
    }
)
Answer = Callable[[Google, Account, Asked], Reply]


def routes(google: Google) -> list[Route]:
    """Every method that is served."""
    return [_route(google, call, answer) for call, answer in _ANSWERS.items()]


def _route(google: Google, call: str, answer: Answer) -> Route:
    api, method = google_schema.gmail(), f"gmail.users.{call}"
    described = api.methods[method]

    async def endpoint(request: Request) -> Response:
        async def make() -> Reply:
            asked = await checked(google, api, method, request, request.path_params)
            if isinstance(asked, Reply):
                return asked
            found = _account(google, asked, call)
            return found if isinstance(found, Reply) else noted(google, api, method, answer(google, found, asked))

        return await sent(google, request, call, make)

    return Route(f"/{described['flatPath']}", endpoint, methods=[described["httpMethod"]])


def _account(google: Google, asked: Asked, call: str) -> Account | Reply:
    """The mailbox asked for, its quota spent; or why not."""
    if not google.api_on:
        return say.api_off()
    account = google.account_of(asked.bearer)
    if account is None:
        return say.no_mail_service()
    if asked.path["userId"] not in {"me", account.address}:
        return say.problem(403, f"Delegation denied for {account.address}", "forbidden", "PERMISSION_DENIED")
    limit = google.spend(account, google_quota.COST[call])
    if limit is not None:
        return say.daily_limit() if limit == google_quota.DAY else say.quota_metric(limit)
    return account


class _Page:
    """A page of a list: `maxResults` from `pageToken` on."""

    def __init__(self, query: QueryParams, overlap: int = 0) -> None:
        token = _TOKEN.fullmatch(query.get("pageToken") or "0")
        self.good = token is not None
        self._start = int(token[1]) if token else 0
        self.until = int(token[2]) if token and token[2] else None
        """Of pages that are of the first one's moment: the last history id of then."""
        self._size = min(max(int(query.get("maxResults", _USUAL_RESULTS)), 1), MOST_RESULTS)
        self._overlap = min(overlap, self._size - 1)

    def cut(self, found: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        """What belongs on the page, and the token of the next one."""
        end = self._start + self._size
        until = f".{self.until}" if self.until is not None else ""
        following = {"nextPageToken": f"{end - self._overlap}{until}"} if end < len(found) else {}
        return found[self._start : end], following


def _profile(_google: Google, account: Account, _asked: Asked) -> Reply:
    threads = {each.thread_id for each in account.messages.values()}
    return say.reply(
        200,
        {
            "emailAddress": account.address,
            "messagesTotal": len(account.messages),
            "threadsTotal": len(threads),
            "historyId": str(account.history_id),
        },
    )


def _history(google: Google, account: Account, asked: Asked) -> Reply:
    start, page = asked.query.get("startHistoryId", ""), _Page(asked.query, google.history_overlap)
    if not start:
        return say.wrong("Missing required parameter: startHistoryId")
    if not page.good:
        return say.wrong("Invalid pageToken")
    found = google.changes(account, int(start), asked.query.getlist("historyTypes"))
    if found is None:
        return say.gone()
    if google.history_frozen:
        page.until = page.until if page.until is not None else account.history_id
        found = [each for each in found if each.number <= page.until]
    label = asked.query.get("labelId")
    shown, following = page.cut([each for each in found if label is None or label in each.message.labels])
    answer: dict[str, Any] = {"historyId": str(google.shown_history_id(account)), **following}
    if shown:
        answer["history"] = [give.history(each) for each in shown]
    return say.reply(200, answer)


def _messages(google: Google, account: Account, asked: Asked) -> Reply:
    return _listing("messages", give.listed, asked, _search(google, account, asked))


def _threads(google: Google, account: Account, asked: Asked) -> Reply:
    newest: dict[str, Stored] = {}
    for each in _search(google, account, asked):
        newest.setdefault(each.thread_id, each)
    return _listing("threads", give.threaded, asked, list(newest.values()))


def _search(google: Google, account: Account, asked: Asked) -> list[Stored]:
    labels = set(asked.query.getlist("labelIds"))
    found = google.matching(account, asked.query.get("q", ""))
    return [each for each in found if labels <= set(each.labels)]


def _listing(name: str, entry: Callable[[Stored], dict[str, Any]], asked: Asked, found: list[Stored]) -> Reply:
    page = _Page(asked.query)
    if not page.good:
        return say.wrong("Invalid pageToken")
    if "q" in asked.query and not asked.bearer.scopes & _READING:
        return say.problem(403, "Metadata scope does not support 'q' parameter", "forbidden", "PERMISSION_DENIED")
    shown, following = page.cut(found)
    answer: dict[str, Any] = {"resultSizeEstimate": len(found), **following}
    if shown:
        answer[name] = [entry(each) for each in shown]
    return say.reply(200, answer)


def _message(google: Google, account: Account, asked: Asked) -> Reply:
    found = google.found(account, asked.path["id"])
    return _read(asked, lambda form, headers: give.message(found, form, headers)) if found else say.gone()


def _thread(google: Google, account: Account, asked: Asked) -> Reply:
    id_ = asked.path["id"]
    found = google.thread(account, id_)
    return _read(asked, lambda form, headers: give.thread(id_, found, form, headers)) if found else say.gone()


def _read(asked: Asked, show: Callable[[str, list[str]], dict[str, Any]]) -> Reply:
    form = asked.query.get("format", "full")
    if form in {"full", "raw"} and not asked.bearer.scopes & _READING:
        text = f"Metadata scope doesn't allow format {form.upper()}"
        return say.problem(403, text, "forbidden", "PERMISSION_DENIED")
    return say.reply(200, show(form, asked.query.getlist("metadataHeaders")))


def _labels(google: Google, _account: Account, _asked: Asked) -> Reply:
    return say.reply(200, give.labels(google.own_labels))


def _watch(google: Google, account: Account, asked: Asked) -> Reply:
    body = asked.body or {}
    exclude = body.get("labelFilterBehavior", body.get("labelFilterAction", "include")) == "exclude"
    watched = google.watch(account, body.get("topicName", ""), body.get("labelIds", ()), exclude=exclude)
    if isinstance(watched, Reply):
        return watched
    expiration = int(watched.until.timestamp() * 1000)
    return say.reply(200, {"historyId": str(account.history_id), "expiration": str(expiration)})


def _stop(_google: Google, account: Account, _asked: Asked) -> Reply:
    account.watched = None
    return Reply(204, b"")


_ANSWERS: Final[dict[str, Answer]] = {
    "getProfile": _profile,
    "history.list": _history,
    "messages.list": _messages,
    "messages.get": _message,
    "threads.list": _threads,
    "threads.get": _thread,
    "labels.list": _labels,
    "watch": _watch,
    "stop": _stop,
}
