"""Instrument files with one thing wrong, cut off anywhere, or damaged: every fault has its place."""

import io
from contextlib import suppress
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clusters.files import FileError, read_file
from clusters.library import DRAFT_FAULTS, InstrumentError, checksum, read
from clusters.linter import lint
from clusters.sheets import draw
from clusters.writing import faults_of, mark_of, write
from tests.clusters.instruments import instruments
from tests.factories.clusters import small_spec
from tests.workbooks.books import parts_of, with_part
from workbooks.reading import UnreadableError

SPEC = small_spec()
TEXT = write(SPEC)
BOOK = draw(SPEC)
FEW = settings(max_examples=25)


def faults(content, name="kecil"):
    with pytest.raises(FileError) as caught:
        read_file(content, name)
    return caught.value.faults


def edited(*changes, touch=None):
    """The workbook after somebody wrote into (sheet, cell, value)."""
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    if touch:
        touch(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# --- Text ---------------------------------------------------------------------------------------


def test_the_small_file_has_no_fault_of_its_own():
    assert read(TEXT) == SPEC


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: Instrumen kecil", "title: 2026", "instrument.title: Harus teks; tulis dalam tanda petik."),
        ("title: Instrumen kecil", "title: true", "instrument.title: Harus teks."),
        ("title: Instrumen kecil", "title:", "instrument.title: Harus teks."),
        ("title: Instrumen kecil", "title: {id: x}", "instrument.title: Harus teks."),
        ("title: Instrumen kecil", "title: '" + "J" * 301 + "'", "instrument.title: Paling panjang 300 karakter."),
        ("provenance: Untuk uji.", "provenance: ' '", "instrument.provenance: Tidak boleh kosong."),
        ("max_points: 100", "max_points: 100,5", "instrument.max_points: Harus angka."),
        ("max_points: 100", "max_points: 1.000.000", "instrument.max_points: Harus angka."),
        ("max_points: 100", "max_points: +100.0001", "instrument.max_points: Paling banyak tiga angka di belakang koma."),
        ("stages:", "measure: rupiah\n  stages:", "instrument.measure: “rupiah” tidak dikenal."),
        ("stages:", "corrects: " + "k" * 51 + "\n  stages:", "instrument.corrects: Paling panjang 50 karakter."),
        ("stages:", "tahun: 2026\n  stages:", "instrument.tahun: Kunci ini tidak dikenal."),
        ("- {code: EM, name: Evaluasi mandiri}", "- EM", "instrument.stages[0]: Harus berupa pasangan kunci dan isi."),
        ("- {code: EM, name: Evaluasi mandiri}", "- {code: E M, name: x}", "instrument.stages[0].code: Kode “E M” memuat karakter yang tidak boleh ada dalam kode."),
        ("counts_among_24: true", "counts_among_24: yes", "clusters[0].indicators[0].counts_among_24: Harus true atau false."),
        ("number: 1\n", "number: satu\n", "clusters[0].indicators[0].number: Harus angka."),
        ("number: 1\n", "number: 0\n", "clusters[0].indicators[0].number: Nomor indikator harus bilangan bulat 1 sampai 99."),
        ("usual_fractions: [0, 0.66, 1]", "usual_fractions: [0, setengah, 1]", "clusters[0].indicators[0].questions[1].usual_fractions[1]: Harus angka dari 0 sampai 1."),
        ("usual_fractions: [0, 0.66, 1]", "usual_fractions: {0: 1}", "clusters[0].indicators[0].questions[1].usual_fractions: Harus berupa daftar."),
        ("evidence: [perda, foto]", "evidence: perda", "clusters[0].indicators[0].questions[1].evidence: Harus berupa daftar."),
        ("evidence: [perda, foto]", "evidence: [1, foto]", "clusters[0].indicators[0].questions[1].evidence[0]: Harus teks; tulis dalam tanda petik."),
        ("options: [Perda, Tidak ada]", "options: [Perda, Perda]", "clusters[0].indicators[0].questions[0].options[1]: “Perda” sudah dipakai di clusters[0].indicators[0].questions[0].options[0]."),
        ("direction: lower_is_better", "direction: naik", "clusters[1].indicators[0].questions[0].direction: “naik” tidak dikenal."),
        ("schema: 1", "schema: satu", "schema: Hanya skema 1 yang dikenal."),
        ("schema: 1", "schema: 1.5", "schema: Hanya skema 1 yang dikenal."),
        ("schema: 1\n", "schema: 1\nversi: 2\n", "versi: Kunci ini tidak dikenal."),
        ("title: Instrumen kecil", "title: &t Instrumen kecil", "baris 5: Jangkar (&) tidak dipakai di sini."),
        ("title: Instrumen kecil", "title: !!str Instrumen kecil", "baris 5: Penanda tipe (!) tidak dipakai di sini."),
        ("title: Instrumen kecil", "title: a\n  title: b", "baris 6: Kunci “title” tertulis dua kali."),
    ],
)  # fmt: skip
def test_one_thing_wrong_in_a_text_is_one_fault_at_its_place(old, new, told):
    assert old in TEXT

    assert faults(TEXT.replace(old, new, 1).encode()) == [told]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_text_may_say_that_it_is_utf_8(encoding):
    assert read_file(TEXT.encode(encoding), "x").spec == SPEC


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037"])
def test_a_text_in_another_encoding_is_told_or_has_signs_that_no_file_may_have(encoding):
    assert faults(TEXT.encode(encoding)) in (
        ["Berkas ini bukan YAML dalam UTF-8 dan bukan XLSX."],
        ["baris 1: Ada karakter yang tidak boleh ada dalam YAML."],
    )


