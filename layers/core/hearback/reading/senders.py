"""Who a sender's domain is: an ATS or its relay, a job board, a test or scheduling vendor, free mail, or an employer."""

from __future__ import annotations

import functools
import json
from collections.abc import Container, Iterator
from importlib.resources import files
from typing import Any, Final

COUNTRY: Final = 2
"""Letters of a country's top level."""
RESERVED: Final = "example"
"""Stands for any top level in texts about mail (RFC 2606)."""
#: Where the second-level name is public, the registrable domain has one label more.
_SECOND_LEVEL: Final = frozenset(
    ["co", "com", "org", "net", "ac", "gov", "edu", "gob", "nom", "ltd", "plc", "me", "nhs", "sch"]
)
_COUNTRIES: Final = frozenset({"gmx", "hotmail", "outlook", "yahoo"})
"""Free mail under the top level of any country: "yahoo.com.au", "outlook.ie"."""


@functools.cache
def trained_table() -> dict[str, Any]:
    """The table in senders.json as the weights know it; `since` is what has been learned of since they were trained."""
    loaded: dict[str, Any] = json.loads(files("hearback.reading").joinpath("senders.json").read_text(encoding="utf-8"))
    for name in ("assessment", "scheduling", "boards", "alerts", "freemail", "claimed"):
        loaded[name] = frozenset(loaded[name])
    return loaded


@functools.cache
def table() -> dict[str, Any]:
    """All that is known of senders."""
    known = trained_table()
    since = known["since"]
    return known | {
        "ats": known["ats"] | since["ats"],
        "boards": known["boards"] | set(since["boards"]),
        "since": since | {"freemail": frozenset(since["freemail"])},
    }


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
    return _among(table()[name], domain)


def _among(known: Container[str], domain: str) -> bool:
    labels = domain.lower().split(".")
    return any(".".join(labels[at:]) in known for at in range(max(len(labels) - 1, 1)))


def flags(domain: str) -> Iterator[str]:
    """What the weights see of a sender's domain: by the lists they were trained with, so that a longer list needs no training."""
    known = trained_table()
    if _among(known["ats"], domain):
        yield "ats"
    if _among(known["boards"], domain):
        yield "board"
    if is_vendor(domain):
        yield "vendor"
    if _among(known["freemail"], domain):
        yield "freemail"


def is_board(domain: str) -> bool:
    """A job board: it may carry an employer's news, and is never the employer."""
    return _listed("boards", domain)


def is_alert(address: str) -> bool:
    """An address that sends job alerts and digests."""
    return address.lower() in table()["alerts"]


def is_freemail(domain: str) -> bool:
    """Free mail: the domain says nothing about an employer. Of a provider that hosts others' mail only the domain itself is."""
    label, _, top = registrable(domain).partition(".")
    abroad = label in _COUNTRIES and len(top.rpartition(".")[2]) == COUNTRY
    return abroad or domain.lower() in table()["since"]["freemail"] or _listed("freemail", domain)


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
