import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from clusters import library
from clusters.library import InstrumentError, checksum, packaged, packaged_codes, read
from clusters.linter import lint
from tests.factories.clusters import small_spec

REAL = Path(library.__file__).parent / "instruments" / "kla-2023.yaml"
TEXT = REAL.read_text(encoding="utf-8")
KLA_2011 = "211c5cc723b3f231beb8eb95f0b3b660ee52d4af23040f66246f4ef20425d126"
Q1 = "clusters[0].indicators[0].questions[0]"
Q2 = "clusters[0].indicators[0].questions[1]"


def faults_of(text):
    with pytest.raises(InstrumentError) as caught:
        read(text)
    return [(fault.place, fault.message) for fault in caught.value.faults]


def test_the_packaged_instrument_is_the_published_one():
    spec = read(TEXT)
    rows, questions = list(spec.indicators()), list(spec.questions())

    assert (spec.code, spec.max_points) == ("kla-2023", Decimal(1000))
    assert [cluster.max_points for cluster in spec.clusters] == [164, 115, 156, 150, 110, 205, 100]
    assert (len(rows), len(questions)) == (31, 274)
    assert {row.number for row in rows if row.counts_among_24} == set(range(1, 25))
    assert sum(row.max_points for row in rows) == 1000
    assert sum(question.max_points for question in questions) == 1004
    assert [(band.predikat, band.minimum, band.maximum) for band in spec.bands] == [
        ("Pratama", 500, 600),
        ("Madya", 601, 700),
        ("Nindya", 701, 800),
        ("Utama", 801, 900),
        ("KLA", 901, 1000),
    ]


def test_rows_whose_questions_exceed_them_are_loaded_with_a_note():
    exceeding = {
        row.code: (sum(question.max_points for question in row.questions), row.max_points)
        for row in read(TEXT).indicators()
        if sum(question.max_points for question in row.questions) != row.max_points
    }
    notes = {row.code for row in read(TEXT).indicators() if row.note}

    assert exceeding == {"19": (54, 51), "21b": (18, 17)}
    assert notes == {"19", "21b"}


def test_every_packaged_file_is_named_after_its_code():
    codes = ["kla-2011", "kla-2023"]

    assert [packaged(code).code for code in packaged_codes()] == packaged_codes() == codes


def test_the_instrument_of_2011_counts_31_indicators_and_no_points():
    spec = packaged("kla-2011")
    rows, questions = list(spec.indicators()), list(spec.questions())

    assert (spec.measure, spec.max_points, spec.bands) == ("indicators", Decimal(31), ())
    assert [len(cluster.indicators) for cluster in spec.clusters] == [7, 3, 3, 9, 5, 4]
    assert [row.number for row in rows] == list(range(1, 32))
    assert (
        {row.max_points for row in rows} == {question.max_points for question in questions} == {1}
    )
    assert [row.code for row in rows] == [question.code for question in questions]
    assert [row for row in rows if row.counts_among_24] == []
    assert [finding.code for finding in lint(spec)] == ["no_bands"]
    assert checksum(spec) == KLA_2011


def test_both_instruments_name_agencies_and_documents_alike():
    older, newer = packaged("kla-2011"), packaged("kla-2023")

    assert set(older.agencies) - set(newer.agencies) == set()
    assert set(older.evidence_kinds) - set(newer.evidence_kinds) == set()


def test_an_instrument_that_is_not_packaged_is_a_lookup_error():
    with pytest.raises(LookupError):
        packaged("../kla-2023")


def test_a_fraction_is_the_decimal_that_is_written():
    fractions = {
        fraction for question in read(TEXT).questions() for fraction in question.usual_fractions
    }

    assert sorted(map(str, fractions)) == ["0", "0.25", "0.5", "0.66", "0.75", "1"]


def test_evidence_is_kept_in_the_order_of_the_instruments_list():
    mixed = TEXT.replace("evidence: [perkada, sk, surat_edaran]", "evidence: [sk, perkada]", 1)

    assert next(q for q in read(mixed).questions() if q.code == "1.2a").evidence == (
        "perkada",
        "sk",
    )


