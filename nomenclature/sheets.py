"""A table of codes: code, name, and the codes whose place it took. Knows no database."""

from __future__ import annotations

from nomenclature.codes import read_nomenclature_code, read_previous
from texts.languages import in_indonesian
from workbooks.reading import Cell
from workbooks.records import RecordColumn, Records, read_records, text_cell


def code_cell(cell: Cell, _known: object) -> str:
    return read_nomenclature_code(cell)


def _previous(cell: Cell, _known: object) -> str:
    return " ".join(read_previous(cell))


NOMENCLATURE_COLUMNS = (
    RecordColumn("code", "Kode", code_cell, is_needed=True),
    RecordColumn(
        "name", "Nama", text_cell, ("nomenklatur", "uraian"), is_needed=True, longest=1000
    ),
    RecordColumn("previous", "Menggantikan", _previous, ("kode lama",)),
)


@in_indonesian
def read_nomenclature(content: bytes, name: str) -> Records:
    """A line for each code. Raises UnreadableError as `read_table` does."""
    return read_records(content, name, NOMENCLATURE_COLUMNS, None, keys=("code",))
