"""The trail of a city's people and places, for its administrators."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.access import city_view
from cities.forms.filters import TrailFilterForm
from cities.models import Membership
from cities.roles import Permission
from cities.trail import COLUMNS, exported
from workbooks.writing import csv_lines

PAGE = 50


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_list(request: HttpRequest, member: Membership) -> HttpResponse:
    form = TrailFilterForm(request.GET, city=member.city)
    rows = form.rows(member.city)
    context = {
        "member": member,
        "page": "trail",
        "form": form,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("halaman")),
        "head": member.city.activities.order_by("-position").first(),
    }
    return render(request, "cities/trail_list.html", context)


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_csv(request: HttpRequest, member: Membership) -> StreamingHttpResponse:
    """The lines that the same filters show, sent while they are read."""
    rows = TrailFilterForm(request.GET, city=member.city).rows(member.city)
    lines = csv_lines([str(name) for name in COLUMNS], exported(rows, member.city))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"jejak-{member.city.slug}-anggota-opd.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
