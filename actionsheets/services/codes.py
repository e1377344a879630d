"""A table of codes of a decree beside those that were loaded, and how they are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from actionsheets.lines import line_of, rows_of
from cities.models import Membership
from cities.roles import Permission
from cities.services.activity import record
from imports.lines import Line
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind
from nomenclature.models import NomenclatureCode
from nomenclature.services import write_codes
from nomenclature.sheets import NOMENCLATURE_COLUMNS


def _lines(staged: StagedImport, _member: Membership) -> Iterator[Line]:
    """Each code by its number and name, and whose place it takes; one query."""
    known = NomenclatureCode.objects.as_told(staged.city_id, staged.about["decree"])
    for row in rows_of(staged):
        name = f"{row.key[0]} {row.values['name']}"
        previous = ", ".join(row.values.get("previous", "").split())
        note = _("Menggantikan %(codes)s.") % {"codes": previous} if previous else ""
        yield line_of(row, NOMENCLATURE_COLUMNS, known.get(row.key[0]), name=name, note=note)


def _take(confirmed: Confirmed) -> None:
    about, city = confirmed.staged.about, confirmed.city
    since = date.fromisoformat(about["valid_from"])
    rows = [line.item for line in confirmed.lines]
    entry = write_codes(city, about["decree"], since, rows, by=confirmed.by, at=confirmed.at)
    record(entry, city=city, by=confirmed.by, at=confirmed.at)


CODES = ImportKind("actionplan.codes", Permission.MANAGE_ACTIONS, _lines, _take)
