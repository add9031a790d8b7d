"""Google's consent and tokens: code with PKCE, id token verified, refresh under the token cache's version condition."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
_ENDED: Final = (
    "Google ended this access after seven days, because the Google app that gives it is in Testing. Publish the app"
    " (docs/gmail.md says how), then reconnect the mailbox in settings."
)
_POLICY: Final = (
    "The administrator of this Google Workspace does not allow Hearback. Ask them, or import an export of the mailbox."
)
_CLIENT: Final = (
    "Google does not accept the OAuth client of this installation; `hearback doctor` says what is wrong with it."
)
_BUSY: Final = frozenset({"temporarily_unavailable", "internal_failure", "server_error", "rate_limit_exceeded"})
_CLIENT_REFUSED: Final = frozenset({"invalid_client", "deleted_client", "redirect_uri_mismatch"})
_POLICY_REFUSED: Final = frozenset({"admin_policy_enforced", "org_internal", "access_not_configured"})


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """An OAuth client, and where Google is (`root`: the simulator's base address; None: Google itself)."""

    client_id: str
    client_secret: str = field(repr=False)
    root: str | None = None

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

    @property
    def pubsub(self) -> str:
        """The Pub/Sub API."""
        return self.root or "https://pubsub.googleapis.com"


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
        try:
            answer = post(
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
        except Refused as error:
            raise _not_redeemed(error.problem) from error
        scopes = frozenset(str(answer.get("scope", "")).split())
        if READONLY not in scopes:
            raise NeedsPerson(
                "On Google's page the box that lets Hearback read mail was not ticked, so there is nothing it could do.",
                cause="missing_scopes",
            )
        claims = self._verified(str(answer.get("id_token", "")), nonce)
        secret = {**_fresh(answer), "refresh_token": str(answer.get("refresh_token") or "")}
        life = answer.get("refresh_token_expires_in")
        if isinstance(life, int):
            secret["ends_at"] = time.time() + life
        return Grant(
            address=str(claims["email"]).lower(),
            scopes=scopes,
            secret=json.dumps(secret).encode(),
            lasting=bool(secret["refresh_token"]),
        )

    def kept(self, held: bytes, granted: bytes) -> bytes:
        """See Connector.kept."""
        return json.dumps({**json.loads(held), **_told(json.loads(granted))}).encode()

    def ends_at(self, secret: bytes) -> datetime | None:
        """See Connector.ends_at."""
        return _end(json.loads(secret))

    def give_back(self, secret: bytes) -> None:
        """See Connector.give_back."""
        held = json.loads(secret)
        _revoke(self._client, held.get("refresh_token") or held["access_token"], TIMEOUT_SECONDS)

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

    def token(self, refused: str | None = None) -> str:
        """A usable access token, other than the one that was `refused`: what another worker has renewed meanwhile is used.
        NeedsPerson: the grant is gone; Transient.
        """
        for _ in range(4):
            loaded = self._tokens.load()
            self.version = loaded[1] if loaded is not None else 0
            if loaded is None:
                raise NeedsPerson(_RECONNECT)
            secret, version = json.loads(loaded[0]), loaded[1]
            usable = secret.get("expires_at", 0) - EARLY_SECONDS > time.time()
            if usable and secret["access_token"] != refused:
                return str(secret["access_token"])
            renewed = self._refresh(secret)
            try:
                self.version = self._tokens.save(json.dumps(renewed).encode(), version)
            except Conflict:
                continue  # another worker was first: theirs is as good
            return str(renewed["access_token"])
        raise Transient("The mailbox's token is being changed from elsewhere.", retry_after_seconds=1)

    def renewed(self) -> str:
        """An access token other than the one that is held: whether the grant still gives any. Errors as of `token`."""
        loaded = self._tokens.load()
        return self.token(json.loads(loaded[0])["access_token"] if loaded is not None else None)

    def _refresh(self, secret: dict[str, Any]) -> dict[str, Any]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": secret["refresh_token"],
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
        }
        try:
            answer = post(self._client.token, form, self._budget.within(TIMEOUT_SECONDS))
        except Refused as error:
            raise _not_refreshed(error.problem, secret) from error
        fresh = {**_fresh(answer), "refresh_token": answer.get("refresh_token") or secret["refresh_token"]}
        return {**secret, **fresh}

    def revoke(self) -> None:
        """Give the grant back. One that is dead already is no error."""
        loaded = self._tokens.load()
        if loaded is not None:
            _revoke(self._client, json.loads(loaded[0])["refresh_token"], self._budget.within(TIMEOUT_SECONDS))


class Refused(Exception):
    """Google's OAuth endpoints said no; `problem` is their word for why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def _not_redeemed(problem: str) -> NeedsPerson:
    if problem in _CLIENT_REFUSED | {"unauthorized_client"}:
        return NeedsPerson(_CLIENT, cause="client_refused")
    if problem in _POLICY_REFUSED:
        return NeedsPerson(_POLICY, cause="admin_policy")
    return NeedsPerson("The consent could not be used. Start again.", cause="expired_link")


def _not_refreshed(problem: str, secret: dict[str, Any]) -> NeedsPerson | Transient:
    """A client that is refused is no fault of the person's: their mailbox waits until it is mended."""
    if problem in _CLIENT_REFUSED:
        return Transient(_CLIENT)
    if problem in _POLICY_REFUSED:
        return NeedsPerson(_POLICY, cause="admin_policy")
    end = _end(secret)
    return NeedsPerson(_ENDED if end is not None and end <= datetime.now(UTC) else _RECONNECT)


def _end(secret: dict[str, Any]) -> datetime | None:
    moment = secret.get("ends_at")
    return datetime.fromtimestamp(moment, UTC) if moment is not None else None


def _told(granted: dict[str, Any]) -> dict[str, Any]:
    """What a consent without a new refresh token told all the same."""
    return {name: granted[name] for name in ("access_token", "expires_at")}


def _fresh(answer: dict[str, Any]) -> dict[str, Any]:
    """The access token of an answer, with its end. Transient: there is none in it."""
    token, life = answer.get("access_token"), answer.get("expires_in", 0)
    if not isinstance(token, str) or not isinstance(life, int):
        raise Transient("Google's answer was incomplete.")
    return {"access_token": token, "expires_at": time.time() + life}


def _revoke(client: GoogleClient, token: str, seconds: float) -> None:
    try:
        post(client.revoke, {"token": token}, seconds)
    except Refused:
        return  # it was dead already


def post(url: str, form: dict[str, str], seconds: float = TIMEOUT_SECONDS) -> dict[str, Any]:
    """One form to Google. Refused: the grant, code or client is no good; Transient: anything that may pass."""
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), method="POST")  # noqa: S310  Google's address or the simulator's
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310  as above
            body = answer.read(1_000_000)
        parsed = json.loads(body) if body.strip() else {}
    except urllib.error.HTTPError as error:
        problem = _problem_of(error.read(100_000))
        if error.code in {400, 401, 403} and problem not in _BUSY:
            raise Refused(problem) from error
        raise Transient(f"Google answered {error.code}.", retry_after_seconds=_retry_after(error)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Transient("Google is out of reach.") from error
    if not isinstance(parsed, dict):
        raise Transient("Google's answer was damaged.")
    return parsed


def _problem_of(body: bytes) -> str:
    try:
        return str(json.loads(body).get("error", ""))
    except (ValueError, AttributeError):
        return ""


def _retry_after(error: urllib.error.HTTPError) -> float | None:
    value = error.headers.get("Retry-After", "") if error.headers else ""
    return float(value) if value.isdigit() else None
