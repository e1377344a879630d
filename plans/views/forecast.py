"""What verification will leave, and the figures of it as files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.replica import reads_replica
from cities.roles import Permission
from figures.downloads import chart_file, with_pictures
from figures.layout.bars import name_of, range_bar, range_legend
from figures.layout.shapes import Drawing
from figures.layout.tables import BarTableRow, bar_line, bar_table
from figures.numbers import format_points
from plans.published import COUNT, HIGHEST, LOWEST, SHARE
from plans.queries.forecast import SpreadRow, charts, forecast_board, forecast_sentence

PAGE_SIZE = 10  # questions beside all else that is on the page


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
@reads_replica
def forecast_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """The range of the verified total, which questions carry the risk, and why."""
    assessment = get_assessment_or_404(member, year)
    board = forecast_board(assessment, today=timezone.localdate())
    pictures = {"perkiraan": partial(_picture, board.spreads)} if board.expected else {}
    drawn = with_pictures(charts(board), pictures)
    file = chart_file(request, drawn.values(), f"{member.city.slug}-{year}", pictures)
    if file is not None:
        return file
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "board": board,
        "sentence": forecast_sentence(board),
        "charts": drawn,
        "risks": Paginator(board.risks, PAGE_SIZE).get_page(request.GET.get("halaman")),
        "published": {"count": COUNT, "share": SHARE, "low": LOWEST, "high": HIGHEST},
    }
    return render(request, "plans/forecast_detail.html", context)


def _picture(rows: Iterable[SpreadRow]) -> Drawing:
    """What verification will leave of the whole and of each cluster."""
    lines = [
        BarTableRow(
            name_of(row),
            [
                format_points(row.expected),
                f"{format_points(row.low)}–{format_points(row.high)}",
                format_points(row.claimed),
                format_points(row.maximum),
            ],
            range_bar(row, line=bar_line(number)),
        )
        for number, row in enumerate(rows)
    ]
    heads = [_("Perkiraan"), _("Rentang"), _("Diklaim"), _("Maks.")]
    return bar_table(lines, heads, range_legend())
