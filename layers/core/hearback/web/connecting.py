"""The routes of connecting a mailbox: before consent, consent, back from the provider, disconnect."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from hearback.model.errors import Permanent
from hearback.model.ids import MailboxId
from hearback.model.mailbox import Provider
from hearback.sync import attempts, connect
from hearback.web import automation, pages
from hearback.web.router import HTML, asked_now, done, one_of, page, router


@router.get("/connect/<provider>")
def before_consent(provider: str) -> Response[str]:
    """What is read and what never happens, before the provider asks."""
    which = one_of(Provider, provider)
    if which not in asked_now().web.connectors:
        raise Permanent(
            "This installation has no client for that provider yet. Import an export of the mailbox instead: hearback import PATH."
        )
    first = not asked_now().rooms.store.mailboxes.of_person(asked_now().who)
    name = pages.PROVIDERS[which]
    return page("connect.html", page="settings", provider=which, name=name, first=first, **automation.modes())


@router.post("/connect/<provider>")
def consent(provider: str) -> Response[str]:
    """On to the provider. The automation mode, asked with the first mailbox, is kept before any mail is read."""
    asked = asked_now()
    if asked.form.get("mode"):
        automation.keep_mode(asked.form["mode"])
    url = connect.begin(
        asked.rooms,
        asked.web.connectors,
        asked.who,
        one_of(Provider, provider),
        browser=asked.session,
        redirect_uri=f"{asked.origin}/connect/google/callback",
        mailbox_id=MailboxId(asked.form["mailbox"]) if asked.form.get("mailbox") else None,
    )
    if asked.htmx:
        return Response(204, HTML, "", headers={"hx-redirect": url})
    return page("leaving.html", page="settings", url=url, name=pages.PROVIDERS[one_of(Provider, provider)])


@router.get("/connect/google/callback")
def callback() -> Response[str]:
    """Back from the provider."""
    asked = asked_now()
    try:
        mailbox = connect.finish(
            asked.rooms,
            asked.web.connectors,
            asked.who,
            state=asked.query.get("state", ""),
            code=asked.query.get("code"),
            browser=asked.session,
            refused=asked.query.get("error"),
        )
    except connect.NotConnected as error:
        attempts.failed(asked.rooms, asked.who, error)
        return page(
            "not_connected.html",
            page="settings",
            provider=Provider.GMAIL,
            name="Google",
            cause=error.cause,
            text=str(error),
            mailbox_id=error.mailbox_id,
        )
    attempts.forget(asked.rooms, asked.who)
    return page(
        "connected.html",
        page="settings",
        mailbox=mailbox,
        name=pages.PROVIDERS[mailbox.provider],
        ends_at=connect.ends_at(asked.rooms, asked.web.connectors, mailbox),
        **automation.modes(),
    )


@router.post("/connect/forget")
def forget_attempt() -> Response[str]:
    """The person has seen that connecting did not work."""
    attempts.forget(asked_now().rooms, asked_now().who)
    return done("/settings/integrations")


@router.post("/mailboxes/<id>/disconnect")
def disconnect(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Disconnect a mailbox; applications and history stay. A grant that lives on is said to."""
    asked = asked_now()
    mailbox = asked.rooms.store.mailboxes.get(asked.who, MailboxId(id))
    if connect.disconnect(asked.rooms, asked.who, mailbox.id):
        return done("/settings/integrations")
    return page("not_revoked.html", page="settings", mailbox=mailbox, name=pages.PROVIDERS[mailbox.provider])
