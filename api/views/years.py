"""Cities and their years."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.answers.questions import CompletionWindow
from api.answers.years import (
    CheckEntry,
    CityEntry,
    HistoryEntry,
    IndicatorEntry,
    OpdEntry,
    YearEntry,
    YearTotals,
)
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries.checks import check_entries
from api.queries.windows import completion_windows
from api.queries.years import (
    history_entries,
    indicator_entries,
    opd_entries,
    year_entry,
    year_totals,
)
from assessments.models import Assessment
from assessments.views.lookups import get_assessment_or_404
from cities.models import City
from cities.roles import Permission, Role


def _cities(call: Call) -> Page[CityEntry]:
    rows = City.objects.visible_to(call.user).with_counts(call.user)
    return page_of(
        call.request, rows, key="pk", shown=lambda found: [_city_entry(one) for one in found]
    )


def _city_entry(city: City) -> CityEntry:
    own = city.own_memberships[0] if city.own_memberships else None
    return CityEntry(
        slug=city.slug,
        code=city.code,
        name=city.name,
        role=Role(own.role) if own else Role.ADMIN_KOTA,
        opd=own.opd.name if own and own.opd else None,
    )


def _years(call: Call) -> Page[YearEntry]:
    rows = Assessment.objects.filter(city=call.member.city)
    rows = rows.select_related("city", "instrument", "target")
    return page_of(
        call.request, rows, key="year", shown=lambda found: [year_entry(one) for one in found]
    )


def _totals(call: Call, year: int) -> YearTotals:
    return year_totals(get_assessment_or_404(call.member, year), today=timezone.localdate())


def _indicators(call: Call, year: int) -> list[IndicatorEntry]:
    return indicator_entries(get_assessment_or_404(call.member, year))


def _opds(call: Call, year: int) -> list[OpdEntry]:
    return opd_entries(get_assessment_or_404(call.member, year), today=timezone.localdate())


def _history(call: Call) -> list[HistoryEntry]:
    return history_entries(call.member.city)


def _windows(call: Call, year: int) -> list[CompletionWindow]:
    assessment = get_assessment_or_404(call.member, year)
    return completion_windows(call.member, assessment, at=call.at)


def _checks(call: Call, year: int) -> list[CheckEntry]:
    assessment = get_assessment_or_404(call.member, year)
    return check_entries(assessment, call.member, today=timezone.localdate())


cities = resource(
    get=Endpoint(_cities, _("Kota yang dapat dibuka token ini"), returns=CityEntry, is_page=True)
)
years = resource(
    get=Endpoint(
        _years,
        _("Tahun penilaian sebuah kota"),
        permission=Permission.VIEW_QUESTION,
        returns=YearEntry,
        is_page=True,
    )
)
year_detail = resource(
    get=Endpoint(
        _totals,
        _("Nilai satu tahun: diklaim, terbukti, resmi, per klaster"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=YearTotals,
    )
)
indicators = resource(
    get=Endpoint(
        _indicators,
        _("Nilai setiap indikator"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=IndicatorEntry,
        is_list=True,
    )
)
opds = resource(
    get=Endpoint(
        _opds,
        _("OPD dengan pertanyaan dan nilainya"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=OpdEntry,
        is_list=True,
    )
)
windows = resource(
    get=Endpoint(
        _windows,
        _("Masa melengkapi dokumen dengan pertanyaannya"),
        permission=Permission.VIEW_QUESTION,
        returns=CompletionWindow,
        is_list=True,
    )
)
checks = resource(
    get=Endpoint(
        _checks,
        _("Temuan pemeriksaan data satu tahun"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=CheckEntry,
        is_list=True,
    )
)
history = resource(
    get=Endpoint(
        _history,
        _("Nilai, predikat, dan penghargaan sebuah kota dari tahun ke tahun"),
        permission=Permission.VIEW_ASSESSMENT,
        returns=HistoryEntry,
        is_list=True,
    )
)
