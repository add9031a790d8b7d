"""The deployed store: every Protocol of storage on one DynamoDB table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.storage.dynamodb.facts import DynamoFacts, DynamoProjections
from hearback.storage.dynamodb.ledger import DynamoAwaited, DynamoLedger, DynamoOutbox
from hearback.storage.dynamodb.mailboxes import DynamoDirectory, DynamoMailboxes, DynamoQuotas
from hearback.storage.dynamodb.people import DynamoPeople
from hearback.storage.dynamodb.table import Table
from hearback.storage.protocols import Keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoStore:
    """The Store protocol on one table."""

    def __init__(self, table: str, keys: Keys, client: DynamoDBClient | None = None) -> None:
        rows = Table(table, keys, client)
        self.projections = DynamoProjections(rows)
        self.facts = DynamoFacts(rows, self.projections)
        self.mailboxes = DynamoMailboxes(rows)
        self.directory = DynamoDirectory(rows)
        self.ledger = DynamoLedger(rows)
        self.outbox = DynamoOutbox(rows)
        self.awaited = DynamoAwaited(rows)
        self.quotas = DynamoQuotas(rows)
        self.people = DynamoPeople(rows)
