"""The thread of a mail, live from the simulated Gmail: as text, folded, marked; never stored or logged; every failure a state."""

from __future__ import annotations

import html
import logging
import re
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from fakes import BOX, RECEIPT, ask, connected, install, mail, session
from hearback import wiring
from hearback.mailboxes import gmail_calls
from hearback.mailboxes.export import ExportedMessage
from hearback.model.errors import Throttled
from hearback.model.ids import FactId, MailboxId, Personal, PersonId, ProviderMessageId, SignalId
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.person import Person
from hearback.model.signal import Signal
from hearback.sync import conversation, importing
from hearback.web.threads import outside

CANARY = "kingfisher-by-the-weir"
HTML = (
    b"From: Acme Careers <careers@acme.example>\r\nTo: ann@gmail.example\r\nSubject: Your application at Acme\r\n"
    b"Message-ID: <html@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
    b"--m\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
    b"<p>Gr\xfc\xdfe. <a href='https://evil.example/x'>https://acme.example/slots</a></p>"
    b"<img src='https://track.example/p.gif'><script>alert(1)</script><p onclick='x()'>Pick a slot</p>\r\n"
    b"--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=offer.pdf\r\n\r\nJVBERi0=\r\n--m--\r\n"
)


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="acme")
    own = mail(
        2,
        "Re: Thank you for applying to Acme",
        f"Tuesday suits me. {CANARY}\r\n\r\nOn Mon, Acme wrote:\r\n> {RECEIPT[:40]}",
        sender=BOX,
        auth="none",
    )
    google[0].deliver(BOX, own, labels=("SENT",), thread_key="acme")
    connected(made, *google)
    return made


def fact_of(here: wiring.Installation) -> FactId:
    (only,) = here.store.projections.applications(wiring.OWNER)
    return only.timeline[0].fact


def show(here: wiring.Installation, *, part: bool = True, cookie: str = "") -> Any:
    path = "/thread/messages?" if part else "/thread?now=1&"
    return ask(here, "GET", f"{path}fact={quote(fact_of(here), safe='')}", cookie=cookie or session(here))


def state(body: str) -> str:
    found = re.search(r'data-state="(\w+)"', body)
    assert found is not None
    return found[1]


def letters(body: str) -> list[str]:
    return re.findall(r"<li><details class=\"panel letter.*?</details></li>", body, re.DOTALL)


def test_the_thread_is_shown_newest_last_with_the_persons_own_messages_marked(here: wiring.Installation) -> None:
    """One request of 40 units; theirs first, then "You"."""
    first, last = letters(show(here)["body"])
    assert "careers@acme.example" in first
    assert "your message" not in first
    assert "your message" in last
    assert CANARY in last


def test_it_is_one_request(here: wiring.Installation, google: Any) -> None:
    """Whatever the length of the thread."""
    before = google[0].calls.copy()
    show(here)
    assert google[0].calls - before == {"threads.get": 1}


def test_quoted_parts_are_folded(here: wiring.Installation) -> None:
    """In a details of their own, closed."""
    last = letters(show(here)["body"])[-1]
    folded = last.partition('<details class="quote">')[2]
    assert "On Mon, Acme wrote:" in folded
    assert CANARY not in folded


def test_nothing_of_the_html_is_left_and_links_say_where_they_lead(here: wiring.Installation, google: Any) -> None:
    """No script, no picture, no attribute of the mail's; a link whose words name another address shows its own host."""
    google[0].deliver(BOX, HTML, thread_key="acme")
    body = show(here)["body"]
    last = letters(body)[-1]
    assert "track.example" not in body
    assert "<script" not in last
    assert "onclick" not in last
    assert "Grüße." in last
    assert re.search(
        r'<a href="https://evil.example/x"[^>]*class="leads"><span[^>]*>leads to </span>evil.example</a>', last
    )
    assert "offer.pdf" in last


