"""`hearback doctor`: each step of connecting Gmail, checked at Google itself; one line a step says what is wrong and what to do.

    client ─► redirect address ─► consent ─► Gmail API ─► service account ─► topic ─► publish right ─► subscription ─► watch ─► last push

Nothing is changed but what using Hearback changes anyway: an access token may be renewed, and a watch is registered anew, which is
the only way to ask Gmail about it. A step that cannot be looked at yet says so and is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from hearback import wiring
from hearback.local import google_files, home, serve
from hearback.local.checks import Finding, Pubsub, consent_page, gmail_api, token_endpoint, watch
from hearback.mailboxes.google_files import ClientFile, fits
from hearback.mailboxes.google_oauth import READONLY, Access, GoogleClient
from hearback.mailboxes.pubsub_pull import ServiceAccount
from hearback.model.errors import HearbackError, Transient
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.settings import Settings
from hearback.sync import connect, hearing

GUIDE: Final = "docs/gmail.md"


class State(StrEnum):
    """How a step stands."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Step:
    """One line."""

    name: str
    state: State
    what: str
    do: str = ""

    def line(self) -> str:
        """As printed."""
        return f"{self.state:5}  {self.name:16}  {self.what}{f' To do: {self.do}' if self.do else ''}\n"


def examine(settings: Settings, write: Callable[[str], object]) -> bool:
    """Print a line a step; answers whether nothing is wrong."""
    well = True
    for step in steps(settings):
        write(step.line())
        well = well and step.state is not State.WRONG
    return well


def steps(settings: Settings) -> Iterator[Step]:
    """The steps, one after another as they are checked."""
    public = settings.public_url or f"http://{serve.HOST}:{settings.port}"
    client = wiring.google_client(settings)
    if client is None:
        yield Step(
            "OAuth client",
            State.WRONG,
            "This installation has none.",
            f"make one ({GUIDE}, step 3) and start with hearback up --google-client FILE.",
        )
        return
    file = google_files.client_of(settings)
    yield from _client(client, file, public)
    installation = _installation(settings)
    mailboxes = _mailboxes(installation)
    tokens: dict[str, str] = {}
    for mailbox in mailboxes:
        if installation is not None:
            yield from _consent(installation, client, mailbox, tokens)
    if not mailboxes:
        yield Step("Consent", State.OPEN, "No Gmail mailbox is connected yet.", f"open {public}/connect/gmail.")
    yield from _pubsub(settings, client, file, tokens)
    for mailbox in mailboxes:
        if installation is not None and settings.gmail_topic:
            yield from _watch(installation, client, settings.gmail_topic, mailbox, tokens.get(mailbox.id))


def _installation(settings: Settings) -> wiring.Installation | None:
    """What is in the home, if there is anything of the person's: a look makes nothing."""
    there = (settings.home / "store.db").exists() and not home.is_demo(settings.home)
    return wiring.build(settings) if there else None


def _mailboxes(installation: wiring.Installation | None) -> list[Mailbox]:
    found = installation.store.mailboxes.of_person(wiring.OWNER) if installation is not None else ()
    return [each for each in found if each.provider is Provider.GMAIL and each.status is not MailboxStatus.DISCONNECTED]


def _client(client: GoogleClient, file: ClientFile | None, public: str) -> Iterator[Step]:
    kind = {"installed": "Desktop app", "web": "Web application"}[file.kind] if file else "client"
    where = f" of project {file.project}" if file and file.project else ""
    yield _step("OAuth client", f"{kind}{where}: Google accepts it.", lambda: token_endpoint(client, file))
    if file is not None:
        try:
            fits(file, public)
        except HearbackError as error:
            yield Step("Redirect address", State.WRONG, str(error))
            return
    redirect = f"{public}/connect/google/callback"
    yield _step("Redirect address", f"{redirect} is accepted.", lambda: consent_page(client, redirect))


