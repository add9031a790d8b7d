"""A person with very many applications: made of the corpus' own company names, roles and people, so that names meet as they do."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

from encoder import mail

from hearback.model.ids import MailboxId, Personal, ProviderMessageId, signal_id
from hearback.model.message import Address, Origin
from hearback.model.signal import Detail, InterviewAction, InterviewNotice, Kind, Signal
from hearback.pipeline.names import company_words

BEGIN: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)
BOX: Final = MailboxId("import-crowd")
SPREAD_DAYS: Final = 600
PER_APPLICATION: Final = 10
AGENCY_SHARE: Final = 0.1
"""So much of it goes through one of a few agencies; a few big employers get as much."""


class Crowd:
    """Makes the mail of `applications` candidacies, each of about ten messages."""

    def __init__(self, corpus: Path, applications: int, *, seed: int = 7) -> None:
        self._dice = random.Random(seed)
        companies, roles, people = _words(corpus)
        self._companies, self._roles, self._people = companies, roles, people
        self._dice.shuffle(self._companies)
        self._number = itertools.count()
        self._slots = itertools.count()
        self._applications = applications
        self._big = self._companies[:3]
        self._agencies = [f"{name} Recruitment" for name in self._companies[3:8]]

    def signals(self) -> Iterator[Signal]:
        """In no particular order of time."""
        for _ in range(self._applications):
            yield from self._candidacy()

    def _candidacy(self) -> Iterator[Signal]:
        dice = self._dice
        begun = BEGIN + timedelta(days=dice.uniform(0, SPREAD_DAYS))
        chance = dice.random()
        house = dice.choice(self._agencies) if chance < AGENCY_SHARE else None
        company = dice.choice(self._big) if chance > 1 - AGENCY_SHARE else dice.choice(self._companies[8:])
        role = dice.choice(self._roles)
        contact = f"{dice.choice(self._people).split()[0]} {dice.choice(self._people).split()[1]}"
        domain = "".join(company_words(house or company))[:30] + ".example"
        relay = Address(Personal("no-reply@ats.example"), Personal(company))
        person = Address(
            Personal(f"{contact.split(maxsplit=1)[0].lower()}.{contact.rsplit(maxsplit=1)[-1].lower()}@{domain}"),
            Personal(contact),
        )
        requisition = f"R-{dice.randint(10_000, 99_999)}" if dice.random() < 0.5 else None
        receipt = self._make(
            begun, Kind.APPLICATION_CONFIRMATION, company, role, relay, None, requisition_id=requisition
        )
        yield receipt
        yield self._make(
            begun + timedelta(days=4), Kind.STATUS_UPDATE, company, role, relay, None, detail=Detail.UNDER_REVIEW
        )
        slot = BEGIN + timedelta(minutes=30 * next(self._slots))
        first = self._make(
            begun + timedelta(days=8),
            Kind.INTERVIEW_INVITATION,
            company,
            role,
            person,
            domain,
            interview=InterviewNotice(action=InterviewAction.INVITE, start_at=slot),
        )
        yield first
        answers = (first.message_id,)
        for day, action in ((9, InterviewAction.RESCHEDULE), (10, InterviewAction.CONFIRM)):
            moved = InterviewNotice(action=action, start_at=slot + timedelta(minutes=1))
            yield self._make(
                begun + timedelta(days=day),
                Kind.INTERVIEW_INVITATION,
                company,
                None,
                person,
                domain,
                interview=moved,
                references=answers,
            )
        for day in (9.5, 11):
            yield self._make(
                begun + timedelta(days=day),
                Kind.OTHER,
                None,
                None,
                Address(Personal("me@mail.example"), Personal("Me")),
                domain,
                sent=True,
                references=answers,
                recipients=(person,),
            )
        for day, kind in ((14, Kind.ASSESSMENT), (20, Kind.STATUS_UPDATE), (30, Kind.REJECTION)):
            yield self._make(begun + timedelta(days=day), kind, company, role, person, domain)

    def _make(
        self,
        at: datetime,
        kind: Kind,
        company: str | None,
        role: str | None,
        sender: Address,
        domain: str | None,
        **more: Any,
    ) -> Signal:
        number = ProviderMessageId(f"c{next(self._number):06d}")
        return Signal(
            id=signal_id(BOX, number),
            mailbox_id=BOX,
            provider_message_id=number,
            received_at=at,
            message_id=f"{number}@crowd.example",
            digest=f"digest-{number}",
            sender=sender,
            domain=domain,
            subject=Personal("About your application"),
            origin=Origin.IMPORTED,
            kind=kind,
            confidence=0.99,
            evidence=Personal("A sentence of the mail that says so, as long as such sentences are on average."),
            company=Personal(company) if company else None,
            role=Personal(role) if role else None,
            **more,
        )


def _words(corpus: Path) -> tuple[list[str], list[str], list[str]]:
    companies, roles, people = set(), set(), set()
    for file in sorted(corpus.glob("*.yaml")):
        for raw in mail.load(file):
            gold, (name, address) = raw["gold"], parseaddr(raw["from"])
            if gold.get("company"):
                companies.add(str(gold["company"]))
            if gold.get("role"):
                roles.add(str(gold["role"]))
            if len(name.split()) == 2 and "noreply" not in address.replace("-", ""):
                people.add(name)
    return sorted(companies), sorted(roles), sorted(people)
