"""What the city claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import ScoreKind, TrailEvent
from assessments.models import Answer, Assessment, StageScore
from assessments.services.activity import change, record
from assessments.services.overtaken import Overtaken, one_wins
from assessments.services.points import keep_points
from assessments.services.scores import refresh_scores
from assessments.services.years import held_answer, held_for
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from clusters.models import Question
from figures.numbers import format_points
from texts.languages import deed
from trail.changes import differing


@one_wins(TrailEvent.CLAIM_SAVED)
def save_claim(
    *,
    answer_id: int,
    points: Decimal | None,
    value: Decimal | None,
    choice: str,
    note: str,
    seen_at: datetime | None,
    by: User,
    at: datetime,
) -> Answer:
    """Store what the city claims for one question and bring the totals up to date.

    `seen_at` is when the claim that the person saw was made: a claim made by somebody
    else in the meantime is never overwritten unseen. Raises ValidationError (`closed`,
    `stale`, `over_maximum`, `negative`).
    """
    answer, assessment = held_answer(
        answer_id, StageAction.CLAIM, by=by, permission=Permission.ANSWER_QUESTIONS, at=at
    )
    answer.refresh_from_db(from_queryset=Answer.objects.select_related("question", "claimed_by"))
    if answer.claimed_at != seen_at and answer.claimed_by is not None:
        raise Overtaken(
            _(
                "%(name)s sudah mengubah jawaban ini sementara Anda mengisinya. "
                "Periksa isi terbaru, lalu simpan lagi bila perlu."
            ),
            code="stale",
            assessment=assessment,
            answer=answer,
            about=change(answer.claimed_points, points),
            params={"name": answer.claimed_by},
        )
    require_points_in_range(answer.question, points)
    before, after = differing(
        _claim_of(answer), {"points": points, "value": value, "choice": choice, "note": note}
    )
    claimed_before = answer.claimed_points
    answer.claimed_points = points
    answer.value = value
    answer.choice = choice
    answer.note = note
    answer.claimed_at, answer.claimed_by = at, by
    answer.save(
        update_fields=["claimed_points", "value", "choice", "note", "claimed_at", "claimed_by"]
    )
    if claimed_before != points:
        keep_points([(answer, points)], kind=ScoreKind.CLAIMED, why=note, by=by, at=at)
    refresh_scores(assessment, kinds=[ScoreKind.CLAIMED], indicators=[answer.question.indicator_id])
    record(
        TrailEvent.CLAIM_SAVED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=change(claimed_before, points),
        before=before,
        after=after,
    )
    return answer


def _claim_of(answer: Answer) -> dict[str, object]:
    return {
        "points": answer.claimed_points,
        "value": answer.value,
        "choice": answer.choice,
        "note": answer.note,
    }


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many questions a sheet set, left as they were, and kept against it."""

    changed: int
    unchanged: int
    kept: tuple[str, ...]  # codes that already held other points and were not overwritten


@deed
def import_points(
    *,
    assessment: Assessment,
    kind: ScoreKind,
    points: Mapping[str, Decimal | None],
    overwrite: bool,
    by: User,
    at: datetime,
    source: str = "",
) -> ImportResult:
    """Take over a sheet of points by question code: claims, or an official stage's result.

    Empty cells change nothing. What is already entered otherwise stays, and is named in
    the result, unless `overwrite`. `source` says where the sheet comes from. Raises
    ValidationError (`closed`, `evidenced`).
    """
    if kind == ScoreKind.EVIDENCED:
        raise ValidationError(
            _("Nilai terbukti hanya berasal dari pemeriksaan dokumen, tidak dapat diimpor."),
            code="evidenced",
        )
    action = StageAction.IMPORT_CLAIMS if kind == ScoreKind.CLAIMED else StageAction.IMPORT_OFFICIAL
    assessment = held_for(assessment.pk, action, by=by, permission=Permission.IMPORT_SHEET, at=at)
    return store_points(
        assessment, kind=kind, points=points, overwrite=overwrite, source=source, by=by, at=at
    )


