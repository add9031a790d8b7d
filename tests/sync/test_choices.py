"""What the person chose decides what of a mailbox is opened and what mail may do; the ledger says which choice it was."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, REJECTION, connected, grant, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.export import ExportedMessage
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import NeedsPerson, Permanent
from hearback.model.filter import Filter
from hearback.model.ids import MailboxId, Personal
from hearback.model.ledger import LeftOut, Looked
from hearback.model.mailbox import Mailbox, MailboxStatus, Preferences, Provider, Reads
from hearback.model.plan import Plan
from hearback.model.task import Lane, MessageRef
from hearback.pipeline.filters import parse_all
from hearback.sync import connect, importing, notified, rescan
from hearback.sync.change_plan import change_plan
from hearback.sync.preferences import choose

RELAY = "Acme Hiring <no-reply@greenhouse.io>"


@pytest.fixture
def here(google: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> wiring.Installation:
    monkeypatch.setattr("hearback.sync.catch_up.TAIL_DELAY_SECONDS", 0)
    return install(tmp_path / "home", *google)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the messages whose body was fetched."""
    found: list[str] = []
    whole = GmailDoor.fetch

    def fetch(self: GmailDoor, message: Any) -> Any:
        found.append(message)
        return whole(self, message)

    monkeypatch.setattr(GmailDoor, "fetch", fetch)
    return found


def filters(text: str) -> tuple[Filter, ...]:
    return parse_all(text)


def prefer(here: wiring.Installation, box: Mailbox, **more: Any) -> Any:
    mailbox = here.store.mailboxes.get(wiring.OWNER, box.id)
    return choose(here.rooms, wiring.OWNER, box.id, replace(mailbox.preferences, **more))


def arrive(here: wiring.Installation, google: Any, number: int, company: str, **more: Any) -> str:
    """A receipt of an employer comes, and is worked."""
    text = more.pop("text", RECEIPT).replace("Acme", company)
    sender = more.pop("sender", f"{company} <jobs@{company.lower()}.example>")
    subject = more.pop("subject", f"Thank you for applying to {company}")
    id_ = google[0].deliver(BOX, mail(number, subject, text, sender=sender), **more)
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))
    work_all(here)
    return str(id_)


def line(here: wiring.Installation, id_: str) -> tuple[Looked, str]:
    (found,) = [each for each in here.store.ledger.entries(wiring.OWNER) if each.provider_message_id == id_]
    return found.looked, found.reason


def companies(here: wiring.Installation) -> set[str | None]:
    return {each.company for each in here.store.projections.applications(wiring.OWNER)}


ACME_ONLY: list[tuple[dict[str, Any], LeftOut]] = [
    ({"reads": Reads.SENDERS, "senders": (Personal("*@acme.example"),)}, LeftOut.SENDER),
    ({"reads": Reads.KEYWORDS, "keywords": (Personal("acme"),)}, LeftOut.KEYWORD),
    ({"filters": filters("From: jobs@*\nExclude: zenith")}, LeftOut.FILTER),
]


@pytest.mark.parametrize(("chosen", "why"), ACME_ONLY)
def test_mail_that_was_not_chosen_is_not_opened(
    chosen: dict[str, Any], why: LeftOut, here: wiring.Installation, google: Any, fetched: list[str]
) -> None:
    """Its body is never fetched, and its line names the choice; what was chosen is read as ever."""
    prefer(here, connected(here, *google), **chosen)
    left, read = arrive(here, google, 1, "Zenith"), arrive(here, google, 2, "Acme")
    assert fetched == [read]
    assert line(here, left) == (Looked.SEEN, why.value)
    assert companies(here) == {"Acme"}


@pytest.mark.parametrize(("chosen", "why"), ACME_ONLY)
def test_a_first_sync_opens_nothing_else_either(
    chosen: dict[str, Any], why: LeftOut, here: wiring.Installation, google: Any, fetched: list[str]
) -> None:
    """What its searches and threads find is looked at from outside first."""
    left = google[0].deliver(
        BOX,
        mail(
            1, "Thank you for applying to Zenith", RECEIPT.replace("Acme", "Zenith"), sender="Z <jobs@zenith.example>"
        ),
    )
    read = google[0].deliver(BOX, mail(2, "Thank you for applying to Acme", RECEIPT, sender="A <jobs@acme.example>"))
    box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    prefer(here, box, **chosen)
    work_all(here)
    assert set(fetched) == {read}
    assert line(here, left) == (Looked.SEEN, why.value)
    assert here.store.mailboxes.get(wiring.OWNER, box.id).backfill is None


