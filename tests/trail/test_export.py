"""The rows of a file: every fact of an entry, column by column."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assessments.models import Activity
from cities.models import CityActivity, CityTrailEvent
from cities.services.activity import NewEntry, record
from tests.factories.cities import CityFactory, UserFactory
from trail.export import export_header, export_rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 23, 30, 0, 5, tzinfo=UTC)
ALWAYS_FIRST = ["No.", "Waktu", "Nama", "E-mail", "Alamat", "Aktivitas"]
ALWAYS_LAST = ["Sebelum", "Sesudah", "Kode keaslian"]


@pytest.mark.parametrize(
    ("model", "subject"), [(CityActivity, ["Mengenai"]), (Activity, ["Pertanyaan", "Rincian"])]
)
def test_what_an_entry_is_about_stands_between_who_and_what_was_changed(model, subject):
    assert export_header(model) == [*ALWAYS_FIRST, *subject, *ALWAYS_LAST]


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Asia/Jakarta", "2026-03-03T06:30:00+07:00"),
        ("Asia/Jayapura", "2026-03-03T08:30:00+09:00"),
    ],
)
def test_a_row_has_a_value_for_each_column_in_the_zone_that_is_asked_for(zone, moment):
    city, by = CityFactory(), UserFactory(name="Ani", email="ani@example.id")
    entry = NewEntry(
        CityTrailEvent.OPD_CHANGED,
        "DINKES",
        {"name": "A", "names": ["x", "y"], "kind": "sama"},
        {"name": "B", "kind": "sama"},
    )
    record(entry, city=city, by=by, at=AT)

    [row] = export_rows(city.activities.all(), ZoneInfo(zone))

    assert row == [
        1,
        moment,
        "Ani",
        "ani@example.id",
        "",
        "mengubah data OPD",
        "DINKES",
        "Nama: A; Nama wilayah: x, y",
        "Nama: B; Nama wilayah: –",
        city.activities.get().hash,
    ]
    assert len(row) == len(export_header(CityActivity))
