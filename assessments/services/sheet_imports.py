"""A sheet taken over in two steps: shown against what the site holds, then applied as shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.choices import ScoreKind, TrailEvent
from assessments.models import (
    Answer,
    Assessment,
    OfficialIndicatorScore,
    SheetImport,
    StageScore,
)
from assessments.services.activity import change, record
from assessments.services.answers import require_points_in_range, store_points
from assessments.services.official import IndicatorEntry, store_official_indicators
from assessments.services.overtaken import Overtaken, one_wins
from assessments.services.points import keep_points
from assessments.services.scores import refresh_scores
from assessments.services.years import held_for, require_action
from assessments.sheets import Scope
from assessments.stages import StageAction
from assessments.worksheets.rows import (
    ComparedRow,
    FileRow,
    Held,
    compare,
    counted,
    fingerprint,
)
from cities.models import User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import Indicator
from texts.languages import deed
from trail.changes import differing
from workbooks.merging import Standing


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file beside the question or indicator that it is about."""

    compared: ComparedRow
    text: str
    maximum: Decimal
    changed_by: User | None = None  # who made the claim that the site holds
    changed_at: datetime | None = None
    remark: str = ""

    @property
    def key(self) -> str:
        return self.compared.row.key

    @property
    def code(self) -> str:
        return self.compared.row.code

    @property
    def standing(self) -> Standing:
        return self.compared.standing


@dataclass(frozen=True, slots=True)
class Preview:
    rows: list[PreviewRow]
    missing: int  # questions of the year of which the file says nothing

    @property
    def fingerprint(self) -> str:
        return fingerprint(row.compared for row in self.rows)

    def of(self, standing: Standing) -> list[PreviewRow]:
        return [row for row in self.rows if row.standing == standing]

    @property
    def conflicts(self) -> list[PreviewRow]:
        return self.of(Standing.CONFLICT)

    @property
    def changes(self) -> list[PreviewRow]:
        return self.of(Standing.CHANGED)

    @property
    def unchanged(self) -> list[PreviewRow]:
        return self.of(Standing.UNCHANGED)

    @property
    def counts(self) -> dict[Standing, int]:
        return counted([row.compared for row in self.rows])


@deed
def keep_import(
    *,
    assessment: Assessment,
    kind: ScoreKind,
    rows: Sequence[FileRow],
    name: str,
    source: str,
    by: User,
    at: datetime,
) -> SheetImport:
    """Keep what a sheet says until its person has seen what it would change.

    An earlier one of the same person in this year goes. Raises ValidationError (`closed`).
    """
    require_permission(by, assessment.city, Permission.IMPORT_SHEET)
    require_action(assessment, _action(kind), at=at)
    SheetImport.objects.filter(assessment=assessment, user=by).delete()
    return SheetImport.objects.create(
        assessment=assessment,
        user=by,
        kind=kind,
        name=name[:150],
        source=source,
        rows=[row.as_json() for row in rows],
        created_at=at,
    )


def preview_of(kept: SheetImport) -> Preview:
    """How each row stands to what the site holds now; a fixed number of queries."""
    rows = [FileRow.of_json(data) for data in kept.rows]
    if kept.kind == ScoreKind.CLAIMED:
        return _preview_of_claims(kept, rows)
    return _preview_of_official(kept, rows)


