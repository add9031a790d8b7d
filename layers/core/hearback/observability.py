"""Logs and metrics: ids, counts and reasons; never an address, a subject, a text or a token.

Imported by the functions and the local deployment; the inner rooms log through `logging` under "hearback".
"""

from __future__ import annotations

import logging
import os

from aws_lambda_powertools import Logger, Metrics

SERVICE = "hearback"

os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", SERVICE)
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", SERVICE)

logger = Logger(service=SERVICE, logger_formatter=None, use_rfc3339=True)
metrics = Metrics(namespace=SERVICE, service=SERVICE)


def quiet() -> None:
    """Send log lines of this process nowhere but to warnings and worse (commands that print for a person)."""
    for name in (SERVICE, "hearback", "googleapiclient", "google", "urllib3", "botocore"):
        logging.getLogger(name).setLevel(logging.WARNING)
