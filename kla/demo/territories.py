"""The kecamatan and kelurahan of the demonstration city, and what they report for 2023."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assessments.models import Assessment
from cities.models import City, District, Membership, User, Village, VillageKind
from kla.demo.boundaries import give_boundaries
from kla.demo.cast import ADMIN, CAMAT, LURAH, SECRETARIAT
from kla.demo.diary import Diary
from territories.choices import CriterionKind, CriterionLevel
from territories.criteria import Criterion, Said
from territories.models import Unit
from territories.queries.boards import ReportingYear, reporting_year
from territories.services.reports import Entry, accept_reports, save_reports, send_reports
from territories.services.units import change_unit, load_units

DISTRICTS = ("Contoh Utara", "Contoh Timur", "Contoh Selatan", "Contoh Barat", "Contoh Tengah")
VILLAGES = (
    "Mekar Jaya", "Sukamaju", "Harapan", "Karang Indah", "Sumber Asih", "Tirta Kencana",
    "Bina Warga", "Margo Rukun",
)  # fmt: skip
SILENT = 2  # kelurahan that have not reported yet
WAITING = 3  # and those whose report nobody has looked at
# Working days before today.
LOADED, SENT, ACCEPTED = 27, 12, 10


def fill_territories(
    assessment: Assessment, *, members: Mapping[str, Membership], at: datetime
) -> None:
    """Units with their people, and reports of nearly all of them. No answer is touched."""
    city, diary = assessment.city, Diary(at, assessment.city.zone)
    _regions(city)
    admin = members[ADMIN.email].user
    load_units(city=city, by=admin, at=diary.moment(LOADED, 0))
    camat, lurah = members[CAMAT.email], members[LURAH.email]
    district, village = (city.units.get(name=name) for name in (DISTRICTS[0], VILLAGES[0]))
    for unit, person in ((district, camat), (village, lurah)):
        change_unit(
            unit_id=unit.pk,
            head=person.user.name,
            contact="",
            members=[person.pk],
            by=admin,
            at=diary.moment(LOADED, 1),
        )
    give_boundaries(members[SECRETARIAT.email], at=diary.moment(LOADED, 2))
    _report(assessment, diary, admin=admin, camat=camat, secretary=members[SECRETARIAT.email].user)
    # Whoever spoke for each kecamatan in turn sits where they belong again.
    change_unit(
        unit_id=district.pk,
        head=camat.user.name,
        contact="",
        members=[camat.pk],
        by=admin,
        at=diary.moment(ACCEPTED, 3),
    )


def _regions(city: City) -> None:
    """Five kecamatan with eight kelurahan each; no official code begins with 00."""
    districts = [
        District(city=city, code=f"{city.code}.{number:02d}", name=name)
        for number, name in enumerate(DISTRICTS, 1)
    ]
    District.objects.bulk_create(districts)
    Village.objects.bulk_create(
        Village(
            district=district,
            code=f"{district.code}.{1001 + number}",
            name=name if district is districts[0] else f"{name} {district.name.split()[-1]}",
            kind=VillageKind.KELURAHAN,
        )
        for district in districts
        for number, name in enumerate(VILLAGES)
    )


def _report(
    assessment: Assessment, diary: Diary, *, admin: User, camat: Membership, secretary: User
) -> None:
    reporting = reporting_year(assessment)
    districts = list(Unit.objects.filter(city=assessment.city, parent=None))
    villages = list(Unit.objects.filter(city=assessment.city).exclude(parent=None))
    for district in districts:
        change_unit(
            unit_id=district.pk,
            head=district.head,
            contact="",
            members=[camat.pk],
            by=admin,
            at=diary.moment(SENT, 0),
        )
        below = [unit for unit in villages if unit.parent_id == district.pk]
        for unit in (district, *below):
            number = villages.index(unit) if unit in villages else districts.index(unit)
            if unit in villages and number >= len(villages) - SILENT:
                continue
            waits = unit in villages and number >= len(villages) - SILENT - WAITING
            _hand_in(unit, number, reporting, diary, camat=camat.user)
            if not waits:
                _accept(unit, reporting, diary, by=secretary)


def _hand_in(
    unit: Unit, number: int, reporting: ReportingYear, diary: Diary, *, camat: User
) -> None:
    asked = reporting.criteria.of(CriterionLevel.of(unit.level))
    entries = {
        criterion.code: Entry(_said(criterion, number + place), "laporan peragaan")
        for place, criterion in enumerate(asked)
    }
    place: dict[str, Any] = {
        "unit_id": unit.pk,
        "year": reporting.year,
        "criteria": reporting.criteria,
    }
    save_reports(**place, entries=entries, by=camat, at=diary.moment(SENT, 1))
    send_reports(**place, by=camat, at=diary.moment(SENT, 2))


def _accept(unit: Unit, reporting: ReportingYear, diary: Diary, *, by: User) -> None:
    seen = set(unit.reports.values_list("pk", flat=True))
    accept_reports(
        unit_id=unit.pk,
        year=reporting.year,
        criteria=reporting.criteria,
        seen=seen,
        by=by,
        at=diary.moment(ACCEPTED, 0),
    )


def _said(criterion: Criterion, number: int) -> Said:
    """Mostly good, and not the same everywhere."""
    if criterion.kind == CriterionKind.YES_NO:
        return Said(yes=number % 7 != 0)
    if criterion.kind == CriterionKind.RATIO:
        whole = 400 + 13 * number
        return Said(part=whole - number % 6 * 20, whole=whole)
    if number % 3:
        return Said(nil=True)
    return Said(boys=number % 4, girls=1 + number % 2)
