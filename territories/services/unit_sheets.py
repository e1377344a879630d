"""A sheet of units beside what the site holds: new ones, and who heads those that are there.

What a unit is called, what it is and what it lies below changes only with its legal basis
(`services.units`); a sheet that tells these otherwise is refused line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cities.models import City, CityTrailEvent, Membership
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_date
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind, Reading
from territories.choices import UnitLevel
from territories.models import Unit
from territories.services.units import closed_until
from territories.sheets.units import read_units
from texts.folding import folded
from texts.identities import require_no_nik
from workbooks.records import Record

TAKEN = ("head", "contact")


@dataclass(frozen=True, slots=True)
class UnitItem:
    """What a line says, and the unit that it is about; None where it is new."""

    record: Record
    unit: Unit | None


@dataclass(slots=True)
class _Known:
    units: dict[str, Unit]
    begins: date | None  # the day after the newest closed year
    coming: set[str]  # kecamatan that the sheet brings


def read_unit_sheet(content: bytes, name: str) -> Reading:
    """Raises UnreadableError."""
    records = read_units(content, name)
    return Reading([row.as_json() for row in records.rows], records.faults)


def _lines(staged: StagedImport, member: Membership) -> Iterator[Line]:
    """Kecamatan first, so that what lies below a new one finds it; two queries."""
    records = [Record.of_json(row) for row in staged.rows]
    records.sort(key=lambda one: (one.values.get("level") != UnitLevel.KECAMATAN, one.line))
    rows = Unit.objects.filter(city=staged.city_id).select_related("parent")
    units = {unit.code: unit for unit in rows}
    known = _Known(units, _begins(staged.city) if units else None, set())
    for one in records:
        yield _line(one, known)


def _begins(city: City) -> date | None:
    """The first day on which a unit may begin that joins those of closed years."""
    closed = closed_until(city)
    return closed + timedelta(days=1) if closed else None


def _line(one: Record, known: _Known) -> Line:
    [code], said = one.key, one.values
    unit = known.units.get(code)
    name = f"{code} {said.get('name') or (unit.name if unit else '')}".strip()
    refused = _other_unit(said, unit) if unit else _not_new(said, known)
    refused = refused or _with_nik(said)
    if refused:
        return Line(code, name, Standing.REFUSED, note=refused)
    if unit is None:
        if said["level"] == UnitLevel.KECAMATAN:
            known.coming.add(code)
        return Line(code, name, Standing.NEW, item=UnitItem(one, None))
    changed = [field for field in TAKEN if said.get(field, "") not in ("", getattr(unit, field))]
    if not changed:
        return Line(code, name, Standing.SAME)
    told = [_difference(unit, field, said[field]) for field in changed]
    is_disputed = any(getattr(unit, field) for field in changed)
    standing = Standing.CONFLICT if is_disputed else Standing.CHANGED
    return Line(code, name, standing, told, item=UnitItem(one, unit))


def _difference(unit: Unit, field: str, there: str) -> Difference:
    label = str(Unit._meta.get_field(field).verbose_name).capitalize()  # type: ignore[union-attr]
    return Difference(label, getattr(unit, field) or "–", there)


def _other_unit(said: dict[str, str], unit: Unit) -> str:
    """Why a line is not about the unit of its code as the site knows it; empty if it is."""
    parent = unit.parent.code if unit.parent else ""
    if unit.active_to is not None:
        return _("Wilayah ini sudah berakhir %(day)s.") % {"day": format_date(unit.active_to)}
    if folded(said.get("name", unit.name)) != folded(unit.name):
        return _("Di situs namanya %(name)s. Catat nama baru lewat perubahan wilayah.") % {
            "name": unit.name
        }
    if said.get("level", unit.level) != unit.level or said.get("parent", parent) != parent:
        return _("Tingkat atau kecamatannya berbeda di situs. Catat lewat perubahan wilayah.")
    return ""


def _not_new(said: dict[str, str], known: _Known) -> str:
    """Why a unit that the site does not know cannot begin; empty if it can."""
    level, parent = said.get("level", ""), said.get("parent", "")
    if not said.get("name") or not level:
        return _("Wilayah baru: isi nama dan tingkatnya.")
    if level == UnitLevel.KECAMATAN:
        if parent:
            return _("Kecamatan tidak berada di bawah kecamatan lain; kosongkan kodenya.")
    elif not _is_district(parent, known):
        return _("Kode kecamatannya tidak dikenal di kota ini. Isi kode kecamatan yang ada.")
    begins = said.get("active_from")
    if begins and known.begins and date.fromisoformat(begins) < known.begins:
        return _("Ada sejak paling awal %(day)s: data sebelumnya sudah ditutup.") % {
            "day": format_date(known.begins)
        }
    return ""


def _is_district(code: str, known: _Known) -> bool:
    unit = known.units.get(code)
    if unit is None:
        return code in known.coming
    return unit.level == UnitLevel.KECAMATAN and unit.active_to is None


def _with_nik(said: dict[str, str]) -> str:
    try:
        require_no_nik("\n".join(said.get(field, "") for field in TAKEN))
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _take(confirmed: Confirmed) -> None:
    """New kecamatan, then what lies below, then who heads the others. Nothing ends by a sheet.

    A new unit without a day begins after the closed years, if units are there already: their
    shares must not change.
    """
    city = confirmed.city
    begins = _begins(city) if Unit.objects.filter(city=city).exists() else None
    items: list[UnitItem] = [line.item for line in confirmed.lines]
    new = [one.record for one in items if one.unit is None]
    parents = {unit.code: unit for unit in Unit.objects.filter(city=city, parent=None)}
    for is_district in (True, False):
        made = [
            _made(one, confirmed, parents, begins)
            for one in new
            if (one.values["level"] == UnitLevel.KECAMATAN) == is_district
        ]
        Unit.objects.bulk_create(made)
        parents |= {unit.code: unit for unit in made if is_district}
    entries = []
    if new:
        told = {"count": str(len(new)), "file": confirmed.staged.name}
        entries.append(NewEntry(CityTrailEvent.UNITS_IMPORTED, str(city), {}, told))
    changed = []
    for one in items:
        if one.unit is None:
            continue
        before = {field: getattr(one.unit, field) or None for field in TAKEN}
        for field in TAKEN:
            setattr(one.unit, field, one.record.values.get(field) or getattr(one.unit, field))
        after = {field: getattr(one.unit, field) or None for field in TAKEN}
        entries.append(NewEntry(CityTrailEvent.UNIT_CHANGED, one.unit.name, before, after))
        changed.append(one.unit)
    Unit.objects.bulk_update(changed, TAKEN)
    record(*entries, city=city, by=confirmed.by, at=confirmed.at)


def _made(one: Record, confirmed: Confirmed, parents: dict[str, Unit], begins: date | None) -> Unit:
    said = one.values
    day = said.get("active_from")
    return Unit(
        city=confirmed.city,
        code=one.key[0],
        name=said["name"],
        level=UnitLevel(said["level"]),
        parent=parents.get(said.get("parent", "")),
        head=said.get("head", ""),
        contact=said.get("contact", ""),
        active_from=date.fromisoformat(day) if day else begins,
    )


UNITS = ImportKind("territories.units", Permission.MANAGE_MEMBERS, _lines, _take)