def _consent(
    installation: wiring.Installation, client: GoogleClient, mailbox: Mailbox, tokens: dict[str, str]
) -> Iterator[Step]:
    name = str(mailbox.address)
    access = Access(client, wiring.MailboxTokens(installation.store, mailbox))
    try:
        token = access.renewed()
    except Transient as error:
        yield Step("Consent", State.OPEN, f"{name}: it could not be looked at. {_here(error)}")
        return
    except HearbackError as error:
        yield Step("Consent", State.WRONG, f"{name}: {error}")
        return
    if mailbox.status is not MailboxStatus.ACTIVE:
        public = installation.settings.public_url or f"http://{serve.HOST}:{installation.settings.port}"
        yield Step(
            "Consent", State.WRONG, f"{name}: {mailbox.cause}", f"reconnect it at {public}/settings/integrations."
        )
        return
    found = gmail_api(client, token)
    if found is not None and found.step == "Consent":
        yield Step("Consent", State.WRONG, f"{name}: {found.what}", found.do)
        return
    end = connect.ends_at(installation.rooms, installation.connectors, mailbox)
    if end is not None:
        yield Step(
            "Consent",
            State.NOTE,
            f"{name}: given, but Google ends it on {_day(end)}, because the app is in Testing.",
            f"press “Publish app” under Google Auth Platform, Audience, then reconnect ({GUIDE}, step 2).",
        )
    else:
        yield Step("Consent", State.OK, f"{name}: given, with the right to read mail.")
    if found is not None:
        yield Step("Gmail API", State.WRONG, found.what, found.do)
        return
    tokens[mailbox.id] = token
    yield Step("Gmail API", State.OK, "It is switched on and answers.")


def _pubsub(
    settings: Settings, client: GoogleClient, file: ClientFile | None, tokens: dict[str, str]
) -> Iterator[Step]:
    if not settings.gmail_topic:
        yield Step(
            "Push",
            State.OPEN,
            "It is not set up: new mail is looked for every few minutes.",
            f"to hear of it at once, see {GUIDE}, step 5.",
        )
        return
    key = google_files.key_of(settings)
    if key is None:
        yield Step(
            "Service account",
            State.OPEN,
            "There is none to look at topic and subscription with; the watch below says whether Gmail may publish.",
            f"give one with hearback up --google-key FILE ({GUIDE}, step 5).",
        )
        return
    try:
        account = ServiceAccount(key, client.root)
        token = account.token()
    except HearbackError as error:
        yield Step("Service account", State.WRONG, str(error), f"{GUIDE}, step 5 says how to make a key.")
        return
    yield Step("Service account", State.OK, f"Google accepts the key of {account.email}.")
    if not tokens:
        yield _step(
            "Gmail API",
            "It is switched on.",
            lambda: gmail_api(client, ServiceAccount(key, client.root, (READONLY,)).token(), mailbox=False),
        )
    held = Pubsub(client, token, account.email)
    project = file.project if file else ""
    yield _step("Topic", f"{settings.gmail_topic} exists.", lambda: held.topic(settings.gmail_topic, project))
    yield _step("Publish right", "Gmail may publish to the topic.", lambda: held.publish_right(settings.gmail_topic))
    if settings.gmail_subscription:
        how = "pushes to this installation" if settings.push_account else "is pulled from"
        yield _step("Subscription", f"{settings.gmail_subscription} {how}.", lambda: held.subscription(settings))


def _watch(
    installation: wiring.Installation, client: GoogleClient, topic: str, mailbox: Mailbox, token: str | None
) -> Iterator[Step]:
    name, rooms = str(mailbox.address), installation.rooms
    if token is None:
        yield Step("Watch", State.OPEN, f"{name}: it can be looked at once the consent holds.")
        return
    try:
        found = watch(client, token, topic)
    except HearbackError as error:
        found = Finding(str(error))
    if isinstance(found, Finding):
        yield Step("Watch", State.WRONG, f"{name}: {found.what}", found.do)
    else:
        yield Step("Watch", State.OK, f"{name}: alive until {_moment(found)}; it is renewed every day.")
    ears = hearing.how(rooms, mailbox)
    if ears.trouble:
        yield Step("Last push", State.WRONG, f"{name}: none arrive. {_here(ears.trouble)}")
    elif ears.last_at is None:
        yield Step("Last push", State.OPEN, f"{name}: none yet.", "with `hearback up` running, send yourself a mail.")
    else:
        yield Step("Last push", State.OK, f"{name}: {_moment(ears.last_at)}.")


def _step(name: str, well: str, check: Callable[[], Finding | None]) -> Step:
    try:
        found = check()
    except HearbackError as error:
        return Step(name, State.WRONG, str(error), "try again in a moment.")
    if found is None:
        return Step(name, State.OK, well)
    return Step(name, State.OPEN if found.unseen else State.NOTE if found.minor else State.WRONG, found.what, found.do)


def _here(why: object) -> str:
    """A cause, without the word that the doctor knows more."""
    cause, told, _ = str(why).partition("; `hearback doctor`")
    return f"{cause}; mend what is wrong in the lines above." if told else f"{cause} Try again in a moment."


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