def test_tracked_companies_alone(here: wiring.Installation, google: Any, fetched: list[str]) -> None:
    """What may be about one is opened, and kept if it is; what an applicant system sends of another leaves a line."""
    box = connected(here, *google)
    arrive(here, google, 1, "Acme")
    prefer(here, box, reads=Reads.TRACKED)
    other = arrive(here, google, 2, "Zenith")
    relayed = arrive(here, google, 3, "Quay", sender=RELAY)
    mine = arrive(here, google, 4, "Acme", sender=RELAY, subject="An update", text=REJECTION)
    assert line(here, other) == (Looked.SEEN, LeftOut.TRACKED.value)
    assert line(here, relayed) == (Looked.OPENED, LeftOut.TRACKED.value)
    assert line(here, mine)[0] is Looked.KEPT
    assert other not in fetched
    assert [(each.company, each.stage) for each in here.store.projections.applications(wiring.OWNER)] == [
        ("Acme", "rejected")
    ]


def test_own_replies_in_a_known_thread_are_read(here: wiring.Installation, google: Any) -> None:
    """Whoever else was chosen: they belong to the application."""
    box = connected(here, *google)
    arrive(here, google, 1, "Acme", thread_key="t")
    prefer(here, box, reads=Reads.SENDERS, senders=(Personal("*@acme.example"),))
    own = "Dear Acme team,\r\n\r\nI would like to withdraw my application for the Data Engineer position."
    id_ = arrive(
        here, google, 2, "Acme", sender=f"Ann <{BOX}>", subject="Re: Acme", text=own, thread_key="t", labels=("SENT",)
    )
    assert line(here, id_)[0] is Looked.KEPT


def test_what_is_switched_off_is_stamped_on_what_is_read_then(here: wiring.Installation, google: Any) -> None:
    """The stage stays where it was; what came before or comes after it is switched on again moves it."""
    box = connected(here, *google)
    arrive(here, google, 1, "Acme")
    prefer(here, box, update_statuses=False)
    arrive(here, google, 2, "Acme", subject="Your application at Acme", text=REJECTION)
    (found,) = here.store.projections.applications(wiring.OWNER)
    assert (found.stage, len(found.timeline)) == ("applied", 2)
    prefer(here, box, update_statuses=True)
    (same,) = here.store.projections.applications(wiring.OWNER)
    assert same == found
    arrive(here, google, 3, "Acme", subject="Again: your application at Acme", text=REJECTION)
    (moved,) = here.store.projections.applications(wiring.OWNER)
    assert moved.stage == "rejected"


def test_a_smaller_plan_pauses_filters_and_a_larger_one_brings_them_back(
    here: wiring.Installation, google: Any
) -> None:
    """They are kept as they are; without them all mail is read. What is free to choose holds under every plan."""
    box = connected(here, *google)
    chosen = filters("Subject: acme")
    prefer(here, box, filters=chosen, reads=Reads.SENDERS, senders=(Personal("jobs@*"),))
    change_plan(here.rooms, wiring.OWNER, Plan.FREE)
    with pytest.raises(Permanent, match="Premium Pro"):
        prefer(here, box, filters=filters("Subject: other"))
    assert here.store.mailboxes.get(wiring.OWNER, box.id).preferences.filters == chosen
    rooms = here.rooms
    google[0].deliver(
        BOX, mail(1, "Thank you for applying to Quay", RECEIPT.replace("Acme", "Quay"), sender="Q <jobs@quay.example>")
    )
    google[0].deliver(
        BOX, mail(2, "Thank you for applying to Ibex", RECEIPT.replace("Acme", "Ibex"), sender="I <x@ibex.example>")
    )
    from hearback.sync.catch_up import catch_up

    catch_up(rooms, wiring.OWNER, box.id, reason="sweep")
    work_all(here)
    assert companies(here) == {"Quay"}
    change_plan(here.rooms, wiring.OWNER, Plan.PREMIUM_PRO)
    work_all(here)
    left = arrive(here, google, 3, "Zenith")
    assert line(here, left) == (Looked.SEEN, LeftOut.FILTER.value)


