"""How a mailbox hears of new mail: what keeps Gmail from telling us is told, and never keeps mail from being read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, ask, grant, install, mail, session, work_all
from hearback import wiring
from hearback.model.errors import NeedsPerson, Transient
from hearback.model.mailbox import Frequency, Mailbox, MailboxStatus, Provider
from hearback.sync import connect, hearing, notified, status
from hearback.sync.catch_up import catch_up

TOPIC = "projects/p/topics/t"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


def connected(here: wiring.Installation, google: Any) -> Mailbox:
    """A mailbox that was looked at once."""
    box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep", pages=1)
    return here.store.mailboxes.get(wiring.OWNER, box.id)


def test_a_topic_that_gmail_may_not_publish_to_stops_no_mail(here: wiring.Installation, google: Any) -> None:
    """The mailbox is Active and read, nobody is asked to reconnect, and the card says why and how often it is looked at."""
    google[0].pubsub.add_topic(TOPIC, gmail_may_publish=False)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    box = connected(here, google)
    work_all(here)
    assert (box.status, box.watch, box.last_success_at is None) == (MailboxStatus.ACTIVE, None, False)
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]
    page = ask(here, "GET", "/settings/integrations", cookie=session(here))["body"]
    assert "<dt>New mail is found</dt><dd>every 5 min</dd>" in page
    assert "Gmail may not publish to the Pub/Sub topic" in page


def test_a_right_that_is_given_later_heals_by_itself(here: wiring.Installation, google: Any) -> None:
    """At the next look, which also takes the reason off the card."""
    topic = google[0].pubsub.add_topic(TOPIC, gmail_may_publish=False)
    box = connected(here, google)
    topic.bindings |= {"roles/pubsub.publisher": {"serviceAccount:gmail-api-push@system.gserviceaccount.com"}}
    catch_up(here.rooms, wiring.OWNER, box.id, reason="sweep", pages=1)
    ears = hearing.how(here.rooms, here.store.mailboxes.get(wiring.OWNER, box.id))
    assert (ears.real_time, ears.trouble) == (True, None)


def test_a_watch_for_another_topic_is_moved(here: wiring.Installation, google: Any) -> None:
    """Gmail knows one topic a mailbox and client: the old one is stopped."""
    box = connected(here, google)
    settings = here.settings.model_copy(update={"gmail_topic": "projects/p/topics/other"})
    moved = replace(here, settings=settings).rooms.door(box).watch()
    assert moved is not None
    assert moved.id == "projects/p/topics/other"


def test_a_reconnect_makes_the_watch_anew(here: wiring.Installation, google: Any) -> None:
    """It ended with the grant, whatever our copy says of its life."""
    box = connected(here, google)
    google[0].revoke_of(BOX)
    google[0].end_watch(BOX)
    status.require_person(here.rooms, wiring.OWNER, box.id, NeedsPerson("gone"))
    connected(here, google)
    assert google[0].accounts[BOX].watched is not None


def test_an_api_that_is_off_asks_nobody_to_reconnect(here: wiring.Installation, google: Any) -> None:
    """It is the installation's fault: tried again, with the cause in Sync History."""
    box = connected(here, google)
    google[0].faults.add("api_off_403", call="getProfile", times=1)
    with pytest.raises(Transient, match="switched off"):
        here.rooms.door(box).cursor_now()


def test_a_push_is_remembered_to_within_minutes(here: wiring.Installation, google: Any) -> None:
    """A busy mailbox costs no write a push."""
    box = connected(here, google)
    assert hearing.how(here.rooms, box).last_at is None
    first = here.clock()
    for minutes in (0, 1, 4, 9):
        rooms = replace(here.rooms, clock=lambda minutes=minutes: first + timedelta(minutes=minutes))
        notified.gmail(rooms, BOX, "1")
        told = hearing.how(here.rooms, box).last_at
        assert told == first + timedelta(minutes=9 if minutes == 9 else 0)


def test_no_trouble_is_told_where_push_is_not_wanted(here: wiring.Installation, google: Any) -> None:
    """A person who chose every 15 minutes misses nothing."""
    box = connected(here, google)
    hearing.trouble(here.rooms, wiring.OWNER, "Google is out of reach.")
    assert hearing.how(here.rooms, box).trouble == "Google is out of reach."
    seldom = replace(box, preferences=replace(box.preferences, frequency=Frequency.EVERY_15_MINUTES))
    ears = hearing.how(here.rooms, seldom)
    assert (ears.trouble, ears.real_time, ears.every_seconds) == (None, False, 900)
