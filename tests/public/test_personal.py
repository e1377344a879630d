import pytest

from public.personal import faults_of, faults_of_file

NAMES = ["Siti Rahmawati", "Sekretariat Gugus Tugas", "Bambang"]


@pytest.mark.parametrize(
    "text",
    [
        "Latih 120 kader di 34 kelurahan",
        "SK 463/21/2023 tanggal 2025-03-01",
        "Kode 62.01.02.2003 tahun 2024 dan 2025",
        "Pagu 1.250.000.000 rupiah",
        "Rapat Sekretariat Gugus Tugas bersama Bambang",
        "Siti dan Rahmawati Jaya",
        "Nilai 0,75 dari 100",
    ],
)
def test_a_text_without_a_person_may_go_out(text):
    assert list(faults_of(text, NAMES)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("NIK 1871012345678901", "16 angka seperti NIK"),
        ("NIK 1871 0123 4567 8901", "16 angka seperti NIK"),
        ("hubungi 0812-3456-7890", "nomor telepon"),
        ("hubungi +62 812 3456 7890", "nomor telepon"),
        ("hubungi 6281234567890", "nomor telepon"),
        ("kantor (0721) 481 234", "nomor telepon"),
        ("tulis ke ani@contoh.example", "alamat e-mail"),
        ("dipimpin SITI  RAHMAWATI, S.Sos.", "nama orang"),
    ],
)
def test_what_points_at_a_person_is_found(text, fault):
    assert list(faults_of(text, NAMES)) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "Tahun 2021 2022 2023 2024",
        "2310 1420 1105 2211",
        "0 12 15 18 20 41 7 19 22",
        "1234567890123456789",
        "Kode 187101 450590 00011",
        "Luas 0.812.345.678 meter",
        "NIP 19800101 200501 1 001",
        "Telepon (0721) 481234, surel dp3a@kota.example",
    ],
)
def test_figures_in_a_file_and_the_head_of_a_letter_are_no_person_for_certain(text):
    assert list(faults_of_file(text)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("NIK 1871014505900001", "16 angka seperti NIK"),
        ("NIK 1871 0145 0590 0001", "16 angka seperti NIK"),
        ("NIK 187101-450590-0001", "16 angka seperti NIK"),
        ("hubungi 0812-3456-7890", "nomor telepon seluler"),
        ("hubungi +62 812 3456 7890", "nomor telepon seluler"),
    ],
)
def test_what_is_written_as_a_number_of_a_person_is_found_in_a_file(text, fault):
    assert list(faults_of_file(text)) == [fault]
