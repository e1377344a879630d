"""The ministry's tables: which one, the empty one, and each fault of a filled one by its cell."""

import io
from dataclasses import replace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.filetypes.kinds import XLSX
from assessments.matrices.empty import empty_matrix
from assessments.matrices.filled import MatrixFault, check_matrix, refusal
from assessments.matrices.specs import (
    ACTIVITIES,
    BIRTH_CERTIFICATES,
    CHILD_GROUPS,
    CHILD_MARRIAGE,
    CONSULTATION,
    DEFAULT,
    INFORMATION,
    NUTRITION,
    PARTNERSHIP,
    REGULATIONS,
    TRAINED,
    UNITS,
    evaluated_years,
    headings,
    matrix_for,
)
from assessments.models import Evidence
from assessments.validators import inspect_file
from clusters.library import packaged
from clusters.spec import EvidenceKindSpec
from tests.assessments.corpus import pdf
from tests.assessments.situations import city_with_opds, staff_of
from tests.factories.assessments import answer_of, open_year
from tests.factories.clusters import small_spec

YEARS = (2024, 2025)
SPECS = [
    ACTIVITIES,
    BIRTH_CERTIFICATES,
    CHILD_GROUPS,
    CHILD_MARRIAGE,
    CONSULTATION,
    DEFAULT,
    INFORMATION,
    NUTRITION,
    PARTNERSHIP,
    REGULATIONS,
    TRAINED,
    UNITS,
]


def empty(spec=DEFAULT):
    content = empty_matrix(
        spec, YEARS, heading="Pertanyaan 4.1: Anak", assessment="Kota Metro 2026"
    )
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(workbook):
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def filled(*rows, spec=DEFAULT, first=6):
    """The empty table with rows of cells from its first free line on."""
    workbook = empty(spec)
    for number, row in enumerate(rows, start=first):
        for place, value in enumerate(row, start=1):
            workbook.worksheets[0].cell(number, place, value)
    return saved(workbook)


def faults(content, spec=DEFAULT):
    return [str(fault) for fault in check_matrix(content, "matriks.xlsx", spec, YEARS)]


GOOD = ("Anak sekolah", 10, 0, 12.5, 13, "")


# --- Which one --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "indicator", "spec"),
    [
        ("Kemitraan penanganan gizi", "Status Gizi Balita", PARTNERSHIP),
        ("Kegiatan Forum Anak bermitra dengan OPD", "Pelembagaan Partisipasi Anak", PARTNERSHIP),
        ("SDM ILA terlatih KHA", "Ketersediaan Fasilitas Informasi Layak Anak (ILA)", TRAINED),
        ("Upaya pencegahan perkawinan anak", "Pencegahan Perkawinan Anak", ACTIVITIES),
        ("% kecamatan dengan Forum Anak", "Penyelenggaraan KLA di Kecamatan", UNITS),
        ("Ada aturan", "Peraturan/Kebijakan Daerah tentang KLA", REGULATIONS),
        (
            "Persentase anak berakta kelahiran",
            "Anak Memiliki Kutipan Akta Kelahiran",
            BIRTH_CERTIFICATES,
        ),
        ("Lembaga layanan informasi", "Ketersediaan Fasilitas Informasi Layak Anak", INFORMATION),
        ("Daftar kelompok", "Pelembagaan Partisipasi Anak", CHILD_GROUPS),
        ("Pencatatan data", "Pencegahan Perkawinan Anak", CHILD_MARRIAGE),
        ("Jumlah lembaga", "Lembaga Konsultasi Penyedia Layanan", CONSULTATION),
        ("Prevalensi", "Status Gizi Balita", NUTRITION),
        ("Anak korban terlayani", "Pelayanan Anak Korban Kekerasan", DEFAULT),
    ],
)
def test_the_question_says_which_table_it_wants_and_else_its_indicator(question, indicator, spec):
    assert matrix_for(question=question, indicator=indicator) is spec


