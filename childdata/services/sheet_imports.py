"""Numbers of a sheet beside those that are stored, and how they are taken over; nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childdata.catalogue import catalogue
from childdata.models import FIRST_YEAR, Observation
from childdata.queries.observed import with_cells
from childdata.queries.producers import is_producer, producers_of
from childdata.services.observations import Place, Told, limits, record_sheet
from childdata.sheets import SheetTable, read_tables, table_from
from childdata.tables import (
    Cell,
    Counts,
    Neighbours,
    findings,
    label_of,
    lines_of,
    missing_cells,
)
from cities.models import City, Membership
from cities.roles import Permission
from figures.numbers import format_points
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind, Reading
from territories.models import Unit

Stored = Mapping[tuple[str, int, int | None], Observation]
Tables = Mapping[tuple[str, int, int | None], Counts]


@dataclass(frozen=True, slots=True)
class SheetItem:
    """A table of the sheet: where it belongs, what it says, and which version it was compared to."""

    row: int
    place: Place
    told: Told
    seen: int


def read_sheet(content: bytes, name: str) -> Reading:
    """Raises UnreadableError."""
    tables, faults = read_tables(content, name)
    return Reading([one.as_json() for one in tables], faults)


def _lines(staged: StagedImport, member: Membership) -> Iterator[Line]:
    """A line for each table of the sheet; five queries. What is odd is measured by the sheet too."""
    city = member.city
    units = {unit.code: unit for unit in Unit.objects.filter(city=city)}
    producers = producers_of(city)
    tables = [table_from(data) for data in staged.rows]
    stored = _stored(city, tables)
    items: list[tuple[SheetItem, str]] = []
    for one in tables:
        unit = units.get(one.unit)
        last = stored.get((one.variable, one.year, unit.pk if unit else None))
        refused = ""
        if one.unit and unit is None:
            refused = _("kode wilayah tidak dikenal di kota ini")
        elif not is_producer(member, catalogue().variables[one.variable], producers):
            refused = _("variabel ini dihasilkan OPD lain")
        elif not FIRST_YEAR <= one.year <= staged.at.astimezone(city.zone).year:
            refused = _("tahun data ini belum dapat diisi")
        place = Place(city, one.variable, one.year, unit)
        item = SheetItem(one.row, place, _with_known(one, last), last.version if last else 0)
        items.append((item, refused))
    known: dict[tuple[str, int, int | None], Counts] = {
        key: observation.counts for key, observation in stored.items()
    }
    known |= {_key(item.place): item.told.counts for item, refused in items if not refused}
    for item, refused in items:
        yield _line(item, refused or _refusal(item, known), stored.get(_key(item.place)))


def _take(confirmed: Confirmed) -> None:
    """Raises ValidationError (`row`) with the line of the sheet."""
    items: list[SheetItem] = [line.item for line in confirmed.lines]
    record_sheet(
        tables=[(item.row, item.place, item.told, item.seen) for item in items],
        by=confirmed.by,
        at=confirmed.at,
    )


CHILDREN = ImportKind("childdata", Permission.MANAGE_CHILD_DATA, _lines, _take)


def _key(place: Place) -> tuple[str, int, int | None]:
    return place.variable, place.year, place.unit.pk if place.unit else None


def _stored(city: City, tables: Iterable[SheetTable]) -> Stored:
    """Everything of the city for the years of the sheet and the ones before; two queries."""
    years = {year for one in tables for year in (one.year - 1, one.year)}
    rows = with_cells(Observation.objects.filter(city=city, year__in=years))
    return {(one.variable, one.year, one.unit_id): one for one in rows}


def _with_known(one: SheetTable, last: Observation | None) -> Told:
    """The numbers as the sheet tells them, all of them; of source and note it may say nothing."""
    if last is None:
        return Told(one.counts, one.source, one.note)
    return Told(one.counts, one.source or last.source, one.note or last.note)


def _refusal(item: SheetItem, known: Tables) -> str:
    """Why the service would not take it: what is not told, and what is odd without a note."""
    variable = catalogue().variables[item.place.variable]
    if item.place.unit is not None and "unit" not in variable.breakdowns:
        return _("variabel ini tidak dirinci menurut wilayah")
    missing = missing_cells(variable, item.told.counts)
    if missing:
        cells = "; ".join(label_of(variable, cell) for cell in missing)
        return _("belum diisi: %(cells)s; tulis 0 bila tidak ada") % {"cells": cells}
    odd = findings(variable, item.told.counts, _near(item.place, known), limits())
    if odd and not item.told.note:
        return _("perlu catatan: %(odd)s") % {"odd": " ".join(odd)}
    return ""


def _near(place: Place, known: Tables) -> Neighbours:
    variable = catalogue().variables[place.variable]
    unit = place.unit.pk if place.unit else None
    parts = [one.code for one in catalogue().variables.values() if one.within == variable.code]
    return Neighbours(
        before=known.get((variable.code, place.year - 1, unit), {}),
        whole=known.get((variable.within, place.year, unit), {}),
        parts={code: known.get((code, place.year, unit), {}) for code in parts},
    )


def _line(item: SheetItem, refused: str, last: Observation | None) -> Line:
    variable = catalogue().variables[item.place.variable]
    where = f", {item.place.unit.name}" if item.place.unit else ""
    name = f"{variable.title} {item.place.year}{where}"
    key = str(item.row)
    if refused:
        return Line(key, name, Standing.REFUSED, note=refused)
    if last is None:
        return Line(key, name, Standing.NEW, item=item)
    different = list(_differences(last, item.told))
    standing = Standing.CONFLICT if different else Standing.SAME
    return Line(key, name, standing, different, item=item)


def _differences(last: Observation, told: Told) -> Iterator[Difference]:
    variable = catalogue().variables[last.variable]
    here = last.counts
    cells: list[Cell] = [cell for line in lines_of(variable) for cell in line.cells]
    for cell in cells:
        if here.get(cell) != told.counts.get(cell):
            pair = (format_points(here.get(cell)), format_points(told.counts.get(cell)))
            yield Difference(label_of(variable, cell), *pair)
    for label, before, after in (
        (_("Sumber"), last.source, told.source),
        (_("Catatan"), last.note, told.note),
    ):
        if before != after:
            yield Difference(label, before or "–", after or "–")
