from pathlib import Path

import pytest
from django.core.management import call_command

from clusters import library
from clusters.models import Instrument, Question

pytestmark = pytest.mark.django_db

REAL = Path(library.__file__).parent / "instruments" / "kla-2023.yaml"
TEXT = REAL.read_text(encoding="utf-8")


def refused(capsys, file):
    with pytest.raises(SystemExit) as caught:
        call_command("load_instrument", str(file))
    assert caught.value.code == 2
    assert Instrument.objects.count() == 0
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("file", [str(REAL), "kla-2023"])
def test_a_file_or_a_packaged_code_is_loaded_once(file, capsys):
    call_command("load_instrument", file)
    call_command("load_instrument", file)

    assert capsys.readouterr().out.splitlines() == [
        "kla-2023: termuat dan terbit (274 pertanyaan)",
        "kla-2023: sudah ada, tidak ada yang berubah (274 pertanyaan)",
    ]
    assert (Instrument.objects.count(), Question.objects.count()) == (1, 274)


def test_every_fault_stands_on_its_own_line_and_nothing_is_loaded(capsys, tmp_path):
    file = tmp_path / "salah.yaml"
    file.write_text(
        TEXT.replace("schema: 1", "schema: 2", 1).replace("predikat: Madya", "predikat: Pratama"),
        encoding="utf-8",
    )

    assert refused(capsys, file) == [
        "schema: Hanya skema 1 yang dikenal.",
        "instrument.bands[1].predikat: “Pratama” sudah dipakai di instrument.bands[0].predikat.",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "baris 1: Berkas kosong."),
        (b"a: }", "baris 1: Susunan YAML tidak dapat dibaca."),
        (b"title: \xff", "{file} bukan teks UTF-8."),
        (b"#" * 1_000_001, "{file} terlalu besar untuk sebuah instrumen."),
    ],
)
def test_a_file_that_is_no_instrument_is_refused(capsys, tmp_path, content, message):
    file = tmp_path / "salah.yaml"
    file.write_bytes(content)

    assert refused(capsys, file) == [message.format(file=file)]


def test_a_file_that_is_not_there_is_refused(capsys, tmp_path):
    file = tmp_path / "tidak-ada.yaml"

    assert refused(capsys, file) == [f"{file}: No such file or directory"]


def test_other_content_under_a_published_code_is_refused(capsys, tmp_path):
    call_command("load_instrument", "kla-2023")
    file = tmp_path / "ubah.yaml"
    file.write_text(TEXT.replace("Evaluasi KLA", "Penilaian KLA", 1), encoding="utf-8")
    capsys.readouterr()

    with pytest.raises(SystemExit) as caught:
        call_command("load_instrument", str(file))

    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        (
            "Instrumen “kla-2023” sudah terbit dan tidak pernah diubah. "
            "Beri instrumen yang baru kode lain."
        )
    ]
    assert Instrument.objects.get().title == "Evaluasi KLA kabupaten/kota (instrumen 2023)"
