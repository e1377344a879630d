"""Facilities out as a sheet and back: preview, conflicts, nothing twice."""

import csv
import io
from datetime import date

from cities.permissions import member_of
from facilities.models import Credential, Facility, FacilityImport
from facilities.queries.boards import choices_sheet, sheet_of
from facilities.services.sheet_imports import counts_of, keep_sheet, preview_of, take_sheet
from facilities.sheets import TITLES, read_rows, sorts
from tests.assessments.situations import NOW, refused, secretary_of, staff_of
from tests.factories.facilities import CredentialFactory, FacilityFactory, FacilityImportFactory
from tests.factories.territories import UnitFactory, UnitSeatFactory
from workbooks.writing import csv_lines

PRAP = "Pelayanan Ramah Anak di Puskesmas (PRAP)"
KEPT = {"pk", "city"}


def sheet(*rows):
    """A CSV with a column for every field that a row names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([TITLES[name][0] for name in names])
    for row in rows:
        writer.writerow([row.get(name, "") for name in names])
    return out.getvalue().encode()


def row(name="Puskesmas A", **fields):
    return {"sort": PRAP, "name": name, **fields}


def keep(city, by, *rows):
    return keep_sheet(city=city, content=sheet(*rows), name="lembar.csv", by=by, at=NOW)


def take(city, by, *rows, lines=()):
    kept = keep(city, by, *rows)
    return take_sheet(kept_id=kept.pk, city=city, lines=set(lines), by=by, at=NOW)


def rows_there():
    facilities = list(Facility.objects.order_by("pk").values())
    return facilities, list(Credential.objects.order_by("pk").values())


def test_a_row_becomes_a_facility_with_its_paper(year, city):
    by, unit = secretary_of(year), UnitFactory(city=city)
    said = row(
        code="P-1", unit=unit.code, opd="dinkes", address="Jl. Mawar", staff="12", trained="3",
        active_from="1-2-2020", scheme="Standardisasi PRAP", level="Utama", number="B-7",
        issued_on="21 November 2025",
    )  # fmt: skip

    outcome = take(city, by, said)

    facility, paper = Facility.objects.get(), Credential.objects.get()
    assert (outcome.added, outcome.changed, outcome.papers) == (1, 0, 1)
    assert (facility.type, facility.code, facility.unit, facility.opd.code) == (
        "prap", "P-1", unit, "DINKES",
    )  # fmt: skip
    assert (facility.staff, facility.trained, facility.active_from) == (12, 3, date(2020, 2, 1))
    assert (paper.number, paper.level, paper.issued_on) == ("B-7", "Utama", date(2025, 11, 21))
    assert paper.expires_on == date(2028, 11, 21)  # three years, as the scheme says


def test_the_same_sheet_again_changes_nothing(year, city):
    by = secretary_of(year)
    said = row(address="Jl. Mawar", scheme="sk", number="1", issued_on="2-1-2025")
    take(city, by, said)
    before, told = rows_there(), city.activities.count()

    preview = preview_of(keep(city, by, said), member_of(by, city))
    outcome = take(city, by, said, lines={2})

    assert counts_of(preview) == {"new": 0, "papers": 0, "different": 0, "refused": 0}
    assert (outcome.added, outcome.changed, outcome.papers) == (0, 0, 0)
    assert (rows_there(), city.activities.count()) == (before, told)


def test_one_sheet_is_taken_once(year, city):
    by = secretary_of(year)
    kept = keep(city, by, row())
    take_sheet(kept_id=kept.pk, city=city, lines=set(), by=by, at=NOW)

    with refused("taken"):
        take_sheet(kept_id=kept.pk, city=city, lines=set(), by=by, at=NOW)

    assert Facility.objects.count() == 1


def test_a_conflict_is_shown_and_taken_only_where_it_is_ticked(year, city):
    by = secretary_of(year)
    facility = FacilityFactory(city=city, name="Puskesmas A", address="Jl. Lama", contact="0725")
    said = row(address="Jl. Baru")

    [shown] = preview_of(keep(city, by, said), member_of(by, city))
    unticked = take(city, by, said)
    still = Facility.objects.get().address
    ticked = take(city, by, said, lines={2})

    assert [(one.label, one.here, one.there) for one in shown.differences] == [
        ("Alamat", "Jl. Lama", "Jl. Baru")
    ]
    assert (unticked.changed, still, ticked.changed) == (0, "Jl. Lama", 1)
    facility.refresh_from_db()
    assert (facility.address, facility.contact) == ("Jl. Baru", "0725")  # the unsaid is kept


def test_a_paper_that_ends_otherwise_is_a_conflict_too(year, city):
    by = secretary_of(year)
    paper = CredentialFactory(facility__city=city, facility__name="Puskesmas A", number="B-1")
    said = row(scheme="prap", number="B-1", issued_on="1-3-2024", expires_on="1-3-2026")

    [shown] = preview_of(keep(city, by, said), member_of(by, city))
    take(city, by, said, lines={2})

    assert [one.label for one in shown.differences] == ["Berlaku sampai"]
    paper.refresh_from_db()
    assert (Credential.objects.count(), paper.expires_on) == (1, date(2026, 3, 1))


def test_further_papers_of_a_new_facility_stand_in_further_rows(year, city):
    by = secretary_of(year)
    papers = [
        row(scheme=scheme, number=number, issued_on="2-1-2025")
        for scheme, number in (("sk", "1"), ("prap", "2"))
    ]

    preview = preview_of(keep(city, by, *papers), member_of(by, city))
    outcome = take(city, by, *papers)

    assert counts_of(preview) == {"new": 1, "papers": 2, "different": 0, "refused": 0}
    assert (outcome.added, outcome.papers) == (1, 2)


def test_a_facility_is_known_by_its_code_even_under_another_name(year, city):
    by = secretary_of(year)
    FacilityFactory(city=city, name="Puskesmas Lama", code="P-1")

    [shown] = preview_of(keep(city, by, row("Puskesmas Baru", code="P-1")), member_of(by, city))

    assert [(one.label, one.there) for one in shown.differences] == [("Nama", "Puskesmas Baru")]


def test_the_same_name_in_another_unit_is_another_facility(year, city):
    by = secretary_of(year)
    FacilityFactory(city=city, name="PUSKESMAS A", unit=UnitFactory(city=city))
    other = UnitFactory(city=city)

    outcome = take(city, by, row(unit=other.code))

    assert (outcome.added, Facility.objects.count()) == (1, 2)


def test_rows_with_faults_are_told_with_their_cell_and_the_others_can_be_taken(year, city):
    by = secretary_of(year)
    faulty = [
        {"sort": "Taman", "name": "A"},
        {"sort": PRAP, "name": ""},
        row("C", staff="banyak"),
        row("D", scheme="rbra", number="1", issued_on="1-1-2025"),
        row("E", scheme="sk", issued_on="1-1-2025"),
        row("F", scheme="sk", number="1"),
        row("G", active_to="kemarin"),
        row("H", provides="mau"),
    ]

    kept = keep(city, by, *faulty, row("Baik"))

    assert [one["name"] for one in kept.rows] == ["Baik"]
    assert len(kept.faults) == len(faulty)
    assert [fault.partition(":")[0] for fault in kept.faults] == [
        f"baris {line}" for line in range(2, 10)
    ]


def test_a_file_that_is_no_table_is_refused(year, city):
    with refused("unreadable"):
        keep_sheet(city=city, content=b"%PDF-1.7", name="a.pdf", by=secretary_of(year), at=NOW)


def test_an_opd_brings_its_own_and_nothing_of_others(year, city):
    staff, disdik = staff_of(year, "DINKES"), city.opds.get(code="DISDIK")
    FacilityFactory(city=city, name="Milik lain", opd=disdik)
    rows = [row("Milik sendiri"), row("Milik lain"), row("Titipan", opd="DISDIK")]

    preview = preview_of(keep(city, staff.user, *rows), staff)
    outcome = take(city, staff.user, *rows, lines={3, 4})

    assert [bool(one.refused) for one in preview] == [False, True, True]
    assert (outcome.added, outcome.changed) == (1, 0)
    assert Facility.objects.get(name="Milik sendiri").opd == staff.opd


def test_the_people_of_a_unit_bring_what_lies_in_it(city):
    seat = UnitSeatFactory(unit__city=city)
    elsewhere = UnitFactory(city=city)
    rows = [row("Di sini", unit=seat.unit.code), row("Di sana", unit=elsewhere.code), row("Entah")]

    outcome = take(city, seat.membership.user, *rows)

    assert (outcome.added, Facility.objects.get().name) == (1, "Di sini")


def test_unknown_units_and_opds_are_told(year, city):
    by = secretary_of(year)
    rows = [row("A", unit="99.99"), row("B", opd="DINAS KARANGAN")]

    preview = preview_of(keep(city, by, *rows), member_of(by, city))

    assert [one.refused for one in preview] == [
        "kode wilayah tidak dikenal di kota ini",
        "OPD tidak dikenal di kota ini; pakai kode atau namanya",
    ]


def test_what_goes_out_comes_back_as_the_same(year, city):
    by, unit = secretary_of(year), UnitFactory(city=city)
    facility = FacilityFactory(
        city=city, name="Kantor, A;B", code="007", office=True, unit=unit, provides=False,
        opd=city.opds.get(code="DINKES"), staff=4, trained=2, active_from=date(2020, 1, 2),
    )  # fmt: skip
    CredentialFactory(facility=facility, decree=True, number="=1+1", expires_on=None)
    CredentialFactory(facility=facility, decree=True, number="421/77", level="A")
    FacilityFactory(city=city, school=True)
    before = rows_there()

    content = "".join(csv_lines(*sheet_of(Facility.objects.filter(city=city)))).encode()
    rows, faults = read_rows(content, "fasilitas.csv")
    kept = keep_sheet(city=city, content=content, name="fasilitas.csv", by=by, at=NOW)
    preview = preview_of(kept, member_of(by, city))

    assert (faults, len(rows)) == ([], 3)
    different = [(one.row.name, one.differences) for one in preview if one.differences]
    assert different == []
    assert rows_there() == before


def test_the_newest_sheet_of_a_person_takes_the_place_of_the_one_before(year, city):
    by = secretary_of(year)
    FacilityImportFactory(city=city)  # a colleague's
    keep(city, by, row("A"))

    second = keep(city, by, row("B"))

    assert FacilityImport.objects.filter(by=by).get() == second
    assert FacilityImport.objects.count() == 2


def test_the_choices_name_every_type_with_its_schemes():
    _header, lines = choices_sheet()

    assert {title for title, _scheme in lines} == set(sorts().values())
    assert [PRAP, "Standardisasi PRAP"] in lines
