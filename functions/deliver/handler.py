"""Queue → here → a receiver's webhook, signed. A receiver that fails is tried again on a schedule; 410 ends it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from hearback.alerts import webhooks
from hearback.model.task import Lane
from hearback.queues.protocols import Delivery
from hearback.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One batch of deliveries; answers which of them shall be tried again."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=work, processor=processor, context=context))


def work(record: SQSRecord) -> None:
    """One delivery."""
    delivery = Delivery(
        receipt=record.receipt_handle,
        id=record.message_id,
        lane=Lane.DELIVER,
        body=record.body,
        group=record.attributes.message_group_id or "",
        receives=int(record.attributes.approximate_receive_count),
    )
    webhooks.handle(installation().alerts, delivery)