def store_points(
    assessment: Assessment,
    *,
    kind: ScoreKind,
    points: Mapping[str, Decimal | None],
    overwrite: bool,
    source: str,
    by: User,
    at: datetime,
) -> ImportResult:
    """The part of `import_points` after its questions were asked; the year is held."""
    given = {code: value for code, value in points.items() if value is not None}
    answers = list(
        Answer.objects.filter(assessment=assessment, question__code__in=given)
        .select_related("question")
        .in_order()
    )
    stored = _stored_points(answers, kind)
    differs = [a for a in answers if stored.get(a.pk) != given[a.question.code]]
    kept = () if overwrite else tuple(a.question.code for a in differs if a.pk in stored)
    changing = [answer for answer in differs if answer.question.code not in kept]
    for answer in changing:
        require_points_in_range(answer.question, given[answer.question.code])
    _store_points(changing, kind, given, by=by, at=at)
    why = str(_("Impor lembar nilai")) + (f": {source}" if source else "")
    keep_points(
        [(answer, given[answer.question.code]) for answer in changing],
        kind=kind,
        why=why,
        by=by,
        at=at,
    )
    refresh_scores(assessment, kinds=[kind])
    detail = _("%(kind)s: %(count)d pertanyaan") % {"kind": kind.label, "count": len(changing)}
    record(
        TrailEvent.SHEET_IMPORTED,
        assessment=assessment,
        by=by,
        at=at,
        detail=f"{detail}; {source}" if source else detail,
        before={a.question.code: stored.get(a.pk) for a in changing},
        after={a.question.code: given[a.question.code] for a in changing},
    )
    return ImportResult(len(changing), len(answers) - len(differs), kept)


def require_points_in_range(question: Question, points: Decimal | None) -> None:
    """Refuse points that the question cannot have.

    Raises ValidationError (`negative`, `over_maximum`, `too_precise`). Points are kept to a
    thousandth, and nothing is ever rounded in silence.
    """
    if points is None:
        return
    if points != round(points, 3):
        raise ValidationError(
            _("Nilai %(points)s pada pertanyaan %(code)s memiliki lebih dari tiga angka desimal."),
            code="too_precise",
            params={"code": question.code, "points": format_points(points)},
        )
    if points < 0:
        raise ValidationError(
            _("Nilai tidak boleh kurang dari 0. Isi antara 0 dan %(maximum)s."),
            code="negative",
            params={"maximum": format_points(question.max_points)},
        )
    if points > question.max_points:
        raise ValidationError(
            _(
                "Pertanyaan %(code)s bernilai paling banyak %(maximum)s, tidak bisa diisi "
                "%(points)s. Isi antara 0 dan %(maximum)s."
            ),
            code="over_maximum",
            params={
                "code": question.code,
                "maximum": format_points(question.max_points),
                "points": format_points(points),
            },
        )


def _stored_points(answers: list[Answer], kind: ScoreKind) -> dict[int, Decimal]:
    if kind == ScoreKind.CLAIMED:
        return {a.pk: a.claimed_points for a in answers if a.claimed_points is not None}
    rows = StageScore.objects.filter(answer__in=answers, kind=kind)
    return dict(rows.values_list("answer", "points"))


def _store_points(
    answers: list[Answer],
    kind: ScoreKind,
    given: Mapping[str, Decimal],
    *,
    by: User,
    at: datetime,
) -> None:
    if kind == ScoreKind.CLAIMED:
        for answer in answers:
            answer.claimed_points = given[answer.question.code]
            answer.claimed_at, answer.claimed_by = at, by
        Answer.objects.bulk_update(answers, ["claimed_points", "claimed_at", "claimed_by"])
        return
    StageScore.objects.bulk_create(
        (
            StageScore(
                answer=answer,
                kind=kind,
                points=given[answer.question.code],
                entered_at=at,
                entered_by=by,
            )
            for answer in answers
        ),
        update_conflicts=True,
        unique_fields=["answer", "kind"],
        update_fields=["points", "entered_at", "entered_by"],
    )
