"""Notifications that are pulled: acknowledged only once what follows is durable; a pump that fails rests, says why, and heals."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fakes import BOX, RECEIPT, connected, install, mail
from hearback import wiring
from hearback.local import google_files
from hearback.local import serve as serve_up
from hearback.local.pulling import LONGEST_REST_SECONDS, Pulling
from hearback.mailboxes.google_files import key_file
from hearback.mailboxes.pubsub import Pushed
from hearback.mailboxes.pubsub_pull import Pulled, Puller, ServiceAccount
from hearback.model.errors import HearbackError, Permanent, Transient
from hearback.model.ids import Personal
from hearback.model.task import Lane
from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.serve import serve
from hearback.sync import hearing, notified

TOPIC, NAME = "projects/p/topics/t", "projects/p/subscriptions/s"


@dataclass
class Scripted:
    """A Source that gives these pulls (or errors), and remembers what was acknowledged."""

    pulls: list[Sequence[Pulled] | HearbackError]
    acknowledged: list[str] = field(default_factory=list)

    def pull(self) -> Sequence[Pulled]:
        found = self.pulls.pop(0)
        if isinstance(found, HearbackError):
            raise found
        return found

    def acknowledge(self, ack_ids: Sequence[str]) -> None:
        self.acknowledged += ack_ids


def told(ack_id: str, history_id: str, address: str = BOX) -> Pulled:
    return Pulled(ack_id, Pushed(Personal(address), history_id))


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What the settings page would say, in order."""
    said: list[str | None] = []
    monkeypatch.setattr(hearing, "trouble", lambda _rooms, _person, why: said.append(why))
    return said


def pulling(source: Scripted, *, stopped: bool = False) -> Pulling:
    rooms: Any = SimpleNamespace(within=lambda _budget: None)
    return Pulling(rooms, wiring.OWNER, source, lambda: stopped)


