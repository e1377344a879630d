"""Documents of an earlier year, offered again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assessments.choices import Deed
from assessments.models import Answer, Evidence, SupportingDocument
from assessments.services.activity import record
from assessments.services.documents import hold_files, offer, require_asked_kind
from assessments.services.offers import replace_revisions, require_offerable
from assessments.services.years import hold_for
from assessments.stages import Act
from cities.models import Opd, User
from clusters.models import EvidenceKind


@dataclass(frozen=True, slots=True)
class Pick:
    """A stored document that somebody wants to offer for a question of the new year."""

    answer_id: int
    document_id: uuid.UUID
    kind: EvidenceKind


@transaction.atomic
def carry_over(
    *, assessment_id: int, picks: Sequence[Pick], opd: Opd | None, by: User, at: datetime
) -> list[Evidence]:
    """Offer documents of an earlier year, all of them waiting for a verdict of their own.

    What a colleague has offered meanwhile is left as it is. All or none; raises
    ValidationError (`closed`, `wrong_kind`, `outdated`).
    """
    assessment = hold_for(assessment_id, Act.UPLOAD, at=at)
    hold_files(assessment.city_id)
    documents = SupportingDocument.objects.filter(city=assessment.city).in_bulk(
        [pick.document_id for pick in picks]
    )
    answers = Answer.objects.filter(assessment=assessment).select_related("question")
    by_key = answers.in_bulk([pick.answer_id for pick in picks])
    offered = set(Evidence.objects.filter(answer__in=by_key).values_list("answer", "document"))
    carried = []
    for pick in picks:
        if (pick.answer_id, pick.document_id) in offered:
            continue
        answer, document = by_key[pick.answer_id], documents[pick.document_id]
        require_asked_kind(answer, pick.kind)
        require_offerable(answer, document)
        evidence = offer(answer, document, pick.kind, opd, by=by, at=at)
        replace_revisions(evidence)
        record(
            Deed.DOCUMENT_CARRIED,
            assessment=assessment,
            answer=answer,
            by=by,
            at=at,
            detail=document.title,
        )
        offered.add((pick.answer_id, pick.document_id))
        carried.append(evidence)
    return carried
