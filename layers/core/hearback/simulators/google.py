"""A Google in memory: Gmail accounts with history, watches and quota, OAuth grants, signed tokens, Pub/Sub pushes.

Answers are built by google_app; this module holds the state and its rules, thread-safe. Faults are attributes a test
sets: `history_lag_seconds`, `expire_history_before`, `quota_units`, `faults` (a queue of answers to give instead).
"""

from __future__ import annotations

import base64
import collections
import hashlib
import json
import logging
import random
import re
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from hearback.mailboxes.google_oauth import READONLY

log = logging.getLogger(__name__)

UNITS_A_MINUTE: Final = 6000
ISSUER: Final = "https://accounts.google.com"
WATCH_DAYS: Final = 7


@dataclass
class Stored:
    """One message of an account."""

    id: str
    thread_id: str
    content: bytes
    labels: tuple[str, ...]
    received_at: datetime
    headers: Message
    text: str

    @property
    def snippet(self) -> str:
        """The first words of the body."""
        return " ".join(self.text.split())[:180]


@dataclass(frozen=True)
class Happened:
    """One entry of a mailbox's history."""

    number: int
    """The history id."""
    kind: str
    """messageAdded | labelAdded | labelRemoved"""
    message: str
    labels: tuple[str, ...]
    """Which labels came or went."""
    visible: float
    """When it may be seen (monotonic)."""


@dataclass
class Account:
    """One mailbox."""

    address: str
    messages: dict[str, Stored] = field(default_factory=dict)
    history: list[Happened] = field(default_factory=list)
    threads: dict[str, str] = field(default_factory=dict)
    """A sender's idea of a thread → the thread's id, which is its first message's."""
    history_id: int = 1000
    watch_until: datetime | None = None
    spent: collections.deque[tuple[float, int]] = field(default_factory=collections.deque)
    peak_units: int = 0
    """The most units any 60 seconds saw."""


