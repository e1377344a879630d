"""Which kelurahan and desa are visited: drawn by lot, or chosen by hand with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.models import City, CityTrailEvent, User
from cities.permissions import held_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from territories.choices import CriterionLevel
from territories.models import Unit, VisitSample
from territories.sampling import drawn, new_seed
from territories.services.units import require_open_past
from texts.identities import require_no_nik
from texts.languages import deed

MOST_PER_DISTRICT = 20


@deed
def draw_sample(
    *,
    city: City,
    year: int,
    per_district: int,
    reason: str = "",
    seen: int = 0,
    by: User,
    at: datetime,
) -> VisitSample:
    """Draw so many of each kecamatan's kelurahan and desa by lot, with a key nobody chose.

    `seen` is the number of the sample that whoever asks knew of, 0 for none. Drawing again needs a
    reason; what was drawn before is kept. Raises PermissionDenied, ValidationError (`overtaken`,
    `reason`, `nik`, `numbers`, `empty`, `closed_year`).
    """
    city = _held(city, year, by=by)
    number = _next_number(city, year, seen)
    if not 1 <= per_district <= MOST_PER_DISTRICT:
        raise ValidationError(
            _lazy("Pilih 1 sampai %(most)d wilayah setiap kecamatan."),
            code="numbers",
            params={"most": MOST_PER_DISTRICT},
        )
    reason = _checked_reason(reason, is_needed=number > 1)
    units = {unit.code: unit for unit in _visitable(city, year)}
    if not units:
        raise ValidationError(
            _lazy("Belum ada kelurahan atau desa yang dapat diundi. Siapkan wilayahnya dahulu."),
            code="empty",
        )
    pool = sorted((unit.parent.code if unit.parent else "", code) for code, unit in units.items())
    sample = VisitSample(
        city=city,
        year=year,
        number=number,
        seed=new_seed(),
        per_district=per_district,
        pool=pool,
        reason=reason,
    )
    codes = drawn(pool, seed=sample.seed, per_district=per_district)
    return _keep(sample, [units[code] for code in codes], by=by, at=at)


@deed
def choose_sample(
    *,
    city: City,
    year: int,
    units: Collection[int],
    reason: str,
    seen: int = 0,
    by: User,
    at: datetime,
) -> VisitSample:
    """Visit these units (their ids), chosen by hand. Always with a reason.

    Raises PermissionDenied, ValidationError (`overtaken`, `reason`, `nik`, `nothing`,
    `closed_year`).
    """
    city = _held(city, year, by=by)
    number = _next_number(city, year, seen)
    reason = _checked_reason(reason, is_needed=True)
    chosen = [unit for unit in _visitable(city, year) if unit.pk in units]
    if not chosen or len(chosen) != len(set(units)):
        raise ValidationError(
            _lazy("Pilih setidaknya satu kelurahan atau desa yang masih ada di kota ini."),
            code="nothing",
        )
    sample = VisitSample(city=city, year=year, number=number, reason=reason)
    return _keep(sample, chosen, by=by, at=at)


def _held(city: City, year: int, *, by: User) -> City:
    city = held_city(city, by=by, permission=Permission.REVIEW_UNIT_REPORTS)
    require_open_past(city, date(year, 12, 31))
    return city


def _visitable(city: City, year: int) -> Iterable[Unit]:
    """Every kelurahan and desa of the reference date, whether it has reported or not."""
    rows = Unit.objects.filter(city=city).of_level(CriterionLevel.KELURAHAN)
    return rows.active_on(date(year, 12, 31)).select_related("parent")


def _next_number(city: City, year: int, seen: int) -> int:
    """Raises ValidationError (`overtaken`) where somebody else decided meanwhile; the city is held."""
    last = VisitSample.objects.of_year(city.pk, year).select_related("by").first()
    number = last.number if last else 0
    if number != seen:
        name = last.by if last else ""
        raise ValidationError(
            _lazy(
                "%(name)s sudah menetapkan kunjungan sesudah halaman Anda dibuka. Muat ulang halaman."
            ),
            code="overtaken",
            params={"name": name},
        )
    return number + 1


def _checked_reason(reason: str, *, is_needed: bool) -> str:
    reason = " ".join(reason.split())
    if is_needed and not reason:
        raise ValidationError(
            _lazy("Tuliskan alasannya; daftar sebelumnya tetap tersimpan dan dapat dilihat."),
            code="reason",
        )
    require_no_nik(reason)
    return reason


def _keep(sample: VisitSample, units: Collection[Unit], *, by: User, at: datetime) -> VisitSample:
    sample.at, sample.by = at, by
    sample.full_clean()
    sample.save()
    sample.units.set(units)
    told: dict[str, object] = {
        "names": ", ".join(f"{unit.code} {unit.name}" for unit in units),
        "seed": sample.seed or None,
        "count": None if sample.per_district is None else str(sample.per_district),
        "reason": sample.reason or None,
    }
    target = _("Kunjungan wilayah %(year)d") % {"year": sample.year}
    entry = NewEntry(CityTrailEvent.VISITS_SAMPLED, target, {}, told)
    record(entry, city=sample.city, by=by, at=at)
    return sample
