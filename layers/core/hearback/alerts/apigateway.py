"""The Publisher of the deployed system: API Gateway's management endpoint of the WebSocket API."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from hearback.model.errors import NotFound, Transient

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient


class ApiGatewayPublisher:
    """Posts to connections of the WebSocket API at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url

    @functools.cached_property
    def _client(self) -> ApiGatewayManagementApiClient:
        import boto3

        return boto3.client("apigatewaymanagementapi", endpoint_url=self._url)

    def post(self, connection_id: str, data: bytes) -> None:
        """See Publisher.post."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.post_to_connection(ConnectionId=connection_id, Data=data)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in {"GoneException", "410"}:
                raise NotFound("This connection is gone.") from error
            raise Transient("The live connection could not be reached.") from error
        except BotoCoreError as error:
            raise Transient("The live connection could not be reached.") from error
