"""A plan as it goes: its actions of a year with their lights, and what it is tied to."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionplan.choices import LinkKind
from actionplan.forms.plans import LinkForm
from actionplan.models import ActionPlan
from actionplan.services.plans import add_link
from actionplan.views.shared import context_of, plan_or_404
from assessments.views.deeds import done
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from monitoring.forms import MonitoringFilterForm
from monitoring.models import OF_CITY
from monitoring.queries.board import monitoring

PAGE_SIZE = 12  # of them a phone shows six screens


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def plan_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """The actions of a year, the present one where the address names none."""
    return _detail(request, member, plan_or_404(member, pk, f"city__{OF_CITY}"), None)


@require_POST
@city_view(Permission.MANAGE_ACTIONS)
def link_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk, f"city__{OF_CITY}")
    form = LinkForm(request.POST, member=member)
    if form.is_valid():
        data = form.cleaned_data
        link = done(
            form,
            lambda: add_link(
                plan_id=plan.pk,
                kind=LinkKind(data["kind"]),
                title=data["title"],
                address=data["address"],
                document_id=data["document"].pk if data["document"] else None,
                by=member.user,
                at=timezone.now(),
            ),
        )
        if link is not None:
            messages.success(request, _("Kaitan tersimpan."))
            return redirect(plan)
    return _detail(request, member, plan, form)


def _detail(
    request: HttpRequest, member: Membership, plan: ActionPlan, form: LinkForm | None
) -> HttpResponse:
    today = timezone.localdate()
    asked = request.GET.get("tahun", "")
    year = plan.year_near(int(asked[:4]) if asked.isdecimal() else today.year)
    board = monitoring(plan, member, year, today=today)
    filters = MonitoringFilterForm(request.GET, rows=board.rows)
    rows = filters.narrowed(board.rows)
    context = context_of(
        member,
        plan,
        board=board,
        filters=filters,
        page_obj=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman")),
        links=plan.links.select_related("document__city"),
        form=form,
    )
    if form is None and context["may_manage"]:
        context["form"] = LinkForm(member=member)
    return render(request, "monitoring/plan_detail.html", context)
