"""Every CSV of the site comes from the one writer, and XLSX stands before it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = (
    "kla",
    "actionsheets",
    "monitoring",
    "actionplan",
    "nomenclature",
    "api",
    "imports",
    "plans",
    "regulations",
    "assessments",
    "clusters",
    "cities",
    "figures",
)
SENDING = re.compile(r"csv_lines\(|text/csv; charset|csv\.writer|csv\.DictWriter")


def sources():
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def test_whoever_sends_csv_asks_the_one_writer_for_it():
    sending = {file for file in sources() if SENDING.search(file.read_text())}

    assert {str(file.relative_to(ROOT)) for file in sending} == {
        "figures/downloads.py",
        "assessments/views/trail.py",
        "cities/views/trail.py",
        "clusters/views/mappings.py",
    }
    for file in sending:
        text = file.read_text()
        assert "csv_lines(" in text
        assert "csv.writer" not in text


@pytest.mark.parametrize(
    "name",
    [
        "components/chart_downloads.html",
        "assessments/trail_list.html",
        "clusters/mapping_report.html",
    ],
)
def test_a_page_that_offers_both_names_xlsx_first(name):
    page = (ROOT / "templates" / name).read_text()

    assert 0 < page.lower().index("xlsx") < page.lower().index("csv")
