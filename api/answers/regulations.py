"""The legal register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from regulations.choices import Force, RegulationKind, RelationKind


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A question that a regulation is about."""

    instrument: str
    question: str


@dataclass(frozen=True, slots=True)
class RelationEntry:
    """What a regulation does to another, by its `id`."""

    kind: RelationKind
    regulation: int


@dataclass(frozen=True, slots=True)
class RegulationEntry:
    """A regulation with its state on the last day that the city's present year evaluates."""

    id: int
    kind: RegulationKind
    number: str
    year: int
    title: str
    state: Force
    state_on: date
    signed_on: date | None
    promulgated_on: date | None
    starts_on: date | None
    ends_on: date | None
    revoked_on: date | None
    signatory: str
    initiator: str | None
    address: str
    topics: list[TopicEntry]
    relations: list[RelationEntry]