@pytest.mark.parametrize("mark", ["", "0" * 64, "1.10", "null"])
def test_a_mark_that_tells_of_no_content_is_kept_as_it_is_written(mark):
    """Whoever wrote it, it is compared and never believed."""
    line = next(line for line in TEXT.splitlines() if line.startswith("exported"))
    changed = TEXT.replace(line, f'exported: "{mark}"')

    assert read_file(changed.encode(), "x").exported == mark


@pytest.mark.parametrize("length", range(0, len(TEXT), 97))
def test_a_text_cut_off_anywhere_is_refused_or_visibly_shorter(length):
    """Some beginnings of a file are files: then questions are missing, and the preview says so."""
    try:
        spec = read(TEXT[:length], leaving=DRAFT_FAULTS)
    except InstrumentError as error:
        spec, told = None, error.faults
    else:
        told = []

    assert bool(told) != (spec is not None)
    if spec is not None:
        assert checksum(spec) != checksum(SPEC)
        assert len(list(spec.questions())) <= len(list(SPEC.questions()))


@FEW
@given(st.integers(0, len(TEXT) - 1), st.binary(min_size=1, max_size=4))
def test_whatever_is_written_over_a_text_is_read_or_told(place, damage):
    content = TEXT.encode()

    with suppress(FileError):
        spec = read_file(content[:place] + damage + content[place + 1 :], "x").spec
        assert read(write(spec)) == spec


