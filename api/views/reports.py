"""What kecamatan and kelurahan report."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from api.answers.bodies import Nothing, ReportBody
from api.answers.reports import UnitEntry, UnitReports
from api.bodies import body_of
from api.endpoints import Call, Endpoint, resource
from api.etags import etag_of
from api.forms import ReportEntryForm
from api.queries.reports import cells_of, unit_entries, unit_reports
from api.values import written
from api.views.deeds import names_of
from api.writing import Deed, done
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission
from territories.queries.boards import reporting_year
from territories.services.reports import save_reports, send_reports
from territories.views.units import unit_then_or_404

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def _units(call: Call, year: int) -> list[UnitEntry]:
    return unit_entries(call.member, get_assessment_or_404(call.member, year))


def reports_of(call: Call, year: int, unit: str) -> UnitReports:
    assessment = get_assessment_or_404(call.member, year)
    row = unit_then_or_404(call.member, unit, assessment)
    return unit_reports(row, reporting_year(assessment))


def _report(call: Call, year: int, unit: str, criterion: str) -> HttpResponse:
    """Keep a draft; whoever has written since what was seen is never overwritten."""
    assessment = get_assessment_or_404(call.member, year)
    row, reporting = unit_then_or_404(call.member, unit, assessment), reporting_year(assessment)
    cells = cells_of(row, reporting)
    if criterion not in {one.criterion.code for one in cells}:
        raise Http404
    # The service asks again under its lock whether anybody wrote after this moment.
    knew = max((one.latest.written_at for one in cells if one.latest), default=BEFORE_ALL)
    form = ReportEntryForm(body_of(call.request, names_of(ReportBody)))
    deed = Deed(
        do=lambda: save_reports(
            unit_id=row.pk,
            year=reporting.year,
            criteria=reporting.criteria,
            entries={criterion: form.entry()},
            seen=knew,
            by=call.user,
            at=call.at,
        ),
        shows=lambda _changed: unit_reports(row, reporting),
        form=form,
        seen=lambda: etag_of(written(unit_reports(row, reporting))),
        must_have_seen=True,
    )
    return done(call, deed)


def _send(call: Call, year: int, unit: str) -> HttpResponse:
    assessment = get_assessment_or_404(call.member, year)
    row, reporting = unit_then_or_404(call.member, unit, assessment), reporting_year(assessment)
    body_of(call.request, names_of(Nothing))
    deed = Deed(
        do=lambda: send_reports(
            unit_id=row.pk,
            year=reporting.year,
            criteria=reporting.criteria,
            by=call.user,
            at=call.at,
        ),
        shows=lambda _sent: unit_reports(row, reporting),
    )
    return done(call, deed)


units = resource(
    get=Endpoint(
        _units,
        _("Wilayah pelapor dan banyaknya laporan"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=UnitEntry,
        is_list=True,
    )
)
unit = resource(
    get=Endpoint(
        reports_of,
        _("Laporan satu wilayah, kriteria demi kriteria"),
        permission=Permission.VIEW_UNIT_REPORTS,
        returns=UnitReports,
    )
)
report = resource(
    put=Endpoint(
        _report,
        _("Mengisi satu kriteria"),
        permission=Permission.FILL_UNIT_REPORTS,
        returns=UnitReports,
        takes=ReportBody,
        is_locked=True,
    )
)
send = resource(
    post=Endpoint(
        _send,
        _("Mengirim isian yang masih konsep"),
        permission=Permission.FILL_UNIT_REPORTS,
        returns=UnitReports,
        takes=Nothing,
    )
)
