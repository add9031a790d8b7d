"""Hearback against a Gmail that nobody here wrote: connect, first sync, incremental sync, disconnect. See README.md."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from front import ME, Front, search

from fakes import BOX, RECEIPT, REJECTION, ask, mail, session, work_all
from hearback import wiring
from hearback.mailboxes.protocols import MailboxDoor
from hearback.model.application import Stage
from hearback.model.errors import CursorExpired, NotFound, Transient
from hearback.model.ids import ProviderMessageId
from hearback.model.mailbox import INBOX, Mailbox, MailboxStatus, Preferences
from hearback.model.task import Lane
from hearback.sync import sync_now
from hearback.sync.catch_up import catch_up
from hearback.web.sign_in import csrf_token

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json", "authorization": "Bearer the-sender"}


class _Forms(HTMLParser):
    """The forms of a page: where each goes and what it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given["action"], {}))
        elif tag == "input" and self.found:
            self.found[-1][1][given["name"]] = given.get("value", "")


def deliver(
    front: Front, number: int, subject: str, text: str, *, days: float = 0, labels: str = "INBOX", **more: Any
) -> str:
    """Somebody's mail arrives `days` days ago, through the emulator's own import; answers its id."""
    at = datetime.now(UTC) - timedelta(days=days)
    raw = f"Date: {format_datetime(at)}\r\n".encode() + mail(number, subject, text, **more)
    body = {"raw": base64.urlsafe_b64encode(raw).decode(), "labelIds": [labels]}
    front._found.clear()
    status, _, content = front.ask("POST", f"{ME}/messages/import", JSON, json.dumps(body).encode())
    assert status == 200, content
    return str(json.loads(content)["id"])


def change(front: Front, what: str, body: dict[str, Any] | None = None, method: str = "POST") -> None:
    """Something happens to a message at the emulator."""
    front._found.clear()
    status, _, content = front.ask(method, f"{ME}/messages/{what}", JSON, json.dumps(body or {}).encode())
    assert status in {200, 204}, content


def consent(here: wiring.Installation, front: Front) -> dict[str, Any]:
    """Press Continue, choose the account on the emulator's page, come back; answers Hearback's page."""
    mine = session(here)
    left = ask(
        here, "POST", "/connect/gmail", cookie=mine, form={"csrf": csrf_token(mine)}, headers={"hx-request": "true"}
    )
    parts = urlsplit(left["headers"]["hx-redirect"])
    status, _, page = front.ask("GET", f"{parts.path}?{parts.query}")
    assert status == 200, page
    forms = _Forms()
    forms.feed(page.decode())
    action, fields = next(each for each in forms.found if each[1].get("email") == BOX)
    status, headers, _ = front.ask("POST", action, FORM, urlencode(fields).encode())
    assert status == 302
    back = urlsplit(headers["location"])
    return ask(here, "GET", f"{back.path}?{back.query}", cookie=mine)


def box(here: wiring.Installation) -> Mailbox:
    (found,) = here.store.mailboxes.of_person(wiring.OWNER)
    return found


def door(here: wiring.Installation) -> MailboxDoor:
    return here.rooms.door(box(here))


def board(here: wiring.Installation) -> dict[str, Stage]:
    return {str(each.company): each.stage for each in here.store.projections.applications(wiring.OWNER)}


def work_to_the_end(here: wiring.Installation) -> None:
    """A first sync looks once more, two seconds after its last page, whether all it found is read."""
    work_all(here)
    until = time.monotonic() + 30
    while box(here).backfill is not None and time.monotonic() < until:
        time.sleep(0.1)
        work_all(here)


def look(here: wiring.Installation) -> None:
    """Sync Now."""
    sync_now.sync_now(here.rooms, wiring.OWNER)
    work_all(here)


@pytest.fixture
def connected(here: wiring.Installation, front: Front) -> wiring.Installation:
    """Connected, with a receipt of forty days ago and other people's mail, caught up."""
    deliver(front, 1, "Thank you for applying to Acme", RECEIPT, days=40)
    for number in range(2, 12):
        deliver(
            front,
            number,
            f"Holiday photos {number}",
            "The beach was lovely.",
            days=number,
            sender="Eve <eve@x.example>",
        )
    consent(here, front)
    work_to_the_end(here)
    return here


def test_a_mailbox_is_connected_by_the_emulators_own_consent(here: wiring.Installation, front: Front) -> None:
    """Its page, its code, its PKCE and redirect checks, its tokens; the address is whom it vouches for."""
    assert "Gmail is connected" in consent(here, front)["body"]
    assert (box(here).address, box(here).status) == (BOX, MailboxStatus.ACTIVE)


def test_a_first_sync_finds_the_job_mail_and_opens_little_else(connected: wiring.Installation, front: Front) -> None:
    """The application stands; of eleven messages and the emulator's own few, one was fetched whole."""
    assert board(connected) == {"Acme": Stage.APPLIED}
    assert box(connected).backfill is None
    assert box(connected).last_success_at is not None
    fetched = {each for each in front.asked if each.startswith(f"GET {ME}/messages/")}
    assert 1 <= len(fetched) <= 4


