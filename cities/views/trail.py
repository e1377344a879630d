"""The trail of a city's people and places, for its administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.access import city_view
from cities.forms.trail import TrailFilterForm
from cities.models import City, CityActivity, Membership
from cities.roles import Permission
from texts.languages import in_indonesian
from trail.export import export_header, export_rows
from trail.pages import trail_context
from workbooks.downloads import download_stream
from workbooks.writing import csv_lines


@require_safe
@city_view(Permission.VIEW_TRAIL)
def trail_list(request: HttpRequest, member: Membership) -> HttpResponse:
    form = _filters(request, member.city)
    context = {"member": member, "page": "trail", **trail_context(request, form)}
    return render(request, "cities/trail_list.html", context)


@require_safe
@city_view(Permission.VIEW_TRAIL)
@in_indonesian
def trail_csv(request: HttpRequest, member: Membership) -> StreamingHttpResponse:
    """The entries that the same filters show, sent while they are read."""
    rows = export_rows(_filters(request, member.city).rows(), member.city.zone)
    lines = csv_lines(export_header(CityActivity), rows)
    return download_stream(lines, f"jejak-{member.city.slug}-anggota-opd.csv")


def _filters(request: HttpRequest, city: City) -> TrailFilterForm:
    return TrailFilterForm(request.GET, entries=city.activities.all(), zone=city.zone)
