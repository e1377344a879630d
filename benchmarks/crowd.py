"""A country at work, for measuring lists: 514 cities of five years, 20,000 members, and one city
with much of all.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from assessments.choices import ScoreKind
from assessments.models import Assessment, Award, TotalScore
from cities.models import City, CityTrailEvent, Membership, Opd, User
from cities.roles import Role
from cities.services.activity import NewEntry, record
from clusters.models import Instrument

OPDS, MEMBERS = 20, 39  # of each city: 20,046 members
LINES = 5000
YEARS = range(2020, 2025)
PREDIKAT = ("Pratama", "Madya", "Nindya", "Utama")
LARGE = "11.08"  # 852 villages, the most there are; here also 2,000 members and the trail
FIRST = ("Siti", "Budi", "Ani", "Wayan", "Tono", "Rahmawati", "Yosef", "Dewi", "Agus", "Maria")
LAST = ("Wijaya", "Lestari", "Siregar", "Nasution", "Putri", "Saputra", "Hutapea", "Rumbiak")


@transaction.atomic
def fill() -> None:
    call_command("load_regions", city=LARGE, verbosity=0)
    cities = list(City.objects.exclude(code__startswith="00."))
    opds = Opd.objects.bulk_create(
        [
            Opd(city=city, code=f"OPD{number}", name=f"Dinas {number:02d} {city.name}")
            for city in cities
            for number in range(OPDS)
        ],
        batch_size=2000,
    )
    large = City.objects.get(code=LARGE)
    add_members([(city, MEMBERS) for city in cities], opds)
    add_members([(large, 2000)], [opd for opd in opds if opd.city_id == large.pk])
    add_years(cities)
    add_awards(cities)
    entries = [
        NewEntry(
            CityTrailEvent.OPD_CHANGED,
            f"OPD{n % OPDS} Dinas {n}",
            {"name": "Dinas"},
            {"name": "Badan"},
        )
        for n in range(LINES)
    ]
    record(*entries, city=large, by=User.objects.get(is_superuser=True), at=timezone.now())


def add_members(wanted: list[tuple[City, int]], opds: list[Opd]) -> None:
    of_city: dict[int, list[Opd]] = {}
    for opd in opds:
        of_city.setdefault(opd.city_id, []).append(opd)
    start = User.objects.count()
    places = [(city, number) for city, count in wanted for number in range(count)]
    people = User.objects.bulk_create(
        [
            User(
                name=f"{FIRST[n % len(FIRST)]} {LAST[n // 7 % len(LAST)]} {n}",
                email=f"orang{n}@{city.slug}.example",
                password="!",  # noqa: S106 -- nobody signs in with it
                last_login=timezone.now() - timedelta(hours=n % 9000) if n % 3 else None,
            )
            for n, (city, _number) in enumerate(places, start)
        ],
        batch_size=2000,
    )
    Membership.objects.bulk_create(
        [
            Membership(user=user, city=city, role=Role.OPD, opd=of_city[city.pk][number % OPDS])
            if number
            else Membership(user=user, city=city, role=Role.ADMIN_KOTA)
            for user, (city, number) in zip(people, places, strict=True)
        ],
        batch_size=2000,
    )


def add_years(cities: list[City]) -> None:
    """Five years of each city with totals only; lists show nothing else of them."""
    instrument = Instrument.objects.published().get(code="kla-2023")
    author = User.objects.get(is_superuser=True)
    years = Assessment.objects.bulk_create(
        [
            Assessment(
                city=city,
                year=number,
                instrument=instrument,
                evidence_from=date(number - 1, 1, 1),
                evidence_to=date(number - 1, 12, 31),
                opened_at=timezone.now(),
                opened_by=author,
            )
            for city in cities
            for number in YEARS
        ]
    )
    TotalScore.objects.bulk_create(
        [
            TotalScore(assessment=year, kind=kind, points=Decimal(500 + number % 400), answered=200)
            for number, year in enumerate(years)
            for kind in (ScoreKind.CLAIMED, ScoreKind.EVIDENCED)
        ]
    )


def add_awards(cities: list[City]) -> None:
    """An award of each city in every year of which no real one is known."""
    Award.objects.bulk_create(
        [
            Award(
                city=city,
                year=year,
                predikat=PREDIKAT[(number + year) % len(PREDIKAT)],
                source=f"https://berita.example/kota-layak-anak/{year}/{city.slug}",
            )
            for number, city in enumerate(cities)
            for year in YEARS
        ],
        ignore_conflicts=True,
    )