def test_the_tables_of_the_2023_instrument():
    """Each question that asks for a matrix, so that a new pattern shows what else it moves."""
    asked = {}
    for indicator in (
        row for cluster in packaged("kla-2023").clusters for row in cluster.indicators
    ):
        for question in indicator.questions:
            if "matriks" in question.evidence:
                spec = matrix_for(question=question.text, indicator=indicator.name)
                asked.setdefault(spec, []).append(question.code)

    assert {spec: " ".join(codes) for spec, codes in asked.items()} == {
        ACTIVITIES: "2.5 6.2 6.3 6.6 7.2 11.5 21a.1 21a.2 21a.6",
        PARTNERSHIP: "3.1a 3.1b 3.1c 3.1d 3.1e 3.1f 6.5 8.6 9.3 10.5 12.6 13.5 14.9 15.5 16.7 "
        "17.7 18.3 19.6 20.6 21a.3 21b.2 21c.5 22a.2 22b.4",
        BIRTH_CERTIFICATES: "4.1 4.2",
        TRAINED: "4.5 5.6 10.4 11.3 21a.8",
        INFORMATION: "5.1",
        CHILD_MARRIAGE: "7.1",
        CONSULTATION: "8.1 8.2",
        UNITS: "8.3 10.1 10.2 11.1 11.2 14.5 14.6 19.2a 19.2b 19.2c 19.2d 19.2e 21a.4a 21a.4b "
        "21a.5 25.2 26.4",
        DEFAULT: "21b.1 21c.1 22a.1 24a.1 24a.2 24a.3 24a.5 24a.6",
    }


def test_the_two_years_before_the_evaluation_are_looked_at():
    assert evaluated_years(2026) == (2024, 2025)


# --- The empty one ----------------------------------------------------------------------------


def test_each_year_and_each_sex_has_its_column():
    assert [column.title for column in headings(DEFAULT, YEARS)] == [
        "Uraian",
        "Jumlah L 2024",
        "Jumlah P 2024",
        "Jumlah L 2025",
        "Jumlah P 2025",
        "Keterangan",
    ]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_table_tells_its_years_apart_and_has_no_column_twice(spec):
    titles = [column.title for column in headings(spec, YEARS)]

    assert len(set(titles)) == len(titles)
    assert {year for year in YEARS if any(str(year) in title for title in titles)} == set(YEARS)


def test_the_empty_table_names_the_question_and_holds_its_header_in_view():
    sheet, guide = empty().worksheets

    assert (sheet.title, guide.title) == ("Matriks", "Petunjuk")
    assert [sheet.cell(row, 1).value for row in (1, 2)] == [
        "Pertanyaan 4.1: Anak",
        "Data terpilah · Kota Metro 2026",
    ]
    assert [cell.value for cell in sheet[5]] == [
        column.title for column in headings(DEFAULT, YEARS)
    ]
    assert sheet.freeze_panes == "B6"


def test_the_guide_explains_the_years_and_each_column():
    rows = [row for row in empty().worksheets[1].iter_rows(values_only=True) if any(row)]

    assert ("Tahun yang dinilai adalah 2024 dan 2025; keduanya diisi.", None) in rows
    assert rows[-6:] == [
        ("Uraian", "teks"),
        ("Jumlah L 2024", "angka"),
        ("Jumlah P 2024", "angka"),
        ("Jumlah L 2025", "angka"),
        ("Jumlah P 2025", "angka"),
        ("Keterangan", "teks"),
    ]


def test_cells_for_numbers_refuse_anything_else_while_it_is_typed():
    [rule] = empty().worksheets[0].data_validations.dataValidation

    assert str(rule.sqref) == "B6:B505 C6:C505 D6:D505 E6:E505"
    assert (rule.type, rule.operator, rule.formula1) == ("decimal", "greaterThanOrEqual", "0")


def test_a_table_with_known_rows_brings_them_along():
    sheet = empty(BIRTH_CERTIFICATES).worksheets[0]

    assert [sheet.cell(row, 1).value for row in range(6, 12)] == [*BIRTH_CERTIFICATES.rows, None]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_empty_table_passes_the_gate_for_files_and_lacks_only_its_rows(spec):
    content = saved(empty(spec))

    file = SimpleUploadedFile("matriks.xlsx", content)
    assert inspect_file(file, max_bytes=10**6).media_type == XLSX.media_type
    assert faults(content, spec) == ["A6: belum ada baris yang terisi."]


