from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.models import City, District, Province, Village
from cities.services.regions import (
    RegionChanges,
    is_official,
    load_districts_and_villages,
    load_provinces_and_cities,
)


class Command(BaseCommand):
    help = (
        "Load the provinces and cities with their Kemendagri codes and, where asked, the kecamatan "
        "and the kelurahan and desa of cities. What is here already keeps its name, address and "
        "time zone, and nothing is ever deleted; differences are reported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        below = parser.add_mutually_exclusive_group()
        below.add_argument("--city", metavar="CODE", help="What lies below one city, as 18.72.")
        below.add_argument(
            "--province", metavar="CODE", help="What lies below the cities of a province, as 18."
        )
        below.add_argument("--all", action="store_true", help="What lies below every city.")
        parser.add_argument(
            "--rename", action="store_true", help="Take over official names that differ from ours."
        )

    def handle(self, *args: Any, rename: bool, **options: Any) -> None:
        provinces, cities = load_provinces_and_cities(rename=rename)
        self.report("province", provinces, rename=rename)
        self.report("city", cities, rename=rename)
        self.stdout.write(
            f"Provinces: {provinces.added} added, {Province.objects.count()} in all. "
            f"Cities: {cities.added} added, {City.objects.count()} in all."
        )
        asked = cities_asked(options.get("city"), options.get("province"), options.get("all"))
        if asked:
            self.load_below(asked, rename=rename)

    def load_below(self, cities: list[City], *, rename: bool) -> None:
        """City by city: each stands or falls alone, and no more than one is held in memory."""
        districts, villages = RegionChanges(), RegionChanges()
        for city in cities:
            of_city = load_districts_and_villages(city, rename=rename)
            districts += of_city[0]
            villages += of_city[1]
        self.report("kecamatan", districts, rename=rename)
        self.report("village", villages, rename=rename)
        self.stdout.write(
            f"Kecamatan: {districts.added} added, {District.objects.count()} in all. "
            f"Kelurahan and desa: {villages.added} added, {Village.objects.count()} in all."
        )

    def report(self, noun: str, changes: RegionChanges, *, rename: bool) -> None:
        done = "renamed" if rename else "official name differs (--rename takes it over)"
        for one in changes.renamed:
            self.stdout.write(f"{noun} {one.code}: {one.ours} -> {one.official}, {done}")
        for name in changes.gone:
            self.stdout.write(f"Not in the official list: {noun} {name}")
        for name in changes.back:
            self.stdout.write(f"In the official list again: {noun} {name}")


def cities_asked(city: str | None, province: str | None, everything: bool | None) -> list[City]:
    """The cities of the official list that are meant. Raises CommandError if there is none."""
    if not (city or province or everything):
        return []
    rows = City.objects.order_by("code")
    if city:
        rows = rows.filter(code=city)
    if province:
        rows = rows.filter(province__code=province)
    found = [row for row in rows if is_official(row)]
    if not found:
        raise CommandError(
            f"The official list has nothing below {city or province}. "
            "Codes look like 18.72 for a city and 18 for a province."
        )
    return found
