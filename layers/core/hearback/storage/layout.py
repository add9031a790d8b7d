"""All keys of the single table in one place: pk is the person (or a shard, or a directory entry), sk what it is.

    P#<person>        PERSON · SET#<name> · FACT#<id> · COMP#<id> · PART#<id>#<version>#<n> · LINK#<hmac> · APP#<id>
                      LESSONS · LEARN#L#<fact> · LEARN#S#<hmac> · FROM#<hmac>#<component>
                      BOX#<mailbox> · LEASE#<mailbox> · TOKEN#<mailbox> · QUOTA#<mailbox> · LEDG#<mailbox>#<message> · RUN#<time>#<mailbox>
                      PARK#<mailbox>#<task> · WAIT#<mailbox>#<message> · DIR#<kind>#<hmac>#<mailbox>
    DUE#<shard>       <due time>#<person>#<mailbox>
    WATCH#<shard>     <end of the watch>#<person>#<mailbox>
    OUTBOX#<shard>    OUT#<person>#<id>          (what the table stream hands to functions/notify)
    DIR#<kind>#<hmac> <person>#<mailbox>

Ids and HMACs only: nothing personal stands in a key.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Final

from hearback.model.ids import PersonId
from hearback.storage.protocols import DUE_SHARDS

OUTBOX_SHARDS: Final = 4


def person(person_id: PersonId) -> str:
    """Partition of everything of a person."""
    return f"P#{person_id}"


def shard(name: str, shards: int) -> int:
    """Which of `shards` a name falls into."""
    return zlib.crc32(name.encode()) % shards


def due(mailbox: str) -> str:
    """Partition of the index by when a mailbox's turn comes."""
    return f"DUE#{shard(mailbox, DUE_SHARDS)}"


def watch(mailbox: str) -> str:
    """Partition of the index by when a mailbox's watch ends."""
    return f"WATCH#{shard(mailbox, DUE_SHARDS)}"


def outbox(person_id: PersonId, entry: str) -> tuple[str, str]:
    """Key of an outbox item."""
    return f"OUTBOX#{shard(f'{person_id}{entry}', OUTBOX_SHARDS)}", f"OUT#{person_id}#{entry}"


def stamp(moment: datetime) -> str:
    """A time as it sorts in a key."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
