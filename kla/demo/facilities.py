"""The facilities of the demonstration city: schools, puskesmas, offices, with papers that end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assessments.models import Assessment
from cities.models import City, Membership, Opd, User
from facilities.models import Facility
from facilities.services.facilities import (
    CredentialFacts,
    FacilityFacts,
    record_credential,
    record_facility,
    record_use,
)
from facilities.services.findings import FindingFacts, record_finding
from facilities.services.routes import add_stop, create_route
from facilities.services.visits import Findings, record_visit
from facilities.types import catalogue
from kla.demo.cast import OPD_STAFF, SECRETARIAT
from kla.demo.diary import Diary
from territories.models import Unit

SCHOOLS = {"tk-ra": "TK", "sd-mi": "SD Negeri", "smp-mts": "SMP Negeri", "sma-ma-smk": "SMA Negeri"}
OFFICES = ("Balai Kota", "Kantor Dinas Kesehatan", "Kantor Dinas Sosial", "Kantor Bappeda")
PUBLIC = ("Terminal Contoh", "Pasar Contoh", "Stasiun Contoh", "RSUD Contoh")
RECORDED = 20  # working days before today
ENDING = (20, 75, 160)  # days from now at which a certificate ends
LONG_AGO, LAPSED_ON = date(2020, 2, 3), date(2023, 2, 2)


@dataclass(frozen=True, slots=True)
class Book:
    """Where everything is recorded: the city, who does it and when."""

    city: City
    by: User
    at: datetime
    opds: Mapping[str, Opd]
    units: list[Unit]

    def record(self, number: int, opd: str, **facts: object) -> Facility:
        unit = self.units[number % len(self.units)]
        said = FacilityFacts(unit=unit, opd=self.opds[opd], **facts)  # type: ignore[arg-type]
        return record_facility(city=self.city, facts=said, by=self.by, at=self.at)

    def paper(self, facility: Facility, scheme: str, number: str, **facts: object) -> None:
        said = CredentialFacts(scheme, number, **facts)  # type: ignore[arg-type]
        record_credential(facility_id=facility.pk, facts=said, by=self.by, at=self.at)


def fill_facilities(
    assessment: Assessment, *, members: Mapping[str, Membership], at: datetime
) -> None:
    """Recorded before the year's evaluation ended, so that two questions have an answer."""
    city, diary = assessment.city, Diary(at, assessment.city.zone)
    book = Book(
        city=city,
        by=members[SECRETARIAT.email].user,
        at=diary.moment(RECORDED, 0),
        opds={opd.code: opd for opd in city.opds.all()},
        units=list(Unit.objects.filter(city=city).exclude(parent=None)),
    )
    schools = list(_schools(book))
    puskesmas = _puskesmas(book, today=diary.today)
    offices = list(_offices(book))
    _visit(book, offices[0], members, today=diary.today)
    _findings(book, offices[0], today=diary.today)
    route = create_route(
        city=city,
        name="Verifikasi lapangan hybrid",
        on=diary.today + timedelta(days=14),
        by=book.by,
        at=book.at,
    )
    for facility, receiver in (
        (schools[0], "Kepala sekolah"),
        (puskesmas[0], "Kepala puskesmas"),
        (offices[0], "Kepala bagian umum"),
    ):
        add_stop(
            route_id=route.pk,
            facility=facility,
            unit=None,
            receiver=receiver,
            by=book.by,
            at=book.at,
        )
    add_stop(
        route_id=route.pk,
        facility=None,
        unit=book.units[0],
        receiver="Lurah",
        by=book.by,
        at=book.at,
    )


def _schools(book: Book) -> Iterator[Facility]:
    """Ten of each level; a quarter has no decree yet."""
    for kind, name in SCHOOLS.items():
        for number in range(10):
            school = book.record(
                number, "DISDIK", type="sra", kind=kind, name=f"{name} {number + 1} Kota Contoh"
            )
            if number % 4 != 3:
                decree = f"421/{len(SCHOOLS) * number + 1}/2022"
                book.paper(school, "sk", decree, issued_on=date(2022, 7, 18))
            yield school


def _puskesmas(book: Book, *, today: date) -> list[Facility]:
    """Eight, each with a decree but the last; certificates near their end, and one that lapsed."""
    found = []
    for number in range(8):
        one = book.record(
            5 * number,
            "DINKES",
            type="prap",
            kind="",
            name=f"Puskesmas Contoh {number + 1}",
            staff=30 + number,
            trained=4 + number,
        )
        if number < 7:
            book.paper(one, "sk", f"440/{number + 11}/2021", issued_on=date(2021, 3, 1))
        if number < len(ENDING):
            ends = today + timedelta(days=ENDING[number])
            issued = ends.replace(year=ends.year - 3, day=min(ends.day, 28))
            book.paper(one, "prap", f"B-{number + 1}/PRAP", issued_on=issued, expires_on=ends)
        elif number == len(ENDING):
            book.paper(one, "prap", "B-9/PRAP", issued_on=LONG_AGO, expires_on=LAPSED_ON)
        record_use(
            facility_id=one.pk,
            year=today.year - 1,
            boys=310 + number,
            girls=298 + number,
            special=6,
            by=book.by,
            at=book.at,
        )
        found.append(one)
    return found


def _offices(book: Book) -> Iterator[Facility]:
    """Offices and public places, with a nursing room, without, and not looked at yet."""
    for kind, names in (("kantor", OFFICES), ("fasilitas-umum", PUBLIC)):
        for number, name in enumerate(names):
            has_room = {0: True, 1: True, 2: False, 3: None}[number]
            sort = {"type": "ruang-asi", "kind": kind, "name": name, "provides": has_room}
            yield book.record(number, "DINKES", **sort)


def _visit(book: Book, office: Facility, members: Mapping[str, Membership], *, today: date) -> None:
    asked = catalogue().types["ruang-asi"].checklists[0]
    answers = {item.code: "tidak" if item.code == "wastafel" else "ya" for item in asked.items}
    staff = next(person for person in OPD_STAFF if person.opd == "DINKES")
    record_visit(
        facility_id=office.pk,
        checklist=asked.code,
        on=today - timedelta(days=9),
        found=Findings(answers),
        note="Wastafel masih di luar ruangan.",
        by=members[staff.email].user,
        at=book.at + timedelta(days=20),
    )


def _findings(book: Book, office: Facility, *, today: date) -> None:
    """One that is due soon and one that is late, both with the OPD of the office.

    The late one was noted before the meeting that decided about it (`taskforce.HELD`).
    """
    for sentence, found, due in (
        ("Wastafel belum ada di dalam ruangan", -9, 6),
        ("Pintu tidak dapat dikunci dari dalam", -26, -4),
    ):
        facts = FindingFacts(
            sentence,
            "Ruang ASI lantai 1",
            opd=office.opd,
            found_on=today + timedelta(days=found),
            due_on=today + timedelta(days=due),
        )
        moment = book.at + timedelta(days=29 + found)
        record_finding(facility_id=office.pk, facts=facts, file=None, by=book.by, at=moment)
