"""The pages of connecting a mailbox: consent, every way it can end, and the way on from there."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from fakes import BOX, ask, grant, install, session
from hearback import wiring
from hearback.mailboxes.google_oauth import READONLY
from hearback.model.errors import NeedsPerson
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.person import Person
from hearback.model.plan import Plan
from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.serve import serve
from hearback.sync import connect, status
from hearback.web.sign_in import csrf_token

OTHER = "ben@gmail.example"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Google, str]]:
    """One simulated Google for the module."""
    made = Google()
    with serve(app(made)) as root:
        yield made, root


@pytest.fixture
def google(served: tuple[Google, str]) -> tuple[Google, str]:
    """As on the first day."""
    made = served[0]
    made.accounts.clear()
    made.grants.clear()
    made.access.clear()
    made.untick, made.testing = set(), False
    made.add_account(BOX)
    return served


def mailbox(here: wiring.Installation, google: Any) -> Mailbox:
    """A mailbox connected before; nothing of it is read yet."""
    return connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="Primary job search")


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def leave(here: wiring.Installation, mine: str, **form: str) -> str:
    """Press Continue; answers the provider's consent page."""
    asked = {"csrf": csrf_token(mine), **form}
    answer = ask(here, "POST", "/connect/gmail", cookie=mine, form=asked, headers={"hx-request": "true"})
    return str(answer["headers"]["hx-redirect"])


def back(here: wiring.Installation, mine: str, url: str, account: str = "") -> dict[str, Any]:
    """Give consent as `account`; answers the page one comes back to."""
    try:
        urllib.request.build_opener(_Stay).open(f"{url}&login_hint={account}" if account else url, timeout=10)
    except urllib.error.HTTPError as redirect:
        parts = urlsplit(redirect.headers["Location"])
    return ask(here, "GET", f"{parts.path}?{parts.query}", cookie=mine)


def box(here: wiring.Installation) -> Any:
    (found,) = here.store.mailboxes.of_person(wiring.OWNER)
    return found


def token(here: wiring.Installation) -> dict[str, Any]:
    held = here.store.mailboxes.secret(wiring.OWNER, box(here).id)
    assert held is not None
    return dict(json.loads(held[0]))


def test_consent_leads_to_a_mailbox(here: wiring.Installation) -> None:
    """Continue, consent, back: the mailbox is there and its first sync queued."""
    mine = session(here)
    answer = back(here, mine, leave(here, mine))
    assert "Gmail is connected" in answer["body"]
    assert (box(here).address, box(here).status) == (BOX, MailboxStatus.ACTIVE)


def test_google_is_asked_for_what_is_needed_and_no_more(here: wiring.Installation) -> None:
    """Read-only, offline, PKCE by S256, and the exact address to come back to."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(leave(here, session(here))).query).items()}
    wanted = {
        "scope": f"{READONLY} openid email",
        "access_type": "offline",
        "code_challenge_method": "S256",
        "redirect_uri": "http://127.0.0.1:1/connect/google/callback",
        "response_type": "code",
        "prompt": "consent",
    }
    assert {name: query[name] for name in wanted} == wanted


def test_a_box_left_unticked_is_said_with_what_to_tick(here: wiring.Installation, google: Any) -> None:
    """No mailbox; the page offers to try again."""
    google[0].untick = {READONLY}
    mine = session(here)
    answer = back(here, mine, leave(here, mine))
    assert "View your email messages and settings" in answer["body"]
    assert 'action="/connect/gmail"' in answer["body"]
    assert here.store.mailboxes.of_person(wiring.OWNER) == []


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("access_denied", "Access was not granted"),
        ("admin_policy_enforced", "Your administrator does not allow it"),
        ("server_error", "Google could not be reached"),
        ("<script>", "Access was not granted"),
    ],
)
def test_what_google_answers_in_place_of_a_code_has_its_page(word: str, title: str, here: wiring.Installation) -> None:
    """Each with a cause and a next step; Google's own word is not shown."""
    mine = session(here)
    state = parse_qs(urlsplit(leave(here, mine)).query)["state"][0]
    answer = ask(here, "GET", f"/connect/google/callback?{urlencode({'error': word, 'state': state})}", cookie=mine)
    assert f"<h1>{title}</h1>" in answer["body"]
    assert word not in answer["body"]


def test_another_browser_comes_back_to_nothing(here: wiring.Installation, google: Any) -> None:
    """The way back is bound to the browser that left: no mailbox, and a page that says so."""
    left, other = session(here), session(here)
    answer = back(here, other, leave(here, left))
    assert "began in another browser" in answer["body"]
    assert here.store.mailboxes.of_person(wiring.OWNER) == []


