"""What to do about a year: ways to a predikat, plans, suppositions, and the forecast."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.answers.ways import (
    ComparedColumn,
    Pathway,
    SavedPlan,
    SavedPlanDetail,
    ScenarioEntry,
    VerificationForecast,
    WhatIf,
)
from api.endpoints import Asked, Call, Endpoint, resource
from api.paging import Page, page_of
from api.problems import Problem, refused_form
from api.queries import ways as told
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission
from plans import outcome_query
from plans.models import Plan
from plans.queries.pathway import pathway_board
from plans.queries.questions import planning_year, supposed_year
from plans.views.pathway import asked_way, goal_form
from plans.views.plans import get_plan_or_404
from plans.views.scenarios import MOST, scenarios_of


def _pathway(call: Call, year: int) -> Pathway:
    """Without a goal the next predikat, counted from what is proven."""
    planning = planning_year(get_assessment_or_404(call.member, year))
    form = goal_form(call.request.GET, planning)
    if not form.is_valid():
        raise refused_form(form)
    return told.pathway(pathway_board(planning, asked_way(call.request.GET, form, planning)))


def _plans(call: Call, year: int) -> Page[SavedPlan]:
    assessment = get_assessment_or_404(call.member, year)

    def shown(found: Sequence[Plan]) -> list[SavedPlan]:
        return told.saved_plans(assessment, found)

    rows = Plan.objects.visible_to(call.member).filter(assessment=assessment)
    return page_of(call.request, rows.select_related("by"), key="pk", shown=shown)


def _plan(call: Call, year: int, saved_plan: int) -> SavedPlanDetail:
    assessment = get_assessment_or_404(call.member, year)
    found = get_plan_or_404(call.member, assessment, saved_plan)
    return told.saved_plan(found, today=timezone.localdate())


def _what_if(call: Call, year: int) -> WhatIf:
    planning = supposed_year(get_assessment_or_404(call.member, year))
    asked = call.request.GET.getlist(outcome_query.FIELD)
    return told.what_if(planning, outcome_query.read(asked, planning.questions))


def _scenarios(call: Call, year: int) -> Page[ScenarioEntry]:
    assessment = get_assessment_or_404(call.member, year)
    rows = scenarios_of(call.member, assessment)
    return page_of(call.request, rows, key="pk", shown=told.scenario_entries)


def _compared(call: Call, year: int) -> list[ComparedColumn]:
    """Each scenario says which it is, so that one that is gone is missed."""
    assessment = get_assessment_or_404(call.member, year)
    wanted = {pk for pk in call.request.GET.getlist("s") if pk.isdecimal()}
    chosen = [one for one in scenarios_of(call.member, assessment) if str(one.pk) in wanted]
    if len(chosen) > MOST:
        raise Problem(422, "s", gettext("Pilih paling banyak %(most)d skenario.") % {"most": MOST})
    return told.compared(supposed_year(assessment), chosen)


def _forecast(call: Call, year: int) -> VerificationForecast:
    assessment = get_assessment_or_404(call.member, year)
    return told.verification_forecast(assessment, today=timezone.localdate())


pathway = resource(
    get=Endpoint(
        _pathway,
        _("Langkah menuju sebuah predikat dengan upaya paling kecil"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=Pathway,
        asks=(
            Asked("tujuan", _("Predikat yang dituju, atau “total”")),
            Asked("total", _("Total yang dituju, bila tujuan “total”")),
            Asked("dasar", _("Dihitung dari: terbukti atau klaim")),
            Asked("kunci", _("Kode pertanyaan yang harus ikut"), is_many=True),
            Asked("kecuali", _("Kode pertanyaan yang tidak dipakai"), is_many=True),
        ),
    )
)
saved_plans = resource(
    get=Endpoint(
        _plans,
        _("Rencana yang disimpan dalam satu tahun"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=SavedPlan,
        is_page=True,
    )
)
saved_plan = resource(
    get=Endpoint(
        _plan,
        _("Satu rencana dengan langkahnya dan yang sudah terbukti"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=SavedPlanDetail,
    )
)
what_if = resource(
    get=Endpoint(
        _what_if,
        _("Total, predikat, dan klaster seandainya pertanyaan berakhir begini"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=WhatIf,
        asks=(
            Asked(
                outcome_query.FIELD,
                _(
                    "Pertanyaan yang diandaikan: kode-t diterima, kode-s separuh, kode-k dikembalikan"
                ),
                is_many=True,
            ),
        ),
    )
)
scenarios = resource(
    get=Endpoint(
        _scenarios,
        _("Skenario yang disimpan dalam satu tahun"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=ScenarioEntry,
        is_page=True,
    )
)
compared = resource(
    get=Endpoint(
        _compared,
        _("Skenario di samping tahun ini sebagaimana adanya"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=ComparedColumn,
        is_list=True,
        asks=(Asked("s", _("id skenario"), is_many=True),),
    )
)
forecast = resource(
    get=Endpoint(
        _forecast,
        _("Perkiraan yang tersisa setelah verifikasi, rentangnya, dan yang belum diketahui"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=VerificationForecast,
    )
)
