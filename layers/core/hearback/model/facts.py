"""A fact is a signal or an act: the fold's input. Stored facts are JSON of these, validated on the way in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from hearback.model.act import Act
from hearback.model.ids import FactId
from hearback.model.signal import Signal

Fact = Signal | Act


def fact_id(fact: Fact) -> FactId:
    """The id an act may point at."""
    return FactId(fact.id)


SIGNAL: TypeAdapter[Signal] = TypeAdapter(Signal)
ACT: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="type")])