@one_wins(TrailEvent.SHEET_IMPORTED)
def apply_import(
    *,
    import_id: UUID,
    from_file: Collection[str],
    seen: str,
    by: User,
    at: datetime,
) -> int:
    """Do what the preview showed: every change, and the conflicts named in `from_file`.

    `seen` is the fingerprint of the preview that the person looked at. Returns how many rows
    changed. Raises ValidationError (`closed`, `moved`, `nothing`, `gone`) and changes nothing.
    """
    kept = (
        SheetImport.objects.select_for_update(of=("self",))
        .select_related("assessment")
        .filter(pk=import_id, user=by)
        .first()
    )
    if kept is None:
        raise ValidationError(
            gettext_lazy(
                "Impor ini sudah disimpan atau dibuang. Unggah lembarnya lagi bila perlu."
            ),
            code="gone",
        )
    kind = ScoreKind(kept.kind)
    assessment = held_for(
        kept.assessment_id, _action(kind), by=by, permission=Permission.IMPORT_SHEET, at=at
    )
    preview = preview_of(kept)
    if preview.fingerprint != seen:
        raise Overtaken(
            gettext_lazy(
                "Isi situs berubah sejak pratinjau ini dibuat, jadi belum ada yang disimpan. "
                "Periksa pratinjau terbaru di bawah ini, lalu simpan."
            ),
            code="moved",
            assessment=assessment,
            about=kept.name,
        )
    taken = [*preview.changes, *(row for row in preview.conflicts if row.key in from_file)]
    if not taken:
        raise ValidationError(
            gettext_lazy("Tidak ada yang berubah: pilih setidaknya satu baris dari berkas."),
            code="nothing",
        )
    compared = [row.compared for row in taken]
    if kind == ScoreKind.CLAIMED:
        _apply_claims(assessment, compared, name=kept.name, by=by, at=at)
    else:
        _apply_official(assessment, kind, compared, source=kept.source, by=by, at=at)
    kept.delete()
    return len(taken)


def discard_import(*, import_id: UUID, by: User) -> None:
    SheetImport.objects.filter(pk=import_id, user=by).delete()


def sweep_imports(*, at: datetime) -> int:
    """Remove what nobody confirmed within a day; returns how many."""
    removed, _by_model = SheetImport.objects.expired(at).delete()
    return removed


def _action(kind: ScoreKind) -> StageAction:
    return StageAction.IMPORT_CLAIMS if kind == ScoreKind.CLAIMED else StageAction.IMPORT_OFFICIAL


# --- Claims -----------------------------------------------------------------------------------


def _preview_of_claims(kept: SheetImport, rows: Sequence[FileRow]) -> Preview:
    answers = (
        Answer.objects.filter(assessment=kept.assessment_id)
        .select_related("question", "claimed_by")
        .in_order()
    )
    by_code = {answer.question.code: answer for answer in answers}
    shown = []
    for row in _in_order(rows, list(by_code)):
        answer = by_code[row.code]
        site = Held(answer.claimed_points, answer.note)
        shown.append(
            PreviewRow(
                compared=compare(row, site),
                text=answer.question.text,
                maximum=answer.question.max_points,
                changed_by=answer.claimed_by,
                changed_at=answer.claimed_at,
            )
        )
    return Preview(shown, missing=len(by_code) - len(shown))


def _apply_claims(
    assessment: Assessment, rows: Sequence[ComparedRow], *, name: str, by: User, at: datetime
) -> None:
    wanted = {row.row.code: row for row in rows}
    answers = list(
        Answer.objects.filter(assessment=assessment, question__code__in=wanted)
        .select_related("question")
        .in_order()
    )
    for answer in answers:
        result = wanted[answer.question.code].result
        require_points_in_range(answer.question, result.points)
        answer.claimed_points, answer.note = result.points, result.note or ""
        answer.claimed_at, answer.claimed_by = at, by
    fields = ["claimed_points", "note", "claimed_at", "claimed_by"]
    Answer.objects.bulk_update(answers, fields)
    moved = [answer for answer in answers if wanted[answer.question.code].changes_points]
    why = _("Impor lembar: %(name)s") % {"name": name}
    keep_points(
        [(answer, answer.claimed_points) for answer in moved],
        kind=ScoreKind.CLAIMED,
        why=why,
        by=by,
        at=at,
    )
    indicators = {answer.question.indicator_id for answer in moved}
    refresh_scores(assessment, kinds=[ScoreKind.CLAIMED], indicators=indicators)
    count = _("%(kind)s: %(count)d pertanyaan") % {
        "kind": ScoreKind.CLAIMED.label,
        "count": len(answers),
    }
    detail = f"{count}; {name}"
    record(TrailEvent.SHEET_IMPORTED, assessment=assessment, by=by, at=at, detail=detail)
    for answer in answers:
        _record_claim(assessment, answer, wanted[answer.question.code], by=by, at=at)


