"""The implementations every contract suite runs on, and a clock that tests move."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hearback.model.ids import PersonId
from hearback.model.person import Person
from hearback.model.task import Lane
from hearback.queues.sqlite import SqliteQueue
from hearback.queues.sqs import SqsQueue
from hearback.storage.dynamodb import DynamoStore
from hearback.storage.keys_file import FileKeys
from hearback.storage.keys_kms import KmsKeys
from hearback.storage.sqlite import SqliteStore

ANN, BEN = PersonId("ann"), PersonId("ben")


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def moto() -> Iterator[dict[str, Any]]:
    """Moto in process: the table, the keys table, a KMS key, queues."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-central-1"}
    with mock_aws():
        dynamodb, kms, sqs = boto3.client("dynamodb"), boto3.client("kms"), boto3.client("sqs")
        dynamodb.create_table(
            TableName="keys",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "person", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "person", "KeyType": "HASH"}],
        )
        yield {"dynamodb": dynamodb, "sqs": sqs, "kms": kms, "key": kms.create_key()["KeyMetadata"]["Arn"], "tables": 0}


@pytest.fixture
def aws(moto: dict[str, Any]) -> dict[str, Any]:
    """Moto with an empty keys table: no test sees a key that another one made, swapped or broke."""
    for item in moto["dynamodb"].scan(TableName="keys")["Items"]:
        moto["dynamodb"].delete_item(TableName="keys", Key={"person": item["person"]})
    return moto


@pytest.fixture(params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """One store with two people, Ann and Ben."""
    made: Any
    if request.param == "sqlite":
        made = SqliteStore(tmp_path / "store.db", FileKeys(tmp_path))
    else:
        aws = request.getfixturevalue("aws")
        aws["tables"] += 1
        name = f"table{aws['tables']}"
        aws["dynamodb"].create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        made = DynamoStore(name, KmsKeys("keys", aws["key"], aws["dynamodb"], aws["kms"]), aws["dynamodb"])
    for person in (ANN, BEN):
        made.people.put(Person(id=person, zone="Europe/Berlin"))
    return made


@pytest.fixture(params=["sqlite", "sqs"])
def queue(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Any:
    """One empty queue."""
    if request.param == "sqlite":
        return SqliteQueue(tmp_path / "queue.db", clock)
    aws = request.getfixturevalue("aws")
    aws["tables"] += 1
    urls = {lane: aws["sqs"].create_queue(QueueName=f"{lane.value}{aws['tables']}")["QueueUrl"] for lane in Lane}
    dead = aws["sqs"].create_queue(QueueName=f"dead{aws['tables']}")["QueueUrl"]
    return SqsQueue(urls, dead, aws["sqs"])
