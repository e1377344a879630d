"""Findings: recorded on a phone, listed by their last day, planned and closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.views.documents import preview_response
from cities.access import city_view, own_transactions
from cities.models import Membership
from cities.roles import Permission
from facilities.forms.visits import (
    CloseFindingForm,
    FindingFilterForm,
    FindingForm,
    PlanFindingForm,
)
from facilities.models import Facility, Finding
from facilities.queries.findings import finding_rows, listed, visit_of, waiting
from facilities.services.findings import close_finding, plan_finding, record_finding
from facilities.views.facilities import PAGE_SIZE, facility_or_404, page_context


def _finding_or_404(member: Membership, pk: int) -> Finding:
    rows = Finding.objects.visible_to(member)
    related = ("facility__city", "opd", "by", "closed_by", "document__rendition")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def finding_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """What is to be mended, the nearest last day first."""
    today = timezone.localdate()
    form = FindingFilterForm(request.GET, member=member)
    wanted = form.wanted
    found = listed(member, wanted.get("keadaan", ""), wanted.get("opd"), today)
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = page_context(member) | {
        "form": form,
        "waiting": waiting(Finding.objects.visible_to(member), today),
        "page_obj": page_obj,
        "rows": finding_rows(page_obj.object_list, today),
    }
    return render(request, "facilities/finding_list.html", context)


@own_transactions
@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def finding_create(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """Record a finding; works without network."""
    facility = facility_or_404(member, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FindingForm(*sent, facility=facility, member=member)
    if form.is_valid():
        try:
            record_finding(
                facility_id=facility.pk,
                facts=form.facts,
                file=next(iter(form.cleaned_data["file"]), None),
                key=form.cleaned_data["kunci"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Temuan tercatat."))
            return redirect(facility)
    context = page_context(member) | {"facility": facility, "form": form}
    return render(request, "facilities/finding_form.html", context)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def finding_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    return _detail(request, member, _finding_or_404(member, pk))


def _detail(
    request: HttpRequest, member: Membership, finding: Finding, **refused: Any
) -> HttpResponse:
    """The page of a finding; `refused` holds the form that was sent and refused."""
    context = page_context(member)
    is_open = finding.closed_at is None
    may_close = is_open and context["may_manage"]
    context |= {
        "finding": finding,
        "row": finding_rows([finding], timezone.localdate())[0],
        "visit": visit_of(finding),
        "is_near": Facility.objects.visible_to(member).filter(pk=finding.facility_id).exists(),
        "may_close": may_close,
        "may_plan": may_close and member.may(Permission.VIEW_ASSESSMENT),
        "close_form": CloseFindingForm(),
        "plan_form": PlanFindingForm(finding=finding),
        **refused,
    }
    return render(request, "facilities/finding_detail.html", context)


@require_POST
@city_view(Permission.MANAGE_FACILITIES)
def finding_close(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    finding = _finding_or_404(member, pk)
    form = CloseFindingForm(request.POST)
    if form.is_valid():
        try:
            close_finding(
                finding_id=finding.pk,
                done=form.cleaned_data["done"],
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return _detail(request, member, _finding_or_404(member, pk))
        messages.success(request, _("Temuan selesai."))
        return redirect(finding)
    return _detail(request, member, finding, close_form=form)


@require_POST
@city_view(Permission.MANAGE_FACILITIES)
def finding_plan(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    finding = _finding_or_404(member, pk)
    form = PlanFindingForm(request.POST, finding=finding)
    if form.is_valid():
        try:
            plan_finding(
                finding_id=finding.pk, **form.cleaned_data, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Tenggat temuan tersimpan."))
            return redirect(finding)
    return _detail(request, member, finding, plan_form=form)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def finding_photo(request: HttpRequest, member: Membership, pk: int) -> HttpResponseBase:
    """The rendition of its photo; an original never goes out here."""
    document = _finding_or_404(member, pk).document
    if document is None:
        raise Http404
    return preview_response(request, member, document)
