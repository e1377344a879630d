"""The legal register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from api.answers.questions import DocumentEntry
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
    """A regulation with its state on the last day that the city's present year evaluates.

    `text` is the document with its text; null also where the account does not see that.
    """

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
    text: UUID | None
    topics: list[TopicEntry]
    relations: list[RelationEntry]


@dataclass(frozen=True, slots=True)
class RegulationDetail:
    """A regulation with what others do to it, by the `id` of each, and its text.

    `is_text_hidden` where its text is stored but not for this account. `suggested` are documents
    that carry its number, while it has no text.
    """

    regulation: RegulationEntry
    relations_to_it: list[RelationEntry]
    is_text_hidden: bool
    text: DocumentEntry | None
    suggested: list[DocumentEntry]


@dataclass(frozen=True, slots=True)
class AboutEntry:
    """A regulation about a topic, by its `id`, and whether it holds for the evaluated years."""

    regulation: int
    state: Force


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """A topic of a year: a question that asks for a regulation, or else for a budget.

    `strongest` is the strongest regulation in force, null without one; `others` are about it too.
    `to_prove` are the points that are not proven yet. OPDs by code: who leads, and who is beside.
    """

    question: str
    text: str
    asks_regulation: bool
    strongest: int | None
    others: list[AboutEntry]
    to_prove: Decimal
    lead: str | None
    beside: list[str]
