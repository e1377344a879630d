"""The feed of a JDIH, as cities give it."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from regulations.choices import RegulationKind
from regulations.jdih import MOST_BYTES, kind_named, read_feed, write_feed

ROW = {
    "idData": "71",
    "jenis": "Peraturan Daerah",
    "noPeraturan": "4",
    "tahunPengundangan": "2021",
    "tanggalPengundangan": "2021-05-10",
    "judul": "Peraturan Daerah Nomor 4 Tahun 2021 tentang Kota Layak Anak",
    "status": "Berlaku",
    "urlDetailPeraturan": "https://jdih.example.go.id/71",
    "bahasa": "Indonesia",
}


def feed(*rows):
    return read_feed(json.dumps(rows).encode())


def test_a_row_is_read_with_what_stands_after_tentang():
    (entry,) = feed(ROW).entries

    assert (entry.jdih_id, entry.kind, entry.number, entry.year) == ("71", "perda", "4", 2021)
    assert entry.title == "Kota Layak Anak"
    assert entry.promulgated_on == date(2021, 5, 10)
    assert entry.address == "https://jdih.example.go.id/71"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("PERATURAN WALI KOTA", RegulationKind.PERKADA),
        ("Perbup", RegulationKind.PERKADA),
        ("Keputusan Wali Kota", RegulationKind.KEPUTUSAN),
        ("Surat Edaran", RegulationKind.SURAT_EDARAN),
        ("Rancangan Undang-Undang", None),
        ("", None),
    ],
)
def test_kinds_are_known_by_their_usual_names(words, kind):
    assert kind_named(words) == kind


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("PERATURAN WALI KOTA NOMOR 7 TAHUN 2022 TENTANG Akta", "Akta"),
        ("Salinan Perda No. 7 tentang Akta", "Akta"),
        (
            "Perubahan atas Perwali Nomor 1 tentang Akta",
            "Perubahan atas Perwali Nomor 1 tentang Akta",
        ),
        (
            "Perda Nomor 2 tentang Perubahan atas Perda Nomor 1 tentang Akta",
            "Perubahan atas Perda Nomor 1 tentang Akta",
        ),
        ("Ketentuan tentang Akta", "Ketentuan tentang Akta"),
    ],
)
def test_what_an_amendment_is_about_is_not_cut_short(title, about):
    (entry,) = feed(ROW | {"judul": title}).entries

    assert entry.title == about


@pytest.mark.parametrize(
    "content",
    [b'[{"idData": ' + b"9" * 5_000 + b"}]", b"[" * 100_000, b"NaN", b"\xff\xfe", b"[[]]"],
)
def test_a_hostile_file_is_refused_as_no_feed(content):
    with pytest.raises(ValidationError) as refused:
        read_feed(content)

    assert refused.value.code == "not_a_feed"


def test_signs_that_no_database_stores_are_left_out_and_lists_are_no_words():
    row = {"idData": "7\x00", "judul": "Kota\x00 Layak\ud800 Anak\u202e"}
    (entry,) = feed(ROW | row).entries
    (fault,) = feed(ROW | {"noPeraturan": ["4"]}).faults

    assert (entry.jdih_id, entry.title) == ("7", "Kota Layak Anak")
    assert fault.message == "Nomor peraturan kosong atau terlalu panjang."


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://[", "ftp://a.example/", "//a"])
def test_only_an_address_of_the_web_is_taken(address):
    (entry,) = feed(ROW | {"urlDetailPeraturan": address}).entries

    assert entry.address == ""


@pytest.mark.parametrize("kind", RegulationKind)
def test_what_is_written_is_read_again_as_the_same(kind):
    (entry,) = feed(ROW | {"judul": "Perubahan atas Perda Nomor 1 tentang Akta"}).entries
    entry = replace(entry, kind=kind.value)

    assert read_feed(write_feed(iter([entry]))).entries == [entry]


@pytest.mark.parametrize("day", ["", "0000-00-00", None])
def test_a_day_that_the_feed_does_not_have_is_none(day):
    (entry,) = feed(ROW | {"tanggalPengundangan": day}).entries

    assert entry.promulgated_on is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"jenis": "Majalah", "judul": "Buletin"}, "Jenis “Majalah” tidak dikenal."),
        ({"noPeraturan": " "}, "Nomor peraturan kosong atau terlalu panjang."),
        ({"noPeraturan": "4" * 61}, "Nomor peraturan kosong atau terlalu panjang."),
        ({"judul": ""}, "Judul kosong atau terlalu panjang."),
        ({"tahunPengundangan": "21"}, "Tahun “21” tidak terbaca."),
        ({"tanggalPengundangan": "31-02-2021"}, "Tanggal “31-02-2021” tidak terbaca."),
    ],
)
def test_a_row_with_a_fault_is_named_and_the_others_stay(change, fault):
    found = feed(ROW | change, ROW)

    assert [(one.line, one.message) for one in found.faults] == [(1, fault)]
    assert [one.line for one in found.entries] == [2]


def test_a_script_is_no_address():
    (entry,) = feed(ROW | {"urlDetailPeraturan": "javascript:alert(1)"}).entries

    assert entry.address == ""


def test_the_list_may_stand_in_an_envelope_and_begin_with_a_mark():
    content = "\ufeff" + json.dumps({"status": "ok", "data": [ROW]})

    assert len(read_feed(content.encode()).entries) == 1


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xff\xfe", b'"teks"', b"[1, 2]", b"{}", b"[" * 100_000]
)
def test_what_is_no_feed_is_refused_with_words(content):
    with pytest.raises(ValidationError) as refusal:
        read_feed(content)

    assert refusal.value.code == "not_a_feed"


def test_a_file_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(ValidationError) as refusal:
        read_feed(b" " * (MOST_BYTES + 1))

    assert refusal.value.code == "too_big"


def test_what_was_written_is_read_as_it_was():
    entries = feed(ROW, ROW | {"noPeraturan": "5", "tanggalPengundangan": ""}).entries

    assert read_feed(write_feed(iter(entries))).entries == entries
