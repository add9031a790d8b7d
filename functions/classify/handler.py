"""Queue → here: CatchUp → more references; a reference → fetch → read → record. Only failed records come back."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from hearback.sync import classify
from hearback.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One batch of tasks; answers which of them shall be delivered again."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=work, processor=processor, context=context))


def work(record: SQSRecord) -> None:
    """One task."""
    classify.handle(installation().rooms, record.body, int(record.attributes.approximate_receive_count))
