"""`hearback doctor`: every step in its right state and in each wrong one, against the simulated Google."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, connected, install
from hearback import wiring
from hearback.local import google_files
from hearback.local.doctor import State, Step, steps
from hearback.mailboxes.google_files import client_file
from hearback.model.mailbox import Mailbox
from hearback.settings import Settings
from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.serve import serve
from hearback.sync import hearing

ACCOUNT = "hearback@mine.iam.gserviceaccount.com"
TOPIC, NAME = "projects/mine/topics/hearback-gmail", "projects/mine/subscriptions/hearback-gmail-pull"
PUBLIC = "http://127.0.0.1:8765"
PUSHED = {
    "push_account": "push@mine.iam.gserviceaccount.com",
    "push_audience": "aud",
    "public_url": "https://h.example",
}


@dataclass
class Here:
    """A personal installation with everything right, on a simulated Google."""

    google: Google
    root: str
    made: wiring.Installation
    box: Mailbox
    settings: Settings

    def found(self, name: str, **settings: Any) -> Step:
        """The step of this name, now."""
        changed = self.settings.model_copy(update=settings)
        return next(each for each in steps(changed) if each.name == name)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    google = Google()
    google.add_account(BOX)
    google.pubsub.makes_topics = False
    google.pubsub.add_topic(TOPIC)
    google.pubsub.subscribe(NAME, TOPIC)
    folder = tmp_path_factory.mktemp("doctor")
    client = {"client_id": google.client_id, "client_secret": google.client_secret, "project_id": "mine"}
    (folder / "client.json").write_text(json.dumps({"installed": client}))
    (folder / "key.json").write_text(json.dumps(google.service_account(ACCOUNT, "mine")))
    with serve(app(google)) as root:
        made = install(folder / "home", google, root)
        bare = made.settings.model_copy(
            update={"gmail_topic": "", "push_account": "", "push_audience": "", "public_url": ""}
        )
        google_files.take_over(bare, folder / "client.json", folder / "key.json")
        settings = google_files.into(bare)
        made = replace(made, settings=settings)
        box = connected(made, google, root)
        hearing.heard(made.rooms, wiring.OWNER, box.id)
        yield Here(google, root, made, box, settings)


@pytest.fixture
def here(everything: Here) -> Iterator[Here]:
    """As it was, whatever the test before has done to topic and subscription."""
    yield everything
    held = everything.google.pubsub
    held.topics.clear()
    held.subscriptions.clear()
    held.add_topic(TOPIC)
    held.subscribe(NAME, TOPIC)


def test_where_all_is_well_every_step_says_so(here: Here) -> None:
    """In the order of the guide."""
    found = list(steps(here.settings))
    assert [each.name for each in found] == [
        "OAuth client",
        "Redirect address",
        "Consent",
        "Gmail API",
        "Service account",
        "Topic",
        "Publish right",
        "Subscription",
        "Watch",
        "Last push",
    ]
    assert [each for each in found if each.state is not State.OK] == []


def test_nothing_to_begin_with_leads_to_the_guide(tmp_path: Path) -> None:
    """And nothing is made in the home by looking."""
    (only,) = steps(Settings(home=tmp_path / "none"))
    assert (only.state, "docs/gmail.md" in only.do) == (State.WRONG, True)
    assert not (tmp_path / "none").exists()


def test_a_client_with_another_secret_is_noticed(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google is asked, not the file; the mailbox is not sent to reconnect for it."""
    monkeypatch.setattr(here.google, "client_secret", "rotated")
    found = here.found("OAuth client")
    assert (found.state, "auth/clients?project=mine" in found.do) == (State.WRONG, True)
    consent = here.found("Consent")
    assert (consent.state, "lines above" in consent.what) == (State.OPEN, True)


