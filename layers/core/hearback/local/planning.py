"""`hearback plan`: which plan the person of this installation has, and, for who runs it, giving them another."""

from __future__ import annotations

import sys

from hearback import wiring
from hearback.local import home
from hearback.model.errors import Permanent
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.plan import PLAN_LABELS, Plan
from hearback.settings import Settings, StoreKind
from hearback.sync import plans
from hearback.sync.change_plan import change_plan


def plan(settings: Settings, name: str | None) -> None:
    """Print the plan, after changing it to the one called `name` if that is given. On a laptop and, with the settings of the
    functions, in AWS; a running server goes on with it. Permanent: there is no such plan, or nobody to have it; Transient.
    """
    wanted = None if name is None else _called(name)
    if settings.store is StoreKind.SQLITE:
        if not (settings.home / "store.db").exists():
            raise Permanent(f"There is nothing in {settings.home} yet; run `hearback import` or `hearback up` first.")
        if wanted is not None and home.is_demo(settings.home):
            raise Permanent("The demo has everything; the plan of its made-up person is not changed.")
    rooms = wiring.build(settings).rooms
    if wanted is not None:
        change_plan(rooms, wiring.OWNER, wanted)
    held = rooms.store.people.get(wiring.OWNER).plan
    paused = plans.paused_of(rooms, wiring.OWNER)
    mailboxes = [each for each in rooms.store.mailboxes.of_person(wiring.OWNER) if _is_connected(each)]
    sys.stdout.write(f"{PLAN_LABELS[held]}  mailboxes {len(mailboxes) - len(paused)}  paused {len(paused)}\n")


def _called(name: str) -> Plan:
    try:
        return Plan(name.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        raise Permanent(f"No plan is called {name!r}; there are {', '.join(Plan)}. Nothing was changed.") from None


def _is_connected(mailbox: Mailbox) -> bool:
    return mailbox.provider is not Provider.IMPORT and mailbox.status is not MailboxStatus.DISCONNECTED