# --- The filled one ---------------------------------------------------------------------------


def test_a_filled_table_has_no_fault():
    assert faults(filled(GOOD, ("Anak lain", 0, 0, 0, 0, "nihil"))) == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_table_can_be_filled_without_fault(spec):
    row = [3 if column.is_number else "teks" for column in headings(spec, YEARS)]

    assert faults(filled(row, spec=spec), spec) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "kosong; isi dengan angka, 0 bila tidak ada."),
        ("12,5", "“12,5” tersimpan sebagai teks; ketik ulang sebagai angka."),
        ("1.200", "“1.200” tersimpan sebagai teks; ketik ulang sebagai angka."),
        ("80%", "“80%” tersimpan sebagai teks; ketik ulang sebagai angka."),
        ("banyak", "“banyak” bukan angka."),
        ("12 anak", "“12 anak” bukan angka."),
        (-3, "-3 kurang dari nol."),
        (True, "bukan angka."),
        ("=SUM(B7:B9)", "rumus belum dihitung; buka dan simpan ulang di pengolah lembar."),
    ],
)
def test_what_is_no_number_is_told_with_its_cell(value, message):
    content = filled(GOOD, ("Anak lain", 1, value, 3, 4, ""))

    assert faults(content) == [f"C7: {message}"]


@pytest.mark.parametrize("value", [0, 1, 0.5, 10**9])
def test_zero_and_every_number_above_it_are_numbers(value):
    assert faults(filled(("Anak", value, 1, 1, 1, ""))) == []


def test_each_fault_of_a_row_is_told():
    assert faults(filled(("", "x", -1, None, 4, ""))) == [
        "A6: Uraian kosong.",
        "B6: “x” bukan angka.",
        "C6: -1 kurang dari nol.",
        "D6: kosong; isi dengan angka, 0 bila tidak ada.",
    ]


@pytest.mark.parametrize(
    ("cell", "title"), [("C5", "Jumlah P 2024"), ("D5", "Jumlah L 2025"), ("A5", "Uraian")]
)
def test_a_missing_column_is_told_where_it_should_stand(cell, title):
    workbook = empty()
    workbook.worksheets[0][cell] = "Jumlah L 2023"

    assert f"{cell}: kolom “{title}” tidak ada." in faults(saved(workbook))


def test_columns_may_be_moved_and_added():
    workbook = openpyxl.Workbook()
    titles = [column.title.upper() for column in headings(DEFAULT, YEARS)]
    workbook.active.append(["No", *reversed(titles)])
    workbook.active.append([1, "", 1, 2, 3, "-", "Anak"])

    assert faults(saved(workbook)) == ["F2: “-” bukan angka."]


def test_a_signature_below_an_empty_line_is_not_read():
    content = filled(GOOD, (), ("", "", "", "Metro, 5 Maret 2026"), ("", "", "", "Kepala Dinas"))

    assert faults(content) == []


def test_a_prepared_row_may_stay_empty():
    numbers = [1] * 12
    content = filled((None, *numbers), spec=BIRTH_CERTIFICATES, first=8)

    assert faults(content, BIRTH_CERTIFICATES) == []


