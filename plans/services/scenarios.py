"""Saving and removing what one supposes of a review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments import scoring
from assessments.choices import TrailEvent
from assessments.models import Answer, Assessment
from assessments.services.activity import record
from assessments.services.years import held
from cities.models import User
from cities.roles import Permission
from figures.numbers import format_points
from plans.choices import Basis, Outcome
from plans.models import Scenario, ScenarioOutcome
from plans.outcomes import points_of
from plans.points import points_by_code, spec_in_force
from texts.languages import deed


@deed
def save_scenario(
    *,
    assessment_id: int,
    name: str,
    outcomes: Mapping[str, Outcome],
    by: User,
    at: datetime,
) -> Scenario:
    """Keep supposed outcomes, by question code, with the total they lead to now.

    Raises ValidationError (`name`, `name_taken`, `no_outcome`, `unknown_question`).
    """
    assessment = held(assessment_id, by=by, permission=Permission.MANAGE_PLANS)
    name = name.strip()
    _require_name(assessment, name)
    rows = _rows(assessment, outcomes)
    points = {**points_by_code(assessment, Basis.PROVEN)}
    points |= {row.answer.question.code: row.points for row in rows}
    total = scoring.score(spec_in_force(assessment), points).total
    scenario = Scenario.objects.create(assessment=assessment, name=name, total=total, at=at, by=by)
    for row in rows:
        row.scenario = scenario
    ScenarioOutcome.objects.bulk_create(rows)
    detail = _("%(name)s: %(count)d pertanyaan, %(total)s poin") % {
        "name": name,
        "count": len(rows),
        "total": format_points(total),
    }
    record(TrailEvent.SCENARIO_SAVED, assessment=assessment, by=by, at=at, detail=detail)
    return scenario


@deed
def remove_scenario(*, scenario_id: int, by: User, at: datetime) -> None:
    """Throw a scenario away. Raises ValidationError (`removed`)."""
    rows = Scenario.objects.filter(pk=scenario_id)
    assessment_id = rows.values_list("assessment", flat=True).first()
    if assessment_id is None:
        raise _removed()
    assessment = held(assessment_id, by=by, permission=Permission.MANAGE_PLANS)
    scenario = rows.first()
    if scenario is None:
        raise _removed()
    record(TrailEvent.SCENARIO_REMOVED, assessment=assessment, by=by, at=at, detail=scenario.name)
    scenario.delete()


def _removed() -> ValidationError:
    return ValidationError(_("Skenario ini sudah dihapus."), code="removed")


def _require_name(assessment: Assessment, name: str) -> None:
    if not name:
        raise ValidationError(_("Beri skenario sebuah nama."), code="name")
    if Scenario.objects.filter(assessment=assessment, name=name).exists():
        raise ValidationError(
            _("Sudah ada skenario bernama “%(name)s”. Pilih nama lain."),
            code="name_taken",
            params={"name": name},
        )


def _rows(assessment: Assessment, outcomes: Mapping[str, Outcome]) -> list[ScenarioOutcome]:
    if not outcomes:
        raise ValidationError(
            _("Belum ada hasil yang diandaikan. Pilih hasil untuk sedikitnya satu pertanyaan."),
            code="no_outcome",
        )
    answers = Answer.objects.filter(assessment=assessment, question__code__in=outcomes)
    by_code = {answer.question.code: answer for answer in answers.select_related("question")}
    if by_code.keys() != outcomes.keys():
        raise ValidationError(
            _("Pertanyaan %(codes)s tidak ada dalam penilaian ini. Pilih dari daftar."),
            code="unknown_question",
            params={"codes": ", ".join(sorted(outcomes.keys() - by_code.keys()))},
        )
    return [
        ScenarioOutcome(
            answer=by_code[code],
            outcome=outcome,
            points=points_of(
                outcome,
                claimed=by_code[code].claimed_points,
                maximum=by_code[code].question.max_points,
            ),
        )
        for code, outcome in outcomes.items()
    ]
