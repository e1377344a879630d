"""Documents and answers of an earlier year, offered again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.choices import ScoreKind, TrailEvent
from assessments.models import Answer, Assessment, Evidence, SupportingDocument
from assessments.services.activity import change, record
from assessments.services.answers import require_points_in_range
from assessments.services.documents import hold_files, offer, require_asked_kind
from assessments.services.offers import replace_revisions, require_offerable
from assessments.services.points import keep_points
from assessments.services.scores import refresh_scores
from assessments.services.years import hold, require_action, require_own_answers
from assessments.stages import StageAction
from cities.models import Membership, Opd, User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import EvidenceKind
from texts.languages import deed
from trail.changes import differing


@dataclass(frozen=True, slots=True)
class Pick:
    """A stored document that somebody wants to offer for a question of the new year."""

    answer_id: int
    document_id: uuid.UUID
    kind: EvidenceKind


@dataclass(frozen=True, slots=True)
class ClaimPick:
    """An earlier answer that somebody wants to give again, on the new question's scale."""

    answer_id: int
    points: Decimal | None
    value: Decimal | None
    choice: str
    note: str
    source: str  # the earlier year and the code of its question, for the trail


@dataclass(frozen=True, slots=True)
class Carried:
    documents: Sequence[Evidence]
    claims: Sequence[Answer]


@deed
def carry_over(
    *,
    assessment_id: int,
    picks: Sequence[Pick],
    claims: Sequence[ClaimPick] = (),
    opd: Opd | None,
    by: User,
    at: datetime,
) -> Carried:
    """Offer documents of an earlier year, waiting for a verdict of their own, and its answers.

    What a colleague has offered or answered meanwhile is left as it is. All or none; raises
    ValidationError (`closed`, `wrong_kind`, `outdated`, `over_maximum`, `negative`,
    `too_precise`).
    """
    city = Assessment.objects.select_related("city").get(pk=assessment_id).city
    member = require_permission(by, city, Permission.ANSWER_QUESTIONS)
    answer_ids = [*(pick.answer_id for pick in picks), *(claim.answer_id for claim in claims)]
    require_own_answers(member, answer_ids)
    _require_openable(member, picks)
    assessment = hold(assessment_id)
    require_action(assessment, StageAction.UPLOAD, at=at)
    require_action(assessment, StageAction.CLAIM, at=at)
    return Carried(
        documents=_offer(assessment, picks, opd=opd, by=by, at=at),
        claims=_claim(assessment, claims, by=by, at=at),
    )


def _require_openable(member: Membership, picks: Sequence[Pick]) -> None:
    """Refuse sensitive documents of others. Raises PermissionDenied."""
    wanted = {pick.document_id for pick in picks}
    of_city = SupportingDocument.objects.filter(city=member.city_id, pk__in=wanted)
    if of_city.count() != of_city.openable_by(member).count():
        raise PermissionDenied


def _offer(
    assessment: Assessment, picks: Sequence[Pick], *, opd: Opd | None, by: User, at: datetime
) -> list[Evidence]:
    hold_files(assessment.city_id)
    # Held, lest the scanner refuse one while its offer is counted.
    stored = SupportingDocument.objects.select_for_update(no_key=True).order_by("pk")
    documents = stored.filter(city=assessment.city).in_bulk([pick.document_id for pick in picks])
    by_key = _answers(assessment, [pick.answer_id for pick in picks])
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
            TrailEvent.DOCUMENT_CARRIED,
            assessment=assessment,
            answer=answer,
            by=by,
            at=at,
            detail=document.title,
        )
        offered.add((pick.answer_id, pick.document_id))
        carried.append(evidence)
    return carried


def _claim(
    assessment: Assessment, picks: Sequence[ClaimPick], *, by: User, at: datetime
) -> list[Answer]:
    if not picks:
        return []
    by_key = _answers(assessment, [pick.answer_id for pick in picks])
    answered = []
    for pick in picks:
        answer = by_key[pick.answer_id]
        if answer.claimed_at is not None:
            continue
        require_points_in_range(answer.question, pick.points)
        said = {
            "points": pick.points,
            "value": pick.value,
            "choice": pick.choice,
            "note": pick.note,
        }
        before, after = differing({"points": None, "value": None, "choice": "", "note": ""}, said)
        answer.claimed_points, answer.value = pick.points, pick.value
        answer.choice, answer.note = pick.choice, pick.note
        answer.claimed_at, answer.claimed_by = at, by
        record(
            TrailEvent.CLAIM_SAVED,
            assessment=assessment,
            answer=answer,
            by=by,
            at=at,
            detail=_("%(change)s, dari %(source)s")
            % {"change": change(None, pick.points), "source": pick.source},
            before=before,
            after=after,
        )
        answered.append(answer)
    fields = ["claimed_points", "value", "choice", "note", "claimed_at", "claimed_by"]
    Answer.objects.bulk_update(answered, fields)
    keep_points(
        [
            (answer, answer.claimed_points)
            for answer in answered
            if answer.claimed_points is not None
        ],
        kind=ScoreKind.CLAIMED,
        why=_("Jawaban tahun sebelumnya"),
        by=by,
        at=at,
    )
    indicators = {answer.question.indicator_id for answer in answered}
    refresh_scores(assessment, kinds=[ScoreKind.CLAIMED], indicators=indicators)
    return answered


def _answers(assessment: Assessment, keys: Sequence[int]) -> dict[int, Answer]:
    answers = Answer.objects.filter(assessment=assessment).select_related("question")
    return answers.in_bulk(keys)
