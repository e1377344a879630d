"""Counts of children, written; and why a city's number differs from the sum of its units."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from childdata.catalogue import Variable, catalogue
from childdata.models import FIRST_YEAR, Observation, ObservedCount
from childdata.queries.observed import comparison_at, neighbours_of
from childdata.queries.producers import is_producer, producers_of
from childdata.tables import (
    Cell,
    Limits,
    findings,
    label_of,
    lines_of,
    missing_cells,
    sum_of,
)
from cities.models import City, CityTrailEvent, Membership, Opd, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from figures.numbers import format_change, format_points
from territories.models import Unit
from texts.identities import require_no_nik
from texts.languages import deed

MOST = 10_000_000  # no city has more children


@dataclass(frozen=True, slots=True)
class Place:
    """Which table: a variable of the catalogue, a year, and the city or one of its units."""

    city: City
    variable: str
    year: int
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of it; an empty table takes the stored one away."""

    counts: Mapping[Cell, int] = field(default_factory=dict)
    source: str = ""
    note: str = ""


def limits() -> Limits:
    return Limits(settings.KLA_CHILD_DATA_JUMP_PERCENT, settings.KLA_CHILD_DATA_SMALL)


def fingerprint_of(found: Sequence[str]) -> str:
    """What somebody was shown of it (SHA-256 in hexadecimal); empty of nothing."""
    return hashlib.sha256(json.dumps(found).encode()).hexdigest() if found else ""


