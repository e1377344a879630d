"""All cities on one ladder. Awards are everybody's; totals only of cities that one may open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from api.answers.nation import NationCity, NationSummary
from api.endpoints import Asked, Call, Endpoint, resource
from api.paging import Page, ranked_page_of
from api.problems import refused_form
from api.queries.nation import nation_cities, nation_summary
from assessments.forms.nation import NationFilterForm
from assessments.queries.nation import CityRow, Country, country, lines, narrowed

OF_BOTH = (
    Asked("tahun", _("Tahun, atau yang terakhir diketahui")),
    Asked("provinsi", _("Kode provinsi")),
)


def _asked(call: Call) -> tuple[Country, NationFilterForm, list[CityRow]]:
    shown = country(call.user)
    form = NationFilterForm(call.request.GET, shown=shown)
    if not form.is_valid():
        raise refused_form(form)
    return shown, form, lines(shown, year=form.year, province=form.wanted.get("provinsi", ""))


def _cities(call: Call) -> Page[NationCity]:
    _shown, form, counted = _asked(call)
    wanted = form.wanted
    found = narrowed(
        counted,
        predikat=wanted.get("predikat", ""),
        move=wanted.get("gerak", ""),
        text=wanted.get("q", ""),
        order=form.sort,
    )
    return ranked_page_of(call.request, found, shown=nation_cities)


def _summary(call: Call) -> NationSummary:
    shown, _form, counted = _asked(call)
    return nation_summary(shown, counted)


cities = resource(
    get=Endpoint(
        _cities,
        _("Kabupaten/kota menurut penghargaan yang terbit, tertinggi dahulu"),
        returns=NationCity,
        is_page=True,
        asks=(
            Asked("q", _("Nama kabupaten/kota")),
            *OF_BOTH,
            Asked("predikat", _("Predikat, atau “belum”")),
            Asked("gerak", _("naik, turun, atau tetap")),
            Asked(
                "urut",
                _(
                    "Urutan, dari besar ke kecil dengan tanda minus: predikat, nama, provinsi, "
                    "perubahan, terbukti"
                ),
            ),
        ),
    )
)
summary = resource(
    get=Endpoint(
        _summary,
        _("Sebaran predikat, perubahannya, dan tempat kota sendiri"),
        returns=NationSummary,
        asks=OF_BOTH,
    )
)
