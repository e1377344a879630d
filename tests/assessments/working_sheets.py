"""Working sheets as people send them back."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.queries.worksheet import identity_of, working_sheet
from assessments.worksheets.layout import COLUMNS, HEADER_ROW
from assessments.worksheets.reading import read_worksheet
from assessments.worksheets.writing import worksheet_file
from clusters.services import spec_of
from tests.assessments.situations import secretary_of
from tests.factories.assessments import NOW
from tests.workbooks.books import saved

PLACES = {column: place for place, column in enumerate(COLUMNS, start=1)}


def exported(year, *, by=None, at=NOW, paper="a4"):
    sheet = working_sheet(year, by=by or secretary_of(year), at=at)
    with worksheet_file(sheet, paper=paper) as file:
        return file.read()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def lines_of(workbook):
    """Where each question stands: its sheet and its line."""
    return {
        row[0].value: (sheet, row[0].row)
        for sheet in workbook.worksheets[1:]
        for row in sheet.iter_rows(min_row=HEADER_ROW + 1)
        if row[PLACES_OF_KIND].value == "pertanyaan"
    }


PLACES_OF_KIND = len(COLUMNS) - 1


def edited(content, changes):
    """The sheet with cells changed: {question: {column: value}}."""
    workbook = opened(content)
    lines = lines_of(workbook)
    for code, values in changes.items():
        sheet, line = lines[code]
        for column, value in values.items():
            sheet.cell(line, PLACES[column]).value = value
    return saved(workbook)


def read_back(year, content):
    return read_worksheet(
        content, "lembar.xlsx", identity=identity_of(year), spec=spec_of(year.instrument)
    )


def sent(content, name="lembar.xlsx"):
    return SimpleUploadedFile(name, content)
