"""A CSV of the site, read as an Excel with Indonesian settings reads it."""

import csv
import io
import re

CODE = re.compile(r'="(.*)"')  # a code of figures, kept from becoming a number


def csv_rows(answer):
    """The rows of an answer's file, codes without the sign that keeps them text."""
    content = answer.getvalue() if answer.streaming else answer.content
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return [[CODE.sub(r"\1", cell) for cell in row] for row in rows]


def decimal_point(cell):
    """A number with a decimal comma, as Python writes it."""
    return cell.replace(",", ".")
