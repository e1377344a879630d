"""A list of people to invite: the empty workbook, and reading it back."""

import io

import openpyxl
import pytest

from cities.member_sheets import empty_sheet, read_members
from cities.roles import Role
from tests.factories.cities import (
    AgencyAliasFactory,
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
)

pytestmark = pytest.mark.django_db

HEADER = ("nama", "e-mail", "peran", "opd")


@pytest.fixture
def city():
    return CityFactory()


@pytest.fixture
def dinkes(city):
    return OpdFactory(city=city, code="DINKES", name="Dinas Kesehatan")


def csv_of(*rows):
    return "\n".join(";".join(row) for row in (HEADER, *rows)).encode()


def xlsx_of(*rows):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Anggota"
    for row in (HEADER, *rows):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(city, content, name="anggota.xlsx"):
    return read_members(content, name, city=city)


def test_the_empty_workbook_has_the_columns_and_the_citys_own_choices(city, dinkes):
    OpdFactory(city=city, code="LAMA", is_active=False)
    OpdFactory(code="ASING")

    with empty_sheet(city) as file:
        book = openpyxl.load_workbook(file)

    assert list(book["Anggota"].values) == [HEADER]
    choices = list(book["Pilihan"].values)
    assert choices[:2] == [
        ("peran", "opd", "nama OPD"),
        ("Admin kota", "DINKES", "Dinas Kesehatan"),
    ]
    assert [row[0] for row in choices[1:]] == [str(role.label) for role in Role]
    rules = book["Anggota"].data_validations.dataValidation
    assert [(str(rule.sqref), rule.formula1) for rule in rules] == [
        ("C2:C501", "'Pilihan'!$A$2:$A$9"),
        ("D2:D501", "'Pilihan'!$B$2:$B$2"),
    ]


def test_the_empty_workbook_comes_back_as_an_empty_list(city, dinkes):
    with empty_sheet(city) as file:
        sheet = read(city, file.read())

    assert sheet.faults == ["Anggota, baris 1: Tidak ada baris di bawah judul kolom."]


def test_an_opds_name_runs_no_formula_on_anybodys_desk(city):
    OpdFactory(city=city, code="X", name="=HYPERLINK(1)")

    with empty_sheet(city) as file:
        book = openpyxl.load_workbook(file)

    assert book["Pilihan"]["C2"].value == "'=HYPERLINK(1)"


@pytest.mark.parametrize("made_by", [csv_of, xlsx_of])
def test_people_are_known_by_role_and_by_their_opds_code_or_name(city, dinkes, made_by):
    AgencyAliasFactory(city=city, code="PUSKESMAS", opd=dinkes)
    content = made_by(
        ("Ani", "Ani@Example.id", "Gugus Tugas KLA", ""),
        ("Budi", "budi@example.id", "OPD", "DINKES"),
        ("Citra", "citra@example.id", "opd", "dinas kesehatan"),
        ("Dedi", "dedi@example.id", "", "puskesmas"),
        ("Eka", "eka@example.id", "admin_kota", ""),
    )

    sheet = read(city, content)

    assert (sheet.faults, sheet.known) == ([], [])
    assert [(g.name, g.email, g.role, g.opd) for g in sheet.guests] == [
        ("Ani", "ani@example.id", Role.GUGUS_TUGAS, None),
        ("Budi", "budi@example.id", Role.OPD, dinkes),
        ("Citra", "citra@example.id", Role.OPD, dinkes),
        ("Dedi", "dedi@example.id", Role.OPD, dinkes),
        ("Eka", "eka@example.id", Role.ADMIN_KOTA, None),
    ]


def test_who_is_here_or_was_invited_is_passed_over(city):
    member = MembershipFactory(city=city)
    open_one = InvitationFactory(city=city)
    past, elsewhere = InvitationFactory(city=city, revoked=True), MembershipFactory()
    emails = [member.user.email, open_one.email, past.email, elsewhere.user.email]

    sheet = read(city, xlsx_of(*(("Nama", email, "Pimpinan", "") for email in emails)))

    assert sheet.known == emails[:2]
    assert [g.email for g in sheet.guests] == emails[2:]


