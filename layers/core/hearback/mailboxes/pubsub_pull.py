"""Gmail's notifications fetched from a pull subscription, for an installation that nothing can be pushed to.

    pull (waits until there is one) ─► Pulled(ack id, what it says) ─► acknowledge, once what follows from it is durable

What is not acknowledged comes again. The right to do so is a service account's; it reads no mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import google_auth_httplib2
import httplib2
from google.auth import exceptions
from google.oauth2 import service_account

from hearback.mailboxes.google_files import KeyFile
from hearback.mailboxes.google_rest import Answer, TimedOut, ask
from hearback.mailboxes.pubsub import Pushed, of_data
from hearback.model.errors import Permanent, Transient

SCOPE: Final = "https://www.googleapis.com/auth/pubsub"
MOST: Final = 100
"""Notifications taken at once."""
WAIT_SECONDS: Final = 95.0
"""Google answers an empty pull after about 90."""
TOKEN_SECONDS: Final = 10


class ServiceAccount:
    """Access tokens of a service account, from its key. `root`: the simulator's address in place of Google's."""

    def __init__(self, key: KeyFile, root: str | None = None, scopes: Sequence[str] = (SCOPE,)) -> None:
        info = {**key.info, "token_uri": f"{root or 'https://oauth2.googleapis.com'}/token"}
        try:
            self._credentials: Any = service_account.Credentials.from_service_account_info(info, scopes=list(scopes))  # type: ignore[no-untyped-call]
        except (ValueError, exceptions.GoogleAuthError) as error:
            raise Permanent("The private key in the service account's file is damaged; make a new key.") from error
        self.email = key.email

    def token(self, *, fresh: bool = False) -> str:
        """A usable access token. Permanent: Google does not accept the key; Transient."""
        if fresh or not self._credentials.valid:
            try:
                self._credentials.refresh(google_auth_httplib2.Request(httplib2.Http(timeout=TOKEN_SECONDS)))
            except exceptions.RefreshError as error:
                if error.retryable:
                    raise Transient("Google is busy.") from error
                raise Permanent("Google does not accept the service account's key any more; make a new one.") from error
            except (exceptions.GoogleAuthError, httplib2.HttpLib2Error, OSError) as error:
                raise Transient("Google is out of reach.") from error
        return str(self._credentials.token)


@dataclass(frozen=True, slots=True)
class Pulled:
    """One notification, to be acknowledged by its id."""

    ack_id: str
    pushed: Pushed | None
    """None: it says nothing that Gmail would say; it is acknowledged and left."""


class Puller:
    """One pull subscription."""

    def __init__(self, account: ServiceAccount, subscription: str, root: str | None = None) -> None:
        self._account, self.subscription = account, subscription
        self._url = f"{root or 'https://pubsub.googleapis.com'}/v1/{subscription}"

    def pull(self) -> Sequence[Pulled]:
        """What waits; where nothing does, Google lets us wait for it. Permanent: why nothing can come; Transient."""
        try:
            answer = self._ask("pull", {"maxMessages": MOST}, WAIT_SECONDS)
        except TimedOut:
            return ()
        found = answer.body.get("receivedMessages", ())
        return [_pulled(each) for each in found if isinstance(each, dict) and each.get("ackId")]

    def acknowledge(self, ack_ids: Sequence[str]) -> None:
        """These need not come again. Permanent; Transient: they will, and change nothing then."""
        self._ask("acknowledge", {"ackIds": list(ack_ids)}, TOKEN_SECONDS)

    def _ask(self, verb: str, body: dict[str, Any], seconds: float) -> Answer:
        for fresh in (False, True):
            answer = ask(f"{self._url}:{verb}", self._account.token(fresh=fresh), body, seconds=seconds)
            if answer.status != 401:  # noqa: PLR2004  the token was refused
                break
        if answer.good:
            return answer
        raise Permanent(_why(answer, self.subscription))


def _why(answer: Answer, subscription: str) -> str:
    if answer.off:
        return "The Pub/Sub API is switched off in the Google project; `hearback doctor` says how to switch it on."
    if answer.status == 404:  # noqa: PLR2004  gone
        return f"Google has no subscription {subscription}; `hearback doctor` says how to make it."
    if answer.status in {401, 403}:
        return "The service account may not read the subscription; `hearback doctor` says which right it needs."
    return "Google does not let this subscription be pulled; `hearback doctor` says what is wrong with it."


def _pulled(received: dict[str, Any]) -> Pulled:
    message = received.get("message")
    try:
        pushed = of_data(message.get("data") if isinstance(message, dict) else None)
    except Permanent:
        pushed = None
    return Pulled(str(received["ackId"]), pushed)
