"""Queue → here → a receiver's webhook, signed. A receiver that fails is tried again on a schedule; 410 ends it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from hearback.alerts import webhooks
from hearback.model.errors import NotFound, Permanent
from hearback.model.task import Lane
from hearback.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One batch of deliveries; answers which of them shall be tried again."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=work, processor=processor, context=context))


def work(record: SQSRecord) -> None:
    """One delivery."""
    try:
        webhooks.deliver(installation().alerts, record.body, int(record.attributes.approximate_receive_count))
    except Permanent as error:
        installation().queue.dead_letter(record.body, lane=Lane.DELIVER, reason=str(error))
    except NotFound:
        return  # the person was erased: nobody is left to tell for
