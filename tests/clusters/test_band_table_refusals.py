"""Tables of bands that cannot be: in a file, in a deed, on their pages, in the database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from clusters.band_files import BandTableSpec, packaged_tables, read_table
from clusters.edits import fingerprint_of
from clusters.library import InstrumentError
from clusters.models import BandTable, TableBand
from clusters.services.band_tables import (
    create_band_table,
    delete_band_table,
    edit_band_table,
    load_band_table,
    table_spec,
)
from clusters.spec import BandSpec
from tests.clusters.unchanged import nothing_changes, refusal
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT as NOW

SPEC = BandTableSpec(
    code="harian-2022",
    title="Harian Kota",
    version="2022",
    source="Halaman 3",
    bands=(
        BandSpec("Pratama", Decimal(501), Decimal(600)),
        BandSpec("Madya", Decimal(601), Decimal(700)),
    ),
)
OTHER = replace(SPEC, code="lain", title="Lain")
STALE = "Tabel ini sudah diubah orang lain sejak halaman dibuka. Periksa, lalu simpan lagi."
GONE = ("gone", "Tabel predikat ini sudah dihapus.")


@pytest.fixture
def admin(db):
    return SiteAdminFactory(name="Rina")


@pytest.fixture
def table(admin):
    return create_band_table(spec=SPEC, by=admin, at=NOW)


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


def seen_of(table):
    return fingerprint_of(table_spec(BandTable.objects.get(pk=table.pk)))


def fields(spec, **changes):
    values = {
        "code": spec.code,
        "title": spec.title,
        "version": spec.version,
        "source": spec.source,
        "form-TOTAL_FORMS": len(spec.bands),
        "form-INITIAL_FORMS": 0,
    }
    for number, band in enumerate(spec.bands):
        values[f"form-{number}-predikat"] = band.predikat
        values[f"form-{number}-minimum"] = f"{band.minimum}"
        values[f"form-{number}-maximum"] = f"{band.maximum}"
    return values | changes


def page(name, table):
    return reverse(f"clusters:{name}", args=[table.code])


# --- Files --------------------------------------------------------------------------------------


def text(bands="[{predikat: Pratama, min: 501, max: 600}]", **changes):
    told = {"code": "h-1", "title": "Harian", "version": '"1"', "source": "Hal. 3"} | changes
    lines = [f"  {key}: {value}" for key, value in told.items() if value is not None]
    return "\n".join(["schema: 1", "table:", *lines, f"  bands: {bands}", ""])


NOTHING_IN_IT = [
    f"table.{key}: Kunci ini wajib ada." for key in ("code", "title", "version", "source", "bands")
]


def faults(content):
    with pytest.raises(InstrumentError) as caught:
        read_table(content)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ["baris 1: Berkas kosong."]),
        ("table: [", ["baris 2: Susunan YAML tidak dapat dibaca."]),
        (
            "- a\n",
            ["berkas: Harus berupa pasangan kunci dan isi.", *NOTHING_IN_IT],
        ),
        ("schema: 1\n", ["table: Kunci ini wajib ada.", *NOTHING_IN_IT]),
        ("schema: 1\ntable: []\n", ["table: Harus berupa pasangan kunci dan isi."]),
        (text().replace("schema: 1", 'schema: "1"'), ["schema: Hanya skema 1 yang dikenal."]),
        (text(tahun=2022), ["table.tahun: Kunci ini tidak dikenal."]),
        (text(source=None), ["table.source: Kunci ini wajib ada."]),
        (text(version="2022"), ["table.version: Harus teks; tulis dalam tanda petik."]),
        (text(version='"' + "v" * 51 + '"'), ["table.version: Paling panjang 50 karakter."]),
        (text(title='" "'), ["table.title: Tidak boleh kosong."]),
        (text(title="T" * 301), ["table.title: Paling panjang 300 karakter."]),
        (text(source="S" * 5001), ["table.source: Paling panjang 5000 karakter."]),
        (
            text(code="Harian"),
            ["table.code: Kode “Harian” memuat karakter yang tidak boleh ada dalam kode."],
        ),
        (text(bands="[]"), ["table.bands: Daftar ini tidak boleh kosong."]),
        (text(bands="Pratama"), ["table.bands: Harus berupa daftar."]),
        (
            text(bands="[{predikat: A, min: 1}]"),
            ["table.bands[0].max: Kunci ini wajib ada."],
        ),
        (
            text(
                bands="[{predikat: A, min: 501.0001, max: 1e3}, {predikat: 1, min: -1, max: 10000}]"
            ),
            [
                "table.bands[0].min: Paling banyak tiga angka di belakang koma.",
                "table.bands[0].max: Harus angka.",
                "table.bands[1].predikat: Harus teks; tulis dalam tanda petik.",
                "table.bands[1].min: Tidak boleh kurang dari nol.",
                "table.bands[1].max: Terlalu besar.",
            ],
        ),
    ],
)
def test_each_fault_of_a_table_file_is_told_with_its_place(content, told):
    assert faults(content) == told


# --- Deeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"code": SPEC.code},
            {"code": ["Tabel predikat dengan Kode telah ada."]},
        ),
        (
            {"title": SPEC.title, "version": SPEC.version},
            {"__all__": ["Versi ini dari tabel tersebut sudah ada."]},
        ),
        (
            {"code": "Harian", "title": "", "version": "v" * 51, "source": ""},
            {
                "title": ["Field ini tidak boleh kosong."],
                "version": [
                    "Pastikan nilai ini mengandung paling banyak 50 karakter (sekarang 51 karakter)."
                ],
                "source": ["Field ini tidak boleh kosong."],
            },
        ),
    ],
)
def test_a_table_that_repeats_another_is_told_field_by_field(table, admin, changes, told):
    with nothing_changes(), pytest.raises(ValidationError) as caught:
        create_band_table(spec=replace(OTHER, **changes), by=admin, at=NOW)

    assert caught.value.message_dict == told


def test_a_table_does_not_take_the_code_or_the_version_of_another(table, admin):
    other = create_band_table(spec=OTHER, by=admin, at=NOW)
    given = {"table": other, "seen": seen_of(other), "by": admin, "at": NOW}

    for spec in (replace(OTHER, code=SPEC.code), replace(OTHER, title=SPEC.title)):
        with nothing_changes(), pytest.raises(ValidationError) as caught:
            edit_band_table(spec=spec, **given)
        assert list(caught.value.message_dict) in (["code"], ["__all__"])


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        ([("A", 5, 5)], ("inverted", "Batas bawah predikat “A” harus di bawah batas atasnya.")),
        ([("A", 1, 2), ("A", 3, 4)], ("taken", "Predikat “A” tertulis dua kali.")),
    ],
)
def test_bands_that_cannot_be_are_refused_by_every_deed(table, admin, bands, told):
    rows = tuple(BandSpec(name, Decimal(low), Decimal(high)) for name, low, high in bands)
    new, changed = replace(OTHER, bands=rows), replace(SPEC, bands=rows)

    assert refusal(create_band_table, spec=new, by=admin, at=NOW) == told
    assert refusal(load_band_table, spec=new, at=NOW) == told
    edit = {"table": table, "spec": changed, "seen": seen_of(table), "by": admin, "at": NOW}
    assert refusal(edit_band_table, **edit) == told


def test_a_table_saved_in_one_tab_is_not_overwritten_from_the_other(table, admin):
    seen = seen_of(table)
    given = {"table": table, "seen": seen, "by": admin, "at": NOW}
    edit_band_table(spec=replace(SPEC, source="Halaman 4"), **given)

    assert refusal(edit_band_table, spec=SPEC, **given) == ("stale", STALE)


def test_a_table_that_somebody_deleted_is_neither_changed_nor_deleted_again(table, admin):
    seen = seen_of(table)
    delete_band_table(table=BandTable.objects.get(), by=admin, at=NOW)
    given = {"table": table, "by": admin, "at": NOW}

    assert refusal(delete_band_table, **given) == GONE
    assert refusal(edit_band_table, spec=SPEC, seen=seen, **given) == GONE


def test_a_packaged_table_that_was_changed_here_is_left_with_advice(table):
    changed = replace(SPEC, source="Halaman 9")

    assert refusal(load_band_table, spec=changed, at=NOW) == (
        "other",
        (
            "Tabel predikat “harian-2022” sudah ada dengan isi lain dan tidak ditimpa. "
            "Beri versi yang baru kode lain."
        ),
    )


def test_the_command_keeps_what_it_stored_before_the_table_it_refuses(admin, capsys):
    """Each table is stored by itself; run again, it goes on."""
    first, second = packaged_tables()
    create_band_table(spec=replace(second, source="Lain"), by=admin, at=NOW)

    with pytest.raises(CommandError) as caught:
        call_command("load_band_tables")

    assert str(caught.value) == (
        f"Tabel predikat “{second.code}” sudah ada dengan isi lain dan tidak ditimpa. "
        "Beri versi yang baru kode lain."
    )
    assert sorted(BandTable.objects.values_list("code", flat=True)) == [first.code, second.code]
    assert capsys.readouterr().out == f"{first.code}: tercatat (5 predikat)\n"


# --- Pages --------------------------------------------------------------------------------------


def told_on(response):
    errors = {name: list(told) for name, told in response.context["form"].errors.items()}
    rows = [
        {name: list(told) for name, told in row.items()} for row in response.context["rows"].errors
    ]
    return errors, [row for row in rows if row]


@pytest.mark.parametrize(
    ("changes", "errors", "rows"),
    [
        (
            {"version": "v" * 51},
            {
                "version": [
                    "Pastikan nilai ini mengandung paling banyak 50 karakter (sekarang 51 karakter)."
                ]
            },
            [],
        ),
        ({"source": ""}, {"source": ["Bidang ini tidak boleh kosong."]}, []),
        (
            {"form-0-maximum": "enam ratus"},
            {},
            [{"maximum": ["Isi dengan angka, misalnya 12,5."]}],
        ),
        (
            {"form-1-predikat": "Pratama"},
            {"__all__": ["Predikat “Pratama” tertulis dua kali."]},
            [],
        ),
        (
            {"code": SPEC.code},
            {"code": ["Tabel predikat dengan Kode telah ada."]},
            [],
        ),
    ],
)
def test_a_refused_table_is_told_at_its_field_and_not_stored(site, table, changes, errors, rows):
    with nothing_changes():
        response = site.post(reverse("clusters:band_table_create"), fields(OTHER, **changes))

    assert told_on(response) == (errors, rows)
    assert response.context["form"]["title"].value() == "Lain"


def test_a_table_without_rows_is_a_table_whose_source_prints_no_bands(site):
    site.post(reverse("clusters:band_table_create"), fields(replace(SPEC, bands=())))

    assert table_spec(BandTable.objects.get()).bands == ()


def test_a_page_without_what_it_showed_changes_no_table(site, table):
    with nothing_changes():
        response = site.post(page("band_table_edit", table), fields(replace(SPEC, title="Lain")))

    assert response.context["form"].non_field_errors() == [STALE]


def test_the_pages_of_a_table_that_was_deleted_in_another_tab_are_not_found(site, table, admin):
    delete_band_table(table=table, by=admin, at=NOW)

    for name in ("band_table_edit", "band_table_delete"):
        assert site.get(page(name, table)).status_code == 404
        assert site.post(page(name, table), fields(SPEC)).status_code == 404


def test_deleting_is_asked_for_first(site, table):
    with nothing_changes():
        response = site.get(page("band_table_delete", table))

    assert response.context["title"] == "Hapus Harian Kota (2022)?"


# --- The database -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minimum", "maximum"), [("-1", "1"), ("5", "5"), ("6", "5"), ("0.001", "0.001")]
)
def test_the_database_keeps_no_band_upside_down(table, minimum, maximum):
    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        TableBand.objects.create(
            table=table, predikat="X", minimum=Decimal(minimum), maximum=Decimal(maximum)
        )


def test_the_database_keeps_a_predikat_once_in_a_table_and_a_version_once(table):
    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        TableBand.objects.create(table=table, predikat="Madya", minimum=1, maximum=2)
    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        BandTable.objects.create(code="x", title=SPEC.title, version="2022", created_at=NOW)
