"""Last year's documents as proposals for this year."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from assessments.choices import Verdict
from assessments.freshness import Concern, flags
from assessments.models import Answer, AnswerQuerySet, Assessment, Evidence, SupportingDocument
from clusters.models import EvidenceKind, Question


class Change(StrEnum):
    """How this year's question differs from that of the earlier year."""

    QUESTION_CHANGED = "question_changed"
    NEW_QUESTION = "new_question"
    KIND_NOT_ASKED = "kind_not_asked"

    @property
    def sentence(self) -> str:
        return str(_SENTENCES[self])


_SENTENCES = {
    Change.QUESTION_CHANGED: _("Bunyi atau poin pertanyaan berubah sejak tahun itu."),
    Change.NEW_QUESTION: _("Pertanyaan baru; belum ada dokumen dari tahun itu."),
    Change.KIND_NOT_ASKED: _("Jenis dokumen ini tidak lagi diminta."),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document of the earlier year for a question of this one. Nothing is accepted by it."""

    before: Evidence
    document: SupportingDocument  # its newest revision
    kind: EvidenceKind | None  # of this year's instrument; None where it is no longer asked
    changes: Sequence[Change]
    concerns: Sequence[Concern]

    @property
    def sentences(self) -> list[str]:
        changed = [change.sentence for change in self.changes]
        return changed + [concern.sentence for concern in self.concerns]


@dataclass(frozen=True, slots=True)
class QuestionProposals:
    answer: Answer
    changes: Sequence[Change]
    proposals: Sequence[Proposal]


@dataclass(frozen=True, slots=True)
class CarryOver:
    source: Assessment | None  # the year that the proposals come from
    questions: Sequence[QuestionProposals]
    new_questions: Sequence[Answer]

    @property
    def total(self) -> int:
        return sum(len(question.proposals) for question in self.questions)


def carry_over_proposals(
    assessment: Assessment, answers: AnswerQuerySet, *, today: date
) -> CarryOver:
    """What the most recent earlier year of the city has for these answers, in seven queries."""
    source = (
        Assessment.objects.filter(city=assessment.city_id, year__lt=assessment.year)
        .order_by("-year")
        .first()
    )
    if source is None:
        return CarryOver(None, [], [])
    old_questions = _questions(source)
    decided = _decided(source)
    revisions = _revisions(assessment.city_id)
    questions, new = [], []
    for answer in (
        answers.select_related("question__indicator")
        .prefetch_related("question__evidence_kinds", "evidence")
        .in_order()
    ):
        old = old_questions.get(answer.question.code)
        if old is None:
            new.append(answer)
            continue
        changes = _changes(old, answer.question)
        documents = _newest_once(decided[old.pk], revisions)
        for evidence in answer.evidence.all():
            documents.pop(evidence.document_id, None)
        proposals = [
            _proposal(answer, before, document, changes, assessment, today)
            for before, document in documents.values()
        ]
        if proposals:
            questions.append(QuestionProposals(answer, changes, proposals))
    return CarryOver(source, questions, new)


def _questions(source: Assessment) -> Mapping[str, Question]:
    answers = Answer.objects.filter(assessment=source).select_related("question")
    return {answer.question.code: answer.question for answer in answers}


def _decided(source: Assessment) -> Mapping[int, list[Evidence]]:
    """What was accepted, or returned and never replaced, by primary key of the question."""
    found: defaultdict[int, list[Evidence]] = defaultdict(list)
    for evidence in (
        Evidence.objects.current()
        .filter(answer__assessment=source)
        .exclude(verdict=Verdict.WAITING)
        .select_related("answer", "document__city", "kind")
        .order_by("offered_at", "pk")
    ):
        found[evidence.answer.question_id].append(evidence)
    return found


def _revisions(city_id: int) -> Mapping[uuid.UUID, SupportingDocument]:
    """The next revision of each document of the city that has one."""
    later = SupportingDocument.objects.filter(city=city_id, revision__gt=1).select_related("city")
    return {row.revision_of_id: row for row in later if row.revision_of_id is not None}


def _newest_once(
    decided: Sequence[Evidence], revisions: Mapping[uuid.UUID, SupportingDocument]
) -> dict[uuid.UUID, tuple[Evidence, SupportingDocument]]:
    """Each document in its newest revision; several old offers of it make one proposal."""
    found: dict[uuid.UUID, tuple[Evidence, SupportingDocument]] = {}
    for before in decided:
        document = before.document
        while document.pk in revisions:
            document = revisions[document.pk]
        found[document.pk] = before, document
    return found


def _changes(old: Question, new: Question) -> list[Change]:
    is_same = (old.text, old.max_points) == (new.text, new.max_points)
    return [] if is_same else [Change.QUESTION_CHANGED]


def _proposal(
    answer: Answer,
    before: Evidence,
    document: SupportingDocument,
    changes: Sequence[Change],
    assessment: Assessment,
    today: date,
) -> Proposal:
    kinds = {kind.code: kind for kind in answer.question.evidence_kinds.all()}
    kind = kinds.get(before.kind.code)
    if kind is None:
        changes = [*changes, Change.KIND_NOT_ASKED]
    doubts = flags(document, assessment, before.kind.code, today=today)
    return Proposal(before, document, kind, changes, doubts)