def _record_claim(
    assessment: Assessment, answer: Answer, row: ComparedRow, *, by: User, at: datetime
) -> None:
    before, after = differing(
        {"points": row.site.points, "note": row.site.note},
        {"points": answer.claimed_points, "note": answer.note},
    )
    record(
        TrailEvent.CLAIM_SAVED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=change(row.site.points, answer.claimed_points),
        before=before,
        after=after,
    )


# --- Official results -------------------------------------------------------------------------


def _preview_of_official(kept: SheetImport, rows: Sequence[FileRow]) -> Preview:
    assessment, kind = kept.assessment, ScoreKind(kept.kind)
    answers = Answer.objects.filter(assessment=assessment).select_related("question").in_order()
    questions = {answer.question.code: answer.question for answer in answers}
    indicators = {one.code: one for one in _indicators(assessment)}
    scores = StageScore.objects.filter(answer__assessment=assessment, kind=kind)
    entered = {
        (code, indicator): points
        for code, indicator, points in scores.values_list(
            "answer__question__code", "answer__question__indicator", "points"
        )
    }
    by_question = {code: points for (code, _indicator), points in entered.items()}
    with_questions = {indicator for _code, indicator in entered}
    totals = OfficialIndicatorScore.objects.filter(assessment=assessment, kind=kind)
    by_indicator = dict(totals.values_list("indicator__code", "points"))
    shown = []
    of_questions = [row for row in rows if row.scope == Scope.QUESTION]
    of_indicators = [row for row in rows if row.scope == Scope.INDICATOR]
    named = {questions[row.code].indicator_id for row in of_questions}
    for row in _in_order(of_questions, list(questions)):
        question = questions[row.code]
        compared = compare(row, Held(by_question.get(row.code)), replaces=True)
        shown.append(PreviewRow(compared, question.text, question.max_points))
    for row in _in_order(of_indicators, list(indicators)):
        indicator = indicators[row.code]
        compared = compare(row, Held(by_indicator.get(row.code)), replaces=True)
        is_set_aside = indicator.pk in with_questions or indicator.pk in named
        remark = _set_aside() if is_set_aside else ""
        shown.append(PreviewRow(compared, indicator.name, indicator.max_points, remark=remark))
    return Preview(shown, missing=0)


def _set_aside() -> str:
    return _("Tidak dihitung: pertanyaan indikator ini bernilai pada tahap yang sama.")


def _apply_official(
    assessment: Assessment,
    kind: ScoreKind,
    rows: Sequence[ComparedRow],
    *,
    source: str,
    by: User,
    at: datetime,
) -> None:
    questions = {row.row.code: row.result.points for row in rows if row.row.scope == Scope.QUESTION}
    if questions:
        store_points(
            assessment,
            kind=kind,
            points=questions,
            overwrite=True,
            source=source,
            by=by,
            at=at,
        )
    indicators = {one.code: one for one in _indicators(assessment)}
    entries = [
        IndicatorEntry(indicators[row.row.code], kind, row.site.points, row.result.points)
        for row in rows
        if row.row.scope == Scope.INDICATOR
    ]
    if entries:
        store_official_indicators(assessment, entries=entries, why=source, by=by, at=at)


def _indicators(assessment: Assessment) -> list[Indicator]:
    rows = Indicator.objects.filter(cluster__instrument=assessment.instrument_id)
    return list(rows.select_related("cluster").order_by("cluster__position", "position"))


def _in_order(rows: Sequence[FileRow], codes: Sequence[str]) -> list[FileRow]:
    """As the instrument has them. Raises KeyError for a code that the year does not have."""
    order: Mapping[str, int] = {code: position for position, code in enumerate(codes)}
    return sorted(rows, key=lambda row: order[row.code])
