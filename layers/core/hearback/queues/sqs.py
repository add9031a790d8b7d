"""The deployed queue: SQS standard queues, one a lane, fair between mailboxes by MessageGroupId; one dead-letter queue."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from hearback.model.errors import Transient
from hearback.model.task import Lane, Task
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES, DeadLetter, Delivery

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH: Final = 10
MAX_DELAY_SECONDS: Final = 900
SEND_TRIES: Final = 4
_CALLERS: Final = ("Receipt", "NotInflight", "InvalidParameter", "InvalidMessageContents", "TooLong")
"""Words in the codes of errors that are the caller's own."""


class SqsQueue:
    """The Queue protocol on SQS."""

    def __init__(self, urls: Mapping[Lane, str], dead_letter_url: str, client: SQSClient | None = None) -> None:
        self._urls = urls
        self._dead = dead_letter_url
        self._made = client

    @property
    def _client(self) -> SQSClient:
        if self._made is None:
            import boto3

            self._made = boto3.client("sqs")
        return self._made

    def send(self, tasks: Sequence[Task], *, lane: Lane = Lane.LIVE, delay_seconds: float = 0) -> None:
        """See Queue.send."""
        delay = min(math.ceil(delay_seconds), MAX_DELAY_SECONDS)
        for start in range(0, len(tasks), BATCH):
            waiting = {
                str(index): {
                    "MessageBody": codec.encode(task),
                    "MessageGroupId": codec.group_of(task),
                    "DelaySeconds": delay,
                }
                for index, task in enumerate(tasks[start : start + BATCH])
            }
            for _ in range(SEND_TRIES):
                with _reachable():
                    answer = self._client.send_message_batch(
                        QueueUrl=self._urls[lane],
                        Entries=[{"Id": id_, **entry} for id_, entry in waiting.items()],  # type: ignore[typeddict-item]
                    )
                for done in answer.get("Successful", ()):
                    waiting.pop(done["Id"], None)
                if not waiting:
                    break
            if waiting:
                raise Transient("The queue did not take everything; what it took is harmless to send again.")

    def receive(self, *, lane: Lane, limit: int = 10, visibility_seconds: float) -> Sequence[Delivery]:
        """See Queue.receive."""
        with _reachable():
            answer = self._client.receive_message(
                QueueUrl=self._urls[lane],
                MaxNumberOfMessages=min(limit, BATCH),
                VisibilityTimeout=math.ceil(visibility_seconds),
                MessageSystemAttributeNames=["ApproximateReceiveCount", "MessageGroupId"],
                WaitTimeSeconds=0,
            )
        found = []
        for message in answer.get("Messages", ()):
            attributes = message.get("Attributes", {})
            delivery = Delivery(
                receipt=message["ReceiptHandle"],
                id=message["MessageId"],
                lane=lane,
                body=message["Body"],
                group=attributes.get("MessageGroupId", ""),
                receives=int(attributes.get("ApproximateReceiveCount", "1")),
            )
            if delivery.receives > MAX_RECEIVES + 1:
                self.dead_letter(delivery.body, lane=lane, reason=f"given up after {delivery.receives - 1} tries")
                self.delete(delivery)
            else:
                found.append(delivery)
        return found

    def delete(self, delivery: Delivery) -> None:
        """See Queue.delete."""
        from botocore.exceptions import ClientError

        try:
            with _reachable():
                self._client.delete_message(QueueUrl=self._urls[delivery.lane], ReceiptHandle=delivery.receipt)
        except ClientError:
            return  # the receipt is worthless by now: the task comes again, which is harmless

    def retry(self, delivery: Delivery, *, delay_seconds: float) -> None:
        """See Queue.retry."""
        from botocore.exceptions import ClientError

        try:
            with _reachable():
                self._client.change_message_visibility(
                    QueueUrl=self._urls[delivery.lane],
                    ReceiptHandle=delivery.receipt,
                    VisibilityTimeout=min(math.ceil(delay_seconds), 43_200),
                )
        except ClientError:
            return  # as above

    def give_back(self, delivery: Delivery) -> None:
        """See Queue.give_back."""
        self.retry(delivery, delay_seconds=0)

    def dead_letter(self, body: str, *, lane: Lane, reason: str) -> None:
        """See Queue.dead_letter."""
        with _reachable():
            self._client.send_message(
                QueueUrl=self._dead,
                MessageBody=json.dumps({"lane": lane.value, "body": body, "reason": reason}),
            )

    def dead_letters(self, *, limit: int = 100) -> Sequence[DeadLetter]:
        """See Queue.dead_letters. They stay: each is only looked at."""
        found: dict[str, DeadLetter] = {}
        while len(found) < limit:
            with _reachable():
                answer = self._client.receive_message(
                    QueueUrl=self._dead, MaxNumberOfMessages=BATCH, VisibilityTimeout=5
                )
            fresh = [each for each in answer.get("Messages", ()) if each["MessageId"] not in found]
            if not fresh:
                break
            for message in fresh:
                found[message["MessageId"]] = _dead_letter(message["MessageId"], message["Body"])
        return list(found.values())[:limit]

    def depth(self, lane: Lane) -> int:
        """See Queue.depth."""
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        with _reachable():
            answer = self._client.get_queue_attributes(QueueUrl=self._urls[lane], AttributeNames=names)  # type: ignore[arg-type]
        return sum(int(value) for value in answer.get("Attributes", {}).values())


def _dead_letter(id_: str, text: str) -> DeadLetter:
    """One of ours with its reason, or one SQS moved there itself after too many tries."""
    try:
        data = json.loads(text)
        return DeadLetter(id=id_, lane=Lane(data["lane"]), body=data["body"], reason=data["reason"])
    except (ValueError, KeyError, TypeError):
        return DeadLetter(id=id_, lane=Lane.LIVE, body=text, reason="given up after too many tries")


@contextmanager
def _reachable() -> Iterator[None]:
    """A queue that refuses or is out of reach is Transient; a receipt or a request that is wrong passes through."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except BotoCoreError as error:
        raise Transient("The queue is out of reach.") from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        code = str(error.response.get("Error", {}).get("Code", ""))
        if status < 500 and any(each in code for each in _CALLERS):  # noqa: PLR2004
            raise
        raise Transient(f"The queue is out of reach ({code}).") from error