def test_an_address_that_is_not_registered_is_named(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it must stand in the console."""
    monkeypatch.setattr(here.google, "redirects", {"http://localhost:1/other"})
    found = here.found("Redirect address")
    assert (found.state, f"{PUBLIC}/connect/google/callback" in found.what) == (State.WRONG, True)


def test_a_desktop_client_for_another_machine_is_wrong(here: Here) -> None:
    """Whatever Google's page would say."""
    assert here.found("Redirect address", public_url="https://hearback.example").state is State.WRONG


def test_a_grant_that_is_gone_is_to_be_given_again(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps that need it wait for it."""
    monkeypatch.setattr(here.google, "grants", {})
    assert here.found("Consent").state is State.WRONG
    assert here.found("Watch").state is State.OPEN


def test_an_app_in_testing_is_told_with_its_end(here: Here) -> None:
    """It works, so it is no fault; the date and the button are named."""
    held = here.made.store.mailboxes.secret(wiring.OWNER, here.box.id)
    assert held is not None
    until = here.made.clock() + timedelta(days=7)
    secret = json.dumps({**json.loads(held[0]), "ends_at": until.timestamp()}).encode()
    version = here.made.store.mailboxes.put_secret(wiring.OWNER, here.box.id, secret, expected=held[1])
    found = here.found("Consent")
    version = here.made.store.mailboxes.secret(wiring.OWNER, here.box.id)[1]  # type: ignore[index]  it is there
    here.made.store.mailboxes.put_secret(wiring.OWNER, here.box.id, held[0], expected=version)
    assert (found.state, f"{until:%Y-%m-%d}" in found.what, "Publish app" in found.do) == (State.NOTE, True, True)


def test_a_right_that_was_not_given_is_the_consents_fault(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the API's."""
    here.google.faults.add("scopes_403", call="getProfile", times=1)
    assert here.found("Consent").state is State.WRONG


def test_an_api_that_is_off_is_switched_on_in_the_console(here: Here) -> None:
    """The address of its page is in the line."""
    here.google.faults.add("api_off_403", call="getProfile", times=1)
    found = here.found("Gmail API")
    assert (found.state, "apis/library/gmail.googleapis.com" in found.do) == (State.WRONG, True)


def test_a_key_that_was_deleted_is_noticed(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new one is to be made."""
    monkeypatch.setattr(here.google, "_service_accounts", {})
    assert here.found("Service account").state is State.WRONG


def test_without_a_key_the_watch_alone_says_whether_gmail_may_publish(here: Here, tmp_path: Path) -> None:
    """What cannot be looked at is no fault; push that is not set up is none either."""
    home = tmp_path / "other"
    home.mkdir()
    (home / google_files.CLIENT).write_text((here.settings.home / google_files.CLIENT).read_text())
    bare = here.settings.model_copy(update={"home": home, "google_service_account": None})
    states = {each.name: each.state for each in steps(bare)}
    assert (states["Service account"], states["Consent"]) == (State.OPEN, State.OPEN)
    states = {each.name: each.state for each in steps(bare.model_copy(update={"gmail_topic": ""}))}
    assert states["Push"] is State.OPEN
    assert "Topic" not in states


def test_a_topic_that_is_missing_is_named_by_topic_and_watch(here: Here) -> None:
    """Both say so: one looks, the other lets Gmail publish."""
    here.google.pubsub.topics.clear()
    assert [here.found(each).state for each in ("Topic", "Publish right", "Watch")] == [State.WRONG] * 3


def test_a_topic_of_another_project_is_no_use(here: Here) -> None:
    """Gmail publishes in the client's project only."""
    found = here.found("Topic", gmail_topic="projects/other/topics/hearback-gmail")
    assert (found.state, "project mine" in found.do) == (State.WRONG, True)


def test_gmail_without_the_right_to_publish_is_to_be_given_it(here: Here) -> None:
    """The principal and the role are spelt out, by the policy and by the watch."""
    here.google.pubsub.topics[TOPIC].bindings.clear()
    for name in ("Publish right", "Watch"):
        found = here.found(name)
        assert (found.state, "gmail-api-push@system.gserviceaccount.com" in found.do) == (State.WRONG, True)


@pytest.mark.parametrize(
    ("right", "name", "state"),
    [
        ("pubsub.topics.get", "Topic", State.WRONG),
        ("pubsub.topics.getIamPolicy", "Publish right", State.OPEN),
        ("pubsub.subscriptions.get", "Subscription", State.WRONG),
        ("pubsub.subscriptions.consume", "Subscription", State.WRONG),
    ],
)
def test_a_right_that_the_account_lacks_is_named(
    right: str, name: str, state: State, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy alone may stay unseen: the watch shows the same."""
    monkeypatch.setattr(here.google.pubsub, "lacks", {right})
    found = here.found(name)
    assert (found.state, ACCOUNT in found.do or state is State.OPEN) == (state, True)


def test_a_subscription_that_hears_nothing_of_ours_is_wrong(here: Here) -> None:
    """Missing, or of another topic."""
    here.google.pubsub.subscriptions[NAME].topic = "projects/mine/topics/other"
    assert "not projects/mine/topics/hearback-gmail" in here.found("Subscription").what
    here.google.pubsub.subscriptions.clear()
    assert "There is no" in here.found("Subscription").what


def test_a_push_subscription_cannot_be_pulled(here: Here) -> None:
    """And one that is pulled pushes nothing."""
    assert "pull subscription" in here.found("Subscription", **PUSHED).what
    held = here.google.pubsub.subscriptions[NAME]
    held.push, held.url = True, "https://elsewhere.example/push"
    assert "delivery type “Pull”" in here.found("Subscription").do


@pytest.mark.parametrize(
    ("url", "account", "audience", "word"),
    [
        ("https://h.example/push/gmail", PUSHED["push_account"], "aud", ""),
        ("https://other.example/push/gmail", PUSHED["push_account"], "aud", "endpoint URL"),
        ("https://h.example/push/gmail", "other@mine.iam.gserviceaccount.com", "aud", "Enable authentication"),
        ("https://h.example/push/gmail", PUSHED["push_account"], "other", "audience"),
    ],
)
def test_pushes_come_here_and_are_signed_for_us(url: str, account: str, audience: str, word: str, here: Here) -> None:
    """Endpoint, account and audience are compared with what this installation expects."""
    held = here.google.pubsub.subscriptions[NAME]
    held.push, held.url, held.account, held.audience = True, url, account, audience
    found = here.found("Subscription", **PUSHED)
    assert (found.state, word in found.do) == (State.WRONG if word else State.OK, True)


def test_why_notifications_do_not_arrive_is_the_last_line(here: Here) -> None:
    """As the settings page says it."""
    hearing.trouble(here.made.rooms, wiring.OWNER, "Google is out of reach.")
    found = here.found("Last push")
    hearing.trouble(here.made.rooms, wiring.OWNER, None)
    assert (found.state, "out of reach" in found.what) == (State.WRONG, True)


def hearback(here: Here, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HEARBACK_HOME": str(home or here.settings.home), "HEARBACK_GOOGLE_ROOT": here.root}
    program = str(Path(sys.executable).with_name("hearback"))
    return subprocess.run([program, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_prints_a_line_a_step_and_fails_where_one_is_wrong(here: Here) -> None:
    """0 where all is well, else 1."""
    well = hearback(here, "doctor")
    assert (well.returncode, len(well.stdout.splitlines()), well.stderr) == (0, 10, "")
    here.google.pubsub.topics.clear()
    assert hearback(here, "doctor").returncode == 1


def test_a_wrong_file_is_one_line_and_changes_nothing(here: Here, tmp_path: Path) -> None:
    """The client in the home stays; the line says what the file is."""
    (tmp_path / "key.json").write_text(json.dumps(here.google.service_account("x@y", "z")))
    before = (here.settings.home / google_files.CLIENT).read_bytes()
    refused = hearback(here, "up", "--google-client", str(tmp_path / "key.json"))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "not an OAuth client" in refused.stderr
    assert (here.settings.home / google_files.CLIENT).read_bytes() == before
    assert client_file(before.decode()).kind == "installed"
