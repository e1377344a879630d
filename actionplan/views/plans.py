"""The plans of a city: their list, one of them, its data and what it is tied to."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actionplan.choices import LinkKind
from actionplan.forms.plans import LinkForm, MonitoringFilterForm, PlanForm
from actionplan.models import ActionPlan
from actionplan.queries.monitoring import monitoring
from actionplan.services.plans import add_link, change_plan, record_plan, remove_link
from actionplan.views.shared import attempt, context_of, plan_or_404
from assessments.models import Assessment
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission

PAGE_SIZE = 12  # of them a phone shows six screens


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def plan_list(request: HttpRequest, member: Membership) -> HttpResponse:
    plans = ActionPlan.objects.visible_to(member).select_related("city", "legal_basis")
    return render(request, "actionplan/plan_list.html", context_of(member, plans=list(plans)))


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def plan_create(request: HttpRequest, member: Membership) -> HttpResponse:
    """A new plan; its indicators are those of the year at work."""
    current = Assessment.objects.current(member.city)
    if current is None:
        raise Http404
    form = PlanForm(request.POST or None, city=member.city, save=_("Catat RAD"))
    if form.is_valid():
        plan = attempt(
            form,
            lambda: record_plan(
                city=member.city,
                instrument=current.instrument,
                facts=form.facts,
                by=member.user,
                at=timezone.now(),
            ),
        )
        if plan is not None:
            messages.success(request, _("RAD tercatat. Tambahkan aksinya."))
            return redirect(plan)
    cancel_url = reverse("actionplan:plan_list", args=[member.city.slug])
    context = context_of(
        member, assessment=current, form=form, cancel_url=cancel_url, title=_("Catat RAD")
    )
    return render(request, "actionplan/form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_ACTIONS)
def plan_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    form = PlanForm(
        request.POST or None,
        initial=PlanForm.initial_of(plan),
        city=member.city,
        save=_("Simpan"),
    )
    if form.is_valid():
        deed = lambda: change_plan(  # noqa: E731
            plan_id=plan.pk, facts=form.facts, by=member.user, at=timezone.now()
        )
        if attempt(form, deed) is not None:
            messages.success(request, _("Data RAD tersimpan."))
            return redirect(plan)
    cancel_url = plan.get_absolute_url()
    context = context_of(member, plan, form=form, cancel_url=cancel_url, title=_("Ubah data RAD"))
    return render(request, "actionplan/form.html", context)


@require_safe
@city_view(Permission.VIEW_ACTIONS)
def plan_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """The actions of a year, the present one where the address names none."""
    return _detail(request, member, plan_or_404(member, pk), None)


@require_POST
@city_view(Permission.MANAGE_ACTIONS)
def link_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    form = LinkForm(request.POST, member=member)
    if form.is_valid():
        data = form.cleaned_data
        link = attempt(
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


@require_POST
@city_view(Permission.MANAGE_ACTIONS)
def link_remove(request: HttpRequest, member: Membership, pk: int, link_pk: int) -> HttpResponse:
    plan = plan_or_404(member, pk)
    link = get_object_or_404(plan.links, pk=link_pk)
    remove_link(plan_id=plan.pk, link_id=link.pk, by=member.user, at=timezone.now())
    messages.success(request, _("Kaitan dihapus."))
    return redirect(plan)


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
    return render(request, "actionplan/plan_detail.html", context)
