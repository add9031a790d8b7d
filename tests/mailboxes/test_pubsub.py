"""Pushes: forged, expired, for others, by others; nothing is parsed before the token holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fakes import BOX, RECEIPT, connected, install, mail
from hearback import wiring
from hearback.local.functions import Context, load
from hearback.mailboxes.pubsub import PushVerifier, parse
from hearback.model.errors import AccessDenied, Permanent, Transient
from hearback.model.task import Lane
from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.serve import serve

ROOT = Path(__file__).resolve().parents[2]
AUDIENCE, ACCOUNT = "https://hearback.example/push/gmail", "push@p.iam.gserviceaccount.com"
GOOD = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "email": ACCOUNT, "email_verified": True, "sub": "1"}
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[Google, str]]:
    """One simulated Google for the file: no test here changes more of it than its mail."""
    made = Google()
    made.add_account(BOX)
    with serve(app(made)) as root:
        yield made, root


@pytest.fixture
def verifier(google: Any) -> PushVerifier:
    return PushVerifier(AUDIENCE, ACCOUNT, f"{google[1]}/oauth2/v3/certs")


def bearer(google: Any, **claims: Any) -> str:
    return f"Bearer {google[0].sign({**GOOD, **claims})}"


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_a_push_of_ours_is_let_in(issuer: str, google: Any, verifier: PushVerifier) -> None:
    """Google writes its issuer in two ways."""
    verifier.verify(bearer(google, iss=issuer))


def test_made_up_key_ids_make_one_request_a_minute(
    google: Any, verifier: PushVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many come; a key that Google really rotated in is found a minute later at the latest."""
    now, asked = [1000.0], []
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
            token = jwt.encode(GOOD, STRANGER, algorithm="RS256", headers={"kid": f"made-up-{passed}-{number}"})
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


def test_an_installation_without_push_denies_everything(google: Any) -> None:
    """Empty audience or account never match."""
    with pytest.raises(AccessDenied):
        PushVerifier("", "", f"{google[1]}/oauth2/v3/certs").verify(bearer(google, aud="", email=""))


def of_gmail(data: bytes) -> str:
    """A push of this data, whatever it is."""
    return json.dumps({"message": {"data": base64.b64encode(data).decode()}})


def test_a_push_names_mailbox_and_history() -> None:
    """Address in lower case, history id as text."""
    data = base64.urlsafe_b64encode(
        json.dumps({"emailAddress": "Ann@Gmail.example", "historyId": 77}).encode()
    ).decode()
    pushed = parse(json.dumps({"message": {"data": data}}))
    assert (pushed.address, pushed.history_id) == ("ann@gmail.example", "77")


@pytest.mark.parametrize("encode", [base64.standard_b64encode, base64.urlsafe_b64encode])
def test_both_alphabets_of_base64_are_read(encode: Any) -> None:
    """The address's "~?~" comes out as "+" and "/" in the one, "-" and "_" in the other."""
    address = "~?~?~?~@gmail.example"
    data = encode(json.dumps({"emailAddress": address, "historyId": 77}).encode()).decode()
    assert set("+/-_") & set(data)
    assert parse(json.dumps({"message": {"data": data}})).address == address


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
        "[" * 60_000,
        of_gmail(b"[" * 30_000),
        of_gmail(b'{"emailAddress": "ann@gmail.example", "historyId": "\xc2\xb2"}'),
        of_gmail(b'{"emailAddress": "ann@gmail.example", "historyId": "' + b"9" * 5_000 + b'"}'),
        of_gmail(b'{"emailAddress": "\\ud800@gmail.example", "historyId": "1"}'),
    ],
    ids=lambda body: f"{len(body)}-{body[60:90]}",
)
def test_a_malformed_push_is_permanent(body: str) -> None:
    """Never an unnamed error."""
    with pytest.raises(Permanent):
        parse(body)


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {key: value for key, value in {"iat": now, "exp": now + 3600, **GOOD, **changed}.items() if value is not ...}


