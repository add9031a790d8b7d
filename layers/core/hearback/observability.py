"""Logs and metrics: ids, counts and reasons; never an address, a subject, a text or a token.

Imported by the functions and the local deployment; the inner rooms log through `logging` under "hearback".
"""

from __future__ import annotations

import logging
import os

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

SERVICE = "hearback"

os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", SERVICE)
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", SERVICE)

logger = Logger(service=SERVICE, logger_formatter=None, use_rfc3339=True)
metrics = Metrics(namespace=SERVICE, service=SERVICE)


def count(name: str, value: int) -> None:
    """One figure for a metric that an alarm goes by. On Lambda only: it leaves as a line on standard output."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    metrics.flush_metrics()


def quiet() -> None:
    """Send log lines of this process nowhere but to warnings and worse (commands that print for a person)."""
    for name in (SERVICE, "hearback", "googleapiclient", "google", "urllib3", "botocore"):
        logging.getLogger(name).setLevel(logging.WARNING)
