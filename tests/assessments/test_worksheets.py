"""The city's working sheet: what goes out, and what is read of it when it comes back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries

from assessments.models import Answer
from assessments.sheets import SheetError
from assessments.worksheets.layout import (
    CLAIM,
    CODE,
    COLUMNS,
    COVER,
    GRANTED,
    HEADER_ROW,
    KIND,
    MARK,
    MAXIMUM,
    NOTE,
    OPDS,
    REASONS,
    SEEN_CLAIM,
    SEEN_NOTE,
    STATE,
    TEXT,
    Identity,
    as_typed,
    as_written,
    mark_of,
    same_text,
    sheet_names,
)
from assessments.worksheets.rows import FileRow, Held
from clusters.library import packaged
from tests.assessments.situations import (
    city_with_opds,
    claim,
    secretary_of,
)
from tests.assessments.working_sheets import (
    PLACES,
    edited,
    exported,
    lines_of,
    opened,
    read_back,
)
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.cities import CityFactory, MembershipFactory, UserFactory
from tests.workbooks.books import saved

pytestmark = pytest.mark.django_db


def values_of(content, code):
    sheet, line = lines_of(opened(content))[code]
    return {column: sheet.cell(line, place).value for column, place in PLACES.items()}


def faults_of(year, content):
    with pytest.raises(SheetError) as caught:
        read_back(year, content)
    return [str(fault) for fault in caught.value.faults]


# --- Out --------------------------------------------------------------------------------------


def test_a_row_says_everything_about_its_question(year, answer):
    claim(answer, "12.5", note="Lihat lampiran")
    granted(answer_of(year, "1.2"), "10")
    EvidenceFactory(answer=answer, returned=True, document__title="SK", reason="Tanpa stempel")
    EvidenceFactory(answer=answer, returned=True, document__title="Foto", reason="Buram")

    values = values_of(exported(year), "1.2")

    mark = values.pop(MARK)
    assert len(mark) == 24
    assert values == {
        CODE: "1.2",
        TEXT: answer.question.text,
        MAXIMUM: 20,
        CLAIM: 12.5,
        GRANTED: 10,
        OPDS: "DISDIK (penanggung jawab), DP3A",
        STATE: "Dikembalikan",
        REASONS: "SK: Tanpa stempel\nFoto: Buram",
        NOTE: "Lihat lampiran",
        SEEN_CLAIM: 12.5,
        SEEN_NOTE: "Lihat lampiran",
        KIND: "pertanyaan",
    }


def test_the_cover_says_what_the_sheet_belongs_to(year):
    by = UserFactory(name="Sri Wahyuni")
    cover = opened(exported(year, by=by))[COVER]

    told = {row[0].value: row[1].value for row in cover.iter_rows(min_row=4, max_row=11)}
    assert told == {
        "Format": "lembar-kerja-kla/1",
        "Alamat kota": year.city.slug,
        "Tahun": "2026",
        "Kode instrumen": year.instrument.code,
        "Kode keaslian instrumen": year.instrument.checksum,
        "Tahap": "Evaluasi mandiri",
        "Diunduh oleh": "Sri Wahyuni",
        "Diunduh pada": "2 Maret 2026 10.00",
    }


def test_sums_are_formulas_that_stop_at_the_maxima(year):
    workbook = opened(exported(year))
    cover, first, second = workbook.worksheets

    formulas = [
        [cell.value for cell in row if isinstance(cell.value, str) and cell.value[:1] == "="]
        for sheet in (cover, first, second)
        for row in sheet.iter_rows()
    ]
    name = f"'{first.title}'"
    assert [row for row in formulas if row] == [
        [f"={name}!D8", f"={name}!E8"],
        [f"='{second.title}'!D10", f"='{second.title}'!E10"],
        ["=MIN(SUM(D18:D19),C20)", "=MIN(SUM(E18:E19),C20)"],
        ["=MIN(SUM(D6:D7),C5)", "=MIN(SUM(E6:E7),C5)"],
        [
            '=MIN(SUMIF($M$5:$M$7,"indikator",D5:D7),C8)',
            '=MIN(SUMIF($M$5:$M$7,"indikator",E5:E7),C8)',
        ],
        ["=MIN(SUM(D6:D7),C5)", "=MIN(SUM(E6:E7),C5)"],
        ["=MIN(SUM(D9:D9),C8)", "=MIN(SUM(E9:E9),C8)"],
        [
            '=MIN(SUMIF($M$5:$M$9,"indikator",D5:D9),C10)',
            '=MIN(SUMIF($M$5:$M$9,"indikator",E5:E9),C10)',
        ],
    ]
    assert [cover.cell(line, 1).value for line in (18, 19, 20)] == [
        year.instrument.clusters.first().label,
        year.instrument.clusters.last().label,
        "Jumlah",
    ]


@pytest.mark.parametrize(("paper", "number"), [("a4", "9"), ("f4", "14")])
def test_every_sheet_prints_on_landscape_paper_with_its_header_on_each_page(year, paper, number):
    for sheet in opened(exported(year, paper=paper)).worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, str(setup.paperSize)) == ("landscape", number)
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title != COVER:
            assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
            assert sheet.freeze_panes == "B5"


def test_only_claims_and_notes_are_open_and_claims_stop_at_the_maximum(year):
    workbook = opened(exported(year))
    lines = lines_of(workbook)
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet
        unlocked = {
            (cell.row, cell.column)
            for row in sheet.iter_rows()
            for cell in row
            if not cell.protection.locked
        }
        of_sheet = [line for one, line in lines.values() if one is sheet]
        assert unlocked == {(line, PLACES[c]) for line in of_sheet for c in (CLAIM, NOTE)}
        if of_sheet:
            [rule] = sheet.data_validations.dataValidation
            assert (rule.type, rule.operator, rule.formula1, rule.formula2) == (
                "decimal",
                "between",
                "0",
                "$C5",
            )
            left, top, right, bottom = range_boundaries(str(rule.sqref))
            assert (left, right) == (PLACES[CLAIM],) * 2
            assert top <= min(of_sheet)
            assert max(of_sheet) <= bottom


def test_what_was_exported_stands_in_hidden_columns(year):
    sheet = opened(exported(year)).worksheets[1]

    letters = {column: chr(ord("A") + place) for place, column in enumerate(COLUMNS)}
    hidden = {c for c, letter in letters.items() if sheet.column_dimensions[letter].hidden}
    assert hidden == {SEEN_CLAIM, SEEN_NOTE, MARK, KIND}


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", " =1", "\t=1", "＝1"])
def test_nothing_that_people_typed_becomes_a_formula(year, answer, text):
    Answer.objects.filter(pk=answer.pk).update(note=text)
    EvidenceFactory(answer=answer, returned=True, document__title=text, reason=text)
    year.city.name = text
    year.city.save()

    workbook = opened(exported(year))

    sums = {PLACES[CLAIM], PLACES[GRANTED]}
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            formulas = {cell.column for cell in row if cell.data_type == "f"}
            assert formulas <= sums
    assert values_of(exported(year), "1.2")[NOTE] == as_written(text)


def test_the_real_instrument_goes_out_whole_in_three_queries(django_assert_num_queries):
    year = open_year(city=city_with_opds(), spec=packaged("kla-2023"))
    user = secretary_of(year)
    with django_assert_num_queries(3):
        content = exported(year, by=user)

    workbook = opened(content)
    codes = Answer.objects.filter(assessment=year).in_order()
    assert list(lines_of(workbook)) == list(codes.values_list("question__code", flat=True))
    assert [sheet.title for sheet in workbook.worksheets] == [
        COVER,
        *sheet_names(year.instrument.clusters.values_list("label", flat=True)),
    ]
    assert len(read_back(year, content)) == 274


# --- Names, texts and marks -------------------------------------------------------------------


def test_every_cluster_has_a_sheet_of_its_own_name():
    long = "Klaster dengan nama yang sangat panjang sekali"

    names = sheet_names(["A/B:C", "a b c", long, long, "Sampul", "[]", "'Kutip'"])

    assert names == [
        "A B C",
        "a b c (2)",
        "Klaster dengan nama yang sangat",
        "Klaster dengan nama yang sa (2)",
        "Sampul (2)",
        "Klaster",
        "Kutip",
    ]


@given(st.lists(st.text(max_size=60), max_size=12))
def test_names_of_sheets_are_allowed_and_different(labels):
    names = sheet_names(labels)

    assert len({name.casefold() for name in [COVER, *names]}) == len(labels) + 1
    assert [name for name in names if not 0 < len(name) <= 31 or set(name) & set("[]:*?/\\")] == []


@given(st.text(max_size=100))
def test_a_text_stays_the_same_by_being_written_and_typed(text):
    assert same_text(as_typed(as_written(text)), text)
    assert as_written(as_written(text)) == as_written(text)


IDENTITY = Identity("kota-a", 2026, "kla-2023", "f" * 64)


@pytest.mark.parametrize(
    "other",
    [
        (Identity("kota-b", 2026, "kla-2023", "f" * 64), "1.1", Decimal(2), "a"),
        (Identity("kota-a", 2025, "kla-2023", "f" * 64), "1.1", Decimal(2), "a"),
        (Identity("kota-a", 2026, "kla-2023", "e" * 64), "1.1", Decimal(2), "a"),
        (IDENTITY, "1.2", Decimal(2), "a"),
        (IDENTITY, "1.1", Decimal("2.001"), "a"),
        (IDENTITY, "1.1", None, "a"),
        (IDENTITY, "1.1", Decimal(2), "b"),
    ],
)
def test_a_mark_fits_nothing_else(other):
    mark = mark_of(IDENTITY, "1.1", Decimal("2.000"), "a")

    assert mark == mark_of(IDENTITY, "1.1", Decimal(2), "a ")
    assert mark != mark_of(*other)


def test_a_mark_cannot_be_made_elsewhere(settings):
    mark = mark_of(IDENTITY, "1.1", None, "")
    settings.SECRET_KEY = "kunci situs lain yang juga cukup panjang"

    assert mark != mark_of(IDENTITY, "1.1", None, "")


# --- Back -------------------------------------------------------------------------------------


def test_an_untouched_sheet_says_what_it_was_given(year, answer):
    claim(answer, "12.5", note="Satu\r\ndua")

    rows = {row.code: row for row in read_back(year, exported(year))}

    assert set(rows) == {"1.1", "1.2", "2a.1", "2a.2", "2b.1"}
    held = Held(Decimal("12.5"), "Satu\ndua")
    sheet, line = lines_of(opened(exported(year)))["1.2"]
    assert rows["1.2"] == FileRow("1.2", held, sheet.title, line, held)
    assert rows["1.1"].given == rows["1.1"].seen == Held(None, "")


def test_changed_claims_and_notes_come_back_as_typed(year, answer):
    claim(answer, "12.5", note="Lama")
    content = edited(
        exported(year),
        {
            "1.1": {CLAIM: 3, NOTE: "=B1 bukan rumus".replace("=", "'=")},
            "1.2": {CLAIM: None, NOTE: None},
            "2a.1": {CLAIM: "7,5"},
        },
    )

    rows = {row.code: (row.given, row.seen) for row in read_back(year, content)}

    nothing = Held(None, "")
    assert rows == {
        "1.1": (Held(Decimal(3), "=B1 bukan rumus"), nothing),
        "1.2": (nothing, Held(Decimal("12.5"), "Lama")),
        "2a.1": (Held(Decimal("7.5"), ""), nothing),
        "2a.2": (nothing, nothing),
        "2b.1": (nothing, nothing),
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40),
        min_size=5,
        max_size=5,
    )
)
def test_whatever_stands_in_a_note_an_untouched_sheet_changes_nothing(year, notes):
    answers = list(Answer.objects.filter(assessment=year).in_order())
    for answer, note in zip(answers, notes, strict=True):
        answer.note = note.replace("\x00", "")  # which PostgreSQL cannot keep either
    Answer.objects.bulk_update(answers, ["note"])

    rows = read_back(year, exported(year))

    assert [same_text(r.given.note, a.note) for r, a in zip(rows, answers, strict=True)] == (
        [True] * 5
    )
    assert [r.given for r in rows] == [r.seen for r in rows]


def test_rows_may_be_taken_out_and_moved_and_sheets_added(year):
    workbook = opened(exported(year))
    first, second = workbook.worksheets[1:]
    first.delete_rows(7)
    workbook.move_sheet(second, -2)
    workbook.create_sheet("Catatan kami").append(["Kode", "1.1", "rapat"])

    rows = read_back(year, saved(workbook))

    assert [row.code for row in rows] == ["2a.1", "2a.2", "2b.1", "1.1"]


UNCOMPUTED = "Rumus belum dihitung; buka dan simpan ulang di pengolah lembar, atau tulis angka."


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"1.2": {CLAIM: 20.5}},
            ["sel D7: Nilai 20,5 melebihi maksimum pertanyaan 1.2, yaitu 20 poin."],
        ),
        ({"1.2": {CLAIM: -1}}, ["sel D7: Poin “-1” kurang dari nol."]),
        ({"1.2": {CLAIM: "dua"}}, ["sel D7: Poin “dua” bukan angka."]),
        ({"1.2": {CLAIM: "1.234,5"}}, ["sel D7: Tulis poin “1.234,5” tanpa pemisah ribuan."]),
        (
            {"1.2": {CLAIM: 0.0001}},
            ["sel D7: Poin “0.0001” memiliki lebih dari tiga angka desimal."],
        ),
        (
            {"1.2": {CLAIM: date(2026, 3, 2)}},
            ["sel D7: Poin berubah menjadi tanggal; format kolomnya sebagai angka."],
        ),
        (
            {"1.2": {CLAIM: "=10+2"}},
            [f"sel D7: {UNCOMPUTED}"],
        ),
        (
            {"1.2": {NOTE: date(2026, 3, 2)}},
            ["sel I7: Catatan bukan teks; format selnya sebagai teks, lalu tulis ulang."],
        ),
        ({"1.2": {NOTE: "x" * 4001}}, ["sel I7: Catatan 4001 karakter, paling banyak 4000."]),
        ({"1.2": {CODE: "9.9"}}, ["sel A7: Kode “9.9” tidak ada dalam instrumen."]),
        ({"1.2": {CODE: None}}, ["sel A7: Baris terisi tanpa kode pertanyaan."]),
        (
            {"1.2": {CODE: date(2026, 2, 1)}},
            ["sel A7: Kode berubah menjadi tanggal; format kolomnya sebagai teks."],
        ),
    ],
)
def test_a_fault_is_named_with_sheet_and_cell(year, changes, faults):
    title = opened(exported(year)).worksheets[1].title

    told = faults_of(year, edited(exported(year), changes))

    assert told == [f"{title}, {fault}" for fault in faults]


NO_MARK = (
    "Tanda versi tidak cocok dengan baris ini: baris dipindahkan atau isi kolom "
    "tersembunyi diubah. Unduh lembar kerja yang baru."
)


@pytest.mark.parametrize("column", [SEEN_CLAIM, SEEN_NOTE, MARK])
def test_what_was_exported_cannot_be_changed_afterwards(year, column):
    title = opened(exported(year)).worksheets[1].title

    told = faults_of(year, edited(exported(year), {"1.2": {column: "1"}}))

    assert told == [f"{title}, sel L7: {NO_MARK}"]


def test_a_question_that_stands_twice_is_named_with_both_places(year):
    workbook = opened(exported(year))
    first = workbook.worksheets[1]
    first.append([first.cell(7, column + 1).value for column in range(len(COLUMNS))])

    assert faults_of(year, saved(workbook)) == [
        (f"{first.title}, sel A9: Pertanyaan “1.2” sudah ada di {first.title}, sel A7.")
    ]


def test_merged_cells_are_named(year):
    workbook = opened(exported(year))
    first = workbook.worksheets[1]
    first.merge_cells("D6:D7")

    assert faults_of(year, saved(workbook)) == [
        f"{first.title}, sel D6: Sel digabung; pisahkan (unmerge) dan isi setiap baris."
    ]


def test_every_fault_is_told_at_once(year):
    changes = {"1.1": {CLAIM: "x"}, "1.2": {CLAIM: 99, CODE: "9.9"}, "2b.1": {CLAIM: -3}}

    assert len(faults_of(year, edited(exported(year), changes))) == 3


def test_the_sheet_of_another_city_or_year_is_refused_by_its_cover(year):
    theirs = open_year(city=CityFactory(slug="kota-lain"), year=2025)

    assert faults_of(year, exported(theirs)) == [
        (
            "Sampul, sel B5: Alamat kota di sini “kota-lain”, padahal penilaian ini "
            f"“{year.city.slug}”."
        ),
        "Sampul, sel B6: Tahun di sini “2025”, padahal penilaian ini “2026”.",
    ]


def test_a_workbook_of_another_kind_is_told_so(year):
    workbook = opened(exported(year))
    workbook.remove(workbook[COVER])
    without_questions = opened(exported(year))
    for sheet in without_questions.worksheets[1:]:
        without_questions.remove(sheet)

    assert faults_of(year, saved(workbook)) == [
        "berkas: Bukan lembar kerja dari situs ini: sampulnya tidak ada."
    ]
    assert faults_of(year, saved(without_questions)) == [
        "berkas: Tidak ada baris pertanyaan; unduh lembar kerja yang baru."
    ]


# --- The page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["gugus_tugas", "admin_kota", "pimpinan", "pendamping"])
def test_whoever_sees_the_year_may_take_its_sheet(client, year, role):
    client.force_login(MembershipFactory(city=year.city, **{role: True}).user)

    response = client.get(f"/kota/{year.city.slug}/penilaian/2026/lembar/?kertas=f4")

    assert response["Content-Disposition"] == (
        f'attachment; filename="lembar-kerja-{year.city.slug}-2026.xlsx"'
    )
    content = response.getvalue()
    assert len(read_back(year, content)) == 5
    assert str(opened(content).worksheets[0].page_setup.paperSize) == "14"
