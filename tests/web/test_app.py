"""Every route: sign-in required, changes only from our own pages, foreign ids 404, hostile text escaped, headers set."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, REJECTION, ask, connected, grant, install, mail, session
from hearback import wiring
from hearback.mailboxes.export import ExportedMessage
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import NeedsPerson, Transient
from hearback.model.ids import PersonId
from hearback.model.mailbox import Backfill, Provider
from hearback.model.person import Person
from hearback.sync import connect, importing, status
from hearback.web import (
    acting,
    acts,
    api,
    app,
    automation,
    connecting,
    history,
    inbox,
    many,
    misread,
    notes,
    plan,
    preferences,
    privacy,
    reminders,
    reviewing,
    router,
    routes,
    rules,
    threads,
    webhooks,
)
from hearback.web import (
    mail as mail_page,
)
from hearback.web.sign_in import Closed, begin_session, csrf_token

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return two_mails(google, tmp_path)


@pytest.fixture(scope="module")
def refusing(shared_google: Any, tmp_path_factory: pytest.TempPathFactory) -> wiring.Installation:
    """One installation for all the routes that refuse: they change nothing."""
    return two_mails(shared_google, tmp_path_factory.mktemp("refusing"))


def two_mails(google: Any, folder: Path) -> wiring.Installation:
    made = install(folder / "home", *google)
    text = "Dear Ann,\r\n\r\nThank you for applying to Acme. We have received your application for the Data Engineer position."
    google[0].deliver(BOX, mail(1, f"Thank you for applying to Acme {HOSTILE}", text))
    unsure = "Dear Ann,\r\n\r\nUnfortunately, we have decided not to move forward with your application at Borealis for the Data Engineer position."
    google[0].deliver(
        BOX, mail(2, f"Your application {HOSTILE}", unsure, sender="Borealis <jobs@borealis.example>", auth="fail")
    )
    connected(made, *google)
    return made


def every_route() -> list[tuple[str, str]]:
    """(method, path) of every route, taken from the router, ids filled in."""
    found = []
    for route in router.router._static_routes + router.router._dynamic_routes:
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", "nobody", route.rule.pattern).strip("^$").replace("\\", "")
        methods = route.method if isinstance(route.method, (list, tuple)) else [route.method]
        found += [(method, path) for method in methods]
    return found


assert all(
    (
        acting,
        acts,
        api,
        automation,
        connecting,
        history,
        inbox,
        mail_page,
        many,
        misread,
        notes,
        plan,
        preferences,
        privacy,
        reminders,
        reviewing,
        routes,
        rules,
        threads,
        webhooks,
    )
)  # importing them registered their routes
PRIVATE = [each for each in every_route() if not each[1].startswith(app.PUBLIC)]


def test_the_routes_are_found() -> None:
    """The enumeration is not empty, and knows the pages."""
    assert len(PRIVATE) > 25
    assert ("GET", "/inbox") in PRIVATE


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_nothing_is_shown_without_a_session(method: str, path: str, refusing: wiring.Installation) -> None:
    """Every private route is 401 for a stranger, with the security headers."""
    answer = ask(refusing, method, path, form={"csrf": "x"} if method == "POST" else None)
    assert answer["statusCode"] == 401
    assert "default-src 'none'" in answer["headers"]["content-security-policy"]
    assert answer["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [path for method, path in PRIVATE if method == "POST"])
def test_no_change_without_the_sessions_token(path: str, refusing: wiring.Installation) -> None:
    """A form without the token, or asked for by another site, is 403 and changes nothing."""
    mine = session(refusing)
    before = refusing.store.projections.version(wiring.OWNER)
    assert ask(refusing, "POST", path, cookie=mine, form={"csrf": "wrong"})["statusCode"] == 403
    good = {"csrf": csrf_token(mine)}
    assert (
        ask(refusing, "POST", path, cookie=mine, form=good, headers={"sec-fetch-site": "cross-site"})["statusCode"]
        == 403
    )
    assert refusing.store.projections.version(wiring.OWNER) == before


@pytest.mark.parametrize(("method", "path"), [each for each in PRIVATE if "nobody" in each[1]])
def test_another_persons_ids_lead_nowhere(method: str, path: str, refusing: wiring.Installation) -> None:
    """An id that is not theirs is as one that never was."""
    refusing.store.people.put(Person(id=PersonId("eve")))
    eve = session(refusing, PersonId("eve"))
    (mine,) = [each.id for each in refusing.store.projections.applications(wiring.OWNER)]
    box = refusing.store.mailboxes.of_person(wiring.OWNER)[0].id
    for id_ in ("nobody", mine, box):
        form = (
            {"csrf": csrf_token(eve), "stage": "applied", "text": "x", "company": "x", "other": mine}
            if method == "POST"
            else None
        )
        status = ask(refusing, method, path.replace("nobody", id_), cookie=eve, form=form)["statusCode"]
        assert status in {404, 409, 422}, (method, path, status)


def test_facts_of_another_person_cannot_be_acted_on(here: wiring.Installation) -> None:
    """Undo, confirm and ignore of a foreign fact are 404."""
    here.store.people.put(Person(id=PersonId("eve")))
    eve = session(here, PersonId("eve"))
    (application,) = here.store.projections.applications(wiring.OWNER)
    for path in (
        "/facts/revert",
        "/facts/undo",
        "/review/confirm",
        "/review/ignore",
        "/review/ignore-sender",
        "/review/outcome",
    ):
        form = {"csrf": csrf_token(eve), "fact": application.facts[0]}
        assert ask(here, "POST", path, cookie=eve, form=form)["statusCode"] == 404


def test_hostile_text_is_shown_as_text(here: wiring.Installation) -> None:
    """A script in a subject line appears escaped on every page."""
    mine = session(here)
    (application,) = here.store.projections.applications(wiring.OWNER)
    for path in ("/", f"/applications/{application.id}", "/inbox", "/settings/integrations"):
        answer = ask(here, "GET", path, cookie=mine)
        assert answer["statusCode"] == 200
        assert HOSTILE not in answer["body"]
    assert "&lt;script&gt;" in ask(here, "GET", "/inbox", cookie=mine)["body"]


def test_confirming_applies_and_undo_takes_it_back(here: wiring.Installation) -> None:
    """What the person does in review moves the application; undoing the act restores the item."""
    mine = session(here)
    (item,) = here.store.projections.review(wiring.OWNER)
    form = {"csrf": csrf_token(mine), "fact": item.fact, "application": ""}
    assert ask(here, "POST", "/review/confirm", cookie=mine, form=form)["statusCode"] == 303
    assert not here.store.projections.review(wiring.OWNER)
    assert {each.company for each in here.store.projections.applications(wiring.OWNER)} == {"Acme", "Borealis"}


def test_setting_a_stage_is_one_undoable_act(here: wiring.Installation) -> None:
    """Withdrawn by hand, then undone from the timeline."""
    mine = session(here)
    (application,) = here.store.projections.applications(wiring.OWNER)
    form = {"csrf": csrf_token(mine), "stage": "withdrawn"}
    ask(here, "POST", f"/applications/{application.id}/stage", cookie=mine, form=form)
    (changed,) = here.store.projections.applications(wiring.OWNER)
    assert changed.stage == "withdrawn"
    undo = {"csrf": csrf_token(mine), "fact": changed.timeline[-1].fact}
    ask(here, "POST", "/facts/undo", cookie=mine, form=undo)
    assert [each.stage for each in here.store.projections.applications(wiring.OWNER)] == ["applied"]


def test_htmx_is_answered_with_a_trigger(here: wiring.Installation) -> None:
    """No page is sent back; the parts refresh themselves."""
    mine = session(here)
    answer = ask(here, "POST", "/sync", cookie=mine, form={"csrf": csrf_token(mine)}, headers={"hx-request": "true"})
    assert (answer["statusCode"], answer["headers"]["hx-trigger"]) == (204, "hearback-changed")


def test_a_mailbox_without_access_offers_to_reconnect(here: wiring.Installation) -> None:
    """No Sync Now on its card; asking for one all the same is told the truth, or leads to where it is mended."""
    mine = session(here)
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    page = f"/connect/{box.provider}"
    before = ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
    assert "Sync Now" in before
    assert page not in before.replace('href="/connect/gmail"', "")
    status.require_person(here.rooms, wiring.OWNER, box.id, NeedsPerson("gone"))
    after = ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
    assert "Sync Now" not in after
    assert f'action="{page}"' in after
    for form in ({}, {"mailbox": box.id}):
        asked = {"csrf": csrf_token(mine), **form}
        plain = ask(here, "POST", "/sync", cookie=mine, form=asked)
        assert plain["statusCode"] == 409
        assert "Reconnect" in plain["body"]
        behind = ask(here, "POST", "/sync", cookie=mine, form=asked, headers={"hx-request": "true"})
        assert behind["headers"]["hx-redirect"] == "/settings/integrations"
        assert "hx-trigger" not in behind["headers"]


def test_disconnecting_says_whether_the_grant_is_given_back(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Google could not be told, the page leads to where the person can do it."""
    mine = session(here)
    (box,) = here.store.mailboxes.of_person(wiring.OWNER)
    form = {"csrf": csrf_token(mine)}
    with monkeypatch.context() as patched:

        def fail(*_: Any) -> None:
            raise Transient("out of reach")

        patched.setattr(GmailDoor, "revoke", fail)
        answer = ask(here, "POST", f"/mailboxes/{box.id}/disconnect", cookie=mine, form=form)
    assert answer["statusCode"] == 200
    assert "myaccount.google.com/permissions" in answer["body"]
    again = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    answer = ask(here, "POST", f"/mailboxes/{again.id}/disconnect", cookie=mine, form=form)
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, "/settings/integrations")


