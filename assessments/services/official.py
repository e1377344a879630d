"""What the official stages gave: per question, or per indicator where no more is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import OFFICIAL_KINDS, ScoreKind, TrailEvent
from assessments.models import Answer, Assessment, OfficialIndicatorScore, StageScore
from assessments.services.activity import change, record
from assessments.services.answers import require_points_in_range
from assessments.services.points import keep_points
from assessments.services.scores import refresh_scores
from assessments.services.years import held_answer, held_for
from assessments.stages import StageAction
from cities.models import User
from cities.roles import Permission
from clusters.models import Indicator
from figures.numbers import format_points
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """A cell of the table that a person changed: what stood there, and what is to."""

    indicator: Indicator
    kind: ScoreKind
    seen: Decimal | None
    points: Decimal | None


@deed
def enter_official(
    *,
    answer_id: int,
    kind: ScoreKind,
    points: Decimal | None,
    why: str,
    by: User,
    at: datetime,
) -> Answer:
    """Store what an official stage gave a question; None takes an entry back.

    Raises ValidationError (`closed`, `not_official`, `source`, `negative`, `over_maximum`,
    `too_precise`) and changes nothing.
    """
    answer, assessment = held_answer(
        answer_id,
        StageAction.IMPORT_OFFICIAL,
        by=by,
        permission=Permission.ENTER_OFFICIAL,
        at=at,
    )
    _require_official(kind)
    why = _source(why)
    require_points_in_range(answer.question, points)
    rows = StageScore.objects.filter(answer=answer, kind=kind)
    before = rows.values_list("points", flat=True).first()
    if before == points:
        return answer
    if points is None:
        rows.delete()
    else:
        StageScore.objects.update_or_create(
            answer=answer,
            kind=kind,
            defaults={"points": points, "entered_at": at, "entered_by": by},
        )
    keep_points([(answer, points)], kind=kind, why=why, by=by, at=at)
    refresh_scores(assessment, kinds=[kind], indicators=[answer.question.indicator_id])
    record(
        TrailEvent.OFFICIAL_ENTERED,
        assessment=assessment,
        answer=answer,
        by=by,
        at=at,
        detail=f"{kind}: {change(before, points)}; {why}",
        before={"points": before},
        after={"points": points},
    )
    return answer


@deed
def enter_official_indicators(
    *,
    assessment_id: int,
    entries: Collection[IndicatorEntry],
    why: str,
    by: User,
    at: datetime,
) -> int:
    """Store totals of indicators as the official stages gave them, all of them or none.

    Returns how many changed. Raises ValidationError (`closed`, `not_official`, `source`,
    `foreign_indicator`, `stale`, `negative`, `over_maximum`, `too_precise`).
    """
    assessment = held_for(
        assessment_id,
        StageAction.IMPORT_OFFICIAL,
        by=by,
        permission=Permission.ENTER_OFFICIAL,
        at=at,
    )
    return store_official_indicators(assessment, entries=entries, why=why, by=by, at=at)


def store_official_indicators(
    assessment: Assessment,
    *,
    entries: Collection[IndicatorEntry],
    why: str,
    by: User,
    at: datetime,
) -> int:
    """The part of the deed after its questions were asked; the year is held."""
    why = _source(why)
    stored = official_indicator_points(assessment)
    for entry in entries:
        _require_enterable(assessment, entry, stored)
    changing = [e for e in entries if stored.get((e.indicator.pk, e.kind)) != e.points]
    for entry in changing:
        _store(assessment, entry, why, by=by, at=at)
    for kind in dict.fromkeys(entry.kind for entry in changing):
        indicators = [entry.indicator.pk for entry in changing if entry.kind == kind]
        refresh_scores(assessment, kinds=[kind], indicators=indicators)
    for entry in changing:
        before = stored.get((entry.indicator.pk, entry.kind))
        place = _("indikator %(code)s") % {"code": entry.indicator.code}
        record(
            TrailEvent.OFFICIAL_ENTERED,
            assessment=assessment,
            by=by,
            at=at,
            detail=f"{entry.kind} {place}: {change(before, entry.points)}; {why}",
            before={"points": before},
            after={"points": entry.points},
        )
    return len(changing)


def official_indicator_points(assessment: Assessment) -> dict[tuple[int, str], Decimal]:
    """The stored totals of indicators, by primary key of the indicator and stage."""
    rows = OfficialIndicatorScore.objects.filter(assessment=assessment)
    return {(row.indicator_id, row.kind): row.points for row in rows}


def _store(
    assessment: Assessment, entry: IndicatorEntry, why: str, *, by: User, at: datetime
) -> None:
    if entry.points is None:
        OfficialIndicatorScore.objects.filter(
            assessment=assessment, indicator=entry.indicator, kind=entry.kind
        ).delete()
        return
    OfficialIndicatorScore.objects.update_or_create(
        assessment=assessment,
        indicator=entry.indicator,
        kind=entry.kind,
        defaults={"points": entry.points, "why": why, "by": by, "at": at},
    )


def _require_official(kind: ScoreKind) -> None:
    if kind not in OFFICIAL_KINDS:
        raise ValidationError(
            _("%(kind)s bukan tahap resmi. Pilih EM, VA, VL, atau VF."),
            code="not_official",
            params={"kind": kind},
        )


def _source(why: str) -> str:
    why = why.strip()
    if not why:
        raise ValidationError(
            _("Tuliskan sumber nilai resmi, misalnya nomor berita acara."), code="source"
        )
    return why


def _require_enterable(
    assessment: Assessment, entry: IndicatorEntry, stored: dict[tuple[int, str], Decimal]
) -> None:
    _require_official(entry.kind)
    indicator, points = entry.indicator, entry.points
    facts = {"code": indicator.code, "kind": str(entry.kind), "points": format_points(points)}
    if indicator.cluster.instrument_id != assessment.instrument_id:
        raise ValidationError(
            _("Indikator %(code)s bukan milik instrumen penilaian ini."),
            code="foreign_indicator",
            params=facts,
        )
    now = stored.get((indicator.pk, entry.kind))
    if now != entry.seen:
        raise ValidationError(
            _(
                "Nilai %(kind)s indikator %(code)s sudah diubah orang lain menjadi %(now)s. "
                "Muat ulang halaman, lalu isi lagi bila perlu."
            ),
            code="stale",
            params=facts | {"now": format_points(now)},
        )
    if points is None:
        return
    if points != round(points, 3):
        raise ValidationError(
            _("Nilai %(points)s pada indikator %(code)s memiliki lebih dari tiga angka desimal."),
            code="too_precise",
            params=facts,
        )
    if not 0 <= points <= indicator.max_points:
        raise ValidationError(
            _("Indikator %(code)s bernilai 0 sampai %(maximum)s, tidak bisa diisi %(points)s."),
            code="negative" if points < 0 else "over_maximum",
            params=facts | {"maximum": format_points(indicator.max_points)},
        )