def signed(google: Google, header: dict[str, Any] | None = None, *, key: Any = None, **changed: Any) -> str:
    """A token with Google's key, unless `key` is another; a claim of ... is left out."""
    named = {"kid": google.key_id, **(header or {})}
    by = {name: value for name, value in named.items() if value is not ...}
    return jwt.encode(claims(**changed), key or google._key, algorithm=by.pop("alg", "RS256"), headers=by)


def secretly(google: Google, secret: bytes) -> str:
    """HS256 with a secret that anybody can know."""
    said = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': google.key_id})}.{part(claims())}"
    return f"{said}.{part(hmac.digest(secret, said.encode(), hashlib.sha256))}"


def public_key(google: Google) -> bytes:
    return google._key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def altered(google: Google, payload: bytes | None = None, header: bytes | None = None) -> str:
    """A good token whose payload or header was exchanged under its signature."""
    said = signed(google).split(".")
    return ".".join((part(header) if header else said[0], part(payload) if payload else said[1], said[2]))


def twice(google: Google) -> bytes:
    """The claims of a stranger, and ours once more behind them."""
    return (json.dumps(claims(email="evil@x.example"))[:-1] + f', "email": "{ACCOUNT}"}}').encode()


def of_a_person(google: Google) -> str:
    """What a person's consent gives: signed by Google, for our client."""
    return google.sign({**GOOD, "aud": google.client_id, "email": BOX, "nonce": "n"})


