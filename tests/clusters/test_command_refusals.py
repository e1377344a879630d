"""Commands about instruments with what they cannot take: their status, their words, and no trace."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from clusters.library import packaged_codes
from clusters.management import instruments
from clusters.models import Instrument
from clusters.services import load_instrument
from clusters.services.life import create_draft, retire_instrument
from clusters.spec import StageSpec
from clusters.writing import write
from tests.clusters.unchanged import nothing_changes
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

pytestmark = pytest.mark.django_db

KNOWN = ", ".join(packaged_codes())


def run(name, *arguments):
    """The status with which a command ends, what it says and what it complains of."""
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def file_of(tmp_path, content, name="instrumen.yaml"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- Paths --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["load_instrument", "lint_instrument"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "{path}: No such file or directory"),
        (b"#" * 1_000_001, "{path} terlalu besar untuk sebuah instrumen."),
        (b"judul: caf\xe9", "{path} bukan teks UTF-8."),
        ("judul: é".encode("utf-16"), "{path} bukan teks UTF-8."),
        (b"", "baris 1: Berkas kosong."),
        (b"\xef\xbb\xbf", "baris 1: Berkas kosong."),
        (b"a: \x00", "baris 1: Ada karakter yang tidak boleh ada dalam YAML."),
        (b"a: 1\n\tb: 2\n", "baris 2: Susunan YAML tidak dapat dibaca."),
        (b"PK\x03\x04" + bytes(30), "baris 1: Ada karakter yang tidak boleh ada dalam YAML."),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_status_2(tmp_path, command, content, told):
    path = tmp_path / "instrumen.yaml"
    if content is not None:
        file_of(tmp_path, content)

    with nothing_changes():
        assert run(command, path) == (2, "", told.format(path=path) + "\n")


@pytest.mark.parametrize("command", ["load_instrument", "lint_instrument"])
def test_a_folder_is_no_file(tmp_path, command):
    assert run(command, tmp_path) == (2, "", f"{tmp_path}: Is a directory\n")


@pytest.mark.parametrize("code", ["kla-1999", "KLA-2023", "", "../kla-2023"])
def test_a_code_that_nobody_knows_is_told_with_those_that_are_known(code):
    told = f"Instrumen “{code}” tidak ada. Yang tersedia: {KNOWN}.\n"

    assert run("export_instrument", code) == (2, "", told)


def test_a_code_to_be_linted_that_nobody_knows_is_told_too():
    told = f"Instrumen “kla-1999” tidak ada. Yang tersedia: {KNOWN}.\n"

    assert run("lint_instrument", "kla-1999") == (2, "", told)


def test_a_code_to_be_loaded_that_does_not_come_with_us_is_taken_for_a_file():
    assert run("load_instrument", "kla-1999") == (
        2,
        "",
        "kla-1999: No such file or directory\n",
    )


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("load_instrument", []),
        ("lint_instrument", []),
        ("export_instrument", []),
        ("export_instrument", ["a", "b"]),
        ("lint_instrument", ["kla-2023", "--format", "xml"]),
        ("load_band_tables", ["kota-metro-2022"]),
    ],
)
def test_a_command_with_wrong_arguments_does_nothing(command, arguments):
    wrong = r"required: |unrecognized arguments: |invalid choice: 'xml'"

    with nothing_changes(), pytest.raises(CommandError, match=wrong):
        call_command(command, *arguments)


# --- Contents -----------------------------------------------------------------------------------


def test_every_fault_of_a_file_is_told_on_its_own_line_by_either_command(tmp_path):
    text = (
        write(small_spec())
        .replace("max_points: 30", "max_points: seribu")
        .replace("agencies: [DP3A]", "agencies: [DISHUT]")
    )
    path = file_of(tmp_path, text)
    first = "clusters[0].indicators[0].questions[0]"
    told = f"{first}.max_points: Harus angka.\n{first}.agencies[0]: “DISHUT” tidak dikenal.\n"

    for command in ("load_instrument", "lint_instrument"):
        with nothing_changes():
            status, out, err = run(command, path)
        assert (status, out, sorted(err.splitlines())) == (2, "", sorted(told.splitlines()))


def test_faults_for_programs_are_json_and_end_with_status_2(tmp_path):
    path = file_of(tmp_path, "schema: 2\n")

    status, out, err = run("lint_instrument", path, "--format", "json")

    assert (status, err) == (2, "")
    found = json.loads(out)
    assert found["findings"] == []
    assert found["faults"][0] == {
        "place": "instrument",
        "message": "Kunci ini wajib ada.",
    }


def test_what_a_draft_may_have_is_linted_and_not_loaded(tmp_path):
    path = file_of(tmp_path, write(replace(small_spec(), clusters=())))

    assert run("load_instrument", path) == (
        2,
        "",
        "clusters: Daftar ini tidak boleh kosong.\n",
    )
    status, out, err = run("lint_instrument", path)
    assert (status, err) == (1, "")
    assert out.splitlines()[0] == "kesalahan: instrumen: Belum ada klaster di dalamnya. (empty)"


def test_a_draft_of_the_same_code_is_not_overwritten_from_the_command_line(tmp_path):
    create_draft(spec=small_spec(), by=SiteAdminFactory(), at=PUBLISHED_AT)
    path = file_of(tmp_path, write(small_spec()))

    with nothing_changes():
        assert run("load_instrument", path) == (
            2,
            "",
            (
                "“kecil-2026” adalah rancangan yang sedang disusun di sini. "
                "Terbitkan atau hapus rancangan itu, atau pakai kode lain.\n"
            ),
        )


def test_a_correction_is_not_loaded_before_what_it_corrects(tmp_path):
    spec = replace(small_spec("kecil-2026-2"), corrects="kecil-2026", correction_note="x")
    path = file_of(tmp_path, write(spec))

    with nothing_changes():
        assert run("load_instrument", path) == (
            2,
            "",
            (
                "Instrumen “kecil-2026-2” membetulkan “kecil-2026”, yang belum ada di sini. "
                "Muat instrumen itu terlebih dahulu.\n"
            ),
        )
    make_instrument()
    assert run("load_instrument", path)[0] == 0


def test_loading_a_retired_instrument_again_says_that_nothing_changes(tmp_path):
    retire_instrument(instrument=make_instrument(), by=SiteAdminFactory(), at=PUBLISHED_AT)
    path = file_of(tmp_path, write(small_spec()))

    with nothing_changes():
        assert run("load_instrument", path) == (
            0,
            "kecil-2026: sudah ada, tidak ada yang berubah (5 pertanyaan)\n",
            "",
        )


# --- Without a database -------------------------------------------------------------------------


def test_a_stored_instrument_goes_before_the_packaged_one_of_its_code():
    load_instrument(spec=small_spec("kla-2023"), at=PUBLISHED_AT)

    assert run("export_instrument", "kla-2023")[1] == write(small_spec("kla-2023"))


def test_where_the_tables_are_missing_the_packaged_instrument_is_taken():
    """As before the first migration: the database is there and says no."""
    unanswerable = Instrument.objects.extra(where=["tabel_yang_tidak_ada.kolom = 1"])

    with transaction.atomic():
        assert instruments.stored_spec("kla-2023", unanswerable) is None
        transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server is there or it is not")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tidak-ada.sqlite3", False),
        ("kosong.sqlite3", False),
        (":memory:", True),
        ("file:uji?mode=memory&cache=shared", True),
    ],
)
def test_asking_for_an_instrument_makes_no_empty_database(tmp_path, monkeypatch, name, expected):
    path = tmp_path / name
    if "kosong" in name:
        path.touch()
    asked = name if expected else str(path)
    monkeypatch.setitem(connection.settings_dict, "NAME", asked)

    assert instruments.database_exists() is expected
    if not expected:
        assert instruments.stored_spec("kla-2023", Instrument.objects.all()) is None
        assert path.exists() is ("kosong" in name)


def test_an_exported_file_with_odd_names_loads_again(tmp_path):
    spec = replace(
        small_spec("2027"),
        title="“null”: - # {x} \u202e",
        stages=(StageSpec("1.10", "12:30"), StageSpec("true", "~")),
    )
    create_draft(spec=spec, by=SiteAdminFactory(), at=PUBLISHED_AT)
    status, text, _err = run("export_instrument", "2027")
    Instrument.objects.all().delete()

    assert status == 0
    assert run("load_instrument", file_of(tmp_path, text))[0] == 0
    assert run("export_instrument", "2027")[1] == text
