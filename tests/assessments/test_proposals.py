"""What a paper says of itself, and that nothing is guessed."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.proposals import FIELDS, NAME, TAKEN, Passage, propose
from texts.days import MONTH, written

SK = """WALI KOTA CONTOH
PROVINSI JAWA CONTOH
KEPUTUSAN WALI KOTA CONTOH
NOMOR 463/KEP.123-DP3A/2023
TENTANG
GUGUS TUGAS KOTA LAYAK ANAK PERIODE 2023-2027

Menimbang : a. bahwa Peraturan Daerah Nomor 5 Tahun 2021 perlu dilaksanakan;
Mengingat : 1. Undang-Undang Nomor 23 Tahun 2002 tentang Perlindungan Anak;
"""
END = """KEDUA : Keputusan ini berlaku sampai dengan tanggal 31 Desember 2027.
Ditetapkan di Kota Contoh
pada tanggal 21 November 2023
WALI KOTA CONTOH,
"""


def agreed(*passages):
    """What is proposed, by field."""
    return {one.field: one.value for one in propose(passages).agreed}


def page(text, number="1"):
    return Passage(number, text)


def test_a_decree_says_its_number_day_period_and_how_long_it_holds():
    assert agreed(page(SK), page(END, "7")) == {
        "number": "463/KEP.123-DP3A/2023",
        "issued_on": "21-11-2023",
        "period_start": "01-01-2023",
        "period_end": "31-12-2027",
        "valid_until": "31-12-2027",
    }


def test_a_proposal_names_the_words_and_the_page_that_it_stands_on():
    [number, issued] = propose(
        [
            page(SK.replace("PERIODE 2023-2027", "")),
            page("Ditetapkan di Kota Contoh\npada tanggal 21 November 2023", "7"),
        ]
    ).agreed

    assert (number.place, number.words) == ("1", "NOMOR 463/KEP.123-DP3A/2023")
    assert (issued.place, issued.words) == (
        "7",
        "Ditetapkan di Kota Contoh\npada tanggal 21 November 2023",
    )


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("NOMOR 5 TAHUN 2021", "5 Tahun 2021"),
        ("Nomor : 12 Tahun 2022", "12 Tahun 2022"),
        ("Nomor: 800.1/ 123 /DP3A", "800.1/123/DP3A"),
        ("NOMOR : 463/KEP.123-DP3A/2023", "463/KEP.123-DP3A/2023"),
        ("Keputusan Kepala Dinas No. 188.45/17/2023", "188.45/17/2023"),
        ("NOMOR 188/123-B TAHUN 2023", "188/123-B Tahun 2023"),
        ("NOMOR : ..../..../2023", None),  # a template that nobody filled in
        ("Nomor : 12", None),
        ("No. telp/faks kantor", None),
        ("Nomor : 5 TAHUN 2021\nNomor : 6 TAHUN 2021", None),  # two readings
    ],
)
def test_a_number_as_offices_write_it(line, number):
    assert agreed(page(line)).get("number") == number


def test_what_a_paper_rests_on_is_not_its_own_number():
    recitals = "PERATURAN WALI KOTA\nMengingat :\nNomor 23 Tahun 2002 tentang Perlindungan Anak"

    assert agreed(page(recitals)) == {}
    assert agreed(page("Nomor 23 Tahun 2002", "2")) == {}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ditetapkan di Kota Contoh, pada tanggal 21-11-2023", "21-11-2023"),
        ("Dikeluarkan di : Kota Contoh\nPada tanggal : 3 Mei 2024", "03-05-2024"),
        ("Nomor : 4/B/2024     Kota Contoh, 3 Mei 2024", "03-05-2024"),
        ("Kota Contoh, 21 November 2023", "21-11-2023"),
        ("Tanggal : 21/11/2023", "21-11-2023"),
        ("rapat dilaksanakan tanggal 21 November 2023 di balai kota", None),
        ("Ditetapkan di X pada tanggal 31 Februari 2023", None),
        (
            "Ditetapkan di X pada tanggal 1 Mei 2023\nDitetapkan di X pada tanggal 2 Mei 2023",
            None,
        ),
        ("Diundangkan di X pada tanggal 2 Mei 2023", None),
    ],
)
def test_the_day_of_issue_is_the_one_on_which_a_paper_was_signed(text, day):
    assert agreed(page(text)).get("issued_on") == day


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("DPA TAHUN ANGGARAN 2023", ("01-01-2023", "31-12-2023")),
        ("Laporan Forum Anak Tahun 2023", ("01-01-2023", "31-12-2023")),
        ("periode Januari–Desember 2023", ("01-01-2023", "31-12-2023")),
        ("Bulan Maret s.d. Juni 2024", ("01-03-2024", "30-06-2024")),
        ("November 2023 sampai dengan Februari 2024", ("01-11-2023", "29-02-2024")),
        ("RAD KLA TAHUN 2021-2026", ("01-01-2021", "31-12-2026")),
        ("Semester II Tahun 2023", ("01-07-2023", "31-12-2023")),
        ("Triwulan III 2023", ("01-07-2023", "30-09-2023")),
        ("Periode 1 Maret 2023 s.d. 15 April 2023", ("01-03-2023", "15-04-2023")),
        ("Semester III Tahun 2023", (None, None)),
        ("RAD KLA TAHUN 2026-2021", (None, None)),
        ("Peraturan Daerah Nomor 5 Tahun 2021", (None, None)),
        ("TAHUN ANGGARAN 2023 dan TAHUN ANGGARAN 2024", (None, None)),
        # They begin alike, and half a period is none.
        ("TAHUN 2021-2026 dan TAHUN ANGGARAN 2021", (None, None)),
    ],
)
def test_the_period_that_a_paper_covers(text, period):
    found = agreed(page(text))

    assert (found.get("period_start"), found.get("period_end")) == period


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("berlaku sampai dengan 31 Desember 2025", "31-12-2025"),
        ("Sertifikat ini berlaku sejak ditetapkan s.d. 05-06-2026", "05-06-2026"),
        ("berlaku pada tanggal ditetapkan. Rapat sampai dengan 5 Juni 2026", None),
    ],
)
def test_how_long_a_paper_holds(text, day):
    assert agreed(page(text, "3")).get("valid_until") == day


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("Perda Nomor 5 Tahun 2021", {"number": "5 Tahun 2021"}),
        ("Perda_5_2021_KLA", {"number": "5 Tahun 2021"}),
        ("SK Wali Kota No. 12 Tahun 2022", {"number": "12 Tahun 2022"}),
        (
            "Laporan PUSPAGA Tahun 2023",
            {"period_start": "01-01-2023", "period_end": "31-12-2023"},
        ),
        ("IMG_20240501_101233", {"issued_on": "01-05-2024"}),
        ("20240501_101233", {"issued_on": "01-05-2024"}),
        ("IMG-20240501-WA0007", {}),  # when a messenger sent it on
        ("IMG_20241301_101233", {}),
        ("scan 5 2021", {}),
    ],
)
def test_what_the_name_of_a_file_says(name, facts):
    assert agreed(Passage(NAME, name)) == facts


def test_a_photograph_says_when_it_was_taken():
    assert agreed(Passage(TAKEN, "2024-05-01")) == {"issued_on": "01-05-2024"}
    assert agreed(Passage(TAKEN, "0000-00-00")) == {}


def test_where_name_and_page_differ_both_are_told_and_nothing_is_proposed():
    found = propose([Passage(NAME, "Perda 6 Tahun 2021"), page("NOMOR 5 TAHUN 2021")])

    assert found.agreed == []
    assert [(one.place, one.value) for one in found.doubtful] == [
        (NAME, "6 Tahun 2021"),
        ("1", "5 Tahun 2021"),
    ]


def test_where_name_and_page_agree_it_is_proposed_once():
    found = propose([Passage(NAME, "Perda 5 Tahun 2021"), page("NOMOR 5  TAHUN 2021")])

    assert [one.value for one in found.agreed] == ["5 Tahun 2021"]
    assert found.doubtful == []


# --- Whatever the text ------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *[
            "NOMOR",
            "No.",
            "nomor",
            ":",
            "/",
            "-",
            "–",
            "5",
            "12",
            "2023",
            "TAHUN",
            "2021-2026",
            "tanggal",
            "ditetapkan",
            "di",
            "pada",
            "berlaku",
        ],
        *[
            "sampai",
            "dengan",
            "s.d.",
            "Tahun",
            "Anggaran",
            "Semester",
            "II",
            "Laporan",
            "Menimbang",
            "periode",
            "A/1/2023",
        ],
        *MONTH.split("|")[:4],
        "21 November 2023",
        "21-11-2023",
        "\n",
        "  ",
        "_",
    ]
)
texts = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=300)
passages = st.lists(
    st.builds(Passage, st.sampled_from([NAME, TAKEN, "title", "1", "2", "9"]), texts), max_size=4
)


@given(passages=passages)
def test_every_reading_stands_in_the_passage_that_it_names(passages):
    found = propose(passages)

    for one in [*found.agreed, *found.doubtful]:
        assert any(one.words in p.text for p in passages if p.place == one.place)
    fields = [one.field for one in found.agreed]
    assert fields == [field for field in FIELDS if field in fields]
    assert not set(fields) & {one.field for one in found.doubtful}


@given(passages=passages)
def test_more_text_never_turns_a_proposal_into_another(passages):
    """It may make it doubtful; in place of one value comes never silently the other."""
    whole = agreed(*passages)

    for alone in map(agreed, passages):
        for field in alone.keys() & whole.keys():
            assert alone[field].casefold().split() == whole[field].casefold().split()


@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_the_day_of_a_signature_comes_back(day):
    [name] = [
        name
        for number, name in enumerate(
            [
                "Januari",
                "Februari",
                "Maret",
                "April",
                "Mei",
                "Juni",
                "Juli",
                "Agustus",
                "September",
                "Oktober",
                "November",
                "Desember",
            ],
            start=1,
        )
        if number == day.month
    ]

    text = f"Ditetapkan di Kota Contoh\npada tanggal {day.day} {name} {day.year}"

    assert agreed(page(text)) == {"issued_on": written(day)}


@pytest.mark.parametrize(
    "text",
    [
        "nomor " * 20_000,
        "Nomor : " + "1/" * 50_000,
        "1" * 100_000,
        "NOMOR " + "A-" * 50_000 + " TAHUN",
        "ditetapkan di " + " " * 100_000,
        "ditetapkan di " * 10_000,
        "laporan " * 20_000,
        "berlaku " * 20_000,
        "Tahun 2021" + "-" * 50_000,
        "Januari " * 20_000,
        "\n " * 50_000,
        "A" * 50_000 + ", ",
        "semester " * 20_000,
    ],
)
@pytest.mark.parametrize("place", [NAME, "1"])
def test_no_text_keeps_the_reader_busy(place, text):
    begun = time.process_time()

    propose([Passage(place, text)])

    assert time.process_time() - begun < 2