HOUR = 3600
CURVE = ec.generate_private_key(ec.SECP256R1())
FORGED: dict[str, str | Callable[[Google], str] | None] = {
    "no header": None,
    "an empty header": "",
    "white space": " \t ",
    "a scheme alone": "Bearer",
    "a scheme and white space": "Bearer   ",
    "no scheme": signed,
    "another scheme": lambda g: f"Basic {signed(g)}",
    "a scheme that only begins like it": lambda g: f"BearerX {signed(g)}",
    "two tokens, as a gateway joins two headers": lambda g: f"Bearer {signed(g)},Bearer {signed(g)}",
    "two tokens in one header": lambda g: f"Bearer {signed(g)} {signed(g)}",
    "no token": "Bearer x",
    "three words": "Bearer a.b.c",
    "five parts": lambda g: f"Bearer {signed(g)}.a.b",
    "what is no text": lambda g: f"Bearer {signed(g)[:-1]}\x00",
    "an empty signature": lambda g: f"Bearer {signed(g).rpartition('.')[0]}.",
    "no signature": lambda g: f"Bearer {signed(g).rpartition('.')[0]}",
    "the signature of another token": lambda g: (
        f"Bearer {signed(g).rpartition('.')[0]}.{signed(g, sub='2').rpartition('.')[2]}"
    ),
    "an altered payload": lambda g: f"Bearer {altered(g, json.dumps(claims(exp=9999999999)).encode())}",
    "a payload that says its claims twice": lambda g: f"Bearer {altered(g, twice(g))}",
    "a payload that is no object": lambda g: f"Bearer {altered(g, b'[]')}",
    "a header that is no object": lambda g: f"Bearer {altered(g, header=b'[]')}",
    "a header nested beyond reason": lambda g: f"Bearer {altered(g, header=b'[' * 4000)}",
    "a header that names its algorithm twice": lambda g: (
        "Bearer " + altered(g, header=f'{{"alg":"none","alg":"RS256","kid":"{g.key_id}","x":1}}'.encode())
    ),
    "a megabyte": lambda g: "Bearer " + signed(g, junk="x" * 1_000_000),
    "another issuer": lambda g: f"Bearer {signed(g, iss='https://evil.example')}",
    "an issuer that begins like Google": lambda g: (
        f"Bearer {signed(g, iss='https://accounts.google.com.evil.example')}"
    ),
    "Google without TLS": lambda g: f"Bearer {signed(g, iss='http://accounts.google.com')}",
    "no issuer": lambda g: f"Bearer {signed(g, iss=...)}",
    "another audience": lambda g: f"Bearer {signed(g, aud='https://other.example')}",
    "an audience that begins like ours": lambda g: f"Bearer {signed(g, aud=AUDIENCE + '/')}",
    "several audiences, ours among them": lambda g: f"Bearer {signed(g, aud=[AUDIENCE, 'https://other.example'])}",
    "no audience": lambda g: f"Bearer {signed(g, aud=...)}",
    "another service account": lambda g: f"Bearer {signed(g, email='other@p.iam.gserviceaccount.com')}",
    "an account that begins like ours": lambda g: f"Bearer {signed(g, email=ACCOUNT + '.evil.example')}",
    "several accounts": lambda g: f"Bearer {signed(g, email=[ACCOUNT])}",
    "no account": lambda g: f"Bearer {signed(g, email=...)}",
    "an address not verified": lambda g: f"Bearer {signed(g, email_verified=False)}",
    "an address verified in words": lambda g: f"Bearer {signed(g, email_verified='true')}",
    "nothing said of the address": lambda g: f"Bearer {signed(g, email_verified=...)}",
    "an expired one": lambda g: f"Bearer {signed(g, iat=time.time() - 2 * HOUR, exp=time.time() - HOUR)}",
    "one that never expires": lambda g: f"Bearer {signed(g, exp=...)}",
    "one not yet valid": lambda g: f"Bearer {signed(g, nbf=time.time() + HOUR)}",
    "one issued in the future": lambda g: f"Bearer {signed(g, iat=time.time() + HOUR, exp=time.time() + 2 * HOUR)}",
    "one issued at no time": lambda g: f"Bearer {signed(g, iat=...)}",
    "a subject that is no text": lambda g: f"Bearer {signed(g, sub=5)}",
    "a person's own sign-in": lambda g: f"Bearer {of_a_person(g)}",
    "no algorithm": lambda g: f"Bearer {jwt.encode(claims(), None, algorithm='none', headers={'kid': g.key_id})}",
    "no algorithm, oddly written": lambda g: f"Bearer {part({'alg': 'nOnE', 'kid': g.key_id})}.{part(claims())}.",
    "the public key as a shared secret": lambda g: f"Bearer {secretly(g, public_key(g))}",
    "an empty shared secret": lambda g: f"Bearer {secretly(g, b'')}",
    "Google's key by another algorithm": lambda g: f"Bearer {signed(g, {'alg': 'RS512'})}",
    "another kind of key": lambda g: f"Bearer {signed(g, {'alg': 'ES256'}, key=CURVE)}",
    "a stranger's key under Google's name": lambda g: f"Bearer {signed(g, key=STRANGER)}",
    "a key nobody knows": lambda g: f"Bearer {signed(g, {'kid': 'made-up'}, key=STRANGER)}",
    "a key id that is a path": lambda g: f"Bearer {signed(g, {'kid': '../../../../dev/null'}, key=STRANGER)}",
    "a key id that is an address": lambda g: f"Bearer {signed(g, {'kid': 'file:///dev/null'}, key=STRANGER)}",
    "a key id that is a query": lambda g: f"Bearer {signed(g, {'kid': chr(39) + ' OR 1=1 --'}, key=STRANGER)}",
    "a key id that is a number": f"Bearer {part({'alg': 'RS256', 'kid': 7})}.{part(claims())}.{part(b'x' * 256)}",
    "no key id": lambda g: f"Bearer {signed(g, {'kid': ...})}",
    "a key brought along": lambda g: (
        "Bearer "
        + signed(g, {"jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key()))}, key=STRANGER)
    ),
    "an extension we must know": lambda g: f"Bearer {altered(g, header=crucial(g))}",
    "a payload kept apart": lambda g: f"Bearer {altered(g, header=crucial(g, b64=False))}",
}


def crucial(google: Google, **more: Any) -> bytes:
    return json.dumps({"alg": "RS256", "kid": google.key_id, "crit": ["b64"], **more}).encode()


class Unread(dict[str, Any]):
    """An event whose body nobody may look at."""

    def __getitem__(self, key: str) -> Any:
        return self._kept(key) or super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        return self._kept(key) or super().get(key, default)

    def _kept(self, key: str) -> None:
        assert key not in {"body", "isBase64Encoded"}, "the body was looked at before the token held"


@pytest.fixture(scope="module")
def here(google: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An installation with a connected mailbox that has a mail nobody has told it of."""
    made = install(tmp_path_factory.mktemp("pushed") / "home", *google)
    wiring.use(made)
    connected(made, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    yield made
    wiring._current.clear()


def pushed(google: Any, authorization: str | None) -> dict[str, Any]:
    """The event of a push whose body is as Gmail's are."""
    google[0]._push = ("", AUDIENCE, ACCOUNT)
    _, body = google[0].push_request(BOX, google[0].accounts[BOX].history_id)
    headers = {} if authorization is None else {"authorization": authorization}
    return {"body": body.decode(), "isBase64Encoded": False, "headers": headers}


def push(event: dict[str, Any]) -> int:
    return int(load(ROOT, "gmail_push")(event, Context("gmail_push"))["statusCode"])


def queued(here: Any) -> int:
    return sum(here.queue.depth(lane) for lane in Lane)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_push_is_401_before_its_body_is_looked_at(name: str, here: Any, google: Any) -> None:
    """No mailbox is looked up, nobody is called but for the signing keys, nothing is queued."""
    google[0].calls.clear()
    forged = FORGED[name]
    header = forged(google[0]) if callable(forged) else forged
    assert push(Unread(pushed(google, header))) == 401
    assert (queued(here), set(google[0].calls) - {"certs"}) == (0, set())


def test_the_same_push_with_googles_own_token_is_taken(here: Any, google: Any) -> None:
    """What the forged ones lack is the token alone."""
    assert push(pushed(google, f"Bearer {signed(google[0])}")) == 204
    assert queued(here) == 1
    (task,) = here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
    here.queue.delete(task)


def test_a_good_token_opens_no_other_door(here: Any, google: Any) -> None:
    """Replayed to the route of Graph's notifications it says nothing: those are held to their client state."""
    event = pushed(google, f"Bearer {signed(google[0])}")
    for body in (event["body"], json.dumps({"value": [{"subscriptionId": "s", "resourceData": {"id": "AAMk"}}]})):
        load(ROOT, "graph_webhook")({**event, "body": body, "queryStringParameters": None}, Context("graph_webhook"))
    assert queued(here) == 0


@pytest.mark.parametrize("header", ["jku", "x5u"])
def test_where_a_token_says_its_key_lies_nobody_looks(header: str, here: Any, google: Any) -> None:
    """Neither is it believed, nor is the address it names called."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/keys"
        for kid in (google[0].key_id, "made-up"):
            token = signed(google[0], {header: address, "kid": kid}, key=STRANGER)
            assert push(Unread(pushed(google, f"Bearer {token}"))) == 401
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>Sign in to the network</html>", b"{}", b'{"keys": []}', b"[]", b'{"keys": [{"kty": "RSA"}]}'],
)
def test_a_push_whose_keys_do_not_come_is_503(
    answer: bytes, here: Any, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pub/Sub sends it again; it is neither let in nor refused for good, and its body waits unread."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    broken = Starlette(routes=[Route("/oauth2/v3/certs", lambda _request: Response(answer))])
    with serve(broken) as root:
        verifier = PushVerifier(AUDIENCE, ACCOUNT, f"{root}/oauth2/v3/certs")
        monkeypatch.setitem(here.__dict__, "pubsub", verifier)
        assert push(Unread(pushed(google, f"Bearer {signed(google[0])}"))) == 503
    assert queued(here) == 0


def test_there_are_at_least_as_many_forgeries_as_promised() -> None:
    """Twenty-five, and no two of them are one."""
    assert len(FORGED) >= 25
