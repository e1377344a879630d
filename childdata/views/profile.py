"""The profile of children over two years: on the page, on paper and as a workbook."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from childdata.papers import cluster_drawing, parts_of, profile_book, profile_pdf
from childdata.queries.profile import Profile, ProfileCluster, profile_of
from childdata.views.shared import SHOWN_YEARS, context_of, require_year
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from figures.downloads import chart_file, with_pictures
from figures.layout.bars import split_bar
from figures.numbers import format_zoned_moment
from figures.svg import bar_svg
from registers.contract import AnswerKind, shown_value
from texts.languages import in_indonesian
from workbooks.downloads import download, download_file


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
def profile_detail(request: HttpRequest, member: Membership, data_year: int) -> HttpResponseBase:
    """The year and the one before; an OPD sees what it produces."""
    profile = profile_of(member, require_year(data_year))
    pictures = {
        cluster.chart.key: partial(cluster_drawing, cluster)
        for cluster in profile.clusters
        if cluster.known
    }
    charts = with_pictures([cluster.chart for cluster in profile.clusters], pictures)
    file = chart_file(request, charts.values(), _stem(profile), pictures)
    if file is not None:
        return file
    latest = timezone.localdate().year
    context = context_of(
        member,
        assessment=Assessment.objects.current(member.city),
        profile=profile,
        shown=[
            {"cluster": one, "chart": charts[one.chart.key], "lines": _lines(one)}
            for one in profile.clusters
        ],
        year=data_year,
        years=range(latest, latest - SHOWN_YEARS, -1),
        back=f"{reverse('childdata:overview', args=[member.city.slug])}?tahun={data_year}",
    )
    return render(request, "childdata/profile_detail.html", context)


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
@in_indonesian
def profile_paper(request: HttpRequest, member: Membership, data_year: int) -> HttpResponse:
    profile = profile_of(member, require_year(data_year))
    content = profile_pdf(profile, moment=format_zoned_moment(timezone.now()))
    return download(content, f"{_stem(profile)}.pdf")


@require_safe
@city_view(Permission.VIEW_CHILD_DATA)
@in_indonesian
def profile_workbook(request: HttpRequest, member: Membership, data_year: int) -> HttpResponseBase:
    profile = profile_of(member, require_year(data_year))
    return download_file(profile_book(profile), f"{_stem(profile)}.xlsx")


def _stem(profile: Profile) -> str:
    return f"{profile.city.slug}-profil-anak-{profile.years[1]}"


def _lines(cluster: ProfileCluster) -> list[dict[str, object]]:
    """Two lines for each variable that has a number, with its bar and its share."""
    return [
        {
            "title": row.variable.title,
            "is_first": one is row.years[0],
            "told": one,
            "share": shown_value(one.value, AnswerKind.SHARE) if row.variable.within else "",
            "bar": bar_svg(split_bar(*parts_of(one), row.most)),
        }
        for row in cluster.known
        for one in row.years
    ]
