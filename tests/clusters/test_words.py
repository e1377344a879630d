"""Every part of an instrument has a word for people, so that no page breaks on a new one."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from clusters import comparing, labels, spec
from clusters.choices import AnswerType, ClusterKind, Direction, MatchKind, Measure, RowChange
from clusters.comparing import BELOW, CHOICES, CODED, LABELS, NOTHING, FieldChange, compare
from clusters.library import ADDED_LATER, checksum
from clusters.sheets.layout import COLUMNS, HEAD_ITEMS, KINDS, CellError, as_cell, as_value, kind_of
from clusters.spec import plain_number
from clusters.writing import document_of
from tests.factories.clusters import small_spec
from workbooks.reading import Twofold, Uncomputed

SPEC = small_spec()
PARTS = [
    spec.AgencySpec,
    spec.BandSpec,
    spec.ClusterSpec,
    spec.EvidenceKindSpec,
    spec.IndicatorSpec,
    spec.InstrumentSpec,
    spec.QuestionSpec,
    spec.StageSpec,
]


@pytest.mark.parametrize("part", PARTS)
def test_each_field_of_each_part_has_a_word_or_is_shown_apart(part):
    names = {field.name for field in fields(part)}

    assert names - LABELS.keys() <= BELOW


def test_each_code_has_a_word_and_none_has_two():
    values = [
        str(one.value) for kind in (AnswerType, ClusterKind, Direction, Measure) for one in kind
    ]

    assert sorted(CHOICES) == sorted(values)
    assert len(values) == len(set(values))
    assert set(CODED) <= LABELS.keys()


def test_each_field_of_a_file_has_a_place_in_the_workbook():
    document = document_of(
        replace(SPEC, bands_note="x", measure="indicators", corrects="x", correction_note="x")
    )
    in_columns = {key for column in COLUMNS for key in column.keys.values()}
    cluster = document["clusters"][0]
    rows = [cluster, cluster["indicators"][0], cluster["indicators"][0]["questions"][1]]

    assert document["instrument"].keys() - HEAD_ITEMS.keys() == {"legal_basis", "bands", "stages"}
    for row in rows:
        assert row.keys() - in_columns <= {"indicators", "questions"}
    assert KINDS.keys() <= in_columns | HEAD_ITEMS.keys() | {
        "schema",
        "exported",
        "min",
        "max",
        "code",
    }


def test_a_field_that_came_later_does_not_change_what_was_published_before():
    for name, unused in ADDED_LATER.items():
        if name in {field.name for field in fields(SPEC)}:
            assert checksum(replace(SPEC, **{name: unused})) == checksum(SPEC)
            assert checksum(replace(SPEC, **{name: "x"})) != checksum(SPEC)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"legal_basis": ()}, FieldChange("dasar hukum", "Perpres 25/2021", NOTHING)),
        ({"measure": "indicators"}, FieldChange("satuan nilai", "poin", "indikator terpenuhi")),
        ({"max_points": Decimal("12.50")}, FieldChange("poin maksimum", "100", "12,5")),
        ({"provenance": ""}, FieldChange("asal-usul", "Untuk uji.", NOTHING)),
        ({"title": "points"}, FieldChange("judul", "Instrumen kecil", "points")),  # no code
    ],
)
def test_a_change_is_told_in_words_and_nothing_in_a_dash(changes, shown):
    [difference] = compare(SPEC, replace(SPEC, **changes))

    assert (difference.place, difference.fields) == ("instrumen", (shown,))


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("agencies", ["urutan perangkat daerah"]),
        ("evidence_kinds", ["urutan jenis dokumen"]),
        ("bands", ["urutan predikat"]),
        ("clusters", ["urutan klaster", "urutan indikator", "urutan pertanyaan"]),
    ],
)
def test_another_order_alone_is_told_once_for_each_level(part, told):
    turned = replace(SPEC, **{part: tuple(reversed(getattr(SPEC, part)))})

    differences = compare(SPEC, turned)

    assert [one.place for one in differences] == told
    assert {(one.change, one.fields) for one in differences} == {(RowChange.CHANGED, ())}


def test_a_whole_that_is_gone_is_told_row_by_row():
    empty = replace(SPEC, clusters=(), agencies=(), bands=(), stages=(), evidence_kinds=())

    gone = compare(SPEC, empty)

    assert {one.change for one in gone} == {RowChange.REMOVED}
    assert len(gone) == 2 + 3 + 5 + 3 + 2 + 1 + 2
    assert compare(empty, empty) == []


def test_a_cluster_without_a_label_is_called_by_its_code():
    assert labels.cluster(replace(SPEC.clusters[0], label="")) == "klaster kelembagaan"
    assert labels.cluster(SPEC.clusters[1]) == "Klaster I"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0", "0"),
        ("0.000", "0"),
        ("-0.5", "-0.5"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("100", "100"),
        ("100.100", "100.1"),
    ],
)
def test_a_number_is_written_out_and_never_as_a_power(number, written):
    assert plain_number(Decimal(number)) == written
    assert labels.number(Decimal(number)) == written.replace(".", ",")


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        (MatchKind.SAME, {(1, 1)}),
        (MatchKind.REWORDED, {(1, 1)}),
        (MatchKind.SPLIT, {(1, 2), (1, 3)}),
        (MatchKind.MERGED, {(2, 1), (3, 1)}),
        (MatchKind.NEW, {(0, 1)}),
        (MatchKind.GONE, {(1, 0)}),
    ],
)
def test_each_relation_has_its_sizes_and_no_other(kind, sizes):
    fitting = {(old, new) for old in range(4) for new in range(4) if kind.fits(old, new)}

    assert fitting == sizes


# --- Cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "cell", "told"),
    [
        ("text", Uncomputed(), "Rumus tanpa hasil; ganti dengan nilainya."),
        ("max_points", Uncomputed(), "Rumus tanpa hasil; ganti dengan nilainya."),
        (
            "text",
            Twofold(Decimal("0.5"), "50%"),
            "50 % bisa berarti 0,5 atau 50. Format selnya sebagai angka, lalu tulis ulang nilainya.",
        ),
        (
            "code",
            Decimal("1.1"),
            "Terbaca sebagai angka; beri sel format Teks lalu ketik ulang.",
        ),
        ("kind", True, "Terbaca sebagai angka; beri sel format Teks lalu ketik ulang."),
        (
            "evidence",
            Decimal("1.5"),
            "Terbaca sebagai angka; beri sel format Teks lalu ketik ulang.",
        ),
        ("counts_among_24", "barangkali", "Tulis “ya” atau “tidak”."),
        ("counts_among_24", Decimal(1), "Tulis “ya” atau “tidak”."),
    ],
)
def test_a_cell_that_cannot_mean_what_its_column_is_for_says_so(key, cell, told):
    with pytest.raises(CellError) as caught:
        as_value(key, cell)

    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("counts_among_24", " YA ", True),
        ("counts_among_24", False, False),
        ("max_points", "1.000", "1.000"),  # a thousand or one: left to the check, which refuses it
        ("max_points", "12.50", Decimal("12.50")),
        ("max_points", "0,125", Decimal("0.125")),
        ("max_points", "", ""),
        ("measure", "POIN", "points"),
        ("direction", "lain", "lain"),
        ("usual_fractions", " 0 ;; 1 ", [Decimal(0), Decimal(1)]),
        ("usual_fractions", Decimal("0.5"), [Decimal("0.5")]),
        ("options", "a\n\n b ", ["a", "b"]),
        ("agencies", ",;\n", []),
        ("name", Decimal(2024), "2024"),
    ],
)
def test_a_cell_is_taken_for_what_its_column_is_for(key, cell, value):
    assert as_value(key, cell) == value


@pytest.mark.parametrize(
    ("key", "value", "cell"),
    [
        ("counts_among_24", True, "ya"),
        ("options", [], None),
        ("usual_fractions", [Decimal("0.5"), Decimal(1)], "0,5; 1"),
        ("evidence", ["a", "b"], "a, b"),
        ("kind", "lain", "lain"),
        ("kind", "", ""),
        ("text", None, None),
        ("max_points", Decimal("1.5"), Decimal("1.5")),
    ],
)
def test_a_value_is_shown_as_a_person_would_write_it(key, value, cell):
    assert as_cell(key, value) == cell


def test_a_key_of_no_known_kind_is_a_text():
    assert kind_of("sesuatu").name == "TEXT"
    assert comparing.NOTHING == "–"
