"""What the `hearback` commands do: each a use case on the embedded installation, with words for a person."""

from __future__ import annotations

import csv
import io
import json
import logging
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from hearback import wiring
from hearback.local import explaining, google_files, home, serve
from hearback.mailboxes import export as exports
from hearback.mailboxes.export import Unreadable
from hearback.mailboxes.google_files import fits
from hearback.model.application import Application
from hearback.model.errors import NotFound, Permanent
from hearback.model.facts import fact_id
from hearback.model.ids import ApplicationId, MailboxId, ProviderMessageId
from hearback.model.message import Origin, RawMessage
from hearback.model.person import AutomationMode, Person, PrivacyLevel
from hearback.model.signal import Signal
from hearback.pipeline import canonical
from hearback.pipeline.folding import fold
from hearback.reading import report
from hearback.reading.read import Context, Reading, read
from hearback.settings import Settings
from hearback.sync import importing

AS_OF_SETTING: Final = "as_of"
_CSV_UNSAFE: Final = ("=", "+", "-", "@", "\t", "\r")

__all__ = ["Unreadable", "demo", "explain", "export", "import_path", "read_paths", "sync", "up", "write_demo"]


def read_paths(
    paths: list[Path], *, as_json: bool, explain: bool, owner: str | None, zone: str, out: Console | None = None
) -> None:
    """Print what each message means, in input order. Unreadable."""
    console = out or Console()
    for path in paths:
        mine = owner or exports.guess_owner(path)
        context = Context(
            owners=frozenset({mine.lower()} if mine else ()),
            zone=zone,
            mode=AutomationMode.SMART,
            privacy=PrivacyLevel.STANDARD,
        )
        for message in exports.messages(path):
            raw = RawMessage(
                mailbox_id=MailboxId("dry-run"),
                provider_message_id=ProviderMessageId(message.digest),
                content=message.content,
                origin=Origin.IMPORTED,
            )
            _print_reading(console, read(raw, context), as_json=as_json, explain=explain)


def _print_reading(console: Console, reading: Reading, *, as_json: bool, explain: bool) -> None:
    line = report.line(reading)
    if as_json:
        if explain:
            line["explanation"] = list(reading.explanation)
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return
    what = str(line["kind"]).replace("_", " ") if line["kind"] else "not readable"
    about = " · ".join(str(line[name]) for name in ("company", "role") if line[name])
    console.print(
        f"{str(line['date'] or '')[:10]:10}  {what:24} {line['confidence']:.2f}  {line['decision']:6}  ",
        end="",
        markup=False,
    )
    console.print(f"{line['subject']}" + (f"  ({about})" if about else ""), markup=False, highlight=False)
    if line["evidence"]:
        console.print(f"            “{line['evidence']}”", style="dim", markup=False, highlight=False)
    if line["error"]:
        console.print(f"            {line['error']}", style="yellow", markup=False, highlight=False)
    if explain:
        for reason in reading.explanation:
            console.print(f"            · {reason}", style="dim", markup=False, highlight=False)


def _open(settings: Settings) -> wiring.Installation:
    """The person's own installation. A demo's made-up person makes room for them."""
    if home.clear_demo(settings.home):
        sys.stderr.write(f"The demo's made-up data in {settings.home} was removed to make room for yours.\n")
    home.prepare(settings.home)
    return wiring.build(settings)


def _opened_as_is(settings: Settings) -> wiring.Installation:
    """What is in the home, the demo's person included. Permanent: nothing is there yet."""
    if not (settings.home / "store.db").exists():
        raise Permanent(f"There is nothing in {settings.home} yet; run `hearback import` or `hearback up` first.")
    return wiring.build(settings)


def import_path(
    settings: Settings,
    path: Path,
    *,
    owner: str | None,
    zone: str | None,
    mode: AutomationMode | None,
    order: Path | None,
    as_of: datetime | None,
) -> None:
    """Import with a progress bar and print the summary. Unreadable."""
    mine = owner or exports.guess_owner(path)
    clock = (lambda: as_of) if as_of else wiring.now
    installation = replace(_open(settings), clock=clock)
    person = _person(installation, zone, mode)
    if as_of is not None:
        installation.store.people.put_setting(person.id, AS_OF_SETTING, as_of.isoformat().encode())
    rooms = installation.rooms
    mailbox = importing.import_mailbox(rooms, person.id, mine or "unknown@import.invalid")
    listed = _ordered(path, order) if order else None
    with _progress() as bar:
        passes = iter(("Reading", "Reading closely what is in doubt"))
        tasks: list[TaskID] = []

        def source() -> Iterator[exports.ExportedMessage]:
            tasks.append(bar.add_task(next(passes), total=_size(path), kept=0))
            yield from _measured(listed if listed is not None else exports.messages(path), bar, tasks[-1])
            bar.update(tasks[-1], completed=_size(path))

        done = importing.import_messages(
            rooms,
            person.id,
            mailbox,
            source,
            progress=lambda state: bar.update(tasks[-1], kept=state.kept),
        )
    applications = [each for each in installation.store.projections.applications(person.id) if not each.is_lead]
    pending = installation.store.projections.review(person.id)
    if not done.seen:
        sys.stdout.write(f"{path} holds no messages.\n")
    sys.stdout.write(
        f"seen {done.seen}  opened {done.opened}  kept {done.kept}  applications {len(applications)}"
        f"  pending {len(pending)}  seconds {done.seconds:.1f}\n"
    )


