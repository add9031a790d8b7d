"""The template, deployed: push in → queue → classify → table → stream → notify → WebSocket message out; pages and JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect as connect_socket

sys.path.insert(0, str(Path(__file__).parent))
from emulator import REGION, Deployed, request, running

from hearback.mailboxes.google_oauth import GoogleClient, GoogleConnector
from hearback.model.mailbox import Provider
from hearback.simulators.google import Google
from hearback.simulators.google_app import app as google_app
from hearback.simulators.serve import serve

pytestmark = pytest.mark.deploy

TOKEN = "only-for-this-test"
ACCOUNT = "push@simulated.iam.gserviceaccount.com"
BOX = "ann@gmail.example"
RECEIPT = (
    b"From: Acme Careers <careers@acme.example>\r\nTo: ann@gmail.example\r\nSubject: Thank you for applying to Acme\r\n"
    b"Message-ID: <1@acme.example>\r\nAuthentication-Results: mx.google.com; dmarc=pass header.from=acme.example\r\n\r\n"
    b"Dear Ann,\r\n\r\nThank you for applying to Acme. We have received your application for the Data Engineer position.\r\n"
)


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[Google, str]]:
    made = Google()
    made.add_account(BOX)
    with serve(google_app(made)) as root:
        yield made, root


@pytest.fixture(scope="module")
def deployed(google: tuple[Google, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    made, root = google
    parameters = {
        "TestSignInToken": TOKEN,
        "PushAccount": ACCOUNT,
        "GoogleRoot": root,
        "GoogleClient": f"{made.client_id}:{made.client_secret}",
        "GmailTopic": "projects/simulated/topics/gmail",
    }
    with running(tmp_path_factory.mktemp("deploy"), parameters) as up:
        yield up


@pytest.fixture(scope="module")
def connected(deployed: Deployed, google: tuple[Google, str]) -> Any:
    """A person with a connected mailbox in the deployed store, made by the use cases themselves."""
    made, root = google
    functions = deployed.client("lambda")
    name = next(
        each["FunctionName"] for each in functions.list_functions()["Functions"] if "Classify" in each["FunctionName"]
    )
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    endpoint = {
        "AWS_ENDPOINT_URL": deployed.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }
    before = {each: os.environ.get(each) for each in endpoint}
    os.environ |= endpoint
    try:
        import boto3

        boto3.DEFAULT_SESSION = None
        from hearback import settings, wiring
        from hearback.model.person import Person
        from hearback.sync import connect

        installation = wiring.build(settings.from_environment(variables))
        installation.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
        code = made.authorize(
            {
                "access_type": "offline",
                "prompt": "consent",
                "scope": "https://www.googleapis.com/auth/gmail.readonly openid email",
                "redirect_uri": "x",
                "code_challenge": _challenge("v"),
                "nonce": "n",
            },
            BOX,
        )
        grant = GoogleConnector(GoogleClient(made.client_id, made.client_secret, root)).redeem(
            code=code, verifier="v", redirect_uri="x", nonce="n"
        )
        connect.connected(installation.rooms, wiring.OWNER, Provider.GMAIL, grant, label="Primary job search")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            (mailbox,) = installation.store.mailboxes.of_person(wiring.OWNER)
            if mailbox.cursor is not None and mailbox.watch is not None:
                break
            time.sleep(0.5)
        assert mailbox.cursor is not None, "the deployed classify function did not catch the mailbox up"
        yield installation
    finally:
        boto3.DEFAULT_SESSION = None
        for each, value in before.items():
            os.environ.pop(each, None)
            if value is not None:
                os.environ[each] = value


def _challenge(verifier: str) -> str:
    import base64
    import hashlib

    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def signed_in(deployed: Deployed) -> str:
    status, headers, body = request(deployed, "GET", f"/start?link={TOKEN}")
    assert status == 303, body[:300]
    found = {name.lower(): value for name, value in headers.items()}
    return found["set-cookie"].split(";")[0]


def test_pages_refuse_whoever_is_not_signed_in(deployed: Deployed) -> None:
    """The deployed dashboard and JSON answer 401 without a session, and a wrong token signs nobody in."""
    assert request(deployed, "GET", "/")[0] == 401
    assert request(deployed, "GET", "/api/applications")[0] == 401
    assert request(deployed, "GET", "/start?link=guess")[0] == 401


def test_a_forged_push_is_refused(deployed: Deployed) -> None:
    """A push without a token of ours is 401; nothing of it is parsed."""
    assert request(deployed, "POST", "/push/gmail", body=b"{}")[0] == 401


def test_the_graph_handshake_is_echoed(deployed: Deployed) -> None:
    """Graph's validation token comes back as text."""
    status, _, body = request(deployed, "POST", "/push/graph?validationToken=hello%20graph")
    assert (status, body) == (200, b"hello graph")


def test_a_push_reaches_an_open_page(deployed: Deployed, connected: Any, google: tuple[Google, str]) -> None:
    """A signed push becomes an application, a WebSocket message, a page and JSON."""
    made, _ = google
    cookie = signed_in(deployed)
    page = request(deployed, "GET", "/", headers={"Cookie": cookie})
    assert page[0] == 200
    csrf = page[2].decode().split('data-csrf="')[1].split('"')[0]
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    status, _, body = request(deployed, "POST", "/live/ticket", headers=form, body=f"csrf={csrf}".encode())
    assert status == 200, body
    with connect_socket(f"{deployed.live}?ticket={json.loads(body)['ticket']}") as socket:
        started = time.monotonic()
        made.deliver(BOX, RECEIPT, received_at=datetime.now(UTC))
        made.push_to(None, audience="hearback-gmail-push", account=ACCOUNT)
        headers, pushed = made.push_request(BOX, made.accounts[BOX].history_id)
        status, _, body = request(deployed, "POST", "/push/gmail", headers=headers, body=pushed)
        assert status == 204, body
        message = _next_change(socket, "application.changed")
        sys.stdout.write(f"push → WebSocket message in {time.monotonic() - started:.1f} s\n")
    listed = json.loads(request(deployed, "GET", "/api/applications", headers={"Cookie": cookie})[2])["applications"]
    assert [(each["id"], each["company"], each["stage"]) for each in listed] == [(message["id"], "Acme", "applied")]
    assert b"Data Engineer" in request(deployed, "GET", "/", headers={"Cookie": cookie})[2]


def _next_change(socket: Any, topic: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        message: dict[str, Any] = json.loads(socket.recv(timeout=until - time.monotonic()))
        if message.get("topic") == topic:
            return message
    raise AssertionError("no WebSocket message came")


def test_cfn_lint_finds_nothing() -> None:
    """The template is clean."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), "template.yaml"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
