"""What the name of a file says of the paper in it."""

from dataclasses import dataclass

import pytest

from assessments.titles import MAX_TITLE, kind_from_name, title_for, title_from


@dataclass
class Kind:
    code: str
    name: str


PERDA, SK, EDARAN, FOTO = (
    Kind("perda", "Peraturan daerah"),
    Kind("sk", "Surat keputusan"),
    Kind("surat_edaran", "Surat edaran"),
    Kind("foto", "Foto bertanggal dan berketerangan"),
)
KINDS = [PERDA, SK, EDARAN, FOTO]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("SK Gugus Tugas KLA 2024.pdf", "SK Gugus Tugas KLA 2024"),
        ("SK Gugus Tugas.2025.pdf", "SK Gugus Tugas.2025"),
        ("Perda_No_5_Tahun_2020.pdf", "Perda No 5 Tahun 2020"),
        ("Laporan  P2TP2A.docx", "Laporan P2TP2A"),
        ("Imunisasi.pdf", "Imunisasi"),
        ("Cafe\u0301 Anak.pdf", "Café Anak"),
        ("Scan SK Gugus Tugas.pdf", "Scan SK Gugus Tugas"),
    ],
)
def test_a_name_that_a_person_gave_is_the_title(name, title):
    assert title_from(name) == title


@pytest.mark.parametrize(
    "name",
    [
        "IMG_2041.jpg",
        "IMG-20240501-WA0007.jpg",
        "IMG_20240501_101233~2.jpg",
        "DSC00123.JPG",
        "PXL_20240501_101233123.MP.jpg",
        "20240501_101233.jpg",
        "image0.jpeg",
        "scan0001.pdf",
        "CamScanner 05-01-2024 10.12.pdf",
        "Adobe Scan 01 Mei 2024.pdf",
        "WhatsApp Image 2024-05-01 at 10.12.33.jpeg",
        "Screenshot_20240501-101233.png",
        "Document (3).pdf",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301.pdf",
        "foto.jpg",
        "sk.pdf",
        "a.pdf",
        " .pdf",
        "",
    ],
)
def test_a_name_that_a_device_gave_says_nothing(name):
    assert title_from(name) == ""
    assert title_for(name, "Foto kegiatan", "13.2") == "Foto kegiatan – 13.2"


def test_a_title_of_a_very_long_kind_still_ends_with_the_code():
    title = title_for("", "k" * 300, "13.2")

    assert (len(title), title[-7:]) == (MAX_TITLE, "k – 13.2"[-7:])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SK Gugus Tugas KLA 2024.pdf", SK),
        ("Keputusan Wali Kota.pdf", SK),
        ("Surat Edaran tentang SK.pdf", EDARAN),
        ("PERDA_5_2020.pdf", PERDA),
        ("foto.jpg", FOTO),
        ("IMG_2041.jpg", None),
        ("risk.pdf", None),  # the letters alone are no word
        ("Notula.pdf", None),  # not asked for
    ],
)
def test_a_kind_is_proposed_where_the_name_says_it(name, kind):
    assert kind_from_name(name, KINDS) == kind


def test_a_single_kind_needs_no_name():
    assert kind_from_name("IMG_2041.jpg", [FOTO]) == FOTO


def test_of_two_kinds_that_fit_none_is_proposed():
    assert kind_from_name("SK.pdf", [SK, Kind("sk2", "Surat keputusan camat")]) is None