def test_new_mail_is_found_by_its_history(connected: wiring.Installation, front: Front) -> None:
    """Nothing is listed again: one history, the new message, its fold."""
    front.asked.clear()
    deliver(front, 20, "Your application at Acme", REJECTION)
    look(connected)
    assert board(connected) == {"Acme": Stage.REJECTED}
    assert f"GET {ME}/history" in front.asked
    assert not {f"GET {ME}/messages", f"GET {ME}/threads"} & set(front.asked)


def test_a_second_look_finds_nothing_and_the_cursor_stays(connected: wiring.Installation) -> None:
    """The cursor is the history id the emulator told last."""
    look(connected)
    before = box(connected).cursor
    look(connected)
    assert box(connected).cursor == before


def test_mail_out_of_spam_is_read(connected: wiring.Installation, front: Front) -> None:
    """While it is there nobody looks; a label that goes is history too."""
    spam = deliver(
        front,
        21,
        "Thank you for applying to Birch",
        RECEIPT.replace("Acme", "Birch"),
        labels="SPAM",
        sender="Birch Careers <careers@birch.example>",
    )
    look(connected)
    assert "Birch" not in board(connected)
    change(front, f"{spam}/modify", {"addLabelIds": ["INBOX"], "removeLabelIds": ["SPAM"]})
    look(connected)
    assert board(connected)["Birch"] is Stage.APPLIED


def test_mail_that_goes_before_it_is_read_is_passed_over(connected: wiring.Installation, front: Front) -> None:
    """Its reference waits in the queue when it is deleted: it is looked for again a few times, and no dead letter is left."""
    gone = deliver(front, 22, "Thank you for applying to Cedar", RECEIPT.replace("Acme", "Cedar"))
    catch_up(connected.rooms, wiring.OWNER, box(connected).id, reason="sync_now")
    change(front, gone, method="DELETE")
    work_all(connected)
    assert board(connected) == {"Acme": Stage.APPLIED}
    assert sum(connected.queue.depth(lane) for lane in Lane) <= 1
    assert not connected.queue.dead_letters()


