"""Gmail's pushes through Pub/Sub: the token is verified before anything of the body is parsed.

Any Google service account can mint a token for our audience, so the account's address is checked as well.
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import re
import time
from dataclasses import dataclass
from typing import Any, Final

import jwt

from hearback.mailboxes.google_oauth import ISSUERS
from hearback.model.errors import AccessDenied, Permanent, Transient
from hearback.model.ids import Personal

CERTS: Final = "https://www.googleapis.com/oauth2/v3/certs"
MAX_BODY: Final = 64 * 1024
MAX_TOKEN: Final = 8 * 1024
"""Characters. Google's tokens have less than one thousand."""
REFETCH_SECONDS: Final = 60.0
"""A key id that is not among the keys we hold makes us look again at most this often."""
AGAIN_SECONDS: Final = 5.0
"""Where the keys are out of reach, the next request waits this long."""
_HISTORY_ID: Final = re.compile(r"[0-9]{1,20}")
"""Sixty-four bits."""
_STANDARD: Final = str.maketrans("-_", "+/")
"""Pub/Sub writes base64 in its standard alphabet, Gmail's pages speak of the other: both are read."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push says: that this mailbox has reached this history id."""

    address: Personal
    history_id: str


class _Keys(jwt.PyJWKClient):
    """Google's keys. A key id nobody knows makes at most one request a minute, and one that fails rests a moment: whoever
    sends made-up tokens cannot make us ask without end.
    """

    _failed_at: float | None = None

    def fetch_data(self) -> Any:
        """The keys as published. PyJWKClientConnectionError: out of reach or no keys, now or a moment ago."""
        if self._failed_at is not None and time.monotonic() - self._failed_at < AGAIN_SECONDS:
            raise jwt.PyJWKClientConnectionError("out of reach a moment ago")
        try:
            found = super().fetch_data()
        except (jwt.PyJWTError, OSError, ValueError, http.client.HTTPException) as error:
            self._failed_at = time.monotonic()
            raise jwt.PyJWKClientConnectionError("no keys came") from error
        self._failed_at = None
        return found


class PushVerifier:
    """Verifies the OIDC token of a push subscription. Without audience and account it denies everything."""

    def __init__(self, audience: str, account: str, certs_url: str | None = None) -> None:
        self._audience, self._account = audience, account
        self._keys = _Keys(certs_url or CERTS, lifespan=3600, timeout=5, cooldown_duration=REFETCH_SECONDS)

    def verify(self, authorization: str | None) -> None:
        """AccessDenied unless the token is Google's, for us, from our push account; Transient: keys out of reach."""
        scheme, _, token = (authorization or "").partition(" ")
        if not (self._audience and self._account) or scheme.lower() != "bearer" or not 0 < len(token) <= MAX_TOKEN:
            raise AccessDenied("This push carries no token of ours.")
        try:
            claims = jwt.decode(
                token,
                self._keys.get_signing_key_from_jwt(token),
                algorithms=["RS256"],
                audience=self._audience,
                issuer=ISSUERS,
                leeway=30,
                options={"require": ["exp", "iat", "aud", "iss"], "strict_aud": True},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Transient("Google's keys are out of reach.") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise AccessDenied("The token of this push is not valid.") from error
        if claims.get("email") != self._account or claims.get("email_verified") is not True:
            raise AccessDenied("This push comes from another account than ours.")


def parse(body: str | bytes) -> Pushed:
    """A verified push. Permanent: it is none of Gmail's."""
    if len(body) > MAX_BODY:
        raise Permanent("This push is larger than Gmail's ever are.")
    try:
        data = json.loads(body)["message"]["data"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Permanent("This push is none of Gmail's.") from error
    return of_data(data)


def of_data(data: object) -> Pushed:
    """What the base64 data of a Pub/Sub message says. Permanent: nothing that Gmail would."""
    try:
        told = json.loads(base64.b64decode(str(data).translate(_STANDARD)))
        address, history_id = str(told["emailAddress"]).lower(), str(told["historyId"])
        address.encode()  # half a character is none
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise Permanent("This push is none of Gmail's.") from error
    if "@" not in address or not _HISTORY_ID.fullmatch(history_id):
        raise Permanent("This push is none of Gmail's.")
    return Pushed(Personal(address), history_id)
