"""Opening, changing and closing a year."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.choices import Deed, Stage
from assessments.models import Answer, Assessment
from assessments.services.activity import record
from assessments.services.assignment import assign_defaults
from assessments.services.scores import create_score_rows
from assessments.services.years import hold, hold_open
from cities.models import City, User
from clusters.models import Band, Instrument, Question


@transaction.atomic
def open_assessment(
    *,
    city: City,
    instrument: Instrument,
    year: int,
    target: Band | None,
    deadline: date | None,
    by: User,
    at: datetime,
) -> Assessment:
    """Open a year for a city: one empty answer a question, handed to the default agencies.

    Raises ValidationError (`exists`, `draft`, `foreign_band`).
    """
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
    assessment = Assessment.objects.create(
        city=city,
        instrument=instrument,
        year=year,
        target=target,
        deadline=deadline,
        evidence_from=date(year - 2, 1, 1),  # the two years that a cycle looks at
        evidence_to=date(year - 1, 12, 31),
        opened_at=at,
        opened_by=by,
    )
    Answer.objects.bulk_create(
        Answer(assessment=assessment, question=question)
        for question in Question.objects.of_instrument(instrument)
    )
    create_score_rows(assessment)
    record(Deed.ASSESSMENT_OPENED, assessment=assessment, by=by, at=at)
    assign_defaults(assessment_id=assessment.pk, by=by, at=at)
    return assessment


@transaction.atomic
def change_assessment(
    *, assessment_id: int, target: Band | None, deadline: date | None, by: User, at: datetime
) -> Assessment:
    """Set the predikat that the city aims at and the date by which all is handed in.

    Raises ValidationError (`closed`, `foreign_band`).
    """
    assessment = hold_open(assessment_id)
    _require_own_band(assessment.instrument, target)
    assessment.target = target
    assessment.deadline = deadline
    assessment.save(update_fields=["target", "deadline"])
    detail = f"{target or '–'}; {deadline or '–'}"
    record(Deed.ASSESSMENT_CHANGED, assessment=assessment, by=by, at=at, detail=detail)
    return assessment


@transaction.atomic
def set_stage(*, assessment_id: int, stage: Stage, by: User, at: datetime) -> Assessment:
    """Close a year to all changes, or open it again."""
    assessment = hold(assessment_id)
    if assessment.stage == stage:
        return assessment
    assessment.stage = stage
    assessment.save(update_fields=["stage"])
    deed = Deed.ASSESSMENT_CLOSED if stage == Stage.CLOSED else Deed.ASSESSMENT_REOPENED
    record(deed, assessment=assessment, by=by, at=at)
    return assessment


def _require_own_band(instrument: Instrument, target: Band | None) -> None:
    if target is not None and target.instrument_id != instrument.pk:
        raise ValidationError(
            _("Predikat %(predikat)s bukan milik instrumen yang dipilih. Pilih kembali targetnya."),
            code="foreign_band",
            params={"predikat": target.predikat},
        )
