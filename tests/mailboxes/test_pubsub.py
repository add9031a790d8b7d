"""Pushes: forged, expired, for others, by others; nothing is parsed before the token holds."""

from __future__ import annotations

import base64
import json
import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hearback.mailboxes.pubsub import PushVerifier, parse
from hearback.model.errors import AccessDenied, Permanent, Transient

AUDIENCE, ACCOUNT = "https://hearback.example/push", "push@p.iam.gserviceaccount.com"
GOOD = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "email": ACCOUNT, "email_verified": True, "sub": "1"}


@pytest.fixture
def verifier(google: Any) -> PushVerifier:
    return PushVerifier(AUDIENCE, ACCOUNT, f"{google[1]}/oauth2/v3/certs")


def bearer(google: Any, **claims: Any) -> str:
    return f"Bearer {google[0].sign({**GOOD, **claims})}"


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_a_push_of_ours_is_let_in(issuer: str, google: Any, verifier: PushVerifier) -> None:
    """Google writes its issuer in two ways."""
    verifier.verify(bearer(google, iss=issuer))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://other.example"},
        {"iss": "https://evil.example"},
        {"email": "other@p.iam.gserviceaccount.com"},
        {"email_verified": False},
        {"exp": int(time.time()) - 600},
    ],
)
def test_a_token_that_is_not_for_this_push_is_denied(
    claims: dict[str, Any], google: Any, verifier: PushVerifier
) -> None:
    """Another audience, issuer or account, an unverified address, an expired token."""
    with pytest.raises(AccessDenied):
        verifier.verify(bearer(google, **claims))


def test_a_token_signed_by_somebody_else_is_denied(google: Any, verifier: PushVerifier) -> None:
    """The key id alone is no signature."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(AccessDenied):
        verifier.verify(f"Bearer {google[0].sign(GOOD, key=key)}")


def test_made_up_key_ids_make_one_request_a_minute(
    google: Any, verifier: PushVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many come; a key that Google really rotated in is found a minute later at the latest."""
    key, now, asked = rsa.generate_private_key(public_exponent=65537, key_size=2048), [1000.0], []
    clock = SimpleNamespace(monotonic=lambda: now[0], time=time.time)
    for module in ("jwt.jwks_client", "jwt.jwk_set_cache", "hearback.mailboxes.pubsub"):
        monkeypatch.setattr(f"{module}.time", clock)
    fetch = jwt.PyJWKClient.fetch_data

    def counted(client: jwt.PyJWKClient) -> Any:
        asked.append(client.uri)
        return fetch(client)

    monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", counted)
    verifier.verify(bearer(google))
    for passed, requests in ((0, 1), (45, 1), (16, 2), (61, 3)):
        now[0] += passed
        for number in range(20):
            token = jwt.encode(GOOD, key, algorithm="RS256", headers={"kid": f"made-up-{passed}-{number}"})
            with pytest.raises(AccessDenied):
                verifier.verify(f"Bearer {token}")
        assert len(asked) == requests
    verifier.verify(bearer(google))


def test_keys_out_of_reach_are_not_asked_for_at_every_push(google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The push is to be sent again; the next request waits a moment."""
    asked: list[str] = []

    def unreachable(client: jwt.PyJWKClient) -> None:
        asked.append(client.uri)
        raise jwt.PyJWKClientConnectionError("no route")

    monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", unreachable)
    verifier = PushVerifier(AUDIENCE, ACCOUNT, "https://certs.example")
    for _ in range(10):
        with pytest.raises(Transient):
            verifier.verify(bearer(google))
    assert len(asked) == 1


def test_other_algorithms_are_denied(google: Any, verifier: PushVerifier) -> None:
    """Neither "none" nor a shared secret is accepted."""
    now = int(time.time())
    claims = {**GOOD, "iat": now, "exp": now + 60}
    for token in (
        jwt.encode(claims, None, algorithm="none", headers={"kid": google[0].key_id}),
        jwt.encode(claims, "secret" * 10, algorithm="HS256", headers={"kid": google[0].key_id}),
    ):
        with pytest.raises(AccessDenied):
            verifier.verify(f"Bearer {token}")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic abc", "Bearer a.b.c"])
def test_no_token_is_denied(header: str | None, verifier: PushVerifier) -> None:
    """Anything that is no token of Google's."""
    with pytest.raises(AccessDenied):
        verifier.verify(header)


def test_an_installation_without_push_denies_everything(google: Any) -> None:
    """Empty audience or account never match."""
    with pytest.raises(AccessDenied):
        PushVerifier("", "", f"{google[1]}/oauth2/v3/certs").verify(bearer(google, aud="", email=""))


def test_a_push_names_mailbox_and_history() -> None:
    """Address in lower case, history id as text."""
    data = base64.urlsafe_b64encode(
        json.dumps({"emailAddress": "Ann@Gmail.example", "historyId": 77}).encode()
    ).decode()
    pushed = parse(json.dumps({"message": {"data": data}}))
    assert (pushed.address, pushed.history_id) == ("ann@gmail.example", "77")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"message": {}}',
        '{"message": {"data": "!!!"}}',
        '{"message": {"data": "e30="}}',
        '{"message": 5}',
        "x" * 100_000,
    ],
)
def test_a_malformed_push_is_permanent(body: str) -> None:
    """Never an unnamed error."""
    with pytest.raises(Permanent):
        parse(body)
