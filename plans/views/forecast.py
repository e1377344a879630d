"""What verification will leave, and the figures of it as files."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.views.charts import chart_file
from assessments.views.lookups import get_assessment_or_404
from assessments.views.pictures import Picture, with_pictures
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from plans.published import COUNT, HIGHEST, LOWEST, SHARE
from plans.queries.forecast import charts, forecast_board, forecast_sentence

FEW = 20  # questions that are shown before one asks for all


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def forecast_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """The range of the verified total, which questions carry the risk, and why."""
    assessment = get_assessment_or_404(member, year)
    board = forecast_board(assessment, today=timezone.localdate())
    pictures = {"perkiraan": Picture("spreads", {"rows": board.spreads})} if board.expected else {}
    drawn = with_pictures(charts(board), pictures)
    file = chart_file(request, drawn.values(), f"{member.city.slug}-{year}", pictures)
    if file is not None:
        return file
    is_whole = request.GET.get("risiko") == "semua"
    context = {
        "member": member,
        "assessment": assessment,
        "page": "plans",
        "board": board,
        "sentence": forecast_sentence(board),
        "charts": drawn,
        "risks": board.risks if is_whole else board.risks[:FEW],
        "published": {"count": COUNT, "share": SHARE, "low": LOWEST, "high": HIGHEST},
    }
    return render(request, "plans/forecast_detail.html", context)
