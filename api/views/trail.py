"""The trails of a year and of a city, narrowed as their pages are, the oldest entry first."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from api.answers.trail import CityTrailEntry, YearTrailEntry
from api.endpoints import Asked, Call, Endpoint, resource
from api.paging import Page, page_of
from api.problems import refused_form
from api.queries.trail import city_trail_entries, year_trail_entries
from assessments.forms.trail import TrailFilterForm as YearFilterForm
from assessments.views.lookups import get_assessment_or_404
from cities.forms.trail import TrailFilterForm as CityFilterForm
from cities.roles import Permission
from trail.forms import Entry, TrailFilters

OF_BOTH = (
    Asked("aktivitas", _("Kode aktivitas, seperti deed")),
    Asked("dari", _("Dari tanggal, YYYY-MM-DD menurut zona waktu kota")),
    Asked("sampai", _("Sampai tanggal, YYYY-MM-DD menurut zona waktu kota")),
)


def _narrowed(form: TrailFilters[Entry]) -> TrailFilters[Entry]:
    """What a page passes over is refused here: a program would take the rest for what it asked."""
    if not form.is_valid():
        raise refused_form(form)
    return form


def _year_trail(call: Call, year: int) -> Page[YearTrailEntry]:
    assessment = get_assessment_or_404(call.member, year)
    entries, zone = assessment.activities.all(), call.member.city.zone
    form = _narrowed(YearFilterForm(call.request.GET, entries=entries, zone=zone))
    return page_of(call.request, form.rows(), key="position", shown=year_trail_entries)


def _city_trail(call: Call) -> Page[CityTrailEntry]:
    city = call.member.city
    form = _narrowed(
        CityFilterForm(call.request.GET, entries=city.activities.all(), zone=city.zone)
    )
    return page_of(call.request, form.rows(), key="position", shown=city_trail_entries)


year_trail = resource(
    get=Endpoint(
        _year_trail,
        _("Jejak satu tahun: siapa, kapan, dari mana, dan apa yang berubah"),
        permission=Permission.VIEW_TRAIL,
        returns=YearTrailEntry,
        is_page=True,
        asks=(
            Asked("q", _("Teks di dalam rincian")),
            Asked("pertanyaan", _("Kode pertanyaan")),
            *OF_BOTH,
        ),
    )
)
city_trail = resource(
    get=Endpoint(
        _city_trail,
        _("Jejak data kota, OPD, dan anggota"),
        permission=Permission.VIEW_TRAIL,
        returns=CityTrailEntry,
        is_page=True,
        asks=(Asked("q", _("Teks di dalam nama yang dikenai aktivitas")), *OF_BOTH),
    )
)
