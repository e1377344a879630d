"""Saving and removing a plan. Handing its steps to OPDs is `assessments.services.assignment`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.choices import TrailEvent
from assessments.models import Answer
from assessments.services.activity import record
from assessments.services.years import held
from cities.models import User
from cities.roles import Permission
from figures.numbers import format_points
from plans.choices import Basis
from plans.models import Plan, PlanStep
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A question to finish: from the points it has to those it is to have."""

    answer_id: int
    start: Decimal
    goal: Decimal
    effort: int


@deed
def save_plan(
    *,
    assessment_id: int,
    name: str,
    basis: Basis,
    start: Decimal,
    goal: Decimal,
    predikat: str,
    steps: Sequence[PlannedStep],
    by: User,
    at: datetime,
) -> Plan:
    """Keep a way under a name, to hand out its steps and to follow them.

    Raises ValidationError (`name`, `name_taken`, `no_step`, `foreign_answer`).
    """
    assessment = held(assessment_id, by=by, permission=Permission.MANAGE_PLANS)
    name = name.strip()
    if not name:
        raise ValidationError(_("Beri rencana sebuah nama."), code="name")
    if Plan.objects.filter(assessment=assessment, name=name).exists():
        raise ValidationError(
            _("Sudah ada rencana bernama “%(name)s”. Pilih nama lain."),
            code="name_taken",
            params={"name": name},
        )
    if not steps:
        raise ValidationError(
            _("Total ini sudah tercapai tanpa langkah apa pun. Pilih tujuan yang lebih tinggi."),
            code="no_step",
        )
    wanted = {step.answer_id for step in steps}
    if Answer.objects.filter(assessment=assessment, pk__in=wanted).count() != len(steps):
        raise ValidationError(
            _("Ada pertanyaan yang bukan milik penilaian ini. Pilih dari daftar."),
            code="foreign_answer",
        )
    plan = Plan.objects.create(
        assessment=assessment,
        name=name,
        basis=basis,
        start=start,
        goal=goal,
        predikat=predikat,
        at=at,
        by=by,
    )
    PlanStep.objects.bulk_create(
        PlanStep(
            plan=plan,
            answer_id=step.answer_id,
            start=step.start,
            goal=step.goal,
            effort=step.effort,
        )
        for step in steps
    )
    detail = _("%(name)s: %(count)d pertanyaan menuju %(goal)s poin") % {
        "name": name,
        "count": len(steps),
        "goal": format_points(goal),
    }
    record(TrailEvent.PLAN_SAVED, assessment=assessment, by=by, at=at, detail=detail)
    return plan


@deed
def remove_plan(*, plan_id: int, by: User, at: datetime) -> None:
    """Throw a plan away. What was assigned, handed in and decided stays as it is.

    Raises ValidationError (`removed`).
    """
    assessment_id = Plan.objects.filter(pk=plan_id).values_list("assessment", flat=True).first()
    if assessment_id is None:
        raise _removed()
    assessment = held(assessment_id, by=by, permission=Permission.MANAGE_PLANS)
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise _removed()
    record(TrailEvent.PLAN_REMOVED, assessment=assessment, by=by, at=at, detail=plan.name)
    plan.delete()


def _removed() -> ValidationError:
    return ValidationError(_("Rencana ini sudah dihapus."), code="removed")
