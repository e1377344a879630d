"""What the interface tells and takes, field by field. English names; sentences and names as people wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from actionplan.choices import Direction, FundSource, Reach
from api.choices import WebhookEvent
from assessments.choices import AnswerState, ScoreKind, Stage, Verdict
from childdata.choices import Sex
from cities.roles import Role
from clusters.choices import AnswerType
from facilities.choices import CredentialKind
from meetings.choices import MeetingKind
from monitoring.choices import Light
from regulations.choices import Force, RegulationKind, RelationKind
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


@dataclass(frozen=True, slots=True)
class FacilityFact:
    """One thing that a facility is counted for; `counts` is null where nobody has looked."""

    label: str
    says: str
    counts: bool | None


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """A decree or certificate of a facility; `valid_until` is its last day, null without an end."""

    scheme: str
    title: str
    kind: CredentialKind
    level: str
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    holds: bool
    monitoring_on: date | None
    people: int | None


@dataclass(frozen=True, slots=True)
class FacilityEntry:
    """A facility as of today, also one that is gone (`active_to`). `unit` is a code, as is `opd`."""

    id: int
    type: str
    type_name: str
    kind: str
    kind_name: str
    name: str
    code: str
    unit: str | None
    unit_name: str | None
    opd: str | None
    address: str
    contact: str
    provides: bool | None
    staff: int | None
    trained: int | None
    active_from: date | None
    active_to: date | None
    facts: list[FacilityFact]
    certificates: list[CertificateEntry]


@dataclass(frozen=True, slots=True)
class VariableEntry:
    """A variable about children with its numbers of a year; of an unknown number nothing is said.

    `units_told` of `units` kecamatan told their part, `units_total` is what they add up to.
    """

    code: str
    title: str
    concept: str
    definition: str
    formula: str
    unit_of_count: str
    cluster: str
    period: str
    breakdowns: list[str]
    within: str | None
    producer: str
    opd: str | None
    total: int | None
    total_before: int | None
    units: int
    units_told: int
    units_total: int
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class CountEntry:
    """One number of a table, this year and the year before; null where it is not known.

    Without `age` all ages, or those of untold age where the table has bands. Children with a
    disability are among the others, not beside them.
    """

    sex: Sex | None
    age: str | None
    disability: bool
    count: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class UnitCount:
    unit: str
    name: str
    total: int | None
    total_before: int | None


@dataclass(frozen=True, slots=True)
class ChildTable:
    """A variable at the city (`unit` null) or one of its units, and the totals of the units below.

    `difference` is the total less the sum of those; null where the place told none, or has no units.
    """

    variable: str
    title: str
    year: int
    unit: str | None
    unit_name: str | None
    total: int | None
    total_before: int | None
    counts: list[CountEntry]
    units: list[UnitCount]
    difference: int | None
    explanation: str
    source: str
    note: str
    recorded_at: datetime | None
    recorded_by: str | None


@dataclass(frozen=True, slots=True)
class OpenCount:
    """A line of the city's open data. A small number is kept back: `count` null, `remark` says why.

    `sex`, `age` and `disability` are words, as in the file; `share` is in per cent.
    """

    variable: str
    title: str
    producer: str
    source: str
    year: int
    unit: str | None
    place: str
    sex: str
    age: str
    disability: str
    count: int | None
    share: Decimal | None
    remark: str


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A RAD. `in_force` is the one, the newest, of whose years this year is one."""

    id: int
    title: str
    first_year: int
    last_year: int
    instrument: str
    legal_basis: int | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The actions of a plan that the account sees in a year; money in whole rupiah.

    `absorbed` is the percentage of the ceiling that was spent, `lights` how many actions stand so.
    """

    year: int
    actions: int
    ceiling: int
    spent: int
    absorbed: Decimal | None
    lights: dict[str, int]


@dataclass(frozen=True, slots=True)
class FundEntry:
    """Whole rupiah of a ceiling from one source; `source` null where nobody named it."""

    source: FundSource | None
    rupiah: int


@dataclass(frozen=True, slots=True)
class QuarterEntry:
    """What was reported until the end of a quarter, counted from the beginning of the year.

    `physical` in percent of the year's target, `money` in whole rupiah.
    """

    quarter: int
    light: Light
    due_on: date
    is_late: bool
    revision: int | None
    reported_at: datetime | None
    physical: Decimal | None
    money: int | None
    obstacle: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class ActionYearEntry:
    """A year of an action: target, ceiling in whole rupiah and its sources, and the four quarters.

    `child_share` is the percentage of the ceiling that serves children, `for_children` its rupiah.
    """

    year: int
    target: Decimal | None
    ceiling: int | None
    source: FundSource | None
    funds: list[FundEntry]
    child_share: Decimal | None
    child_reason: str
    for_children: int | None
    spent: int | None
    light: Light
    quarters: list[QuarterEntry]


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """An action of a plan with each of its years that has a target or a ceiling."""

    number: int
    name: str
    problem: str
    cluster: str
    indicator: str
    reach: Reach
    code: str
    measure: str
    unit_of_measure: str
    direction: Direction
    baseline: Decimal | None
    place: str
    lead: str | None
    supporting: list[str]
    years: list[ActionYearEntry]


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


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """What a meeting decided; `about` names the one thing that it is about, if any."""

    id: int
    text: str
    owner: str
    opd: str | None
    due_on: date | None
    about: str
    is_done: bool
    is_late: bool
    done_at: datetime | None
    done_note: str
    done_address: str


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """A meeting of the Gugus Tugas. Minutes and decisions are told once it is closed, before that
    only to whoever writes them; who came is not told.
    """

    id: int
    kind: MeetingKind
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    chair: str
    agenda: list[str]
    closed_at: datetime | None
    minutes: str
    decisions: list[DecisionEntry]


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
