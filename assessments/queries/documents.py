"""Documents for pages: earlier versions, concerns about their dates, other uses in the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page
from django.db.models import Case, F, Prefetch, Q, Value, When, Window
from django.db.models.functions import RowNumber

from assessments.cautions import Caution, Offered, cautions_of
from assessments.choices import Verdict
from assessments.freshness import Concern, flags
from assessments.models import Answer, Assessment, Evidence, EvidenceQuerySet, SupportingDocument
from cities.models import Membership
from texts.searching import found

MANY_USES = 3  # from here on a picture is suspected of standing for everything
SHOWN_CANDIDATES = 20
SHOWN_DOCUMENTS = 10  # of each group, on the page of a question


@dataclass(frozen=True, slots=True)
class OfferedDocument:
    """A document offered for one question, with the versions and documents it superseded."""

    evidence: Evidence
    concerns: Sequence[Concern | Caution]
    earlier: Sequence[Evidence]  # newest first
    may_withdraw: bool
    may_revise: bool
    is_readable: bool = True  # whether the member may open it; of a sensitive one few may

    @property
    def link(self) -> SupportingDocument | None:
        """The document where it is a link."""
        return self.evidence.document if self.evidence.document.is_link else None


@dataclass(frozen=True, slots=True)
class Uses:
    """Where else in the year a document is offered."""

    elsewhere: Sequence[Evidence]
    is_much_used_picture: bool

    @property
    def total(self) -> int:
        return len(self.elsewhere) + 1


def first_documents(answer: Answer) -> EvidenceQuerySet:
    """Of a question the newest that were returned, that are in force otherwise, and that others
    took the place of: as many of each as a page shows, however many there are."""
    group = Case(
        When(superseded_by__isnull=False, then=Value("superseded")),
        When(verdict=Verdict.RETURNED, then=Value("returned")),
        default=Value("offered"),
    )
    newest = [F("offered_at").desc(), F("pk").desc()]
    rank = Window(RowNumber(), partition_by=group, order_by=newest)
    ranked = Evidence.objects.filter(answer=answer).annotate(rank=rank).order_by()
    return answer.evidence.filter(pk__in=ranked.filter(rank__lte=SHOWN_DOCUMENTS).values("pk"))


def page_of_documents(answer: Answer, page: Page[int]) -> EvidenceQuerySet:
    """The documents in force of one page, and all that others of the question took the place of."""
    shown = Q(pk__in=list(page)) | Q(superseded_by__isnull=False)
    return answer.evidence.filter(shown)


def offered_documents(
    evidence: EvidenceQuerySet,
    assessment: Assessment,
    member: Membership,
    *,
    may_change: bool,
    today: date,
) -> list[OfferedDocument]:
    """These documents of a question that the member sees, newest first, in one query and those of
    registers.
    """
    told = evidence.with_ways_of(member).select_related(
        "document__uploaded_by",
        "document__opd",
        "document__city",
        "document__rendition",
        "kind",
        "decided_by",
    )
    rows = list(told.order_by("-offered_at", "-pk"))
    in_force = [row for row in rows if row.superseded_by_id is None]
    cautions = cautions_of(assessment, [Offered.of(row) for row in in_force])
    documents = [row.document for row in rows]
    readable = SupportingDocument.objects.openable_keys(documents, member)
    return [
        OfferedDocument(
            evidence=row,
            concerns=(*_of_time(row, assessment, today), *cautions[row.pk]),
            earlier=_earlier(row, rows),
            may_withdraw=may_change and row.is_withdrawable,
            may_revise=may_change and row.is_revisable,
            is_readable=row.document_id in readable,
        )
        for row in in_force
    ]


def concerns(
    evidence: Evidence, assessment: Assessment, *, today: date
) -> tuple[Concern | Caution, ...]:
    """The doubts about a document on one question: about its time, and those of registers."""
    cautions = cautions_of(assessment, [Offered.of(evidence)])
    return (*_of_time(evidence, assessment, today), *cautions[evidence.pk])


def _of_time(evidence: Evidence, assessment: Assessment, today: date) -> tuple[Concern, ...]:
    return flags(evidence.document, assessment, evidence.kind.code, today=today)


def _earlier(row: Evidence, rows: Sequence[Evidence]) -> list[Evidence]:
    """All that this document took the place of, directly or through another."""
    found: list[Evidence] = []
    newer = {row.pk}
    for other in rows:  # newest first, so whatever replaced a row has come before it
        if other.superseded_by_id in newer:
            newer.add(other.pk)
            found.append(other)
    return found


def uses(evidence: Evidence) -> Uses:
    """The other questions of the year that the document is offered for, in one query."""
    elsewhere = list(
        Evidence.objects.current()
        .filter(document=evidence.document_id)
        .filter(answer__assessment=evidence.answer.assessment_id)
        .exclude(answer=evidence.answer_id)
        .select_related("answer__question")
        .order_by("answer__question__position")
    )
    many = len(elsewhere) + 1 >= MANY_USES
    return Uses(elsewhere, is_much_used_picture=many and evidence.document.is_picture)


def reusable_documents(member: Membership, answer: Answer, term: str) -> list[SupportingDocument]:
    """Stored documents that the member could offer for the question, newest first.

    Each with `year_uses`: where the member sees it offered in the same year.
    """
    in_year = (
        Evidence.objects.visible_to(member)
        .current()
        .filter(answer__assessment=answer.assessment_id)
        .select_related("answer__question")
        .order_by("answer__question__position")
    )
    rows = (
        SupportingDocument.objects.offerable_by(member)
        .exclude(pk__in=Evidence.objects.filter(answer=answer).values("document"))
        .select_related("opd", "city")
        .prefetch_related(Prefetch("evidence", in_year, to_attr="year_uses"))
        .order_by("-uploaded_at", "pk")
    )
    for word in term.split():
        rows = rows.filter(found(word, "title", "number", "original_name", "address"))
    return list(rows[:SHOWN_CANDIDATES])


def previous_version(evidence: Evidence) -> Evidence | None:
    """The offer on the same question that this revision took the place of."""
    return (
        Evidence.objects.filter(superseded_by=evidence, document__in=evidence.document.family)
        .select_related("document__city", "decided_by", "kind")
        .order_by("-document__revision", "-pk")
        .first()
    )