def test_the_newest_notification_of_a_mailbox_stands_for_all(
    troubles: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night's worth is one look a mailbox, and all of it is acknowledged; what is none of Gmail's, too."""
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(notified, "gmail", lambda _rooms, address, history: seen.append((address, history)))
    source = Scripted(
        [[told("a", "9"), told("b", "10"), told("c", "7"), told("d", "1", "ben@x.example"), Pulled("e", None)]]
    )
    assert pulling(source).tick() == 0
    assert seen == [(BOX, "10"), ("ben@x.example", "1")]
    assert sorted(source.acknowledged) == ["a", "b", "c", "d", "e"]
    assert troubles == [None]


def test_what_could_not_be_queued_is_not_acknowledged(
    troubles: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes again; the other mailbox's notification is done."""

    def refuse(_rooms: Any, address: str, _history: str) -> None:
        if address == BOX:
            raise Transient("the queue is away")

    monkeypatch.setattr(notified, "gmail", refuse)
    source = Scripted([[told("a", "9"), told("b", "1", "ben@x.example")]])
    assert pulling(source).tick() > 0
    assert source.acknowledged == ["b"]


def test_a_pump_that_is_stopped_acknowledges_nothing(
    troubles: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was given comes again to the next one."""
    monkeypatch.setattr(notified, "gmail", lambda *_: pytest.fail("worked after the end"))
    source = Scripted([[told("a", "9")]])
    pulling(source, stopped=True).tick()
    assert source.acknowledged == []


def test_a_google_that_is_away_is_asked_less_and_less(troubles: list[str | None]) -> None:
    """From a second to five minutes, with the reason told; the first good pull ends both."""
    source = Scripted([*[Transient("away")] * 14, [], Transient("away")])
    pump = pulling(source)
    rests = [pump.tick() for _ in range(16)]
    assert all(0.5 * 2**n <= rest <= 2**n for n, rest in enumerate(rests[:8]))
    assert LONGEST_REST_SECONDS / 2 <= rests[13] <= LONGEST_REST_SECONDS
    assert (rests[14], rests[15] <= 1) == (1, True)
    assert troubles == [*["away"] * 14, None, "away"]


def test_a_store_that_is_busy_does_not_stop_the_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it would have noted is noted at the next pull; the pump rests no longer for it."""

    def busy(*_: Any) -> None:
        raise Transient("the store is busy")

    monkeypatch.setattr(hearing, "trouble", busy)
    pump = pulling(Scripted([[], Transient("away")]))
    assert [pump.tick() <= 1, pump.tick() <= 1] == [True, True]


def test_what_a_person_must_mend_is_looked_at_every_five_minutes(troubles: list[str | None]) -> None:
    """The reason is told, and it heals by itself once mended."""
    pump = pulling(Scripted([Permanent("no right"), []]))
    assert [pump.tick(), pump.tick()] == [LONGEST_REST_SECONDS, 1]
    assert troubles == ["no right", None]


@pytest.fixture(scope="module")
def simulated() -> Iterator[tuple[Google, str, Any]]:
    """One simulated Google for the module, with the key of a service account."""
    made = Google()
    made.add_account(BOX)
    made.pubsub.pull_wait_seconds = 0.0
    key = key_file(json.dumps(made.service_account("hearback@p.iam.gserviceaccount.com", "p")))
    with serve(app(made)) as root:
        yield made, root, key


@pytest.fixture
def source(simulated: tuple[Google, str, Any]) -> Puller:
    made, root, key = simulated
    made.pubsub.topics.clear()
    made.pubsub.subscriptions.clear()
    made.pubsub.add_topic(TOPIC)
    made.pubsub.subscribe(NAME, TOPIC)
    return Puller(ServiceAccount(key, root), NAME, root)


def test_a_laptop_hears_of_mail(simulated: tuple[Google, str, Any], source: Puller, tmp_path: Path) -> None:
    """Mail arrives, is pulled, its id is queued, and the notification does not come again."""
    made, root, _ = simulated
    here = install(tmp_path / "home", made, root)
    box = connected(here, made, root)
    pump = Pulling(here.rooms, wiring.OWNER, source, lambda: False)
    pump.tick()  # what the watch itself has told
    made.deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    pump.tick()
    assert here.queue.depth(Lane.LIVE) == 1
    assert not made.pubsub.subscriptions[NAME].held
    assert hearing.how(here.rooms, box).last_at is not None


def test_a_running_hearback_pulls_by_itself(simulated: tuple[Google, str, Any], source: Puller, tmp_path: Path) -> None:
    """`hearback up` with a key: mail that arrives is an application, though nothing is pushed and no sweep is due. Whoever opens it
    by another name of this machine is led to the one that sign-in and consent belong to.
    """
    made, root, key = simulated
    here = install(tmp_path / "home", made, root)
    (tmp_path / "key.json").write_text(key.text())
    port = serve_up.free_port()
    settings = here.settings.model_copy(
        update={
            "port": port,
            "public_url": f"http://127.0.0.1:{port}",
            "push_account": "",
            "gmail_topic": TOPIC,
            "gmail_subscription": NAME,
            "google_service_account": tmp_path / "key.json",
        }
    )
    connected(here, made, root)
    with serve_up.running(settings) as server:
        made.deliver(BOX, mail(7, "Thank you for applying to Acme", RECEIPT))
        until = time.monotonic() + 30
        while not server.installation.store.projections.applications(wiring.OWNER) and time.monotonic() < until:
            time.sleep(0.02)
        assert server.installation.store.projections.applications(wiring.OWNER)
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", "/settings/integrations?a=b", headers={"Host": f"localhost:{port}"})
        answer = asked.getresponse()
        asked.close()
        led = f"http://127.0.0.1:{port}/settings/integrations?a=b"
        assert (answer.status, answer.headers["location"]) == (307, led)


def test_what_is_not_acknowledged_comes_again(simulated: tuple[Google, str, Any], source: Puller) -> None:
    """After the ack deadline, with another ack id; after its acknowledgement no more."""
    made = simulated[0]
    made.pubsub.subscriptions[NAME].ack_deadline_seconds = 0
    made.pubsub.publish(TOPIC, "eyJlbWFpbEFkZHJlc3MiOiJBbm5AWC5leGFtcGxlIiwiaGlzdG9yeUlkIjo3fQ==")
    (first,), (again,) = source.pull(), source.pull()
    assert first.pushed == again.pushed == Pushed(Personal("ann@x.example"), "7")
    source.acknowledge([again.ack_id])
    assert source.pull() == []


def test_a_token_that_google_forgot_is_renewed_unseen(simulated: tuple[Google, str, Any], source: Puller) -> None:
    """Once, by the key."""
    source.pull()
    simulated[0].access.clear()
    assert source.pull() == []


def test_why_nothing_can_be_pulled_is_said(
    simulated: tuple[Google, str, Any], source: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No subscription, no right, a key that was deleted: each leads to the doctor or to a new key."""
    made, root, key = simulated
    monkeypatch.setattr(made.pubsub, "lacks", {"pubsub.subscriptions.consume"})
    with pytest.raises(Permanent, match="may not read the subscription"):
        source.pull()
    monkeypatch.undo()
    made.pubsub.subscriptions.clear()
    with pytest.raises(Permanent, match="no subscription"):
        source.pull()
    other = replace(key, info={**key.info, "client_email": "gone@p.iam.gserviceaccount.com"})
    with pytest.raises(Permanent, match="does not accept the service account's key"):
        ServiceAccount(other, root).token()
    with pytest.raises(Permanent, match="damaged"):
        ServiceAccount(replace(key, info={**key.info, "private_key": "-----BEGIN"}), root)


def test_a_key_in_the_home_is_all_that_pulling_needs(simulated: tuple[Google, str, Any], tmp_path: Path) -> None:
    """Topic and subscription have the guide's names in the key's project; an installation that is pushed to does not pull."""
    here = install(tmp_path / "home", simulated[0], simulated[1])
    (tmp_path / "key.json").write_text(simulated[2].text())
    bare = here.settings.model_copy(update={"gmail_topic": "", "push_account": ""})
    google_files.take_over(bare, None, tmp_path / "key.json")
    assert ((bare.home / google_files.KEY).stat().st_mode & 0o777) == 0o600
    found = google_files.into(bare)
    assert (found.gmail_topic, found.gmail_subscription) == (
        "projects/p/topics/hearback-gmail",
        "projects/p/subscriptions/hearback-gmail-pull",
    )
    pulled = replace(here, settings=found).puller
    assert pulled is not None
    assert pulled.subscription == found.gmail_subscription
    assert replace(here, settings=found.model_copy(update={"push_account": "push@p"})).puller is None
