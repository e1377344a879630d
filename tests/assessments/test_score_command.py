import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from django.db.models import QuerySet

import kla
from clusters.library import packaged
from clusters.management import instruments
from tests.factories.clusters import InstrumentFactory, make_instrument, small_spec

DEMO = Path(kla.__file__).parent / "demo" / "sheet-kabupaten-a-2024.csv"


@pytest.fixture
def without_database(monkeypatch):
    monkeypatch.setattr(instruments, "database_exists", lambda: False)


def sheet(tmp_path, text):
    file = tmp_path / "lembar.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def scored(capsys, *arguments):
    call_command("score", *arguments, "--format", "json")
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        call_command("score", *arguments)
    output = capsys.readouterr()
    assert (caught.value.code, output.out) == (2, "")
    return output.err.splitlines()


@pytest.mark.usefixtures("without_database")
def test_the_real_sheet_scores_as_published(capsys):
    result = scored(capsys, str(DEMO))

    assert {key: result[key] for key in result if key not in ("clusters", "indicators")} == {
        "instrument": "kla-2023",
        "questions": 274,
        "unanswered": 0,
        "total": "771.81",
        "max": "1000",
        "predikat": "Nindya",
        "gap": False,
        "next": {"predikat": "Utama", "min": "801", "points_needed": "29.19"},
    }
    assert result["clusters"][0] == {
        "code": "kelembagaan",
        "points": "126.91",
        "max": "164",
        "capped": False,
    }
    assert (len(result["clusters"]), len(result["indicators"])) == (7, 31)
    assert sum(Decimal(line["points"]) for line in result["clusters"]) == Decimal("771.81")
    assert sum(Decimal(line["points"]) for line in result["indicators"]) == Decimal("771.81")


@pytest.mark.usefixtures("without_database")
def test_the_score_is_told_in_words(capsys):
    call_command("score", str(DEMO))

    assert capsys.readouterr().out.splitlines() == [
        "Evaluasi KLA kabupaten/kota (instrumen 2023)",
        "Total: 771.81 / 1000",
        "Predikat: Nindya",
        "29.19 poin lagi menuju Utama",
        "",
        "Kelembagaan: 126.91 / 164",
        "Klaster I: 89 / 115",
        "Klaster II: 93.8 / 156",
        "Klaster III: 136 / 150",
        "Klaster IV: 94.6 / 110",
        "Klaster V: 163 / 205",
        "Kecamatan dan desa/kelurahan: 68.5 / 100",
    ]


@pytest.mark.usefixtures("without_database")
def test_below_the_first_band_there_is_no_predikat(capsys, tmp_path):
    result = scored(capsys, sheet(tmp_path, "question,points\n1.1,12\n1.2a,\n"))

    assert (result["total"], result["predikat"], result["unanswered"]) == ("12", None, 273)
    assert result["next"] == {"predikat": "Pratama", "min": "500", "points_needed": "488"}


@pytest.mark.usefixtures("without_database")
def test_at_the_top_nothing_is_next(capsys, tmp_path):
    questions = packaged("kla-2023").questions()
    rows = "\n".join(f"{question.code};{question.max_points}" for question in questions)
    result = scored(capsys, sheet(tmp_path, f"question;points\n{rows}\n"))

    assert (result["total"], result["predikat"], result["next"]) == ("1000", "KLA", None)
    assert [line["code"] for line in result["indicators"] if line["capped"]] == ["19", "21b"]


@pytest.mark.django_db
def test_a_gap_and_what_is_unanswered_are_said(capsys, tmp_path):
    make_instrument()
    file = sheet(tmp_path, "question,points\n1.1,30\n1.2,5.5\n2a.1,15\n2a.2,10.5\n")

    call_command("score", file, "--instrument", "kecil-2026")

    assert capsys.readouterr().out.splitlines() == [
        "Instrumen kecil",
        "Total: 60.5 / 100",
        "Predikat: Pratama",
        "Total ada di antara dua rentang predikat; yang berlaku yang lebih rendah.",
        "0.5 poin lagi menuju Madya",
        "1 dari 5 pertanyaan belum dijawab",
        "",
        "Kelembagaan: 35.5 / 50",
        "Klaster I: 25 / 50",
    ]


@pytest.mark.usefixtures("without_database")
def test_every_fault_stands_on_its_own_line(capsys, tmp_path):
    file = sheet(tmp_path, "question,points\n9.9,1\n1.1,13\n1.2a,nan\n")

    assert refused(capsys, file) == [
        "baris 2: Kode “9.9” tidak ada dalam instrumen.",
        "baris 3: Nilai 13 melebihi maksimum pertanyaan 1.1, yaitu 12 poin.",
        "baris 4: Poin “nan” bukan bilangan yang dapat dijumlahkan.",
    ]


@pytest.mark.usefixtures("without_database")
def test_a_sheet_that_is_not_there_is_refused(capsys, tmp_path):
    file = str(tmp_path / "tidak-ada.csv")

    assert refused(capsys, file) == [f"{file}: No such file or directory"]


@pytest.mark.usefixtures("without_database")
def test_an_instrument_that_is_not_there_is_refused(capsys):
    assert refused(capsys, str(DEMO), "--instrument", "kla-1999") == [
        "Instrumen “kla-1999” tidak ada. Yang tersedia: kla-2011, kla-2023."
    ]


@pytest.mark.django_db
def test_the_instrument_in_the_database_comes_before_the_packaged_one(capsys, tmp_path):
    make_instrument(replace(small_spec(), code="kla-2023"))
    file = sheet(tmp_path, "question,points\n2b.1,25\n")

    assert scored(capsys, file)["max"] == "100"


@pytest.mark.django_db
def test_a_draft_in_the_database_is_passed_over(capsys, tmp_path):
    InstrumentFactory(code="kla-2023")

    assert scored(capsys, str(DEMO))["total"] == "771.81"


def test_a_database_that_does_not_answer_is_passed_over(capsys, monkeypatch):
    def away(*_arguments):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(instruments, "database_exists", lambda: True)
    monkeypatch.setattr(QuerySet, "first", away)

    assert scored(capsys, str(DEMO))["total"] == "771.81"


@pytest.mark.parametrize("database", ["tidak-ada.sqlite3", "kosong.sqlite3", "bukan.sqlite3"])
def test_scoring_needs_no_database_and_writes_nothing(tmp_path, database):
    """In a process of its own: what `manage.py score` does on a machine that has no database."""
    (tmp_path / "kosong.sqlite3").touch()
    (tmp_path / "bukan.sqlite3").write_text("bukan basis data")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    done = subprocess.run(
        [sys.executable, "manage.py", "score", str(DEMO), "--format", "json"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kla.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path / database}",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"] == "771.81"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