def test_the_layout_of_the_file_does_not_change_the_checksum():
    spaced = TEXT.replace("max_points: 1000", "max_points:   1000.0", 1)

    assert checksum(read(spaced)) == checksum(read(TEXT))
    assert re.fullmatch("[0-9a-f]{64}", checksum(read(TEXT)))


@pytest.mark.parametrize(
    "changed",
    [
        replace(small_spec(), max_points=Decimal("100.001")),
        replace(small_spec(), title="Lain"),
        replace(small_spec(), agencies=small_spec().agencies[::-1]),
        replace(small_spec(), clusters=small_spec().clusters[::-1]),
    ],
)
def test_any_other_content_has_another_checksum(changed):
    assert checksum(changed) != checksum(small_spec())


# Every row: what is replaced in the real file (its first occurrence), by what, and the faults.
MUTATIONS = [
    # keys
    ("schema: 1\n", "schema: 2\n", [("schema", "Hanya skema 1 yang dikenal.")]),
    ("schema: 1\n", "", [("schema", "Kunci ini wajib ada.")]),
    ("schema: 1\n", "schema: 1\nwarna: biru\n", [("warna", "Kunci ini tidak dikenal.")]),
    (
        "  title:",
        "  judul:",
        [
            ("instrument.judul", "Kunci ini tidak dikenal."),
            ("instrument.title", "Kunci ini wajib ada."),
        ],
    ),
    (
        "code: EM, name",
        "code: EM, nama",
        [
            ("instrument.stages[0].nama", "Kunci ini tidak dikenal."),
            ("instrument.stages[0].name", "Kunci ini wajib ada."),
        ],
    ),
    ("    label: Kelembagaan\n", "", [("clusters[0].label", "Kunci ini wajib ada.")]),
    ("        number: 1\n", "", [("clusters[0].indicators[0].number", "Kunci ini wajib ada.")]),
    ("            max_points: 12\n", "", [(f"{Q1}.max_points", "Kunci ini wajib ada.")]),
    (
        "            max_points: 12\n",
        "            max_points: 12\n            bobot: 1\n",
        [
            (f"{Q1}.bobot", "Kunci ini tidak dikenal."),
        ],
    ),
    # duplicates
    (
        "{code: BAPPEDA,",
        "{code: DP3A,",
        [
            ("agencies[1].code", "“DP3A” sudah dipakai di agencies[0].code."),
        ],
    ),
    (
        "code: perkada,",
        "code: perda,",
        [
            ("evidence_kinds[1].code", "“perda” sudah dipakai di evidence_kinds[0].code."),
        ],
    ),
    (
        "code: klaster-1\n",
        "code: kelembagaan\n",
        [
            ("clusters[1].code", "“kelembagaan” sudah dipakai di clusters[0].code."),
        ],
    ),
    (
        '      - code: "4"\n',
        '      - code: "1"\n',
        [
            (
                "clusters[1].indicators[0].code",
                "“1” sudah dipakai di clusters[0].indicators[0].code.",
            ),
        ],
    ),
    (
        '          - code: "4.1"\n',
        '          - code: "1.1"\n',
        [
            (
                "clusters[1].indicators[0].questions[0].code",
                f"“1.1” sudah dipakai di {Q1}.code.",
            ),
        ],
    ),
    (
        "predikat: Madya",
        "predikat: Pratama",
        [
            (
                "instrument.bands[1].predikat",
                "“Pratama” sudah dipakai di instrument.bands[0].predikat.",
            ),
        ],
    ),
    (
        "agencies: [HUKUM, DP3A]",
        "agencies: [HUKUM, HUKUM]",
        [
            (f"{Q1}.agencies[1]", f"“HUKUM” sudah dipakai di {Q1}.agencies[0]."),
        ],
    ),
    # numbers
    ("max_points: 12\n", "max_points: .nan\n", [(f"{Q1}.max_points", "Harus angka.")]),
    ("max_points: 12\n", "max_points: .inf\n", [(f"{Q1}.max_points", "Harus angka.")]),
    ("max_points: 12\n", "max_points: true\n", [(f"{Q1}.max_points", "Harus angka.")]),
    ("max_points: 12\n", 'max_points: "12"\n', [(f"{Q1}.max_points", "Harus angka.")]),
    ("max_points: 12\n", "max_points: 1e2\n", [(f"{Q1}.max_points", "Harus angka.")]),
    ("max_points: 12\n", "max_points: 12,5\n", [(f"{Q1}.max_points", "Harus angka.")]),
    ("max_points: 12\n", "max_points:\n", [(f"{Q1}.max_points", "Harus angka.")]),
    (
        "max_points: 12\n",
        "max_points: -1\n",
        [
            (f"{Q1}.max_points", "Tidak boleh kurang dari nol."),
        ],
    ),
    ("max_points: 12\n", "max_points: 10000\n", [(f"{Q1}.max_points", "Terlalu besar.")]),
    (
        "max_points: 12\n",
        "max_points: 12.3456\n",
        [
            (f"{Q1}.max_points", "Paling banyak tiga angka di belakang koma."),
        ],
    ),
    (
        "    max_points: 164\n",
        "    max_points: 0\n",
        [
            ("clusters[0].max_points", "Harus lebih dari nol."),
        ],
    ),
    (
        "        number: 1\n",
        "        number: 1.5\n",
        [
            (
                "clusters[0].indicators[0].number",
                "Nomor indikator harus bilangan bulat 1 sampai 99.",
            ),
        ],
    ),
    (
        "        number: 1\n",
        "        number: 100\n",
        [
            (
                "clusters[0].indicators[0].number",
                "Nomor indikator harus bilangan bulat 1 sampai 99.",
            ),
        ],
    ),
    (
        "usual_fractions: [0, 0.25,",
        "usual_fractions: [0, 1.25,",
        [
            (f"{Q2}.usual_fractions[1]", "Harus angka dari 0 sampai 1."),
        ],
    ),
    (
        "usual_fractions: [0, 0.25,",
        "usual_fractions: [-0.1, 0.25,",
        [
            (f"{Q2}.usual_fractions[0]", "Harus angka dari 0 sampai 1."),
        ],
    ),
    (
        "usual_fractions: [0, 0.25,",
        "usual_fractions: [0.25, 0.25,",
        [
            (f"{Q2}.usual_fractions[1]", "Bagian poin harus urut naik."),
        ],
    ),
    # words that are not on a list
    (
        "evidence: [perda]",
        "evidence: [perda, surat]",
        [
            (f"{Q1}.evidence[1]", "“surat” tidak dikenal."),
        ],
    ),
    (
        "agencies: [HUKUM, DP3A]",
        "agencies: [HUKUM, DISHUT]",
        [
            (f"{Q1}.agencies[1]", "“DISHUT” tidak dikenal."),
        ],
    ),
    (
        "answer_type: choice",
        "answer_type: pilihan",
        [
            (f"{Q1}.answer_type", "“pilihan” tidak dikenal."),
        ],
    ),
    ("kind: institutional", "kind: lembaga", [("clusters[0].kind", "“lembaga” tidak dikenal.")]),
    (
        "counts_among_24: true",
        "counts_among_24: ya",
        [
            ("clusters[0].indicators[0].counts_among_24", "Harus true atau false."),
        ],
    ),
    # bands
    (
        "min: 601, max: 700",
        "min: 600, max: 700",
        [
            ("instrument.bands[1]", "Rentang harus urut naik dan tidak bertumpang tindih."),
        ],
    ),
    (
        "min: 601, max: 700",
        "min: 700, max: 700",
        [
            ("instrument.bands[1]", "Batas bawah harus di bawah batas atas."),
        ],
    ),
    (
        "min: 901, max: 1000",
        "min: 901, max: 1001",
        [
            ("instrument.bands[4]", "Rentang melampaui poin maksimum instrumen."),
        ],
    ),
    # types
    (
        "legal_basis: [Perpres 25/2021, Permen PPPA 12/2022, Kepmen PPPA 21/2023]",
        "legal_basis: x",
        [
            ("instrument.legal_basis", "Harus berupa daftar."),
        ],
    ),
    (
        "title_en: KLA evaluation of a regency or city (2023 instrument)",
        "title_en: ''",
        [
            ("instrument.title_en", "Tidak boleh kosong."),
        ],
    ),
    (
        "title_en: KLA evaluation",
        "title_en: [KLA evaluation]\n  bands_note: x # ",
        [
            ("instrument.title_en", "Harus teks."),
        ],
    ),
    (
        "legal_basis: [Perpres 25/2021,",
        'legal_basis: ["Perpres\\n25/2021",',
        [
            ("instrument.legal_basis[0]", "Harus satu baris."),
        ],
    ),
    ('- code: "1.1"', "- code: 1.1", [(f"{Q1}.code", "Harus teks; tulis dalam tanda petik.")]),
    (
        '- code: "1.1"',
        '- code: "1 1"',
        [
            (f"{Q1}.code", "Kode “1 1” memuat karakter yang tidak boleh ada dalam kode."),
        ],
    ),
    (
        "code: kla-2023",
        "code: KLA_2023",
        [
            ("instrument.code", "Kode “KLA_2023” memuat karakter yang tidak boleh ada dalam kode."),
        ],
    ),
    (
        "    name: Kelembagaan\n",
        f"    name: {'K' * 301}\n",
        [
            ("clusters[0].name", "Paling panjang 300 karakter."),
        ],
    ),
    (
        "  - {code: DP3A, name: Dinas pem",
        "  - sekretariat\n  - {code: DP3A, name: Dinas pem",
        [
            ("agencies[0]", "Harus berupa pasangan kunci dan isi."),
        ],
    ),
]
# Whoever uses a code that a row above has renamed is at fault too, in many places.
SIDE_EFFECTS = re.compile(r"“BAPPEDA” tidak dikenal|“perkada” tidak dikenal|tertulis dua kali")


