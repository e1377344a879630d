"""A year of a plan as a whole: its matrix, on paper too, its budget, and what is wrong with it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionplan.models import ActionPlan
from actionplan.views.shared import context_of, plan_or_404
from assessments.models import Assessment
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file
from figures.numbers import format_zoned_moment
from monitoring.forms import MonitoringFilterForm
from monitoring.models import OF_CITY
from monitoring.papers import matrix_pdf
from monitoring.queries.board import Monitoring, by_cluster, monitoring, monitoring_chart
from monitoring.queries.budget import budget_chart, budget_of, shares_with_reasons, source_chart
from monitoring.queries.checks import check_plan
from monitoring.services.matrices import file_matrix, proven_answer
from texts.languages import in_indonesian
from workbooks.downloads import download


def _board(member: Membership, pk: int, year: int) -> tuple[ActionPlan, Monitoring]:
    plan = plan_or_404(member, pk, f"city__{OF_CITY}")
    if year not in plan.years:
        raise Http404
    return plan, monitoring(plan, member, year, today=timezone.localdate())


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def monitoring_detail(
    request: HttpRequest, member: Membership, pk: int, year: int
) -> HttpResponseBase:
    """Four quarters of every action with their lights; an OPD sees its own."""
    plan, board = _board(member, pk, year)
    chart = monitoring_chart(board)
    file = chart_file(request, [chart], f"{member.city.slug}-rad-{year}")
    if file is not None:
        return file
    filters = MonitoringFilterForm(request.GET, rows=board.rows)
    current = Assessment.objects.current(member.city)
    context = context_of(
        member,
        plan,
        assessment=current,
        board=board,
        chart=chart,
        filters=filters,
        groups=by_cluster(filters.narrowed(board.rows)),
        answer=proven_answer(current) if member.may(Permission.MANAGE_ACTIONS) else None,
    )
    return render(request, "monitoring/matrix.html", context)


@require_safe
@city_view(Permission.VIEW_ACTIONS)
@in_indonesian
def monitoring_pdf(request: HttpRequest, member: Membership, pk: int, year: int) -> HttpResponse:
    """The matrix with room for signatures; of an OPD, its own actions."""
    _plan, board = _board(member, pk, year)
    content = matrix_pdf(board, moment=format_zoned_moment(timezone.now()))
    return download(content, f"{member.city.slug}-matriks-rad-{year}.pdf")


@require_POST
@city_view(Permission.MANAGE_ACTIONS)
def monitoring_file(request: HttpRequest, member: Membership, pk: int, year: int) -> HttpResponse:
    """Hand the matrix in for the question that asks for it."""
    plan, _unused = _board(member, pk, year)
    try:
        evidence = file_matrix(plan=plan, year=year, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("actionplan:monitoring", member.city.slug, pk, year)
    messages.success(request, _("Matriks tersimpan sebagai dokumen pendukung."))
    return redirect(evidence.answer)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def budget(request: HttpRequest, member: Membership, pk: int, year: int) -> HttpResponseBase:
    plan, board = _board(member, pk, year)
    sums = budget_of(board)
    chart, sources = budget_chart(board, sums), source_chart(board, sums)
    file = chart_file(request, [chart, sources], f"{member.city.slug}-rad-{year}")
    if file is not None:
        return file
    context = context_of(
        member,
        plan,
        board=board,
        budget=sums,
        chart=chart,
        sources=sources,
        shares=shares_with_reasons(board),
    )
    return render(request, "monitoring/budget.html", context)


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def checks(request: HttpRequest, member: Membership, pk: int, year: int) -> HttpResponse:
    """What verifiers would criticise, each with the page where it is mended."""
    plan, board = _board(member, pk, year)
    groups = check_plan(board, today=timezone.localdate())
    count = sum(len(group.findings) for group in groups)
    context = context_of(member, plan, board=board, groups=groups, count=count)
    return render(request, "monitoring/checks.html", context)
