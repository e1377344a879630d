"""All tables of a city's year as one workbook, with numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from assessments.reports.city import (
    CityReport,
    all_questions,
    award_table,
    document_columns,
    document_rows,
)
from figures.values import Chart
from workbooks.writing import Sheet, xlsx_book


def report_book(report: CityReport) -> IO[bytes]:
    """The workbook in a temporary file, rewound: first what it holds, then a sheet a table.

    Each figure has all its digits; a dash on the page is an empty cell here.
    """
    return xlsx_book(_sheets(report))


def report_tables(report: CityReport) -> list[Chart]:
    """Every table of the year but the list of its documents."""
    return [*report.charts.values(), all_questions(report), award_table(report)]


def _sheets(report: CityReport) -> Iterator[Sheet]:
    tables = report_tables(report)
    yield Sheet(
        _("isi"),
        [_("Lembar"), _("Judul"), _("Keterangan")],
        [(table.key, table.title, table.sentence) for table in tables],
    )
    for table in tables:
        yield Sheet(table.key, table.header, table.rows)
    columns = [column.name for column in document_columns()]
    yield Sheet(_("dokumen"), columns, document_rows(report.assessment))