@pytest.mark.parametrize(("old", "new", "faults"), MUTATIONS)
def test_a_fault_in_the_real_file_is_reported_at_its_place(old, new, faults):
    assert old in TEXT

    found = faults_of(TEXT.replace(old, new, 1))

    assert [fault for fault in found if not SIDE_EFFECTS.search(fault[1])] == faults


@pytest.mark.parametrize(
    ("emptied", "place"),
    [("clusters: []", "clusters"), ("clusters: {}", "clusters"), ("clusters: x", "clusters")],
)
def test_a_section_that_is_no_list_of_something_is_a_fault(emptied, place):
    text = f"{TEXT.partition('clusters:')[0]}{emptied}\n"

    assert [fault[0] for fault in faults_of(text)] == [place]


def test_every_fault_of_a_file_is_reported_at_once():
    text = (
        TEXT.replace("max_points: 12\n", "max_points: -1\n", 1)
        .replace("predikat: Madya", "predikat: Pratama", 1)
        .replace('      - code: "26"\n', '      - code: "25"\n', 1)
    )

    assert [place for place, _message in faults_of(text)] == [
        "instrument.bands[1].predikat",
        f"{Q1}.max_points",
        "clusters[6].indicators[1].code",
    ]


@pytest.mark.parametrize("text", ["[]", "kla-2023", "12", "~"])
def test_a_file_that_is_no_mapping_is_one_fault_of_the_file(text):
    assert faults_of(text)[0] == ("berkas", "Harus berupa pasangan kunci dan isi.")


@pytest.mark.parametrize("missing", ["instrument", "agencies", "evidence_kinds", "clusters"])
def test_a_missing_part_is_named(missing):
    renamed = re.sub(rf"^{missing}:", f"x_{missing}:", TEXT, flags=re.MULTILINE)

    assert (missing, "Kunci ini wajib ada.") in faults_of(renamed)
