"""Google's consent and tokens: code with PKCE, id token verified, refresh under the token cache's version condition."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Final

import jwt

from hearback.mailboxes.protocols import Grant, Tokens
from hearback.model.budget import Budget
from hearback.model.errors import Conflict, NeedsPerson, Transient

READONLY: Final = "https://www.googleapis.com/auth/gmail.readonly"
SCOPES: Final = (READONLY, "openid", "email")
ISSUERS: Final = ("https://accounts.google.com", "accounts.google.com")
TIMEOUT_SECONDS: Final = 6.0
EARLY_SECONDS: Final = 120
"""A token this near its end is refreshed before it is used."""
_RECONNECT: Final = "Google does not let Hearback read this mailbox any more. Reconnect it in settings."


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """An OAuth client, and where Google is (`root`: the simulator's base address; None: Google itself)."""

    client_id: str
    client_secret: str = field(repr=False)
    root: str | None = None
    workers: int = 1
    """Processes that may read one mailbox at a time: each keeps to its share of the quota."""

    @property
    def authorize(self) -> str:
        """The consent page."""
        return f"{self.root or 'https://accounts.google.com'}/o/oauth2/v2/auth"

    @property
    def token(self) -> str:
        """The token endpoint."""
        return f"{self.root or 'https://oauth2.googleapis.com'}/token"

    @property
    def revoke(self) -> str:
        """The revocation endpoint."""
        return f"{self.root or 'https://oauth2.googleapis.com'}/revoke"

    @property
    def certs(self) -> str:
        """Google's public keys."""
        return f"{self.root or 'https://www.googleapis.com'}/oauth2/v3/certs"

    @property
    def api(self) -> str:
        """The Gmail API."""
        return self.root or "https://gmail.googleapis.com"


class GoogleConnector:
    """The Connector protocol for Gmail and Google Workspace."""

    def __init__(self, client: GoogleClient) -> None:
        self._client = client
        self._keys = jwt.PyJWKClient(client.certs, cache_keys=True, lifespan=3600, timeout=TIMEOUT_SECONDS)

    def authorize_url(
        self, *, redirect_uri: str, state: str, nonce: str, challenge: str, login_hint: str | None, consent: bool
    ) -> str:
        """See Connector.authorize_url."""
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "access_type": "offline",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if login_hint:
            query["login_hint"] = login_hint
        if consent:
            query["prompt"] = "consent"
        return f"{self._client.authorize}?{urllib.parse.urlencode(query)}"

    def redeem(self, *, code: str, verifier: str, redirect_uri: str, nonce: str) -> Grant:
        """See Connector.redeem."""
        answer = _post(
            self._client.token,
            {
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": verifier,
                "redirect_uri": redirect_uri,
                "client_id": self._client.client_id,
                "client_secret": self._client.client_secret,
            },
        )
        scopes = frozenset(str(answer.get("scope", "")).split())
        if READONLY not in scopes:
            raise NeedsPerson(
                "The permission to read mail was not granted. Connect again and leave that box ticked.",
                cause="missing_scopes",
            )
        if not answer.get("refresh_token"):
            raise NeedsPerson("Google gave no lasting access. Connect again.", cause="expired_link")
        claims = self._verified(str(answer.get("id_token", "")), nonce)
        secret = {
            "refresh_token": answer["refresh_token"],
            "access_token": answer["access_token"],
            "expires_at": time.time() + int(answer.get("expires_in", 0)),
        }
        return Grant(address=str(claims["email"]).lower(), scopes=scopes, secret=json.dumps(secret).encode())

    def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        """The id token's claims, checked: signature, audience, issuer, expiry, nonce, verified address."""
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._client.client_id,
                issuer=ISSUERS,
                leeway=30,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Transient("Google's keys are out of reach; try again.") from error
        except jwt.PyJWTError as error:
            raise NeedsPerson("Google's answer could not be verified. Start again.", cause="expired_link") from error
        if claims.get("nonce") != nonce or not claims.get("email") or claims.get("email_verified") is not True:
            raise NeedsPerson("Google's answer does not belong to this sign-in. Start again.", cause="expired_link")
        return claims


class Access:
    """Access tokens of one mailbox: the cached one, or a fresh one stored under the version condition."""

    def __init__(self, client: GoogleClient, tokens: Tokens, budget: Budget = Budget()) -> None:  # noqa: B008  frozen
        self._client = client
        self._tokens = tokens
        self._budget = budget
        self.version = 0
        """Which version of the token cache was used last; 0: there was none."""

    def token(self, *, fresh: bool = False) -> str:
        """A usable access token. `fresh`: the cached one was refused. NeedsPerson: the grant is gone; Transient."""
        refused: str | None = None
        for _ in range(4):
            loaded = self._tokens.load()
            self.version = loaded[1] if loaded is not None else 0
            if loaded is None:
                raise NeedsPerson(_RECONNECT)
            secret, version = json.loads(loaded[0]), loaded[1]
            usable = secret.get("expires_at", 0) - EARLY_SECONDS > time.time()
            if usable and not (fresh and refused in {None, secret["access_token"]}):
                return str(secret["access_token"])
            refused = refused or secret["access_token"]
            renewed = self._refresh(secret)
            try:
                self.version = self._tokens.save(json.dumps(renewed).encode(), version)
            except Conflict:
                continue  # another worker was first: theirs is as good
            return str(renewed["access_token"])
        raise Transient("The mailbox's token is being changed from elsewhere.", retry_after_seconds=1)

    def _refresh(self, secret: dict[str, Any]) -> dict[str, Any]:
        answer = _post(
            self._client.token,
            {
                "grant_type": "refresh_token",
                "refresh_token": secret["refresh_token"],
                "client_id": self._client.client_id,
                "client_secret": self._client.client_secret,
            },
            self._budget.within(TIMEOUT_SECONDS),
        )
        return {
            "refresh_token": answer.get("refresh_token") or secret["refresh_token"],
            "access_token": answer["access_token"],
            "expires_at": time.time() + int(answer.get("expires_in", 0)),
        }

    def revoke(self) -> None:
        """Give the grant back. One that is dead already is no error."""
        loaded = self._tokens.load()
        if loaded is None:
            return
        try:
            form = {"token": json.loads(loaded[0])["refresh_token"]}
            _post(self._client.revoke, form, self._budget.within(TIMEOUT_SECONDS))
        except NeedsPerson:
            return


def _post(url: str, form: dict[str, str], seconds: float = TIMEOUT_SECONDS) -> dict[str, Any]:
    """One form to Google. NeedsPerson: the grant or code is no good; Transient: anything that may pass."""
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), method="POST")  # noqa: S310  Google's address or the simulator's
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310  as above
            body = answer.read(1_000_000)
        parsed: dict[str, Any] = json.loads(body) if body.strip() else {}
    except urllib.error.HTTPError as error:
        problem = _error_of(error.read(100_000))
        if error.code in {400, 401, 403} and problem not in {"temporarily_unavailable", "internal_failure"}:
            raise NeedsPerson(
                _RECONNECT if "refresh_token" in form else "The consent could not be used. Start again.",
                cause="authentication_required" if "refresh_token" in form else "expired_link",
            ) from error
        raise Transient(f"Google answered {error.code}.", retry_after_seconds=_retry_after(error)) from error
    except (OSError, ValueError) as error:
        raise Transient("Google is out of reach.") from error
    return parsed


def _error_of(body: bytes) -> str:
    try:
        return str(json.loads(body).get("error", ""))
    except (ValueError, AttributeError):
        return ""


def _retry_after(error: urllib.error.HTTPError) -> float | None:
    value = error.headers.get("Retry-After", "") if error.headers else ""
    return float(value) if value.isdigit() else None
