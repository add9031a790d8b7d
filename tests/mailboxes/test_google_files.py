"""The files of the Google console: the right ones are taken, every wrong one is named with where the right one is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hearback.mailboxes.google_files import client_file, fits, key_file
from hearback.model.errors import Permanent

HELD = {"client_id": "1-a.apps.googleusercontent.com", "client_secret": "GOCSPX-s", "project_id": "mine"}
KEY = {
    "type": "service_account",
    "project_id": "mine",
    "private_key_id": "1",
    "private_key": "-----BEGIN",
    "client_email": "hearback@mine.iam.gserviceaccount.com",
    "token_uri": "https://evil.example/token",
}


@pytest.mark.parametrize("kind", ["installed", "web"])
def test_both_sorts_of_client_are_taken(kind: str) -> None:
    """As downloaded, whatever else stands in it; what is kept reads the same."""
    found = client_file(json.dumps({kind: {**HELD, "auth_uri": "https://evil.example", "redirect_uris": []}}))
    assert (found.kind, found.client_id, found.client_secret, found.project) == (kind, *HELD.values())
    assert client_file(found.text()) == found
    assert "evil" not in found.text()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "no JSON"),
        ("[]", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("{}", "neither “installed” nor “web”"),
        ({"installed": []}, "neither “installed” nor “web”"),
        (KEY, "service account's key, not an OAuth client"),
        ({"type": "authorized_user", "client_id": "x"}, "somebody's login"),
        ({"installed": {**HELD, "client_id": ""}}, "No usable client_id"),
        ({"installed": {**HELD, "client_id": "a:b"}}, "No usable client_id"),
        ({"web": {"client_id": "x"}}, "Add secret"),
        ({"web": {**HELD, "client_secret": "two words"}}, "Add secret"),
    ],
)
def test_what_is_no_client_says_what_it_is(data: Any, words: str) -> None:
    """And where the right file comes from."""
    with pytest.raises(Permanent, match=words):
        client_file(data if isinstance(data, str) else json.dumps(data))


def test_a_key_is_taken_without_the_addresses_in_it() -> None:
    """Where Google is stands in our code: a file cannot send a signed token elsewhere."""
    found = key_file(json.dumps(KEY))
    assert (found.email, found.project) == (KEY["client_email"], "mine")
    assert "evil" not in found.text()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"installed": HELD}, "This is an OAuth client"),
        ({**KEY, "type": "external_account"}, "no service account's key"),
        ({**KEY, "private_key": None}, "no service account's key"),
    ],
)
def test_what_is_no_key_says_so(data: Any, words: str) -> None:
    """Each with its reason."""
    with pytest.raises(Permanent, match=words):
        key_file(json.dumps(data))


def test_a_desktop_client_is_for_this_machine_only() -> None:
    """Google sends nobody from it to another address, so the installation says so before anybody tries."""
    desktop, web = (client_file(json.dumps({kind: HELD})) for kind in ("installed", "web"))
    fits(desktop, "http://127.0.0.1:9000")
    fits(web, "https://hearback.example")
    with pytest.raises(Permanent, match="Web application"):
        fits(desktop, "https://hearback.example")
