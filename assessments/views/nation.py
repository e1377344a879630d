"""The nation and its provinces on one ladder."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.forms.nation import NationFilterForm
from assessments.pictures import nation_picture
from assessments.queries.nation import (
    Move,
    country,
    distribution,
    distribution_chart,
    line_chart,
    lines,
    moves,
    narrowed,
    province_chart,
)
from assessments.queries.neighbours import neighbourhoods
from cities.access import person, signed_in_view
from cities.replica import reads_replica
from figures.downloads import chart_file, with_pictures

PAGE = 20  # beside the ladder, some six screens of a phone


@require_safe
@signed_in_view
@reads_replica
def nation(request: HttpRequest) -> HttpResponseBase:
    """Every city by the award it is known to have; totals only of the reader's own cities."""
    shown = country(person(request))
    form = NationFilterForm(request.GET, shown=shown)
    wanted = form.wanted
    counted = lines(shown, year=form.year, province=wanted.get("provinsi", ""))
    found = narrowed(
        counted,
        predikat=wanted.get("predikat", ""),
        move=wanted.get("gerak", ""),
        text=wanted.get("q", ""),
        order=form.sort,
    )
    shares = distribution(counted, shown.rungs)
    drawn = {"sebaran": partial(nation_picture, counted, shown.rungs, shares)}
    pictures = drawn if shown.rungs.bands else {}
    made = distribution_chart(counted, shares), province_chart(counted, shares), line_chart(found)
    charts = with_pictures(made, pictures)
    file = chart_file(request, charts.values(), "peringkat", pictures)
    if file is not None:
        return file
    moved = moves(counted)
    context = {
        "form": form,
        "charts": charts,
        "rungs": shown.rungs,
        "counted": counted,
        "shares": shares,
        "moves": [(move, label, moved[Move(move)]) for move, label in form.MOVES],
        "neighbourhoods": [] if form.is_narrowed else neighbourhoods(counted),
        "has_live": any(one.place.is_open for one in counted),
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("halaman")),
    }
    return render(request, "assessments/nation.html", context)
