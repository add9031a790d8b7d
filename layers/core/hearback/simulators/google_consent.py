"""Google's OAuth in memory: consents, codes, grants and their ends, access tokens, service accounts, signatures."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from hearback.simulators import google_errors as say
from hearback.simulators.google_errors import Reply

ISSUER: Final = "https://accounts.google.com"
MOST_GRANTS: Final = 100
"""Refresh tokens of one person for one client; one more ends the oldest."""
TESTING_DAYS: Final = 7
"""So long lives a grant while the consent screen is in Testing."""
UNUSED_DAYS: Final = 180
_HOUR: Final = timedelta(hours=1)
_JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom an access token speaks for."""

    principal: str
    """A person's address, or a service account's."""
    scopes: frozenset[str]
    until: datetime
    grant: str | None
    """The refresh token it came from; None: a service account's."""


class Consents:
    """Who granted what, and the tokens for it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.client_id, self.client_secret = "simulated-client.apps.example", "simulated-secret"
        self.redirects: set[str] | None = None
        """The redirect URIs the client is registered with; None: any."""
        self.testing = False
        """Whether the consent screen is in Testing."""
        self.untick: set[str] = set()
        """Scopes that the people do not grant."""
        self.deny = False
        self.codes: dict[str, dict[str, Any]] = {}
        self.grants: dict[str, dict[str, Any]] = {}
        """Refresh token → address, scope, granted_at, used_at."""
        self.access: dict[str, Bearer] = {}
        self.key_id = secrets.token_hex(8)
        self._service_accounts: dict[str, Any] = {}

    def authorize(self, query: dict[str, str], address: str) -> str:
        """A code for a consent just given."""
        code = secrets.token_urlsafe(24)
        scopes = [scope for scope in query["scope"].split() if scope not in self.untick]
        self.codes[code] = {**query, "address": address.lower(), "scope": " ".join(scopes)}
        return code

    def exchange(self, form: dict[str, str]) -> Reply:
        """The token endpoint: a code, a refresh token, or a service account's assertion for an access token."""
        if form.get("grant_type") == _JWT_BEARER:
            return self._assert(form.get("assertion", ""))
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            return say.oauth(401, "invalid_client", "The OAuth client was not found.")
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form.get("refresh_token", ""))
        if form.get("grant_type") == "authorization_code":
            return self._redeem(form)
        return say.oauth(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")

    def _redeem(self, form: dict[str, str]) -> Reply:
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return say.oauth(400, "invalid_grant", "Malformed auth code.")
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return say.oauth(400, "redirect_uri_mismatch", "Bad Request")
        claims = {
            "iss": ISSUER,
            "aud": self.client_id,
            "sub": hashlib.sha256(asked["address"].encode()).hexdigest()[:21],
            "email": asked["address"],
            "email_verified": True,
            "nonce": asked.get("nonce"),
        }
        mine = [token for token, grant in self.grants.items() if grant["address"] == asked["address"]]
        lasting = asked.get("access_type") == "offline" and (asked.get("prompt") == "consent" or not mine)
        refresh = secrets.token_urlsafe(32) if lasting or not mine else mine[-1]
        if refresh not in self.grants:
            self.grants[refresh] = {
                "address": asked["address"],
                "scope": asked["scope"],
                "granted_at": self.clock(),
                "used_at": self.clock(),
            }
            for oldest in mine[: max(len(mine) + 1 - MOST_GRANTS, 0)]:
                self.grants.pop(oldest)
        answer = self._fresh(refresh)
        if lasting:
            answer["refresh_token"] = refresh
            answer |= {"refresh_token_expires_in": TESTING_DAYS * 86400 - 1} if self.testing else {}
        if "openid" in asked["scope"].split():
            answer["id_token"] = self.sign(claims)
        return say.reply(200, answer)

    def _refresh(self, token: str) -> Reply:
        grant = self._live(token)
        if grant is None:
            return say.oauth(400, "invalid_grant", "Token has been expired or revoked.")
        grant["used_at"] = self.clock()
        return say.reply(200, self._fresh(token))

    def _live(self, token: str) -> dict[str, Any] | None:
        """The grant of a refresh token while it lives."""
        grant = self.grants.get(token)
        if grant is None:
            return None
        now = self.clock()
        tried_out = self.testing and now - grant["granted_at"] > timedelta(days=TESTING_DAYS)
        if tried_out or now - grant["used_at"] > timedelta(days=UNUSED_DAYS):
            self.grants.pop(token)
            return None
        return grant

    def _fresh(self, refresh: str) -> dict[str, Any]:
        grant = self.grants[refresh]
        token = self._issue(Bearer(grant["address"], frozenset(grant["scope"].split()), self.clock() + _HOUR, refresh))
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": grant["scope"]}

    def _issue(self, bearer: Bearer) -> str:
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self.access[token] = bearer
        return token

    def bearer(self, authorization: str) -> Bearer | None:
        """Whose access token this is; None: expired, revoked or made up."""
        found = self.access.get(authorization.removeprefix("Bearer "))
        if found is None or found.until <= self.clock():
            return None
        return found if found.grant is None or self._live(found.grant) is not None else None

    def revoke(self, token: str) -> bool:
        """Take a grant back, by its refresh token or one of its access tokens; False: there is none."""
        bearer = self.access.get(token)
        return self.grants.pop((bearer.grant or "") if bearer else token, None) is not None

    def revoke_of(self, address: str) -> None:
        """The person takes back what they granted (or changes their password): refresh and access tokens are dead."""
        for token in [token for token, grant in self.grants.items() if grant["address"] == address.lower()]:
            self.grants.pop(token)

    # service accounts

    def service_account(self, email: str, project: str = "simulated") -> dict[str, str]:
        """A key file of a service account, as the console gives it."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._service_accounts[email] = key.public_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": project,
            "private_key_id": secrets.token_hex(20),
            "private_key": pem.decode(),
            "client_email": email,
            "token_uri": "https://oauth2.googleapis.com/token",
        }

    def _assert(self, assertion: str) -> Reply:
        try:
            email = str(jwt.decode(assertion, options={"verify_signature": False}).get("iss", ""))
            claims = jwt.decode(
                assertion, self._service_accounts[email], algorithms=["RS256"], options={"verify_aud": False}
            )
        except (jwt.PyJWTError, KeyError):
            return say.oauth(400, "invalid_grant", "Invalid JWT Signature.")
        if not str(claims.get("aud", "")).endswith("/token"):
            return say.oauth(400, "invalid_grant", "Invalid JWT: Failed audience check.")
        bearer = Bearer(email, frozenset(str(claims.get("scope", "")).split()), self.clock() + _HOUR, None)
        return say.reply(200, {"access_token": self._issue(bearer), "expires_in": 3599, "token_type": "Bearer"})

    # signatures

    @functools.cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        """Made when it is first needed: it takes a while."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self, claims: dict[str, Any], *, key: Any = None, algorithm: str = "RS256") -> str:
        """A token signed with the served key (or with `key`), good for an hour of real time: whoever checks it has no other."""
        now = int(time.time())
        full = {"iat": now, "exp": now + 3600, **claims}
        return jwt.encode(full, key or self._key, algorithm=algorithm, headers={"kid": self.key_id})

    def jwks(self) -> dict[str, Any]:
        """The public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}
