"""Everything an installation is told from outside: environment variables, checked once, with errors a person can use."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, model_validator

from hearback.model.errors import Permanent

PREFIX = "HEARBACK_"


class StoreKind(StrEnum):
    """Where facts live."""

    SQLITE = "sqlite"
    DYNAMODB = "dynamodb"


class Settings(BaseModel):
    """One installation's settings; each field is read from HEARBACK_<NAME IN CAPITALS>."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store: StoreKind = StoreKind.SQLITE
    home: Path = Path(".hearback")
    """Embedded: the folder of the store, the queue and the keys."""
    port: int = 8765
    open: bool = True
    """Embedded: open the person's browser when ready."""

    table: str = ""
    keys_table: str = ""
    kms_key: str = ""
    queue_url: str = ""
    backfill_queue_url: str = ""
    deliver_queue_url: str = ""
    dlq_url: str = ""
    websocket_url: str = ""
    """The management endpoint of the WebSocket API."""
    live_url: str = ""
    """Where a browser opens its WebSocket; empty: /live on the page's own origin."""
    public_url: str = ""
    """The origin people open, without a slash at the end."""

    google_client: SecretStr = SecretStr("")
    """client id and client secret of the person's own OAuth client, joined by a colon."""
    google_root: str = ""
    """Another root for all Google addresses: the simulator's."""
    gmail_topic: str = ""
    """Pub/Sub topic Gmail publishes to; empty: no push, the sweep finds mail."""
    gmail_subscription: str = ""
    """The Pub/Sub subscription to that topic; pulled from where there is a service account and no push account."""
    google_service_account: Path | None = None
    """The key file of the service account that may pull from it."""
    push_audience: str = ""
    push_account: str = ""
    """Audience and service account of the Pub/Sub push subscription."""
    test_sign_in_token: SecretStr = SecretStr("")
    """Only for the deploy test: whoever knows it is signed in. Empty in every real installation."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.store is StoreKind.DYNAMODB:
            needed = (
                "table",
                "keys_table",
                "kms_key",
                "queue_url",
                "backfill_queue_url",
                "deliver_queue_url",
                "dlq_url",
            )
            missing = [PREFIX + name.upper() for name in needed if not getattr(self, name)]
            if missing:
                raise ValueError(f"set {', '.join(missing)} as well")
        secret = self.google_client.get_secret_value()
        if secret and ":" not in secret:
            raise ValueError("HEARBACK_GOOGLE_CLIENT must be the client id and the client secret joined by a colon")
        return self


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process. Permanent: a variable cannot be used, named with the reason."""
    source = os.environ if environment is None else environment
    values = {
        name: source[PREFIX + name.upper()] for name in Settings.model_fields if source.get(PREFIX + name.upper())
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper() + ": " if first["loc"] else ""
        raise Permanent(f"Settings: {name}{first['msg'].removeprefix('Value error, ')}.") from None
