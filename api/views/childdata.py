"""Numbers of children of a city, by year: whole for whoever sees them on pages, and as open data."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from api.answers.childdata import ChildProfile, ChildTable, OpenCount, VariableEntry
from api.endpoints import Call, Endpoint, resource
from api.queries import childdata as told
from childdata.views.shared import require_year
from childdata.views.tables import place_or_404
from cities.roles import Permission


def _variables(call: Call, data_year: int) -> list[VariableEntry]:
    return told.variable_entries(call.member, require_year(data_year))


def _table(call: Call, data_year: int, variable: str, unit: str | None = None) -> ChildTable:
    return told.child_table(place_or_404(call.member, data_year, variable, unit))


def _profile(call: Call, data_year: int) -> ChildProfile:
    return told.child_profile(call.member, require_year(data_year))


def _open(call: Call, data_year: int) -> list[OpenCount]:
    year = require_year(data_year)
    return told.open_counts(call.member, year, small=settings.KLA_SMALL_CELL)


variables = resource(
    get=Endpoint(
        _variables,
        _("Variabel data anak dengan angkanya dalam satu tahun"),
        permission=Permission.VIEW_CHILD_DATA,
        returns=VariableEntry,
        is_list=True,
    )
)
table = resource(
    get=Endpoint(
        _table,
        _("Satu variabel data anak menurut jenis kelamin, umur, disabilitas, dan wilayah"),
        permission=Permission.VIEW_CHILD_DATA,
        returns=ChildTable,
    )
)
table_of_unit = resource(
    get=Endpoint(
        _table,
        _("Satu variabel data anak di satu wilayah"),
        permission=Permission.VIEW_CHILD_DATA,
        returns=ChildTable,
    )
)
profile = resource(
    get=Endpoint(
        _profile,
        _("Profil anak dua tahun, klaster demi klaster"),
        permission=Permission.VIEW_CHILD_DATA,
        returns=ChildProfile,
    )
)
open_counts = resource(
    get=Endpoint(
        _open,
        _("Data anak untuk data terbuka; angka kecil disembunyikan"),
        permission=Permission.VIEW_CHILD_DATA,
        returns=OpenCount,
        is_list=True,
    )
)
