"""What stands between Hearback and the emulator: only what README.md lists under "Got round", each a switch of its own.

Everything else goes through byte for byte. What a search finds, what a message holds, what happened and which grant lives is
decided by the emulator alone; the front computes with sets of ids that the emulator answers.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ME: Final = "/gmail/v1/users/me"
PASSWORD: Final = b"emulate-google-jwt-secret"
"""Stands in the emulator's published source."""
MOVED: Final = {"/token": "/oauth2/token", "/revoke": "/oauth2/revoke"}
"""Google's own paths on oauth2.googleapis.com → the emulator's."""
_TERM: Final = re.compile(r'\s*(-?)((?:\w+:)?)([{(]|"[^"]*"|[^\s{}()"]+|[})])')


class Front:
    """One emulator, as Hearback sees it. `lacks` holds which gaps are left open: profile, signature, search."""

    def __init__(self, emulator: str, address: str) -> None:
        self.emulator, self.address = emulator, address
        self.lacks: set[str] = set()
        self.asked: list[str] = []
        """What Hearback asked for: method and path."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._found: dict[str, frozenset[str]] = {}

    def app(self) -> Starlette:
        """The ASGI app."""

        async def answer(request: Request) -> Response:
            body = await request.body()
            return await run_in_threadpool(self._answer, request, body)

        return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])

    def _answer(self, request: Request, body: bytes) -> Response:
        path, query = request.url.path, request.url.query
        self.asked.append(f"{request.method} {path}")
        if path == f"{ME}/profile" and "profile" not in self.lacks:
            return self._profile(request.headers)
        if path == "/oauth2/v3/certs" and "signature" not in self.lacks:
            return JSONResponse({"keys": [self._public()]})
        if path in {f"{ME}/messages", f"{ME}/threads"} and request.method == "GET" and "search" not in self.lacks:
            return self._listing(path, dict(urllib.parse.parse_qsl(query)), request.headers)
        if request.method != "GET":
            self._found.clear()
        status, headers, content = self.ask(
            request.method, f"{MOVED.get(path, path)}?{query}".rstrip("?"), request.headers, body
        )
        if path == "/token" and status == 200 and "signature" not in self.lacks:
            content = self._signed_anew(content)
        return Response(content, status, headers)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """The emulator's own answer; redirects are answers too."""
        told = {
            name: value
            for name, value in (headers or {}).items()
            if name.lower() in {"authorization", "content-type", "accept"}
        }
        request = urllib.request.Request(f"{self.emulator}{path}", body or None, told, method=method)
        try:
            with _STAY.open(request, timeout=10) as answer:
                status, got, content = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, got, content = error.code, error.headers, error.read()
        kept = {name: value for name, value in got.items() if name.lower() in {"content-type", "location"}}
        return status, kept, content

    def _profile(self, headers: Mapping[str, str]) -> Response:
        """The emulator tells the newest history id with any history."""
        status, kept, content = self.ask("GET", f"{ME}/history?startHistoryId=0&maxResults=1", headers)
        if status != 200:
            return Response(content, status, kept)
        return JSONResponse({"emailAddress": self.address, "historyId": json.loads(content)["historyId"]})

    def _public(self) -> dict[str, Any]:
        return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key())), "kid": "front", "use": "sig"}

    def _signed_anew(self, content: bytes) -> bytes:
        """The same claims by RS256 and Google's name, once the emulator's own signature holds."""
        answer = json.loads(content)
        if "id_token" in answer:
            with warnings.catch_warnings(action="ignore", category=jwt.InsecureKeyLengthWarning):  # theirs is short
                claims = jwt.decode(answer["id_token"], PASSWORD, algorithms=["HS256"], options={"verify_aud": False})
            claims["iss"] = "https://accounts.google.com"
            answer["id_token"] = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "front"})
        return json.dumps(answer).encode()

    # search

    def _listing(self, path: str, query: dict[str, str], headers: Mapping[str, str]) -> Response:
        """The emulator's own list, newest first, without what the search does not find; then in pages."""
        wanted = search(query.get("q", ""), lambda term: self._ids(term, headers))
        kind = path.rpartition("/")[2]
        if kind == "threads":
            wanted = frozenset(self._threads_of(wanted, headers))
        try:
            every = [each for each in self._all(f"{path}?", kind, headers) if each["id"] in wanted]
        except urllib.error.HTTPError as error:
            return Response(error.read(), error.code, {"content-type": "application/json"})
        start, size = int(query.get("pageToken", "0")), int(query.get("maxResults", "100"))
        answer: dict[str, Any] = {kind: every[start : start + size], "resultSizeEstimate": len(every)}
        if start + size < len(every):
            answer["nextPageToken"] = str(start + size)
        return JSONResponse(answer)

    def _ids(self, term: str, headers: Mapping[str, str]) -> frozenset[str]:
        """What the emulator finds for one term of a search."""
        if term not in self._found:
            path = f"{ME}/messages?{urllib.parse.urlencode({'q': term})}&"
            self._found[term] = frozenset(each["id"] for each in self._all(path, "messages", headers))
        return self._found[term]

    def _threads_of(self, messages: frozenset[str], headers: Mapping[str, str]) -> Iterator[str]:
        return (
            each["threadId"] for each in self._all(f"{ME}/messages?", "messages", headers) if each["id"] in messages
        )

    def _all(self, path: str, kind: str, headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        page: str | None = "0"
        while page is not None:
            status, _, content = self.ask("GET", f"{path}maxResults=500&pageToken={page}", headers)
            if status != 200:
                raise urllib.error.HTTPError(path, status, "the emulator refused", None, None)  # type: ignore[arg-type]
            answer = json.loads(content)
            yield from answer[kind]
            page = answer.get("nextPageToken")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_STAY: Final = urllib.request.build_opener(_Stay)


def search(query: str, find: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """Gmail's search language over single terms: terms side by side must all hold; of those in {…}, or joined by OR, one;
    a minus takes away; an operator before a bracket is each inner term's.
    """
    terms = _TERM.findall(query)
    found, rest = _all_of(terms, "", "", find)
    assert not rest, f"a search that does not end: {query!r}"
    return found


def _all_of(
    terms: list[tuple[str, str, str]], until: str, operator: str, find: Callable[[str], frozenset[str]]
) -> tuple[frozenset[str], list[tuple[str, str, str]]]:
    """What the terms up to the closing bracket `until` find together, and the terms behind it."""
    every = find("")
    parts: list[frozenset[str]] = []
    joined = False  # by OR
    while terms:
        (minus, own, word), terms = terms[0], terms[1:]
        if word == until:
            break
        if word == "OR":
            joined = True
            continue
        if word in {"{", "("}:
            ids, terms = _all_of(terms, {"{": "}", "(": ")"}[word], own or operator, find)
        else:
            ids = _one(f"{own or operator}{word}", find)
        ids = every - ids if minus else ids
        parts = [*parts[:-1], parts[-1] | ids] if joined and parts else [*parts, ids]
        joined = False
    if until == "}":
        return frozenset().union(*parts), terms
    return every.intersection(*parts), terms


def _one(term: str, find: Callable[[str], frozenset[str]]) -> frozenset[str]:
    if term == "in:archive":
        return find("") - find("in:inbox") - find("in:sent")
    if days := re.fullmatch(r"newer_than:(\d+)d", term):
        return find(f"after:{int(time.time()) - 86_400 * int(days[1])}")
    return find(term)
