"""Tables of bands of other sources: files, deeds and pages."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.models import Assessment
from clusters.band_files import BandTableSpec, packaged_tables, read_table
from clusters.library import InstrumentError
from clusters.linter import between_bands
from clusters.models import BandTable
from clusters.services.band_tables import (
    create_band_table,
    delete_band_table,
    edit_band_table,
    load_band_table,
    table_spec,
)
from clusters.spec import BandSpec
from tests.factories.assessments import open_year
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT as NOW
from tests.factories.clusters import TableBandFactory

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
YAML = """
schema: 1
table:
  code: harian-2022
  title: Harian Kota
  version: "2022"
  source: Halaman 3
  bands:
    - {predikat: Pratama, min: 501, max: 600}
    - {predikat: Madya, min: 601, max: 700}
"""


# --- Files --------------------------------------------------------------------------------------


def test_a_table_is_read_from_text():
    assert read_table(YAML) == SPEC


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("[", ["baris 2"]),
        ("schema: 2\ntable: {}", ["schema", *(f"table.{k}" for k in ["code", "title", "version"])]),
        (YAML.replace("max: 600", "max: banyak"), ["table.bands[0].max"]),
        (YAML.replace("code: harian-2022", "code: Harian 2022"), ["table.code"]),
    ],
)
def test_every_fault_of_a_file_is_told_with_its_place(text, places):
    with pytest.raises(InstrumentError) as caught:
        read_table(text)

    assert [fault.place for fault in caught.value.faults][: len(places)] == places


def test_the_tables_that_come_with_the_project_say_what_their_sources_do_not():
    facts = {
        table.code: [(band.predikat, band.minimum, band.maximum) for band in table.bands]
        for table in packaged_tables()
    }

    assert facts == {
        "kota-metro-2022": [
            ("Pratama", 501, 600),
            ("Madya", 601, 700),
            ("Nindya", 701, 800),
            ("Utama", 801, 900),
            ("KLA", 910, 1000),
        ],
        "kota-mojokerto-2019": [("Pratama", 600, 699), ("Madya", 700, 800)],
    }
    assert all("tidak disebut" in table.source for table in packaged_tables())


@pytest.mark.django_db
def test_loading_twice_changes_nothing(capsys):
    call_command("load_band_tables")
    call_command("load_band_tables")

    assert capsys.readouterr().out.splitlines() == [
        "kota-metro-2022: tercatat (5 predikat)",
        "kota-mojokerto-2019: tercatat (2 predikat)",
        "kota-metro-2022: sudah ada, tidak ada yang berubah (5 predikat)",
        "kota-mojokerto-2019: sudah ada, tidak ada yang berubah (2 predikat)",
    ]
    assert [table_spec(table) for table in BandTable.objects.order_by("code")] == packaged_tables()


@pytest.mark.django_db
def test_loading_never_overwrites_another_table():
    changed = replace(packaged_tables()[0], title="Lain")
    load_band_table(spec=changed, at=NOW)

    with pytest.raises(CommandError, match="tidak ditimpa"):
        call_command("load_band_tables")

    assert table_spec(BandTable.objects.get(code=changed.code)) == changed


# --- Deeds --------------------------------------------------------------------------------------


@pytest.fixture
def admin(db):
    return SiteAdminFactory(name="Rina")


@pytest.fixture
def table(admin):
    return create_band_table(spec=SPEC, by=admin, at=NOW)


def chosen_by_a_year(table):
    Assessment.objects.filter(pk=open_year().pk).update(band_table=table)


def refusal(deed, **arguments):
    with pytest.raises(ValidationError) as caught:
        deed(**arguments, at=NOW)
    return getattr(caught.value, "code", None) or list(caught.value.message_dict)


def seen_of(client, url):
    return client.get(url).context["seen"]


def test_a_table_is_stored_with_its_bands_and_a_line(table, admin):
    assert table_spec(table) == SPEC
    assert list(LogEntry.objects.values_list("user", "change_message")) == [
        (admin.pk, "tabel predikat dicatat")
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": "harian-2022"}, ["code"]),
        ({"title": "Harian Kota", "version": "2022"}, ["__all__"]),
        ({"bands": (BandSpec("Madya", Decimal(2), Decimal(1)),)}, "inverted"),
        ({"bands": (SPEC.bands[0], SPEC.bands[0])}, "taken"),
    ],
)
def test_a_table_that_cannot_be_is_refused(table, admin, changes, told):
    other = replace(SPEC, **{"code": "lain", "title": "Lain", "version": "1", **changes})

    assert refusal(create_band_table, spec=other, by=admin) == told
    assert BandTable.objects.count() == 1


def test_a_table_that_a_year_uses_is_neither_changed_nor_deleted(table, admin):
    chosen_by_a_year(table)
    changed = replace(SPEC, title="Lain")

    assert refusal(edit_band_table, table=table, spec=changed, seen="", by=admin) == "in_use"
    assert refusal(delete_band_table, table=table, by=admin) == "in_use"
    assert table_spec(BandTable.objects.get()) == SPEC


def test_a_table_that_changed_meanwhile_is_not_overwritten(table, admin):
    changed = replace(SPEC, title="Lain")

    assert refusal(edit_band_table, table=table, spec=changed, seen="lama", by=admin) == "stale"
    assert table_spec(BandTable.objects.get()) == SPEC


# --- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


def fields(spec, seen=""):
    values = {
        "seen": seen,
        "code": spec.code,
        "title": spec.title,
        "version": spec.version,
        "source": spec.source,
        "form-TOTAL_FORMS": len(spec.bands),
        "form-INITIAL_FORMS": 0,
    }
    for number, band in enumerate(spec.bands):
        values[f"form-{number}-predikat"] = band.predikat
        values[f"form-{number}-minimum"] = str(band.minimum).replace(".", ",")
        values[f"form-{number}-maximum"] = str(band.maximum).replace(".", ",")
    return values


def test_a_table_is_entered_and_changed_on_its_pages(site):
    site.post(reverse("clusters:band_table_create"), fields(SPEC))
    assert table_spec(BandTable.objects.get()) == SPEC

    page = reverse("clusters:band_table_edit", args=[SPEC.code])
    changed = replace(SPEC, bands=(BandSpec("Utama", Decimal("0.5"), Decimal(900)),))
    site.post(page, fields(changed, seen_of(site, page)))

    assert table_spec(BandTable.objects.get()) == changed


def test_a_refused_table_keeps_what_was_typed(site, table):
    page = reverse("clusters:band_table_edit", args=[SPEC.code])
    inverted = replace(SPEC, bands=(BandSpec("Utama", Decimal(900), Decimal(1)),))

    response = site.post(page, fields(inverted, seen_of(site, page)))

    assert response.context["form"].non_field_errors() == [
        "Batas bawah predikat “Utama” harus di bawah batas atasnya."
    ]
    assert response.context["rows"].forms[0]["predikat"].value() == "Utama"
    assert table_spec(BandTable.objects.get()) == SPEC


def test_a_table_in_use_offers_no_form_and_is_not_deleted(site, table):
    chosen_by_a_year(table)
    page = reverse("clusters:band_table_edit", args=[SPEC.code])

    assert "tidak diubah lagi" in site.get(page).text
    assert "Simpan tabel" not in site.get(page).text
    response = site.post(reverse("clusters:band_table_delete", args=[SPEC.code]), follow=True)
    assert "sudah dipakai sebuah penilaian" in response.text
    assert BandTable.objects.count() == 1


def test_an_unused_table_is_deleted(site, table):
    site.post(reverse("clusters:band_table_delete", args=[SPEC.code]))

    assert BandTable.objects.count() == 0


def test_the_list_tells_what_is_odd_about_the_bands(site, table):
    TableBandFactory(table=table, predikat="Nindya", minimum=690, maximum=800)

    [(row, findings)] = site.get(reverse("clusters:band_table_list")).context["rows"]

    assert row == table
    assert findings == list(between_bands(table_spec(table).bands))
    assert [finding.code for finding in findings] == ["band_hole", "band_overlap"]


def test_without_tables_the_list_says_what_they_are_for(site):
    assert "Belum ada tabel predikat" in site.get(reverse("clusters:band_table_list")).text