def test_it_is_not_stored(here: wiring.Installation) -> None:
    """Not one row of the store is other than before, but the count of the quota."""
    mine = session(here)
    show(here, cookie=mine)
    before = rows(here)
    show(here, cookie=mine)
    show(here, cookie=mine, part=False)
    assert rows(here) == before


def rows(here: wiring.Installation) -> list[str]:
    with (
        sqlite3.connect(here.settings.home / "store.db") as store,
        sqlite3.connect(here.settings.home / "queue.db") as queue,
    ):
        return [each for each in (*store.iterdump(), *queue.iterdump()) if not each.startswith('INSERT INTO "quota"')]


@pytest.mark.parametrize("part", [True, False])
def test_no_cache_keeps_it(part: bool, here: wiring.Installation) -> None:
    """The answer says no-store."""
    answer = show(here, part=part)
    assert CANARY in answer["body"]
    assert answer["headers"]["cache-control"] == "no-store"


def test_it_is_not_logged(here: wiring.Installation, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where everything is logged, the provider's library included."""
    caplog.set_level(logging.DEBUG)
    here_logs = logging.getLogger("hearback")
    here_logs.addHandler(caplog.handler)
    try:
        assert CANARY in show(here)["body"]
    finally:
        here_logs.removeHandler(caplog.handler)
    assert CANARY not in caplog.text
    assert "Thank you for applying" not in caplog.text


def test_messages_in_trash_are_not_shown(here: wiring.Installation, google: Any) -> None:
    """They are counted, no more."""
    id_ = google[0].deliver(BOX, mail(3, "Re: Thank you", "thrown away"), thread_key="acme")
    google[0].relabel(BOX, id_, add=["TRASH"], remove=["INBOX"])
    body = show(here)["body"]
    assert "thrown away" not in body
    assert "1 more in Spam or Trash" in body


def test_a_thread_that_is_gone_is_said(here: wiring.Installation, google: Any) -> None:
    """With the way into Gmail, and no second try."""
    google[0].accounts[BOX].messages.clear()
    body = show(here)["body"]
    assert state(body) == "gone"
    assert "Try again" not in body
    assert "Open in Gmail" in body


@pytest.mark.parametrize("fault", ["backend_503", "page_200", "truncated", "reset"])
def test_a_provider_in_trouble_is_said(fault: str, here: wiring.Installation, google: Any) -> None:
    """Try again in a moment."""
    google[0].faults.add(fault)
    body = show(here)["body"]
    assert state(body) == "slow"
    assert "Try again" in body


@pytest.mark.parametrize(("after", "told"), [({}, "a minute"), ({"retry-after": "300"}, "5 minutes")])
def test_a_limit_of_requests_is_said(after: Any, told: str, here: wiring.Installation, google: Any) -> None:
    """With when to try again."""
    google[0].faults.append((429, after, b"{}"))
    body = show(here)["body"]
    assert state(body) == "limited"
    assert f"Try again in {told}" in body


def test_a_used_up_quota_of_ours_is_said(here: wiring.Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google is not even asked."""

    def spent(*_: Any, **__: Any) -> None:
        raise Throttled("used up", retry_after_seconds=20)

    monkeypatch.setattr(gmail_calls.Quota, "spend", spent)
    assert state(show(here)["body"]) == "limited"


def test_a_revoked_grant_leads_to_reconnecting(here: wiring.Installation, google: Any) -> None:
    """And the mailbox says so from then on."""
    google[0].revoke_of(BOX)
    body = show(here)["body"]
    assert state(body) == "reconnect"
    assert "/settings/integrations#box-" in body
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    assert box.status is MailboxStatus.AUTHENTICATION_REQUIRED


def test_an_imported_mail_has_nobody_to_ask(google: Any, tmp_path: Path) -> None:
    """It says so."""
    made = install(tmp_path / "home", *google)
    box = importing.import_mailbox(made.rooms, wiring.OWNER, BOX)
    exported = [ExportedMessage("d", mail(1, "Thank you for applying to Acme", RECEIPT), tmp_path)]
    importing.import_messages(made.rooms, wiring.OWNER, box, lambda: exported)
    body = show(made)["body"]
    assert state(body) == "none"
    assert "export" in body


def test_the_page_stands_before_the_provider_has_answered(here: wiring.Installation, google: Any) -> None:
    """Nobody is asked for the page itself; a link does without JavaScript what the page does with it."""
    before = google[0].calls.copy()
    body = ask(here, "GET", f"/thread?fact={quote(fact_of(here), safe='')}", cookie=session(here))["body"]
    assert google[0].calls == before
    assert 'hx-trigger="load"' in body
    assert "now=1" in body


def test_other_pages_are_answered_while_the_provider_is_slow(
    here: wiring.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dashboard comes while a thread is being fetched, and the thread's answer is its own afterwards."""
    mine = session(here)
    asking, answered = threading.Event(), threading.Event()
    real = conversation.thread_of

    def slow(*args: Any) -> Any:
        asking.set()
        answered.wait(20)
        return real(*args)

    monkeypatch.setattr(conversation, "thread_of", slow)
    found: list[Any] = []
    fetching = threading.Thread(target=lambda: found.append(show(here, cookie=mine)))
    fetching.start()
    asking.wait(20)
    assert "Quick Commands" in ask(here, "GET", "/", cookie=mine)["body"]
    assert not found
    answered.set()
    fetching.join(20)
    assert CANARY in found[0]["body"]


@pytest.mark.parametrize("path", ["/thread", "/thread/messages"])
def test_another_persons_thread_is_not_there(path: str, here: wiring.Installation) -> None:
    """404, and nobody is asked."""
    here.store.people.put(Person(id=PersonId("eve")))
    answer = ask(here, "GET", f"{path}?fact={quote(fact_of(here), safe='')}", cookie=session(here, PersonId("eve")))
    assert answer["statusCode"] == 404


def test_the_application_leads_to_it(here: wiring.Installation) -> None:
    """From every mail of the timeline."""
    (only,) = here.store.projections.applications(wiring.OWNER)
    body = ask(here, "GET", f"/applications/{only.id}", cookie=session(here))["body"]
    for entry in only.timeline:
        assert f'href="/thread?fact={quote(entry.fact)}"' in html.unescape(body)


def linked(thread_id: str | None, provider: Provider = Provider.GMAIL, message_id: str = "a+b@x.example") -> str:
    box = Mailbox(
        id=MailboxId("m"), person_id=PersonId("p"), provider=provider, address=Personal("ann+work@gmail.example")
    )
    return outside(
        box,
        Signal(
            id=SignalId("m/1"), mailbox_id=box.id, provider_message_id=ProviderMessageId("1"), thread_id=thread_id,
            message_id=message_id, received_at=datetime(2026, 11, 1, tzinfo=UTC),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("thread_id", "provider", "message_id", "link"),
    [
        ("19ae4d662e46ed15", Provider.GMAIL, "", "https://mail.google.com/mail/?authuser=ann%2Bwork%40gmail.example#all/19ae4d662e46ed15"),
        ("1850000000000000000", Provider.IMPORT, "", "https://mail.google.com/mail/?authuser=ann%2Bwork%40gmail.example#all/19ac8532c2790000"),
        ("x&y#z", Provider.GMAIL, "a+b@x.example", "https://mail.google.com/mail/?authuser=ann%2Bwork%40gmail.example#search/rfc822msgid%3Aa%2Bb%40x.example"),
        (None, Provider.GMAIL, "", ""),
        ("<1@x>", Provider.IMPORT, "a@b", ""),
    ],
)  # fmt: skip
def test_open_in_gmail_names_the_account(thread_id: str | None, provider: Provider, message_id: str, link: str) -> None:
    """By its address, so that it does not matter which accounts are signed in; nothing of a hostile id gets into it."""
    assert linked(thread_id, provider, message_id) == link