def test_a_row_that_somebody_only_named_lacks_its_numbers():
    assert faults(filled(("Anak jalanan",))) == [
        f"{letter}6: kosong; isi dengan angka, 0 bila tidak ada." for letter in "BCDE"
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rusak", pdf()])
def test_what_is_no_workbook_is_told_in_one_sentence(content):
    assert faults(content) == [
        "A1: isi berkas tidak terbaca sebagai tabel; simpan ulang, atau unggah PDF."
    ]


def test_a_table_of_another_make_is_told_to_come_as_pdf():
    workbook = openpyxl.Workbook()
    workbook.active.append(["No", "Nama", "Keterangan"])

    [sentence] = faults(saved(workbook))
    assert sentence == (
        "A5: judul kolom tidak ditemukan. Isi format yang diunduh dari halaman pertanyaan ini, "
        "atau unggah format lain sebagai PDF."
    )


def test_a_matrix_too_large_to_look_into_is_told_so():
    assert faults(b"PK\x03\x04" + bytes(5_000_001)) == [
        "A1: berkas terlalu besar untuk sebuah matriks; hapus gambar, atau unggah PDF."
    ]


@pytest.mark.parametrize(
    ("count", "told", "last"), [(20, 20, "A20: x"), (23, 21, "dan 3 lainnya.")]
)
def test_at_most_twenty_faults_are_told_one_by_one(count, told, last):
    sentences = refusal([MatrixFault(f"A{number}", "x") for number in range(1, count + 1)])

    assert (len(sentences), sentences[-1]) == (told, last)


# --- On the page ------------------------------------------------------------------------------


@pytest.fixture
def matrix_year(db):
    """A year of a city whose question 1.2 asks for a matrix."""
    small = small_spec()
    first, *others = small.clusters
    indicator = first.indicators[0]
    questions = (
        indicator.questions[0],
        replace(indicator.questions[1], evidence=("matriks", "foto")),
    )
    first = replace(first, indicators=(replace(indicator, questions=questions),))
    kinds = (*small.evidence_kinds, EvidenceKindSpec("matriks", "Matriks KemenPPPA"))
    return open_year(
        city=city_with_opds(name="Kota Metro"),
        spec=replace(small, clusters=(first, *others), evidence_kinds=kinds),
    )


def at(name, year, code="1.2"):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, code])


@pytest.fixture
def upload(client, matrix_year):
    """Send a file for question 1.2 as somebody of the OPD that holds it."""
    client.force_login(staff_of(matrix_year, "DISDIK").user)

    def send(content, name="matriks.xlsx", kind="matriks"):
        data = {"file": SimpleUploadedFile(name, content), "kind": kind}
        return client.post(at("document_upload", matrix_year), data)

    return send


def test_the_question_offers_the_empty_table_where_a_matrix_is_asked(client, matrix_year):
    client.force_login(staff_of(matrix_year, "DISDIK").user)

    page = client.get(at("question_detail", matrix_year)).content.decode()

    assert page.count(f'href="{at("matrix_template", matrix_year)}"') == 1


def test_the_empty_table_comes_as_a_file_named_after_its_question(client, matrix_year):
    client.force_login(staff_of(matrix_year, "DISDIK").user)

    response = client.get(at("matrix_template", matrix_year))

    assert response["Content-Type"] == XLSX.media_type
    assert response["Content-Disposition"] == (
        'attachment; filename="Matriks 1.2 Kota Metro 2026.xlsx"'
    )
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert sheet["A1"].value == "Pertanyaan 1.2: Pertanyaan 1.2"
    assert sheet["B5"].value == "Jumlah L 2024"


@pytest.mark.parametrize(("opd", "code"), [("DISDIK", "1.1"), ("DP3A", "1.1"), ("DINKES", "1.2")])
def test_there_is_no_table_where_none_is_asked_or_for_others_questions(
    client, matrix_year, opd, code
):
    client.force_login(staff_of(matrix_year, opd).user)

    assert client.get(at("matrix_template", matrix_year, code)).status_code == 404


def test_a_filled_table_is_handed_in_whole(upload, matrix_year):
    content = filled(GOOD)

    assert upload(content).status_code == 302

    document = Evidence.objects.get(answer=answer_of(matrix_year, "1.2")).document
    with document.file.open("rb") as file:
        assert file.read() == content


def test_a_table_with_faults_is_refused_with_the_cell_of_each(upload):
    response = upload(filled(("Anak", "12,5", 2, -1, 4, "")), name="matriks akta.xlsx")

    assert response.context["upload_form"].errors["file"] == [
        "matriks akta.xlsx, B6: “12,5” tersimpan sebagai teks; ketik ulang sebagai angka.",
        "matriks akta.xlsx, D6: -1 kurang dari nol.",
    ]
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(), "matriks.pdf", "matriks"),  # a scan with its signature
        (saved(empty()), "lampiran.xlsx", "foto"),  # a sheet that is no matrix
    ],
)
def test_only_a_sheet_that_is_called_a_matrix_is_looked_into(upload, content, name, kind):
    assert upload(content, name, kind).status_code == 302
