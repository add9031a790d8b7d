"""Ids as distinct types, so that a mailbox id cannot be passed where a person id is meant."""

from __future__ import annotations

from typing import Any, NewType

from pydantic_core import CoreSchema, core_schema

PersonId = NewType("PersonId", str)
MailboxId = NewType("MailboxId", str)
#: The provider's id of a message; for an import the hex SHA-256 of the message's bytes.
ProviderMessageId = NewType("ProviderMessageId", str)
#: "mailbox_id/provider_message_id": the idempotency key of a signal within its person.
SignalId = NewType("SignalId", str)
ActId = NewType("ActId", str)
ApplicationId = NewType("ApplicationId", str)
#: A fact (signal or act) an act points at; whatever application holds the fact is meant.
FactId = NewType("FactId", str)


def signal_id(mailbox: MailboxId, message: ProviderMessageId) -> SignalId:
    """The signal a message of this mailbox becomes."""
    return SignalId(f"{mailbox}/{message}")


class Personal(str):
    """Text about a person. Prints as ••• in a repr, so that it does not slip into a log or a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "•••"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: type[Any], _handler: object) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
