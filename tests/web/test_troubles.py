"""Every failure a person can meet is a state with cause and action on the settings page, reached through the simulated Gmail."""

from __future__ import annotations

import contextlib
import html
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fakes import BOX, RECEIPT, ask, connected, grant, install, mail, session, work_all
from hearback import wiring
from hearback.mailboxes.google_oauth import READONLY
from hearback.model.errors import Transient
from hearback.model.mailbox import Frequency, MailboxStatus, Provider
from hearback.model.plan import Plan
from hearback.model.task import Lane, MessageRef
from hearback.sync import classify, connect, notified, sweep
from hearback.sync.catch_up import catch_up
from hearback.web.sign_in import csrf_token


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="acme")
    connected(made, *google)
    return made


def later(here: wiring.Installation, google: Any, **by: float) -> wiring.Installation:
    """The same installation some time on."""
    then = here.clock() + timedelta(**by)
    google[0].clock = lambda: then
    return replace(here, clock=lambda: then)


def sync(here: wiring.Installation, reason: str = "sweep") -> None:
    """One attempt, as a worker makes it."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    with contextlib.suppress(Transient):
        catch_up(here.rooms, wiring.OWNER, box.id, reason=reason)


def page(here: wiring.Installation, path: str = "/settings/integrations") -> str:
    return html.unescape(str(ask(here, "GET", path, cookie=session(here))["body"]))


def told(body: str) -> list[str]:
    return re.findall(r'data-trouble="(\w+)"', body)


def test_a_mailbox_that_works_has_no_trouble(here: wiring.Installation) -> None:
    """No state, no banner, found at once."""
    body = page(here)
    assert told(body) == told(page(here, "/")) == []
    assert "<dt>New mail is found</dt><dd>at once</dd>" in body


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("scopes_403", "missing_scopes", "View your email messages"),
        ("policy_403", "admin_policy", "administrator"),
        ("no_mail_400", "no_mailbox", "Gmail was removed"),
        ("token_invalid_grant", "access_ended", "Reconnect"),
    ],
)
def test_what_only_the_person_can_mend_says_how(
    fault: str, code: str, words: str, here: wiring.Installation, google: Any
) -> None:
    """On the page with a button to reconnect, and on the dashboard."""
    if fault.startswith("token"):
        google[0].faults.add("unauthorized_401")
    google[0].faults.add(fault, call="token" if fault.startswith("token") else "gmail")
    sync(here)
    body = page(here)
    assert told(body) == [code]
    assert words in body
    assert ">Reconnect</button>" in body
    assert "Authentication Required" in body
    assert told(page(here, "/")) == [code]


def test_a_revoked_grant_ends_with_reconnecting(here: wiring.Installation, google: Any) -> None:
    """Told until then, and gone afterwards."""
    google[0].revoke_of(BOX)
    sync(here)
    assert told(page(here)) == ["access_ended"]
    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    work_all(here)
    assert told(page(here)) == []


@pytest.mark.parametrize("fault", ["exhausted_429", "metric_403", "user_rate_403", "daily_403"])
def test_a_used_up_quota_is_said_and_no_alarm(fault: str, here: wiring.Installation, google: Any) -> None:
    """Nothing has to be done, and the dashboard stays as it is."""
    google[0].faults.add(fault)
    sync(here)
    assert told(page(here)) == ["throttled"]
    assert told(page(here, "/")) == []


def test_a_provider_that_is_down_is_said_and_counted(here: wiring.Installation, google: Any) -> None:
    """One row of Sync History for all tries; from the third on the dashboard says it."""
    google[0].faults.add("backend_503", times=3)
    sync(here)
    assert told(page(here)) == ["provider_away"]
    assert told(page(here, "/")) == []
    sync(here)
    sync(here)
    assert told(page(here, "/")) == ["provider_away"]
    assert "failed 3 times:" in page(here)
    sync(here)
    assert told(page(here)) == told(page(here, "/")) == []


def test_what_gmail_refuses_is_said(here: wiring.Installation, google: Any) -> None:
    """For whoever runs the installation."""
    google[0].faults.add("bad_400")
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    with pytest.raises(Exception, match="refused"):
        catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep")
    assert told(page(here)) == ["refused"]


def test_a_mailbox_that_nobody_looks_at_is_not_syncing(here: wiring.Installation, google: Any) -> None:
    """More than two intervals after the last success."""
    late = later(here, google, hours=1)
    body = page(late)
    assert told(body) == ["not_syncing"]
    assert "every 5 minutes" in body
    assert told(page(late, "/")) == ["not_syncing"]


def test_a_mailbox_read_on_request_is_never_stale(here: wiring.Installation, google: Any) -> None:
    """Manual only."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    manual = replace(box, preferences=replace(box.preferences, frequency=Frequency.MANUAL))
    here.store.mailboxes.put(manual, due_at=None)
    body = page(later(here, google, days=1))
    assert told(body) == []
    assert "when you press Sync Now" in body


def test_a_lapsed_watch_is_said_while_checks_go_on(here: wiring.Installation, google: Any) -> None:
    """Renewing failed for days: mail is found by looking."""
    late = later(here, google, days=8)
    google[0].faults.add("backend_503", call="watch")
    sync(late)
    body = page(late)
    assert told(body) == ["watch_lapsed"]
    assert "<dt>New mail is found</dt><dd>every 5 min</dd>" in body


