"""The list of a city's facilities, one of them, and what is near its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from facilities.forms.facilities import (
    EndingFilterForm,
    FacilityFilterForm,
    FacilityForm,
    SortForm,
    UseForm,
)
from facilities.forms.visits import PhotoForm
from facilities.models import Facility, Finding
from facilities.queries.boards import (
    as_endings,
    counts_by_type,
    ending_counts,
    endings,
    facility_page,
    list_rows,
)
from facilities.queries.findings import findings_of, waiting
from facilities.services.facilities import change_facility, record_facility
from facilities.sheets import sorts
from facilities.types import catalogue
from territories.place_notes import place_notes

PAGE_SIZE = 15  # some five screens of a phone


def page_context(member: Membership) -> dict[str, Any]:
    """What every page of facilities needs."""
    return {
        "member": member,
        "page": "facilities",
        "assessment": Assessment.objects.current(member.city),
        "may_manage": member.may(Permission.MANAGE_FACILITIES),
    }


def facility_or_404(member: Membership, pk: int) -> Facility:
    visible = Facility.objects.visible_to(member)
    return get_object_or_404(visible.select_related("city", "unit__parent", "opd"), pk=pk)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def facility_list(request: HttpRequest, member: Membership) -> HttpResponse:
    today = timezone.localdate()
    visible = Facility.objects.visible_to(member)
    form = FacilityFilterForm(request.GET, member=member)
    found = form.narrowed(visible, today).select_related("unit", "opd", "city")
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = page_context(member) | {
        "form": form,
        "counts": counts_by_type(visible.active_on(today)),
        "page_obj": page_obj,
        "rows": list_rows(page_obj.object_list, today),
        "ending": sum(ending_counts(visible, today).values()),
        "waiting": waiting(Finding.objects.visible_to(member), today),
    }
    return render(request, "facilities/facility_list.html", context)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def facility_detail(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    return detail_page(request, member, facility_or_404(member, pk))


def detail_page(
    request: HttpRequest, member: Membership, facility: Facility, **refused: Any
) -> HttpResponse:
    """The page of a facility; `refused` holds the form that was sent and refused."""
    today = timezone.localdate()
    context = page_context(member) | {
        "facility": facility,
        "board": facility_page(facility, today),
        "findings": findings_of(facility, today),
        "notes": place_notes(facility, member),
        "today": today,
        "photo_form": PhotoForm(),
        "use_form": UseForm(initial={"year": today.year - 1}),
        **refused,
    }
    return render(request, "facilities/facility_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def facility_create(request: HttpRequest, member: Membership) -> HttpResponse:
    """First the type, which stands in the address, then what is asked of it."""
    back = reverse("facilities:facility_list", args=[member.city.slug])
    sort = request.GET.get("jenis", "")
    if sort not in sorts():
        context = page_context(member) | {"form": SortForm(), "cancel_url": back}
        return render(request, "facilities/facility_sort.html", context)
    code, _dot, kind = sort.partition(".")
    form = FacilityForm(request.POST or None, member=member, sort=catalogue().types[code])
    if form.is_valid():
        try:
            facility = record_facility(
                city=member.city, facts=form.facts(kind), by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("%(name)s tercatat.") % {"name": facility})
            return redirect(facility)
    context = page_context(member) | {"form": form, "title": sorts()[sort], "cancel_url": back}
    return render(request, "facilities/facility_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.MANAGE_FACILITIES)
def facility_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    facility = facility_or_404(member, pk)
    form = FacilityForm(
        request.POST or None,
        initial=FacilityForm.initial_of(facility),
        member=member,
        sort=facility.sort,
    )
    if form.is_valid():
        try:
            change_facility(
                facility_id=facility.pk,
                facts=form.facts(facility.kind),
                by=member.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Data fasilitas tersimpan."))
            return redirect(facility)
    context = page_context(member) | {
        "facility": facility,
        "form": form,
        "title": facility.name,
        "cancel_url": facility.get_absolute_url(),
    }
    return render(request, "facilities/facility_form.html", context)


@require_safe
@city_view(Permission.VIEW_FACILITIES)
def expiring_list(request: HttpRequest, member: Membership) -> HttpResponse:
    """What ends within 180, 90 or 30 days, and what has ended and counts no more."""
    today = timezone.localdate()
    visible = Facility.objects.visible_to(member)
    form = EndingFilterForm(request.GET)
    page_obj = Paginator(endings(visible, today, form.within), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    context = page_context(member) | {
        "form": form,
        "counts": ending_counts(visible, today),
        "page_obj": page_obj,
        "rows": as_endings(page_obj.object_list, today),
    }
    return render(request, "facilities/expiring_list.html", context)
