"""The settings a person changes: webhooks, how much is kept of a mail, erasing everything."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, ask, connected, install, mail, session
from hearback import wiring
from hearback.alerts import notify
from hearback.model.errors import NotFound
from hearback.model.person import PrivacyLevel
from hearback.model.plan import Plan
from hearback.model.signal import Signal
from hearback.model.task import Lane
from hearback.web.sign_in import csrf_token

OUTSIDE = "https://93.184.216.34/hook"
HTMX = {"hx-request": "true"}


def own(number: int, company: str) -> bytes:
    """What the person wrote back."""
    text = "Thank you, Tuesday works for me."
    return mail(number, f"Re: Thank you for applying to {company}", text, sender=BOX, auth="none").replace(
        f"To: {BOX}".encode(), f"To: jobs@{company.lower()}.example".encode()
    )


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="acme")
    google[0].deliver(BOX, own(2, "Acme"), labels=("SENT",), thread_key="acme")
    connected(made, *google)
    return made


def post(here: wiring.Installation, path: str, mine: str, headers: dict[str, str] | None = None, **form: str) -> Any:
    return ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), **form}, headers=headers)


def endpoints(here: wiring.Installation) -> Any:
    return here.web.receivers.all(wiring.OWNER)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_webhook_is_added_and_its_secret_shown_once(headers: dict[str, str], here: wiring.Installation) -> None:
    """The answer holds the secret; no page shows it again; deliveries are queued for it from then on."""
    mine = session(here)
    answer = post(here, "/webhooks", mine, headers, url=OUTSIDE)
    (added,) = endpoints(here)
    assert answer["statusCode"] == 200
    assert added.secret in answer["body"]
    assert ("<!doctype html>" in answer["body"]) is not bool(headers)
    page = ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
    assert OUTSIDE in page
    assert added.secret not in page
    loud = replace(here.store.outbox.pending()[0], event="offer.extended", silent=False)
    notify.notify(here.alerts, [loud])
    assert len(here.queue.receive(lane=Lane.DELIVER, visibility_seconds=60)) == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.com/", "https"),
        ("https://10.0.0.1/", "private network"),
        ("https://[64:ff9b::a00:1]/", "private network"),
        ("https://no-such-host.invalid/", "cannot be resolved"),
        ("https://[::1", "no web address"),
        ("", "https"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_address_that_cannot_be_used_is_explained_where_it_was_typed(
    headers: dict[str, str], url: str, words: str, here: wiring.Installation
) -> None:
    """In words beside the field, which keeps what was typed; nothing is added."""
    answer = post(here, "/webhooks", session(here), headers, url=url)
    assert answer["statusCode"] == 422
    found = re.search(r'id="webhook-error" role="alert">([^<]+)<', answer["body"])
    assert found is not None
    assert words in found[1]
    assert f'value="{url}"' in answer["body"]
    assert endpoints(here) == []


def test_a_webhook_is_removed(here: wiring.Installation) -> None:
    """From the page and from what is delivered to; a second time it is 404."""
    mine = session(here)
    post(here, "/webhooks", mine, url=OUTSIDE)
    (added,) = endpoints(here)
    assert post(here, f"/webhooks/{added.id}/remove", mine)["statusCode"] == 303
    assert endpoints(here) == []
    assert OUTSIDE not in ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
    assert post(here, f"/webhooks/{added.id}/remove", mine)["statusCode"] == 404


def test_a_plan_without_webhooks_offers_none(here: wiring.Installation) -> None:
    """The page says which plan has them, and a form sent all the same is refused in words."""
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    mine = session(here)
    assert "Enterprise" in ask(here, "GET", "/settings/integrations", cookie=mine)["body"]
    assert post(here, "/webhooks", mine, url=OUTSIDE)["statusCode"] == 422
    assert endpoints(here) == []


def kept(here: wiring.Installation) -> list[Signal]:
    return [fact for fact in here.store.facts.all(wiring.OWNER) if isinstance(fact, Signal)]


def test_strict_keeps_only_what_was_derived_of_old_and_new_mail(here: wiring.Installation, google: Any) -> None:
    """No sentence and no recipient is left in facts or on a page; applications stand where they stood."""
    mine = session(here)
    (before,) = here.store.projections.applications(wiring.OWNER)
    assert [each.evidence for each in before.timeline if each.evidence]
    assert [each.recipients for each in kept(here) if each.recipients]
    assert post(here, "/settings/privacy/level", mine, level="strict")["statusCode"] == 303
    assert here.store.people.get(wiring.OWNER).privacy is PrivacyLevel.STRICT
    receipt = RECEIPT.replace("Acme", "Borealis")
    new = mail(3, "Thank you for applying to Borealis", receipt, sender="B <jobs@borealis.example>")
    google[0].deliver(BOX, new, thread_key="borealis")
    google[0].deliver(BOX, own(4, "Borealis"), labels=("SENT",), thread_key="borealis")
    connected(here, *google)
    assert len(kept(here)) == 4
    assert {(each.evidence, each.recipients) for each in kept(here)} == {(None, ())}
    assert {each.company for each in here.store.projections.applications(wiring.OWNER)} == {"Acme", "Borealis"}
    after = here.store.projections.application(wiring.OWNER, before.id)
    assert (after.stage, after.role, after.facts) == (before.stage, before.role, before.facts)
    assert [each.evidence for each in after.timeline if each.evidence] == []
    page = ask(here, "GET", f"/applications/{before.id}", cookie=mine)["body"]
    assert "We have received your application" not in page


def test_the_privacy_page_shows_what_was_chosen(here: wiring.Installation) -> None:
    """Standard first, Strict once chosen; a level that is none is refused."""
    mine = session(here)
    for level in ("standard", "strict", "standard"):
        post(here, "/settings/privacy/level", mine, level=level)
        page = ask(here, "GET", "/settings/privacy", cookie=mine)["body"]
        assert re.findall(r'value="(\w+)" checked', page) == [level]
    assert post(here, "/settings/privacy/level", mine, level="none")["statusCode"] == 404


@pytest.mark.parametrize("typed", ["", "yes", "erase"])
def test_nothing_is_erased_without_the_words(typed: str, here: wiring.Installation) -> None:
    """The page says so and asks again."""
    answer = post(here, "/settings/privacy/erase", session(here), confirm=typed)
    assert answer["statusCode"] == 422
    assert "Nothing was erased" in answer["body"]
    assert here.store.projections.applications(wiring.OWNER)


def test_erasing_gives_access_back_and_leaves_nothing(here: wiring.Installation, google: Any) -> None:
    """A receipt, no grant at the provider, no key, no person, and the session is worth nothing any more."""
    mine = session(here)
    answer = post(here, "/settings/privacy/erase", mine, confirm=" Erase Everything ")
    assert answer["statusCode"] == 200
    assert "Everything was erased" in answer["body"]
    assert "Max-Age=0" in answer["cookies"][0]
    assert not google[0].grants
    for gone in (here.store.people.get, here.keys.get):
        with pytest.raises(NotFound):
            gone(wiring.OWNER)
    assert ask(here, "GET", "/", cookie=mine)["statusCode"] == 401