def test_a_watch_that_was_lost_is_noticed(here: wiring.Installation, google: Any) -> None:
    """Nobody tells of it: a check finds the mail."""
    google[0].end_watch(BOX)
    google[0].deliver(BOX, mail(2, "Your application at Acme", RECEIPT), thread_key="acme")
    sync(here)
    assert told(page(later(here, google, minutes=3))) == ["push_silent"]


def test_pushes_that_do_not_arrive_are_noticed(here: wiring.Installation, google: Any) -> None:
    """A check found what should have been announced; the next push ends it."""
    google[0].drop_pushes = True
    google[0].deliver(BOX, mail(2, "Your application at Acme", RECEIPT), thread_key="acme")
    sync(here)
    assert told(page(here)) == []  # it may still come
    late = later(here, google, minutes=3)
    assert told(page(late)) == ["push_silent"]
    notified.gmail(late.rooms, BOX, str(google[0].accounts[BOX].history_id))
    assert told(page(late)) == []


def test_lost_history_is_said_while_it_is_healed(here: wiring.Installation, google: Any) -> None:
    """Catching up after a gap, then nothing."""
    google[0].deliver(BOX, mail(2, "Your application at Acme", RECEIPT), thread_key="acme")
    google[0].expire_history_before = google[0].accounts[BOX].history_id
    sync(here)
    body = page(here)
    assert told(body) == ["history_lost"]
    assert "Catching up after a gap" in body
    work_all(here)
    late = later(here, google, minutes=1)
    sync(late, "resync")  # the look that finds it done
    assert told(page(late)) == []


def test_parked_messages_are_said(here: wiring.Installation, google: Any) -> None:
    """Found, not read: Gmail answers every fetch with an error until the last try."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    ref = MessageRef(
        person_id=wiring.OWNER,
        mailbox_id=box.id,
        message_id=google[0].deliver(BOX, mail(2, "Your application", RECEIPT)),
    )
    from hearback.queues import codec

    google[0].faults.add("backend_503", call="messages.get")
    classify.handle(here.rooms, codec.encode(ref), 5)
    body = page(here)
    assert told(body) == ["backlog"]
    assert "1 message waits to be read" in body
    sync(here)
    work_all(here)
    assert told(page(here)) == []


@pytest.mark.parametrize(("after", "code"), [({"minutes": 11}, "first_sync_slow"), ({"hours": 2}, "first_sync_stuck")])
def test_a_slow_first_sync_says_so(after: Any, code: str, google: Any, tmp_path: Path) -> None:
    """After ten minutes, and how to report it after an hour: its messages are queued and no worker reads them."""
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    connect.connected(made.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    sync(made, "first_sync")
    late = later(made, google, **after)
    sync(late)
    assert told(page(late)) == [code]


def test_a_mailbox_over_the_plan_is_paused(here: wiring.Installation, google: Any) -> None:
    """With the way to the plan."""
    google[0].add_account("two@gmail.example")
    connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google, "two@gmail.example"), label="x")
    work_all(here)
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    assert told(page(here)) == ["paused"]


def callback(here: wiring.Installation, mine: str, *, mailbox: str = "", **said: str) -> Any:
    """From "Continue with Google" back to us."""
    form = {"csrf": csrf_token(mine), **({"mailbox": mailbox} if mailbox else {})}
    answered = ask(here, "POST", "/connect/gmail", cookie=mine, form=form)
    url = html.unescape(re.findall(r'href="(http[^"]+/auth[^"]*)"', answered["body"])[0])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    address = said.pop("address", BOX)
    code = said.get("code") if "error" in said else here_google(here).authorize(asked, address)
    query = "&".join(
        f"{name}={value}"
        for name, value in {"state": asked["state"], **({"code": code} if code else {}), **said}.items()
    )
    return ask(here, "GET", f"/connect/google/callback?{query}", cookie=mine)


_googles: dict[str, Any] = {}


def here_google(here: wiring.Installation) -> Any:
    return _googles[here.settings.google_root]


@pytest.fixture(autouse=True)
def _known(google: Any) -> Any:
    _googles[google[1]] = google[0]
    yield
    _googles.clear()


def test_a_consent_that_came_to_nothing_stays_told_until_one_succeeds(here: wiring.Installation, google: Any) -> None:
    """Denied, a scope unticked, the wrong account: each on the settings page, the last one counts."""
    mine = session(here)
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    callback(here, mine, error="access_denied")
    assert told(page(here)) == ["denied"]
    google[0].untick = {READONLY}
    callback(here, mine)
    assert told(page(here)) == ["missing_scopes"]
    google[0].untick = set()
    google[0].add_account("other@gmail.example")
    callback(here, mine, mailbox=box.id, address="other@gmail.example")
    assert told(page(here)) == ["wrong_account"]
    callback(here, mine)
    assert told(page(here)) == []


def test_what_was_told_of_a_consent_can_be_put_away(here: wiring.Installation) -> None:
    """ "Got it"."""
    mine = session(here)
    callback(here, mine, error="access_denied")
    assert ask(here, "POST", "/connect/forget", cookie=mine, form={"csrf": csrf_token(mine)})["statusCode"] == 303
    assert told(page(here)) == []


def test_a_disconnected_mailbox_has_no_trouble(here: wiring.Installation) -> None:
    """It is as the person wanted it."""
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    connect.disconnect(here.rooms, wiring.OWNER, box.id)
    assert here.store.mailboxes.get(wiring.OWNER, box.id).status is MailboxStatus.DISCONNECTED
    assert told(page(here)) == []
    assert here.queue.depth(Lane.LIVE) == sweep.sweep(here.rooms) == 0