# --- Workbooks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "told"),
    [
        ("Kelembagaan", "F4", "#N/A", "Kelembagaan, sel F4: Harus angka."),
        ("Kelembagaan", "F4", True, "Kelembagaan, sel F4: Harus angka."),
        ("Kelembagaan", "F4", "12,5,1", "Kelembagaan, sel F4: Harus angka."),
        ("Kelembagaan", "F4", "1.000,5", "Kelembagaan, sel F4: Harus angka."),
        ("Kelembagaan", "F4", 1e9, "Kelembagaan, sel F4: Terlalu besar."),
        ("Kelembagaan", "C3", "satu", "Kelembagaan, sel C3: Harus angka."),
        ("Kelembagaan", "C3", 1.5, "Kelembagaan, sel C3: Nomor indikator harus bilangan bulat 1 sampai 99."),
        ("Kelembagaan", "D4", True, "Kelembagaan, sel D4: Terbaca sebagai angka; beri sel format Teks lalu ketik ulang."),
        ("Kelembagaan", "D4", "x" * 5001, "Kelembagaan, sel D4: Paling panjang 5000 karakter."),
        ("Kelembagaan", "D3", "x" * 301, "Kelembagaan, sel D3: Paling panjang 300 karakter."),
        ("Kelembagaan", "G3", 1, "Kelembagaan, sel G3: Tulis “ya” atau “tidak”."),
        ("Kelembagaan", "H2", "lembaga", "Kelembagaan, sel H2: “lembaga” tidak dikenal."),
        ("Kelembagaan", "H4", 2, "Kelembagaan, sel H4: “2” tidak dikenal."),
        ("Kelembagaan", "J4", "0; dua", "Kelembagaan, sel J4: Harus angka dari 0 sampai 1."),
        ("Kelembagaan", "J4", 50, "Kelembagaan, sel J4: Harus angka dari 0 sampai 1."),
        ("Kelembagaan", "K4", "turun", "Kelembagaan, sel K4: “turun” tidak dikenal."),
        ("Kelembagaan", "M4", "perda\nsurat", "Kelembagaan, sel M4: “surat” tidak dikenal."),
        ("Kelembagaan", "N4", "DP3A, DP3A", "Kelembagaan, sel N4: “DP3A” sudah dipakai di Kelembagaan, sel N4."),
        ("Kelembagaan", "C4", "Label", "Kelembagaan, sel C4: Kolom ini tidak dipakai di baris “Pertanyaan”; kosongkan."),
        ("Kelembagaan", "L2", "Catatan", "Kelembagaan, sel L2: Kolom ini tidak dipakai di baris “Klaster”; kosongkan."),
        ("Klaster I", "B2", "kelembagaan", "Klaster I, sel B2: “kelembagaan” sudah dipakai di Kelembagaan, sel B2."),
        ("Klaster I", "B3", "1", "Klaster I, sel B3: “1” sudah dipakai di Kelembagaan, sel B3."),
        ("Klaster I", "B4", "1.2", "Klaster I, sel B4: “1.2” sudah dipakai di Kelembagaan, sel B5."),
        ("Sampul", "B5", "Nama", "Sampul, sel B5: Tulis salah satu: Kode, Judul, Judul dalam bahasa Inggris, Asal-usul, Satuan nilai, Membetulkan instrumen, Yang dibetulkan, Poin maksimum, Catatan predikat."),
        ("Sampul", "B3", "Skema", "Sampul, sel B3: Butir ini tertulis dua kali."),
        ("Sampul", "C8", "rupiah", "Sampul, sel C8: “rupiah” tidak dikenal."),
        ("Sampul", "C14", None, "Sampul, sel C14: Tidak boleh kosong."),
        ("Sampul", "D14", "banyak", "Sampul, sel D14: Harus angka."),
    ],
)  # fmt: skip
def test_one_thing_wrong_in_a_cell_is_told_at_that_cell(sheet, cell, value, told):
    assert told in faults(edited((sheet, cell, value)))


@pytest.mark.parametrize(
    ("code", "value", "told"),
    [
        ("0%", 0.3, "30 % bisa berarti 0,3 atau 30. Format selnya sebagai angka, lalu tulis ulang nilainya."),
        ("# ?/?", 0.5, "Sel berformat pecahan: 0,5 tampil sebagai pecahan yang dibulatkan. Format selnya sebagai angka, lalu tulis ulang nilainya."),
        ("yyyy-mm-dd", 30, "Terbaca sebagai tanggal atau waktu; beri format Teks lalu ketik ulang."),
        ("[h]:mm", 1.5, "Terbaca sebagai tanggal atau waktu; beri format Teks lalu ketik ulang."),
    ],
)  # fmt: skip
def test_points_in_a_format_that_shows_something_else_are_no_guess(code, value, told):
    def touch(book):
        book["Kelembagaan"]["F4"].value = value
        book["Kelembagaan"]["F4"].number_format = code

    assert faults(edited(touch=touch)) == [f"Kelembagaan, sel F4: {told}"]


def test_the_result_of_a_formula_is_taken_and_none_is_computed():
    content = edited(("Kelembagaan", "F4", "=10+20"))
    part = "xl/worksheets/sheet2.xml"

    assert faults(content) == ["Kelembagaan, sel F4: Rumus tanpa hasil; ganti dengan nilainya."]
    whole = parts_of(content)[part]
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        whole = whole.replace(b"<f>10+20</f>" + empty, b"<f>10+20</f><v>30</v>")
    assert read_file(with_part(content, part, whole), "x").spec == SPEC


