import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from clusters import library
from clusters.choices import InstrumentStatus
from clusters.models import Instrument
from clusters.writing import write
from tests.factories.clusters import make_instrument, small_spec

pytestmark = pytest.mark.django_db

TEXT = (Path(library.__file__).parent / "instruments" / "kla-2023.yaml").read_text("utf-8")
SMALL = [
    (
        "peringatan: indikator 2a: Pertanyaan di dalamnya berjumlah 30, maksimumnya 25; "
        "yang lebih tidak terhitung. (sum_over)"
    ),
]


def file_with(tmp_path, text):
    path = tmp_path / "instrumen.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def ended(status, *arguments):
    with pytest.raises(SystemExit) as caught:
        call_command("lint_instrument", *arguments)
    assert caught.value.code == status


def test_the_published_instrument_has_findings_but_no_errors(capsys):
    call_command("lint_instrument", "kla-2023")

    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" ")[2] for line in lines[:3]] == [
        "(zero_points)",
        "(sum_over)",
        "(sum_over)",
    ]
    assert lines[-1] == "kla-2023: 0 kesalahan, 3 peringatan, 5 catatan"


def test_a_draft_in_the_database_is_linted_by_its_code(capsys):
    make_instrument()
    Instrument.objects.update(status=InstrumentStatus.DRAFT, published_at=None)

    call_command("lint_instrument", "kecil-2026")

    assert capsys.readouterr().out.splitlines()[0] == SMALL[0]


def test_a_file_with_errors_ends_with_status_1_and_names_them(capsys, tmp_path):
    text = TEXT.replace("min: 601, max: 700", "min: 600, max: 700").replace(
        '- code: "26.17"', '- code: "26.16"'
    )

    ended(1, file_with(tmp_path, text))

    assert capsys.readouterr().out.splitlines()[:2] == [
        (
            "kesalahan: pertanyaan 26.16: Kode ini dipakai lebih dari sekali; "
            "beri tiap isian kode sendiri. (duplicate_code)"
        ),
        (
            "kesalahan: predikat Madya: Bertumpang tindih dengan Pratama, "
            "yang sampai 600. (band_overlap)"
        ),
    ]


def test_findings_are_json_for_programs(capsys, tmp_path):
    path = file_with(tmp_path, write(replace(small_spec(), title_en="")))

    call_command("lint_instrument", path, "--format=json")

    found = json.loads(capsys.readouterr().out)
    assert found["faults"] == []
    assert found["findings"][0] == {
        "code": "sum_over",
        "severity": "warning",
        "place": "indikator 2a",
        "sentence": (
            "Pertanyaan di dalamnya berjumlah 30, maksimumnya 25; yang lebih tidak terhitung."
        ),
    }
    assert ("missing_text_en", "instrumen") in [(f["code"], f["place"]) for f in found["findings"]]


def test_a_file_that_cannot_be_read_names_its_faults_with_their_places(capsys, tmp_path):
    path = file_with(tmp_path, TEXT.replace("max_points: 12\n", "max_points: dua belas\n", 1))
    fault = ("clusters[0].indicators[0].questions[0].max_points", "Harus angka.")

    ended(2, path)
    assert capsys.readouterr().err.splitlines() == [": ".join(fault)]

    ended(2, path, "--format=json")
    assert json.loads(capsys.readouterr().out) == {
        "findings": [],
        "faults": [{"place": fault[0], "message": fault[1]}],
    }


def test_an_unknown_code_and_a_missing_file_are_refused(capsys, tmp_path):
    ended(2, "kla-1999")
    ended(2, str(tmp_path / "tidak-ada.yaml"))

    assert capsys.readouterr().err.splitlines() == [
        f"Instrumen “kla-1999” tidak ada. Yang tersedia: {', '.join(library.packaged_codes())}.",
        f"{tmp_path / 'tidak-ada.yaml'}: No such file or directory",
    ]


def test_an_indicator_without_questions_is_a_finding_not_a_fault(capsys, tmp_path):
    spec = small_spec()
    hollow = replace(spec.clusters[0].indicators[0], questions=())
    cluster = replace(spec.clusters[0], indicators=(hollow,))
    path = file_with(tmp_path, write(replace(spec, clusters=(cluster, spec.clusters[1]))))

    ended(1, path)

    assert capsys.readouterr().out.splitlines()[0] == (
        "kesalahan: indikator 1: Belum ada pertanyaan di dalamnya. (empty)"
    )
