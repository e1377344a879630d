"""Loading the official regions: what is missing is added, and nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import City, CityTrailEvent, District, Province, User, Village, Zone
from cities.official import (
    official_cities,
    official_districts,
    official_provinces,
    official_villages,
)
from cities.permissions import held_city, lock_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from cities.services.cities import slug_for
from texts.languages import deed

# Keputusan Presiden 41/1987: the time zone of each province, by the code it has today.
# Provinces founded since then keep the zone of the one that they were part of.
WITA_PROVINCES = frozenset(
    {
        *("51", "52", "53"),  # Bali, Nusa Tenggara
        *("63", "64", "65"),  # Kalimantan Selatan, Timur, Utara
        *("71", "72", "73", "74", "75", "76"),  # Sulawesi
    }
)
WIT_PROVINCES = frozenset(
    {
        *("81", "82"),  # Maluku
        *("91", "92", "93", "94", "95", "96"),  # Papua
    }
)
BATCH = 1000

Below = TypeVar("Below", District, Village)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A region that the official list calls otherwise than we do."""

    code: str
    ours: str
    official: str


@dataclass(slots=True)
class RegionChanges:
    """What loading one level found; of provinces and cities nothing is marked, only reported."""

    added: int = 0
    renamed: list[Renamed] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # no longer in the official list
    back: list[str] = field(default_factory=list)  # in it again

    def __iadd__(self, other: RegionChanges) -> Self:
        self.added += other.added
        self.renamed += other.renamed
        self.gone += other.gone
        self.back += other.back
        return self


def zone_of(province_code: str) -> Zone:
    if province_code in WITA_PROVINCES:
        return Zone.WITA
    if province_code in WIT_PROVINCES:
        return Zone.WIT
    return Zone.WIB


# --- Provinces and cities ---------------------------------------------------------------------


@deed
def load_provinces_and_cities(*, rename: bool) -> tuple[RegionChanges, RegionChanges]:
    """All of them. What is here keeps its address and time zone, and its name unless `rename`."""
    provinces = official_provinces()
    cities = {
        code: name for province in provinces for code, name in official_cities(province).items()
    }
    added = _add_provinces(provinces), _add_cities(cities)
    of_provinces = _compared(Province.objects.order_by("code"), provinces, rename=rename)
    of_cities = _compared(City.objects.order_by("code"), cities, rename=rename)
    of_provinces.added, of_cities.added = added
    return of_provinces, of_cities


def _add_provinces(official: Mapping[str, str]) -> int:
    known = set(Province.objects.values_list("code", flat=True))
    new = [Province(code=code, name=name) for code, name in official.items() if code not in known]
    return len(Province.objects.bulk_create(new))


def _add_cities(official: Mapping[str, str]) -> int:
    known = set(City.objects.values_list("code", flat=True))
    taken = set(City.objects.values_list("slug", flat=True))
    provinces = Province.objects.in_bulk(field_name="code")
    new = []
    for code, name in official.items():
        if code in known:
            continue
        province = provinces[code[:2]]
        slug = slug_for(name, code, taken)
        taken.add(slug)
        zone = zone_of(province.code)
        new.append(City(code=code, name=name, slug=slug, province=province, timezone=zone))
    return len(City.objects.bulk_create(new))


def _compared(
    rows: Iterable[Province | City], official: Mapping[str, str], *, rename: bool
) -> RegionChanges:
    changes = RegionChanges()
    for row in rows:
        name = official.get(row.code)
        if name is None:
            changes.gone.append(f"{row.code} {row.name}")
        elif row.name != name:
            changes.renamed.append(Renamed(row.code, row.name, name))
            if rename:
                row.name = name
                row.save(update_fields=["name"])
    return changes


# --- What lies below a city -------------------------------------------------------------------


@deed
def load_districts_and_villages(city: City, *, rename: bool) -> tuple[RegionChanges, RegionChanges]:
    """The kecamatan of a city and their kelurahan and desa, in one transaction.

    A row that the official list has no more is marked, and unmarked when it is listed again.
    """
    lock_city(city.pk)
    districts = _merged(
        District.objects.filter(city=city),
        {
            code: District(city=city, code=code, name=name)
            for code, name in official_districts(city.code).items()
        },
        rename=rename,
    )
    of_code = District.objects.filter(city=city).in_bulk(field_name="code")
    villages = _merged(
        Village.objects.filter(district__city=city),
        {
            code: Village(district=of_code[code[:8]], code=code, name=name, kind=kind)
            for code, (name, kind) in official_villages(city.code).items()
        },
        rename=rename,
    )
    return districts, villages


def _merged(rows: QuerySet[Below], official: Mapping[str, Below], *, rename: bool) -> RegionChanges:
    """Bring the rows to the official list, with as many queries for 5 rows as for 500."""
    known = {row.code: row for row in rows}
    new = [row for code, row in official.items() if code not in known]
    changes = RegionChanges(added=len(new))
    stored = []
    for code, row in known.items():
        was = row.name, row.is_listed
        if row.is_listed != (code in official):
            row.is_listed = code in official
            (changes.back if row.is_listed else changes.gone).append(f"{code} {row.name}")
        if row.is_listed and row.name != official[code].name:
            changes.renamed.append(Renamed(code, row.name, official[code].name))
            if rename:
                row.name = official[code].name
        if (row.name, row.is_listed) != was:
            stored.append(row)
    rows.model.objects.bulk_create(new, batch_size=BATCH)
    rows.model.objects.bulk_update(stored, ["name", "is_listed"], batch_size=BATCH)
    return changes


def is_official(city: City) -> bool:
    """Whether the official list knows what lies below the city."""
    return bool(official_districts(city.code))


@deed
def load_own_regions(*, city: City, by: User, at: datetime) -> tuple[RegionChanges, RegionChanges]:
    """What lies below a city, asked for on its page; official names are taken over.

    Raises ValidationError if the official list knows nothing below the city's code.
    """
    if not is_official(city):
        raise ValidationError(
            _(
                "Kode %(code)s tidak ada dalam daftar resmi Kemendagri, jadi kecamatannya tidak "
                "dapat dimuat. Mintalah administrator situs memeriksa kode wilayah kota ini."
            ),
            code="not_official",
            params={"code": city.code},
        )
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    before = _counted(city)
    districts, villages = load_districts_and_villages(city, rename=True)
    renamed = [*districts.renamed, *villages.renamed]
    entry = NewEntry(
        CityTrailEvent.REGIONS_LOADED,
        f"{city.code} {city.name}",
        {**before, "names": [f"{one.code} {one.ours}" for one in renamed]},
        {**_counted(city), "names": [f"{one.code} {one.official}" for one in renamed]},
    )
    record(entry, city=city, by=by, at=at)
    return districts, villages


def _counted(city: City) -> dict[str, object]:
    """How many are listed, as the trail says it: numbers are text there."""
    districts = District.objects.filter(city=city, is_listed=True)
    villages = Village.objects.filter(district__city=city, is_listed=True)
    return {"districts": str(districts.count()), "villages": str(villages.count())}
