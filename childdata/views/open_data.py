"""The numbers of a year as open data."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from childdata.queries.open_data import HEADER, open_data
from childdata.views.shared import require_year
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from texts.languages import in_indonesian
from workbooks.downloads import download_stream
from workbooks.writing import csv_lines


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
@in_indonesian
def open_data_download(
    request: HttpRequest, member: Membership, data_year: int
) -> HttpResponseBase:
    """CSV for the city's open data, without small numbers; an OPD's is of what it produces."""
    rows = open_data(member, require_year(data_year), small=settings.KLA_SMALL_CELL)
    return download_stream(csv_lines(HEADER, rows), f"{member.city.slug}-anak-{data_year}.csv")