def test_a_consent_nobody_came_back_from_is_forgotten(
    here: wiring.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept for it goes with the next one."""
    mine = session(here)
    leave(here, mine)
    monkeypatch.setattr("hearback.sync.connect.CONSENT_LIFETIME", timedelta(minutes=-1))
    leave(here, mine)
    leave(here, mine)
    assert len(here.store.people.settings(wiring.OWNER, "oauth:")) == 2


def test_reconnecting_as_somebody_else_changes_nothing(here: wiring.Installation, google: Any) -> None:
    """Both accounts are named, the mailbox waits as before, and the access just given is given back."""
    mine = session(here)
    before = mailbox(here, google)
    status.require_person(here.rooms, wiring.OWNER, before.id, NeedsPerson("gone"))
    google[0].add_account(OTHER)
    held = token(here)
    url = leave(here, mine, mailbox=before.id).replace("login_hint=", "hinted=")
    answer = back(here, mine, url, OTHER)
    assert "That was another account" in answer["body"]
    assert OTHER in answer["body"]
    assert f'name="mailbox" value="{before.id}"' in answer["body"]
    assert (token(here), box(here).status) == (held, MailboxStatus.AUTHENTICATION_REQUIRED)
    assert {grant["address"] for grant in google[0].grants.values()} == {BOX}


def test_access_of_a_mailbox_in_use_is_not_given_back(here: wiring.Installation, google: Any) -> None:
    """Google ends all access of an account at once: signing in as another mailbox of one's own must not disconnect that one."""
    mine = session(here)
    first = mailbox(here, google)
    google[0].add_account(OTHER)
    back(here, mine, leave(here, mine).replace("login_hint=", "hinted="), OTHER)
    back(here, mine, leave(here, mine, mailbox=first.id).replace("login_hint=", "hinted="), OTHER)
    assert {grant["address"] for grant in google[0].grants.values()} == {BOX, OTHER}


def test_a_full_plan_keeps_no_access(here: wiring.Installation, google: Any) -> None:
    """The consent is given back where no mailbox comes of it."""
    mine = session(here)
    mailbox(here, google)
    here.store.people.put(Person(id=wiring.OWNER, plan=Plan.FREE))
    google[0].add_account(OTHER)
    answer = back(here, mine, leave(here, mine), OTHER)
    assert "Your plan is full" in answer["body"]
    assert {grant["address"] for grant in google[0].grants.values()} == {BOX}


def test_a_client_that_google_refuses_is_no_fault_of_the_persons(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page leads whoever runs the installation to the doctor."""
    mine = session(here)
    url = leave(here, mine)
    monkeypatch.setattr(google[0], "client_secret", "rotated")
    answer = back(here, mine, url)
    assert "hearback doctor" in answer["body"]


def test_a_google_that_is_away_at_the_last_step_says_to_try_again(
    here: wiring.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is one of ours with a way on, not an error."""
    mine = session(here)
    url = leave(here, mine)

    def away(*_: Any, **__: Any) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr("hearback.mailboxes.google_oauth.urllib.request.urlopen", away)
        state = parse_qs(urlsplit(url).query)["state"][0]
        answer = ask(here, "GET", f"/connect/google/callback?code=x&state={state}", cookie=mine)
    assert "Google could not be reached" in answer["body"]
    assert "Try again" in answer["body"]


def test_lasting_access_survives_a_reconnect_that_brings_none(here: wiring.Installation, google: Any) -> None:
    """Google gives a refresh token with the first consent only; the one that is held goes on, with a fresh access token."""
    mine = session(here)
    before = mailbox(here, google)
    held = token(here)
    answer = back(here, mine, leave(here, mine, mailbox=before.id))
    assert "Gmail is connected" in answer["body"]
    assert token(here)["refresh_token"] == held["refresh_token"]
    assert token(here)["access_token"] != held["access_token"]


def test_access_for_an_hour_only_connects_nothing(here: wiring.Installation, google: Any) -> None:
    """Where nothing lasting is held either, the page says how Google gives it."""
    mine = session(here)
    mailbox(here, google)
    held = here.store.mailboxes.secret(wiring.OWNER, box(here).id)
    assert held is not None
    url = leave(here, mine, mailbox=box(here).id)
    here.store.mailboxes.put_secret(wiring.OWNER, box(here).id, None, expected=held[1])
    answer = back(here, mine, url)
    assert "The access would not have lasted" in answer["body"]
    assert here.store.mailboxes.secret(wiring.OWNER, box(here).id) is None


def test_access_of_an_app_in_testing_says_when_it_ends(here: wiring.Installation, google: Any) -> None:
    """The person hears of the seven days when they connect, not when they are over."""
    google[0].testing = True
    mine = session(here)
    answer = back(here, mine, leave(here, mine))
    assert "in Testing" in answer["body"]
    assert "Publish app" in answer["body"]
    assert "in Testing" in ask(here, "GET", "/settings/integrations", cookie=mine)["body"]


def test_disconnecting_that_was_interrupted_can_be_finished(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies in the middle leaves a token: the card says so, and its button deletes it and ends the grant."""
    mine = session(here)
    before = mailbox(here, google)

    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr("hearback.sync.connect._give_back", die)
        with pytest.raises(SystemExit):
            connect.disconnect(here.rooms, wiring.OWNER, before.id)
    assert "Finish disconnecting" in ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
    ask(here, "POST", f"/mailboxes/{before.id}/disconnect", cookie=mine, form={"csrf": csrf_token(mine)})
    assert here.store.mailboxes.secret(wiring.OWNER, before.id) is None
    assert not google[0].grants
    assert "Finish disconnecting" not in ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