def test_a_wider_choice_offers_a_rescan_that_reads_what_was_left_out(here: wiring.Installation, google: Any) -> None:
    """Bounded to those messages; nobody is alerted; the lines say what became of them."""
    box = connected(here, *google)
    assert not prefer(here, box, filters=filters("Subject: quay, zenith")).wider
    left, other = arrive(here, google, 1, "Acme"), arrive(here, google, 2, "Zenith")
    assert not prefer(here, box, filters=filters("Subject: quay")).wider
    still = arrive(here, google, 3, "Zenith", subject="Application received by Zenith")
    before = {entry.id for entry in here.store.outbox.pending()}
    assert prefer(here, box, filters=filters("Subject: quay, acme")).wider
    assert len(rescan.left_out(here.rooms, wiring.OWNER, box.id)) == 2
    assert rescan.rescan(here.rooms, wiring.OWNER, box.id) == 2
    assert here.store.mailboxes.get(wiring.OWNER, box.id).backfill is not None
    work_all(here)
    assert line(here, left)[0] is Looked.KEPT
    assert line(here, other)[0] is Looked.KEPT
    assert line(here, still) == (Looked.SEEN, LeftOut.FILTER.value)
    assert companies(here) == {"Acme", "Zenith"}
    assert here.store.mailboxes.get(wiring.OWNER, box.id).backfill is None
    told = [entry for entry in here.store.outbox.pending() if entry.id not in before and entry.application_id]
    assert told
    assert all(entry.silent for entry in told)


def test_a_line_names_the_choice_that_holds_by_now(here: wiring.Installation, google: Any) -> None:
    """Left out again by another choice, or opened and not worth keeping."""
    box = connected(here, *google)
    prefer(here, box, filters=filters("Subject: zenith"))
    left = arrive(here, google, 1, "Acme")
    prefer(here, box, filters=(), reads=Reads.SENDERS, senders=(Personal("x@y"),))
    rescan.rescan(here.rooms, wiring.OWNER, box.id)
    work_all(here)
    assert line(here, left) == (Looked.SEEN, LeftOut.SENDER.value)
    prefer(here, box, reads=Reads.TRACKED)
    nothing = arrive(here, google, 2, "Quay", sender=RELAY)
    prefer(here, box, reads=Reads.ALL)
    assert rescan.rescan(here.rooms, wiring.OWNER, box.id) == 2
    work_all(here)
    assert line(here, left)[0] is Looked.KEPT
    assert line(here, nothing)[0] is Looked.KEPT


def test_a_rescan_waits_for_what_it_cannot_do(here: wiring.Installation, google: Any) -> None:
    """While a sync runs, without access, under a plan that pauses it: in words. With nothing left out it does nothing."""
    box = connected(here, *google)
    assert rescan.rescan(here.rooms, wiring.OWNER, box.id) == 0
    prefer(here, box, filters=filters("Subject: zenith"))
    arrive(here, google, 1, "Acme")
    assert rescan.rescan(here.rooms, wiring.OWNER, box.id) == 1
    with pytest.raises(NeedsPerson, match="still being read"):
        rescan.rescan(here.rooms, wiring.OWNER, box.id)
    work_all(here)
    asleep = here.store.mailboxes.get(wiring.OWNER, box.id)
    here.store.mailboxes.put(replace(asleep, status=MailboxStatus.AUTHENTICATION_REQUIRED))
    with pytest.raises(NeedsPerson, match="Reconnect"):
        rescan.rescan(here.rooms, wiring.OWNER, box.id)


