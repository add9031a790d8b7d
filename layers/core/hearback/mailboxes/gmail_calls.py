"""One request to Gmail: quota, token, time limit, and vendor errors in our words."""

from __future__ import annotations

import contextlib
import functools
import http.client
from collections.abc import Callable, Iterator
from typing import Any, Final

import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError, InvalidJsonError
from googleapiclient.http import HttpRequest

from hearback.mailboxes import gmail_shapes
from hearback.mailboxes.gmail_errors import RECONNECT, in_our_words
from hearback.mailboxes.google_oauth import Access, GoogleClient
from hearback.mailboxes.protocols import Tokens
from hearback.mailboxes.quota import COST, Quota
from hearback.model.budget import Budget, Urgency
from hearback.model.errors import NeedsPerson, QuotaSpent, Throttled, Transient

TIMEOUT_SECONDS: Final = 6.0
"""Gmail answers within one; with a token to renew first, a task that hangs is over after twice this."""


@functools.cache
def _users(root: str) -> Any:
    """The vendor's description of the calls, made once: it takes longer than reading a mail. Whoever calls brings the
    connection, so several threads may share it.
    """
    options = {"api_endpoint": root}
    unused = httplib2.Http()
    return build_from_document(
        gmail_shapes.document(), http=unused, client_options=options, requestBuilder=HttpRequest
    ).users()


class GmailCalls:
    """Calls for one mailbox within one task's budget. httplib2 is not for several threads."""

    def __init__(self, tokens: Tokens, client: GoogleClient, quota: Quota, budget: Budget) -> None:
        self._client = client
        self._budget = budget
        self._quota = quota
        self._http = httplib2.Http(timeout=TIMEOUT_SECONDS)
        self.access = Access(client, tokens, budget)
        self.units = 0
        """Of the quota, used so far."""

    def call(self, cost: str, make: Callable[[Any], Any], *, background: bool = False) -> dict[str, Any]:
        """One request; a refused token is renewed once. NeedsPerson names the version of the token that is no good."""
        try:
            return self._call(cost, make, background=background)
        except NeedsPerson as error:
            error.token_version = self.access.version
            raise
        except QuotaSpent:
            raise
        except Throttled as error:
            self._quota.refused(error.retry_after_seconds)
            raise

    def _call(self, cost: str, make: Callable[[Any], Any], *, background: bool) -> dict[str, Any]:
        refused: str | None = None
        for last in (False, True):
            urgency = max(self._budget.urgency, Urgency.BACKFILL if background else Urgency.LIVE)
            self._quota.spend(cost, urgency, patience_seconds=self._budget.left())
            self.units += COST[cost]
            token = self.access.token(refused)
            with _in_our_words():
                request = make(_users(self._client.api))
                request.headers["authorization"] = f"Bearer {token}"
                self._limit(self._budget.within(TIMEOUT_SECONDS))
                try:
                    answer = request.execute(http=self._http, num_retries=0)
                except HttpError as error:
                    if error.status_code == 401 and not last:  # noqa: PLR2004  unauthorised
                        refused = token
                        continue
                    raise
                if answer and not gmail_shapes.as_documented(str(request.methodId), answer):
                    raise Transient("Gmail's answer was damaged.")
                return answer or {}
        raise NeedsPerson(RECONNECT)

    def _limit(self, seconds: float) -> None:
        """Let the next request take this long: new connections and the one that is kept open."""
        self._http.timeout = seconds
        for connection in self._http.connections.values():
            connection.timeout = seconds
            if connection.sock is not None:
                connection.sock.settimeout(seconds)


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    """Vendor errors as Transient, NotFound, NeedsPerson or Permanent."""
    try:
        yield
    except HttpError as error:
        raise in_our_words(error) from error
    except InvalidJsonError as error:
        raise Transient("Gmail's answer was damaged.") from error
    except (TimeoutError, httplib2.HttpLib2Error, http.client.HTTPException, OSError, ValueError) as error:
        raise Transient("Gmail is out of reach.") from error
