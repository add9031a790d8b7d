"""Who a sender's domain is: an ATS or its relay, a job board, a test or scheduling vendor, free mail, or an employer."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any, Final

#: Where the second-level name is public, the registrable domain has one label more.
RESERVED: Final = "example"
"""Stands for any top level in texts about mail (RFC 2606)."""
_SECOND_LEVEL: Final = frozenset(
    ["co", "com", "org", "net", "ac", "gov", "edu", "gob", "nom", "ltd", "plc", "me", "nhs", "sch"]
)


@functools.cache
def table() -> dict[str, Any]:
    """The table in senders.json."""
    loaded: dict[str, Any] = json.loads(files("hearback.reading").joinpath("senders.json").read_text(encoding="utf-8"))
    for name in ("assessment", "scheduling", "boards", "alerts", "freemail", "claimed"):
        loaded[name] = frozenset(loaded[name])
    return loaded


@functools.lru_cache(maxsize=4096)
def registrable(domain: str) -> str:
    """The registrable domain: "jobs.acme.co.uk" → "acme.co.uk"."""
    labels = [label for label in domain.lower().strip(".").split(".") if label]
    if len(labels) <= 2:  # noqa: PLR2004  already registrable
        return ".".join(labels)
    top, second = labels[-1], labels[-2]
    if (len(top) == 2 and second in _SECOND_LEVEL) or (  # noqa: PLR2004  a country code
        top == RESERVED and (len(second) == 2 or second in _SECOND_LEVEL)  # noqa: PLR2004  as above
    ):
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


@functools.lru_cache(maxsize=4096)
def vendor_of(domain: str) -> str | None:
    """The ATS behind a sender's domain or one of its parents."""
    labels = domain.lower().split(".")
    ats: dict[str, str] = table()["ats"]
    return next((ats[name] for at in range(len(labels) - 1) if (name := ".".join(labels[at:])) in ats), None)


def _listed(name: str, domain: str) -> bool:
    labels = domain.lower().split(".")
    known: frozenset[str] = table()[name]
    return any(".".join(labels[at:]) in known for at in range(max(len(labels) - 1, 1)))


def is_board(domain: str) -> bool:
    """A job board: it may carry an employer's news, and is never the employer."""
    return _listed("boards", domain)


def is_alert(address: str) -> bool:
    """An address that sends job alerts and digests."""
    return address.lower() in table()["alerts"]


def is_freemail(domain: str) -> bool:
    """Free mail: the domain says nothing about an employer."""
    return _listed("freemail", domain)


def is_vendor(domain: str) -> bool:
    """A vendor of tests or of scheduling."""
    return _listed("assessment", domain) or _listed("scheduling", domain)


def is_relay(domain: str) -> bool:
    """Any domain that carries mail for employers without being one."""
    return vendor_of(domain) is not None or is_board(domain) or is_vendor(domain)


def employer_domain(domain: str) -> str | None:
    """The registrable domain where it is an employer's own; None for relays, boards, vendors and free mail."""
    if not domain or "." not in domain or is_relay(domain) or is_freemail(domain):
        return None
    return registrable(domain)
