"""What people can type wrongly into the forms of a draft, field by field; no database is needed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clusters.edits import fingerprint
from clusters.forms.band_tables import BandTableForm
from clusters.forms.importing import MAX_BYTES, ImportForm
from clusters.forms.life import CloneForm, CorrectionForm, NewDraftForm
from clusters.forms.lists import LISTS, BandRows, NamedRows, kept
from clusters.forms.tree import ClusterForm, HeadForm, IndicatorForm, QuestionForm
from tests.factories.clusters import small_spec

SPEC = small_spec()
WAS = {HeadForm: "", ClusterForm: "klaster-1", IndicatorForm: "2a", QuestionForm: "1.2"}

REQUIRED = "Bidang ini tidak boleh kosong."
NUMBER = "Isi dengan angka, misalnya 12,5."
WHOLE = "Masukkan keseluruhan angka bilangan."
CODE = "Gunakan huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi."
SLUG = "Gunakan huruf kecil, angka, dan tanda hubung, misalnya kla-2027."
NULL = "Karakter null tidak diizinkan."
FRACTIONS = "Tulis angka dari 0 sampai 1 dengan titik koma di antaranya, misalnya 0; 0,5; 1."
RISING = "Bagian poin dari 0 sampai 1 dan harus urut naik."


def too_long(most, length):
    return (
        f"Pastikan nilai ini mengandung paling banyak {most} karakter (sekarang {length} karakter)."
    )


def no_choice(word):
    return f"Masukkan pilihan yang valid. {word} bukan salah satu dari pilihan yang tersedia."


def sent(form_class, **changes):
    """The form of a row as a browser sends it back, with some of it changed; None leaves it out."""
    was = WAS[form_class]
    values = {}
    for field in form_class(spec=SPEC, was=was):
        if (value := field.value()) not in (None, False, ""):
            values[field.html_name] = "on" if value is True else value
    values |= changes
    data = {name: value for name, value in values.items() if value is not None}
    return form_class(data, spec=SPEC, was=was)


def faults(form):
    return {name: list(told) for name, told in form.errors.items()}


def after(form):
    """The instrument once what was entered has been applied."""
    assert form.errors == {}
    return form.edit().change(SPEC)


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", [REQUIRED]),
        ("dua", [NUMBER]),
        ("12 5", [NUMBER]),
        ("1 000", [NUMBER]),
        ("1.000,5", [NUMBER]),
        ("1,2,3", [NUMBER]),
        ("1/2", [NUMBER]),
        ("50%", [NUMBER]),
        ("½", [NUMBER]),
        ("NaN", [NUMBER]),
        ("Infinity", [NUMBER]),
        ("1.000", ["1.000 bisa berarti 1000 atau 1; tulis tanpa titik ribuan."]),
        (" 1.250 ", ["1.250 bisa berarti 1250 atau 1,25; tulis tanpa titik ribuan."]),
        ("-1", ["Pastikan nilai ini lebih besar dari atau sama dengan 0."]),
        ("10000", ["Pastikan nilai ini lebih kecil dari atau sama dengan 9999.999."]),
        ("0,0001", ["Pastikan bilangan tidak memiliki lebih dari 3 angka desimal."]),
    ],
)
def test_points_that_are_no_number_or_could_be_two_are_told(typed, told):
    assert faults(sent(QuestionForm, max_points=typed)) == {"max_points": told}


@pytest.mark.parametrize("form", WAS)
def test_a_thousand_with_its_point_is_never_taken_for_one(form):
    assert faults(sent(form, max_points="1.000")) == {
        "max_points": ["1.000 bisa berarti 1000 atau 1; tulis tanpa titik ribuan."]
    }


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("12.500", "12.5"),  # 12,500 would be more than an instrument can have
        ("0.250", "0.25"),
        ("1,000", "1"),
        ("1000", "1000"),
        ("9999,999", "9999.999"),
    ],
)
def test_points_that_can_only_be_one_number_are_that_number(typed, points):
    assert after(sent(HeadForm, max_points=typed)).max_points == Decimal(points)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", [REQUIRED]),
        ("21a", [WHOLE]),
        ("1,5", [WHOLE]),
        ("1e1", [WHOLE]),
        ("0", ["Pastikan nilai ini lebih besar dari atau sama dengan 1."]),
        ("100", ["Pastikan nilai ini lebih kecil dari atau sama dengan 99."]),
    ],
)
def test_an_indicator_has_a_whole_number_from_1_to_99(typed, told):
    assert faults(sent(IndicatorForm, number=typed)) == {"number": told}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("nol", FRACTIONS),
        ("0; ½; 1", FRACTIONS),
        ("0; 50%; 1", FRACTIONS),
        ("0, 0,5, 1", FRACTIONS),  # with a comma between them nobody can tell them apart
        ("0; 1/2; 1", FRACTIONS),
        ("NaN", FRACTIONS),
        ("0; sNaN", FRACTIONS),
        ("Infinity", FRACTIONS),
        ("1e-999999999", FRACTIONS),
        ("0; 1_0", FRACTIONS),
        ("٠; ١", FRACTIONS),
        ("-0,1; 1", RISING),
        ("0; 1,1", RISING),
        ("1; 0", RISING),
        ("0; 0,50; 0.5", RISING),
    ],
)
def test_parts_of_the_points_that_are_not_from_0_to_1_and_rising_are_told(typed, told):
    assert faults(sent(QuestionForm, usual_fractions=typed)) == {"usual_fractions": [told]}


@pytest.mark.parametrize("typed", ["0; 0,25; 1", "0 0.25 1", "0;0,250;;1;", "0\n0,25\n1"])
def test_parts_of_the_points_are_read_however_they_are_set_apart(typed):
    changed = list(after(sent(QuestionForm, usual_fractions=typed)).questions())[1]

    assert changed.usual_fractions == (Decimal(0), Decimal("0.25"), Decimal(1))


# --- Codes and texts ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", [ClusterForm, QuestionForm])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", [REQUIRED]),
        ("1 1", [CODE]),
        (".1", [CODE]),
        ("-1", [CODE]),
        ("1/1", [CODE]),
        ("1#1", [CODE]),
        ("é", [CODE]),
        ("1\u200b1", [CODE]),  # a sign that nobody sees
        ("\u202e1.1", [CODE]),
        ("1.1\x00", [CODE, NULL]),
        ("k" * 51, [too_long(50, 51)]),
    ],
)
def test_a_code_that_could_not_stand_in_a_file_or_an_address_is_told(form, typed, told):
    assert faults(sent(form, code=typed)) == {"code": told}


NEW = {"code": "kla-2027", "title": "Judul", "measure": "points", "max_points": "1000"}
BEGINNINGS = {
    "head": lambda code: sent(HeadForm, code=code),
    "new": lambda code: NewDraftForm({**NEW, "code": code}),
    "clone": lambda code: CloneForm({"code": code, "title": "Judul"}),
    "correction": lambda code: CorrectionForm({"code": code, "correction_note": "x"}),
    "table": lambda code: BandTableForm(
        {"code": code, "title": "Judul", "version": "1", "source": "x"}
    ),
}


@pytest.mark.parametrize("name", BEGINNINGS)
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Kla-2027", [SLUG]),
        ("kla_2027", [SLUG]),
        ("kla--2027", [SLUG]),
        ("kla-", [SLUG]),
        ("kla 2027", [SLUG]),
        ("k" * 51, [too_long(50, 51)]),
    ],
)
def test_a_code_that_becomes_an_address_has_small_letters_figures_and_hyphens(name, typed, told):
    assert faults(BEGINNINGS[name](typed)) == {"code": told}


@pytest.mark.parametrize(
    ("form", "field", "most"),
    [
        (HeadForm, "title", 300),
        (HeadForm, "title_en", 300),
        (HeadForm, "provenance", 5000),
        (HeadForm, "bands_note", 5000),
        (ClusterForm, "label", 300),
        (ClusterForm, "name", 300),
        (ClusterForm, "name_en", 300),
        (IndicatorForm, "name", 300),
        (IndicatorForm, "note", 5000),
        (QuestionForm, "text", 5000),
        (QuestionForm, "text_en", 5000),
        (QuestionForm, "note", 5000),
    ],
)
def test_a_text_is_as_long_as_a_file_may_have_it_and_no_longer(form, field, most):
    assert faults(sent(form, **{field: "x" * most})) == {}
    assert faults(sent(form, **{field: "x" * (most + 1)})) == {field: [too_long(most, most + 1)]}
    assert faults(sent(form, **{field: "x\x00"})) == {field: [NULL]}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (HeadForm, "title"),
        (HeadForm, "measure"),
        (ClusterForm, "label"),
        (ClusterForm, "name"),
        (ClusterForm, "kind"),
        (IndicatorForm, "cluster"),
        (IndicatorForm, "name"),
        (QuestionForm, "indicator"),
        (QuestionForm, "text"),
        (QuestionForm, "answer_type"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", " \u00a0\t"])
def test_what_every_row_must_say_is_asked_for(form, field, nothing):
    told = faults(sent(form, **{field: nothing}))

    assert list(told) == [field]
    assert told[field] in ([REQUIRED], [no_choice(" \u00a0\t")])


@pytest.mark.parametrize("field", ["legal_basis", "options"])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Ada\nTidak\n  Ada ", "“Ada” tertulis lebih dari sekali."),
        ("Ada\n" + "x" * 301, "Satu baris paling panjang 300 karakter."),
    ],
)
def test_lines_are_bearable_and_none_stands_twice(field, typed, told):
    form = HeadForm if field == "legal_basis" else QuestionForm

    assert faults(sent(form, **{field: typed})) == {field: [told]}


def test_lines_end_wherever_any_system_ends_them_and_empty_ones_do_not_count():
    typed = "Satu\r\nDua\rTiga\u2028Empat\n\n \nLima"

    laws = after(sent(HeadForm, legal_basis=typed)).legal_basis

    assert laws == ("Satu", "Dua", "Tiga", "Empat", "Lima")


def test_a_long_text_keeps_its_lines_as_files_have_them():
    assert after(sent(HeadForm, provenance="a\r\nb\n\nc\r\n")).provenance == "a\nb\n\nc"


# --- Choices ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "field", "value", "told"),
    [
        (HeadForm, "measure", "rupiah", no_choice("rupiah")),
        (ClusterForm, "kind", "lembaga", no_choice("lembaga")),
        (IndicatorForm, "cluster", "klaster-9", no_choice("klaster-9")),
        (QuestionForm, "indicator", "9", no_choice("9")),
        (QuestionForm, "answer_type", "pilihan", no_choice("pilihan")),
        (QuestionForm, "direction", "naik", no_choice("naik")),
        (QuestionForm, "contributors", ["DP3A", "DISHUT"], no_choice("DISHUT")),
        (QuestionForm, "evidence", ["perda", "surat"], no_choice("surat")),
        (QuestionForm, "lead", None, "Pilih penanggung jawab; yang lain mendukungnya."),
    ],
)
def test_a_row_that_was_removed_in_another_tab_can_no_longer_be_chosen(form, field, value, told):
    """So can nothing else that the list does not have."""
    assert faults(sent(form, **{field: value})) == {field: [told]}


def test_a_lead_that_was_removed_in_another_tab_can_no_longer_be_chosen():
    told = faults(sent(QuestionForm, lead="DISHUT", contributors=None))

    assert told == {"lead": [no_choice("DISHUT")]}


def test_an_agency_that_leads_and_contributes_stands_once():
    form = sent(QuestionForm, lead="DP3A", contributors=["DP3A", "DINKES"])

    question = list(after(form).questions())[1]

    assert question.agencies == ("DP3A", "DINKES")


def test_only_a_correction_may_say_what_it_corrects():
    plain = sent(HeadForm, correction_note="Diselipkan")
    correction = replace(SPEC, corrects="kla-2023", correction_note="Salah cetak")
    form = HeadForm(
        {"code": "x", "title": "x", "measure": "points", "max_points": "1", "correction_note": "y"},
        spec=correction,
    )

    assert after(plain).correction_note == ""
    assert form.is_valid()
    assert form.edit().change(correction).correction_note == "y"


# --- What a stale page is told ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "changes", "told"),
    [
        (HeadForm, {"title": "x"}, [("Judul", "Instrumen kecil")]),
        (HeadForm, {"legal_basis": "x"}, [("Dasar hukum", "Perpres 25/2021")]),
        (HeadForm, {"measure": "indicators"}, [("Satuan nilai", "poin")]),
        (HeadForm, {"max_points": "5"}, [("Nilai maksimum", "100")]),
        (IndicatorForm, {"max_points": "5"}, [("Nilai maksimum", "25")]),
        (ClusterForm, {"kind": "territorial"}, [("Jenis", "klaster hak anak")]),
        (IndicatorForm, {"cluster": "kelembagaan"}, [("Klaster", "Klaster I")]),
        (QuestionForm, {"usual_fractions": "1"}, [("Bagian poin yang lazim", "0; 0,66; 1")]),
        (
            QuestionForm,
            {"evidence": ["foto"]},
            [("Dokumen yang diminta", "Peraturan daerah, Foto")],
        ),
        (
            QuestionForm,
            {"lead": "DP3A", "contributors": None},
            [
                ("Penanggung jawab baku", "Dinas pendidikan"),
                ("Pendukung baku", "Dinas pemberdayaan perempuan"),
            ],
        ),
        (QuestionForm, {"note": "x"}, [("Catatan", "")]),
        (QuestionForm, {}, []),
    ],
)
def test_whoever_saves_too_late_reads_what_the_draft_says_now(form, changes, told):
    late = sent(form, **changes)

    assert late.is_valid()
    assert late.newer() == told


@pytest.mark.parametrize("form", [ClusterForm, IndicatorForm, QuestionForm])
def test_the_form_of_a_row_that_is_gone_has_no_fingerprint(form):
    empty = replace(SPEC, clusters=())

    assert fingerprint(sent(form).part, empty) == ""


# --- Lists --------------------------------------------------------------------------------------


def listed(formset, *rows, **management):
    values = {"TOTAL_FORMS": str(len(rows)), "INITIAL_FORMS": "0", **management}
    data = {f"form-{name}": value for name, value in values.items()}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return formset(data)


def row_faults(formset):
    assert not formset.is_valid()
    return [{name: list(told) for name, told in row.items()} for row in formset.errors]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"code": "A"}, {"name": [REQUIRED]}),
        ({"name": "a"}, {"code": [REQUIRED]}),
        ({"was": "A"}, {"code": [REQUIRED], "name": [REQUIRED]}),
        ({"code": "A B", "name": "n" * 301}, {"code": [CODE], "name": [too_long(300, 301)]}),
        ({"code": "A", "name": "a", "ORDER": "atas"}, {"ORDER": [WHOLE]}),
        ({"code": "A", "name": "a", "was": "k" * 51}, {"was": [too_long(50, 51)]}),
    ],
)
def test_a_wrong_row_of_codes_is_told_where_it_stands(row, told):
    right = {"code": "B", "name": "b"}

    assert row_faults(listed(NamedRows, right, row, right)) == [{}, told, {}]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"minimum": "1"}, {"predikat": [REQUIRED], "maximum": [REQUIRED]}),
        (
            {"predikat": "Madya", "minimum": "1.000", "maximum": "seribu"},
            {
                "minimum": ["1.000 bisa berarti 1000 atau 1; tulis tanpa titik ribuan."],
                "maximum": [NUMBER],
            },
        ),
        (
            {"predikat": "M" * 301, "minimum": "-1", "maximum": "1"},
            {
                "predikat": [too_long(300, 301)],
                "minimum": ["Pastikan nilai ini lebih besar dari atau sama dengan 0."],
            },
        ),
    ],
)
def test_a_wrong_band_is_told_where_it_stands(row, told):
    assert row_faults(listed(BandRows, {}, row)) == [{}, told]


@pytest.mark.parametrize("formset", [NamedRows, BandRows])
def test_a_wrong_row_that_is_ticked_for_removal_falls_away(formset):
    rows = listed(formset, {"code": "A B", "predikat": "", "minimum": "x", "DELETE": "on"})

    assert rows.is_valid()
    assert kept(rows) == []


def test_rows_without_an_order_stand_behind_those_that_have_one():
    rows = listed(
        NamedRows,
        {"code": "A", "name": "a"},
        {"code": "B", "name": "b", "ORDER": "2"},
        {"code": "C", "name": "c", "ORDER": "1"},
        {"code": "D", "name": "d", "ORDER": "-1"},
    )

    assert rows.is_valid()
    assert [row["code"] for row in kept(rows)] == ["D", "C", "B", "A"]


@pytest.mark.parametrize("formset", [NamedRows, BandRows])
@pytest.mark.parametrize(
    ("management", "missing"),
    [
        ({"TOTAL_FORMS": "banyak"}, "form-TOTAL_FORMS"),
        ({"TOTAL_FORMS": ""}, "form-TOTAL_FORMS"),
        ({"INITIAL_FORMS": "x"}, "form-INITIAL_FORMS"),
    ],
)
def test_a_page_that_was_cut_off_on_its_way_is_refused_as_a_whole(formset, management, missing):
    rows = listed(formset, {"code": "A", "name": "a"}, **management)

    assert not rows.is_valid()
    assert rows.non_form_errors() == [
        (
            f"Data ManagementForm telah hilang atau telah dirusak. Bidang yang hilang: {missing}. "
            "Anda mungkin butuh memberkaskan laporan kesalahan jika masalah masih ada."
        )
    ]


def test_more_rows_than_any_instrument_has_are_not_even_read():
    rows = listed(NamedRows, TOTAL_FORMS="3000")

    assert not rows.is_valid()
    assert rows.non_form_errors() == ["Harap ajukan paling banyak 1000 formulir."]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_is_shown_and_sent_without_a_fault(name):
    chosen = LISTS[name]
    empty = replace(SPEC, agencies=(), evidence_kinds=(), stages=(), bands=(), clusters=())

    assert (chosen.shown(empty), chosen.entries(empty)) == ([], [])
    assert chosen.edit(kept(listed(chosen.rows))).change(empty) == empty


# --- Files --------------------------------------------------------------------------------------


def uploaded(content, name="kecil.yaml"):
    return ImportForm({}, {"file": SimpleUploadedFile(name, content)})


def test_without_a_file_a_file_is_asked_for():
    assert faults(ImportForm({}, {})) == {"file": [REQUIRED]}
    assert faults(uploaded(b"")) == {"file": ["Berkas yang dikirimkan kosong."]}


def test_a_file_beyond_the_limit_is_told_with_both_sizes():
    assert faults(uploaded(b"x" * (MAX_BYTES + 1))) == {
        "file": ["Berkas ini 5.000.001\xa0byte, paling besar 5.000.000\xa0byte."]
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[]", ["berkas: Harus berupa pasangan kunci dan isi."]),
        (b"a: [1\n", ["baris 2: Susunan YAML tidak dapat dibaca."]),
        (b"a: 1\x07", ["baris 1: Ada karakter yang tidak boleh ada dalam YAML."]),
        ("judul: Café".encode("latin-1"), ["Berkas ini bukan YAML dalam UTF-8 dan bukan XLSX."]),
        ("a: 1".encode("utf-16"), ["Berkas ini bukan YAML dalam UTF-8 dan bukan XLSX."]),
        (b"%PDF-1.7\n\xe2\xe3", ["Berkas ini bukan YAML dalam UTF-8 dan bukan XLSX."]),
        (
            b"PK\x03\x04",
            ["baris 1: “kecil.yaml” bukan tabel; simpan sebagai CSV (UTF-8) atau XLSX."],
        ),
    ],
)
def test_what_is_no_instrument_is_told_whatever_its_name(content, told):
    assert faults(uploaded(content))["file"][:1] == told
