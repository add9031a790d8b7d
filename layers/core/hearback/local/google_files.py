"""The person's Google files in HEARBACK_HOME: taken over once, used by every command from then on.

    hearback up --google-client FILE   ─► HOME/google_client.json            connecting Gmail
    hearback up --google-key FILE      ─► HOME/google_service_account.json   being told of new mail (Pub/Sub)

An environment variable counts more than a file in the home.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import SecretStr

from hearback.mailboxes.google_files import ClientFile, KeyFile, client_file, key_file
from hearback.model.errors import Permanent
from hearback.settings import Settings

CLIENT: Final = "google_client.json"
KEY: Final = "google_service_account.json"
TOPIC: Final = "projects/{project}/topics/hearback-gmail"
SUBSCRIPTION: Final = "projects/{project}/subscriptions/hearback-gmail-pull"
"""The names docs/gmail.md gives them; HEARBACK_GMAIL_TOPIC and HEARBACK_GMAIL_SUBSCRIPTION name others."""

T = TypeVar("T", ClientFile, KeyFile)


def take_over(settings: Settings, client: Path | None, key: Path | None) -> None:
    """Keep these files in the home. Permanent: one cannot be used, and nothing was changed."""
    taken = [(CLIENT, _read(client, client_file).text())] if client else []
    taken += [(KEY, _read(key, key_file).text())] if key else []
    for name, text in taken:
        path = settings.home / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)


def client_of(settings: Settings) -> ClientFile | None:
    """The client in the home. Permanent: it cannot be used."""
    path = settings.home / CLIENT
    return _read(path, client_file) if path.exists() else None


def key_of(settings: Settings) -> KeyFile | None:
    """The service account's key: the one HEARBACK_GOOGLE_SERVICE_ACCOUNT names, else the one in the home. Permanent."""
    path = settings.google_service_account or settings.home / KEY
    return _read(path, key_file) if settings.google_service_account or path.exists() else None


def into(settings: Settings) -> Settings:
    """The settings with what the files in the home say. Permanent: one of them cannot be used."""
    client, key = client_of(settings), key_of(settings)
    update: dict[str, Any] = {}
    if client is not None and not settings.google_client.get_secret_value():
        update["google_client"] = SecretStr(f"{client.client_id}:{client.client_secret}")
    if key is not None:
        update["google_service_account"] = settings.google_service_account or settings.home / KEY
        update["gmail_topic"] = settings.gmail_topic or TOPIC.format(project=key.project)
        update["gmail_subscription"] = settings.gmail_subscription or SUBSCRIPTION.format(project=key.project)
    return settings.model_copy(update=update)


def _read(path: Path, parse: Callable[[str], T]) -> T:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Permanent(f"{path} cannot be read: {why}.") from error
    except Permanent as error:
        raise Permanent(f"{path}: {error}") from error
