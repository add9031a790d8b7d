"""Connecting, reconnecting and disconnecting a mailbox.

    begin ─► consent at the provider ─► finish: one use, same browser, PKCE, nonce ─► mailbox, token, first sync queued
                                          └─► NotConnected: why, and access that nobody keeps is given back
    disconnect: status, watch stopped, grant revoked, token deleted; applications and history stay

A reconnect is the same mailbox: its settings, cursor and history stay, and what was missed is caught up. Invariant: an
Active mailbox has its token, so the token is stored before the status and deleted after it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from hearback.mailboxes.protocols import Connector, Grant
from hearback.model.errors import Conflict, HearbackError, NeedsPerson, Permanent, Transient
from hearback.model.ids import MailboxId, Personal, PersonId
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.plan import PLAN_LABELS, limits, room_for
from hearback.model.task import CatchUp
from hearback.sync import announce, status
from hearback.sync.rooms import Rooms
from hearback.sync.turns import next_due

log = logging.getLogger(__name__)

CONSENT_LIFETIME: Final = timedelta(minutes=15)
_TRIES: Final = 5
_PENDING: Final = "oauth:"


class NotConnected(NeedsPerson):
    """A consent that led to no mailbox: `cause` says why, `mailbox_id` which one was to be reconnected."""

    def __init__(self, message: str, *, cause: str, mailbox_id: MailboxId | None = None) -> None:
        super().__init__(message, cause=cause)
        self.mailbox_id = mailbox_id


def begin(
    rooms: Rooms,
    connectors: Mapping[Provider, Connector],
    person: PersonId,
    provider: Provider,
    *,
    browser: str,
    redirect_uri: str,
    mailbox_id: MailboxId | None = None,
) -> str:
    """The provider's consent page. `browser` is a secret of this browser; `mailbox_id` re-authenticates that mailbox.

    Permanent: this installation has no client for the provider; NotFound: no such mailbox.
    """
    connector = _connector(connectors, provider)
    known = rooms.store.mailboxes.get(person, mailbox_id) if mailbox_id else None
    state, verifier, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    pending = {
        "provider": provider.value,
        "verifier": verifier,
        "nonce": nonce,
        "redirect_uri": redirect_uri,
        "browser": _digest(browser),
        "address": known.address if known else None,
        "mailbox": known.id if known else None,
        "expires_at": (rooms.clock() + CONSENT_LIFETIME).isoformat(),
    }
    _forget_abandoned(rooms, person)
    rooms.store.people.put_setting(person, _setting(state), json.dumps(pending).encode())
    has_token = known is not None and rooms.store.mailboxes.secret(person, known.id) is not None
    return connector.authorize_url(
        redirect_uri=redirect_uri,
        state=state,
        nonce=nonce,
        challenge=base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        login_hint=known.address if known else None,
        consent=not has_token or (known is not None and known.status is not MailboxStatus.ACTIVE),
    )


def finish(
    rooms: Rooms,
    connectors: Mapping[Provider, Connector],
    person: PersonId,
    *,
    state: str,
    code: str | None,
    browser: str,
    refused: str | None = None,
    label: str = "Primary job search",
) -> Mailbox:
    """Redeem the consent answer and start the first sync. `refused` is the provider's word where it gave no code.

    NotConnected with cause expired_link | denied | missing_scopes | wrong_account | no_lasting_access | plan_limit |
    admin_policy | client_refused | provider_away.
    """
    pending = _redeem_state(rooms, person, state, browser)
    known = MailboxId(pending["mailbox"]) if pending["mailbox"] else None
    try:
        return _finish(rooms, connectors, person, pending, code, refused, label)
    except NeedsPerson as error:
        raise NotConnected(str(error), cause=error.cause, mailbox_id=known) from error
    except Transient as error:  # the code and the state are spent, so the person starts again
        raise NotConnected(str(error), cause="provider_away", mailbox_id=known) from error


def _finish(
    rooms: Rooms,
    connectors: Mapping[Provider, Connector],
    person: PersonId,
    pending: dict[str, Any],
    code: str | None,
    refused: str | None,
    label: str,
) -> Mailbox:
    if not code:
        raise _refusal(refused)
    provider = Provider(pending["provider"])
    connector = _connector(connectors, provider)
    grant = connector.redeem(
        code=code, verifier=pending["verifier"], redirect_uri=pending["redirect_uri"], nonce=pending["nonce"]
    )
    try:
        _same_account(pending["address"], grant)
        return connected(rooms, person, provider, grant, label=label, connector=connector)
    except NeedsPerson:
        _give_up(rooms, connector, provider, grant)
        raise


def _same_account(wanted: str | None, grant: Grant) -> None:
    if wanted not in {None, grant.address.lower()}:
        raise NeedsPerson(f"You signed in as {grant.address}, and this mailbox is {wanted}.", cause="wrong_account")


def _refusal(refused: str | None) -> NeedsPerson | Transient:
    """What the provider sent back in place of a code, in our words."""
    if refused in {"server_error", "temporarily_unavailable"}:
        return Transient("The provider had trouble of its own.")
    if refused in {"admin_policy_enforced", "org_internal"}:
        return NeedsPerson(
            "The administrator of this account does not allow Hearback, so nothing was connected.", cause="admin_policy"
        )
    return NeedsPerson("Access was not granted, so nothing was connected.", cause="denied")


def _give_up(rooms: Rooms, connector: Connector, provider: Provider, grant: Grant) -> None:
    """Give back access that leads to no mailbox. A provider ends all access of an account at once, so not where one is in use."""
    if rooms.store.directory.find(provider.value, grant.address.lower()):
        return
    try:
        connector.give_back(grant.secret)
    except HearbackError as error:
        log.warning("access that was not kept was not given back: %s", type(error).__name__)


def connected(
    rooms: Rooms,
    person: PersonId,
    provider: Provider,
    grant: Grant,
    *,
    label: str,
    connector: Connector | None = None,
) -> Mailbox:
    """Store what was granted as a mailbox (the same one again on a reconnect) and queue its catch-up.

    A grant without lasting access renews what is held; `connector` knows how. NeedsPerson: nothing is, or the plan is full.
    """
    address = Personal(grant.address.lower())
    mine = rooms.store.mailboxes.of_person(person)
    same = next((each for each in mine if each.provider is provider and each.address == address), None)
    if same is None or same.status is MailboxStatus.DISCONNECTED:
        _within_plan(rooms, person, provider, mine)
    if same is None:
        mailbox = Mailbox(
            id=MailboxId(f"{provider.value}-{secrets.token_hex(6)}"),
            person_id=person,
            provider=provider,
            address=address,
            label=label,
            connected_at=rooms.clock(),
        )
        _keep_token(rooms, mailbox, grant, connector)
        stored = rooms.store.mailboxes.put(
            mailbox, due_at=next_due(rooms, mailbox), tells=announce.change_of(rooms, mailbox)
        )
    else:
        _keep_token(rooms, same, grant, connector)
        stored = status.change(
            rooms,
            person,
            same.id,  # a watch does not outlive the grant it was made under: it is made anew
            lambda mailbox: replace(mailbox, status=MailboxStatus.ACTIVE, cause=None, trouble=None, watch=None),
        )
    rooms.store.directory.add(provider.value, address, person, stored.id)
    reason = "first_sync" if stored.cursor is None or stored.backfill is not None else "reconnect"
    rooms.queue.send([CatchUp(person_id=person, mailbox_id=stored.id, reason=reason)])
    return stored


def disconnect(rooms: Rooms, person: PersonId, mailbox_id: MailboxId) -> bool:
    """Stop the watch, revoke the grant, delete the token. Applications and history stay. NotFound; Transient.

    Answers whether the provider took the grant back. One that cannot be reached does not stop it: the token is deleted
    here in any case, and the person can end the grant at the provider.
    """
    before = rooms.store.mailboxes.get(person, mailbox_id)
    status.change(
        rooms,
        person,
        mailbox_id,
        lambda mailbox: replace(mailbox, status=MailboxStatus.DISCONNECTED, watch=None, cause=None, trouble=None),
    )
    revoked = _give_back(rooms, before)
    _forget_token(rooms, before)
    rooms.store.directory.remove(before.provider.value, before.address, person, mailbox_id)
    return revoked


def _give_back(rooms: Rooms, mailbox: Mailbox) -> bool:
    """End watch and grant at the provider, each whatever becomes of the other; answers whether the grant is gone."""
    try:
        door = rooms.door(mailbox)
    except HearbackError as error:
        log.warning("the grant of mailbox %s was not given back: %s", mailbox.id, type(error).__name__)
        return False
    with suppress(HearbackError):  # a watch without a grant ends by itself within days
        door.unwatch(mailbox.watch)
    try:
        door.revoke()
    except HearbackError as error:
        log.warning("the grant of mailbox %s was not given back: %s", mailbox.id, type(error).__name__)
        return False
    return True


def _forget_token(rooms: Rooms, mailbox: Mailbox) -> None:
    for _ in range(_TRIES):
        held = rooms.store.mailboxes.secret(mailbox.person_id, mailbox.id)
        if held is None:
            return
        try:
            rooms.store.mailboxes.put_secret(mailbox.person_id, mailbox.id, None, expected=held[1])
        except Conflict:
            continue  # a worker has just renewed it
        return
    raise Transient("The mailbox is being changed from elsewhere; try again.")


def _within_plan(rooms: Rooms, person: PersonId, provider: Provider, mine: Sequence[Mailbox]) -> None:
    plan = rooms.store.people.get(person).plan
    if not room_for(plan, provider, mine):
        most = limits(plan)
        raise NeedsPerson(
            f"{PLAN_LABELS[plan]} includes {most.mailboxes_per_provider} of this provider's mailboxes and {most.mailboxes} in all.",
            cause="plan_limit",
        )


def _keep_token(rooms: Rooms, mailbox: Mailbox, grant: Grant, connector: Connector | None) -> None:
    for _ in range(_TRIES):
        held = rooms.store.mailboxes.secret(mailbox.person_id, mailbox.id)
        secret = grant.secret
        if not grant.lasting:
            if held is None or connector is None:
                raise NeedsPerson("The provider gave access for an hour only.", cause="no_lasting_access")
            secret = connector.kept(held[0], grant.secret)
        try:
            rooms.store.mailboxes.put_secret(mailbox.person_id, mailbox.id, secret, expected=held[1] if held else 0)
        except Conflict:
            continue
        return
    raise Transient("The mailbox is being changed from elsewhere; try again.")


def _forget_abandoned(rooms: Rooms, person: PersonId) -> None:
    """Consents that nobody came back from leave nothing."""
    for name, raw in rooms.store.people.settings(person, _PENDING):
        if datetime.fromisoformat(json.loads(raw)["expires_at"]) < rooms.clock():
            rooms.store.people.put_setting(person, name, None)


def _redeem_state(rooms: Rooms, person: PersonId, state: str, browser: str) -> dict[str, Any]:
    raw = rooms.store.people.setting(person, _setting(state))
    stale = NotConnected(
        "This way back was used already, took more than a quarter of an hour, or began in another browser.",
        cause="expired_link",
    )
    if raw is None:
        raise stale
    rooms.store.people.put_setting(person, _setting(state), None)
    pending: dict[str, Any] = json.loads(raw)
    if datetime.fromisoformat(pending["expires_at"]) < rooms.clock():
        raise stale
    if not hmac.compare_digest(pending["browser"], _digest(browser)):
        raise stale
    return pending


def ends_at(rooms: Rooms, connectors: Mapping[Provider, Connector], mailbox: Mailbox) -> datetime | None:
    """When the provider said that its access to the mailbox ends whatever happens; None: it did not, or there is none."""
    connector = connectors.get(mailbox.provider)
    held = rooms.store.mailboxes.secret(mailbox.person_id, mailbox.id) if connector is not None else None
    return connector.ends_at(held[0]) if connector is not None and held is not None else None


def _connector(connectors: Mapping[Provider, Connector], provider: Provider) -> Connector:
    connector = connectors.get(provider)
    if connector is None:
        raise Permanent("This installation has no sign-in client for that provider. The README says how to add one.")
    return connector


def _setting(state: str) -> str:
    return f"{_PENDING}{_digest(state)[:32]}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
