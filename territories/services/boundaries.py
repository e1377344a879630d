"""Boundaries of units from a GeoJSON file: which feature is which unit, and what the city keeps.

A feature is a unit by its official code, else by its name among the units that still exist. Where
both readings are possible and differ, or two features would be one unit, nothing is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cities.models import CityTrailEvent, Membership
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from imports.lines import Difference, Line, Standing
from imports.models import StagedImport
from imports.services.staged import Confirmed, ImportKind, Reading
from territories.boundaries import Feature, Polygons, read_features, told_of
from territories.models import Unit, UnitBoundary
from texts.folding import folded


@dataclass(frozen=True, slots=True)
class BoundaryItem:
    unit: Unit
    polygons: Polygons


def read_boundaries(content: bytes, _name: str) -> Reading:
    """Raises ValidationError (`unreadable`)."""
    features, faults = read_features(content)
    return Reading([one.as_json() for one in features], faults)


def _lines(staged: StagedImport, _member: Membership) -> Iterator[Line]:
    """In the order of the file; two queries."""
    units = list(Unit.objects.filter(city=staged.city_id).select_related("parent"))
    kept = {one.unit_id: one for one in UnitBoundary.objects.filter(unit__city=staged.city_id)}
    features = [Feature.of_json(row) for row in staged.rows]
    found = [_unit_of(feature, units) for feature in features]
    times = Counter(one.pk for one in found if isinstance(one, Unit))
    for feature, unit in zip(features, found, strict=True):
        key, title = str(feature.number), feature.title
        if not isinstance(unit, Unit):
            yield Line(key, title, Standing.REFUSED, note=unit)
        elif times[unit.pk] > 1:
            note = _("lebih dari satu objek untuk %(unit)s. Gabungkan menjadi MultiPolygon.")
            yield Line(key, title, Standing.REFUSED, note=note % {"unit": _named(unit)})
        else:
            yield _line(feature, unit, kept.get(unit.pk))


def _line(feature: Feature, unit: Unit, kept: UnitBoundary | None) -> Line:
    key, name = str(feature.number), _named(unit)
    item = BoundaryItem(unit, feature.polygons)
    if kept is None:
        return Line(key, name, Standing.NEW, item=item)
    if kept.polygons == feature.polygons:
        return Line(key, name, Standing.SAME)
    told = Difference(_("Batas"), told_of(kept.polygons), told_of(feature.polygons))
    return Line(key, name, Standing.CHANGED, [told], item=item)


def _unit_of(feature: Feature, units: Sequence[Unit]) -> Unit | str:
    """The one unit that a feature can mean, or why there is none."""
    by_code = [one for one in units if one.code.replace(".", "") in feature.codes]
    names = {folded(name) for name in feature.names}
    by_name = [one for one in units if one.active_to is None and folded(one.name) in names]
    if by_code and by_name and not set(by_code) & set(by_name):
        return _("kodenya %(code)s, tetapi namanya %(name)s. Perbaiki salah satunya.") % {
            "code": _listed(by_code),
            "name": _listed(by_name),
        }
    found = by_code or by_name
    if len(found) == 1:
        return found[0]
    if found:
        return _("cocok dengan lebih dari satu wilayah: %(units)s. Isi kode resminya.") % {
            "units": _listed(found)
        }
    if not feature.codes and not feature.names:
        return _("tidak memiliki kode atau nama wilayah.")
    return _("tidak cocok dengan wilayah mana pun di kota ini.")


def _named(unit: Unit) -> str:
    return f"{unit.code} {unit.full_name}"


def _listed(units: Sequence[Unit]) -> str:
    return ", ".join(_named(one) for one in units)


def _take(confirmed: Confirmed) -> None:
    """Keep these boundaries; those of other units stay as they are."""
    source = confirmed.staged.name
    items: list[BoundaryItem] = [line.item for line in confirmed.lines]
    UnitBoundary.objects.bulk_create(
        [
            UnitBoundary(
                unit=one.unit,
                stored=one.polygons,
                source=source,
                by=confirmed.by,
                at=confirmed.at,
            )
            for one in items
        ],
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=["stored", "source", "by", "at"],
    )
    told = {"count": str(len(items)), "file": source}
    entry = NewEntry(CityTrailEvent.UNITS_BOUNDED, str(confirmed.city), {}, told)
    record(entry, city=confirmed.city, by=confirmed.by, at=confirmed.at)


BOUNDARIES = ImportKind("territories.boundaries", Permission.MANAGE_CRITERIA, _lines, _take)


def still_bare(staged: StagedImport, member: Membership) -> list[Unit]:
    """Kelurahan and desa that will have no boundary when the file is taken over; three queries."""
    coming = {
        line.item.unit.pk
        for line in BOUNDARIES.lines(staged, member)
        if line.standing in (Standing.NEW, Standing.CHANGED)
    }
    units = Unit.objects.filter(city=member.city_id, active_to=None, boundary=None)
    return list(units.exclude(parent=None).exclude(pk__in=coming))