def test_every_fault_is_told_with_its_cell(city, dinkes):
    OpdFactory(city=city, code="LAMA", is_active=False)
    OpdFactory(code="ASING")
    content = xlsx_of(
        ("", "bukan alamat", "Raja", "TIDAK_ADA"),
        ("Ani", "ani@example.id", "Pimpinan", "DINKES"),
        ("Ani", "ani@example.id", "OPD", None),
        ("A" * 151, None, None, None),
        ("Budi", "budi@example.id", "OPD", "LAMA"),
        ("Citra", "citra@example.id", "OPD", "ASING"),
        ("Dedi", "=1+1", "Pimpinan", None),
    )

    sheet = read(city, content)

    assert sheet.faults == [
        "Anggota, sel A2: Nama kosong; isi nama orangnya.",
        "Anggota, sel B2: Tanda (spasi) pada posisi 6 tidak boleh ada dalam alamat e-mail.",
        "Anggota, sel D2: “TIDAK_ADA” bukan OPD aktif kota ini; pakai kode atau namanya.",
        (
            "Anggota, sel C2: Peran “Raja” tidak dikenal; pilih salah satu: Admin kota, "
            "Gugus Tugas KLA, Verifikator, OPD, Pimpinan, Pendamping, Kecamatan atau kelurahan, "
            "Forum Anak."
        ),
        "Anggota, sel D3: Peran Pimpinan tidak memiliki OPD; kosongkan, atau ubah perannya.",
        "Anggota, sel B4: “ani@example.id” sudah ada di baris 3.",
        "Anggota, sel D4: OPD kosong; peran OPD memerlukan sebuah OPD.",
        "Anggota, sel A5: Nama paling panjang 150 huruf.",
        "Anggota, sel B5: E-mail kosong; isi.",
        (
            "Anggota, sel C5: Peran kosong; pilih salah satu: Admin kota, Gugus Tugas KLA, "
            "Verifikator, OPD, Pimpinan, Pendamping, Kecamatan atau kelurahan, "
            "Forum Anak."
        ),
        "Anggota, sel D6: “LAMA” bukan OPD aktif kota ini; pakai kode atau namanya.",
        "Anggota, sel D7: “ASING” bukan OPD aktif kota ini; pakai kode atau namanya.",
        "Anggota, sel B8: Rumus belum dihitung; tulis isinya sebagai teks.",
        "Anggota, sel B8: E-mail kosong; isi.",
    ]


def test_a_list_in_text_names_its_lines(city):
    sheet = read(city, csv_of(("Ani", "ani", "Pimpinan", "")), name="anggota.csv")

    assert sheet.faults == ["baris 2: “ani” bukan alamat e-mail."]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04rusak", b"nama;umur\nAni;3"])
def test_what_is_no_such_list_is_told_and_nobody_is_in_it(city, content):
    sheet = read(city, content)

    assert sheet.faults != []
    assert sheet.guests == []


def test_a_list_of_a_whole_province_is_too_long(city):
    rows = (("Nama", f"n{number}@example.id", "Pimpinan", "") for number in range(501))

    sheet = read(city, csv_of(*rows), name="anggota.csv")

    assert sheet.faults == ["Daftar ini memuat 501 orang, paling banyak 500. Bagi daftarnya."]


def test_reading_asks_the_database_as_little_for_many_as_for_one(
    city, dinkes, django_assert_num_queries
):
    rows = [("Nama", f"n{number}@example.id", "OPD", "DINKES") for number in range(200)]
    for content in (csv_of(rows[0]), csv_of(*rows)):
        with django_assert_num_queries(5):
            read(city, content, name="anggota.csv")


def test_a_code_typed_as_a_number_that_may_be_two_opds_is_a_fault(city):
    for code in ("1.1", "1.10", "07"):
        OpdFactory(city=city, code=code, name=f"OPD {code}")

    two = read(city, xlsx_of(("Ada Lima", "lima@kota-uji.example", "OPD", 1.10)))
    one = read(city, xlsx_of(("Ada Enam", "enam@kota-uji.example", "OPD", 7)))

    assert two.guests == []
    assert two.faults[0] == (
        "Anggota, sel D2: Angka 1.1 bisa berarti 1.1 atau 1.10; "
        "format kolomnya sebagai teks lalu tulis ulang kodenya."
    )
    assert [guest.opd.code for guest in one.guests] == ["07"]
