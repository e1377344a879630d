"""Opening a year, and changing its target and deadline."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import Stage, TrailEvent
from assessments.models import Answer, Assessment
from assessments.services.activity import record
from assessments.services.assignment import hand_to_default_agencies
from assessments.services.scores import create_score_rows
from assessments.services.years import held_for
from assessments.stages import StageAction
from cities.models import City, User
from cities.permissions import require_permission
from cities.roles import Permission
from clusters.models import Band, Instrument, Question
from texts.languages import deed
from trail.changes import differing


@deed
def open_assessment(
    *,
    city: City,
    instrument: Instrument,
    year: int,
    target: Band | None,
    deadline: date | None,
    by: User,
    at: datetime,
    prepare_first: bool = False,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
) -> Assessment:
    """Open a year for a city: one empty answer a question, handed to the default agencies.

    It can be worked in at once, unless the city wants to `prepare_first`: to hand out the
    questions before anybody answers them. Without dates of their own, documents have to
    cover the two calendar years before it.
    Raises ValidationError (`exists`, `draft`, `foreign_band`, `order`).
    """
    require_permission(by, city, Permission.MANAGE_ASSESSMENT)
    City.objects.select_for_update().get(pk=city.pk)  # two people opening the same year
    if Assessment.objects.filter(city=city, year=year).exists():
        raise ValidationError(
            _("Penilaian tahun %(year)d sudah ada. Buka dari daftar penilaian."),
            code="exists",
            params={"year": year},
        )
    if not instrument.is_published:
        raise ValidationError(
            _("Instrumen ini belum terbit. Pilih instrumen yang sudah terbit."), code="draft"
        )
    _require_own_band(instrument, target)
    evidence_from = evidence_from or date(year - 2, 1, 1)  # the two years that a cycle looks at
    evidence_to = evidence_to or date(year - 1, 12, 31)
    if evidence_to < evidence_from:
        raise ValidationError(_("Akhir masa dokumen tidak boleh sebelum awalnya."), code="order")
    assessment = Assessment.objects.create(
        city=city,
        instrument=instrument,
        year=year,
        stage=Stage.PREPARATION if prepare_first else Stage.SELF_ASSESSMENT,
        target=target,
        deadline=deadline,
        evidence_from=evidence_from,
        evidence_to=evidence_to,
        opened_at=at,
        opened_by=by,
    )
    Answer.objects.bulk_create(
        Answer(assessment=assessment, question=question)
        for question in Question.objects.of_instrument(instrument)
    )
    create_score_rows(assessment)
    record(
        TrailEvent.ASSESSMENT_OPENED,
        assessment=assessment,
        by=by,
        at=at,
        after={"target": target, "deadline": deadline},
    )
    hand_to_default_agencies(assessment, by=by, at=at)
    return assessment


@deed
def change_assessment(
    *, assessment_id: int, target: Band | None, deadline: date | None, by: User, at: datetime
) -> Assessment:
    """Set the predikat that the city aims at and the date by which all is handed in.

    Raises ValidationError (`closed`, `foreign_band`, `no_target`).
    """
    assessment = held_for(
        assessment_id,
        StageAction.CHANGE_YEAR,
        by=by,
        permission=Permission.MANAGE_ASSESSMENT,
        at=at,
    )
    _require_own_band(assessment.instrument, target)
    before, after = differing(
        {"target": assessment.target, "deadline": assessment.deadline},
        {"target": target, "deadline": deadline},
    )
    assessment.target = target
    assessment.deadline = deadline
    require_goal(assessment)
    assessment.save(update_fields=["target", "deadline"])
    detail = f"{target or '–'}; {deadline or '–'}"
    record(
        TrailEvent.ASSESSMENT_CHANGED,
        assessment=assessment,
        by=by,
        at=at,
        detail=detail,
        before=before,
        after=after,
    )
    return assessment


def require_goal(assessment: Assessment) -> None:
    """The target is a band of the year's table too. Raises ValidationError (`no_target`)."""
    if assessment.target and assessment.goal(assessment.bands()) is None:
        raise ValidationError(
            _(
                "Tabel predikat tahun ini tidak memuat %(predikat)s. "
                "Pilih target lain, atau tabel lain."
            ),
            code="no_target",
            params={"predikat": assessment.target.predikat},
        )


def _require_own_band(instrument: Instrument, target: Band | None) -> None:
    if target is not None and target.instrument_id != instrument.pk:
        raise ValidationError(
            _("Predikat %(predikat)s bukan milik instrumen yang dipilih. Pilih kembali targetnya."),
            code="foreign_band",
            params={"predikat": target.predikat},
        )
