"""What a working sheet says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from assessments.worksheets.layout import Identity


@dataclass(frozen=True, slots=True)
class QuestionRow:
    code: str
    text: str
    maximum: Decimal
    claim: Decimal | None
    granted: Decimal | None
    opds: tuple[str, ...]  # codes; the first one leads where `has_lead`
    has_lead: bool
    state: str
    reasons: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class IndicatorBlock:
    code: str
    name: str
    maximum: Decimal
    questions: list[QuestionRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClusterSheet:
    label: str
    name: str
    maximum: Decimal
    indicators: list[IndicatorBlock] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkingSheet:
    identity: Identity
    city: str
    instrument: str
    maximum: Decimal
    stage: str
    exported_by: str
    exported_at: str  # in the city's own time
    clusters: list[ClusterSheet]
