"""What a world stands on: the stores and queue of the embedded deployment, or those of the deployed one.

The deployed one is put together as its functions do, on moto: one table, one of keys and four queues of its own, wired as
template.yaml says, in the time of the world's clock.
"""

from __future__ import annotations

import itertools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import boto3
import botocore.client
import moto.sqs.models
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws
from wires import Wired, Wires

from fakes import install, on_google
from hearback import wiring
from hearback.local.template import load
from hearback.model.errors import Transient
from hearback.model.task import Lane
from hearback.queues.protocols import Queue
from hearback.simulators.google import Google

ROOT: Final = Path(__file__).resolve().parents[2]
QUEUES: Final = {Lane.LIVE: "LiveQueue", Lane.BACKFILL: "BackfillQueue", Lane.DELIVER: "DeliverQueue"}
"""As template.yaml names them."""
_numbers: Final = itertools.count()

Clock = Callable[[], datetime]


class Ground(Protocol):
    """Stores and queue of one installation."""

    def install(self, google: Google, root: str, clock: Clock) -> wiring.Installation:
        """A process on them, in the time of `clock`."""
        ...

    def wired(self, plain: wiring.Installation, wires: Wires) -> wiring.Installation:
        """The same process, its effects on stores and queue passing `wires`."""
        ...

    def copy(self) -> Ground:
        """The same again."""
        ...

    def arn(self, lane: Lane) -> str:
        """What events call the queue of a lane."""
        ...

    def away(self, queue: Queue) -> Any:
        """A block in which nothing can be sent to the queue."""
        ...


class Embedded:
    """SQLite in a folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def install(self, google: Google, root: str, clock: Clock) -> wiring.Installation:
        return install(self.home, google, root, clock=clock)

    def wired(self, plain: wiring.Installation, wires: Wires) -> wiring.Installation:
        return replace(plain, store=Wired(wires, "store", plain.store), queue=Wired(wires, "queue", plain.queue))

    def copy(self) -> Embedded:
        home = self.home.with_name(f"{self.home.name}-{next(_numbers)}")
        shutil.copytree(self.home, home)
        return Embedded(home)

    def arn(self, lane: Lane) -> str:
        return f"arn:aws:sqs:local:000000000000:hearback-{lane}"

    @contextmanager
    def away(self, queue: Queue) -> Iterator[None]:
        def refuse(*_: Any, **__: Any) -> None:
            raise Transient("The queue is out of reach.")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(queue, "send", refuse)
            yield


class Deployed:
    """DynamoDB, KMS and SQS."""

    def __init__(self) -> None:
        self.name = f"hearback-{next(_numbers)}"
        self._table(self.name, "pk", "sk")
        self._table(f"{self.name}-keys", "person")
        resources = load(ROOT / "template.yaml")["Resources"]
        self._dead = self._queue("DeadLetters", {})
        dead = _client("sqs").get_queue_attributes(QueueUrl=self._dead, AttributeNames=["QueueArn"])
        self._urls = {
            lane: self._queue(name, _attributes(resources[name]["Properties"], dead["Attributes"]["QueueArn"]))
            for lane, name in QUEUES.items()
        }

    def _table(self, name: str, *keys: str) -> None:
        _client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in keys],
            KeySchema=[
                {"AttributeName": each, "KeyType": kind} for each, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )

    def _queue(self, name: str, attributes: dict[str, str]) -> str:
        made = _client("sqs").create_queue(QueueName=f"{self.name}-{name}", Attributes=attributes)
        return str(made["QueueUrl"])

    def install(self, google: Google, root: str, clock: Clock) -> wiring.Installation:
        _account.clock = clock
        return on_google(
            {
                "store": "dynamodb",
                "table": self.name,
                "keys_table": f"{self.name}-keys",
                "kms_key": _kms_key(),
                "queue_url": self._urls[Lane.LIVE],
                "backfill_queue_url": self._urls[Lane.BACKFILL],
                "deliver_queue_url": self._urls[Lane.DELIVER],
                "dlq_url": self._dead,
            },
            google,
            root,
            clock=clock,
        )

    def wired(self, plain: wiring.Installation, wires: Wires) -> wiring.Installation:
        _account.wires = wires
        return replace(plain)

    def copy(self) -> Deployed:
        made = Deployed()
        client = _client("dynamodb")
        for suffix in ("", "-keys"):
            for item in client.scan(TableName=f"{self.name}{suffix}")["Items"]:
                client.put_item(TableName=f"{made.name}{suffix}", Item=item)
        for url in self._urls.values():
            held = _client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            assert held["ApproximateNumberOfMessages"] == held["ApproximateNumberOfMessagesNotVisible"] == "0"
        return made

    def arn(self, lane: Lane) -> str:
        return f"arn:aws:sqs:eu-central-1:123456789012:{self.name}-{QUEUES[lane]}"

    @contextmanager
    def away(self, queue: Queue) -> Iterator[None]:
        """The queue does not answer at all."""
        del queue  # all of them
        events = _client("sqs").meta.events

        def refuse(**_: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://sqs.eu-central-1.amazonaws.com")

        events.register_first("before-send.sqs.SendMessageBatch", refuse)
        try:
            yield
        finally:
            events.unregister("before-send.sqs.SendMessageBatch", refuse)

    def drop(self) -> None:
        """Nothing is left of it."""
        for suffix in ("", "-keys"):
            _client("dynamodb").delete_table(TableName=f"{self.name}{suffix}")
        for url in (*self._urls.values(), self._dead):
            _client("sqs").delete_queue(QueueUrl=url)


def _attributes(properties: dict[str, Any], dead: str) -> dict[str, str]:
    most = properties["RedrivePolicy"]["maxReceiveCount"]
    return {
        "VisibilityTimeout": str(properties["VisibilityTimeout"]),
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": most}),
    }


class _Account:
    """What all deployed grounds share, one world at a time: the time of the queues, and where requests pass."""

    def __init__(self) -> None:
        self.clock: Clock = wiring.now
        self.wires = Wires()
        self._asked = itertools.count(1)

    def millis(self) -> float:
        """As any time never twice the same."""
        return self.clock().timestamp() * 1000 + next(self._asked) / 1000

    def seconds(self) -> float:
        return self.clock().timestamp()


_account: Final = _Account()


@cache
def _client(service: str) -> Any:
    return boto3.session.Session(region_name="eu-central-1").client(service)  # type: ignore[call-overload]


@cache
def _kms_key() -> str:
    return str(_client("kms").create_key()["KeyMetadata"]["Arn"])


@contextmanager
def cloud() -> Iterator[None]:
    """An account for deployed grounds: one client of a kind for all of them, for making one takes longer than a test; and one
    request at a time, for moto keeps what it holds in plain objects.
    """
    request, one = botocore.client.BaseClient._make_api_call, threading.RLock()  # type: ignore[attr-defined]

    def in_turn(client: Any, operation: str, asked: Any) -> Any:
        with one:
            return _account.wires.pass_(f"cloud.{operation}", lambda: request(client, operation, asked))

    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", in_turn)
        patch.setattr(boto3, "client", _client)
        patch.setattr(moto.sqs.models, "unix_time_millis", _account.millis)
        patch.setattr(moto.sqs.models, "unix_time", _account.seconds)
        _client.cache_clear()
        _kms_key.cache_clear()
        yield
