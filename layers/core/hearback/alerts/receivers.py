"""A person's webhook receivers: added with a secret of their own, listed, removed. Sealed like every setting."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final

from hearback.alerts.addresses import checked
from hearback.alerts.rooms import Alerts
from hearback.model.endpoint import Endpoint
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import Personal, PersonId
from hearback.model.plan import Feature, allows

MAX_ENDPOINTS: Final = 20
MAX_URL: Final = 2048
_PREFIX: Final = "webhook:"


@dataclass(frozen=True, slots=True)
class Receivers:
    """The receivers of one installation's people, as its pages work with them."""

    alerts: Alerts

    def included(self, person: PersonId) -> bool:
        """Whether the person's plan has webhooks."""
        return allows(self.alerts.store.people.get(person).plan, Feature.WEBHOOKS)

    def add(self, person: PersonId, url: str) -> Endpoint:
        """A new endpoint with its own secret. Permanent: its text says why the address may not be used."""
        if not self.included(person):
            raise Permanent("Webhooks are not part of your plan.")
        if len(url) > MAX_URL:
            raise Permanent("That address is too long.")
        if len(self.all(person)) >= MAX_ENDPOINTS:
            raise Permanent(f"There are {MAX_ENDPOINTS} webhooks already; remove one first.")
        checked(url, allow_loopback=self.alerts.allow_loopback)
        endpoint = Endpoint(
            id=f"wh-{secrets.token_hex(6)}",
            url=Personal(url),
            secret=Personal("whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()),
        )
        store(self.alerts, person, endpoint)
        return endpoint

    def remove(self, person: PersonId, endpoint: str) -> None:
        """Forget an endpoint; what waits for it is not delivered any more. NotFound: it is none of theirs."""
        if load(self.alerts, person, endpoint) is None:
            raise NotFound("This webhook is not there any more.")
        self.alerts.store.people.put_setting(person, _PREFIX + endpoint, None)

    def all(self, person: PersonId) -> list[Endpoint]:
        """The person's endpoints. NotFound: erased."""
        return [_decoded(body) for _, body in self.alerts.store.people.settings(person, _PREFIX)]


def load(alerts: Alerts, person: PersonId, endpoint: str) -> Endpoint | None:
    """One endpoint; None: it was removed."""
    body = alerts.store.people.setting(person, _PREFIX + endpoint)
    return None if body is None else _decoded(body)


def store(alerts: Alerts, person: PersonId, endpoint: Endpoint) -> None:
    """Keep an endpoint as it stands now. NotFound: the person was erased."""
    alerts.store.people.put_setting(person, _PREFIX + endpoint.id, json.dumps(asdict(endpoint)).encode())


def _decoded(body: bytes) -> Endpoint:
    data = json.loads(body)
    log = tuple((str(at), str(event), str(outcome)) for at, event, outcome in data["log"])
    texts = {"url": Personal(data["url"]), "secret": Personal(data["secret"])}
    return Endpoint(**{**data, **texts, "log": log})
