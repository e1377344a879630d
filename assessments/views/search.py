"""The search, from every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessments.forms.search import SearchForm
from assessments.queries.search import KINDS, search, search_kind
from cities.access import city_view, person, signed_in_view
from cities.models import City, Membership
from cities.roles import Permission


@require_safe
@city_view(Permission.VIEW_QUESTION)
def city_search(request: HttpRequest, member: Membership) -> HttpResponse:
    """The first hits of every kind, or with `?jenis=` all of one kind, page by page."""
    form = SearchForm(request.GET)
    wanted = request.GET.get("jenis")
    kind = next((kind for kind in KINDS if kind.name == wanted), None)
    context: dict[str, Any] = {
        "member": member,
        "assessment": None,
        "form": form,
        "term": form.term,
        "kind": kind,
    }
    if kind is not None:
        context["page_obj"] = search_kind(member, form.term, kind, request.GET.get("halaman"))
    else:
        context["groups"] = search(member, form.term)
    return render(request, "assessments/search.html", context)


@require_safe
@signed_in_view
def search_home(request: HttpRequest) -> HttpResponse:
    """The search of the only city that the person may search; else the cities to choose from."""
    cities = City.objects.open_to(person(request), Permission.VIEW_QUESTION)
    slugs = cities.values_list("slug", flat=True)[:2]
    if len(slugs) == 1:
        return redirect("assessments:city_search", slugs[0])
    return redirect("assessments:city_list")
