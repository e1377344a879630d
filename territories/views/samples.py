"""Which kelurahan and desa are visited: the list, drawing it, choosing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from assessments.views.deeds import done
from assessments.views.lookups import get_assessment_or_404
from cities.access import city_view
from cities.models import Membership
from cities.roles import Permission
from territories.choices import CriterionLevel
from territories.forms.ratings import SampleChooseForm, SampleDrawForm
from territories.queries.boards import reporting_year, units_of
from territories.queries.ratings import Visits, visits_of
from territories.services.samples import choose_sample, draw_sample
from workbooks.downloads import download_file, download_stream
from workbooks.writing import csv_lines, xlsx_file


@require_safe
@city_view(Permission.VIEW_ASSESSMENT)
def sample_detail(request: HttpRequest, member: Membership, year: int) -> HttpResponseBase:
    """The units to be visited, to be printed; `unduh` in the address asks for them as a file."""
    assessment = get_assessment_or_404(member, year)
    visits = visits_of(member, reporting_year(assessment))
    kind = request.GET.get("unduh")
    if kind not in ("csv", "xlsx"):
        return _page(request, member, assessment, visits)
    header = [_("Kecamatan"), _("Kode"), _("Nama"), _("Kepala"), _("Kontak"), _("Peringkat")]
    lines = (
        [
            unit.parent.name if unit.parent else "",
            unit.code,
            unit.name,
            unit.head,
            unit.contact,
            rating.words,
        ]
        for unit, rating in visits.rows
    )
    name = f"{member.city.slug}-kunjungan-wilayah-{reporting_year(assessment).year}.{kind}"
    if kind == "csv":
        return download_stream(csv_lines(header, lines), name)
    return download_file(xlsx_file(_("Kunjungan"), header, lines), name)


@require_POST
@city_view(Permission.REVIEW_UNIT_REPORTS)
def sample_draw(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    form = SampleDrawForm(request.POST, again="reason" in request.POST)
    deed = lambda: draw_sample(  # noqa: E731
        city=member.city,
        year=reporting.year,
        **form.cleaned_data,
        by=member.user,
        at=timezone.now(),
    )
    if done(form, deed) is not None:
        messages.success(request, _("Undian tersimpan beserta kuncinya."))
        return redirect("territories:sample_detail", member.city.slug, year)
    return _page(request, member, assessment, visits_of(member, reporting), draw_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@city_view(Permission.REVIEW_UNIT_REPORTS)
def sample_choose(request: HttpRequest, member: Membership, year: int) -> HttpResponse:
    assessment = get_assessment_or_404(member, year)
    reporting = reporting_year(assessment)
    visits = visits_of(member, reporting)
    form = SampleChooseForm(
        request.POST or None,
        units=units_of(member, reporting, CriterionLevel.KELURAHAN),
        initial={"seen": visits.number, "units": [unit for unit, _rating in visits.rows]},
    )
    back = reverse("territories:sample_detail", args=[member.city.slug, year])
    deed = lambda: choose_sample(  # noqa: E731
        city=member.city,
        year=reporting.year,
        units={unit.pk for unit in form.cleaned_data["units"]},
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        by=member.user,
        at=timezone.now(),
    )
    if done(form, deed) is not None:
        messages.success(request, _("Kunjungan tersimpan."))
        return redirect(back)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "form": form,
        "cancel_url": back,
    }
    return render(request, "territories/sample_choose.html", context)


def _page(
    request: HttpRequest, member: Membership, assessment: Assessment, visits: Visits, **refused: Any
) -> HttpResponse:
    again, seen = visits.sample is not None, {"seen": visits.number}
    may_draw = member.may(Permission.REVIEW_UNIT_REPORTS)
    context = {
        "member": member,
        "assessment": assessment,
        "page": "units",
        "reporting": reporting_year(assessment),
        "visits": visits,
        "draw_form": SampleDrawForm(again=again, initial=seen) if may_draw else None,
        "may_plan": member.may(Permission.PLAN_ROUTES),
        **refused,
    }
    return render(request, "territories/sample_detail.html", context)
