"""The two files a person downloads from the Google Cloud console: an OAuth client, and a service account's key.

Only what is needed is taken from them: where Google is stands in our code, not in a file. Errors name the file's fault and where
the right one comes from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from hearback.model.errors import Permanent

MAX_FILE: Final = 64 * 1024
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_CLIENTS: Final = "Google Auth Platform, Clients, of the Google Cloud console"


@dataclass(frozen=True, slots=True)
class ClientFile:
    """An OAuth client as downloaded."""

    kind: Literal["installed", "web"]
    """installed: made as "Desktop app", comes back to any port of this machine; web: to the addresses it was registered with."""
    client_id: str
    client_secret: str = field(repr=False)
    project: str = ""
    """The Google Cloud project's id, where the file tells it."""

    def text(self) -> str:
        """The file again, with what is needed of it."""
        held = {"client_id": self.client_id, "client_secret": self.client_secret, "project_id": self.project}
        return json.dumps({self.kind: held}, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A service account's key as downloaded."""

    email: str
    project: str
    info: dict[str, str] = field(repr=False)
    """What google-auth signs with."""

    def text(self) -> str:
        """The file again, with what is needed of it."""
        return json.dumps(self.info, indent=2) + "\n"


def client_file(text: str) -> ClientFile:
    """An OAuth client from its JSON. Permanent: what the file is instead, and where the right one is."""
    data = _json(text, "an OAuth client")
    if data.get("type") == "service_account":
        raise Permanent(
            f"This is a service account's key, not an OAuth client; download the client's JSON under {_CLIENTS}."
        )
    if data.get("type") == "authorized_user":
        raise Permanent(
            f"This holds somebody's login, not an OAuth client; download the client's JSON under {_CLIENTS}."
        )
    kind: Literal["installed", "web"] | None = "installed" if "installed" in data else "web" if "web" in data else None
    held = data.get(kind) if kind else None
    if kind is None or not isinstance(held, dict):
        raise Permanent(
            f"This is no OAuth client: neither “installed” nor “web” is in it. Download its JSON under {_CLIENTS}."
        )
    client_id, secret = held.get("client_id"), held.get("client_secret")
    if not isinstance(client_id, str) or not _word(client_id) or ":" in client_id:
        raise Permanent(f"No usable client_id is in this file; download the client's JSON again under {_CLIENTS}.")
    if not isinstance(secret, str) or not _word(secret):
        raise Permanent(
            "No client_secret is in this file: Google shows a secret only when it is made. Open the client under"
            f" {_CLIENTS}, press “Add secret”, and download the JSON there."
        )
    project = held.get("project_id")
    return ClientFile(kind, client_id, secret, project if isinstance(project, str) else "")


def key_file(text: str) -> KeyFile:
    """A service account's key from its JSON. Permanent."""
    data = _json(text, "a service account's key")
    if "installed" in data or "web" in data:
        raise Permanent(
            "This is an OAuth client, not a service account's key; docs/gmail.md says where to make the key."
        )
    needed = ("private_key", "private_key_id", "client_email", "project_id")
    if data.get("type") != "service_account" or not all(isinstance(data.get(name), str) for name in needed):
        raise Permanent("This is no service account's key; docs/gmail.md says where to make one (key type JSON).")
    info = {"type": "service_account", **{name: str(data[name]) for name in needed}}
    return KeyFile(info["client_email"], info["project_id"], info)


def fits(client: ClientFile, public_url: str) -> None:
    """Permanent: a desktop client, and people come back to another machine than this."""
    if client.kind == "installed" and urlsplit(public_url).hostname not in LOOPBACK:
        raise Permanent(
            f"A client of type “Desktop app” only comes back to this machine, not to {public_url}; make one of type"
            " “Web application” with that address as authorized redirect URI (docs/gmail.md)."
        )


def _word(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable() and " " not in value


def _json(text: str, what: str) -> dict[str, Any]:
    try:
        data = json.loads(text) if len(text) <= MAX_FILE else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Permanent(f"This file is no JSON as Google gives it for {what}; download it again and do not edit it.")
    return data