@pytest.mark.parametrize(
    ("touch", "told"),
    [
        (
            lambda book: book.remove(book["Kelembagaan"]),
            None,
        ),
        (
            lambda book: book["Kelembagaan"].delete_cols(6),
            ["Kelembagaan, baris 1: Kolom “Poin maksimum” harus ada tepat satu kali."],
        ),
        (
            lambda book: book["Kelembagaan"].cell(1, 15, "Kode"),
            ["Kelembagaan, baris 1: Kolom “Kode” harus ada tepat satu kali."],
        ),
        (
            lambda book: book["Sampul"].delete_rows(1),
            ["Sampul: Lembar ini tidak dikenal; pindahkan ke berkas lain."],
        ),
        (
            lambda book: setattr(book["Sampul"], "title", "sampul"),
            ["berkas: Lembar “Sampul” tidak ada."],
        ),
        (
            lambda book: book["Sampul"].merge_cells("C5:C6"),
            ["Sampul, sel C5: Sel digabung; pisahkan (unmerge) dan isi setiap baris."],
        ),
        (
            lambda book: book.copy_worksheet(book["Kelembagaan"]),
            ["Kelembagaan Copy, sel B2: “kelembagaan” sudah dipakai di Kelembagaan, sel B2."],
        ),
        (
            lambda book: book["Klaster I"].append(["Pertanyaan"]),
            ["Klaster I, sel B8: Tidak boleh kosong."],
        ),
    ],
    ids=[
        "a sheet",
        "a column",
        "a title twice",
        "the titles",
        "the cover",
        "merged",
        "copied",
        "row",
    ],
)
def test_a_workbook_that_was_rearranged_is_told_where(touch, told):
    content = edited(touch=touch)

    if told is None:  # a cluster less is an instrument with a cluster less
        assert [one.code for one in read_file(content, "x").spec.clusters] == ["klaster-1"]
    else:
        assert faults(content)[:1] == told


@pytest.mark.parametrize("percent", range(1, 100, 9))
def test_a_workbook_cut_off_anywhere_is_told(percent):
    assert faults(BOOK[: len(BOOK) * percent // 100], "kecil.xlsx") == [
        "baris 1: “kecil.xlsx” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."
    ]


def test_rows_of_no_cluster_are_not_passed_over_in_silence():
    """A sheet with nothing but titles says nothing; one with an indicator alone is told."""

    def touch(book):
        sheet = book.create_sheet("Klaster II")
        sheet.append([cell.value for cell in book["Klaster I"][1]])
        sheet.append(["Indikator", "9", 9, "Sendiri"])

    assert faults(edited(touch=touch)) == [
        "Klaster II, baris 2: Baris “Klaster” harus mendahului isinya."
    ]


# --- Rules that meet ----------------------------------------------------------------------------

ODD = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60
).filter(lambda text: text.strip() == text and text)


@FEW
@example("a\x85b", "a\u2028b")
@given(ODD, ODD)
def test_a_text_with_any_sign_survives_its_file(title, name):
    """What was typed into a form may have signs that no keyboard has."""
    cluster = replace(SPEC.clusters[0], name=name)
    spec = replace(SPEC, title=title, clusters=(cluster, SPEC.clusters[1]))

    assert read(write(spec)) == spec
    assert faults_of(spec) == []


@settings(FEW, max_examples=8)
@given(instruments())
def test_text_to_workbook_to_text_is_where_it_began(spec):
    """Either kind of file tells the same mark, and the mark knows no code."""
    text = write(spec)
    from_text = read_file(text.encode(), "x", leaving=DRAFT_FAULTS)
    from_book = read_file(draw(from_text.spec), "x", leaving=DRAFT_FAULTS)

    assert write(from_book.spec) == text
    assert from_text == from_book
    assert from_text.exported == mark_of(replace(spec, code="lain"))


@settings(FEW, max_examples=12)
@given(instruments())
def test_the_linter_has_an_error_wherever_the_reader_has_a_fault_of_its_own(spec):
    """What may be published can be read back; what cannot is named by one of the two."""
    found = {finding.code for finding in lint(spec) if finding.severity == "error"}
    told = {fault.finding for fault in faults_of(spec)} - {""}

    assert told <= found


def test_an_unreadable_workbook_is_a_file_error_and_nothing_else():
    with pytest.raises(FileError) as caught:
        read_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9), "lama.xls")

    assert isinstance(caught.value.__cause__, UnreadableError)
