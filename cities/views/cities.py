"""Pages that record and change a city."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access import city_view, person, site_admin_view
from cities.forms.cities import CityEditForm, CityForm
from cities.models import Membership
from cities.redirects import city_url
from cities.roles import Permission
from cities.services.cities import create_city, edit_city


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