class Google:
    """The whole simulated provider."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), seed: int = 1) -> None:
        self.clock = clock
        self.client_id, self.client_secret = "simulated-client.apps.example", "simulated-secret"
        self.accounts: dict[str, Account] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.grants: dict[str, dict[str, Any]] = {}
        self.access: dict[str, tuple[str, datetime]] = {}
        self.untick: set[str] = set()
        self.deny = False
        self.own_labels: dict[str, str] = {}
        """Id → name of labels that the people made."""
        self.quota_units = UNITS_A_MINUTE
        self.expire_history_before = 0
        self.history_lag_seconds = 0.0
        self.faults: collections.deque[tuple[int, dict[str, str], bytes]] = collections.deque()
        self.drop_pushes = False
        self.calls: collections.Counter[str] = collections.Counter()
        self._lock = threading.RLock()
        self._dice = random.Random(seed)  # noqa: S311  ids of a simulation
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = secrets.token_hex(8)
        self._push: tuple[str, str, str] | None = None
        self._pushes: collections.deque[tuple[str, int]] = collections.deque()
        self._pushing = threading.Event()
        self._stop = threading.Event()

    # accounts and mail

    def add_account(self, address: str) -> Account:
        """A new empty mailbox."""
        with self._lock:
            return self.accounts.setdefault(address.lower(), Account(address.lower()))

    def deliver(
        self,
        address: str,
        content: bytes,
        *,
        labels: Iterable[str] = ("INBOX",),
        received_at: datetime | None = None,
        thread_key: str | None = None,
    ) -> str:
        """A message arrives; answers its id. A watch pushes it."""
        with self._lock:
            account = self.accounts[address.lower()]
            headers = message_from_bytes(content)
            id_ = f"{self._dice.getrandbits(60):016x}"
            thread = account.threads.setdefault(thread_key, id_) if thread_key else id_
            account.messages[id_] = Stored(
                id_, thread, content, tuple(labels), received_at or self.clock(), headers, _text(headers)
            )
            self._happened(account, "messageAdded", id_)
            return id_

    def relabel(self, address: str, id_: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """A message is moved: labels come and go. A watch pushes it."""
        with self._lock:
            account = self.accounts[address.lower()]
            message, gone, new = account.messages[id_], tuple(remove), tuple(add)
            message.labels = (*(each for each in message.labels if each not in gone), *new)
            if gone:
                self._happened(account, "labelRemoved", id_, gone)
            if new:
                self._happened(account, "labelAdded", id_, new)

    def _happened(self, account: Account, kind: str, id_: str, labels: tuple[str, ...] = ()) -> None:
        account.history_id += self._dice.randint(1, 40)
        visible = time.monotonic() + self.history_lag_seconds
        account.history.append(Happened(account.history_id, kind, id_, labels, visible))
        if account.watch_until is not None and account.watch_until > self.clock():
            self._announce(account)

    def delete(self, address: str, id_: str) -> None:
        """A message disappears."""
        with self._lock:
            self.accounts[address.lower()].messages.pop(id_, None)

    def spend(self, account: Account, units: int) -> bool:
        """Take quota units; False: over the limit."""
        with self._lock:
            now = self.clock().timestamp()
            while account.spent and account.spent[0][0] <= now - 60:
                account.spent.popleft()
            used = sum(each for _, each in account.spent)
            if used + units > self.quota_units:
                return False
            account.spent.append((now, units))
            account.peak_units = max(account.peak_units, used + units)
            return True

    def matching(self, account: Account, query: str) -> list[Stored]:
        """Messages a search finds, newest first."""
        with self._lock:
            found = [each for each in account.messages.values() if _matches(each, query, self.clock())]
        return sorted(found, key=lambda each: (each.received_at, each.id), reverse=True)

    def changes(self, account: Account, start: int, kinds: Iterable[str]) -> list[tuple[Happened, Stored]] | None:
        """What happened after `start` as far as history shows it; None: `start` is too old."""
        with self._lock:
            if start < self.expire_history_before:
                return None
            now, asked = time.monotonic(), set(kinds)
            return [
                (each, account.messages[each.message])
                for each in account.history
                if each.number > start and each.visible <= now and each.message in account.messages
                if not asked or each.kind in asked
            ]

    def shown_history_id(self, account: Account) -> int:
        """The newest history id that is visible yet."""
        now = time.monotonic()
        hidden = [each.number for each in account.history if each.visible > now]
        return min(hidden) - 1 if hidden else account.history_id

    # OAuth

    def authorize(self, query: dict[str, str], address: str) -> str:
        """A code for a consent just given."""
        code = secrets.token_urlsafe(24)
        scopes = [scope for scope in query["scope"].split() if scope not in self.untick]
        self.codes[code] = {**query, "address": address.lower(), "scope": " ".join(scopes)}
        return code

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token endpoint."""
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "refresh_token":
            grant = self.grants.get(form.get("refresh_token", ""))
            if grant is None:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return 200, {**self._fresh(grant), "scope": grant["scope"]}
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
        refresh = secrets.token_urlsafe(32)
        self.grants[refresh] = {"address": asked["address"], "scope": asked["scope"]}
        claims = {
            "iss": ISSUER,
            "aud": self.client_id,
            "sub": hashlib.sha256(asked["address"].encode()).hexdigest()[:21],
            "email": asked["address"],
            "email_verified": True,
            "nonce": asked.get("nonce"),
        }
        answer = self._fresh(self.grants[refresh])
        return 200, {**answer, "refresh_token": refresh, "scope": asked["scope"], "id_token": self.sign(claims)}

    def _fresh(self, grant: dict[str, Any]) -> dict[str, Any]:
        token = secrets.token_urlsafe(32)
        self.access[token] = (grant["address"], self.clock() + timedelta(hours=1))
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def account_of(self, authorization: str) -> Account | None:
        """Whose access token this is."""
        address, until = self.access.get(authorization.removeprefix("Bearer "), ("", datetime.min.replace(tzinfo=UTC)))
        granted = any(grant["address"] == address and READONLY in grant["scope"] for grant in self.grants.values())
        return self.accounts.get(address) if until > self.clock() and granted else None

    def revoke(self, token: str) -> bool:
        """Take a grant back; False: there is none."""
        return self.grants.pop(token, None) is not None

    # signatures

    def sign(self, claims: dict[str, Any], *, key: Any = None, algorithm: str = "RS256") -> str:
        """A token signed with the served key (or with `key`)."""
        now = int(time.time())
        full = {"iat": now, "exp": now + 3600, **claims}
        return jwt.encode(full, key or self._key, algorithm=algorithm, headers={"kid": self.key_id})

    def jwks(self) -> dict[str, Any]:
        """The public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}

    # Pub/Sub

    def push_to(self, url: str, *, audience: str, account: str) -> None:
        """Deliver pushes to `url` from now on, retrying whatever is not answered 2xx."""
        self._push = (url, audience, account)
        threading.Thread(target=self._push_forever, name="pubsub", daemon=True).start()

    def stop_pushing(self) -> None:
        """End the delivery."""
        self._stop.set()
        self._pushing.set()

    def _announce(self, account: Account) -> None:
        if not self.drop_pushes:
            self._pushes.append((account.address, account.history_id))
            self._pushing.set()

    def push_request(self, address: str, history_id: int, **claims: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of one push; `claims` replace those of a good token."""
        audience, account = (self._push or ("", "", ""))[1:]
        token = self.sign(
            {"iss": ISSUER, "aud": audience, "email": account, "email_verified": True, "sub": "1", **claims}
        )
        data = base64.urlsafe_b64encode(json.dumps({"emailAddress": address, "historyId": history_id}).encode())
        body = {
            "message": {
                "data": data.decode(),
                "messageId": secrets.token_hex(8),
                "publishTime": self.clock().isoformat(),
            },
            "subscription": "projects/simulated/subscriptions/gmail",
        }
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, json.dumps(body).encode()

    def _push_forever(self) -> None:
        while not self._stop.is_set():
            if not self._pushes:
                self._pushing.clear()
                self._pushing.wait(timeout=1)
                continue
            address, history_id = self._pushes.popleft()
            if not self._push_once(address, history_id):
                self._pushes.append((address, history_id))
                self._stop.wait(0.5)

    def _push_once(self, address: str, history_id: int) -> bool:
        if self._push is None:
            return False
        headers, body = self.push_request(address, history_id)
        request = urllib.request.Request(self._push[0], body, headers, method="POST")  # noqa: S310  our own gateway
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  as above
                return 200 <= int(answer.status) < 300  # noqa: PLR2004  acknowledged
        except (urllib.error.URLError, OSError) as error:
            log.info("push not taken: %s", type(error).__name__)
            return False


