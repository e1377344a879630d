"""The figures of a chart are the same on the page, in CSV and in XLSX."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404
from django.test import RequestFactory
from openpyxl import load_workbook

from figures.downloads import chart_file
from figures.numbers import percent
from figures.values import Chart, ChartColumn, Unit

CHART = Chart(
    key="klaster",
    title="Capaian per klaster",
    sentence="Satu klaster.",
    columns=(
        ChartColumn("Klaster"),
        ChartColumn("Terbukti", Unit.POINTS),
        ChartColumn("Pertanyaan", Unit.COUNT),
        ChartColumn("Sejak", Unit.DATE),
    ),
    rows=(("Klaster 1", Decimal("642.525"), 12, date(2026, 3, 2)), ("=1+1", None, 0, None)),
)
OTHER = Chart("opd", "OPD", "Kosong.", (ChartColumn("OPD"),), ())


def asked(query):
    request = RequestFactory().get(f"/kota/{query}")
    return chart_file(request, [OTHER, CHART], "kota-contoh-2026")


def test_an_address_without_a_chart_asks_for_the_page():
    assert asked("?klaster=k1&format=csv") is None


def test_csv_has_every_digit_and_runs_nothing():
    response = asked("?data=klaster&format=csv&halaman=2")

    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Klaster", "Terbukti", "Pertanyaan", "Sejak"],
        ["Klaster 1", "642,525", "12", "2026-03-02"],
        ["'=1+1", "", "0", ""],
    ]
    assert response["Content-Disposition"] == (
        'attachment; filename="kota-contoh-2026-klaster.csv"'
    )


@pytest.mark.django_db  # a closed answer looks after old connections
def test_xlsx_has_numbers_as_numbers_and_dates_as_dates():
    response = asked("?data=klaster&format=xlsx")

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    response.close()
    rows = [[cell.value for cell in row] for row in book["klaster"].iter_rows()]
    assert rows[0] == ["Klaster", "Terbukti", "Pertanyaan", "Sejak"]
    assert rows[1][:3] == ["Klaster 1", 642.525, 12]
    assert rows[1][3].date() == date(2026, 3, 2)
    assert rows[2] == ["'=1+1", None, 0, None]


@pytest.mark.parametrize(
    "query",
    [
        "?data=tidak-ada&format=csv",
        "?data=klaster",
        "?data=klaster&format=exe",
        "?data=klaster&format=svg",  # a table only
    ],
)
def test_what_there_is_not_is_not_found(query):
    with pytest.raises(Http404):
        asked(query)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (1, 3, Decimal("33.3")),
        (2, 3, Decimal("66.7")),
        (Decimal("0.5"), Decimal(1000), Decimal("0.1")),
        (0, 5, Decimal("0.0")),
        (5, 0, None),
    ],
)
def test_a_share_is_told_in_hundredths_with_one_decimal(part, whole, share):
    assert percent(part, whole) == share
