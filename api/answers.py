"""What the interface tells and takes, field by field. English names; sentences and names as people wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from api.choices import WebhookEvent
from assessments.choices import AnswerState, ScoreKind, Stage, Verdict
from cities.roles import Role
from clusters.choices import AnswerType
from territories.choices import UnitLevel


@dataclass(frozen=True, slots=True)
class CityEntry:
    slug: str
    code: str
    name: str
    role: Role
    opd: str | None


@dataclass(frozen=True, slots=True)
class YearEntry:
    year: int
    instrument: str
    stage: Stage
    stage_name: str
    deadline: date | None
    evidence_from: date
    evidence_to: date
    target: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """A total with what it reaches; `to_target` is missing to the city's target."""

    points: Decimal
    predikat: str
    answered: int
    next_predikat: str | None
    to_next: Decimal | None
    to_target: Decimal | None


@dataclass(frozen=True, slots=True)
class OfficialTotal:
    kind: ScoreKind
    total: Total


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    code: str
    label: str
    name: str
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class YearTotals:
    year: YearEntry
    maximum: Decimal
    questions: int
    states: dict[str, int]
    claimed: Total
    evidenced: Total
    official: OfficialTotal | None
    clusters: list[ClusterEntry]


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    code: str
    number: int
    cluster: str
    name: str
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class OpdEntry:
    code: str
    name: str
    questions: int
    late: int
    states: dict[str, int]
    maximum: Decimal
    claimed: Decimal
    evidenced: Decimal


@dataclass(frozen=True, slots=True)
class Assigned:
    opd: str
    name: str
    is_lead: bool
    due_on: date | None


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    code: str
    indicator: str
    cluster: str
    text: str
    answer_type: AnswerType
    options: list[str]
    max_points: Decimal
    state: AnswerState
    claimed_points: Decimal | None
    value: Decimal | None
    choice: str
    note: str
    claimed_at: datetime | None
    claimed_by: str | None
    granted_points: Decimal | None
    proven_points: Decimal | None
    due_on: date | None
    is_late: bool
    assigned: list[Assigned]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The file of a document; null where it is a link, or where this account may not open it."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    id: UUID
    title: str
    opd: str | None
    uploaded_at: datetime
    revision: int
    is_sensitive: bool
    is_openable: bool
    number: str | None
    issued_on: date | None
    period_start: date | None
    period_end: date | None
    valid_until: date | None
    link: str | None
    file: FileFacts | None


@dataclass(frozen=True, slots=True)
class OfferEntry:
    """A document offered for a question, with the verdict on the pair."""

    id: int
    question: str
    kind: str
    offered_at: datetime
    is_current: bool
    verdict: Verdict
    reason: str
    decided_at: datetime | None
    document: DocumentEntry


@dataclass(frozen=True, slots=True)
class AskedKind:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficialPoints:
    kind: ScoreKind
    points: Decimal


@dataclass(frozen=True, slots=True)
class QuestionDetail:
    question: QuestionEntry
    kinds: list[AskedKind]
    official: list[OfficialPoints]
    offers: list[OfferEntry]


@dataclass(frozen=True, slots=True)
class CommentEntry:
    id: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitEntry:
    code: str
    name: str
    level: UnitLevel
    district: str | None
    reported: int
    waiting: int
    returned: int


@dataclass(frozen=True, slots=True)
class SaidEntry:
    """What a unit says to a criterion; which fields are filled depends on what is asked."""

    yes: bool | None
    part: int | None
    whole: int | None
    count: int | None
    boys: int | None
    girls: int | None
    nil: bool


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """`counts` says whether the accepted report meets the criterion; null without one."""

    criterion: str
    text: str
    kind: str
    id: int | None
    state: str
    reason: str
    latest: SaidEntry | None
    source: str
    accepted: SaidEntry | None
    counts: bool | None


@dataclass(frozen=True, slots=True)
class UnitReports:
    unit: str
    name: str
    data_year: int
    criteria: str
    reports: list[ReportEntry]


# --- What it takes; an empty or missing field is empty afterwards --------------------------------


@dataclass(frozen=True, slots=True)
class ClaimBody:
    claimed_points: Decimal | None
    value: Decimal | None
    choice: str
    note: str


@dataclass(frozen=True, slots=True)
class CommentBody:
    text: str


@dataclass(frozen=True, slots=True)
class VerdictBody:
    """`verdict` is accepted, with `granted_points`, or returned, with a reason."""

    verdict: Verdict
    granted_points: Decimal | None
    usual_reason: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfficialBody:
    """Without points the entry is taken back; `why` names the source, such as a berita acara."""

    kind: ScoreKind
    points: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class DocumentBody:
    """`upload` names a file that was sent in pieces before; days as 2026-01-31."""

    upload: list[UUID]
    kind: str
    title: str
    number: str
    issued_on: date | None
    period_start: date | None
    period_end: date | None
    valid_until: date | None
    sensitivity: str


@dataclass(frozen=True, slots=True)
class ReportBody:
    """Which fields are asked for depends on the criterion; `nil` says that there was none."""

    yes: bool | None
    part: int | None
    whole: int | None
    count: int | None
    boys: int | None
    girls: int | None
    nil: bool
    source: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No body is needed."""


# --- What webhooks are sent: codes and addresses, never names or what people wrote ----------------


@dataclass(frozen=True, slots=True)
class EventData:
    """`questions` are codes; `due_on` is told of deadlines alone. `url` tells more, to a token."""

    city: str
    city_code: str
    year: int
    questions: list[str]
    due_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """`timestamp` is when it happened; the header `webhook-timestamp` is when it was sent."""

    type: WebhookEvent
    timestamp: datetime
    data: EventData