def test_a_link_signs_in_once(here: wiring.Installation) -> None:
    """The second use is refused with what to do."""
    link = here.sign_in.issue(wiring.OWNER)
    first = ask(here, "GET", link)
    assert first["statusCode"] == 303
    assert "HttpOnly" in first["cookies"][0]
    assert "SameSite=Lax" in first["cookies"][0]
    again = ask(here, "GET", link)
    assert again["statusCode"] == 401
    assert "used already" in again["body"]


def test_a_deployed_installation_without_sign_in_refuses_everyone(here: wiring.Installation) -> None:
    """The page says why."""
    event = {
        "rawPath": "/start",
        "headers": {},
        "queryStringParameters": {"link": "x"},
        "requestContext": {"http": {"method": "GET", "path": "/start"}, "stage": "$default"},
        "cookies": [],
    }
    answer = app.handle(event, None, replace(here.web, sign_in=Closed()))
    assert answer["statusCode"] == 401
    assert "not configured" in answer["body"]


def test_a_stored_session_ends(here: wiring.Installation) -> None:
    """After its lifetime the cookie is worth nothing."""
    from datetime import timedelta

    old = begin_session(here.store, wiring.OWNER, here.clock() - timedelta(days=31))
    assert ask(here, "GET", "/", cookie=old)["statusCode"] == 401


