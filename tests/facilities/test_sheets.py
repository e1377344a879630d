"""Facilities out as a sheet and back: preview, conflicts, nothing twice."""

import csv
import io
from datetime import date

import pytest

from facilities.models import Credential, Facility
from facilities.queries.boards import choices_sheet, sheet_of
from facilities.services.sheet_imports import FACILITIES, read_sheet
from facilities.sheets import TITLES, sorts
from imports.lines import Standing
from tests.assessments.situations import refused, secretary_of, staff_of
from tests.factories.facilities import CredentialFactory, FacilityFactory
from tests.factories.territories import UnitFactory, UnitSeatFactory
from tests.imports.situations import kept, lines_of, standings, taken, told
from workbooks.faults import UnreadableError
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
    return kept(FACILITIES, city, by, read_sheet(sheet(*rows), "lembar.csv"))


def shown(city, by, *rows):
    return lines_of(FACILITIES, keep(city, by, *rows))


def take(city, by, *rows, lines=()):
    outcome = taken(FACILITIES, keep(city, by, *rows), *lines)
    return outcome.added, outcome.changed


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

    assert take(city, by, said) == (2, 0)

    facility, paper = Facility.objects.get(), Credential.objects.get()
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
    before, trail = rows_there(), city.activities.count()

    again = keep(city, by, said)
    assert standings(FACILITIES, again) == [Standing.SAME, Standing.SAME]
    with refused("nothing"):
        taken(FACILITIES, again, "2")

    assert (rows_there(), city.activities.count()) == (before, trail)


def test_a_conflict_is_shown_and_taken_only_where_it_is_ticked(year, city):
    by = secretary_of(year)
    facility = FacilityFactory(city=city, name="Puskesmas A", address="Jl. Lama", contact="0725")
    said = row(address="Jl. Baru")

    [line] = shown(city, by, said)
    unticked = take(city, by, said, row("Puskesmas B"))
    still = Facility.objects.get(pk=facility.pk).address
    ticked = take(city, by, said, lines="2")

    assert told(line) == [("Alamat", "Jl. Lama", "Jl. Baru")]
    assert (unticked, still, ticked) == ((1, 0), "Jl. Lama", (0, 1))
    facility.refresh_from_db()
    assert (facility.address, facility.contact) == ("Jl. Baru", "0725")  # the unsaid is kept


def test_a_paper_that_ends_otherwise_is_a_conflict_too(year, city):
    by = secretary_of(year)
    paper = CredentialFactory(facility__city=city, facility__name="Puskesmas A", number="B-1")
    said = row(scheme="prap", number="B-1", issued_on="1-3-2024", expires_on="1-3-2026")

    facility, line = shown(city, by, said)
    take(city, by, said, lines=["2-surat"])

    assert facility.standing == Standing.SAME
    assert told(line) == [("Berlaku sampai", "1 Maret 2027", "1 Maret 2026")]
    paper.refresh_from_db()
    assert (Credential.objects.count(), paper.expires_on) == (1, date(2026, 3, 1))


def test_further_papers_of_a_new_facility_stand_in_further_rows(year, city):
    by = secretary_of(year)
    papers = [
        row(scheme=scheme, number=number, issued_on="2-1-2025")
        for scheme, number in (("sk", "1"), ("prap", "2"))
    ]

    assert [one.key for one in shown(city, by, *papers)] == ["2", "2-surat", "3-surat"]
    assert take(city, by, *papers) == (3, 0)

    assert Facility.objects.get().credentials.count() == 2


def test_a_facility_is_known_by_its_code_even_under_another_name(year, city):
    by = secretary_of(year)
    FacilityFactory(city=city, name="Puskesmas Lama", code="P-1")

    [line] = shown(city, by, row("Puskesmas Baru", code="P-1"))

    assert told(line) == [("Nama", "Puskesmas Lama", "Puskesmas Baru")]


def test_the_same_name_in_another_unit_is_another_facility(year, city):
    by = secretary_of(year)
    FacilityFactory(city=city, name="PUSKESMAS A", unit=UnitFactory(city=city))
    other = UnitFactory(city=city)

    assert take(city, by, row(unit=other.code)) == (1, 0)

    assert Facility.objects.count() == 2


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

    staged = keep(city, by, *faulty, row("Baik"))

    assert [one["name"] for one in staged.rows] == ["Baik"]
    assert len(staged.faults) == len(faulty)
    assert [fault.partition(":")[0] for fault in staged.faults] == [
        f"baris {line}" for line in range(2, 10)
    ]


def test_a_file_that_is_no_table_is_refused():
    with pytest.raises(UnreadableError):
        read_sheet(b"%PDF-1.7", "a.pdf")


def test_an_opd_brings_its_own_and_nothing_of_others(year, city):
    staff, disdik = staff_of(year, "DINKES"), city.opds.get(code="DISDIK")
    FacilityFactory(city=city, name="Milik lain", opd=disdik)
    rows = [row("Milik sendiri"), row("Milik lain"), row("Titipan", opd="DISDIK")]

    preview = [one.standing for one in shown(city, staff.user, *rows)]
    outcome = take(city, staff.user, *rows, lines="34")

    assert preview == [Standing.NEW, Standing.REFUSED, Standing.REFUSED]
    assert outcome == (1, 0)
    assert Facility.objects.get(name="Milik sendiri").opd == staff.opd


def test_the_people_of_a_unit_bring_what_lies_in_it(city):
    seat = UnitSeatFactory(unit__city=city)
    elsewhere = UnitFactory(city=city)
    rows = [row("Di sini", unit=seat.unit.code), row("Di sana", unit=elsewhere.code), row("Entah")]

    assert take(city, seat.membership.user, *rows) == (1, 0)

    assert Facility.objects.get().name == "Di sini"


def test_unknown_units_and_opds_are_told(year, city):
    by = secretary_of(year)
    rows = [row("A", unit="99.99"), row("B", opd="DINAS KARANGAN")]

    assert [(one.name, one.note) for one in shown(city, by, *rows)] == [
        ("Baris 2, A", "kode wilayah tidak dikenal di kota ini"),
        ("Baris 3, B", "OPD tidak dikenal di kota ini; pakai kode atau namanya"),
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
    staged = kept(FACILITIES, city, by, read_sheet(content, "fasilitas.csv"))

    assert (staged.faults, len(staged.rows)) == ([], 3)
    different = [line for line in lines_of(FACILITIES, staged) if line.standing != Standing.SAME]
    # Nothing runs on anybody's desk, so the number of this paper went out as plain text.
    assert [(line.standing, "'=1+1" in line.name) for line in different] == [(Standing.NEW, True)]
    assert rows_there() == before


def test_a_line_that_the_site_refuses_refuses_the_sheet_and_is_named(year, city):
    by = secretary_of(year)
    late = row("B", scheme="sk", number="1", issued_on="2-1-2025", expires_on="1-1-2024")

    staged = keep(city, by, row("A"), late)

    with refused("row") as refusal:
        taken(FACILITIES, staged)
    assert refusal.value.messages[0].startswith("Baris 3: ")


def test_the_choices_name_every_type_with_its_schemes():
    _header, lines = choices_sheet()

    assert {title for title, _scheme in lines} == set(sorts().values())
    assert [PRAP, "Standardisasi PRAP"] in lines
