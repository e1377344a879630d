"""Questions of a year, what was offered for them, and what is said at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from assessments.choices import AnswerState, ScoreKind, Verdict
from clusters.choices import AnswerType


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
class AskedDocument:
    """A kind of document that a question asks for; `state` is a verdict, `waived`, or `empty`."""

    code: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class WindowQuestion:
    """A question that is open again; `points` it can still bring, `leads` are names of OPDs."""

    code: str
    state: AnswerState
    points: Decimal
    leads: list[str]
    kinds: list[AskedDocument]


@dataclass(frozen=True, slots=True)
class CompletionWindow:
    """Hours of the field verification in which chosen questions are open again (masa melengkapi
    dokumen), with those of them that the account sees."""

    id: int
    opens_at: datetime
    closes_at: datetime
    cancelled_at: datetime | None
    is_open: bool
    note: str
    opened_by: str
    questions: list[WindowQuestion]
