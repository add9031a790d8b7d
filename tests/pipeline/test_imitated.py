"""Mail that joins an application from an address made to look like its employer's waits for the person."""

from __future__ import annotations

from typing import Any

from strategies import signal

from hearback.model.application import Stage
from hearback.model.ids import Personal
from hearback.model.message import Address
from hearback.model.signal import Kind, Signal
from hearback.pipeline.folding import fold


def _rejection(number: int, domain: str, **fields: Any) -> Signal:
    sender = Address(Personal(f"jobs@{fields.pop('host', domain)}"), Personal("Acme"))
    return signal(number, kind=Kind.REJECTION, domain=domain, sender=sender, **fields)


def test_an_address_that_looks_like_the_employers_changes_nothing() -> None:
    """The review says whose it looks like."""
    folded = fold([signal(1), _rejection(2, "acrne.example")])
    assert [each.stage for each in folded.applications] == [Stage.APPLIED]
    assert [item.reason for item in folded.review] == ["The address looks like acme.example but is not."]


def test_the_employers_domain_in_front_of_another_changes_nothing() -> None:
    """What counts of a domain is its end."""
    folded = fold([signal(1), _rejection(2, "evil.example", host="acme.example.evil.example")])
    assert [each.stage for each in folded.applications] == [Stage.APPLIED]


def test_the_employers_own_address_acts() -> None:
    """So does another one that does not look like it."""
    for domain in ("acme.example", "acme-jobs.example", "agency.example"):
        assert [each.stage for each in fold([signal(1), _rejection(2, domain)]).applications] == [Stage.REJECTED]


def test_the_order_of_arrival_does_not_matter() -> None:
    """Who wrote first counts, not which was read first."""
    facts = [signal(1), _rejection(2, "acrne.example")]
    assert fold(facts) == fold(reversed(facts))
