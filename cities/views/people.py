"""Everybody who has an account here, for site administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access import asks_again, person, site_admin_view
from cities.forms.accounts import AccountForm
from cities.forms.filters import PersonFilterForm
from cities.models import Membership, User
from cities.services.accounts import edit_account, set_account_active
from cities.services.second_factor import reset_second_factor

PAGE = 25


@require_safe
@site_admin_view
def person_list(request: HttpRequest) -> HttpResponse:
    form = PersonFilterForm(request.GET)
    memberships = Membership.objects.select_related("city", "opd").order_by("city__name", "pk")
    people = form.narrowed(User.objects.prefetch_related(Prefetch("memberships", memberships)))
    context = {
        "page_obj": Paginator(people, PAGE).get_page(request.GET.get("halaman")),
        "form": form,
    }
    return render(request, "cities/person_list.html", context)


@asks_again
@require_http_methods(["GET", "POST"])
@site_admin_view
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    edited = get_object_or_404(User, pk=pk)
    initial = {"name": edited.name, "email": edited.email, "is_site_admin": edited.is_superuser}
    form = AccountForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            edit_account(user=edited, **form.cleaned_data, by=person(request), at=timezone.now())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Data akun %(name)s tersimpan.") % {"name": edited})
            return redirect("cities:person_list")

    context = {
        "edited": edited,
        "memberships": edited.memberships.select_related("city", "opd").order_by("city__name"),
        "form": form,
        "cancel_url": reverse("cities:person_list"),
    }
    return render(request, "cities/person_edit.html", context)


@asks_again
@require_POST
@site_admin_view
def person_activate(request: HttpRequest, pk: int) -> HttpResponse:
    return _set_active(request, pk, is_active=True)


@asks_again
@require_POST
@site_admin_view
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _set_active(request, pk, is_active=False)


def _set_active(request: HttpRequest, pk: int, *, is_active: bool) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        set_account_active(user=user, is_active=is_active, by=person(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        said = (
            _("Akun %(name)s aktif kembali.")
            if is_active
            else _("Akun %(name)s dinonaktifkan: pemiliknya tidak dapat masuk lagi.")
        )
        messages.success(request, said % {"name": user})
    return redirect("cities:person_list")


@asks_again
@require_http_methods(["GET", "POST"])
@site_admin_view
def person_reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take away the second factor that somebody has lost."""
    lost = get_object_or_404(User, pk=pk)
    list_url = reverse("cities:person_list")
    context = {"lost": lost, "list_url": list_url}
    if request.method == "POST":
        try:
            reset_second_factor(user=lost, by=person(request), at=timezone.now())
        except ValidationError as error:
            context["error"] = error.messages[0]
        else:
            tell_factor_reset(request, lost)
            return redirect(list_url)
    return render(request, "cities/person_reset_factor.html", context)


def tell_factor_reset(request: HttpRequest, lost: User) -> None:
    sentence = _("Faktor kedua %(name)s diatur ulang dan semua sesinya diakhiri.")
    messages.success(request, sentence % {"name": lost})