def test_a_long_history_comes_page_by_page(
    connected: wiring.Installation, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three to a page: every message once, and the cursor behind the last."""
    monkeypatch.setattr("hearback.mailboxes.gmail.PAGE", 3)
    new = {deliver(front, 30 + number, f"News {number}", "x") for number in range(8)}
    cursor, found, more = box(connected).cursor, [], True
    value = cursor.value if cursor else ""
    while more:
        page = door(connected).changes(value, Preferences())
        found += page.ids
        value, more = page.cursor, page.more
    assert sorted(found) == sorted(new)
    assert door(connected).changes(value, Preferences()).ids == ()


def test_each_call_of_the_door_reads_the_emulators_answer(connected: wiring.Installation, front: Front) -> None:
    """Labels, glimpse, whole message, thread: as the emulator writes them, and 404 for what is not there."""
    status, _, _ = front.ask("POST", f"{ME}/labels", JSON, json.dumps({"name": "Jobs/2026"}).encode())
    assert status == 200
    assert [each.name for each in door(connected).folders()] == ["Jobs/2026"]
    first = deliver(front, 40, "Thank you for applying to Dahlia", RECEIPT, days=1)
    answer = deliver(front, 41, "Re: Thank you for applying to Dahlia", "x", days=0.5)
    id_ = ProviderMessageId(first)
    (glimpse,) = door(connected).glimpse([id_, ProviderMessageId("msg_gone")])
    assert (glimpse.subject, glimpse.sender, glimpse.folders) == (
        "Thank you for applying to Dahlia",
        "Acme Careers <careers@acme.example>",
        (INBOX,),
    )
    whole = door(connected).fetch(id_)
    assert whole.content.endswith(RECEIPT.encode() + b"\r\n")
    assert whole.received_at is not None
    assert abs(whole.received_at - (datetime.now(UTC) - timedelta(days=1))) < timedelta(minutes=1)
    assert list(door(connected).thread(first)) == [id_]
    assert list(door(connected).thread("thr_gone")) == []
    with pytest.raises(NotFound):
        door(connected).fetch(ProviderMessageId("msg_gone"))
    assert answer != first


def test_a_watch_is_registered_and_ended(connected: wiring.Installation, front: Front) -> None:
    """With Hearback's labels and topic; it ends when the emulator says, and is stopped before access is given back."""
    watch = box(connected).watch
    assert watch is not None
    assert watch.expires_at > datetime.now(UTC) + timedelta(hours=23)
    front.asked.clear()
    mine = session(connected)
    ask(connected, "POST", f"/mailboxes/{box(connected).id}/disconnect", cookie=mine, form={"csrf": csrf_token(mine)})
    ended = [each for each in front.asked if each in {f"POST {ME}/stop", "POST /revoke"}]
    assert ended == [f"POST {ME}/stop", "POST /revoke"]
    assert box(connected).status is MailboxStatus.DISCONNECTED


def test_a_token_is_renewed_by_the_emulators_refresh(connected: wiring.Installation, front: Front) -> None:
    """Expired here: one refresh, the new one is stored and used."""
    here, id_ = connected, box(connected).id
    held = here.store.mailboxes.secret(wiring.OWNER, id_)
    assert held is not None
    old = json.loads(held[0])
    here.store.mailboxes.put_secret(wiring.OWNER, id_, json.dumps({**old, "expires_at": 1}).encode(), expected=held[1])
    front.asked.clear()
    door(here).folders()
    renewed = here.store.mailboxes.secret(wiring.OWNER, id_)
    assert renewed is not None
    assert json.loads(renewed[0])["access_token"] != old["access_token"]
    assert front.asked == ["POST /token", f"GET {ME}/labels"]


def test_a_grant_revoked_at_the_emulator_needs_the_person(connected: wiring.Installation, front: Front) -> None:
    """invalid_grant as the emulator writes it: Authentication Required, the cursor kept; consent again catches up."""
    here, before = connected, box(connected)
    held = here.store.mailboxes.secret(wiring.OWNER, before.id)
    assert held is not None
    token = json.loads(held[0])
    front.ask("POST", "/oauth2/revoke", FORM, urlencode({"token": token["refresh_token"]}).encode())
    here.store.mailboxes.put_secret(
        wiring.OWNER, before.id, json.dumps({**token, "expires_at": 1}).encode(), expected=held[1]
    )
    deliver(front, 50, "Your application at Acme", REJECTION)
    look(here)
    assert box(here).status is MailboxStatus.AUTHENTICATION_REQUIRED
    assert (board(here), box(here).cursor) == ({"Acme": Stage.APPLIED}, before.cursor)
    consent(here, front)
    work_all(here)
    assert (box(here).status, board(here)) == (MailboxStatus.ACTIVE, {"Acme": Stage.REJECTED})


# What Hearback does where a gap of the emulator is left open


def test_an_id_token_by_a_shared_secret_connects_nothing(here: wiring.Installation, front: Front) -> None:
    """The emulator's own HS256 token and empty key set: refused, as Google's would be."""
    front.lacks = {"signature"}
    assert "Gmail is connected" not in consent(here, front)["body"]
    assert here.store.mailboxes.of_person(wiring.OWNER) == []


def test_a_profile_that_is_not_there_is_asked_for_again(here: wiring.Installation, front: Front) -> None:
    """No profile route, so no history to begin at: nothing is read, the run says why, and it works once it is there."""
    front.lacks = {"profile"}
    deliver(front, 1, "Thank you for applying to Acme", RECEIPT)
    consent(here, front)
    with pytest.raises(Transient):
        catch_up(here.rooms, wiring.OWNER, box(here).id, reason="first_sync")
    assert (box(here).cursor, board(here)) == (None, {})
    assert "(404)" in str(here.store.ledger.runs(wiring.OWNER)[0].error)
    front.lacks = set()
    work_all(here)
    assert board(here) == {"Acme": Stage.APPLIED}


def test_searches_of_ours_mean_nothing_to_the_emulator(connected: wiring.Installation, front: Front) -> None:
    """Why the front computes searches: it takes “-in:spam” for a word, so that nothing is ever found."""
    front.lacks = {"search"}
    _, _, content = front.ask("GET", f"{ME}/messages?{urlencode({'q': 'in:inbox -in:spam'})}", JSON)
    assert json.loads(content)["messages"] == []
    assert json.loads(front.ask("GET", f"{ME}/messages?q=in:inbox", JSON)[2])["messages"]


def test_no_history_is_too_old_for_the_emulator(connected: wiring.Installation) -> None:
    """It answers everything since ever where Gmail answers 404; so expiry is proved on our own simulator alone."""
    try:
        changes = door(connected).changes("1", Preferences())
    except CursorExpired:
        pytest.fail("the emulator has learnt expiry: test it here as well, and say so in README.md")
    assert changes.ids


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b", "c"}),
        ("in:inbox", {"a", "b"}),
        ("-in:inbox", {"c"}),
        ("in:inbox from:x", {"a"}),
        ("{from:x in:sent}", {"a", "c"}),
        ("from:{x y} -z", {"a", "b"}),
        ("(from:x OR from:y)", {"a", "b"}),
        ('"two words"', {"b"}),
        ("in:archive", set()),
    ],
)
def test_the_fronts_searches_are_sets_of_the_emulators(query: str, found: set[str]) -> None:
    """Side by side: all; braces and OR: one; a minus: not."""
    known = {
        "": {"a", "b", "c"},
        "in:inbox": {"a", "b"},
        "in:sent": {"c"},
        "from:x": {"a"},
        "from:y": {"b"},
        '"two words"': {"b"},
        "z": {"c"},
    }
    assert search(query, lambda term: frozenset(known[term])) == found
