"""What if: supposing outcomes, keeping them as scenarios, comparing these."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Answer, Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file
from plans import outcome_query
from plans.forms import NameForm, OutcomeFilterForm
from plans.models import Scenario, ScenarioOutcome
from plans.queries.questions import SupposedYear, supposed_year
from plans.queries.scenarios import (
    comparison,
    outcomes_of,
    whatif_board,
    whatif_data,
)
from plans.queries.supposing import held_by, matching, supposed_clusters
from plans.queries.tables import comparison_chart
from plans.services.scenarios import remove_scenario, save_scenario

FEWEST, MOST = 2, 4  # columns that can be read side by side


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def whatif(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Outcomes for any questions, and what they make of total, predikat and clusters."""
    assessment = get_assessment_or_404(member, year)
    planning = supposed_year(assessment)
    outcomes = outcome_query.read(request.GET.getlist(outcome_query.FIELD), planning.questions)
    board = whatif_board(planning, outcomes)
    form = OutcomeFilterForm(request.GET, assessment=assessment)
    chosen = _chosen(request, planning)
    wanted = form.wanted
    asked = matching(
        board.rows,
        text=wanted.get("q", ""),
        state=wanted.get("keadaan", ""),
        held=held_by(planning, wanted.get("opd")),
    )
    clusters = supposed_clusters(planning, board, asked, chosen=chosen)
    shown = [row for one in clusters for indicator in one.indicators for row in indicator.rows]
    visible = {row.facts.code for row in shown}
    scenarios = list(scenarios_of(member, assessment))
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "board": board,
        "form": form,
        "rows": shown,
        "clusters": clusters,
        "chosen": chosen,
        "kept": [
            outcome_query.written(code, one)
            for code, one in outcomes.items()
            if code not in visible
        ],
        "query": outcome_query.query(outcomes),
        "name_form": NameForm(auto_id="skenario-%s"),
        "data": whatif_data(planning),
        "scenarios": [(one, outcome_query.query(outcomes_of(one))) for one in scenarios],
    }
    return render(request, "plans/whatif.html", context)


@require_POST
@city_view(Permission.MANAGE_PLANS)
def scenario_create(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Keep the outcomes of the address under a name."""
    assessment = get_assessment_or_404(member, year)
    codes = Answer.objects.filter(assessment=assessment).values_list("question__code", flat=True)
    outcomes = outcome_query.read(request.GET.getlist(outcome_query.FIELD), set(codes))
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Beri skenario sebuah nama, paling panjang 100 huruf."))
    else:
        try:
            scenario = save_scenario(
                assessment_id=assessment.pk,
                name=form.cleaned_data["name"],
                outcomes=outcomes,
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Skenario “%(name)s” tersimpan.") % {"name": scenario})
    back = reverse("plans:whatif", args=[member.city.slug, year])
    return redirect(f"{back}{outcome_query.query(outcomes)}")


@require_POST
@city_view(Permission.MANAGE_PLANS)
def scenario_remove(request: HttpRequest, member: Membership, year: int, pk: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    rows = Scenario.objects.visible_to(member)
    scenario = get_object_or_404(rows, assessment=assessment, pk=pk)
    try:
        remove_scenario(scenario_id=scenario.pk, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Skenario “%(name)s” dihapus.") % {"name": scenario})
    return redirect("plans:whatif", member.city.slug, year)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def scenario_compare(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Two to four scenarios side by side, beside the year as it stands."""
    assessment = get_assessment_or_404(member, year)
    wanted = {pk for pk in request.GET.getlist("s") if pk.isdecimal()}
    every = list(scenarios_of(member, assessment))
    chosen = [scenario for scenario in every if str(scenario.pk) in wanted]
    context: dict[str, object] = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "scenarios": every,
        "chosen": {scenario.pk for scenario in chosen},
    }
    if FEWEST <= len(chosen) <= MOST:
        board = comparison(supposed_year(assessment), chosen)
        chart = comparison_chart(board)
        file = chart_file(request, [chart], f"{member.city.slug}-{year}")
        if file is not None:
            return file
        context |= {"comparison": board, "chart": chart}
    return render(request, "plans/scenario_compare.html", context)


def scenarios_of(member: Membership, assessment: Assessment) -> QuerySet[Scenario]:
    """With their outcomes; two queries."""
    rows = Scenario.objects.visible_to(member).filter(assessment=assessment)
    told = ScenarioOutcome.objects.select_related("answer__question").only(
        "scenario", "outcome", "points", "answer__question__code"
    )
    return rows.select_related("by").prefetch_related(Prefetch("outcomes", told))


def _chosen(request: HttpRequest, planning: SupposedYear) -> str:
    """The cluster that the address opens; a code that the instrument has not opens none."""
    code = request.GET.get("klaster", "")
    return code if any(one.code == code for one in planning.spec.clusters) else ""
