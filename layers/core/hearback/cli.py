"""The `hearback` command. Each command's words and formats are a promise: others script against them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from hearback.local import commands, erasing, google_files, planning, zone
from hearback.model.errors import HearbackError, Permanent
from hearback.model.person import AutomationMode
from hearback.settings import Settings, from_environment

app = typer.Typer(
    name="hearback",
    help="Reads a job seeker's mail and keeps their applications up to date. HEARBACK_HOME selects the store.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

UNREADABLE: Final = 2
FAILED: Final = 1

Owner = Annotated[str | None, typer.Option("--owner", help="The mailbox's own address; guessed where it is left out.")]
Timezone = Annotated[str | None, typer.Option("--timezone", help="IANA zone of the person; this machine's by default.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Fix “now”: an ISO 8601 date-time.")]


class Mode(StrEnum):
    """Automation modes as the command line names them."""

    REVIEW = "review"
    SMART = "smart"
    AUTOMATIC = "automatic"


@contextmanager
def _for_people() -> Iterator[None]:
    """An error is one line that says what to do; Ctrl-C is no error."""
    try:
        yield
    except commands.Unreadable as error:
        _fail(str(error), UNREADABLE)
    except HearbackError as error:
        _fail(str(error), FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(text: str, code: int) -> NoReturn:
    typer.echo(f"hearback: {text}", err=True)
    raise typer.Exit(code)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Permanent(f"{text!r} is no ISO 8601 date-time, such as 2026-11-24T09:00:00+01:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _settings() -> Settings:
    return from_environment()


def _with_google() -> Settings:
    """For commands that ask Google something: the files in the home count too."""
    return google_files.into(from_environment())


@app.command()
def read(
    paths: Annotated[list[Path], typer.Argument(help="Files (.eml, .mbox), Maildirs or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, in input order.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why, message by message.")] = False,
    owner: Owner = None,
    timezone: Timezone = None,
) -> None:
    """A dry run: say what each message means. Changes nothing, stores nothing."""
    with _for_people():
        commands.read_paths(
            paths, as_json=as_json, explain=explain, owner=owner, zone=zone.checked(timezone or zone.of_machine())
        )


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A mailbox export: .mbox, Maildir or a folder of .eml.")],
    owner: Owner = None,
    timezone: Timezone = None,
    mode: Annotated[Mode | None, typer.Option("--mode", help="How much mail may change without you.")] = None,
    order: Annotated[
        Path | None, typer.Option("--order", help="JSON list of Message-IDs to deliver first, in this order.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Read an export into the store. Safe to repeat and to interrupt."""
    with _for_people():
        commands.import_path(
            _settings(),
            path,
            owner=owner,
            zone=zone.checked(timezone) if timezone else None,
            mode=AutomationMode(mode.value) if mode else None,
            order=order,
            as_of=_moment(as_of),
        )


@app.command()
def export(
    as_json: Annotated[bool, typer.Option("--json", help="JSON (the default).")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Applications as CSV, safe to open in a spreadsheet.")] = False,
    as_of: AsOf = None,
) -> None:
    """Everything held about you, canonical: the same facts give the same bytes."""
    with _for_people():
        if as_json and as_csv:
            raise Permanent("Choose --json or --csv, not both.")
        sys.stdout.buffer.write(commands.export(_settings(), as_csv=as_csv, as_of=_moment(as_of)))
        sys.stdout.buffer.flush()


@app.command()
def explain(
    application: Annotated[str, typer.Argument(help="A company name, or an application's id.")],
) -> None:
    """Print how an application came to stand where it stands, with the sentence behind each step."""
    with _for_people():
        commands.explain(_settings(), application)


@app.command()
def sync() -> None:
    """Catch all connected mailboxes up once, and stop."""
    with _for_people():
        commands.sync(_with_google())


@app.command()
def erase(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
) -> None:
    """Erase everything: mailbox access, your key, and all that is sealed under it. It cannot be undone."""
    with _for_people():
        erasing.erase_all(_with_google(), confirmed=yes)


@app.command()
def plan(
    name: Annotated[
        str | None, typer.Argument(help="The new plan: free, premium_pro, platinum_elite, enterprise or personal.")
    ] = None,
) -> None:
    """Print the plan, or change it. A smaller one pauses what it does not include; nothing is deleted."""
    with _for_people():
        planning.plan(_with_google() if name else _settings(), name)


@app.command()
def up(
    google_client: Annotated[
        Path | None,
        typer.Option("--google-client", help="Your OAuth client's JSON from the Google console; kept in the store."),
    ] = None,
    google_key: Annotated[
        Path | None,
        typer.Option("--google-key", help="A service account's JSON key, to hear of new mail at once; kept likewise."),
    ] = None,
) -> None:
    """Run your own Hearback on this machine (HEARBACK_PORT, default 8765). Data survives restarts."""
    with _for_people():
        commands.up(_settings(), zone.of_machine(), google_client=google_client, google_key=google_key)


@app.command()
def doctor() -> None:
    """Check the connection to Gmail step by step, at Google itself: one line a step. Exit 1 where something is wrong."""
    from hearback.local import doctor as examining  # it brings Google's client library along

    with _for_people():
        if not examining.examine(_with_google(), sys.stdout.write):
            raise typer.Exit(FAILED)


@app.command()
def demo(
    write: Annotated[
        Path | None, typer.Option("--write", help="Only write the demo's mailboxes as .mbox files into this folder.")
    ] = None,
    mail_every: Annotated[float, typer.Option("--mail-every", help="Seconds between new mails.")] = 6.0,
) -> None:
    """Run Hearback on a made-up person's simulated mailboxes, in which mail keeps arriving."""
    with _for_people():
        if write is not None:
            commands.write_demo(write)
        else:
            commands.demo(_settings(), mail_every_seconds=mail_every)
