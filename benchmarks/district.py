"""A city of 600 kelurahan that report in each of five years, with 20,000 facilities, for measuring.

More than any city has: as many facilities as a province.
"""

from __future__ import annotations

from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Assessment
from cities.models import User
from facilities.models import Facility
from territories.choices import ReportState, UnitLevel
from territories.criteria import packaged_set
from territories.models import Report, Unit

KELURAHAN, DISTRICTS, FACILITIES = 600, 5, 20_000
DATA_YEARS = range(2019, 2024)
BATCH = 2000


def fill() -> None:
    with transaction.atomic():
        year = Assessment.objects.get(city__slug="kota-contoh", year=2024)
        add_units(year)
        add_facilities(year)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def add_units(year: Assessment) -> None:
    """As many kelurahan as it takes, the same to each kecamatan, and what all of them report."""
    districts = list(Unit.objects.filter(city=year.city_id, level=UnitLevel.KECAMATAN))
    known = Unit.objects.filter(city=year.city_id).exclude(parent=None).count()
    Unit.objects.bulk_create(
        [
            Unit(
                city_id=year.city_id,
                code=f"{districts[number % DISTRICTS].code}.2{number:03d}",
                name=f"Kelurahan Uji {number:03d}",
                level=UnitLevel.KELURAHAN,
                parent=districts[number % DISTRICTS],
            )
            for number in range(KELURAHAN - known)
        ]
    )
    author, now = User.objects.get(is_superuser=True), timezone.now()
    told = set(
        Report.objects.filter(unit__city=year.city_id).values_list("unit", "year", "criterion")
    )
    criteria = packaged_set("kla-2023")
    if criteria is None:
        raise LookupError("kla-2023")
    reports = (
        Report(
            unit=unit,
            year=data_year,
            criteria=criteria.code,
            criterion=criterion.code,
            state=ReportState.ACCEPTED,
            yes=(unit.pk + number) % 7 != 0,
            part=80 + number,
            whole=100,
            boys=number,
            girls=unit.pk % 3,
            written_at=now,
            written_by=author,
            sent_at=now,
            sent_by=author,
            decided_at=now,
            decided_by=author,
        )
        for unit in Unit.objects.filter(city=year.city_id)
        for data_year in DATA_YEARS
        for number, criterion in enumerate(criteria.of(unit.criterion_level))
        if (unit.pk, data_year, criterion.code) not in told
    )
    while batch := list(islice(reports, BATCH)):
        Report.objects.bulk_create(batch)


def add_facilities(year: Assessment) -> None:
    """Primary schools, spread over all units."""
    units = list(Unit.objects.filter(city=year.city_id).exclude(parent=None))
    author, now = User.objects.get(is_superuser=True), timezone.now()
    Facility.objects.bulk_create(
        [
            Facility(
                city_id=year.city_id,
                type="sra",
                kind="sd-mi",
                name=f"SD Uji {number}",
                unit=units[number % len(units)],
                at=now,
                by=author,
            )
            for number in range(FACILITIES)
        ],
        batch_size=BATCH,
    )
