"""Who is asking. Sessions are kept on the server: the cookie is a random name that leads to a person through the Directory.

Embedded: a link printed by the person's own process. Deployed: nobody, until sign-in is configured; the deploy test has
a token of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from hearback.model.errors import AccessDenied, NotFound
from hearback.model.ids import MailboxId, PersonId
from hearback.storage.protocols import Store

SESSION_LIFETIME: Final = timedelta(days=30)
LINK_LIFETIME: Final = timedelta(hours=12)
_NOWHERE: Final = MailboxId("")


class SignIn(Protocol):
    """Turns a link into a person."""

    def issue(self, person: PersonId) -> str:
        """A path that signs this person in. AccessDenied where nobody can."""
        ...

    def redeem(self, link: str) -> PersonId:
        """Whose link this is. AccessDenied: unknown, used or too old; its text says what to do."""
        ...


@dataclass(frozen=True, slots=True)
class LinkSignIn:
    """Links of an embedded installation, as Jupyter's: good once, or (demo) as long as the process runs."""

    store: Store
    clock: Callable[[], datetime]
    reusable: bool = False

    def issue(self, person: PersonId) -> str:
        """See SignIn.issue."""
        value = secrets.token_urlsafe(24)
        until = self.clock() + LINK_LIFETIME
        self.store.people.put_setting(person, f"link:{_short(value)}", until.isoformat().encode())
        self.store.directory.add("link", value, person, _NOWHERE)
        return f"/start?link={value}"

    def redeem(self, link: str) -> PersonId:
        """See SignIn.redeem."""
        for person, mailbox in self.store.directory.find("link", link) if link else ():
            until = self.store.people.setting(person, f"link:{_short(link)}")
            if not self.reusable:
                self.store.directory.remove("link", link, person, mailbox)
                self.store.people.put_setting(person, f"link:{_short(link)}", None)
            if until is not None and datetime.fromisoformat(until.decode()) >= self.clock():
                return person
        raise AccessDenied("This link was used already or is too old. Start Hearback again: it prints a new one.")


@dataclass(frozen=True, slots=True)
class Closed:
    """A deployed installation without sign-in: refuses everyone."""

    def issue(self, person: PersonId) -> str:
        """See SignIn.issue."""
        raise AccessDenied(self._why(person))

    def redeem(self, link: str) -> PersonId:
        """See SignIn.redeem."""
        raise AccessDenied(self._why(PersonId(link)))

    @staticmethod
    def _why(_: PersonId) -> str:
        return "Sign-in is not configured for this installation yet, so nobody is let in."


@dataclass(frozen=True, slots=True)
class TokenSignIn:
    """The deploy test's way in: whoever knows the token is `person`."""

    token: str
    person: PersonId

    def issue(self, person: PersonId) -> str:
        """See SignIn.issue."""
        del person
        return f"/start?link={self.token}"

    def redeem(self, link: str) -> PersonId:
        """See SignIn.redeem."""
        if not (self.token and hmac.compare_digest(link.encode(), self.token.encode())):
            raise AccessDenied("This token is not valid.")
        return self.person


def begin_session(store: Store, person: PersonId, now: datetime) -> str:
    """A new session; answers the cookie's value."""
    value = secrets.token_urlsafe(32)
    store.people.put_setting(person, f"session:{_short(value)}", (now + SESSION_LIFETIME).isoformat().encode())
    store.directory.add("session", value, person, _NOWHERE)
    return value


def person_of(store: Store, session: str, now: datetime) -> PersonId | None:
    """Whose session it is; None: nobody's, or it has ended."""
    if not session:
        return None
    for person, _ in store.directory.find("session", session):
        try:
            until = store.people.setting(person, f"session:{_short(session)}")
        except NotFound:
            continue  # erased meanwhile
        if until is not None and datetime.fromisoformat(until.decode()) >= now:
            return person
    return None


def csrf_token(session: str) -> str:
    """The token every form of this session carries."""
    return hmac.new(session.encode(), b"hearback csrf", hashlib.sha256).hexdigest()[:32]


def _short(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]
