"""Pages about cities, their OPDs and their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access import city_view, person, site_admin_view
from cities.forms import (
    CityEditForm,
    CityForm,
    MemberEditForm,
    MemberFilterForm,
    MemberForm,
    OpdForm,
)
from cities.models import Membership, User
from cities.roles import Permission
from cities.services import (
    add_member,
    change_member,
    create_city,
    create_opd,
    edit_city,
    edit_opd,
    is_waiting_for_password,
    password_link,
    remove_member,
    renew_password_link,
    set_opd_active,
)

PAGE_SIZE = 25
SECONDS_PER_DAY = 24 * 60 * 60


# --- Cities -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@site_admin_view
def city_create(request: HttpRequest) -> HttpResponse:
    form = CityForm(request.POST or None)
    if form.is_valid():
        try:
            city = create_city(**form.cleaned_data, by=person(request), at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(city)s tercatat.") % {"city": city.name})
            return redirect("cities:member_list", city.slug)

    context = {"form": form, "cancel_url": reverse("home")}
    return render(request, "cities/city_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def city_edit(request: HttpRequest, member: Membership) -> HttpResponse:
    city = member.city
    form = CityEditForm(request.POST or None, initial={"name": city.name, "zone": city.timezone})
    if form.is_valid():
        try:
            edit_city(city=city, **form.cleaned_data, by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Data kota tersimpan."))
            return redirect("cities:city_edit", city.slug)

    context = {"member": member, "form": form, "cancel_url": city_url("member_list", member)}
    return render(request, "cities/city_edit.html", context)


def city_url(name: str, member: Membership) -> str:
    return reverse(f"cities:{name}", args=[member.city.slug])


# --- OPDs -------------------------------------------------------------------------------------


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def opd_list(request: HttpRequest, member: Membership) -> HttpResponse:
    opds = member.city.opds.annotate(member_count=Count("memberships")).order_by(
        "-is_active", "name", "pk"
    )
    return render(request, "cities/opd_list.html", {"member": member, "page": "opds", "opds": opds})


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


# --- Members ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MemberRow:
    membership: Membership
    may_get_link: bool


@require_safe
@city_view(Permission.MANAGE_MEMBERS)
def member_list(request: HttpRequest, member: Membership) -> HttpResponse:
    form = MemberFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    members = member.city.memberships.select_related("user", "opd").order_by(
        "user__name", "user__email"
    )
    if wanted.get("q"):
        members = members.filter(
            Q(user__name__icontains=wanted["q"])
            | Q(user__email__icontains=wanted["q"])
            | Q(opd__name__icontains=wanted["q"])
        )
    if wanted.get("peran"):
        members = members.filter(role=wanted["peran"])

    elsewhere = Membership.objects.filter(user=OuterRef("user")).exclude(city=member.city)
    page = Paginator(members.annotate(is_elsewhere=Exists(elsewhere)), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    context = {
        "member": member,
        "page": "members",
        "page_obj": page,
        "rows": [row_of(membership, by=member.user) for membership in page],
        "form": form,
        "is_filtered": any(wanted.values()),
    }
    return render(request, "cities/member_list.html", context)


def row_of(membership: Membership, *, by: User) -> MemberRow:
    """A line of the list; the button it offers is one that the service will not refuse."""
    is_alone_here = not membership.is_elsewhere or by.is_superuser  # type: ignore[attr-defined]
    return MemberRow(membership, is_alone_here and is_waiting_for_password(membership.user))


@never_cache
@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_create(request: HttpRequest, member: Membership) -> HttpResponse:
    form = MemberForm(request.POST or None, city=member.city)
    if form.is_valid():
        try:
            added, is_new = add_member(
                city=member.city, **form.cleaned_data, by=member.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if is_new:
                return link_page(request, member, added, password_link(added.user))
            messages.success(
                request,
                _("%(name)s sudah memiliki akun dan kini anggota kota ini.") % {"name": added.user},
            )
            return redirect("cities:member_list", member.city.slug)

    context = {
        "member": member,
        "page": "members",
        "form": form,
        "has_opds": member.city.opds.active().exists(),
        "cancel_url": city_url("member_list", member),
    }
    return render(request, "cities/member_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_edit(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    edited = get_object_or_404(member.city.memberships.select_related("user", "opd"), pk=pk)
    form = MemberEditForm(
        request.POST or None,
        city=member.city,
        current=edited.opd,
        initial={"role": edited.role, "opd": edited.opd_id},
    )
    if form.is_valid():
        try:
            change_member(membership=edited, **form.cleaned_data, by=member.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Peran %(name)s tersimpan.") % {"name": edited.user})
            return redirect("cities:member_list", member.city.slug)

    context = {
        "member": member,
        "page": "members",
        "edited": edited,
        "form": form,
        "cancel_url": city_url("member_list", member),
    }
    return render(request, "cities/member_form.html", context)


@require_http_methods(["GET", "POST"])
@city_view(Permission.MANAGE_MEMBERS)
def member_remove(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    removed = get_object_or_404(member.city.memberships.select_related("user", "opd"), pk=pk)
    context: dict[str, Any] = {
        "member": member,
        "page": "members",
        "removed": removed,
        "error": None,
    }
    if request.method == "POST":
        try:
            remove_member(membership=removed, by=member.user, at=timezone.now())
        except ValidationError as error:
            context["error"] = error.messages[0]
        else:
            messages.success(
                request, _("%(name)s bukan lagi anggota kota ini.") % {"name": removed.user}
            )
            # Whoever leaves by their own hand may not open the list any more.
            is_self = removed.user == member.user and not member.user.is_superuser
            if is_self:
                return redirect("home")
            return redirect("cities:member_list", member.city.slug)

    return render(request, "cities/member_remove.html", context)


@never_cache
@require_POST
@city_view(Permission.MANAGE_MEMBERS)
def member_link(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    invited = get_object_or_404(member.city.memberships.select_related("user", "city"), pk=pk)
    try:
        link = renew_password_link(membership=invited, by=member.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("cities:member_list", member.city.slug)
    return link_page(request, member, invited, link)


def link_page(
    request: HttpRequest, member: Membership, invited: Membership, link: str
) -> HttpResponse:
    """The answer to the deed itself: the link stands here once and is stored nowhere."""
    context = {
        "member": member,
        "page": "members",
        "invited": invited,
        "link": request.build_absolute_uri(link),
        "valid_days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_PER_DAY,
    }
    return render(request, "cities/member_link.html", context)
