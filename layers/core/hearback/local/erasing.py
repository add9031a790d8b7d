"""`hearback erase`: the person of this installation, their key, and everything sealed under it."""

from __future__ import annotations

import sys
from typing import Final

from hearback import wiring
from hearback.local import google_files, home
from hearback.model.errors import Permanent
from hearback.settings import Settings
from hearback.sync import erase

CONFIRMATION: Final = "erase everything"
WARNING: Final = "This gives back the access to your mailboxes and deletes your key with everything sealed under it. It cannot be undone."


def erase_all(settings: Settings, *, confirmed: bool) -> None:
    """Erase and print the receipt. Permanent: not confirmed, nothing there, or a server is running on the home."""
    if not (settings.home / "store.db").exists():
        raise Permanent(f"There is nothing in {settings.home} to erase.")
    with home.locked(settings.home):
        installation = wiring.build(settings)
        installation.store.people.get(wiring.OWNER)
        if not confirmed and not _typed():
            raise Permanent("Nothing was erased.")
        receipt = erase.erase(installation.rooms, wiring.OWNER)
    sys.stdout.write(
        f"erased at {receipt.at:%Y-%m-%dT%H:%M:%SZ}  mailboxes {receipt.mailboxes}"
        f"  providers not reached {receipt.not_revoked}\n"
    )
    if receipt.not_revoked:
        sys.stdout.write("End that access at the provider too: https://myaccount.google.com/permissions\n")
    kept = [name for name in (google_files.CLIENT, google_files.KEY) if (settings.home / name).exists()]
    if kept:
        sys.stdout.write(f"Your app's files at Google are no data about you and stay: {', '.join(kept)}.\n")
    sys.stdout.write(f"A copy you made of {settings.home / 'keys'} is yours to delete.\n")


def _typed() -> bool:
    if not sys.stdin.isatty():
        raise Permanent("Nothing was erased: nobody is there to ask. Scripts say --yes.")
    sys.stderr.write(f"{WARNING}\nType “{CONFIRMATION}” to go on: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() == CONFIRMATION
