"""The embedded store: every Protocol of storage on one SQLite file."""

from __future__ import annotations

from pathlib import Path

from hearback.storage.protocols import Keys
from hearback.storage.sqlite.database import Database
from hearback.storage.sqlite.facts import SqliteFacts, SqliteProjections
from hearback.storage.sqlite.ledger import SqliteAwaited, SqliteLedger, SqliteOutbox
from hearback.storage.sqlite.mailboxes import SqliteDirectory, SqliteMailboxes, SqliteQuotas
from hearback.storage.sqlite.people import SqlitePeople


class SqliteStore:
    """The Store protocol on one file. Safe for several threads and several processes."""

    def __init__(self, path: Path, keys: Keys) -> None:
        database = Database(path, keys)
        self.projections = SqliteProjections(database)
        self.facts = SqliteFacts(database, self.projections)
        self.mailboxes = SqliteMailboxes(database)
        self.directory = SqliteDirectory(database)
        self.ledger = SqliteLedger(database)
        self.outbox = SqliteOutbox(database)
        self.awaited = SqliteAwaited(database)
        self.quotas = SqliteQuotas(database)
        self.people = SqlitePeople(database)