def _person(installation: wiring.Installation, zone: str | None, mode: AutomationMode | None) -> Person:
    from hearback.local.zone import of_machine

    person = serve.ensure_person(installation.store, zone or of_machine())
    wanted = replace(person, zone=zone or person.zone, mode=mode or person.mode)
    if wanted != person:
        installation.store.people.put(wanted)
    return wanted


def _ordered(path: Path, order: Path) -> list[exports.ExportedMessage]:
    """The listed Message-IDs first, in that order, repeats included; then all others as they stand. Unreadable."""
    try:
        wanted = json.loads(order.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{order} is no JSON list of Message-IDs: {error}.") from error
    if not isinstance(wanted, list) or not all(isinstance(each, str) for each in wanted):
        raise Unreadable(f"{order} is no JSON list of Message-IDs.")
    names = [each.strip("<> ") for each in wanted]
    held: dict[str, list[exports.ExportedMessage]] = {name: [] for name in names}
    rest: list[exports.ExportedMessage] = []
    for message in exports.messages(path):
        held.get(exports.message_id(message.content), rest).append(message)
    missing = sum(1 for name in dict.fromkeys(names) if not held[name])
    if missing:
        sys.stderr.write(f"{missing} Message-ID(s) of {order} are not in {path}.\n")
    return [*(message for name in names for message in held[name]), *rest]


def _measured(
    source: Iterable[exports.ExportedMessage], bar: Progress, task: TaskID
) -> Iterator[exports.ExportedMessage]:
    for message in source:
        yield message
        bar.update(task, advance=len(message.content))


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in exports.files(path) if file.is_file())


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[kept]} kept"),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def export(settings: Settings, *, as_csv: bool, as_of: datetime | None) -> bytes:
    """Everything held about the person, as canonical bytes."""
    installation = _opened_as_is(settings)
    store, person = installation.store, wiring.OWNER
    stored = store.people.setting(person, AS_OF_SETTING)
    moment = as_of or (datetime.fromisoformat(stored.decode()) if stored else installation.clock())
    mailboxes = store.mailboxes.of_person(person)
    exported = canonical.export(
        fold(store.facts.all(person)),
        owner=mailboxes[0].address if mailboxes else "",
        mailboxes=mailboxes,
        ledger=store.ledger.entries(person),
        as_of=moment,
    )
    return _csv(exported) if as_csv else canonical.canonical_bytes(exported)


def _csv(exported: dict[str, Any]) -> bytes:
    columns = ("company", "role", "stage", "first_contact", "last_contact", "next_interview")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for application in exported["applications"]:
        writer.writerow([_safe(application.get(column)) for column in columns])
    return text.getvalue().encode()


def _safe(value: object) -> str:
    """A cell no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_CSV_UNSAFE) else text


def explain(settings: Settings, wanted: str) -> None:
    """Print why each mail is in an application, what it did, and how its interviews moved. NotFound: none fits."""
    installation = _opened_as_is(settings)
    store, person = installation.store, wiring.OWNER
    found = _find(installation, wanted)
    waiting = store.projections.review(person)
    signals = {fact_id(each): each for each in store.facts.all(person) if isinstance(each, Signal)}
    stored = store.people.setting(person, AS_OF_SETTING)
    now = datetime.fromisoformat(stored.decode()) if stored else installation.clock()
    zone = store.people.get(person).zone
    console = Console()
    for application in found:
        own = [signals[each] for each in application.facts if each in signals]
        for number, line in enumerate(explaining.story(application, own, waiting, now, zone)):
            dim = line.startswith(explaining.INDENT)
            console.print(line, style="dim" if dim else None if number else "bold", markup=False, highlight=False)


def _find(installation: wiring.Installation, wanted: str) -> list[Application]:
    projections = installation.store.projections
    try:
        return [projections.application(wiring.OWNER, ApplicationId(wanted))]
    except NotFound:
        pass
    folded = wanted.casefold()
    found = [each for each in projections.applications(wiring.OWNER) if folded in (each.company or "").casefold()]
    if not found:
        raise NotFound(f"No application of yours is named {wanted!r}; `hearback export` lists them.")
    return sorted(found, key=lambda each: (each.company or "", each.role or ""))


def up(settings: Settings, zone: str, *, google_client: Path | None = None, google_key: Path | None = None) -> None:
    """Serve until Ctrl-C, with the person's Google files if they bring some. Permanent: one of those cannot be used."""
    _quiet()
    _open(settings)
    google_files.take_over(settings, google_client, google_key)
    public = settings.public_url or f"http://{serve.HOST}:{settings.port}"
    settings = google_files.into(settings).model_copy(update={"public_url": public})
    client = google_files.client_of(settings)
    if client is not None:
        fits(client, public)
    with home.locked(settings.home), serve.running(settings, zone=zone) as server:
        serve.announce(server, settings)
        server.wait()


def demo(settings: Settings, *, mail_every_seconds: float) -> None:
    """Serve the demo until Ctrl-C."""
    from hearback.local import demo as demos

    _quiet()
    with demos.running(settings, mail_every_seconds=mail_every_seconds) as server:
        serve.announce(server, settings)
        server.wait()


def write_demo(folder: Path) -> None:
    """Write the demo's mailboxes."""
    from hearback.local import demo as demos

    for path in demos.write_export(folder):
        sys.stdout.write(f"{path}\n")


def sync(settings: Settings) -> None:
    """Catch up once: queue, work the queue until it is empty."""
    from hearback.local import once

    _quiet()
    with home.locked(settings.home):
        once.catch_up_all(_open(settings))


def _quiet() -> None:
    for name in ("hearback", "uvicorn.error", "googleapiclient"):
        logging.getLogger(name).setLevel(logging.WARNING)