def test_a_rescan_that_was_interrupted_can_be_asked_for_again(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not queued is left out as before."""
    box = connected(here, *google)
    prefer(here, box, filters=filters("Subject: zenith"))
    left = arrive(here, google, 1, "Acme")
    prefer(here, box, filters=())

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(here.queue, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            rescan.rescan(here.rooms, wiring.OWNER, box.id)
    stuck = here.store.mailboxes.get(wiring.OWNER, box.id)
    here.store.mailboxes.put(replace(stuck, backfill=None))  # as the sweep does once nothing moves any more
    assert rescan.rescan(here.rooms, wiring.OWNER, box.id) == 1
    work_all(here)
    assert line(here, left)[0] is Looked.KEPT
    assert here.queue.depth(Lane.BACKFILL) == 0


def test_a_rescan_that_comes_twice_takes_nothing_back(here: wiring.Installation, google: Any) -> None:
    """A message that is delivered again after a narrower choice keeps its line and its signal."""
    box = connected(here, *google)
    prefer(here, box, filters=filters("Subject: zenith"))
    left = arrive(here, google, 1, "Acme")
    prefer(here, box, filters=())
    rescan.rescan(here.rooms, wiring.OWNER, box.id)
    work_all(here)
    prefer(here, box, filters=filters("Subject: zenith"))
    again = MessageRef(person_id=wiring.OWNER, mailbox_id=box.id, message_id=left, backfill=True, anew=True)  # type: ignore[arg-type]
    here.queue.send([again], lane=Lane.BACKFILL)
    work_all(here)
    assert line(here, left)[0] is Looked.KEPT


def exported(number: int, company: str) -> ExportedMessage:
    content = mail(
        number,
        f"Thank you for applying to {company}",
        RECEIPT.replace("Acme", company),
        sender=f"x@{company.lower()}.example",
    )
    return ExportedMessage(hashlib.sha256(content).hexdigest(), content, Path("x"))


def test_an_import_keeps_what_was_chosen_and_a_later_one_what_was_left_out(here: wiring.Installation) -> None:
    """An export is read where it lies; importing it again after a wider choice reads what the narrower one left out."""
    box = importing.import_mailbox(here.rooms, wiring.OWNER, "old@mail.example")
    prefer(here, box, filters=filters("From: acme.example"))
    messages = [exported(1, "Acme"), exported(2, "Zenith")]

    def run() -> importing.Imported:
        mailbox = here.store.mailboxes.get(wiring.OWNER, MailboxId(box.id))
        return importing.import_messages(here.rooms, wiring.OWNER, mailbox, lambda: messages)

    assert run().kept == 1
    assert line(here, messages[1].digest) == (Looked.OPENED, LeftOut.FILTER.value)
    with pytest.raises(NeedsPerson, match="Import the export once more"):
        rescan.rescan(here.rooms, wiring.OWNER, box.id)
    prefer(here, box, filters=())
    done = run()
    assert (done.opened, done.kept) == (1, 1)
    assert companies(here) == {"Acme", "Zenith"}
    assert line(here, messages[1].digest)[0] is Looked.KEPT


def test_preferences_are_found_again_as_they_were_chosen(here: wiring.Installation, google: Any) -> None:
    """All of them, filters included."""
    box = connected(here, *google)
    chosen = Preferences(
        reads=Reads.BOARDS,
        senders=(Personal("a@b"),),
        keywords=(Personal("x"),),
        filters=filters('From: a@b, "c, d"\nExclude: e\n\nSubject: f'),
        flag_urgent=False,
    )
    choose(here.rooms, wiring.OWNER, box.id, chosen)
    assert here.store.mailboxes.get(wiring.OWNER, box.id).preferences == chosen


def test_mail_outside_of_the_chosen_folders_is_not_looked_into(
    here: wiring.Installation, google: Any, fetched: list[str]
) -> None:
    """Neither in a first sync nor later; one's own letter in no known thread neither, and it leaves no line that is final."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Quay", RECEIPT.replace("Acme", "Quay")), labels=())
    box = connected(here, *google)
    away = arrive(here, google, 2, "Zenith", labels=())
    own = arrive(here, google, 3, "Acme", sender=f"Ann <{BOX}>", subject="My application", labels=("SENT",))
    assert fetched == []
    assert not here.store.ledger.looked_at(wiring.OWNER, box.id, [away, own])  # type: ignore[list-item]
    google[0].relabel(BOX, away, add=("INBOX",))
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))
    work_all(here)
    assert companies(here) == {"Zenith"}


def test_a_label_is_read_where_it_was_chosen(here: wiring.Installation, google: Any, fetched: list[str]) -> None:
    """What a first sync finds elsewhere is not opened."""
    labels = {"Acme": ("Label_7",), "Zenith": ("INBOX",), "Quay": ("Label_8", "INBOX")}
    ids = {
        name: google[0].deliver(
            BOX,
            mail(
                number,
                f"Thank you for applying to {name}",
                RECEIPT.replace("Acme", name),
                sender=f"x@{name.lower()}.example",
            ),
            labels=found,
        )
        for number, (name, found) in enumerate(labels.items())
    }
    box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    prefer(here, box, folders=("Label_7",))
    work_all(here)
    assert set(fetched) == {ids["Acme"]}


def test_another_folder_is_listed_by_a_rescan(here: wiring.Installation, google: Any) -> None:
    """Mail that was never looked at has no line to be found by."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), labels=())
    box = connected(here, *google)
    assert companies(here) == set()
    chosen = prefer(here, box, folders=("inbox", "archive"))
    assert (chosen.wider, chosen.folders) == (True, True)
    assert rescan.rescan(here.rooms, wiring.OWNER, box.id, folders=True) == 0
    work_all(here)
    assert companies(here) == {"Acme"}
    assert here.store.mailboxes.get(wiring.OWNER, box.id).backfill is None
