"""The sheet of reports: out filled, back with a preview, applied once and as shown."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from assessments.sheets import SheetError
from cities.models import CityActivity, CityTrailEvent
from imports.lines import Standing, seen_of
from imports.models import StagedImport
from territories.choices import CriterionLevel, ReportState
from territories.criteria import Said, set_for
from territories.models import Report
from territories.services.sheets import REPORTS, SEND, reading_of
from territories.sheets.layout import Identity
from territories.sheets.reading import KnownUnit, read_reports
from territories.sheets.rows import FileRow, stands
from territories.sheets.writing import UnitLine, header_of, lines_of
from tests.assessments.situations import NOW, later, refused
from tests.factories.cities import MembershipFactory
from tests.factories.territories import ReportFactory, UnitFactory, UnitSeatFactory
from tests.imports import situations
from tests.imports.situations import taken, told

CRITERIA = set_for("kla-2023")
HERE = Identity("kota", 2025, "kla-2023")
ASKED = CRITERIA.of(CriterionLevel.KELURAHAN)
UNITS = {
    code: KnownUnit(code, f"Wilayah {code}", CriterionLevel.KELURAHAN)
    for code in ("72.01.1001", "72.01.1002")
}


def line(code, **said):
    known = [said.get(f"k{one.code.replace('.', '_')}", Said()) for one in ASKED]
    return UnitLine(code, f"Wilayah {code}", "Utara", known)


def exported(*lines):
    return [header_of(ASKED), *lines_of(lines, ASKED, HERE)]


def written(table, title="Kelurahan dan desa"):
    book = Workbook()
    book.active.title = title
    for row in table:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def filled(table, row, **cells):
    at = table[row]
    for title, value in cells.items():
        at[table[0].index(title.replace("_", " ").replace("k", "", 1).replace("x", "."))] = value
    return table


def read(table, units=UNITS, identity=HERE):
    return read_reports(written(table), "l.xlsx", identity=identity, criteria=CRITERIA, units=units)


def faults(table, **kwargs):
    with pytest.raises(SheetError) as caught:
        read(table, **kwargs)
    return [str(fault) for fault in caught.value.faults]


def test_what_goes_out_comes_back_and_says_the_same():
    said = {"k26_4": Said(yes=True), "k26_6": Said(part=9, whole=10), "k26_7": Said(nil=True)}

    rows = read(exported(line("72.01.1001", **said), line("72.01.1002")))

    assert {row.criterion: row.said for row in rows} == {
        "26.4": Said(yes=True),
        "26.6": Said(part=9, whole=10),
        "26.7": Said(nil=True),
    }
    assert [stands(row, row.said) for row in rows] == [(False, False)] * 3
    assert [FileRow.of_json(row.as_json()) for row in rows] == rows


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"k26x4_ya/tidak": "mungkin"}, "“mungkin” bukan ya atau tidak."),
        ({"k26x6_bagian": 9}, "isi kedua jumlahnya."),
        ({"k26x6_bagian": 11, "k26x6_seluruhnya": 10}, "jumlah pertama antara 0"),
        ({"k26x6_bagian": "1.250", "k26x6_seluruhnya": 9999}, "bukan bilangan bulat"),
        ({"k26x6_bagian": -1, "k26x6_seluruhnya": 9}, "bukan bilangan bulat"),
        ({"k26x7_laki-laki": 0, "k26x7_perempuan": 0}, "centang nihil"),
        ({"k26x7_laki-laki": "nihil", "k26x7_perempuan": 3}, "nihil dicentang"),
        ({"k26x7_laki-laki": 10**30, "k26x7_perempuan": 3}, "terlalu besar"),
        ({"ksumber": "NIK 3171011234567890"}, "seperti NIK"),
        ({"ksumber": "x" * 201}, "Sumber 201 karakter"),
        ({"kkode": "72.01.9999"}, "bukan kode wilayah yang dapat Anda laporkan"),
        ({"kkode": None, "ksumber": "x"}, "Baris terisi tanpa kode wilayah."),
        ({"kkode": "72.01.1002"}, "sudah ada di"),
        ({"ktanda": "0" * 160}, "Tanda tidak cocok"),
    ],
)
def test_each_fault_is_told_with_its_cell_and_nothing_is_taken(cells, sentence):
    table = filled(exported(line("72.01.1002"), line("72.01.1001")), 2, **cells)
    filled(table, 1, **{"k26x4_ya/tidak": "ya"})

    told = faults(table)

    assert [sentence in one and "sel " in one for one in told] == [True]


def test_a_mark_of_another_year_or_unit_is_refused():
    table = exported(line("72.01.1001"))

    assert len(faults(table, identity=Identity("kota", 2024, "kla-2023"))) == 1
    table[1][0] = "72.01.1002"
    assert len(faults(table)) == 1


def test_a_criterion_that_the_set_does_not_have_is_told_and_own_columns_are_left_alone():
    table = exported(line("72.01.1001", k26_4=Said(yes=True)))
    table[0].append("Catatan camat")
    table[1].append("bagus")
    assert len(read(table)) == 1

    table[0].append("27.1 ya/tidak")
    [fault] = faults(table)
    assert "Kriteria “27.1” tidak ada" in fault


def test_a_criterion_of_the_kecamatan_is_not_taken_of_a_kelurahan():
    [fault] = faults([["kode", "25.2 ya/tidak"], ["72.01.1001", "ya"]])

    assert "Kriteria 25.2 tidak ditanyakan kepada" in fault


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "kosong"), (b"%PDF-1.7", "bukan tabel"), (b"kode\n72.01.1001\n", "tidak ada")],
)
def test_what_is_no_sheet_is_refused(content, word):
    with pytest.raises(SheetError, match=word):
        read_reports(content, "l.csv", identity=HERE, criteria=CRITERIA, units=UNITS)


@pytest.mark.parametrize(
    ("seen", "site", "given", "stands_so"),
    [
        (Said(), Said(), Said(yes=True), (True, False)),
        (Said(yes=True), Said(yes=True), Said(yes=False), (True, False)),
        (Said(yes=True), Said(yes=False), Said(yes=True), (False, False)),  # left as exported
        (Said(yes=True), Said(yes=False), Said(nil=True), (True, True)),
        (None, Said(), Said(yes=True), (True, False)),
        (None, Said(yes=False), Said(yes=True), (True, True)),
    ],
)
def test_file_site_and_what_was_exported_are_compared(seen, site, given, stands_so):
    table = exported(line("72.01.1001", k26_4=seen or Said()))
    digest = read(filled(table, 1, **{"k26x4_ya/tidak": "ya"}))[0].seen if seen is not None else ""

    row = FileRow("72.01.1001", "26.4", given, "", "", 1, seen=digest)

    assert stands(row, site) == stands_so


# --- With what the site holds -------------------------------------------------------------------

pytest_db = pytest.mark.django_db


@pytest.fixture
def unit(year):
    return UnitFactory(city=year.city)


@pytest.fixture
def camat(unit):
    return UnitSeatFactory(unit=unit.parent).membership.user


def kept(unit, by, *rows, at=NOW):
    about = {"year": 2025, "criteria": CRITERIA.code}
    return situations.kept(REPORTS, unit.city, by, reading_of(rows), at=at, **about)


def row(unit, yes=True, criterion="26.4", **fields):
    return FileRow(unit.code, criterion, Said(yes=yes), "SK 1", "", 3, **fields)


def confirm(one, *from_file, sends=False, **more):
    option = SEND if sends else ""
    outcome = taken(REPORTS, one, *from_file, option=option, at=later(), **more)
    return outcome.added, outcome.changed


@pytest_db
def test_a_confirmed_sheet_is_written_once_and_sent_where_asked(unit, camat):
    one = kept(unit, camat, row(unit))
    assert not Report.objects.exists()

    assert confirm(one, sends=True) == (1, 0)

    report = Report.objects.get()
    assert (report.state, report.yes, report.source, report.sent_by) == (
        ReportState.SENT,
        True,
        "SK 1",
        camat,
    )
    assert CityActivity.objects.get().deed == CityTrailEvent.REPORTS_SENT
    with refused("gone"):
        confirm(one, seen="x")
    again = kept(unit, camat, row(unit))
    with refused("nothing"):
        confirm(again)
    assert Report.objects.count() == 1


@pytest_db
def test_a_draft_is_written_again_and_a_returned_one_gets_a_new_one_beside_it(unit, camat):
    ReportFactory(unit=unit, draft=True, yes=False)
    ReportFactory(unit=unit, criterion="26.5", state="returned", yes=False, reason="Salah")
    rows = [row(unit), row(unit, criterion="26.5")]
    one = kept(unit, camat, *rows)
    keys = [each.key for each in rows]

    assert confirm(one, *keys) == (0, 2)

    assert list(Report.objects.order_by("pk").values_list("criterion", "state", "yes")) == [
        ("26.4", "draft", True),
        ("26.5", "returned", False),
        ("26.5", "draft", True),
    ]


@pytest_db
def test_sent_and_accepted_reports_are_shown_as_what_is_in_the_way(unit, camat):
    ReportFactory(unit=unit, sent=True, yes=False)
    accepted = ReportFactory(unit=unit, criterion="26.5", yes=False)
    one = kept(unit, camat, row(unit), row(unit, criterion="26.5"), row(unit, criterion="26.2"))

    assert [(each.key, each.standing) for each in situations.lines_of(REPORTS, one)] == [
        (f"{unit.code}:26.4", Standing.REFUSED),
        (f"{unit.code}:26.5", Standing.CONFLICT),
        (f"{unit.code}:26.2", Standing.NEW),
    ]
    assert confirm(one, f"{unit.code}:26.4") == (1, 0)  # not even when named
    accepted.refresh_from_db()
    assert (accepted.state, accepted.yes) == (ReportState.ACCEPTED, False)


@pytest_db
def test_a_site_that_moved_since_the_preview_takes_nothing(unit, camat):
    one = kept(unit, camat, row(unit))
    seen = seen_of(situations.lines_of(REPORTS, one))
    ReportFactory(unit=unit, draft=True, yes=False)

    with refused("moved"):
        confirm(one, seen=seen)

    assert list(Report.objects.values_list("yes", flat=True)) == [False]
    assert StagedImport.objects.exists()


@pytest_db
def test_only_those_who_may_keep_one_and_nobody_confirms_anothers(unit, camat):
    with pytest.raises(PermissionDenied):
        kept(unit, MembershipFactory(admin_kota=True, city=unit.city).user, row(unit))
    one = kept(unit, camat, row(unit))

    with refused("gone"):
        confirm(one, by=MembershipFactory(gugus_tugas=True, city=unit.city).user)


@pytest_db
def test_a_row_of_a_unit_that_is_not_the_persons_is_not_written(unit, camat):
    other = UnitFactory(city=unit.city)
    one = kept(unit, camat, row(other), row(unit))

    assert confirm(one, f"{other.code}:26.4") == (1, 0)

    assert list(Report.objects.values_list("unit", flat=True)) == [unit.pk]


@pytest_db
def test_on_pages_the_sheet_goes_out_comes_back_and_is_confirmed(year, unit, camat):
    ReportFactory(unit=unit, draft=True, yes=False)
    client = Client()
    client.force_login(camat)
    place = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/lembar/"
    book = load_workbook(BytesIO(client.get(f"{place}unduh/").getvalue()))
    assert book.sheetnames == ["Petunjuk", "Kecamatan", "Kelurahan dan desa"]
    sheet = book["Kelurahan dan desa"]
    titles = [cell.value for cell in sheet[2]]
    assert (sheet.cell(3, 1).value, sheet.cell(3, titles.index("26.4 ya/tidak") + 1).value) == (
        unit.code,
        "tidak",
    )
    sheet.cell(3, titles.index("26.4 ya/tidak") + 1).value = "ya"
    content = BytesIO()
    book.save(content)

    page = client.post(place, {"file": SimpleUploadedFile("l.xlsx", content.getvalue())})
    preview = client.get(page.url)
    [line] = preview.context["groups"]["changed"]
    assert told(line) == [("Isian", "tidak", "ya")]
    said = {"seen": preview.context["seen"], "simpan": "kirim"}
    done = client.post(page.url, said, follow=True)

    assert "0 baris ditambahkan, 1 diperbarui." in done.text
    assert list(Report.objects.values_list("state", "yes")) == [("sent", True)]
    table = client.get(f"{place}unduh/", {"unduh": "csv"}).getvalue().decode()
    assert [part in table for part in (unit.code, ";ya;")] == [True, True]


@pytest_db
def test_a_hostile_workbook_is_refused_on_the_page_and_an_import_is_discarded(year, unit, camat):
    client = Client()
    client.force_login(camat)
    place = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/lembar/"

    page = client.post(place, {"file": SimpleUploadedFile("l.xlsx", b"PK\x03\x04broken")})
    assert "bukan tabel" in page.text
    one = kept(unit, camat, row(unit), at=timezone.now())
    discarded = client.post(f"{place}{one.pk}/buang/")
    assert (discarded.status_code, StagedImport.objects.count()) == (302, 0)


@pytest_db
@pytest.mark.parametrize("key", ["7", "0b5c6a2e-7d1f-4a53-9a63-3f1f0c0f6b11"])
@pytest.mark.parametrize("rest", ["", "buang/"])
def test_a_preview_of_the_release_before_says_to_upload_it_again(year, camat, key, rest):
    client = Client()
    client.force_login(camat)
    place = f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/lembar/"

    answer = client.post(f"{place}{key}/{rest}", {"seen": "", "simpan": "kirim"})

    assert answer.status_code == 404
    assert "Unggah lembarnya lagi." in answer.text
    assert f'href="{place}"' in answer.text


@pytest_db
def test_a_disputed_answer_names_who_wrote_the_one_on_the_site(unit, camat):
    ReportFactory(unit=unit, draft=True, yes=False, written_by=camat)
    gone = row(unit, criterion="26.5", seen="0" * 8)  # went out filled, taken away since

    first, second = situations.lines_of(REPORTS, kept(unit, camat, row(unit), gone))

    words = "Isian di situs berbeda dari saat lembar diunduh."
    assert first.note.startswith(f"{words} {camat}, ")
    assert (second.standing, second.note) == (Standing.CONFLICT, words)