def test_threads_are_counted_not_messages(google: Any, tmp_path: Path) -> None:
    """Three mails of two conversations are two threads, in the header while syncing and on the settings page."""
    made = install(tmp_path / "home", *google)
    for number, thread in ((1, "a"), (2, "a"), (3, "b")):
        google[0].deliver(BOX, mail(number, "Thank you for applying to Acme", RECEIPT), thread_key=thread)
    box = connected(made, *google)
    mine = session(made)
    monitored = re.search(
        r"Threads Monitored</dt><dd>(\d+)<", ask(made, "GET", "/settings/integrations", cookie=mine)["body"]
    )
    assert monitored is not None
    assert monitored[1] == "2"
    running = replace(box, backfill=Backfill(since=made.clock(), found=6))
    made.store.mailboxes.put(running)
    header = ask(made, "GET", "/fragments/header", cookie=mine)["body"]
    assert "Syncing 2 active threads" in header
    assert 'value="50"' in header


def test_an_imports_threads_are_told_by_what_they_refer_to(google: Any, tmp_path: Path) -> None:
    """An export without thread ids: an answer belongs to the mail it answers."""
    made = install(tmp_path / "home", *google)
    box = importing.import_mailbox(made.rooms, wiring.OWNER, BOX)
    first = mail(1, "Thank you for applying to Acme", RECEIPT)
    second = mail(2, "Your application at Acme", REJECTION).replace(
        b"Subject:", b"References: <1@acme.example>\r\nSubject:"
    )
    exported = [ExportedMessage(str(number), content, tmp_path) for number, content in enumerate((first, second))]
    importing.import_messages(made.rooms, wiring.OWNER, box, lambda: exported)
    assert len(lines := made.store.ledger.entries(wiring.OWNER, box.id)) == 2
    assert len({each.conversation for each in lines}) == 1
