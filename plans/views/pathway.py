"""The cheapest way to a predikat, and keeping it as a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments import scoring
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file
from plans.choices import Basis
from plans.forms import GoalForm, NameForm
from plans.pathway_query import TOTAL, PathwayQuery
from plans.queries.pathway import PathwayBoard, WayRow, pathway_board
from plans.queries.questions import PlanningYear, planning_year
from plans.queries.tables import way_chart
from plans.services.plans import PlannedStep, save_plan


@dataclass(frozen=True, slots=True)
class PathwayLine:
    """A question with the addresses that lock it in, leave it out, or neither."""

    row: WayRow
    is_locked: bool
    lock_query: str
    exclude_query: str
    release_query: str


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def pathway_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """Which questions to push for which predikat, with which OPD."""
    assessment = get_assessment_or_404(member, year)
    planning = planning_year(assessment)
    form = goal_form(request.GET, planning)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "form": form,
        "name_form": NameForm(auto_id="rencana-%s"),
        "kept": [(name, code) for name in CHOSEN for code in _codes(request.GET, name, planning)],
    }
    if form.is_valid():
        board = pathway_board(planning, asked_way(request.GET, form, planning))
        chart = way_chart(board)
        file = chart_file(request, [chart], f"{member.city.slug}-{year}")
        if file is not None:
            return file
        context |= _lines(board) | {"chart": chart}
        context |= _rest(board, is_whole=request.GET.get("lainnya") == "semua")
    return render(request, "plans/pathway_detail.html", context)


@require_POST
@city_view(Permission.MANAGE_PLANS)
def plan_create(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    """Keep the way that the address asks for, if it still is the one that was shown."""
    assessment = get_assessment_or_404(member, year)
    planning = planning_year(assessment)
    back = reverse("plans:pathway_detail", args=[member.city.slug, year])
    form, name_form = goal_form(request.GET, planning), NameForm(request.POST)
    if not form.is_valid() or not name_form.is_valid():
        messages.error(request, _("Beri rencana sebuah nama, paling panjang 100 huruf."))
        return redirect(f"{back}?{request.GET.urlencode()}")
    board = pathway_board(planning, asked_way(request.GET, form, planning))
    if request.POST.getlist("questions") != list(board.best.way.questions):
        messages.error(
            request,
            _("Nilai atau upaya berubah sejak halaman dibuka. Periksa jalan yang baru di bawah."),
        )
        return redirect(f"{back}{board.query.querystring}")
    try:
        plan = save_plan(
            assessment_id=assessment.pk,
            name=name_form.cleaned_data["name"],
            basis=board.query.basis,
            start=board.start,
            goal=board.query.total,
            predikat=board.query.predikat,
            steps=_steps(board),
            by=member.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(f"{back}{board.query.querystring}")
    messages.success(request, _("Rencana “%(name)s” tersimpan.") % {"name": plan})
    return redirect("plans:plan_detail", member.city.slug, year, plan.pk)


CHOSEN = ("kunci", "kecuali")
FEW = 20  # other questions that are shown before one asks for all


def goal_form(data: QueryDict, planning: PlanningYear) -> GoalForm:
    """The goal of the address; without one the next predikat, counted from what is proven."""
    asked = data.copy()
    basis = asked.setdefault("dasar", Basis.PROVEN)
    if "tujuan" not in asked:
        known = basis if basis in Basis.values else Basis.PROVEN
        asked["tujuan"] = _next_goal(planning, Basis(known))
        if asked["tujuan"] == TOTAL:
            asked.setdefault("total", f"{planning.spec.max_points}")
    return GoalForm(asked, assessment=planning.assessment, bands=planning.bands)


def _next_goal(planning: PlanningYear, basis: Basis) -> str:
    if not planning.bands:
        return TOTAL
    place = scoring.standing(planning.situation(basis).total_with(()), planning.bands)
    return place.next.predikat if place.next else planning.bands[-1].predikat


def _codes(data: QueryDict, name: str, planning: PlanningYear) -> list[str]:
    """The questions that the address names, once each; what is none is passed over."""
    return [code for code in dict.fromkeys(data.getlist(name)) if code in planning.questions]


def asked_way(data: QueryDict, form: GoalForm, planning: PlanningYear) -> PathwayQuery:
    return form.pathway_query(*(_codes(data, name, planning) for name in CHOSEN))


def _lines(board: PathwayBoard) -> dict[str, object]:
    query = board.query
    avoided = _lines_of((detour.without for detour in board.others), query)
    return {
        "board": board,
        "lines": _lines_of(board.best.rows, query),
        "locked": _lines_of(board.locked, query),
        "excluded": _lines_of(board.excluded, query),
        "others": list(zip(board.others, avoided, strict=True)),
    }


def _rest(board: PathwayBoard, *, is_whole: bool) -> dict[str, object]:
    """The other open questions; at first only those that bring most for their effort.

    All of them stand by cluster, and in each in the same order.
    """
    rows = sorted(board.rest, key=_cluster_place) if is_whole else board.rest[:FEW]
    return {
        "rest": _lines_of(rows, board.query),
        "rest_count": len(board.rest),
        "is_whole": len(rows) == len(board.rest),
        "is_all_asked": is_whole,
    }


def _cluster_place(row: WayRow) -> int:
    return row.facts.answer.question.indicator.cluster.position


def _lines_of(rows: Iterable[WayRow], query: PathwayQuery) -> list[PathwayLine]:
    return [
        PathwayLine(
            row=row,
            is_locked=row.facts.code in query.locked,
            lock_query=query.with_locked(row.facts.code).querystring,
            exclude_query=query.with_excluded(row.facts.code).querystring,
            release_query=query.without(row.facts.code).querystring,
        )
        for row in rows
    ]


def _steps(board: PathwayBoard) -> list[PlannedStep]:
    return [
        PlannedStep(
            answer_id=row.facts.answer.pk,
            start=row.facts.points(board.query.basis),
            goal=row.facts.maximum,
            effort=row.facts.effort,
        )
        for row in board.best.rows
    ]