class OddError(ValidationError):
    """A table that is stored only by somebody who saw what is odd in it and says why it is right."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(
            [
                ValidationError(
                    _("Periksa angka ini. Bila benar, jelaskan pada catatan, lalu simpan lagi."),
                    code="odd",
                ),
                *(ValidationError(sentence, code="odd") for sentence in found),
            ]
        )
        self.code = "odd"  # one of several has none by itself
        self.found = found


@deed
def record_counts(
    *, place: Place, told: Told, seen: int, shown: str = "", by: User, at: datetime
) -> Observation | None:
    """Store the table of a place over the one there, if it is still version `seen` (0: none).

    `shown` is the fingerprint of what the person was told is odd. What is stored already writes
    nothing; an empty table takes it away, and None is returned. An OPD writes what it produces.
    Raises PermissionDenied; ValidationError (`unknown`, `year`, `foreign`, `nik`, `cell`,
    `incomplete`, `nothing`, `conflict`); OddError (`odd` in every part).
    """
    variable, member, opd = _allowed(place, by=by)
    city = lock_city(place.city.pk)
    told = Told(dict(told.counts), _clean(told.source), _clean(told.note))
    _require_possible(variable, told.counts)
    stored = Observation.objects.of_place(city, place.unit).filter(
        variable=variable.code, year=place.year
    )
    last = stored.prefetch_related("cells").first()
    _require_version(last, seen)
    _require_year(place, at)
    before = said_of(variable, last)
    if not told.counts:
        if last is None:
            raise ValidationError(_("Isi setidaknya satu baris angka."), code="nothing")
        last.delete()
        _record(place, variable, before, {}, by=member.user, at=at)
        return None
    _require_explained(place, told, shown)
    if last is not None and _says_the_same(last, told):
        return last
    written = _write(last, place, variable, opd, told, by=by, at=at)
    _record(place, variable, before, said_of(variable, written), by=by, at=at)
    return written


@deed
def record_sheet(
    *, tables: Sequence[tuple[int, Place, Told, int]], by: User, at: datetime
) -> list[Observation]:
    """Store tables of a sheet, each with its line and the version that it was compared to.

    What is odd is looked at once all are stored, for they may explain one another; a note does for
    whoever saw the preview. Raises PermissionDenied, ValidationError (`row`) with the line.
    """
    written = []
    for line, place, said, seen in tables:
        with _of_line(line):
            variable, _member, opd = _allowed(place, by=by)
            city = lock_city(place.city.pk)
            told = Told(dict(said.counts), _clean(said.source), _clean(said.note))
            stored = Observation.objects.of_place(city, place.unit).filter(
                variable=variable.code, year=place.year
            )
            last = stored.prefetch_related("cells").first()
            _require_possible(variable, told.counts)
            _require_version(last, seen)
            _require_year(place, at)
            before = said_of(variable, last)
            one = _write(last, place, variable, opd, told, by=by, at=at)
            _record(place, variable, before, said_of(variable, one), by=by, at=at)
            written.append((line, place, told, one))
    for line, place, told, _one in written:
        with _of_line(line):
            found = [] if told.note else _findings(place, told)
            if found:
                raise OddError(found)
    return [one for _line, _place, _told, one in written]


@contextmanager
def _of_line(line: int) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        facts = {"line": line, "fault": " ".join(error.messages)}
        raise ValidationError(_("Baris %(line)d: %(fault)s") % facts, code="row") from error


@deed
def explain_difference(
    *, place: Place, why: str, seen: int | None, by: User, at: datetime
) -> Observation:
    """Say why the place's number is not the sum of its units; it holds for that difference alone.

    `seen` is the difference that the person saw. Raises PermissionDenied, ValidationError
    (`unknown`, `foreign`, `nik`, `reason`, `nothing`, `conflict`).
    """
    variable, _member, _opd = _allowed(place, by=by)
    city = lock_city(place.city.pk)
    why = _clean(why)
    if not why:
        raise ValidationError(
            _("Tulis mengapa jumlahnya berbeda, misalnya anak yang wilayahnya tidak diketahui."),
            code="reason",
        )
    difference = comparison_at(city, variable, place.year, place.unit).difference
    row = Observation.objects.of_place(city, place.unit).filter(
        variable=variable.code, year=place.year
    )
    observation = row.first()
    if observation is None or not difference:
        raise ValidationError(
            _("Tidak ada selisih yang perlu dijelaskan. Muat ulang halamannya."), code="nothing"
        )
    if difference != seen:
        raise ValidationError(
            _("Selisihnya sudah berubah menjadi %(now)s. Periksa, lalu jelaskan lagi."),
            code="conflict",
            params={"now": format_change(difference)},
        )
    before = {"reason": observation.explanation or None}
    observation.explanation, observation.explained = why, difference
    observation.save(update_fields=["explanation", "explained"])
    _record(place, variable, before, {"reason": why}, by=by, at=at)
    return observation


# --- What is asked first ----------------------------------------------------------------------


def _allowed(place: Place, *, by: User) -> tuple[Variable, Membership, Opd | None]:
    """The variable, with which membership, and who produces it. Raises as the deeds do."""
    member = require_permission(by, place.city, Permission.MANAGE_CHILD_DATA)
    variable = catalogue().variables.get(place.variable)
    if variable is None:
        raise ValidationError(_("Variabel ini tidak dikenal."), code="unknown")
    producers = producers_of(place.city)
    if not is_producer(member, variable, producers):
        raise PermissionDenied
    is_own = place.unit is None or place.unit.city_id == place.city.pk
    if not is_own or (place.unit is not None and "unit" not in variable.breakdowns):
        raise ValidationError(_("Pilih wilayah dari kota ini."), code="foreign")
    return variable, member, producers.get(variable.producer)


def _clean(text: str) -> str:
    """The text in one line. Raises ValidationError (`nik`)."""
    require_no_nik(text)
    return " ".join(text.split())


def _require_year(place: Place, at: datetime) -> None:
    if not FIRST_YEAR <= place.year <= at.astimezone(place.city.zone).year:
        raise ValidationError(
            _("Tahun data %(year)d belum dapat diisi."), code="year", params={"year": place.year}
        )


def _require_possible(variable: Variable, counts: Mapping[Cell, int]) -> None:
    known = {cell for line in lines_of(variable) for cell in line.cells}
    if not counts.keys() <= known or not all(0 <= count <= MOST for count in counts.values()):
        raise ValidationError(
            _("Isi dengan bilangan bulat mulai 0, pada rincian variabel ini."), code="cell"
        )
    missing = missing_cells(variable, counts)
    if missing:
        raise ValidationError(
            _("Belum diisi: %(cells)s. Tulis 0 bila tidak ada; yang kosong belum diketahui."),
            code="incomplete",
            params={"cells": "; ".join(label_of(variable, cell) for cell in missing)},
        )


def _require_version(last: Observation | None, seen: int) -> None:
    if (last.version if last else 0) != seen:
        raise ValidationError(
            _(
                "Data ini sudah berubah sesudah halaman Anda dibuka. Bandingkan angkanya,"
                " lalu simpan lagi bila isian Anda yang benar."
            ),
            code="conflict",
        )


def _require_explained(place: Place, told: Told, shown: str) -> None:
    found = _findings(place, told)
    if found and not (told.note and shown == fingerprint_of(found)):
        raise OddError(found)


def _findings(place: Place, told: Told) -> list[str]:
    variable = catalogue().variables[place.variable]
    near = neighbours_of(place.city, variable, place.year, place.unit)
    return findings(variable, told.counts, near, limits())


# --- What is written --------------------------------------------------------------------------


def _says_the_same(last: Observation, told: Told) -> bool:
    return (last.counts, last.source, last.note) == (told.counts, told.source, told.note)


def _write(
    last: Observation | None,
    place: Place,
    variable: Variable,
    opd: Opd | None,
    told: Told,
    *,
    by: User,
    at: datetime,
) -> Observation:
    observation = last or Observation(
        city=place.city, variable=variable.code, year=place.year, unit=place.unit, version=0
    )
    observation.version += 1
    observation.opd, observation.source, observation.note = opd, told.source, told.note
    observation.by, observation.at = by, at
    observation.full_clean()
    observation.save()
    observation.cells.all().delete()
    ObservedCount.objects.bulk_create(
        ObservedCount(
            observation=observation,
            sex=cell.sex,
            age=cell.age,
            disability=cell.disability,
            count=count,
        )
        for cell, count in sorted(told.counts.items())
    )
    return Observation.objects.prefetch_related("cells").get(pk=observation.pk)


def said_of(variable: Variable, observation: Observation | None) -> dict[str, object]:
    """What the trail tells of a table, under the keys of `CityActivity.LABELS`."""
    if observation is None:
        return {}
    counts = observation.counts
    cells = "; ".join(
        f"{label_of(variable, cell)} {format_points(count)}"
        for cell, count in sorted(counts.items())
    )
    return {
        "children": format_points(sum_of(counts)),
        "count": cells,
        "source": observation.source or None,
        "note": observation.note or None,
    }


def _record(
    place: Place,
    variable: Variable,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    where = f", {place.unit.name}" if place.unit else ""
    target = f"{variable.title} {place.year}{where}"
    entry = NewEntry(CityTrailEvent.CHILDREN_COUNTED, target, before, after)
    record(entry, city=place.city, by=by, at=at)
