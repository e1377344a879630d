"""Questions and what was offered for them, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from api.answers.questions import (
    AskedKind,
    Assigned,
    DocumentEntry,
    FileFacts,
    OfferEntry,
    OfficialPoints,
    QuestionDetail,
    QuestionEntry,
)
from assessments.choices import AnswerState, ScoreKind, Verdict
from assessments.models import (
    Answer,
    AnswerQuerySet,
    Assessment,
    Assignment,
    Evidence,
    StageScore,
    SupportingDocument,
)
from cities.models import Membership
from clusters.choices import AnswerType


def answers_of(member: Membership, assessment: Assessment) -> AnswerQuerySet:
    """The questions of the year that the member may see, with what an entry tells; two queries."""
    return (
        Answer.objects.visible_to(member)
        .filter(assessment=assessment)
        .with_state()
        .with_due_on(member.opd)
        .select_related("question__indicator__cluster", "claimed_by")
        .prefetch_related("assignments__opd")
    )


def question_entry(answer: Answer, *, today: date) -> QuestionEntry:
    question = answer.question
    return QuestionEntry(
        code=question.code,
        indicator=question.indicator.code,
        cluster=question.indicator.cluster.code,
        text=question.text,
        answer_type=AnswerType(question.answer_type),
        options=list(question.options),
        max_points=question.max_points,
        state=AnswerState(answer.state),
        claimed_points=answer.claimed_points,
        value=answer.value,
        choice=answer.choice,
        note=answer.note,
        claimed_at=answer.claimed_at,
        claimed_by=answer.claimed_by.name if answer.claimed_by else None,
        granted_points=answer.granted_points,
        proven_points=answer.proven_points,
        due_on=answer.due_on,
        is_late=answer.is_late(today),
        assigned=[_assigned(one) for one in answer.assignments.all()],
    )


def question_detail(answer: Answer, member: Membership, *, today: date) -> QuestionDetail:
    """Everything of one question; four queries beside its own."""
    offers = Evidence.objects.visible_to(member).filter(answer=answer).order_by("pk")
    scores = StageScore.objects.filter(answer=answer).order_by("kind")
    return QuestionDetail(
        question=question_entry(answer, today=today),
        kinds=[AskedKind(one.code, one.name) for one in answer.question.evidence_kinds.all()],
        official=[OfficialPoints(ScoreKind(one.kind), one.points) for one in scores],
        offers=offer_entries(with_documents(offers), member),
    )


def with_documents(offers: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return offers.select_related("answer__question", "kind", "document__opd")


def offer_entries(offers: Iterable[Evidence], member: Membership) -> list[OfferEntry]:
    """One query more where any of the documents is sensitive."""
    rows = list(offers)
    documents = [row.document for row in rows]
    openable = SupportingDocument.objects.openable_keys(documents, member)
    return [
        OfferEntry(
            id=row.pk,
            question=row.answer.question.code,
            kind=row.kind.code,
            offered_at=row.offered_at,
            is_current=row.superseded_by_id is None,
            verdict=Verdict(row.verdict),
            reason=row.reason,
            decided_at=row.decided_at,
            document=_document_entry(row.document, is_openable=row.document_id in openable),
        )
        for row in rows
    ]


def document_entries(
    documents: Sequence[SupportingDocument], member: Membership
) -> list[DocumentEntry]:
    openable = SupportingDocument.objects.openable_keys(documents, member)
    return [_document_entry(one, is_openable=one.pk in openable) for one in documents]


def _document_entry(document: SupportingDocument, *, is_openable: bool) -> DocumentEntry:
    """Of one that the member may not open, no more than a page shows: that it is there."""
    return DocumentEntry(
        id=document.pk,
        title=document.title,
        opd=document.opd.name if document.opd else None,
        uploaded_at=document.uploaded_at,
        revision=document.revision,
        is_sensitive=document.is_sensitive,
        is_openable=is_openable,
        number=document.number if is_openable else None,
        issued_on=document.issued_on if is_openable else None,
        period_start=document.period_start if is_openable else None,
        period_end=document.period_end if is_openable else None,
        valid_until=document.valid_until if is_openable else None,
        link=document.address if is_openable and document.is_link else None,
        file=_file_facts(document) if is_openable and document.file else None,
    )


def _file_facts(document: SupportingDocument) -> FileFacts:
    return FileFacts(document.download_name, document.media_type, document.size, document.sha256)


def _assigned(one: Assignment) -> Assigned:
    return Assigned(one.opd.code, one.opd.name, one.is_lead, one.due_on)