def _text(headers: Message) -> str:
    for part in headers.walk():
        if part.get_content_maintype() == "text" and part.get_content_subtype() in {"plain", "html"}:
            payload = part.get_payload(decode=True)
            content = (
                payload.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(payload, bytes) else ""
            )
            if part.get_content_subtype() == "html":
                content = re.sub(r"<[^>]+>", " ", content)
            return content
    return ""


_TOKEN: Final = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"|\{([^}]*)\}|\(([^)]*)\)|([^\s{}()"]+))')
_WORDS: Final = re.compile(r'"([^"]*)"|([^\s"]+)')


def _matches(message: Stored, query: str, now: datetime) -> bool:
    """Gmail's search language as far as Hearback uses it: newer_than, after, before, in, from, subject, words, OR, {…}, (…), -."""
    if {"SPAM", "TRASH"} & set(message.labels):
        return False
    sender = str(message.headers.get("From", "")).lower()
    subject = str(message.headers.get("Subject", "")).lower()
    fields = {"from": sender, "subject": subject, "": f"{subject} {sender} {message.text.lower()}"}
    for minus, key, phrase, braces, brackets, word in _TOKEN.findall(query):
        value = phrase or braces or brackets or word
        if key == "in" and minus:
            continue  # spam and trash were left out above
        if value.startswith("in:") or key == "in":
            places = {each.removeprefix("in:") for each in value.split()}
            if not places & {*(label.lower() for label in message.labels), *_archived(message)}:
                return False
            continue
        if key == "newer_than":
            holds = message.received_at >= now - timedelta(days=int(value.rstrip("d")))
        elif key == "after":
            holds = message.received_at.timestamp() >= int(value)
        elif key == "before":
            holds = message.received_at.timestamp() < int(value)
        else:
            terms = [value] if phrase or word else [one or two for one, two in _WORDS.findall(value) if two != "OR"]
            holds = any(_holds(fields.get(key, fields[""]), term.lower()) for term in terms)
        if holds == bool(minus):
            return False
    return True


def _archived(message: Stored) -> set[str]:
    return set() if {"INBOX", "SENT"} & set(message.labels) else {"archive"}


def _holds(field: str, term: str) -> bool:
    """Gmail finds whole words; an address or a domain is found by any of its parts."""
    return bool(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", field))
