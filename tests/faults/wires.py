"""Where every effect passes: there a test lets the process be killed, a call be refused, its answer be lost, or something
happen meanwhile, at any effect by its number.

Embedded, effects are calls of store, queue and door; deployed, they are the requests that store and queue make, and calls of
the door. A kill between two effects is the same wherever it comes between them, so killing before each effect in turn is
killing everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hearback.model.errors import Transient
from hearback.model.mailbox import Mailbox

EFFECTS: Final = frozenset(
    [
        "record",
        "put",
        "lease",
        "release",
        "put_secret",
        "add",
        "remove",
        "note",
        "add_run",
        "done",
        "park",
        "unpark",
        "settled",
        "put_setting",
        "erase",
        "send",
        "receive",
        "delete",
        "retry",
        "give_back",
        "dead_letter",
        "cursor_now",
        "changes",
        "listing",
        "glimpse",
        "thread",
        "fetch",
        "watch",
        "unwatch",
        "revoke",
        # the same, as requests to the cloud
        "TransactWriteItems",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "GenerateDataKey",
        "SendMessageBatch",
        "SendMessage",
        "ReceiveMessage",
        "DeleteMessage",
        "ChangeMessageVisibility",
    ]
)
"""Calls that change something, here or at the provider, and calls of the provider."""
_PARTS: Final = ("facts", "projections", "mailboxes", "directory", "ledger", "outbox", "awaited", "people", "quotas")


class Killed(BaseException):
    """The process is gone: nothing catches it, and nothing that it does afterwards has an effect."""


@dataclass
class Wires:
    """Where every effect passes, in order."""

    effects: list[str] = field(default_factory=list)
    """Names of the effects since `watch`, as "mailboxes.put"."""
    killed: bool = False
    aside: bool = False
    """What is done now is the world's own, and no effect of Hearback's."""
    _at: dict[int, tuple[str, Callable[[], None] | None]] = field(default_factory=dict)

    def watch(self, *at: tuple[int, str], meanwhile: Callable[[], None] | None = None) -> None:
        """Count effects from here on; at these numbers comes a "kill", a "refuse", a "doubt" (done, but the answer is lost), or
        a "meanwhile".
        """
        self.effects.clear()
        self._at = {number: (how, meanwhile) for number, how in at}
        self.killed = False

    def pass_(self, name: str, call: Callable[[], Any]) -> Any:
        if self.killed:
            raise Killed
        if self.aside or name.rpartition(".")[2] not in EFFECTS:
            return call()
        how, meanwhile = self._at.get(len(self.effects), ("", None))
        self.effects.append(name)
        if how == "meanwhile" and name.startswith("quotas."):
            # counted under a lock: nobody of this process comes between
            self._at[len(self.effects)], how = (how, meanwhile), ""
        match how:
            case "kill":
                self.killed = True
                raise Killed
            case "refuse":
                raise Transient("Refused for once.")
            case "doubt":
                call()
                raise Transient("Nobody knows whether that was done.")
            case "meanwhile" if meanwhile is not None:
                meanwhile()
        return call()


class Wired:
    """Anything of which every method passes the wires."""

    def __init__(self, wires: Wires, name: str, target: Any) -> None:
        self._wires, self._name, self._target = wires, name, target

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name in _PARTS:
            return Wired(self._wires, name, found)
        if not callable(found) or name.startswith("_"):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._wires.pass_(f"{self._name}.{name}", lambda: found(*args, **kwargs))

        return call


@dataclass
class WiredDoors:
    """Doors of which every call passes the wires."""

    wires: Wires
    doors: Any

    def open(self, mailbox: Mailbox, budget: Any) -> Any:
        return Wired(self.wires, "door", self.doors.open(mailbox, budget))
