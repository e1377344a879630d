"""Pages about the OPDs of a city."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access import city_view
from cities.forms.filters import OpdFilterForm
from cities.forms.opds import OpdForm
from cities.models import Membership
from cities.redirects import city_url
from cities.roles import Permission
from cities.services.opds import create_opd, edit_opd, set_opd_active

PAGE_SIZE = 25


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def opd_list(request: HttpRequest, member: Membership) -> HttpResponse:
    form = OpdFilterForm(request.GET)
    counted = member.city.opds.annotate(member_count=Count("memberships"))
    opds = form.narrowed(counted.prefetch_related("agency_aliases"))
    context = {
        "member": member,
        "page": "opds",
        "page_obj": Paginator(opds, PAGE_SIZE).get_page(request.GET.get("halaman")),
        "form": form,
    }
    return render(request, "cities/opd_list.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def opd_create(request: HttpRequest, member: Membership) -> HttpResponse:
    form = OpdForm(request.POST or None, save=_("Tambahkan OPD"))
    if form.is_valid():
        try:
            opd = create_opd(
                city=member.city, **form.cleaned_data, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(opd)s tercatat sebagai OPD.") % {"opd": opd.name})
            return redirect("cities:opd_list", member.city.slug)

    context = {
        "member": member,
        "page": "opds",
        "form": form,
        "cancel_url": city_url("opd_list", member),
    }
    return render(request, "cities/opd_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def opd_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    opd = get_object_or_404(member.city.opds, pk=pk)
    initial = {"code": opd.code, "name": opd.name, "kind": opd.kind}
    form = OpdForm(request.POST or None, initial=initial, save=_("Simpan OPD"))
    if form.is_valid():
        try:
            edit_opd(opd=opd, **form.cleaned_data, by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Data OPD tersimpan."))
            return redirect("cities:opd_list", member.city.slug)

    context = {
        "member": member,
        "page": "opds",
        "opd": opd,
        "form": form,
        "cancel_url": city_url("opd_list", member),
    }
    return render(request, "cities/opd_form.html", context)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def opd_activate(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    opd = get_object_or_404(member.city.opds, pk=pk)
    set_opd_active(opd=opd, is_active=True, by=member.user, at=timezone.now())
    messages.success(request, _("%(opd)s aktif kembali.") % {"opd": opd.name})
    return redirect("cities:opd_list", member.city.slug)


@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def opd_deactivate(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    opd = get_object_or_404(member.city.opds, pk=pk)
    set_opd_active(opd=opd, is_active=False, by=member.user, at=timezone.now())
    messages.success(
        request,
        _("%(opd)s nonaktif: tidak lagi ditawarkan untuk anggota dan penugasan baru.")
        % {"opd": opd.name},
    )
    return redirect("cities:opd_list", member.city.slug)
